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
from django.utils.translation import gettext_lazy as _lazy

from mutirao.kernel import clock, formats, tenancy
from mutirao.kernel.errors import Words
from mutirao.kernel.models import AuditEntry
from mutirao.network import personal, roles, trail
from mutirao.network.models import Person

_SECRET = re.compile(r"password|token|secret|hash|digest|^key$|^salts$|^folded$|p256dh|^auth$|endpoint|session_key")
_TITLES: dict[str, Words] = {
    "network.Person": _lazy("sua conta"),
    "network.RoleAssignment": _lazy("papéis que você tem ou teve"),
    "network.Contact": _lazy("contatos de empreendimentos com o seu e-mail"),
    "network.Invitation": _lazy("convites"),
    "network.Delegation": _lazy("papéis deixados com você"),
    "network.SecondFactorReset": _lazy("pedidos de refazer a confirmação em duas etapas"),
    "account.EmailAddress": _lazy("endereços de e-mail"),
    "usersessions.UserSession": _lazy("aparelhos"),
    "network.AccessToken": _lazy("programas que entram em seu nome"),
    "governance.Motion": _lazy("propostas que você apresentou"),
    "governance.Entitlement": _lazy("votações em que você respondeu"),
    "governance.GivenAnswer": _lazy("respostas que você deu"),
    "payments.Payment": _lazy("pagamentos que você registrou"),
    "payments.BankStatement": _lazy("extratos que você enviou"),
    "purchasing.Participation": _lazy("necessidades que você respondeu"),
    "purchasing.QuoteRequest": _lazy("cotações que você pediu"),
    "purchasing.Receipt": _lazy("entregas que você recebeu"),
    "memory.Moment": _lazy("momentos que você contou"),
    "notices.Notice": _lazy("avisos"),
    "notices.Preference": _lazy("como você quer ser avisada ou avisado"),
    "notices.Device": _lazy("aparelhos que recebem avisos"),
}
_COLUMNS: dict[str, Words] = {
    "id": _lazy("número"),
    "network": _lazy("rede"),
    "person": _lazy("pessoa nº"),
    "user": _lazy("pessoa nº"),
    "enterprise": _lazy("empreendimento"),
    "last_login": _lazy("última entrada"),
    "is_active": _lazy("conta aberta"),
    "is_operator": _lazy("cuida da instalação"),
    "joined_at": _lazy("conta desde"),
    "created_at": _lazy("feito em"),
    "last_seen_at": _lazy("visto por último"),
    "ip": _lazy("endereço na internet"),
    "user_agent": _lazy("navegador"),
    "at": _lazy("quando"),
    "expires_at": _lazy("vale até"),
    "accepted_at": _lazy("aceito em"),
}


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


def _section(model: type[models.Model], rows: models.QuerySet[Any]) -> Section:
    fields = [field for field in model._meta.concrete_fields if not _SECRET.search(field.name)]
    columns = [(field.name, str(_COLUMNS.get(field.name, field.verbose_name))) for field in fields]
    content = [{field.name: _plain(row, field) for field in fields} for row in rows]
    return Section(model._meta.label, _title(model), columns, content)


def _title(model: type[models.Model]) -> str:
    """What the rows are called: as in the trail, or by the table below."""
    known = _TITLES.get(model._meta.label) or trail.subject_of(model._meta.label_lower).label
    return str(model._meta.verbose_name if known == model._meta.label_lower else known)


def _plain(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = field.value_from_object(row)
    if value is None or isinstance(value, bytes | memoryview):
        return None
    if field.is_relation and field.related_model is not Person:  # other people are told by number only
        return {"id": value, "name": str(getattr(row, field.name))}
    if isinstance(field, models.FileField):
        return str(value)
    if field.name == "role":
        return {"id": value, "name": str(roles.label(value))}
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
