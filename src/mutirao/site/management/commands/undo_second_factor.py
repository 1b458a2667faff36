# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao undo_second_factor EMAIL --reason "…": the way of last resort, for who looks after the installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mutirao.kernel.errors import DomainError
from mutirao.network.models import Person
from mutirao.network.operations import undo_second_factor
from mutirao.network.operations.networks import installation


class Command(BaseCommand):
    help = "Undo a person's second factor when no two people of a coordination can; it goes on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(_("Não há conta com este e-mail."))
        try:
            undo_second_factor(person, reason=options["reason"], actor=installation())
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("Desfeita a confirmação em duas etapas de %(name)s.") % {"name": person})
