# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao setup_link: the one-time address that prepares an empty installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.network import setup
from mutirao.site.launch.console import database_words, speak_the_terminals_language


class Command(BaseCommand):
    help = "Prints the one-time address that begins the first network of an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base", default=settings.ADDRESS, help="address of the server")

    def handle(self, *args: Any, base: str, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            needed = setup.is_needed()
        except DatabaseError as error:
            raise CommandError(database_words(error)) from None
        if not needed:
            raise CommandError(_("Esta instalação já tem uma rede: peça um convite à coordenação."))
        self.stdout.write(_("Abra este endereço para começar a primeira rede; ele vale uma vez:"))
        self.stdout.write(f"  {base.rstrip('/')}{setup.link_path()}")
