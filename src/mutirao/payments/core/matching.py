# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which charge a bank's line pays: surely by its identifier, perhaps by amount and payer, else a person decides."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mutirao.kernel.core.text import fold
from mutirao.payments.core.bank_csv import BankLine
from mutirao.payments.core.txid import find_txids

MOST_CANDIDATES = 8
LIKELY_SHARE = 60
"""A name is likely when this many per cent of its telling words stand in the line, two of them at least."""
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
    index = _Index(charges)
    matches = [_match(line, index, taken) for line in lines]
    claims: dict[int, int] = defaultdict(int)
    for match in matches:
        if match.charge is not None:
            claims[match.charge] += 1
    return [_finish(match, index, contested=match.charge is not None and claims[match.charge] > 1) for match in matches]


class _Index:
    """Charges by identifier, and open ones by amount, tax id and the telling words of their names."""

    def __init__(self, charges: Sequence[Open]) -> None:
        self.by_txid = {item.txid: item for item in charges}
        self.open = {item.charge: item for item in charges if item.open_minor > 0}
        self.by_amount: dict[int, list[Open]] = defaultdict(list)
        self.lengths: dict[tuple[int, int], int] = {}
        self.names: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
        for item in self.open.values():
            self.by_amount[item.open_minor].append(item)
            for place, name in enumerate(item.names):
                words = _telling(name)
                self.lengths[item.charge, place] = len(words)
                for word in words:
                    # Banks cut long words, so that four first letters are enough.
                    for said in {word, *(word[:end] for end in range(4, len(word)))}:
                        self.names[said].add((item.charge, place, word))
        self.upwards = sorted((item.open_minor, item.number, item.charge) for item in self.open.values())
        self.downwards = sorted((item.open_minor, -item.number, item.charge) for item in self.open.values())

    def liking(self, text: str) -> dict[int, tuple[int, int]]:
        """The open charges of which a text says a name: how many telling words, and how many per cent of them."""
        said: dict[tuple[int, int], set[str]] = defaultdict(set)
        for word in _words(text):
            for charge, place, whole in self.names.get(word, ()):
                said[charge, place].add(whole)
        best: dict[int, tuple[int, int]] = {}
        for (charge, place), found in said.items():
            share = len(found) * 100 // self.lengths[charge, place]
            best[charge] = max(best.get(charge, (0, 0)), (share, len(found)))
        return {charge: (found, share) for charge, (share, found) in best.items()}

    def nearest(self, amount_minor: int) -> Iterable[int]:
        """The open charges whose amounts are nearest from above and from below, enough of each."""
        above, below = bisect_left(self.upwards, (amount_minor,)), bisect_left(self.downwards, (amount_minor,))
        yield from (row[2] for row in self.upwards[above : above + MOST_CANDIDATES])
        yield from (row[2] for row in self.downwards[max(0, below - MOST_CANDIDATES) : below])


def _match(line: BankLine, index: _Index, taken: Collection[str]) -> Match:
    if line.amount_minor < 0:
        return Match(line, Kind.DEBIT)
    if line.reference in taken:
        return Match(line, Kind.TAKEN)
    said = f"{line.text} {line.document} {line.bank_id}"
    named = [index.by_txid[txid] for txid in find_txids(said) if txid in index.by_txid]
    if len(named) == 1:
        item = named[0]
        if item.open_minor > 0:
            return Match(line, Kind.SURE, "txid", charge=item.charge)
        return Match(line, Kind.MAYBE, "txid_closed", enterprise=item.enterprise)
    if named:
        return Match(line, Kind.NONE, "several")
    return _by_amount(line, index)


def _by_amount(line: BankLine, index: _Index) -> Match:
    """The one open charge of exactly this amount whose payer the line seems to name."""
    same = index.by_amount.get(line.amount_minor, [])
    if not same:
        return Match(line, Kind.NONE, "nothing")
    liking = index.liking(line.text)
    by_id = [item for item in same if _bears_tax_id(line.text, item.tax_id)]
    by_name = [item for item in same if _is_likely(*liking.get(item.charge, (0, 0)))]
    for found, why in ((by_id, "amount_tax_id"), (by_name, "amount_name")):
        if len(found) == 1:
            return Match(line, Kind.MAYBE, why, charge=found[0].charge)
        if found:
            return Match(line, Kind.NONE, "several")
    return Match(line, Kind.NONE, "nothing")


def _is_likely(words: int, share: int) -> bool:
    """Whether enough of a name is said: three fifths of its telling words, and two of them or the only one."""
    return share >= LIKELY_SHARE and (words >= 2 or share == 100)


def _finish(match: Match, index: _Index, *, contested: bool) -> Match:
    """Give a line that a person must decide its likeliest charges; a likely one that two lines claim is undecided."""
    if match.kind == Kind.MAYBE and match.charge is not None and contested:
        match = Match(match.line, Kind.NONE, "several")
    if match.kind != Kind.NONE:
        return match
    return Match(match.line, match.kind, match.why, candidates=_candidates(match.line, index))


def _candidates(line: BankLine, index: _Index) -> tuple[int, ...]:
    """The likeliest open charges, best first: by tax id, by how much of a name is said, by how near the amount is."""
    liking = index.liking(line.text)
    marked = _has_tax_id(line.text)

    def rank(charge: int) -> tuple[int, int, int, int]:
        item = index.open[charge]
        return (
            -int(marked and _bears_tax_id(line.text, item.tax_id)),
            -liking.get(charge, (0, 0))[1],
            abs(item.open_minor - line.amount_minor),
            item.number,
        )

    likely = index.open if marked else {*liking, *index.nearest(line.amount_minor)}
    return tuple(sorted(likely, key=rank)[:MOST_CANDIDATES])


def _telling(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    return _words(name) - _SAYS_NOTHING


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]{2,}", fold(text)))


_MASKED = re.compile(r"[*xX•]{3}\.?(\d{3})\.?(\d{3})-?[*xX•]{2}")


def _has_tax_id(text: str) -> bool:
    """Whether a text seems to hold a CPF or CNPJ at all."""
    bare = re.sub(r"[./\-\s]", "", text.upper())
    return _MASKED.search(text) is not None or re.search(r"\d{11}|[0-9A-Z]{12}\d{2}", bare) is not None


def _bears_tax_id(text: str, tax_id: str) -> bool:
    """Whether a CPF or CNPJ stands in a text, whole or as banks mask a CPF (***.456.789-**)."""
    if len(tax_id) < 11:
        return False
    if tax_id in re.sub(r"[./\-\s]", "", text.upper()):
        return True
    return len(tax_id) == 11 and any(match[1] + match[2] == tax_id[3:9] for match in _MASKED.finditer(text))
