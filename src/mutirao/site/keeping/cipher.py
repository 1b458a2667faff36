# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file under a passphrase, written and read piece by piece: scrypt for the key, AES-256-GCM for each piece.

Every piece is sealed with its number and with whether it is the last, so that none can be left out, moved or cut off
unseen. docs/formats/backup.md describes the file for other programs.
Source: RFC 7914 (scrypt), NIST SP 800-38D (GCM), Hoang, Reyhanitabar, Rogaway and Vizár 2015 (the STREAM construction).
"""

from __future__ import annotations

import base64
import json
import os
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"MUTIRAO-CIFRADO-1\n"
PIECE = 1 << 20
_TAG = 16
_CHECK = b"\xff" * 12
"""The nonce of the empty piece at the beginning; no counter gets so far."""
_COST = {"n": 1 << 16, "r": 8, "p": 1}
"""64 MB and a fifth of a second on an ordinary machine."""
_MOST_COST = {"n": 1 << 20, "r": 16, "p": 4}


class WrongPassphrase(Exception):
    """The passphrase does not open the file."""


class Damaged(Exception):
    """A piece was changed, moved or cut off."""


def is_encrypted(beginning: bytes) -> bool:
    """Whether a file that begins so is one of these."""
    return beginning.startswith(MAGIC)


def _key(passphrase: str, header: dict[str, int | str]) -> bytes:
    cost = {name: int(header[name]) for name in ("n", "r", "p")}
    if any(cost[name] > most for name, most in _MOST_COST.items()):
        raise Damaged  # a file that asks for more memory than any of ours
    salt = base64.b64decode(str(header["salt"]))
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(passphrase.encode())


def _sealed_with(head: bytes, number: int, last: bool) -> bytes:
    return head + number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")


class Writer:
    """A writable file that encrypts into another; `close` writes the last piece and leaves the other open."""

    def __init__(self, out: IO[bytes], passphrase: str) -> None:
        header: dict[str, int | str] = {"kdf": "scrypt", "salt": base64.b64encode(os.urandom(16)).decode(), **_COST}
        self._head = MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n"
        self._cipher = AESGCM(_key(passphrase, header))
        self._out, self._waiting, self._number = out, bytearray(), 0
        # An empty piece under the head tells a wrong passphrase from a damaged file.
        out.write(self._head + self._cipher.encrypt(_CHECK, b"", self._head))

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:  # the last piece is never empty unless the file is
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Pieces are written when they are full."""

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        # A key is used for one file only, so a counter is as good a nonce as any.
        nonce = self._number.to_bytes(12, "big")
        self._out.write(self._cipher.encrypt(nonce, piece, _sealed_with(self._head, self._number, last)))
        self._number += 1


def decrypt(source: BinaryIO, out: IO[bytes], passphrase: str) -> None:
    """Write the plain file to `out`. Raises: WrongPassphrase, Damaged."""
    head = source.readline() + source.readline(1000)
    try:
        header = json.loads(head[len(MAGIC) :])
        cipher = AESGCM(_key(passphrase, header))
    except (ValueError, KeyError, TypeError):
        raise Damaged from None
    try:
        cipher.decrypt(_CHECK, source.read(_TAG), head)
    except (InvalidTag, ValueError):
        raise WrongPassphrase from None
    number, piece = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        last = not following
        try:
            plain = cipher.decrypt(number.to_bytes(12, "big"), piece, _sealed_with(head, number, last))
        except (InvalidTag, ValueError):
            raise Damaged from None
        out.write(plain)
        if last:
            return
        number, piece = number + 1, following
