# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server, on a socket that ./mutirao up has already bound; the last thing that command becomes."""

import errno
import os
import socket
import sys
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.network import setup
from mutirao.site.asgi import application
from mutirao.site.keeping.place import Place
from mutirao.site.keeping.restore import InUse, finish, only_one, serving
from mutirao.site.launch.console import database_words, newer_database_words, speak_the_terminals_language
from mutirao.site.observing import figures

GRACE_SECONDS = 5


class Command(BaseCommand):
    help = "Serves the app on a socket made by ./mutirao up; not called by hand."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("descriptor", type=int, help="file descriptor of the bound socket")
        parser.add_argument("host")
        parser.add_argument("port", type=int)

    def handle(self, *args: Any, descriptor: int, host: str, port: int, **options: Any) -> None:
        speak_the_terminals_language()
        listener = socket.socket(fileno=descriptor)
        self.listen(listener, port)
        held = self.alone_with_servers()
        if "MUTIRAO_ADDRESS" not in os.environ:
            # Links in letters and messages lead to where this server is: for phones too, where phones reach it.
            settings.ADDRESS = addresses(host, port)[-1][1].rstrip("/")
        self.greet(addresses(host, port))
        figures.forget_others()
        server = uvicorn.Server(
            uvicorn.Config(
                application,
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                # Open requests may finish; streams that never end do not hold the stopping up.
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        held.close()
        if not server.started:
            sys.exit(1)

    def alone_with_servers(self) -> Any:
        """End a restore that was stopped half-way; then hold the lock that keeps another from beginning."""
        place = Place.here()
        with suppress(InUse), only_one(place):
            if finish(place):
                self.stdout.write(_("A restauração que tinha parado no meio foi terminada."))
        held = serving(place)
        if held is None:
            self.stop(_("Uma cópia de segurança está sendo restaurada aqui. Espere que termine e repita o comando."))
        return held

    def listen(self, listener: socket.socket, port: int) -> None:
        try:
            listener.listen(2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            words = _("A porta %(port)s foi tomada por outro programa. Escolha outra com --port.")
            self.stop(words % {"port": port})

    def greet(self, where: list[tuple[str, str]]) -> None:
        """Say where to open the app and how to sign in, or how to begin in an empty installation."""
        self.stdout.write("\n" + _("Mutirão aberto:"))
        for who, address in where:
            self.stdout.write(f"  {address}  ({who})")
        self.stdout.write("")
        try:
            if words := newer_database_words():
                self.stop(words)
            if setup.is_needed():
                call_command("setup_link", base=where[0][1])
            else:
                call_command("sign_in_help")
        except DatabaseError as error:
            self.stop(database_words(error))
        self.stdout.write("\n" + _("Para parar: Ctrl+C"))
        self.stdout.flush()

    def stop(self, words: str) -> None:
        self.stderr.write("\n" + words)
        sys.exit(1)


def addresses(host: str, port: int) -> list[tuple[str, str]]:
    """Where to open the app: (who it is for, address), this computer first."""
    local = _("neste computador")
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [(local, f"http://{f'[{host}]' if ':' in host else host}:{port}/")]
    found = [(local, f"http://127.0.0.1:{port}/")]
    if lan := lan_address():
        found.append((_("no celular, na mesma rede sem fio"), f"http://{lan}:{port}/"))
    return found


def lan_address() -> str:
    """This computer's address on the local network, or ""; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        address = str(probe.getsockname()[0])
    return "" if address.startswith("127.") else address
