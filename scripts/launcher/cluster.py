# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL of the tests' own: made in a temporary folder, reached by a socket, gone when the tests end."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from .running import last_lines
from .words import Problem

PR_SET_PDEATHSIG = 1


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs, the newest where there are several; None when there is none."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())

    found = sorted((path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")), key=version)
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def throw_away(programs: Path) -> Iterator[str]:
    """Start a cluster and yield the DATABASE_URL of its empty database; durable it is not, and need not be."""
    folder = Path(tempfile.mkdtemp(prefix="mutirao-pg-", dir="/tmp"))  # a socket's path must be short
    who: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        person = unprivileged()
        shutil.chown(folder, person.pw_uid, person.pw_gid)
        who = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    common = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, **who}
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "mutirao", "-A", "trust", "-E", "UTF8", "--no-sync"],
            capture_output=True,
            text=True,
            **common,  # type: ignore[arg-type]
        )
        if made.returncode != 0:
            raise Problem(*2 * [f"initdb:\n{last_lines(made.stdout + made.stderr, 8)}"])
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", ""]
                + [part for setting in SETTINGS for part in ("-c", setting)],
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
                **common,  # type: ignore[arg-type]
            )
        try:
            wait_until_ready(programs, folder, server)
            subprocess.run(
                [programs / "createdb", "-h", folder, "-U", "mutirao", "mutirao"],
                check=True,
                capture_output=True,
                **common,
            )  # type: ignore[call-overload]
            yield f"postgresql://mutirao@{quote(str(folder), safe='')}/mutirao"
        finally:
            server.send_signal(signal.SIGQUIT)  # "immediate": nothing in it is worth a clean end
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=128MB",
    "max_wal_size=2GB",
    "timezone=UTC",
)


def unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem(
        "Não há usuário para ligar o PostgreSQL dos testes.", "There is no user to start the tests' PostgreSQL as."
    )


def end_with_parent() -> None:
    """Ask the system to stop the server when the launcher dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        ready = subprocess.run(
            [programs / "pg_isready", "-q", "-h", folder, "-U", "mutirao", "-d", "postgres"], check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    log = (folder / "log").read_text(errors="replace")
    raise Problem(
        f"O PostgreSQL dos testes não ligou:\n{last_lines(log, 8)}",
        f"The tests' PostgreSQL did not start:\n{last_lines(log, 8)}",
    )
