# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that is kept about one person, across networks: to be seen, and taken along as JSON and as a page.

Source: Lei 13.709/2018 (LGPD), art. 18, II and V.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats, tenancy
from mutirao.kernel.models import AuditEntry
from mutirao.network import personal, trail
from mutirao.network.models import Person
from mutirao.site.keeping import words

_SECRET = re.compile(
    r"password|token|secret|hash|digest|^key$|^salts?$|^folded$|^findable$|p256dh|^auth$|endpoint|session_key|browser_key"
)


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one model that speak of the person."""

    label: str
    title: str
    columns: list[tuple[str, str]]
    """(name of the column, its words)."""
    rows: list[dict[str, Any]]

    def named(self) -> list[list[tuple[str, str]]]:
        """The rows as (name, words), without what is empty."""
        return [
            [(words, value) for (_column, words), value in zip(self.columns, row, strict=True) if value != "–"]
            for row in self.shown()
        ]

    def shown(self) -> Iterator[list[str]]:
        """The rows in words."""
        for row in self.rows:
            yield [_shown(row[name]) for name, _words in self.columns]


def sections_about(person: Person) -> list[Section]:
    """Everything kept about a person, by model; empty ones are left out."""
    found = [_section(Person, Person.objects.filter(pk=person.pk))]
    wanted: dict[str, Q] = {}
    for one in personal.declared():
        if one.export and _exists(one.label):
            mine = Q(**{f"{one.column}__iexact": person.email}) if one.by_text else Q(**{one.column: person})
            wanted[one.label] = wanted.get(one.label, Q()) | mine
    with tenancy.unscoped("what a person is told about themselves"):
        for label, query in wanted.items():
            model = apps.get_model(label)
            found.append(_section(model, model._base_manager.filter(query).order_by("pk")))
    return [section for section in [*found, _trail(person)] if section.rows]


def _exists(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def told_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that a person is told: all but secrets and what only the program needs."""
    return [field for field in model._meta.concrete_fields if not _SECRET.search(field.name)]


def _section(model: type[models.Model], rows: models.QuerySet[Any]) -> Section:
    fields = told_of(model)
    columns = [(field.name, words.column(field)) for field in fields]
    content = [{field.name: _plain(row, field) for field in fields} for row in rows]
    return Section(model._meta.label, words.title(model), columns, content)


def _plain(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = field.value_from_object(row)
    if value is None or isinstance(value, bytes | memoryview):
        return None
    if field.is_relation and field.related_model is not Person:  # other people are told by number only
        return {"id": value, "name": str(getattr(row, field.name))}
    if isinstance(field, models.FileField):
        return str(value)
    if (said := words.value(field, value)) is not None:
        return {"id": value, "name": said}
    if field.flatchoices:
        return {"id": value, "name": str(dict(field.flatchoices).get(value, value))}
    return value


def _trail(person: Person) -> Section:
    """What the person did and what was done about their account, from every network's trail."""
    mine = Q(actor_person_id=person.pk) | Q(subject_kind="network.person", subject_id=str(person.pk))
    entries = AuditEntry.objects.filter(mine).order_by("at", "pk")
    columns = [("at", _("Quando")), ("network", _("Rede nº")), ("act", _("O que")), ("about", _("Sobre")),
               ("reason", _("Motivo")), ("via", _("Por onde"))]  # fmt: skip
    rows = [
        {"at": entry.at, "network": entry.network_id, "act": trail.act_label(entry.act), "about": entry.subject_label,
         "reason": entry.reason, "via": str(trail.VIAS.get(entry.via, entry.via))}
        for entry in entries.iterator(chunk_size=1000)
    ]  # fmt: skip
    return Section("kernel.AuditEntry", _("O que você fez, e o que mudou na sua conta"), columns, rows)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("sim") if value else _("não")
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.date(value)
    if isinstance(value, dict) and set(value) == {"id", "name"}:
        return str(value["name"])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def file_about(person: Person) -> bytes:
    """A ZIP with dados.json for programs and dados.html for people."""
    sections = sections_about(person)
    told = {
        "format": "mutirao-pessoa-1",
        "made_at": clock.now(),
        "law": "Lei 13.709/2018, art. 18, II e V",
        "data": {section.label: section.rows for section in sections},
    }
    page = render_to_string("keeping/person_file.html", {"person": person, "sections": sections, "moment": clock.now()})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dados.json", json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr("dados.html", page)
    return buffer.getvalue()
