# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say how to sign in as each role of the example network."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mutirao.network.models import Network
from mutirao.network.roles import ROLES
from mutirao.site.example import data


class Command(BaseCommand):
    help = "Prints how to sign in as each role of the example network."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Network.objects.filter(slug=data.NETWORK_SLUG, is_example=True).exists():
            return
        self.stdout.write(f"Rede de exemplo: {data.NETWORK_NAME}. Senha de todos: {data.PASSWORD}")
        for beginning, name, role, enterprise in data.PEOPLE:
            email = f"{beginning}@raizes.example"
            where = f" ({enterprise})" if enterprise else ""
            self.stdout.write(f"  {email:<32} {name}: {ROLES[role].label}{where}")
