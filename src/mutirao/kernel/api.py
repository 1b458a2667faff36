# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the modules' `api.py` have in common: how money, quantities and lists are written for other programs.

Imported by the API's own addresses only: the framework behind it is not loaded before a program asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from django.db import models
from django.db.models import QuerySet
from django_filters import FilterSet
from ninja import Field, Path, Schema
from pydantic import ConfigDict, StringConstraints, WithJsonSchema

from mutirao.kernel.core.quantities import QUANTITY_PLACES
from mutirao.kernel.errors import InvalidValue, SeveralProblems

MOST_AT_ONCE = 200
FURTHEST = 1_000_000
"""The last row that can be asked for; databases refuse offsets past 2^63."""
LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Text that a database keeps: no sign is the null sign."""
Slug = Annotated[str, Path(description="The network's short address", pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


def one_of(choices: type[models.TextChoices]) -> WithJsonSchema:
    """Text that is one of a model's choices, for `Annotated[str, …]`. Named nowhere: in the document, kinds of one name
    would be one kind, and every module has its `State`."""
    return WithJsonSchema({"type": "string", "enum": list(choices.values)})


class Strict(Schema):
    """What is sent in: a misspelt field is refused, never passed over."""

    model_config = ConfigDict(extra="forbid")


class Money(Schema):
    """An amount in whole minor units: 1 234 and BRL are R$ 12,34."""

    minor: int
    currency: str = Field(min_length=3, max_length=3, description="ISO 4217")


class Quantity(Strict):
    """An exact amount, written with a point, and its unit."""

    amount: str = Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["12.5"])
    unit: str = Field(min_length=1, max_length=4, examples=["kg"])


class UnitPrice(Schema):
    """A price of one unit in major units of the currency; finer than the smallest coin."""

    amount: str
    currency: str
    per: str


class Named(Schema):
    """Something that is known by its number, and its name."""

    id: int
    name: str


class Paging(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST_AT_ONCE)
    offset: int = Field(0, ge=0, le=FURTHEST)


class Listing(Schema):
    """A part of a list; `count` is how long the whole is."""

    count: int
    limit: int
    offset: int


def plain(number: Decimal) -> str:
    """An exact number as a string without exponent or needless zeros."""
    text = format(number.quantize(Decimal(1).scaleb(-QUANTITY_PLACES)), "f")
    return text.rstrip("0").rstrip(".")


def quantity(amount: Decimal, unit: str) -> Quantity:
    """A quantity as it is told."""
    return Quantity(amount=plain(amount), unit=unit)


def part_of(rows: QuerySet[Any], paging: Paging) -> tuple[list[Any], dict[str, int]]:
    """The rows asked for, and what the list says of itself; two queries."""
    at = {"count": rows.count(), "limit": paging.limit, "offset": paging.offset}
    return list(rows[paging.offset : paging.offset + paging.limit]), at


def narrowed(filters: FilterSet) -> QuerySet[Any]:
    """What a page's own filter leaves over. Raises: SeveralProblems where the page would pass over a wrong choice."""
    if not filters.is_valid():
        raise SeveralProblems(
            InvalidValue("%(words)s", field=name, words=" ".join(str(word) for word in words))
            for name, words in filters.errors.items()
        )
    rows: QuerySet[Any] = filters.qs
    return rows


def given(query: Schema) -> Mapping[str, str]:
    """The parameters that were sent, as a page's filter reads them."""
    return {name: str(value) for name, value in query.dict(exclude_none=True).items()}
