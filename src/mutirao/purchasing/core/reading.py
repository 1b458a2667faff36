# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading what others send as JSON: every value is checked, and what is wrong says where and why, in codes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from re import ASCII, compile
from typing import Any, NoReturn

from mutirao.purchasing.core.amounts import LARGEST

_NUMBER = compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", ASCII)
_LONGEST_NUMBER = 60
_LONGEST_TEXT = 300
QUANTITY_PLACES = 9
PRICE_PLACES = 6
MONEY_PLACES = 2


class BadData(ValueError):
    """Data that cannot be used: `code` says what is wrong, `where` in the document, `params` the details."""

    def __init__(self, code: str, where: str, **params: str) -> None:
        super().__init__(f"{where}: {code} {params}")
        self.code, self.where, self.params = code, where, params


@dataclass(frozen=True)
class Node:
    """A value of the document with its path; `ignored` gathers the fields that nobody knows."""

    value: Any
    path: str = ""
    ignored: list[str] = field(default_factory=list)

    def refuse(self, code: str, **params: str) -> NoReturn:
        """Raises: BadData with this node's path."""
        raise BadData(code, self.path, **params)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The object's known fields; an optional field that is absent or null is left out.

        Raises: BadData when it is no object or a required field is absent.
        """
        if not isinstance(self.value, dict):
            self.refuse("not_an_object")
        dot = f"{self.path}." if self.path else ""
        self.ignored.extend(f"{dot}{name}" for name in self.value if name not in {*required, *optional})
        for name in required:
            if name not in self.value:
                self.refuse("missing_field", field=name)
        return {
            name: Node(self.value[name], dot + name, self.ignored)
            for name in (*required, *optional)
            if name in required or self.value.get(name) is not None
        }

    def items(self) -> list[Node]:
        """The list's values. Raises: BadData when it is no list."""
        if not isinstance(self.value, list):
            self.refuse("not_a_list")
        return [Node(value, f"{self.path}[{index}]", self.ignored) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """A name. Raises: BadData when it is no text, blank, too long or not valid Unicode."""
        if not isinstance(self.value, str):
            self.refuse("not_text")
        if not self.value.strip():
            self.refuse("blank")
        if len(self.value) > _LONGEST_TEXT:
            self.refuse("text_too_long", limit=str(_LONGEST_TEXT))
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            self.refuse("broken_text")
        return self.value

    def choice(self, of: Collection[str]) -> str:
        """One of the given words. Raises: BadData for any other."""
        if not isinstance(self.value, str) or self.value not in of:
            self.refuse("not_a_choice", choices=", ".join(of))
        return self.value

    def number(self, places: int, *, positive: bool = False) -> Decimal:
        """A decimal string or a number of at most `places` decimal places, not negative.

        Raises: BadData when it is no such number.
        """
        if isinstance(self.value, bool) or not isinstance(self.value, str | Decimal | int):
            self.refuse("not_a_number")
        written = self.value.strip() if isinstance(self.value, str) else str(self.value)
        if len(written) > _LONGEST_NUMBER or not _NUMBER.fullmatch(written):
            self.refuse("not_a_number")
        try:
            amount = Decimal(written)
        except InvalidOperation:
            self.refuse("not_a_number")
        if amount.is_signed() and amount:
            self.refuse("negative")
        if amount >= LARGEST:
            self.refuse("too_large", limit=f"{LARGEST:f}")
        if amount and (amount.adjusted() < -places or amount != amount.quantize(Decimal(1).scaleb(-places))):
            self.refuse("too_many_places", places=str(places))
        if positive and not amount:
            self.refuse("not_positive")
        return abs(amount)

    def quantity(self, *, positive: bool = False) -> Decimal:
        """An amount of goods. Raises: BadData as `number`."""
        return self.number(QUANTITY_PLACES, positive=positive)

    def cents(self) -> int:
        """Money in whole cents. Raises: BadData as `number`."""
        return int(self.number(MONEY_PLACES).scaleb(MONEY_PLACES))

    def whole(self, *, minimum: int = 0) -> int:
        """A whole number. Raises: BadData when it is none or below the minimum."""
        amount = self.number(QUANTITY_PLACES)
        if amount != int(amount):
            self.refuse("not_whole")
        if amount < minimum:
            self.refuse("below_minimum", minimum=str(minimum))
        return int(amount)
