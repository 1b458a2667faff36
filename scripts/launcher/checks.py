# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao test: every check and every test this machine can run, and plainly what it could not."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from . import cluster
from .environment import PYTHON, ROOT, VENV, child_environment, ensure
from .preparing import translate
from .running import run
from .words import Problem, progress_on, words

PARALLEL = ("-n", str(min(4, max(2, os.cpu_count() or 2))))
JOURNEYS = "tests/journeys"
DESIGN = "tests/site/design"
NOT_OURS = ("reference data not at", "this machine lets nobody mount")
"""Why tests skip for what no installation of packages gives, public reference data kept beside the repository or the
right to mount a disk: said, and never a failure."""


@dataclass
class Counts:
    """What the runs of pytest add up to; a test counts as left out only if no run ran it."""

    passed: int = 0
    failed: int = 0
    ran: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)

    def read(self, report: Path) -> None:
        """Add one JUnit report; a run that wrote none counts as one failure."""
        try:
            cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - written by our own pytest a moment ago
        except (OSError, ElementTree.ParseError):
            self.failed += 1
            return
        for case in cases:
            name = f"{case.get('classname')}::{case.get('name')}"
            skip = case.find("skipped")
            if skip is not None and skip.get("type") != "pytest.xfail":
                self.skipped[name] = skip.get("message") or ""
                continue
            self.ran.add(name)
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            else:
                self.passed += 1

    @property
    def never_ran(self) -> dict[str, str]:
        return {name: why for name, why in self.skipped.items() if name not in self.ran}


@dataclass
class Session:
    """One run of the checks: its temporary folder, its counts, its verdicts."""

    folder: Path
    counts: Counts = field(default_factory=Counts)
    verdicts: list[tuple[str, bool, float]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def step(self, name: str, check: Callable[[], bool]) -> None:
        """Run one check, whatever became of those before it, and print how long it took."""
        print(f"\n── {name}", flush=True)
        start = time.monotonic()
        try:
            good = check()
        except Problem as problem:
            print(problem, flush=True)
            good = False
        seconds = time.monotonic() - start
        self.verdicts.append((name, good, seconds))
        print(f"   {verdict(good)} · {seconds:.1f} s", flush=True)

    def leave_out(self, name: str, why: str) -> None:
        self.left_out.append((name, why))

    def tool(self, *command: str | Path) -> bool:
        """Run a tool of the environment; it is heard only when it has something to complain about."""
        code, output = run(command, env=self.environment())
        if code != 0:
            print(output.rstrip(), flush=True)
        return code == 0

    def python(self, *arguments: str | Path) -> bool:
        return self.tool(PYTHON, *arguments)

    def pytest(self, *arguments: str, **more: str) -> bool:
        """Run pytest, heard as it goes, and add what it counted."""
        report = self.folder / f"report-{len(self.verdicts)}.xml"
        command = [PYTHON, "-m", "pytest", f"--junit-xml={report}", "-o", "junit_family=xunit1", *arguments]
        done = subprocess.run([str(part) for part in command], env=self.environment(**more), stdin=subprocess.DEVNULL)
        self.counts.read(report)
        return done.returncode == 0

    def environment(self, **more: str) -> dict[str, str]:
        """For every check: data of its own, no database of anybody's."""
        environment = child_environment(MUTIRAO_DATA=str(self.folder / "data"))
        for name in list(environment):
            if name == "DATABASE_URL" or (
                name.startswith("MUTIRAO_") and name not in ("MUTIRAO_DATA", "MUTIRAO_CHROMIUM")
            ):
                del environment[name]
        environment.update(more)
        return environment


def main(arguments: list[str]) -> int:
    everything, quick = "--all" in arguments, "--quick" in arguments
    rest = [argument for argument in arguments if argument not in ("--all", "--quick")]
    if {"-h", "--help"} & set(rest):
        print(words(*HELP))
        return 0
    chromium = find_chromium()
    browser = everything or (bool(chromium) and not quick and (not rest or any(JOURNEYS in part for part in rest)))
    progress_on(sys.stdout)
    ensure("browser" if browser else "test")
    translate()
    os.chdir(ROOT)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutirao-test-") as folder:
        session = Session(Path(folder))
        if rest:
            only_pytest(session, rest, everything)
        else:
            static_checks(session, quick)
            tests(session, quick, chromium)
        return conclude(session, everything, time.monotonic() - start)


HELP = (
    "./mutirao test            tudo o que esta máquina pode conferir; no fim, o que ficou de fora e por quê\n"
    "./mutirao test --all      tudo mesmo: o que ficar de fora é falha\n"
    "./mutirao test --quick    estilo e testes em SQLite, para cada gravação\n"
    "./mutirao test CAMINHO …  só o pytest, com esses argumentos (com --all, também no PostgreSQL)",
    "./mutirao test            everything this machine can check; at the end what was left out, and why\n"
    "./mutirao test --all      everything: what is left out is a failure\n"
    "./mutirao test --quick    style and tests on SQLite, for each save\n"
    "./mutirao test PATH …     pytest alone, with these arguments (with --all also on PostgreSQL)",
)


def static_checks(session: Session, quick: bool) -> None:
    session.step("ruff check", lambda: session.python("-m", "ruff", "check", "--quiet", "."))
    session.step("ruff format", lambda: session.python("-m", "ruff", "format", "--check", "--quiet", "."))
    if quick:
        session.leave_out(
            words(
                "tipos, contratos, modelos, migrações, traduções",
                "types, contracts, templates, migrations, translations",
            ),
            "--quick",
        )
        return
    session.step("mypy", lambda: session.python("-m", "mypy"))
    session.step("import-linter", lambda: session.tool(VENV / "bin" / "lint-imports"))
    session.step("deptry", lambda: session.python("-m", "deptry", "."))
    session.step("djlint", lambda: session.python("-m", "djlint", "src", "--lint", "--quiet"))
    session.step(
        words("migrações que faltam", "missing migrations"),
        lambda: session.python("-P", "-m", "mutirao", "makemigrations", "--check", "--dry-run", "--verbosity", "1"),
    )
    session.step(
        words("traduções completas", "translations complete"), lambda: session.python("scripts/check_translations.py")
    )
    session.step(words("pacotes travados", "locked packages"), lambda: session.python("scripts/check_locks.py"))


def tests(session: Session, quick: bool, chromium: str | None) -> None:
    session.step(
        words("testes em SQLite", "tests on SQLite"),
        lambda: session.pytest("-q", *PARALLEL, "-m", "not journey and not postgres", "--ignore", JOURNEYS),
    )
    postgres = words("testes em PostgreSQL", "tests on PostgreSQL")
    journeys = words("jornadas no navegador", "journeys in the browser")
    if quick:
        session.leave_out(postgres, "--quick")
        session.leave_out(journeys, "--quick")
        return
    given, programs = os.environ.get("DATABASE_URL_TEST_POSTGRES"), cluster.binaries()
    if given or programs:
        session.step(postgres, lambda: on_postgres(session, given, programs))
    else:
        session.leave_out(
            postgres,
            words(
                "não há PostgreSQL nesta máquina (apt-get install postgresql)",
                "no PostgreSQL on this machine (apt-get install postgresql)",
            ),
        )
    if chromium:
        # Each in a process of its own: the browser's driver serves one set of fixtures at a time.
        for name, place in ((journeys, JOURNEYS), (words("desenho no navegador", "design in the browser"), DESIGN)):
            more = {
                "MUTIRAO_CHROMIUM": chromium,
                "MUTIRAO_TEST_DB": str(session.folder / f"{Path(place).name}.sqlite3"),
            }
            session.step(name, partial(session.pytest, "-q", "-m", "journey", place, **more))
    else:
        session.leave_out(
            journeys,
            words(
                "não há Chromium nesta máquina (apt-get install chromium)",
                "no Chromium on this machine (apt-get install chromium)",
            ),
        )


def on_postgres(session: Session, given: str | None, programs: Path | None, arguments: Iterable[str] = ()) -> bool:
    chosen = list(arguments) or [
        "-q",
        *PARALLEL,
        "-m",
        "not journey",
        "--ignore",
        JOURNEYS,
        "--ignore",
        "tests/launcher",
        "--only-database",
    ]
    with ExitStack() as stack:
        if given:
            url = given
        elif programs:
            url = stack.enter_context(cluster.throw_away(programs))
        else:
            raise Problem("Não há PostgreSQL nesta máquina.", "There is no PostgreSQL on this machine.")
        return session.pytest(*chosen, DATABASE_URL=url)


def only_pytest(session: Session, arguments: list[str], everything: bool) -> None:
    more = {"MUTIRAO_CHROMIUM": find_chromium() or "", "MUTIRAO_TEST_DB": str(session.folder / "test.sqlite3")}
    if not any(JOURNEYS in part for part in arguments):
        more.clear()
    url = os.environ.get("DATABASE_URL_TEST_POSTGRES")
    session.step("pytest (SQLite)", lambda: session.pytest(*arguments, **more))
    if everything:
        session.step("pytest (PostgreSQL)", lambda: on_postgres(session, url, cluster.binaries(), arguments))


def conclude(session: Session, everything: bool, seconds: float) -> int:
    """The summary; the last line is a plain count that machines read."""
    counts = session.counts
    missing = [*session.left_out, *counts.never_ran.items()]
    print("\n" + words("Resumo", "Summary"))
    for name, good, took in session.verdicts:
        print(f"  {verdict(good):<6} {took:7.1f} s  {name}")
    if missing:
        print("\n" + words("Ficou de fora:", "Left out:"))
        for name, why in missing:
            print(f"  - {name}: {why}")
    ours = [name for name, why in missing if not any(reason in why for reason in NOT_OURS)]
    bad = any(not good for _, good, _ in session.verdicts) or (everything and bool(ours))
    if everything and ours:
        print("\n" + words("Com --all nada pode ficar de fora.", "With --all nothing may be left out."))
    print(f"\n{verdict(not bad)} · {seconds:.0f} s")
    skipped = f", {len(counts.never_ran)} skipped" if counts.never_ran else ""
    print(f"{counts.passed} passed, {counts.failed} failed{skipped}", flush=True)
    return 1 if bad or counts.failed else 0


def verdict(good: bool) -> str:
    return words("certo", "good") if good else words("FALHA", "FAILED")


def find_chromium() -> str | None:
    names = [os.environ.get("MUTIRAO_CHROMIUM") or "", "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)
