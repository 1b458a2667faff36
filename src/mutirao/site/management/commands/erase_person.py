# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao erase_person E-MAIL`: forgets a person and keeps the books; for requests that come on paper."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from mutirao.kernel.actors import system
from mutirao.kernel.errors import DomainError
from mutirao.network.models import Person
from mutirao.site.keeping import erasure
from mutirao.site.keeping.declared import words_of
from mutirao.site.launch.console import speak_the_terminals_language


class Command(BaseCommand):
    help = "Erases who a person is, everywhere, at once; the books, votes and the trail keep their number."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, email: str, yes: bool, **options: Any) -> None:
        speak_the_terminals_language()
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            self.stop(_("Não encontrei: %(what)s.") % {"what": email})
            return
        question = _("Apagar para sempre quem é %(name)s? Escreva “apagar”: ") % {"name": person.name}
        if not yes and input(question).strip().lower() != _("apagar"):
            self.stop(_("Nada foi mudado."))
        try:
            erasure.erase_person(person, actor=system(None, why="Mutirão", via="command"), asked_by="operator")
        except DomainError as error:
            self.stop(str(error))
        self.stdout.write(_("Feito. No lugar do nome fica: %(name)s.") % {"name": words_of(person)})
        self.stdout.write(_("As cópias de segurança antigas ainda têm os dados até serem trocadas pelas novas."))

    def stop(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(1)
