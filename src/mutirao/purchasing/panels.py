# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rounds put on pages of the modules below: on an enterprise's, the rules', the trail's, the search's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import search
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.network import panels, roles, trail, workload
from mutirao.network.models import Enterprise
from mutirao.purchasing import permissions
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseOrder, PurchaseRound, Quote
from mutirao.purchasing.queries.rounds import rounds_visible_to
from mutirao.purchasing.views.words import ACTS

SHOWN = 6
SEARCHED = 2000
"""Rounds that are looked through, the newest first; a network that buys weekly fills them in 38 years."""


def rounds_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """The last rounds an enterprise was asked in, and what it answered."""
    if not actor.can(permissions.SEE_ROUNDS, enterprise):
        return None
    rows = Participation.objects.filter(enterprise=enterprise, round__in=rounds_visible_to(actor).values("pk"))
    latest = rows.select_related("round", "share").order_by("-round__number")[:SHOWN]
    return panels.Panel(_("Rodadas de compra"), "purchasing/_enterprise_panel.html", {"participations": latest})


def find_rounds(actor: Actor, terms: search.Terms, limit: int) -> Sequence[search.Hit]:
    """Rounds whose name or number has the words."""
    rows = rounds_visible_to(actor).order_by("-number").values_list("number", "title", "state")[:SEARCHED]
    hits = []
    for number, title, state in rows:
        text = fold(f"{number} {title}")
        if all(word in text for word in terms.words):
            said = str(PurchaseRound.State(state).label)
            hits.append(search.Hit(title, "purchasing:round", {"number": number}, said))
    return hits[:limit]


TEAM_STATES = (
    PurchaseRound.State.DRAFT,
    PurchaseRound.State.QUOTING,
    PurchaseRound.State.APPROVED,
    PurchaseRound.State.ORDERED,
    PurchaseRound.State.RECEIVED,
)
"""A round in one of these waits for a step of the team."""


def rounds_to_run(actor: Actor) -> list[workload.Load]:
    """How many rounds wait for the purchasing team."""
    if not actor.can_somewhere(permissions.SEE_ROUNDS):
        return []
    many = PurchaseRound.objects.filter(state__in=TEAM_STATES).count()
    return [workload.Load(roles.PURCHASING, many, _("rodadas à espera de um passo da equipe"), "purchasing:rounds")]


def _round_key(subject_id: str) -> dict[str, object]:
    number = PurchaseRound.objects.filter(pk=subject_id).values_list("number", flat=True).first()
    return {"number": number or 0}


def _order_key(subject_id: str) -> dict[str, object]:
    rows = PurchaseOrder.objects.filter(pk=subject_id).annotate(of_round=F("round__number"))
    found = rows.values_list("of_round", "number").first()
    return {"number": found[0], "order_number": found[1]} if found else {"number": 0, "order_number": "0"}


def _participation_key(subject_id: str) -> dict[str, object]:
    found = Participation.objects.filter(pk=subject_id).values_list("round__number", "enterprise_id").first()
    return {"number": found[0], "enterprise_id": found[1]} if found else {}


def _quote_key(subject_id: str) -> dict[str, object]:
    number = Quote.objects.filter(pk=subject_id).values_list("round__number", flat=True).first()
    return {"number": number, "quote_id": subject_id} if number else {}


def _place_key(subject_id: str) -> dict[str, object]:
    return {"place_id": subject_id} if DeliveryPlace.objects.filter(pk=subject_id).exists() else {}


panels.register("enterprise", rounds_of_enterprise, order=20)
workload.register(rounds_to_run)
panels.register_settings(
    "purchasing:settings",
    _("Regras de compra e locais de entrega"),
    _("Como repartir o que falta e o frete, que peso tem a economia solidária, quem aprova, onde se entrega."),
    permissions.EDIT_SETTINGS,
)
search.register("round", find_rounds, label=_("Rodadas"), order=10)
trail.describe(
    acts={
        **{act: words for act, (words, _icon, _tone) in ACTS.items()},
        "purchasing.place_added": _("Acrescentou um local de entrega"),
        "purchasing.place_edited": _("Mudou um local de entrega"),
        "purchasing.place_removed": _("Apagou um local de entrega"),
        "purchasing.settings_changed": _("Mudou as regras de compra"),
    },
    fields={
        "total_minor": _("total"), "from_state": _("estava"), "told_by": _("quem disse"), "kind": _("maneira"),
        "differences": _("diferenças"), "orders": _("pedidos"), "shares": _("partes"),
        "copied_from": _("a partir da rodada"), "products": _("produtos"), "totals": _("totais"),
        "status": _("resultado"), "problems": _("problemas"), "motion": _("decisão"), "version": _("versão"),
        "suppliers": _("fornecedores"), "origin": _("quem cadastrou"), "files": _("arquivos"),
    },
    subjects={
        "purchasing.purchaseround": trail.Subject(_("rodada"), "purchasing:round", _round_key),
        "purchasing.purchaseorder": trail.Subject(_("pedido a fornecedor"), "purchasing:order", _order_key),
        "purchasing.participation": trail.Subject(
            _("pedido de empreendimento"), "purchasing:need_summary", _participation_key
        ),
        "purchasing.quote": trail.Subject(_("cotação"), "purchasing:quote", _quote_key),
        "purchasing.deliveryplace": trail.Subject(_("local de entrega"), "purchasing:place", _place_key),
        "purchasing.purchasingsettings": trail.Subject(_("regras de compra"), "purchasing:settings", lambda _id: {}),
    },
    values={"total_minor": trail.amount},
)  # fmt: skip
