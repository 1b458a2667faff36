# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must be ready before the app serves: translations, collected static files, the database, the example network.

Each step leaves a stamp of what it was made from, so that a start that finds nothing changed does nothing.
"""

import errno
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from .environment import PYTHON, ROOT, VENV, child_environment, lock_file
from .running import alone, disk_full, explain, last_lines, not_writable, run, unforeseen
from .words import Problem, progress, step

SOURCE = ROOT / "src" / "mutirao"
DATABASES = ("sqlite", "postgres", "postgresql", "pgsql")


def data_folder() -> Path:
    """Where the installation keeps its data; made when missing."""
    folder = Path(os.environ.get("MUTIRAO_DATA") or ROOT / "var").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise (
            disk_full(folder) if error.errno in (errno.ENOSPC, errno.EDQUOT) else not_writable(folder, data=True)
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise not_writable(folder, data=True)
    return folder


def fingerprint(paths: Iterable[Path]) -> str:
    """One digest of the names and contents of the files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def translate() -> None:
    """Compile the translations whose .po files changed; the stamp lives with the clone, as the .mo do."""
    catalogues = sorted(SOURCE.glob("**/locale/*/LC_MESSAGES/*.po"))
    stamp = VENV / "mutirao-translations"
    made_from = fingerprint(catalogues)
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues)
    if compiled and stamp.exists() and stamp.read_text() == made_from:
        return
    with step("Preparando as traduções", "Preparing the translations"):
        code, output = run([PYTHON, "-I", ROOT / "scripts" / "compile_translations.py", *catalogues])
        if code != 0:
            raise explain(output, ROOT) or unforeseen(
                "Não consegui preparar as traduções:", "I could not prepare the translations:", output
            )
        stamp.write_text(made_from)


def prepare(data: Path, *, example: str) -> None:
    """Bring static files and database up to date.

    `example` says what becomes of the example network where the database was just born: "load" it, let the next
    `load` do it ("later"), or "never". An interrupted load is taken up by the next one.
    """
    check_database_url()
    if not todo(data, example):
        return
    with alone(data) as lock:
        if not (tasks := todo(data, example)):
            return
        static, schema = static_digest(), schema_digest()
        environment = child_environment(
            MUTIRAO_DATA=str(data), MUTIRAO_COLLECTED_STATIC="1", MUTIRAO_EMBEDDED_WORKER="0"
        )
        environment.setdefault("PGCONNECT_TIMEOUT", "10")
        manage(["prepare", *tasks], environment, data, lock)
        rows = applied_migrations(data)
        write_stamps(data, {"static": static, "schema": schema, "rows": rows})


def todo(data: Path, example: str) -> list[str]:
    """The arguments for the command `prepare`; empty when there is nothing to do."""
    stamps = read_stamps(data)
    tasks = []
    if stamps.get("static") != static_digest() or not (data / "static" / "staticfiles.json").exists():
        tasks.append("--static")
    rows = applied_migrations(data)
    current = bool(rows) and stamps.get("rows") == rows and stamps.get("schema") == schema_digest()
    interrupted = (data / "example-pending").exists() and example != "later"
    if not current or interrupted:
        tasks += ["--database", f"--example={example}"]
    return tasks


def need_collected(data: Path) -> None:
    """Refuse to serve with the files of other screens than the program's."""
    if "--static" in todo(data, "never"):
        raise Problem(
            "Os arquivos das telas não estão em dia com o programa. Rode ./mutirao prepare e repita o comando.",
            "The files of the screens are not those of the program. Run ./mutirao prepare and repeat the command.",
        )


def static_digest() -> str:
    files = SOURCE.glob("*/static/**/*")
    return fingerprint([*files, SOURCE / "site" / "settings.py", lock_file("run")])


def schema_digest() -> str:
    return fingerprint([*SOURCE.glob("*/migrations/*.py"), SOURCE / "site" / "settings.py", lock_file("run")])


def applied_migrations(data: Path) -> str:
    """A digest of the migrations that the SQLite database says it has; "" when none, or another kind of database."""
    url = os.environ.get("DATABASE_URL", "")
    if url and not url.startswith("sqlite"):
        return ""
    path = Path(unquote(urlsplit(url).path[1:])) if url else data / "mutirao.sqlite3"
    if not path.exists():
        return ""
    try:
        with sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=5) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        connection.close()
    except sqlite3.Error:
        return ""
    return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""


def check_database_url() -> None:
    """Refuse what is no address of a database, before anything long is begun."""
    url = os.environ.get("DATABASE_URL", "")
    try:
        parts = urlsplit(url)
        understood = parts.scheme in DATABASES and (parts.port is None or parts.port > 0)
    except ValueError:
        understood = False
    if url and not understood:
        raise Problem(
            "Não entendi DATABASE_URL. Ela deve ser assim: postgresql://pessoa:senha@servidor:5432/mutirao\n"
            "Sinais como @ : / # % na senha se escrevem %40 %3A %2F %23 %25.",
            "I do not understand DATABASE_URL. It should look like this: postgresql://person:password@server:5432/mutirao\n"
            "Signs like @ : / # % in the password are written %40 %3A %2F %23 %25.",
        )


def manage(arguments: list[str], environment: dict[str, str], data: Path, lock: int) -> None:
    """Run a management command that reports its own progress; of a traceback only the last line is shown."""
    with subprocess.Popen(
        [PYTHON, "-P", "-m", "mutirao", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=progress(),
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=(lock,),
    ) as process:
        assert process.stderr is not None
        try:
            errors = process.stderr.read()
        except BaseException:
            process.terminate()
            raise
    if process.returncode == 0 or "Traceback (most recent call last)" not in errors:
        sys.stderr.write(errors)
        if process.returncode != 0:
            raise SystemExit(1)
        return
    if problem := explain(errors, data):
        raise problem
    log = data / "prepare.log"
    with suppress(OSError):
        log.write_text(errors, encoding="utf-8")
    raise Problem(
        f"A preparação parou por um erro que não previmos:\n{last_lines(errors, 1)}\nOs detalhes estão em {log}",
        f"The preparation stopped at an error we did not foresee:\n{last_lines(errors, 1)}\nThe details are in {log}",
    )


def read_stamps(data: Path) -> dict:
    try:
        stamps = json.loads((data / "launch.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def write_stamps(data: Path, stamps: dict) -> None:
    fresh = data / "launch.json.new"
    fresh.write_text(json.dumps(stamps))
    fresh.replace(data / "launch.json")
