# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao backup`: database, files and keys in one file, while Mutirão runs."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.site.keeping import watching
from mutirao.site.keeping.backup import back_up
from mutirao.site.keeping.place import KeepingError, Place
from mutirao.site.launch.console import database_words, speak_the_terminals_language


class Command(BaseCommand):
    help = "Backs up database, files and keys into one file, while Mutirão runs. See docs/operacao.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="folder or file; without it, the folder backups of the data")
        parser.add_argument("--keep", type=int, help="keep so many backups in that folder and delete the older ones")
        parser.add_argument("--encrypt", action="store_true", help="under a passphrase, asked for")
        parser.add_argument("--passphrase-file", type=Path, help="under the passphrase in this file")

    def handle(
        self, *args: Any, to: Path | None, keep: int | None, encrypt: bool, passphrase_file: Path | None, **options: Any
    ) -> None:
        speak_the_terminals_language()
        given = passphrase(passphrase_file, ask_twice=encrypt)
        try:
            made = back_up(Place.here(), to, passphrase=given, keep=max(1, keep) if keep is not None else None)
        except (KeepingError, DatabaseError, OSError) as error:
            said = words_of(error)
            watching.note_failed(to, said)
            self.stderr.write(said)
            sys.exit(1)
        watching.note_good(made)
        size = f"{made.file.stat().st_size / 1024 / 1024:.1f}"
        self.stdout.write(_("Cópia de segurança pronta: %(file)s (%(size)s MB)") % {"file": made.file, "size": size})
        for old in made.dropped:
            self.stdout.write(_("Apagada, por ser antiga: %(file)s") % {"file": old.name})
        if not given:
            self.stdout.write(_("Ela tem dados pessoais e as chaves da instalação: guarde-a onde só você alcança."))


def words_of(error: KeepingError | DatabaseError | OSError) -> str:
    """Why it could not be done."""
    if isinstance(error, DatabaseError):
        return database_words(error)
    if isinstance(error, OSError):
        return _("%(file)s não pôde ser lido ou gravado: %(what)s.") % {
            "file": error.filename or "?", "what": error.strerror or type(error).__name__,
        }  # fmt: skip
    return str(error)


def passphrase(file: Path | None, *, ask_twice: bool) -> str:
    """The passphrase from a file, the environment or the terminal; empty for none. Raises: SystemExit when empty."""
    if file is not None:
        try:
            given = file.read_text("utf-8").rstrip("\r\n")
        except OSError as error:
            raise SystemExit(f"{file}: {error.strerror}") from None
    else:
        given = os.environ.get("MUTIRAO_BACKUP_PASSPHRASE", "")
    if ask_twice and not given:
        given = getpass.getpass(_("Senha da cópia: "))
        if given != getpass.getpass(_("De novo: ")):
            raise SystemExit(_("As duas senhas são diferentes."))
    if not given and (file is not None or ask_twice):
        raise SystemExit(_("A senha está vazia."))
    return given
