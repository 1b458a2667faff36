# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comparing the ways to buy side by side, drawing one's own, choosing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutirao.governance.models import Motion
from mutirao.kernel.errors import DomainError
from mutirao.purchasing import permissions
from mutirao.purchasing.models import AwardScenario, Participation, PurchaseRound, Quote
from mutirao.purchasing.operations import award as operations
from mutirao.purchasing.operations.approval import MOTION_SOURCE
from mutirao.purchasing.queries.award import expired_quotes, goods_to_order, quotes_in_force, scenarios_of
from mutirao.purchasing.queries.reasons import next_best
from mutirao.purchasing.views.award_words import left_out_words, next_best_words, problem_words, scenario_reasons
from mutirao.purchasing.views.base import require_purchase, round_of

State = PurchaseRound.State
LONGEST_SECONDS = 30
A_PAGE = 50


@require_http_methods(["GET", "HEAD"])
def award(request: Any, slug: str, number: int) -> HttpResponse:
    """Side by side: the best split, the best single supplier, one's own, everyone alone; who pays what in each."""
    round_ = round_of(request, number)
    require_purchase(request.actor, round_)
    scenarios = scenarios_of(round_)
    quotes = quotes_in_force(round_)
    context = {
        "round": round_,
        "scenarios": [_card(round_, row, scenarios, quotes) for row in scenarios],
        "chosen": next((row for row in scenarios if row.is_chosen), None),
        "payments": _payments(request, round_, scenarios),
        "alone_coming": bool(scenarios) and not any(row.kind == AwardScenario.Kind.ALONE for row in scenarios),
        "expired": expired_quotes(round_) if round_.state == State.QUOTING else [],
        "motion": Motion.objects.filter(source_kind=MOTION_SOURCE, source_id=round_.pk).first(),
        "may_award": request.actor.can(permissions.AWARD, round_) and round_.state == State.QUOTING,
        "is_approval": round_.state == State.APPROVAL,
        "may_withdraw": request.actor.can(permissions.AWARD, round_)
        and round_.state in (State.APPROVAL, State.APPROVED),
    }
    return render(request, "purchasing/award/compare.html", context)


def _card(round_: PurchaseRound, row: AwardScenario, rows: list[AwardScenario], quotes: list[Quote]) -> dict[str, Any]:
    best = next((other for other in rows if other.kind == AwardScenario.Kind.BEST), None)
    by_supplier: dict[str, dict[str, Any]] = {}
    freight = row.details.get("freight", {})
    is_best = row.kind == AwardScenario.Kind.BEST
    others = next_best(row, quotes, currency=round_.currency) if is_best else {}
    for line in row.lines.all():
        quote = line.quote_line.quote
        entry = by_supplier.setdefault(
            str(quote.supplier),
            {"supplier": quote.supplier, "goods": 0, "freight": freight.get(str(quote.pk), 0), "lines": []},
        )
        entry["goods"] += line.cost_minor
        entry["lines"].append({"line": line, "why": next_best_words(others.get(line.pk), round_)})
    return {
        "row": row,
        "suppliers": list(by_supplier.values()),
        "difference": row.total_minor - best.total_minor if best and best is not row else None,
        "problems": [problem_words(problem, round_) for problem in row.details.get("problems", [])],
        "reasons": scenario_reasons(row, round_),
        "left_out": left_out_words(row, quotes, round_) if is_best and row.lines.all() else [],
        "choosable": row.kind != AwardScenario.Kind.ALONE and not row.details.get("problems") and bool(by_supplier),
    }


def _payments(request: Any, round_: PurchaseRound, scenarios: list[AwardScenario]) -> dict[str, Any]:
    """What each enterprise pays in each scenario, a page of them."""
    pays = {row.kind: row.details.get("pays", {}) for row in scenarios}
    keys = {int(pk) for of_kind in pays.values() for pk in of_kind}
    people = Participation.objects.filter(pk__in=keys).select_related("enterprise").order_by("enterprise__name")
    page = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "kinds": scenarios,
        "rows": [
            {"enterprise": person.enterprise, "amounts": [pays[row.kind].get(str(person.pk)) for row in scenarios]}
            for person in page.object_list
        ],
    }


@require_POST
def compute(request: Any, slug: str, number: int) -> HttpResponse:
    """Compute the comparison now; `longer` lets the search go on for up to half a minute."""
    round_ = round_of(request, number)
    limit = LONGEST_SECONDS if request.POST.get("longer") else 8.0
    rows = operations.compare(round_, actor=request.actor, time_limit=limit)
    if rows and rows[0].status == "optimal":
        messages.success(request, _("Comparação pronta: não existe divisão mais barata."))
    else:
        messages.info(request, _("Comparação pronta."))
    return redirect("purchasing:award", slug=slug, number=number)


@require_http_methods(["GET", "POST"])
def split(request: Any, slug: str, number: int) -> HttpResponse:
    """A split drawn by hand: packs of each quoted line."""
    round_ = round_of(request, number)
    request.actor.require(permissions.AWARD, round_)
    quotes = quotes_in_force(round_)
    rows = _split_rows(round_, quotes)
    if request.method == "POST":
        packs, wrong = _read_packs(request, rows)
        if wrong:
            context = {"round": round_, "goods": rows, "problems": wrong}
            return render(request, "purchasing/award/split.html", context, status=422)
        try:
            row = operations.draw_split(round_, packs=packs, actor=request.actor)
        except DomainError as error:
            messages.error(request, str(error))
            return render(request, "purchasing/award/split.html", {"round": round_, "goods": rows}, status=422)
        if row.details.get("problems"):
            messages.warning(request, _("A divisão foi guardada, mas ainda não pode ser comprada: veja por quê."))
        else:
            messages.success(request, _("A sua divisão entrou na comparação."))
        return redirect("purchasing:award", slug=slug, number=number)
    return render(request, "purchasing/award/split.html", {"round": round_, "goods": rows})


def _split_rows(round_: PurchaseRound, quotes: list[Any]) -> list[dict[str, Any]]:
    """Goods with what is to be ordered of them and every line that offers them, packs as drawn or as the best has."""
    plan = goods_to_order(round_, quotes)
    drawn: dict[int, int] = {}
    for kind in (AwardScenario.Kind.BEST, AwardScenario.Kind.MANUAL):
        scenario = AwardScenario.objects.filter(round=round_, kind=kind).first()
        if scenario is not None and scenario.lines.exists():
            drawn = dict(scenario.lines.values_list("quote_line_id", "packs"))
    rows: dict[int, dict[str, Any]] = {}
    for quote in quotes:
        for line in quote.lines.all():
            if line.good_id in plan:
                row = rows.setdefault(line.good_id, {"good": line.good, "plan": plan[line.good_id], "lines": []})
                row["lines"].append(
                    {
                        "line": line,
                        "supplier": quote.supplier,
                        "packs": drawn.get(line.pk, 0),
                        "breaks": line.breaks.all(),
                    }
                )
    return [rows[good_id] for good_id in plan if good_id in rows]


def _read_packs(request: Any, rows: list[dict[str, Any]]) -> tuple[dict[int, int], list[dict[str, str]]]:
    packs: dict[int, int] = {}
    wrong = []
    for row in rows:
        for entry in row["lines"]:
            typed = request.POST.get(f"p{entry['line'].pk}", "").strip() or "0"
            entry["packs"] = typed
            if typed.isascii() and typed.isdigit() and len(typed) <= 9:
                packs[entry["line"].pk] = int(typed)
            else:
                entry["wrong"] = True
                wrong.append(
                    {
                        "target": f"p{entry['line'].pk}",
                        "label": f"{row['good'].product} ({entry['supplier']})",
                        "text": _("use um número inteiro de embalagens."),
                    }
                )
    return packs, wrong


@require_POST
def choose(request: Any, slug: str, number: int) -> HttpResponse:
    """Choose a scenario."""
    round_ = round_of(request, number)
    version = request.POST.get("version", "")
    operations.choose(
        round_,
        kind=request.POST.get("kind", ""),
        reason=request.POST.get("reason", ""),
        seen_version=int(version) if version.isdigit() else None,
        actor=request.actor,
    )
    messages.success(request, _("Divisão escolhida. Confira quem recebe o quê e leve à aprovação."))
    return redirect("purchasing:award", slug=slug, number=number)
