# SPDX-License-Identifier: AGPL-3.0-or-later
"""Web push: a message sealed for one browser, and the sender's signed name.

Sources: RFC 8291 (encryption), RFC 8188 (aes128gcm coding), RFC 8292 (VAPID).
"""

from __future__ import annotations

import base64
import json
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
MOST_BYTES = RECORD_SIZE - 16 - 1 - 86
"""Plain bytes that fit into one record with its tag, its delimiter and the header; push services take no more."""


def b64(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of URL-safe base64, with or without padding. Raises: ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its uncompressed point (65 bytes)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(
    message: bytes, *, browser_key: bytes, auth: bytes, sender_key: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """The body of a push request: `message` sealed for the browser whose point and secret are given.

    `sender_key` and `salt` (16 bytes) are used for one message only.
    Raises: ValueError for a message that is too long, a point not on P-256, a secret or salt of another length.
    Source: RFC 8291, 3.4; RFC 8188, 2.
    """
    if len(message) > MOST_BYTES or len(salt) != 16 or len(auth) != 16:
        raise ValueError("message too long, or salt or secret of the wrong length")
    browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    sender = point(sender_key.public_key())
    shared = sender_key.exchange(ec.ECDH(), browser)
    secret = _derive(shared, auth, b"WebPush: info\x00" + browser_key + sender, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + struct.pack("!IB", RECORD_SIZE, len(sender)) + sender
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def signed_name(key: ec.EllipticCurvePrivateKey, *, audience: str, subject: str, expires: int) -> str:
    """The Authorization header: who sends (`subject`: a mailto: or https: address), to which push service, until when
    (seconds since 1970, at most a day ahead). Source: RFC 8292, 2 and 3."""
    claims = {"aud": audience, "exp": expires, "sub": subject}
    signed = ".".join(b64(json.dumps(part, separators=(",", ":")).encode()) for part in (_HEAD, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={b64(point(key.public_key()))}"


_HEAD = {"typ": "JWT", "alg": "ES256"}
