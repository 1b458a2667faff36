# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a row means in its own country: registration number, place, postal code, telephone, site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from mutirao.kernel import formats
from mutirao.kernel.core import tabular
from mutirao.kernel.core.tabular import Cell, CellProblem
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import InvalidValue
from mutirao.network import country_names
from mutirao.network.core import phones, tax_ids
from mutirao.network.importing.columns import ColumnType, TaxNumber
from mutirao.network.importing.places import RowPlaces
from mutirao.network.importing.plans import Problem, Row
from mutirao.network.importing.words import cell_words
from mutirao.network.operations.enterprises import read_postal_code, tax_id_words


@dataclass(frozen=True, slots=True)
class CountryName(ColumnType):
    """A country by its name in Portuguese, Spanish, French, English…, or by its two letters; kept as these."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_text(cell, longest=80)
        if text is None:
            return None
        if (code := country_names.find(text)) is None:
            raise CellProblem("not_a_country", value=text)
        return code

    def show(self, value: Any) -> str:
        return "" if value is None else formats.country_name(value)


@dataclass(frozen=True, slots=True)
class AnyTaxNumber(ColumnType):
    """A registration number as it is written; `at_home` reads it once the row's country is known."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_code(cell)
        if text is None or fold(text) in tabular.BLANKS:
            return None
        if len(text) > 40:
            raise CellProblem("too_long", limit=40, length=len(text))
        return text

    def show(self, value: Any) -> str:
        if isinstance(value, tax_ids.TaxId):
            return tax_ids.veiled(value.number, value.kind)
        # In the sample the country is not known yet: what could be a CPF is veiled.
        return "" if value is None else tax_ids.veiled(tax_ids.compact(value))


@dataclass(frozen=True, slots=True)
class WebAddress(ColumnType):
    """The address of a site, with or without https:// before it."""

    def read(self, cell: Cell) -> str | None:
        text = tabular.read_text(cell, longest=200)
        if text is None or fold(text) in tabular.BLANKS:
            return None
        address = text if "://" in text else f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            raise CellProblem("not_a_site", value=text) from None
        return address


def at_home(row: Row, country: str, problems: list[Problem]) -> Row:
    """The row with `country` and its registration read by that country's rules; what does not fit becomes a problem."""
    values: dict[str, Any] = {**row.values, "country": country, "tax_id": None}
    typed = row.get("tax_id")
    if isinstance(typed, str):
        try:
            values["tax_id"] = TaxNumber().read(typed) if country == "BR" else tax_ids.parse(typed, country)
        except CellProblem as problem:
            problems.append(row.problem("tax_id", cell_words(problem)))
        except ValueError as why:
            words = _("“%(value)s”: %(why)s") % {"value": typed, "why": tax_id_words(str(why), country)}
            problems.append(row.problem("tax_id", words))
    return replace(row, values=values)


def place_of(row: Row, places: RowPlaces, problems: list[Problem]) -> dict[str, Any]:
    """Municipality for Brazil, else city and region in words; and the postal code."""
    country, found = row.get("country"), dict[str, Any]()
    if country == "BR":
        if municipality := places.of_row(row, problems):
            found["municipality"] = municipality
    else:
        found = {
            name: " ".join(str(said).split())
            for name, said in (("city", row.get("municipality")), ("region", row.get("state")))
            if said
        }
    if code := row.get("postal_code"):
        try:
            found["postal_code"] = read_postal_code(code, country)
        except InvalidValue as problem:
            problems.append(row.problem("postal_code", problem.words()))
    return found


def phone_of(values: Mapping[str, Any], country: str) -> str:
    """A telephone as it is kept; what is no number stays as it is written: nobody is left out for it."""
    return phones.kept(str(values.get("phone") or ""), country)
