# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail in words: what each recorded act is called, where its subject is shown, what its data mean.

Each module describes its own acts, once, when its app is ready.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import changes, formats, tenancy
from mutirao.kernel.core.chain import Break
from mutirao.kernel.errors import Words
from mutirao.kernel.models import AuditEntry
from mutirao.network import modules, permissions, roles
from mutirao.network.models import Enterprise, Network

Key = Callable[[str], Mapping[str, Any]]


def amount(minor: int | None) -> str:
    """An amount that the trail kept in minor units, in words: in the active network's currency."""
    if minor is None:
        return ""
    rows = Network.objects.filter(pk=tenancy.active_network_id() or 0).values_list("currency", flat=True)
    return formats.money(int(minor), rows.first() or "BRL")


def choice(choices: type[models.TextChoices]) -> Callable[[Any], Words]:
    """What says a kept code in the words of its choices; the code itself where it is of an older program."""
    return lambda code: dict(choices.choices).get(code, str(code))


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of subject: its name, the view that shows one (with the network's slug and `key(id)`), and the act that
    opens the view where not everybody who reads the trail may."""

    label: Words
    view: str = ""
    key: Key = lambda subject_id: {"pk": subject_id}
    act: str = ""


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_acts: dict[str, Words] = {}
_fields: dict[str, Words] = {}
_subjects: dict[str, Subject] = {}
_values: dict[str, Callable[[Any], Words]] = {}

VIAS: dict[str, Words] = {
    "screen": _("tela"), "phone": _("celular"), "link": _("link"), "import": _("importação"), "api": _("API"),
    "command": _("linha de comando"), "example": _("rede de exemplo"), "job": _("automático"),
}  # fmt: skip

_BREAKS: dict[str, Words] = {
    "missing": _("falta o registro nº %(number)s"),
    "unlinked": _("o registro nº %(number)s não está ligado ao anterior"),
    "altered": _("o registro nº %(number)s foi alterado depois de escrito"),
}


def describe(
    *,
    acts: Mapping[str, Words] | None = None,
    fields: Mapping[str, Words] | None = None,
    subjects: Mapping[str, Subject] | None = None,
    values: Mapping[str, Callable[[Any], Words]] | None = None,
) -> None:
    """Give words: recorded act → sentence; key of the data → name; kind of subject ("network.enterprise") → Subject;
    key of the data → function that says its value. A key that means different things in different modules carries its
    own: "memory.kind"."""
    _acts.update(acts or {})
    _fields.update(fields or {})
    _subjects.update(subjects or {})
    _values.update(values or {})


def act_label(code: str) -> str:
    """What a recorded act is called; its code when nobody described it."""
    return str(_acts.get(code, code))


def act_choices() -> list[tuple[str, str]]:
    """Every described act with its words, by words."""
    return sorted(((code, str(words)) for code, words in _acts.items()), key=lambda choice: choice[1].lower())


def described(code: str) -> bool:
    """Whether an act has words."""
    return code in _acts


def subject_of(kind: str) -> Subject:
    """What a kind of subject is; its code when nobody described it."""
    return _subjects.get(kind) or Subject(kind)


def subject_choices() -> list[tuple[str, str]]:
    """Every described kind of subject with its words."""
    return sorted(((kind, str(subject.label)) for kind, subject in _subjects.items()), key=lambda c: c[1].lower())


_AUTHORITY = frozenset({"acting_as", "acting_for", "in_place_of", "in_place_of_id"})
"""What the trail says of the role in which something was done; told beside who did it (see `by_whom`)."""


def by_whom(entry: AuditEntry) -> str:
    """In which role somebody did it, and in whose place: "no lugar de Rosa, como Tesouraria"; older entries, which do
    not tell, name the roles that the person held."""
    role = entry.data.get("acting_as")
    if role is None:
        return ", ".join(str(roles.label(code)) for code in entry.actor_roles.split(", ") if code)
    words = {"role": roles.label(str(role)), "away": entry.data.get("in_place_of", "")}
    if words["away"]:
        return _now("no lugar de %(away)s, como %(role)s") % words
    return _now("como %(role)s") % words


def data_rows(entry: AuditEntry) -> list[tuple[str, str]]:
    """What an entry carries, as (name, words)."""
    rows: list[tuple[str, str]] = []
    module = _module(entry)
    for key, value in entry.data.items():
        if key in _AUTHORITY:
            continue
        if key == "changes" and isinstance(value, dict):
            for name, pair in value.items():
                before, after = pair if isinstance(pair, list) and len(pair) == 2 else ("", pair)
                told = f"{_said(name, before, module)} → {_said(name, after, module)}"
                rows.append((_name(name, module), told))
        elif value not in (None, "", [], {}):
            rows.append((_name(key, module), _said(key, value, module)))
    return rows


def _module(entry: AuditEntry) -> str:
    return entry.act.partition(".")[0]


def field_name(key: str, module: str) -> str:
    """What a key of the data, or a column of the same name, is called in a module; the key where nobody named it."""
    return _name(key, module)


def _name(key: str, module: str) -> str:
    return str(_fields.get(f"{module}.{key}") or _fields.get(key, key))


def _said(key: str, value: Any, module: str) -> str:
    if value is None or value == "":
        return "–"
    if words := _values.get(f"{module}.{key}") or _values.get(key):
        return str(words(value))
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):  # somebody's number that only looks like a day
            return formats.date(dt.date.fromisoformat(value))
    if isinstance(value, bool):
        return _now("sim") if value else _now("não")
    if isinstance(value, list):
        return ", ".join(_said("", item, module) for item in value) or "–"
    if isinstance(value, dict):
        told = (f"{_name(name, module)}: {_said(name, item, module)}" for name, item in value.items())
        return "; ".join(told) or "–"
    return str(value)


def said(entry: AuditEntry) -> str:
    """One sentence for an entry: what was done and, for an edit, what became of each field."""
    edited = entry.data.get("changes")
    if not isinstance(edited, dict) or not edited:
        return act_label(entry.act)
    pairs = [pair if isinstance(pair, list) and len(pair) == 2 else ["", pair] for pair in edited.values()]
    module = _module(entry)
    told = [
        f"{_name(name, module)}: {_said(name, before, module)} → {_said(name, after, module)}"
        for name, (before, after) in zip(edited, pairs, strict=True)
    ]
    return f"{act_label(entry.act)} ({'; '.join(told)})"


def break_words(found: Break) -> str:
    """Where the chain does not hold, in words."""
    return str(_BREAKS.get(found.problem, found.problem)) % {"number": found.sequence}


changes.say_changes_with(said)


def _role_words(code: Any) -> Words:
    return roles.label(str(code))


def _standing_words(code: Any) -> Words:
    return dict(Enterprise.Standing.choices).get(str(code), str(code))


def _roles_words(codes: Any) -> Words:
    return ", ".join(str(roles.label(str(code))) for code in codes) or "–"


def _parts_words(codes: Any) -> Words:
    return ", ".join(str(modules.label(str(code))) for code in codes) or "–"


describe(
    acts={
        "network.created": _("Criou a rede"),
        "network.edited": _("Mudou os dados da rede"),
        "network.enterprise_added": _("Cadastrou um empreendimento"),
        "network.enterprise_edited": _("Mudou os dados de um empreendimento"),
        "network.enterprise_deactivated": _("Tirou um empreendimento das rodadas"),
        "network.enterprise_reactivated": _("Trouxe um empreendimento de volta"),
        "network.standing_changed": _("Mudou a situação de um empreendimento na rede"),
        "network.founder_recognised": _("Reconheceu um fundador pela ata"),
        "network.founding_closed": _("Encerrou a fundação da rede"),
        "network.contact_added": _("Acrescentou um contato"),
        "network.contact_edited": _("Mudou um contato"),
        "network.contact_removed": _("Apagou um contato"),
        "network.value_chain_added": _("Criou uma cadeia produtiva"),
        "network.territory_added": _("Criou um território"),
        "network.role_granted": _("Deu um papel"),
        "network.role_ended": _("Encerrou um papel"),
        "network.invited": _("Fez um convite"),
        "network.invitation_accepted": _("Aceitou um convite"),
        "network.invitation_revoked": _("Cancelou um convite"),
        "network.account_opened": _("Abriu uma conta"),
        "network.dismissed": _("Desligou uma pessoa da rede"),
        "network.account_closed": _("Fechou uma conta"),
        "network.account_reopened": _("Reabriu uma conta"),
        "network.role_left": _("Deixou um papel com outra pessoa enquanto está fora"),
        "network.role_taken_back": _("Encerrou uma delegação"),
        "network.session_ended": _("Saiu em um aparelho"),
        "network.sessions_ended": _("Saiu em todos os outros aparelhos"),
        "network.token_made": _("Deu acesso a um programa"),
        "network.token_ended": _("Encerrou o acesso de um programa"),
        "network.tokens_ended": _("Encerrou o acesso de todos os seus programas"),
        "network.account_rules_edited": _("Mudou as regras de proteção das contas"),
        "network.second_factor_reset_asked": _("Pediu para refazer a confirmação em duas etapas de alguém"),
        "network.second_factor_reset_confirmed": _("Confirmou o pedido de refazer a confirmação em duas etapas"),
        "network.second_factor_reset_stopped": _("Parou o pedido de refazer a confirmação em duas etapas"),
        "network.second_factor_reset_done": _("Refez a confirmação em duas etapas, pedida por duas pessoas"),
        "network.second_factor_undone": _("Desfez a confirmação em duas etapas, pela instalação"),
        "network.email_change_asked": _("Pediu para trocar o próprio e-mail"),
        "network.address_proved": _("Provou que o e-mail é seu"),
        "network.email_changed": _("Trocou o próprio e-mail"),
        "network.own_data_edited": _("Mudou os próprios dados"),
        "network.municipalities_imported": _("Importou a lista de municípios"),
    },
    fields={
        "name": _("nome"), "slug": _("endereço curto"), "about": _("sobre a rede"), "time_zone": _("fuso horário"),
        "legal_form": _("forma"), "tax_id_kind": _("registro"), "tax_id": _("número do registro"),
        "activity": _("o que faz"), "value_chain": _("cadeia produtiva"), "territory": _("território"),
        "country": _("país"), "currency": _("moeda"), "city": _("cidade"), "region": _("estado ou região"),
        "postal_code": _("código postal"), "website": _("site"),
        "municipality": _("município"), "address": _("endereço"), "latitude": _("latitude"),
        "longitude": _("longitude"), "member_count": _("pessoas que participam"), "founded_on": _("começou em"),
        "notes": _("observações"), "contact": _("contato"), "duty": _("função"), "phone": _("telefone"),
        "email": _("e-mail"), "person": _("pessoa"), "role": _("papel"), "enterprise": _("empreendimento"),
        "since": _("desde"), "expires_at": _("vale até"), "language": _("idioma"), "total": _("total"),
        "standing_before": _("situação antes"), "standing_after": _("situação"), "on": _("desde o dia"),
        "minutes_on": _("ata de"), "minutes_kept": _("onde está a ata"),
        "added": _("novos"), "changed": _("alterados"), "reason": _("motivo"),
        "acting_as": _("no papel de"), "in_place_of": _("no lugar de"), "until": _("até o dia antes de"),
        "days": _("dias"), "reads_only": _("só lê"),
        "task": _("o que faz"), "parts": _("partes do programa"), "roles": _("papéis"),
        "second_factor_roles": _("papéis que pedem a confirmação em duas etapas"),
        "grace_days": _("prazo em dias"), "reset_wait_hours": _("espera em horas"),
        "confirm_after_days": _("dias na coordenação para pedir e confirmar"), "not_before": _("não antes de"),
    },
    subjects={
        "network.network": Subject(_("rede"), "network:settings", lambda _id: {}, permissions.EDIT_NETWORK),
        "network.enterprise": Subject(_("empreendimento"), "network:enterprise"),
        "network.person": Subject(_("pessoa"), "network:person"),
        "network.roleassignment": Subject(_("papel")),
        "network.delegation": Subject(_("delegação"), "network:team", lambda _id: {}),
        "network.secondfactorreset": Subject(_("pedido sobre a confirmação em duas etapas")),
        "network.invitation": Subject(_("convite")),
        "network.territory": Subject(_("território")),
        "network.valuechain": Subject(_("cadeia produtiva")),
    },
    values={
        "role": _role_words, "roles": _roles_words, "second_factor_roles": _roles_words, "parts": _parts_words,
        "standing_before": _standing_words, "standing_after": _standing_words,
    },
)  # fmt: skip
