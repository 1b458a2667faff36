# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comparing the ways to buy, and choosing one.

The solver runs outside any transaction; what it found is stored by an operation that first holds the problem against
the rows again: an answer to yesterday's quotes is refused.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import stale
from mutirao.kernel.errors import StaleEdit
from mutirao.kernel.work import emit, operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.core.award.compare import ManualLine, best_single_supplier, evaluate_manual_split
from mutirao.purchasing.core.award.problem import AwardProblem, AwardResult, Reason, Status
from mutirao.purchasing.core.award.solve import award
from mutirao.purchasing.core.costs import Grant, LineCost, ShareRule, share_costs
from mutirao.purchasing.errors import NoQuotes, OverBudget, ScenarioNotPossible, WrongState
from mutirao.purchasing.events import AloneAsked, AwardChosen
from mutirao.purchasing.models import (
    Allocation,
    AwardLine,
    AwardScenario,
    Participation,
    PurchaseRound,
    QuoteLine,
    RoundGood,
)
from mutirao.purchasing.operations.sharing import write_allocations
from mutirao.purchasing.operations.taking import change_round, require_reason, take_round
from mutirao.purchasing.queries.alone import alone_by_participation
from mutirao.purchasing.queries.award import load_award_problem
from mutirao.purchasing.queries.rounds import round_history
from mutirao.purchasing.queries.sharing import kilograms_of, needs_by_good, shares_of

State, Kind = PurchaseRound.State, AwardScenario.Kind
ALONE_AT_ONCE = 300
"""So many enterprises are reckoned alone while somebody waits for the page; more of them in the background."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Found:
    """One scenario as it was computed; `pays` is what each enterprise would pay, by participation id, minor units."""

    kind: str
    result: AwardResult | None
    status: str
    pays: Mapping[int, int]
    details: Mapping[str, Any] = field(default_factory=dict)


def compare(round_: PurchaseRound, *, actor: Actor, time_limit: float = 8.0) -> list[AwardScenario]:
    """Compute the best split, the best single supplier and everyone alone, and store them for the round.

    `time_limit` (seconds) is for the best split; a split drawn by hand stays as it is. With more than `ALONE_AT_ONCE`
    enterprises, everyone alone is reckoned in the background and joins the others when it is ready.

    Raises: NoQuotes; WrongState unless quotes are being compared; StaleEdit when needs or quotes changed meanwhile.
    """
    actor.require(permissions.AWARD, round_)
    problem = load_award_problem(round_)
    if not problem.quotes:
        raise NoQuotes
    best = award(problem, time_limit=time_limit, clock=time.monotonic)
    found = [_found(round_, Kind.BEST, best)]
    single = best_single_supplier(problem, time_limit=max(1.0, time_limit / 4), clock=time.monotonic)
    if single is not None:
        details = {"supplier": int(single.supplier), "complete": single.complete}
        found.append(_found(round_, Kind.SINGLE, single.result, **details))
    many = Participation.objects.filter(round=round_).count() > ALONE_AT_ONCE
    if not many:
        found.append(_alone(round_))
    return store_comparison(round_, problem=problem, found=found, actor=actor, alone_later=many)


def _alone(round_: PurchaseRound) -> Found:
    alone = alone_by_participation(round_)
    return Found(Kind.ALONE, None, Status.FEASIBLE, alone.costs, {"not_possible": sorted(alone.not_possible)})


def add_alone(round_: PurchaseRound, *, actor: Actor) -> AwardScenario | None:
    """Reckon what everyone would pay alone and put it beside what was compared; None when the round has moved on."""
    problem = load_award_problem(round_)
    if round_.state != State.QUOTING or not problem.quotes:
        return None
    found = _alone(round_)
    try:
        return store_comparison(round_, problem=problem, found=[found], actor=actor)[0]
    except (WrongState, StaleEdit):
        return None  # what is compared next asks for it again


@operation
def store_comparison(
    round_: PurchaseRound, *, problem: AwardProblem, found: Sequence[Found], actor: Actor, alone_later: bool = False
) -> list[AwardScenario]:
    """Store what was computed for a problem, in place of what stood there; the choice is open again.

    Raises: WrongState; StaleEdit when the problem is no longer the round's.
    """
    actor.require(permissions.AWARD, round_)
    round_ = take_round(round_, states={State.QUOTING})
    if load_award_problem(round_) != problem:
        raise stale(round_, last=next(iter(round_history(round_, limit=1)), None))
    kinds = [one.kind for one in found] + ([Kind.ALONE] if alone_later else [])
    AwardScenario.objects.filter(round=round_, kind__in=kinds).delete()
    rows = [_store(round_, one) for one in found]
    if alone_later:
        emit(AloneAsked(network_id=round_.network_id, round_id=round_.pk))
    record(
        actor, "purchasing.compared", round_,
        status=rows[0].status if rows else "", totals={str(row.kind): row.total_minor for row in rows},
    )  # fmt: skip
    return rows


@operation
def draw_split(round_: PurchaseRound, *, packs: Mapping[int, int], actor: Actor) -> AwardScenario:
    """Store a split drawn by hand: packs by quote line id. Its problems are kept with it, in codes.

    Raises: WrongState; ValueError for a negative number of packs.
    """
    actor.require(permissions.AWARD, round_)
    round_ = take_round(round_, states={State.QUOTING})
    problem = load_award_problem(round_)
    lines = QuoteLine.objects.filter(pk__in=packs, quote__round=round_)
    drawn = evaluate_manual_split(
        problem,
        [ManualLine(str(line.quote_id), str(line.good_id), packs[line.pk], key=str(line.pk)) for line in lines],
    )
    AwardScenario.objects.filter(round=round_, kind=Kind.MANUAL).delete()
    problems = [_plain(reason) for reason in drawn.problems]
    row = _store(round_, _found(round_, Kind.MANUAL, drawn.result, problems=problems))
    record(actor, "purchasing.split_drawn", round_, total_minor=row.total_minor, problems=len(problems))
    return row


@operation
def choose(
    round_: PurchaseRound, *, kind: str, reason: str, actor: Actor, seen_version: int | None = None
) -> AwardScenario:
    """Choose a scenario, with the reason when it is not the best or goes beyond the budget; plan who gets what.

    Raises: WrongState, StaleEdit; ScenarioNotPossible for one with problems; OverBudget, ReasonMissing without words.
    """
    actor.require(permissions.AWARD, round_)
    round_ = take_round(round_, states={State.QUOTING}, seen_version=seen_version)
    scenario: AwardScenario | None = AwardScenario.objects.filter(round=round_, kind=kind).first()
    if scenario is None or kind == Kind.ALONE or not scenario.lines.exists():
        raise ScenarioNotPossible(why=_("não há nada a comprar."))
    if scenario.details.get("problems"):
        raise ScenarioNotPossible(why=_("veja os problemas apontados nela."))
    reason = reason.strip()
    if round_.budget_minor is not None and scenario.total_minor > round_.budget_minor and not reason:
        raise OverBudget(
            total=formats.money(scenario.total_minor, round_.currency),
            budget=formats.money(round_.budget_minor, round_.currency),
        )
    if kind != Kind.BEST:
        reason = require_reason(reason)
    AwardScenario.objects.filter(round=round_, is_chosen=True).update(is_chosen=False, chosen_reason="")
    scenario.is_chosen, scenario.chosen_reason = True, reason
    scenario.save(update_fields=["is_chosen", "chosen_reason"])
    bought: dict[int, Decimal] = defaultdict(Decimal)
    for line in scenario.lines.select_related("quote_line"):
        bought[line.quote_line.good_id] += line.quantity
    write_allocations(round_, bought, stage=Allocation.Stage.PLANNED)
    change_round(round_)
    record(actor, "purchasing.chosen", round_, reason=reason, kind=kind, total_minor=scenario.total_minor)
    emit(AwardChosen(network_id=round_.network_id, round_id=round_.pk, scenario_id=scenario.pk))
    return scenario


def _found(round_: PurchaseRound, kind: str, result: AwardResult, **details: Any) -> Found:
    return Found(
        kind=kind,
        result=result,
        status=str(result.status),
        pays=payments_under(round_, result) if result.orders else {},
        details={
            "freight": {order.supplier: order.freight for order in result.orders},
            "unserved": {one.item: format(one.quantity, "f") for one in result.unserved},
            **details,
        },
    )


def payments_under(round_: PurchaseRound, result: AwardResult) -> dict[int, int]:
    """What each enterprise would pay if a result were bought and came whole, by participation id, minor units."""
    bought: dict[int, Decimal] = defaultdict(Decimal)
    lines = []
    for order in result.orders:
        for line in order.lines:
            bought[int(line.item)] += line.quantity
            lines.append(LineCost(line.key, order.supplier, line.item, line.quantity, line.cost))
    asked = {(need.who, good): need.quantity for good, needs in needs_by_good(round_).items() for need in needs}
    grants = [
        Grant(share.who, str(good_id), share.granted, asked[share.who, good_id])
        for good_id, shares in shares_of(bought, round_).items()
        for share in shares
    ]
    goods = RoundGood.objects.filter(round=round_).select_related("product")
    shares = share_costs(
        lines,
        grants,
        order_expenses={order.supplier: order.freight for order in result.orders},
        freight_rule=ShareRule(round_.freight_rule),
        fees=round_.fees_minor,
        fee_rule=ShareRule(round_.fee_rule),
        unit_weights=kilograms_of({good.pk: good.product for good in goods}),
    )
    return {int(who): total for who, total in shares.totals().items()}


def _store(round_: PurchaseRound, found: Found) -> AwardScenario:
    result = found.result
    row: AwardScenario = AwardScenario.objects.create(
        round=round_,
        kind=found.kind,
        status=found.status,
        gap=None if result is None or result.gap is None else Decimal(str(round(result.gap, 6))),
        goods_minor=result.goods if result else sum(found.pays.values()),
        freight_minor=result.freight if result else 0,
        details={**found.details, "pays": {str(pk): minor for pk, minor in found.pays.items()}},
        computed_at=clock.now(),
    )
    if result is not None:
        AwardLine.objects.bulk_create(
            AwardLine(
                network_id=round_.network_id,
                scenario=row,
                quote_line_id=int(line.key),
                packs=line.packs,
                quantity=line.quantity,
                unit_price=line.unit_price,
                cost_minor=line.cost,
            )
            for order in result.orders
            for line in order.lines
        )
    return row


def _plain(reason: Reason) -> dict[str, Any]:
    """A reason as JSON keeps it: decimals as text."""
    return {
        "code": reason.code,
        "params": {
            name: format(value, "f") if isinstance(value, Decimal) else value for name, value in reason.params.items()
        },
    }
