# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check that the lock files are what their .in files ask for: nothing missing, nothing left over, every file hashed.

Cheap: it resolves nothing anew but follows the requirements of the installed packages. To lock again (docs/install.md):
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
--only-binary :all: requirements/NAME.in -o requirements/NAME.lock
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parents[1] / "requirements"
SETS = ("run", "celery", "test", "browser")
ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")


def asked(path: Path) -> Iterator[Requirement]:
    """The requirements of a .in file and of those it includes."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("-r "):
            yield from asked(path.parent / text[3:].strip())
        elif text:
            yield Requirement(text)


def locked(path: Path) -> tuple[dict[str, str], list[str]]:
    """The versions a lock file names, and what is wrong with the file itself."""
    versions, wrong, hashes, name = {}, [], 0, ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), "end==0"]:
        if match := ENTRY.match(line):
            if name and not hashes:
                wrong.append(f"{path.name}: {name} has no hash")
            name, hashes = canonicalize_name(match[1]), 0
            versions[name] = match[2]
        elif "--hash=sha256:" in line:
            hashes += 1
        elif line.strip() and not line.lstrip().startswith("#"):
            wrong.append(f"{path.name}: unexpected line: {line.strip()}")
        if "://" in line or "index-url" in line:
            wrong.append(f"{path.name}: names a host: {line.strip()}")
    del versions["end"]
    return versions, wrong


def reach(requirements: list[Requirement]) -> set[str]:
    """Every package the requirements lead to, on any system: markers are followed whatever they say, but for extras."""
    seen: set[tuple[str, frozenset[str]]] = set()
    open_ends = [(canonicalize_name(one.name), frozenset(one.extras)) for one in requirements]
    while open_ends:
        here = open_ends.pop()
        if here in seen:
            continue
        seen.add(here)
        name, extras = here
        try:
            needs = requires(name) or []
        except PackageNotFoundError:
            continue  # for another system; its own requirements are not known here
        for text in needs:
            need = Requirement(text)
            if applies(need, extras):
                open_ends.append((canonicalize_name(need.name), frozenset(need.extras)))
    return {name for name, _ in seen}


def applies(need: Requirement, extras: frozenset[str]) -> bool:
    if need.marker is None or "extra" not in str(need.marker):
        return True
    wanted = set(re.findall(r"extra\s*==\s*['\"]([^'\"]+)['\"]", str(need.marker)))
    return bool({canonicalize_name(extra) for extra in wanted} & {canonicalize_name(extra) for extra in extras})


def check(name: str, below: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """What is wrong with one lock, given the versions of the smaller one it must agree with."""
    requirements = list(asked(FOLDER / f"{name}.in"))
    versions, wrong = locked(FOLDER / f"{name}.lock")
    file = f"{name}.lock"
    for one in requirements:
        got = versions.get(canonicalize_name(one.name))
        if got is None:
            wrong.append(f"{file}: {one.name} is asked for and not locked")
        elif not one.specifier.contains(got, prereleases=True):
            wrong.append(f"{file}: {one.name} {got} is not {one.specifier}")
    reached = reach(requirements)
    for one, got in versions.items():
        if below.get(one, got) != got:
            wrong.append(f"{file}: {one} {got} differs from {below[one]} in the smaller lock")
        if one not in reached:
            wrong.append(f"{file}: {one} is locked and nothing needs it")
    wrong += [f"{file}: {one} is missing, the smaller lock has it" for one in below if one not in versions]
    absent = sorted(one for one in reached if one not in versions and installed(one))
    wrong += [f"{file}: {one} is needed here and not locked" for one in absent]
    return versions, wrong


def installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def main() -> int:
    below: dict[str, str] = {}
    everything = []
    for name in SETS:
        below, wrong = check(name, below)
        everything += wrong
    for line in everything:
        print(line)
    return 1 if everything else 0


if __name__ == "__main__":
    sys.exit(main())
