# SPDX-License-Identifier: AGPL-3.0-or-later
"""Static files, migrations and the example network in one start of Django; called by ./mutirao up when needed."""

import errno
import io
import logging
import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from mutirao.site.launch.console import database_words, newer_database_words, speak_the_terminals_language

logger = logging.getLogger(__name__)


def is_the_database(error: DatabaseError) -> bool:
    """Whether it is not what was asked of the database, but that it does not answer, is full, busy or refuses us."""
    said = str(error)
    refused = getattr(error.__cause__, "sqlstate", None) == "42501"
    if refused or any(
        words in said for words in ("disk is full", "No space left", "is locked", "readonly", "unable to")
    ):
        return True
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return True
    return False


class Indented(io.TextIOBase):
    """Passes lines on, set in a little."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out

    def write(self, text: str) -> int:
        self._out.write("  " + text, ending="")
        self._out.flush()
        return len(text)


class Command(BaseCommand):
    help = "Brings static files and the database up to date and loads the example network into a new database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static", action="store_true", help="collect the static files")
        parser.add_argument("--database", action="store_true", help="apply the migrations")
        parser.add_argument(
            "--example",
            choices=["load", "later", "never"],
            default="never",
            help="into a new database: load the example network now, at the next `load`, or never",
        )

    def handle(self, *args: Any, static: bool, database: bool, example: str, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            if static:
                self.collect_static()
            if database:
                self.prepare_database(example)
        except DatabaseError as error:
            self.stop(database_words(error))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            words = _("O disco está cheio: %(place)s. Libere espaço e repita o comando; ele continua de onde parou.")
            self.stop(words % {"place": settings.DATA})

    def stop(self, words: str) -> NoReturn:
        self.stderr.write("\n" + words)
        sys.exit(1)

    def collect_static(self) -> None:
        with self.step(_("Juntando os arquivos das telas")):
            unfinished = settings.DATA / "static-unfinished"
            if unfinished.exists():  # killed while copying: a file may be cut short and look up to date
                shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
            unfinished.touch()
            call_command("collectstatic", interactive=False, verbosity=0)
            unfinished.unlink()

    def prepare_database(self, example: str) -> None:
        pending: Path = settings.DATA / "example-pending"
        if words := newer_database_words():
            self.stop(words)
        with self.step(_("Preparando o banco de dados")):
            if example == "never":
                pending.unlink(missing_ok=True)
            elif not MigrationRecorder(connection).applied_migrations():
                # A database just born gets the example; said before the first migration, so that a start that
                # was stopped anywhere goes on, and a network of one's own never meets the example.
                pending.touch()
            self.migrate()
        if example == "load" and pending.exists():
            with self.step(_("Carregando a rede de exemplo")):
                # Its chapters are the progress.
                call_command("load_example", verbosity=2, stdout=Indented(self.stdout))
            pending.unlink()

    def migrate(self) -> None:
        """Each migration is done whole or not at all; one that breaks is named, and what to do then."""
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OSError:
            raise
        except Exception as error:
            if isinstance(error, DatabaseError) and is_the_database(error):
                raise
            logger.exception("a migration broke")
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            words = _(
                "A atualização do banco de dados parou em %(step)s: %(what)s.\n"
                "Esse passo foi desfeito por inteiro, e os de antes dele valem. O programa novo só serve depois. "
                "Guarde esta mensagem para quem cuida do programa e volte à versão anterior "
                "(docs/servidor.md, “Atualizar, e voltar atrás”)."
            )
            what = (str(error).strip().splitlines() or [""])[0]
            self.stop(words % {"step": plan[0][0] if plan else "?", "what": f"{type(error).__name__}: {what}"})

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.stdout.write(f"· {name}…")
        self.stdout.flush()
        start = time.monotonic()
        yield
        seconds = time.monotonic() - start
        if seconds >= 1:
            self.stdout.write(_("  pronto em %(seconds)s s") % {"seconds": round(seconds)})
