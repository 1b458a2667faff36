# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao work`: runs background work, beside the processes that serve; as many as wanted, on any machine."""

import signal
import sys
import threading
from argparse import ArgumentParser
from contextlib import suppress
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.kernel.jobs import Worker
from mutirao.site.keeping.place import Place
from mutirao.site.keeping.restore import serving
from mutirao.site.launch.console import newer_database_words, speak_the_terminals_language

LOOK_SECONDS = 2.0


class Command(BaseCommand):
    help = "Runs background work: what Celery hands out where MUTIRAO_BROKER is set, else what the job table holds."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="how many at once, with a broker (2)")

    def handle(self, *args: Any, processes: int, **options: Any) -> None:
        speak_the_terminals_language()
        held = serving(Place.here())
        if held is None:
            self.stderr.write(_("Uma cópia de segurança está sendo restaurada aqui. Espere que termine e repita."))
            sys.exit(1)
        with suppress(DatabaseError):  # a worker waits for a database that does not answer yet
            if words := newer_database_words():
                self.stderr.write(words)
                sys.exit(1)
        if settings.BROKER:
            from mutirao.kernel import broker_work  # noqa: PLC0415 - Celery is there only where a broker is

            self.say(_("Trabalhando pelo RabbitMQ, com %(count)s processos.") % {"count": processes})
            sys.exit(broker_work.work(max(1, processes)))
        self.say(_("Trabalhando."))
        self.look_until_stopped()

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def look_until_stopped(self) -> None:
        """Drain the table in a thread; a signal lets the job at hand end."""
        asked = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            asked.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        worker = Worker(idle_seconds=LOOK_SECONDS)
        worker.start()
        while not asked.wait(1.0) and worker.is_alive():
            pass
        worker.stop(timeout=3600)
        if not asked.is_set():
            sys.exit(1)
