# SPDX-License-Identifier: AGPL-3.0-or-later
"""What memory puts on an enterprise's page, and on the trail's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.memory import permissions, queries
from mutirao.memory.booklet import when
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.network import panels, trail
from mutirao.network.models import Enterprise

SHOWN = 5


def memory_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """The latest moments of an enterprise."""
    if not actor.can_somewhere(permissions.SEE_MEMORY):
        return None
    context = {
        "moments": [(row, when(row)) for row in queries.timeline(actor, enterprise=enterprise)[:SHOWN]],
        "may_write": queries.may_write_for(actor, enterprise),
    }
    return panels.Panel(_("Memória"), "memory/_enterprise_panel.html", context)


def _kind(code: str) -> Words:
    return {**dict(Moment.Kind.choices), **dict(Keepsake.Kind.choices)}.get(code, code)


def _changed(names: list[str]) -> str:
    words = {field.name: field.verbose_name for model in (Keepsake, Moment) for field in model._meta.fields}
    words |= {"enterprise": _("empreendimento"), "precision": _("quando")}
    return ", ".join(dict.fromkeys(str(words.get(name, name)) for name in names))


panels.register("enterprise", memory_of_enterprise, order=80)
trail.describe(
    acts={
        "memory.written": _("Contou um momento"),
        "memory.edited": _("Mudou um momento"),
        "memory.published": _("Publicou um momento"),
        "memory.taken_back": _("Recolheu um momento"),
        "memory.deleted": _("Apagou um rascunho de memória"),
        "memory.kept": _("Guardou uma foto, documento ou áudio"),
        "memory.keepsake_edited": _("Mudou a descrição de um arquivo"),
        "memory.keepsake_erased": _("Apagou uma foto, documento ou áudio"),
        "memory.person_named": _("Disse quem aparece"),
        "memory.person_forgotten": _("Tirou o nome de quem aparecia"),
        "memory.consent_given": _("Anotou uma autorização de imagem"),
        "memory.consent_withdrawn": _("Anotou que uma autorização foi retirada"),
    },
    fields={
        "memory.kind": _("o que é"), "memory.changed": _("o que mudou"), "memory.how": _("como autorizou"),
        "memory.scope": _("até onde pode ir"), "fingerprint": _("impressão digital do arquivo"),
        "portrayal": _("pessoa nº"),
    },
    values={
        "memory.kind": _kind, "memory.changed": _changed, "memory.how": trail.choice(Portrayal.How),
        "memory.scope": trail.choice(Portrayal.Scope),
    },
    subjects={"memory.moment": trail.Subject(_("momento"), "memory:moment")},
)  # fmt: skip
