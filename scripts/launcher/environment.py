# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Python environment of the clone: made when missing, mended when half-made, kept to its lock file."""

import errno
import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

from .running import BAD_HASH, DISK_FULL, alone, disk_full, explain, not_writable, run, unforeseen
from .words import Problem, say, step, tell

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "mutirao.json"
PIP_OPTIONS = (
    "--disable-pip-version-check",
    "--no-input",
    "--no-user",
    "--no-compile",
    "--no-warn-script-location",
    "--progress-bar=off",
)
SETS = ("run", "celery", "test", "browser")  # each holds all of the one before


def lock_file(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.lock"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def child_environment(**more: str) -> dict[str, str]:
    """The environment variables for a program of the project: its source on the path, nothing of another Python's."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")
    }
    env.update(PYTHONPATH=str(ROOT / "src"), PYTHONUTF8="1", PYTHONSAFEPATH="1", **more)
    return env


def ensure(wanted: str) -> None:
    """Make sure that .venv holds the packages of the set `wanted`, one of SETS.

    An installation that names a broker runs on the set that can talk to it.
    """
    if wanted == "run" and os.environ.get("MUTIRAO_BROKER"):
        wanted = "celery"
    if ":" in str(ROOT):
        raise Problem(
            f"O caminho da pasta tem dois-pontos ({ROOT}), e o Python não aceita isso. Mude o nome da pasta.",
            f"The folder's path has a colon ({ROOT}), which Python does not accept. Rename the folder.",
        )
    if is_ready(wanted):
        return
    with alone(ROOT / "requirements") as lock:
        if is_ready(wanted):  # the other one did it
            return
        try:
            build(wanted, lock)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                clear(VENV)
                raise disk_full(ROOT) from None
            if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
                raise not_writable(ROOT) from None
            raise


def is_ready(wanted: str) -> bool:
    """Whether the environment is whole, works, and holds what the lock of `wanted` says today."""
    stamp = read_stamp()
    if stamp.get("locks", {}).get(wanted) != digest(lock_file(wanted)):
        return False
    return is_sound(stamp, wanted)


def is_sound(stamp: dict, wanted: str) -> bool:
    if not stamp:
        return False
    # Packages work from a moved folder; their command-line programs, which only tests use, do not.
    if stamp.get("path") != str(VENV) and wanted != "run":
        return False
    return interpreter() == stamp.get("python")


def interpreter() -> str:
    """The version of the environment's Python ("3.11"), or "" when it does not start."""
    try:
        answer = subprocess.run(
            [PYTHON, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def read_stamp() -> dict:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def build(wanted: str, lock: int) -> None:
    stamp = read_stamp()
    sound = is_sound(stamp, wanted)
    STAMP.unlink(missing_ok=True)  # from here to the end the environment is half-made: the next start makes it anew
    if not sound:
        if VENV.exists() or VENV.is_symlink():
            say(
                "· O ambiente estava incompleto ou mudou de lugar; faço outro.",
                "· The environment was incomplete or has moved; making it anew.",
            )
            clear(VENV)
        make(lock)
        stamp = {}
    install(wanted, lock)
    same = SETS[: SETS.index(wanted) + 1]
    higher = SETS[SETS.index(wanted) + 1 :]
    before = stamp.get("locks", {})
    locks = {name: digest(lock_file(name)) for name in same}
    # What a higher set added is still there; it counts as long as its own lock has not changed.
    locks.update({name: before[name] for name in higher if name in before})
    fresh = STAMP.with_suffix(".new")
    with fresh.open("w") as file:
        json.dump({"path": str(VENV), "python": interpreter(), "locks": locks}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(STAMP)


def clear(folder: Path) -> None:
    """Remove the folder, or the link that stands in its place."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def make(lock: int) -> None:
    """Make an empty environment, with uv where there is one, else with Python's own venv."""
    with step("Criando o ambiente Python (.venv)", "Making the Python environment (.venv)"):
        if uv := shutil.which("uv"):
            code, output = run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, VENV], keep=[lock])
            if code == 0:
                return
            if DISK_FULL.search(output):
                clear(VENV)
                raise disk_full(ROOT)
            clear(VENV)
        if not pip_wheel():
            need_venv()
        # Without a pip of its own when Python's copy can be run as it is: seconds faster.
        how = ["--without-pip"] if pip_wheel() else []
        code, output = run([sys.executable, "-I", "-m", "venv", *how, VENV], keep=[lock])
        if code != 0:
            clear(VENV)
            raise explain(output, ROOT) or unforeseen(
                "Não consegui criar o ambiente Python:", "I could not make the Python environment:", output
            )


def pip_wheel() -> Path | None:
    """The pip that Python carries for new environments, or Debian's; None where there is none."""
    spec = importlib.util.find_spec("ensurepip")
    own = [Path(place) / "_bundled" for place in (spec.submodule_search_locations or [])] if spec else []
    folders = [*own, Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or "/usr/share/python-wheels")]
    return next((wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))), None)


def need_venv() -> None:
    """Debian keeps a part of venv in a package of its own: install it when we may, else name the command."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    missing = Problem(
        f"Falta um pacote do sistema. Digite:\n    sudo apt-get install {package}\ne repita o comando.",
        f"A package of the system is missing. Type:\n    sudo apt-get install {package}\nand repeat the command.",
    )
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not apt or (sudo and not (shutil.which("sudo") and run([*sudo, "true"])[0] == 0)):
        raise missing
    with step(f"Instalando {package} com apt-get", f"Installing {package} with apt-get"):
        quietly = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
        code, output = run([*quietly, "install", "-y", "--no-install-recommends", package])
        if code != 0:  # perhaps the list of packages is old, or was never fetched
            run([*quietly, "update"])
            code, output = run([*quietly, "install", "-y", "--no-install-recommends", package])
        if code != 0:
            raise disk_full(Path("/")) if DISK_FULL.search(output) else missing
    importlib.invalidate_caches()


def install(wanted: str, lock: int) -> None:
    """Install the wheels of one lock file, each checked against its hash; nothing is compiled on this machine."""
    count = sum(1 for line in lock_file(wanted).read_text().splitlines() if "==" in line and line[0].isalnum())
    packages = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", lock_file(wanted)]
    with step(f"Instalando os pacotes (até {count})", f"Installing the packages (up to {count})"):
        if uv := shutil.which("uv"):
            code, output = run([uv, "pip", "install", "--quiet", "--python", PYTHON, *packages], keep=[lock])
            if code == 0:
                return
            if DISK_FULL.search(output) or BAD_HASH.search(output):
                clear(VENV)
                raise explain(output, ROOT) or disk_full(ROOT)
            # uv does not read pip's settings (a mirror, a proxy, certificates): pip may still get through.
        wheel = pip_wheel()
        pip = [wheel / "pip"] if wheel else ["-m", "pip"]
        patience = [] if "PIP_RETRIES" in os.environ else ["--retries=2"]
        code, output = run(
            [PYTHON, "-I", *pip, "install", *PIP_OPTIONS, *patience, *packages],
            keep=[lock],
            each_line=counter(count),
        )
        if code != 0:
            clear(VENV)
            raise explain(output, ROOT) or unforeseen(
                "Não consegui instalar os pacotes:", "I could not install the packages:", output
            )


def counter(total: int) -> Callable[[str], None]:
    """Show how many packages pip has fetched so far: in place on a terminal, now and then elsewhere."""
    done = 0
    last = time.monotonic()

    def see(line: str) -> None:
        nonlocal done, last
        if not line.startswith("Collecting "):
            return
        done += 1
        if sys.stderr.isatty():
            tell(f"\r  {done}/{total}", end="\r" if done < total else "\n")
        elif time.monotonic() - last > 10:
            last = time.monotonic()
            tell(f"  {done}/{total}")

    return see
