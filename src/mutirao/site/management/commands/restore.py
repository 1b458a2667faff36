# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao restore FILE`: brings a backup back, into an empty installation, and checks what came."""

import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.site.keeping.place import KeepingError, Place
from mutirao.site.keeping.restore import NeedsPassphrase, restore
from mutirao.site.launch.console import database_words, speak_the_terminals_language
from mutirao.site.management.commands.backup import passphrase


class Command(BaseCommand):
    help = "Brings a backup back into an empty installation and checks what came. See docs/operacao.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="back up what is here and put the backup in its place"
        )
        parser.add_argument("--passphrase-file", type=Path, help="the passphrase of an encrypted backup")

    def handle(self, *args: Any, file: Path, replace: bool, passphrase_file: Path | None, **options: Any) -> None:
        speak_the_terminals_language()
        given = passphrase(passphrase_file, ask_twice=False)
        try:
            try:
                manifest, before = restore(Place.here(), file.absolute(), passphrase=given, replace=replace)
            except NeedsPassphrase:
                if not sys.stdin.isatty():
                    raise
                given = getpass.getpass(_("Senha da cópia: "))
                manifest, before = restore(Place.here(), file.absolute(), passphrase=given, replace=replace)
            if before is not None:
                self.stdout.write(_("O que estava aqui ficou guardado em %(file)s") % {"file": before.file})
            self.stdout.write(_("Restaurada a cópia de %(moment)s.") % {"moment": manifest["made_at"]})
            self.stdout.write(_("A trilha de auditoria termina onde a cópia diz; conferindo o resto…"))
            call_command("migrate", interactive=False, verbosity=0)
        except (KeepingError, DatabaseError) as error:
            self.stderr.write(database_words(error) if isinstance(error, DatabaseError) else str(error))
            sys.exit(1)
        call_command("mutirao_check", stdout=self.stdout, stderr=self.stderr)
