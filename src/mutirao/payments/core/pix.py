# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pix BR Codes with a static key: written, read back and verified; Pix keys checked by their kind.

Source: Banco Central do Brasil, Manual de Padrões para Iniciação do Pix (static code, fields 26, 54 and 62) and
Manual do BR Code (EMV QRCPS, merchant presented: fields of tag, two-digit length and value; CRC-16 in field 63).
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from binascii import crc_hqx
from dataclasses import dataclass

from stdnum.br import cnpj, cpf

GUI = "br.gov.bcb.pix"
NAME_MOST, CITY_MOST, TXID_MOST, KEY_MOST, FIELD_MOST = 25, 15, 25, 77, 99
_NO_TXID = "***"
_CONNECTIVES = {"de", "da", "do", "das", "dos", "e"}


# --- Keys -----------------------------------------------------------------------------------------------------------


class PixKeyError(ValueError):
    """A text that is no Pix key; `code` tells the kind it seems meant to be, or unknown (see `PixKey.kind`)."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not a Pix key ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class PixKey:
    """A key as the directory knows it: `kind` is cpf, cnpj, email, phone or evp; `text` without punctuation."""

    kind: str
    text: str


_EMAIL = re.compile(
    r"[a-z0-9.!#$&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
)
_PHONE = re.compile(r"\+55[1-9]{2}9?\d{8}")
_EVP = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def read_key(text: str) -> PixKey:
    """A key as people type it, checked and brought to the form of the directory.

    A phone needs +55 or the area code in brackets: eleven bare digits are taken for a CPF and must be a right one, so
    that a mistyped CPF never becomes somebody's phone.

    Raises: PixKeyError.
    """
    bare = text.strip()
    if "@" in bare:
        lower = bare.lower()
        if len(lower) > KEY_MOST or not _EMAIL.fullmatch(lower):
            raise PixKeyError("email")
        return PixKey("email", lower)
    if bare.startswith(("+", "(")):
        digits = re.sub(r"[\s().\-]", "", bare)
        phone = digits if digits.startswith("+") else "+55" + digits
        if not _PHONE.fullmatch(phone):
            raise PixKeyError("phone")
        return PixKey("phone", phone)
    if _EVP.fullmatch(bare.lower()):
        return PixKey("evp", str(uuid.UUID(bare)))
    return _tax_key(re.sub(r"[\s./\-]", "", bare).upper())


def _tax_key(bare: str) -> PixKey:
    if re.fullmatch(r"\d{11}", bare):
        if not cpf.is_valid(bare):
            raise PixKeyError("cpf")
        return PixKey("cpf", bare)
    if re.fullmatch(r"[0-9A-Z]{12}\d{2}", bare):
        if not cnpj.is_valid(bare):
            raise PixKeyError("cnpj")
        return PixKey("cnpj", bare)
    for kind, looks in (("evp", r"[0-9A-F]{28,36}"), ("cpf", r"\d{9,12}"), ("cnpj", r"\d{13,15}")):
        if re.fullmatch(looks, bare):
            raise PixKeyError(kind)
    raise PixKeyError("unknown")


# --- Names ----------------------------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Text in plain ASCII: accents dropped, what has no plain form left out, blanks single."""
    plain = unicodedata.normalize("NFKD", text.replace("–", "-").replace("’", "'"))
    return " ".join("".join(char for char in plain if " " <= char <= "~").split())


def fit(text: str, most: int) -> str:
    """Text folded to ASCII and at most `most` characters long, cut between words.

    Where whole words do not fit, connectives (de, da, e…) are dropped if that saves another word, and none is left
    hanging at the end; a single word too long is cut: "Associação das Costureiras do Bairro" in 25 becomes
    "Associacao Costureiras".
    """
    folded = fold(text)
    if len(folded) <= most:
        return folded
    words = folded.split(" ")
    plain = _head(words, most)
    dense = _head([word for word in words if word.lower() not in _CONNECTIVES], most)
    best = dense if _telling(dense) > _telling(plain) else plain
    return " ".join(best) if best else folded[:most].rstrip()


def _telling(words: list[str]) -> int:
    return sum(word.lower() not in _CONNECTIVES for word in words)


def _head(words: list[str], most: int) -> list[str]:
    """The first words that fit together, without a connective at the end."""
    kept: list[str] = []
    for word in words:
        if len(" ".join([*kept, word])) > most:
            break
        kept.append(word)
    while kept and kept[-1].lower() in _CONNECTIVES:
        kept.pop()
    return kept


# --- Codes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PixCode:
    """What a static code says: where to pay (`key`), to whom (`name`, `city`), how much (`amount_minor` cents, None to
    let the payer say), for what (`txid`). `url` stands in place of the key in dynamic codes, which are read only."""

    key: str
    name: str
    city: str
    amount_minor: int | None = None
    txid: str = ""
    description: str = ""
    url: str = ""


def encode(code: PixCode) -> str:
    """The copy-and-paste text of a static code, which is also what its QR code holds.

    Raises: ValueError for a field that is empty, too long or not plain ASCII; see `fit` and `read_key`.
    """
    _check(code)
    account = _field("00", GUI) + _field("01", code.key)
    if code.description:
        account += _field("02", code.description)
    text = _field("00", "01") + _field("26", account) + _field("52", "0000") + _field("53", "986")
    if code.amount_minor is not None:
        text += _field("54", f"{code.amount_minor // 100}.{code.amount_minor % 100:02d}")
    text += _field("58", "BR") + _field("59", code.name) + _field("60", code.city)
    text += _field("62", _field("05", code.txid or _NO_TXID)) + "6304"
    return text + _crc(text)


def _check(code: PixCode) -> None:
    if code.url:
        raise ValueError("dynamic codes are made by the bank")
    for what, value, most in (
        ("key", code.key, KEY_MOST), ("name", code.name, NAME_MOST), ("city", code.city, CITY_MOST),
    ):  # fmt: skip
        if not 1 <= len(value) <= most:
            raise ValueError(f"{what} has 1 to {most} characters")
    if not all(" " <= char <= "~" for char in code.key + code.name + code.city + code.description):
        raise ValueError("only plain ASCII goes into a code")
    if code.txid and not re.fullmatch(r"[A-Za-z0-9]{1,25}", code.txid):
        raise ValueError("txid has up to 25 letters and digits")
    if code.amount_minor is not None and not 0 < code.amount_minor < 10**12:
        raise ValueError("amount is above zero and has at most 13 characters")


def _field(tag: str, value: str) -> str:
    if len(value) > FIELD_MOST:
        raise ValueError(f"field {tag} has more than {FIELD_MOST} characters")
    return f"{tag}{len(value):02d}{value}"


def _crc(text: str) -> str:
    """CRC-16 (polynomial 0x1021, start FFFF) over everything before it, its own tag and length included."""
    return f"{crc_hqx(text.encode('utf-8'), 0xFFFF):04X}"


def parse(text: str) -> PixCode:
    """Read a code back. Raises: ValueError when it is damaged (length, CRC) or is no Pix code."""
    bare = text.strip()
    if len(bare) < 8 or bare[-8:-4] != "6304" or _crc(bare[:-4]) != bare[-4:].upper():
        raise ValueError("the code is damaged: its check digits do not fit")
    fields = _fields(bare)
    account = next(
        (found for tag in map(str, range(26, 52)) if tag in fields and (found := _pix_account(fields[tag]))), None
    )
    if account is None or fields.get("00") != "01" or fields.get("53") != "986" or fields.get("58") != "BR":
        raise ValueError("not a Pix code")
    txid = _fields(fields.get("62", "")).get("05", "")
    return PixCode(
        key=account.get("01", ""),
        name=fields.get("59", ""),
        city=fields.get("60", ""),
        amount_minor=_minor(fields["54"]) if "54" in fields else None,
        txid="" if txid == _NO_TXID else txid,
        description=account.get("02", ""),
        url=account.get("25", ""),
    )


def _pix_account(value: str) -> dict[str, str] | None:
    inner = _fields(value)
    return inner if inner.get("00", "").lower() == GUI else None


def _fields(text: str) -> dict[str, str]:
    """Tag and value of each field. Raises: ValueError when lengths do not come out."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise ValueError("a field without tag and length")
        end = at + 4 + int(head[2:])
        if end > len(text) or head[:2] in found:
            raise ValueError("a field is cut off or comes twice")
        found[head[:2]] = text[at + 4 : end]
        at = end
    return found


def _minor(text: str) -> int:
    match = re.fullmatch(r"(\d{1,10})(?:\.(\d{1,2}))?", text)
    if match is None:
        raise ValueError("the amount is not a number")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
