# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the later stages ask to be done next on a round's page, and the panels they show there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mutirao.governance.models import Entitlement, Motion
from mutirao.kernel.actors import Actor
from mutirao.purchasing import permissions
from mutirao.purchasing.models import AwardScenario, CostShare, PurchaseOrder, PurchaseRound
from mutirao.purchasing.operations.approval import MOTION_SOURCE
from mutirao.purchasing.queries.rounds import RoundPage
from mutirao.purchasing.views.base import BOUGHT, sees_purchase
from mutirao.purchasing.views.panels import Step, next_step, panel

State = PurchaseRound.State


@next_step(State.QUOTING)
def _compare_or_quote(actor: Actor, page: RoundPage) -> Step | None:
    if not actor.can(permissions.AWARD, page.round):
        return None
    if not page.has_needs:
        why = _("Ninguém pediu nada: reabra os pedidos com um novo prazo, ou cancele a rodada.")
        return Step(_("Reabrir os pedidos"), "round_reopen", "undo", hint=why)
    if not page.quote_count:
        return Step(_("Cadastrar uma cotação"), "quote_new", "quotes")
    return Step(_("Comparar as cotações"), "award", "award")


@next_step(State.APPROVAL)
def _answer(actor: Actor, page: RoundPage) -> Step | None:
    return Step(_("Ver a aprovação"), "award", "approval")


@next_step(State.APPROVED, State.ORDERED)
def _order(actor: Actor, page: RoundPage) -> Step | None:
    if not actor.can(permissions.ORDER, page.round):
        return None
    rows = list(PurchaseOrder.objects.filter(round=page.round).values_list("state", "number"))
    if not rows:
        return Step(_("Preparar os pedidos"), "orders", "order")
    if any(state == PurchaseOrder.State.PREPARED for state, _number in rows):
        return Step(_("Enviar os pedidos"), "orders", "order")
    waiting = [number for state, number in rows if state == PurchaseOrder.State.SENT]
    if len(waiting) == 1:
        return Step(_("Registrar o que chegou"), "receive", "receipt", kwargs=(("order_number", waiting[0]),))
    return Step(_("Registrar o que chegou"), "orders", "receipt")


@next_step(State.RECEIVED)
def _charge(actor: Actor, page: RoundPage) -> Step | None:
    if actor.can(permissions.CHARGE, page.round):
        return Step(_("Repartir os custos e cobrar"), "costs", "charge")
    return Step(_("Ver quem recebe o quê"), "distribution", "receipt")


@next_step(State.CHARGED, State.SETTLED)
def _account(actor: Actor, page: RoundPage) -> Step | None:
    return Step(_("Ver a prestação de contas"), "accountability", "ledger")


@panel("purchasing/rounds/_stage_award.html")
def _award_panel(actor: Actor, page: RoundPage) -> Any:
    scenario = AwardScenario.objects.filter(round=page.round, is_chosen=True).first()
    motion = Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=page.round.pk).first()
    if scenario is None and motion is None:
        return None
    waiting = []
    if motion is not None and motion.state == Motion.State.OPEN:
        waiting = list(
            Entitlement.objects.filter(motion=motion, enterprise_id__in=actor.enterprise_ids, answer="").select_related(
                "enterprise"
            )
        )
    return {
        "scenario": scenario, "motion": motion, "waiting": waiting, "round": page.round,
        "sees_purchase": sees_purchase(actor, page.round),
        "is_ordered": page.round.state in BOUGHT and page.round.state != PurchaseRound.State.APPROVED,
    }  # fmt: skip


@panel("purchasing/rounds/_stage_orders.html")
def _orders_panel(actor: Actor, page: RoundPage) -> Any:
    rows = list(PurchaseOrder.objects.filter(round=page.round).select_related("supplier"))
    return {"orders": rows, "round": page.round} if rows else None


@panel("purchasing/rounds/_stage_costs.html")
def _costs_panel(actor: Actor, page: RoundPage) -> Any:
    if page.round.state not in BOUGHT:
        return None
    own = list(
        CostShare.objects.filter(
            round=page.round, participation__enterprise_id__in=actor.enterprise_ids
        ).select_related("participation__enterprise")
    )
    return {"own": own, "round": page.round, "may_charge": actor.can(permissions.CHARGE, page.round)}
