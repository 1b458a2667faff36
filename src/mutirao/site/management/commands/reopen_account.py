# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao reopen_account EMAIL --reason "…": a closed account, by who looks after the installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mutirao.kernel.errors import DomainError
from mutirao.network.models import Person
from mutirao.network.operations import reopen_account
from mutirao.network.operations.networks import installation


class Command(BaseCommand):
    help = "Open a closed account again; its person signs in as before and holds no role until invited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(_("Não há conta com este e-mail."))
        try:
            reopen_account(person, reason=options["reason"], actor=installation())
        except DomainError as error:
            raise CommandError(str(error)) from None
        words = _("Reaberta a conta de %(name)s. Os papéis são dados de novo, por convite.")
        self.stdout.write(words % {"name": person})
