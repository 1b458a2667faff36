# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds, people and a browser for tests of notices. The network must be active."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tests import factories

from mutirao.kernel import actors
from mutirao.kernel.models import Job
from mutirao.network.models import Network, Person
from mutirao.notices import kinds, operations
from mutirao.notices.core import webpush
from mutirao.notices.operations import Said

NOW = kinds.declare("tests.now", "Coisas da hora", email=kinds.NOW, push=True, waits=True)
LATER = kinds.declare("tests.later", "Coisas do resumo", email=kinds.DIGEST)
URGENT = kinds.declare("tests.urgent", "Coisas urgentes", email=kinds.NOW, push=True, urgent=True)
SILENT = kinds.declare("tests.silent", "Coisas quietas", email=kinds.NEVER)


def member(network: Network, **fields: Any) -> Person:
    someone = factories.person(**fields)
    factories.role(someone, "purchasing", since=dt.date(2020, 1, 1))
    return someone


def tell(network: Network, *people: Person, kind: str = NOW, key: str = "k1", title: str = "Olá", **more: Any) -> int:
    actor = actors.system(network.pk, why="teste")
    return operations.notify(
        people, kind=kind, key=key, words=lambda: Said(title, "Corpo"), actor=actor, path="/rede/x/", **more
    )


def jobs_of(task: str) -> list[Job]:
    return list(Job.objects.filter(task__endswith=task).order_by("pk"))


class Browser:
    """A browser's own side of web push: its keys, and opening what is sent to it (RFC 8291, 3)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def point(self) -> str:
        return webpush.b64(webpush.point(self.key.public_key()))

    def open(self, body: bytes) -> bytes:
        salt, sender = body[:16], body[21 : 21 + body[20]]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)
        info = b"WebPush: info\x00" + webpush.point(self.key.public_key()) + sender
        secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(secret)
        return AESGCM(key).decrypt(nonce, body[21 + body[20] :], None).rstrip(b"\x02")


@contextmanager
def push_service(status: int = 201) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A push service that answers with one status; gives its address and what came in."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers.items()), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        server.server_close()
