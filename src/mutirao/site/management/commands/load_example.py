# SPDX-License-Identifier: AGPL-3.0-or-later
"""Load the example network "Rede Raízes": all of it or nothing; asked again, nothing happens."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from mutirao.kernel import clock, jobs
from mutirao.network.models import Network
from mutirao.site.example import data
from mutirao.site.example.story import Story


class Command(BaseCommand):
    help = "Loads the invented example network (a no-op when it is already there)."

    def handle(self, *args: Any, **options: Any) -> None:
        if Network.objects.filter(slug=data.NETWORK_SLUG).exists():
            self.stdout.write("A rede de exemplo já está aqui.")
            return
        start = time.monotonic()
        verbose = options["verbosity"] > 1
        with transaction.atomic():
            Story(clock.today(), say=self.stdout.write if verbose else _quietly).tell()
        jobs.drain(limit=10_000)
        self.stdout.write(f"{data.NETWORK_NAME} ({time.monotonic() - start:.0f} s)")


def _quietly(_words: str) -> None:
    """Chapters are told only when asked for."""
