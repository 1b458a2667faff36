# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao tell_failure SERVICE`: writes to whoever looks after the installation; for systemd and cron to call."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from mutirao.site.keeping import watching
from mutirao.site.launch.console import speak_the_terminals_language


class Command(BaseCommand):
    help = "Tells the operators, and MUTIRAO_OPERATOR_EMAIL, by e-mail that a service failed. See docs/operacao.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", help="mutirao-backup, mutirao-check…")

    def handle(self, *args: Any, service: str, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            told = watching.tell(service)
        except OSError as error:
            self.stop(_("A carta não pôde ser enviada: %(what)s. Confira MUTIRAO_SMTP_HOST.") % {"what": error})
        if not told:
            self.stop(_("Não há a quem avisar: diga um e-mail em MUTIRAO_OPERATOR_EMAIL."))
        self.stdout.write(_("Cartas enviadas: %(count)s.") % {"count": told})

    def stop(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(1)
