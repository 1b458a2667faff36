# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which charge a bank's line pays: surely by its identifier, perhaps by amount and payer, else a person decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mutirao.kernel.core.text import fold
from mutirao.payments.core.bank_csv import BankLine
from mutirao.payments.core.txid import find_txids

MOST_CANDIDATES = 12
_LIKE = (3, 5)
"""A name is likely when this part of its telling words stands in the line, two of them at least."""
_SAYS_NOTHING = frozenset(
    {
        "de", "da", "do", "das", "dos", "e", "em", "com", "para", "por", "ltda", "me", "mei", "epp", "eireli", "sa",
        "pix", "recebido", "recebida", "recebimento", "transf", "transferencia", "ted", "doc", "tef", "deposito",
        "dep", "credito", "cred", "conta", "rem", "remetente", "pagador", "origem", "nome", "banco", "qr", "code",
        "estatico", "dinamico", "cooperativa", "associacao", "grupo", "empreendimento",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Open:
    """A charge that a line may pay. `names` are the enterprise's and its contacts'; `tax_id` without punctuation.

    `open_minor` is zero for a charge that is settled or cancelled: its identifier still tells whose money it is.
    """

    charge: int
    number: int
    txid: str
    open_minor: int
    enterprise: int
    names: tuple[str, ...] = ()
    tax_id: str = ""


class Kind(StrEnum):
    """How a line was matched."""

    SURE = "sure"
    MAYBE = "maybe"
    NONE = "none"
    TAKEN = "taken"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Match:
    """What a line seems to be. `charge` or, for money that pays no open charge, `enterprise`; `why` is a code:
    txid, txid_closed, amount_tax_id, amount_name, several, nothing."""

    line: BankLine
    kind: Kind
    why: str = ""
    charge: int | None = None
    enterprise: int | None = None
    candidates: tuple[int, ...] = field(default=())


def match_lines(lines: Sequence[BankLine], charges: Sequence[Open], *, taken: Collection[str]) -> list[Match]:
    """Match each line by itself, in order; `taken` are references of payments recorded before.

    A line is sure when it bears the identifier of an open charge. It is likely when exactly one open charge has its
    amount and its payer's name or tax id, and no other line of the file claims that charge.
    """
    by_txid = {item.txid: item for item in charges}
    open_ones = [item for item in charges if item.open_minor > 0]
    by_amount: dict[int, list[Open]] = defaultdict(list)
    for item in open_ones:
        by_amount[item.open_minor].append(item)
    words = {item.charge: [_telling(name) for name in item.names] for item in open_ones}
    matches = [_match(line, by_txid, by_amount, words, taken) for line in lines]
    claims: dict[int, int] = defaultdict(int)
    for match in matches:
        if match.charge is not None:
            claims[match.charge] += 1
    return [
        _finish(match, open_ones, words, contested=match.charge is not None and claims[match.charge] > 1)
        for match in matches
    ]


def _match(
    line: BankLine,
    by_txid: dict[str, Open],
    by_amount: dict[int, list[Open]],
    words: dict[int, list[frozenset[str]]],
    taken: Collection[str],
) -> Match:
    if line.amount_minor < 0:
        return Match(line, Kind.DEBIT)
    if line.reference in taken:
        return Match(line, Kind.TAKEN)
    said = f"{line.text} {line.document} {line.bank_id}"
    named = [by_txid[txid] for txid in find_txids(said) if txid in by_txid]
    if len(named) == 1:
        item = named[0]
        if item.open_minor > 0:
            return Match(line, Kind.SURE, "txid", charge=item.charge)
        return Match(line, Kind.MAYBE, "txid_closed", enterprise=item.enterprise)
    if named:
        return Match(line, Kind.NONE, "several")
    return _by_amount(line, by_amount.get(line.amount_minor, []), words)


def _by_amount(line: BankLine, same: Sequence[Open], words: dict[int, list[frozenset[str]]]) -> Match:
    """The one open charge of exactly this amount whose payer the line seems to name."""
    said = _line_words(line)
    by_id = [item for item in same if _bears_tax_id(line.text, item.tax_id)]
    by_name = [item for item in same if any(_is_like(name, said) for name in words[item.charge])]
    for found, why in ((by_id, "amount_tax_id"), (by_name, "amount_name")):
        if len(found) == 1:
            return Match(line, Kind.MAYBE, why, charge=found[0].charge)
        if found:
            return Match(line, Kind.NONE, "several")
    return Match(line, Kind.NONE, "nothing")


def _finish(match: Match, charges: Sequence[Open], words: dict[int, list[frozenset[str]]], *, contested: bool) -> Match:
    """Give a line that a person must decide its likeliest charges; a likely one that two lines claim is undecided."""
    if match.kind == Kind.MAYBE and match.charge is not None and contested:
        match = Match(match.line, Kind.NONE, "several")
    if match.kind not in (Kind.NONE, Kind.MAYBE):
        return match
    return Match(
        match.line,
        match.kind,
        match.why,
        charge=match.charge,
        enterprise=match.enterprise,
        candidates=_candidates(match.line, charges, words),
    )


def _candidates(line: BankLine, charges: Sequence[Open], words: dict[int, list[frozenset[str]]]) -> tuple[int, ...]:
    """The likeliest open charges, best first: by tax id, by how much of a name is said, by how near the amount is."""
    said = _line_words(line)

    def rank(item: Open) -> tuple[int, int, int, int]:
        liking = max((_share_said(name, said) for name in words[item.charge]), default=0)
        return (
            -int(_bears_tax_id(line.text, item.tax_id)),
            -liking,
            abs(item.open_minor - line.amount_minor),
            item.number,
        )

    return tuple(item.charge for item in sorted(charges, key=rank)[:MOST_CANDIDATES])


def _telling(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    return frozenset(word for word in re.findall(r"[a-z0-9]{2,}", fold(name)) if word not in _SAYS_NOTHING)


def _line_words(line: BankLine) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]{2,}", fold(line.text)))


def _said_words(name: frozenset[str], said: frozenset[str]) -> int:
    """How many words of a name stand in a line; banks cut long words, so that four first letters are enough."""
    return sum(word in said or any(len(other) >= 4 and word.startswith(other) for other in said) for word in name)


def _share_said(name: frozenset[str], said: frozenset[str]) -> int:
    """The part of a name that is said, in percent."""
    return _said_words(name, said) * 100 // len(name) if name else 0


def _is_like(name: frozenset[str], said: frozenset[str]) -> bool:
    found = _said_words(name, said)
    return found >= min(2, len(name)) and found > 0 and found * _LIKE[1] >= len(name) * _LIKE[0]


def _bears_tax_id(text: str, tax_id: str) -> bool:
    """Whether a CPF or CNPJ stands in a text, whole or as banks mask a CPF (***.456.789-**)."""
    if len(tax_id) < 11:
        return False
    if tax_id in re.sub(r"[./\-\s]", "", text.upper()):
        return True
    middle = tax_id[3:9]
    masked = rf"[*xX•]{{3}}\.?{middle[:3]}\.?{middle[3:]}-?[*xX•]{{2}}"
    return len(tax_id) == 11 and re.search(masked, text) is not None
