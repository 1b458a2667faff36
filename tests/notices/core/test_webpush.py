# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing a push message, held against the worked example of RFC 8291, appendix A."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from mutirao.notices.core import webpush

BROWSER = webpush.unb64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
AUTH = webpush.unb64("BTBZMqHH6r4Tts7J_aSIgg")
SENDER = ec.derive_private_key(
    int.from_bytes(webpush.unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
)
SALT = webpush.unb64("DGv6ra1nlYgDCS1FRnbzlw")


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    body = webpush.seal(
        b"When I grow up, I want to be a watermelon",
        browser_key=BROWSER, auth=AUTH, sender_key=SENDER, salt=SALT,
    )  # fmt: skip
    assert webpush.b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_message_fills_a_record_and_not_more() -> None:
    body = webpush.seal(b"x" * webpush.MOST_BYTES, browser_key=BROWSER, auth=AUTH, sender_key=SENDER, salt=SALT)
    assert len(body) == webpush.RECORD_SIZE
    with pytest.raises(ValueError, match="too long"):
        webpush.seal(b"x" * (webpush.MOST_BYTES + 1), browser_key=BROWSER, auth=AUTH, sender_key=SENDER, salt=SALT)


def test_a_point_off_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        webpush.seal(b"a", browser_key=b"\x04" + b"\x01" * 64, auth=AUTH, sender_key=SENDER, salt=SALT)


def test_the_senders_name_can_be_verified_with_the_key_it_carries() -> None:
    header = webpush.signed_name(SENDER, audience="https://push.example", subject="mailto:a@b.coop", expires=1800000000)
    token, key = header.removeprefix("vapid t=").split(", k=")
    signed, signature = token.rsplit(".", 1)
    raw = webpush.unb64(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), webpush.unb64(key))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(webpush.unb64(signed.split(".")[1]))
    assert claims == {"aud": "https://push.example", "exp": 1800000000, "sub": "mailto:a@b.coop"}
