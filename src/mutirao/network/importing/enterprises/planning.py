# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rows of a sheet would do to the network's enterprises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.core.text import fold
from mutirao.network.core import standing, tax_ids
from mutirao.network.importing.abroad import at_home, phone_of, place_of
from mutirao.network.importing.enterprises.columns import (
    COLUMNS,
    CONTACT_COLUMNS,
    MINUTES,
    TYPES,
    guess_legal_form,
)
from mutirao.network.importing.matching import Known, merge
from mutirao.network.importing.places import RowPlaces
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Row, difference_words
from mutirao.network.importing.registry import Context
from mutirao.network.models import Contact, Enterprise, Network, Territory, ValueChain


@dataclass(slots=True)
class Wanted:
    """One enterprise as the file says it, gathered from its rows."""

    row: Row
    values: dict[str, Any]
    """Model fields said by the file, resolved; `value_chain` and `territory` by name."""
    contacts: list[dict[str, str]] = field(default_factory=list)
    existing: Enterprise | None = None


class _Planner:
    def __init__(self, network: Network) -> None:
        self.plan = ImportPlan()
        self.country = network.country
        self.founding_closed_on = network.founding_closed_on
        self.known: Known[Enterprise] = Known(
            Enterprise.objects.select_related("value_chain", "territory", "municipality")
        )
        self.contacts: dict[int, list[Contact]] = {}
        for contact in Contact.objects.all():
            self.contacts.setdefault(contact.enterprise_id, []).append(contact)
        self.places = RowPlaces()
        self.wanted: dict[object, Wanted] = {}
        self.new_tax_ids: dict[tuple[str, str], Wanted] = {}
        self.labels = {column.field: str(column.label) for column in COLUMNS}
        self.labels |= {"city": self.labels["municipality"], "region": self.labels["state"]}

    def take(self, row: Row) -> None:
        """Put one row with those of its enterprise."""
        before = len(self.plan.problems)
        named = self.known.by_name.get(fold(row.get("name")))
        said = row.get("country")
        country = said or (named.country if named else self.country)
        row = at_home(row, country, self.plan.problems)
        existing = self.known.matching(row, self.plan.problems)
        values = self._values(row)
        if said or existing is None:
            values["country"] = country
        self._move(existing, values)
        if len(self.plan.problems) > before:
            return
        self._check_standing(row, existing, values)
        if len(self.plan.problems) > before:
            return
        tax_id: tax_ids.TaxId | None = row.get("tax_id")
        key: object = existing.pk if existing else fold(values["name"])
        if existing is None and tax_id and (country, tax_id.number) in self.new_tax_ids:
            other = self.new_tax_ids[country, tax_id.number]
            key = fold(other.values["name"])
        known = self.wanted.get(key)
        if known is None:
            known = self.wanted[key] = Wanted(row, values, existing=existing)
            if tax_id and tax_id.number:
                self.new_tax_ids[country, tax_id.number] = known
        elif not merge(
            known.values, values, row=row, first=known.row.number, label=known.values["name"],
            problems=self.plan.problems,
        ):  # fmt: skip
            return
        if contact := self._contact(row):
            known.contacts.append(contact)

    def _values(self, row: Row) -> dict[str, Any]:
        values = {
            name: row.get(name)
            for name in ("name", "legal_form", "activity", "value_chain", "territory", "address", "member_count",
                         "founded_on", "joined_on", "website", "notes")
            if row.get(name) is not None
        }  # fmt: skip
        if not fold(values["name"]):
            self.plan.problems.append(row.problem("name", _("falta o nome.")))
        if tax_id := row.get("tax_id"):
            values |= {"tax_id": tax_id.number, "tax_id_kind": tax_id.kind}
        latitude, longitude = row.get("latitude"), row.get("longitude")
        if (latitude is None) != (longitude is None) and not row.broken & {"latitude", "longitude"}:
            self.plan.problems.append(row.problem("latitude", _("informe latitude e longitude, as duas.")))
        elif latitude is not None and longitude is not None:
            values |= {"latitude": latitude, "longitude": longitude}
        return values | place_of(row, self.places, self.plan.problems)

    @staticmethod
    def _move(existing: Enterprise | None, values: dict[str, Any]) -> None:
        """An enterprise that turns out to be abroad leaves its municipality; one with a municipality needs no city."""
        if existing is None:
            return
        if values.get("country", existing.country) != "BR" and existing.municipality_id is not None:
            values["municipality"] = None
        if values.get("municipality") is not None:
            values |= {name: "" for name in ("city", "region") if getattr(existing, name)}

    def _check_standing(self, row: Row, existing: Enterprise | None, values: dict[str, Any]) -> None:
        """The same rules as the operations: only founders come in as members, with their minutes; no company ever."""
        wanted = row.get("standing")
        if existing is not None and wanted == existing.standing:
            wanted = None
        form = values.get("legal_form") or (existing.legal_form if existing else guess_legal_form(values["name"]))
        told = _standing_problem(wanted, form, existing, row, self.founding_closed_on)
        if told:
            self.plan.problems.append(row.problem(*told))
        elif wanted:
            values["standing"] = wanted
            if wanted == standing.MEMBER:
                values |= {name: row.get(name) for name in MINUTES}

    def _contact(self, row: Row) -> dict[str, str]:
        values = {name: row.get(name) or "" for name in CONTACT_COLUMNS}
        if not any(values.values()):
            return {}
        # Often there is a telephone and nobody's name: then it is the enterprise's own.
        return {
            "name": values["contact_name"] or row.get("name"), "duty": values["duty"],
            "phone": phone_of(values, row.get("country")), "email": values["email"],
        }  # fmt: skip

    def finish(self) -> ImportPlan:
        """Compare what is wanted with what is there."""
        names: dict[str, Wanted] = {}
        for wanted in self.wanted.values():
            name = fold(wanted.values["name"])
            taken = self.known.by_name.get(name)
            if name in names or (taken is not None and taken != wanted.existing):
                words = _("o nome “%(name)s” já é de outro empreendimento.")
                self.plan.problems.append(wanted.row.problem("name", words % {"name": wanted.values["name"]}))
                continue
            names[name] = wanted
            self.plan.changes.append(self._change(wanted) if wanted.existing else self._addition(wanted))
        self._tell_what_is_begun()
        return self.plan

    def _addition(self, wanted: Wanted) -> Change:
        values = wanted.values
        if "legal_form" not in values:
            guessed = guess_legal_form(values["name"])
            if not guessed:
                words = _("diga a forma: %(choices)s.")
                choices = ", ".join(str(label) for label in Enterprise.LegalForm.labels)
                self.plan.problems.append(wanted.row.problem("legal_form", words % {"choices": choices}))
            values["legal_form"] = guessed
        wanted.contacts = _distinct(wanted.contacts, [])
        return Change(Fate.NEW, wanted.row.number, values["name"], payload=wanted)

    def _change(self, wanted: Wanted) -> Change:
        existing = wanted.existing
        assert existing is not None  # noqa: S101 - told by the caller
        told: list[Difference] = []
        for name in list(wanted.values):
            before, after = _shown(existing, name), wanted.values[name]
            if _same(name, before, after):
                del wanted.values[name]
            elif name != "tax_id_kind":
                after_kind = wanted.values.get("tax_id_kind", existing.tax_id_kind)
                before_words = _words(name, before, existing.tax_id_kind)
                told.append(difference_words(self.labels[name], before_words, _words(name, after, after_kind)))
        wanted.contacts = _distinct(wanted.contacts, self.contacts.get(existing.pk, []))
        for contact in wanted.contacts:
            told.append(difference_words(self.labels["contact_name"], "", _contact_words(contact)))
        fate = Fate.CHANGED if told else Fate.UNCHANGED
        return Change(fate, wanted.row.number, existing.name, tuple(told), wanted)

    def _tell_what_is_begun(self) -> None:
        for model, name, words in (
            (ValueChain, "value_chain", _("Cadeias produtivas que serão criadas: %(names)s.")),
            (Territory, "territory", _("Territórios que serão criados: %(names)s.")),
        ):
            there = set(model.objects.values_list("folded", flat=True))
            said = {
                fold(wanted.values[name]): wanted.values[name]
                for wanted in self.wanted.values()
                if wanted.values.get(name)
            }
            if begun := sorted(label for folded, label in said.items() if folded not in there):
                self.plan.remarks.append(words % {"names": ", ".join(begun)})


def _standing_problem(
    wanted: str | None, form: str, existing: Enterprise | None, row: Row, closed_on: dt.date | None
) -> tuple[str, str] | None:
    """Column and words of what is wrong with a standing, or None."""
    if existing is not None and form == standing.COMPANY and existing.standing not in (
        standing.PARTNER, standing.CANDIDATE,
    ):  # fmt: skip
        return "legal_form", _("empresa não pode ser membro da rede; só parceira, para fornecer ou comprar.")
    if wanted is None:
        return None
    if form == standing.COMPANY and wanted != standing.PARTNER:
        return "standing", _("empresa não pode ser membro da rede; só parceira, para fornecer ou comprar.")
    before = existing.standing if existing else standing.CANDIDATE
    if before != wanted and not standing.may_become(before, wanted, legal_form=form):
        words = _("está como “%(before)s”; isso não muda por planilha, e sim em Admissão.")
        return "standing", words % {"before": Enterprise.Standing(before).label}
    if wanted != standing.MEMBER:
        return None
    if closed_on is not None:
        words = _("a rede encerrou sua fundação em %(day)s; quem quer entrar faz um pedido de entrada.")
        return "standing", words % {"day": formats.date(closed_on)}
    for name in MINUTES:
        if not row.get(name):
            return "standing", _("só fundadores entram como membros por planilha: diga o dia da ata e onde ela está.")
    if row.get("founding_minutes_on") > clock.today():
        return "founding_minutes_on", _("a ata não pode ser de um dia que ainda não chegou.")
    return None


def _shown(enterprise: Enterprise, name: str) -> Any:
    value = getattr(enterprise, name)
    return str(value) if isinstance(value, ValueChain | Territory) else value


def _same(name: str, before: Any, after: Any) -> bool:
    if name in ("name", "value_chain", "territory"):
        # A sheet in capitals without accents does not spoil names that were written with care.
        return fold(str(before or "")) == fold(str(after))
    return bool(before == after)


def _words(name: str, value: Any, tax_id_kind: str = "") -> str:
    if value in (None, ""):
        return ""
    if name == "tax_id":
        return tax_ids.veiled(value, tax_id_kind)
    if name == "municipality":
        return str(value)
    return TYPES[name].show(value) if name in TYPES else str(value)


def _contact_words(contact: Mapping[str, str]) -> str:
    return ", ".join(part for part in (contact["name"], contact["duty"], contact["phone"], contact["email"]) if part)


def _digits(phone: str) -> str:
    """The figures that tell a telephone from another, whether or not it was kept with its country's code."""
    return "".join(mark for mark in phone if mark.isdigit())[-10:]


def _distinct(contacts: Sequence[dict[str, str]], there: Sequence[Contact]) -> list[dict[str, str]]:
    """The contacts that are not there yet, each once; the same person by name, telephone or e-mail."""
    marks = {mark for contact in there for mark in _marks(contact.name, contact.phone, contact.email)}
    fresh = []
    for contact in contacts:
        own = _marks(contact["name"], contact["phone"], contact["email"])
        if not own & marks:
            fresh.append(contact)
        marks |= own
    return fresh


def _marks(name: str, phone: str, email: str) -> set[tuple[str, str]]:
    marks = {("name", fold(name)), ("phone", _digits(phone)), ("email", email.lower())}
    return {mark for mark in marks if mark[1]}


def plan_enterprises(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the network's enterprises."""
    planner = _Planner(context.network)
    for row in rows:
        planner.take(row)
    return planner.finish()
