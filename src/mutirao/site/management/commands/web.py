# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao web`: serves people behind a reverse proxy, with several processes; for a service of the system.

SIGTERM lets open requests finish. SIGHUP puts new processes in the place of the old, one by one; nobody is refused.
"""

import logging
import socket
import stat
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from uvicorn.supervisors import Multiprocess

from mutirao.site.keeping.place import Place
from mutirao.site.keeping.restore import InUse, finish, only_one, serving
from mutirao.site.launch.console import database_words, newer_database_words, speak_the_terminals_language
from mutirao.site.observing import figures

GRACE_SECONDS = 20


class Command(BaseCommand):
    help = "Serves people behind a reverse proxy, with several processes. See docs/servidor.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="ADDRESS:PORT or unix:/path (127.0.0.1:8000)")
        parser.add_argument("--processes", type=int, default=2, help="how many processes serve (2)")

    def handle(self, *args: Any, bind: str, processes: int, **options: Any) -> None:
        speak_the_terminals_language()
        listener = self.listen(bind)
        held = self.alone_with_servers()
        self.need_migrated()
        for words in doubts():
            self.stderr.write(_("Aviso: %(text)s") % {"text": words})
        local = bind.startswith("unix:")
        config = uvicorn.Config(
            "mutirao.site.asgi:application",
            workers=max(1, processes),
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips="*" if local else "127.0.0.1,::1",  # whoever reaches the socket is the proxy
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=60,
        )
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        figures.forget_others()
        self.stdout.write(_("Mutirão serve em %(address)s, com %(count)s processos.") % {
            "address": bind, "count": config.workers,
        })  # fmt: skip
        self.stdout.flush()
        connection.close()
        try:
            Multiprocess(config, sockets=[listener]).run()
        finally:
            held.close()
            if local:
                Path(bind.removeprefix("unix:")).unlink(missing_ok=True)

    def alone_with_servers(self) -> Any:
        """End a restore that was stopped half-way; then hold the lock that keeps another from beginning."""
        place = Place.here()
        with suppress(InUse), only_one(place):
            finish(place)
        held = serving(place)
        if held is None:
            self.stop(_("Uma cópia de segurança está sendo restaurada aqui. Espere que termine e repita o comando."))
        return held

    def need_migrated(self) -> None:
        try:
            if words := newer_database_words():
                self.stop(words)
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.stop(_("O banco de dados não está em dia com o programa. Rode ./mutirao prepare e repita."))
        except DatabaseError as error:
            self.stop(database_words(error))

    def listen(self, bind: str) -> socket.socket:
        try:
            if bind.startswith("unix:"):
                return unix_socket(Path(bind.removeprefix("unix:")))
            host, _colon, port = bind.rpartition(":")
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host.strip("[]") or "127.0.0.1", int(port)))
            listener.listen(2048)
        except (OSError, ValueError, OverflowError) as error:
            self.stop(_("Não consegui usar o endereço %(address)s: %(what)s") % {"address": bind, "what": error})
        return listener

    def stop(self, words: str) -> Any:
        self.stderr.write("\n" + words)
        sys.exit(1)


def unix_socket(path: Path) -> socket.socket:
    """Listen at a path that a server before may have left; for the owner and the group, which is the proxy's."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
            if trial.connect_ex(str(path)) == 0:
                raise OSError("in use")
        path.unlink()
    listener.bind(str(path))
    path.chmod(0o660)
    listener.listen(2048)
    return listener


def doubts() -> Iterator[str]:
    """What a server that others reach should be told and was not."""
    if not settings.HTTPS:
        yield _("MUTIRAO_HTTPS=1 não está dito: os cookies vão sem proteção.")
    if settings.ALLOWED_HOSTS == ["*"]:
        yield _("MUTIRAO_HOSTS não diz por que nome se chega aqui.")
    if settings.ADDRESS.startswith("http://127."):
        yield _("MUTIRAO_ADDRESS não está dito: os links das cartas não levam a lugar nenhum.")
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield _("MUTIRAO_PROXIES não está dito: quem tenta vezes demais parece ser uma pessoa só.")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield _("MUTIRAO_SMTP_HOST não está dito: as cartas ficam em uma pasta, ninguém as recebe.")
