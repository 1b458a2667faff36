# SPDX-License-Identifier: AGPL-3.0-or-later
"""The installation's key for web push, made once in the data folder and readable by its owner only."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from mutirao.notices.core.webpush import b64, point

FILE_NAME = "push_key.pem"


def push_key() -> ec.EllipticCurvePrivateKey:
    """The key that signs push messages; a new key means that every device has to be added again."""
    return _read(Path(settings.DATA) / FILE_NAME)


def public_text() -> str:
    """What a browser is given to subscribe."""
    return b64(point(push_key().public_key()))


@lru_cache(maxsize=4)
def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return key


def _make(path: Path) -> None:
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made)
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)  # whoever comes first wins; the other reads what is there
    temporary.unlink()
