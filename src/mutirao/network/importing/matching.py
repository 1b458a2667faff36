# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recognising what is there already: by registration, else by name whatever accents and capitals."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.kernel.core.text import fold
from mutirao.network.core import tax_ids
from mutirao.network.importing.plans import Problem, Row

MAX_GUESSES = 40
"""Names for which something similar is looked for; beyond it the file is simply another one."""

M = TypeVar("M", bound=models.Model)


class Known(Generic[M]):
    """The things of one kind in the active network: rows with `name`, `folded` and `tax_id`."""

    def __init__(self, rows: Iterable[M]) -> None:
        self._guesses = 0
        self.by_tax_id: dict[tuple[str, str], M] = {}
        """By country and number."""
        self._by_number: dict[str, M] = {}
        self.by_name: dict[str, M] = {}
        for row in rows:
            self.by_name[_said(row, "folded")] = row
            if number := _said(row, "tax_id"):
                self.by_tax_id[_said(row, "country"), number] = row
                self._by_number[number] = row

    def named(self, text: str) -> M | None:
        """The one of a name or a registration number in any writing."""
        found = self.by_name.get(fold(text))
        return found if found is not None else self._by_number.get(tax_ids.compact(text))

    def like(self, text: str) -> str:
        """Up to three names that resemble what was written, as words; empty when none does."""
        self._guesses += 1
        if self._guesses > MAX_GUESSES:
            return ""
        near = difflib.get_close_matches(fold(text), self.by_name, n=3, cutoff=0.7)
        return ", ".join(f"“{_said(self.by_name[key], 'name')}”" for key in near)

    def matching(self, row: Row, problems: list[Problem]) -> M | None:
        """The one that a row with `name` and perhaps `tax_id` means; what contradicts becomes a problem."""
        tax_id: tax_ids.TaxId | None = row.get("tax_id")
        by_name = self.by_name.get(fold(row.get("name")))
        if tax_id is None:
            return by_name
        by_tax_id = self.by_tax_id.get((row.get("country") or "BR", tax_id.number))
        if by_tax_id is not None and by_name is not None and by_tax_id.pk != by_name.pk:
            words = _("este registro é de “%(one)s”, e este nome já é de outro cadastro.")
            problems.append(row.problem("tax_id", words % {"one": _said(by_tax_id, "name")}))
        other = _said(by_name, "tax_id") if by_name is not None else ""
        if by_tax_id is None and other and other != tax_id.number:
            words = _("“%(name)s” já está cadastrado com outro registro: %(tax_id)s.")
            params = {"name": _said(by_name, "name"), "tax_id": tax_ids.veiled(other, _said(by_name, "tax_id_kind"))}
            problems.append(row.problem("tax_id", words % params))
        return by_tax_id if by_tax_id is not None else by_name


def _said(row: models.Model | None, name: str) -> str:
    return str(getattr(row, name))


def same_said(one: Any, other: Any) -> bool:
    """Whether two values say the same, texts whatever accents and capitals."""
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return bool(one == other)


def merge(
    known: MutableMapping[str, Any],
    values: Mapping[str, Any],
    *,
    row: Row,
    first: int,
    label: str,
    problems: list[Problem],
) -> bool:
    """Add what a further row says about a thing of row `first`; False, with a problem, where it contradicts."""
    for name, value in values.items():
        said = known.get(name)
        if said is None:
            known[name] = value
        elif value is not None and not same_said(said, value):
            words = _("“%(label)s” já está na linha %(first)s, e aqui diz outra coisa.")
            problems.append(row.problem(name, words % {"label": label, "first": first}))
            return False
    return True


def repeated(rows: Sequence[int]) -> list[str]:
    """What to tell about rows that say again what earlier ones said; nothing where there are none."""
    if not rows:
        return []
    shown = ", ".join(str(row) for row in rows[:10]) + ("…" if len(rows) > 10 else "")
    words = ngettext(
        "Uma linha repete outra e conta uma vez só: %(rows)s.",
        "%(count)s linhas repetem outras e contam uma vez só: %(rows)s.",
        len(rows),
    )
    return [words % {"count": len(rows), "rows": shown}]
