# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao close_account EMAIL --reason "…": an account that must not open any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mutirao.kernel.errors import DomainError
from mutirao.network.models import Person
from mutirao.network.operations import close_account
from mutirao.network.operations.networks import installation


class Command(BaseCommand):
    help = "Close a person's account at once; what was done stays on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(_("Não há conta com este e-mail."))
        try:
            close_account(person, reason=options["reason"], actor=installation())
        except DomainError as error:
            raise CommandError(str(error)) from None
        words = _("Fechada a conta de %(name)s: os papéis terminaram e nenhum aparelho continua dentro.")
        self.stdout.write(words % {"name": person})
