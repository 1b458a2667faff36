# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets what, what everybody pays, and the round's accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.kernel import formats
from mutirao.ledger.permissions import SEE_NETWORK_BOOK
from mutirao.payments.permissions import SEE_BILLS, SEE_CHARGES
from mutirao.purchasing import permissions
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import sharing
from mutirao.purchasing.queries.accountability import (
    Accountability,
    accountability,
    entries_of,
    payments_of,
    share_in_parts,
    share_rows,
    shares_by_name,
)
from mutirao.purchasing.queries.distribution import baskets, collecting, current_stage, good_balances, preview
from mutirao.purchasing.views.base import page_of, require_somewhere, round_of, sees_purchase

A_PAGE = 50
A_PRINTED_PART = 300
"""Enterprises on one part of the list that is printed: a page that a phone still opens."""
AN_EXCERPT = 30
"""Payments and entries shown on the page of accounts; the rest is a click away."""
ON_THE_WALL = 50
"""Enterprises that the printed page names one by one; of more it gives the sums."""


@require_GET
def distribution_list(request: Any, slug: str, number: int) -> HttpResponse:
    """What each enterprise collects, by place: for the screen and for the wall."""
    actor, round_ = request.actor, round_of(request, number)
    require_somewhere(actor, permissions.SEE_ACCOUNTABILITY)
    stage = current_stage(round_)
    everything = request.GET.get("tudo") == "1"
    page = Paginator(collecting(round_, stage=stage), A_PRINTED_PART if everything else A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "round": round_,
        "stage": stage,
        "balances": good_balances(round_, stage=stage),
        "baskets": baskets(list(page.object_list), stage=stage),
        "page_obj": page,
        "everything": everything,
    }
    return render(request, "purchasing/sharing/distribution.html", context)


@require_http_methods(["GET", "POST"])
def costs(request: Any, slug: str, number: int) -> HttpResponse:
    """What everybody would pay; the POST binds it and charges."""
    actor, round_ = request.actor, round_of(request, number)
    actor.require(permissions.CHARGE, round_)
    if request.method == "POST":
        rows = sharing.charge_round(
            round_,
            due_on=parse_date(request.POST.get("due_on", "")),
            seen_version=int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None,
            actor=actor,
        )
        words = ngettext("%(count)s cobrança emitida.", "%(count)s cobranças emitidas.", len(rows))
        messages.success(request, words % {"count": len(rows)})
        return redirect("purchasing:accountability", slug=slug, number=number)
    seen = preview(round_)
    context = {"round": round_, "preview": seen, "page": page_of(request, seen, A_PAGE)}
    return render(request, "purchasing/sharing/costs.html", context)


@require_POST
def undo_charging(request: Any, slug: str, number: int) -> HttpResponse:
    """Take the charges back, with a reason, to correct a receipt."""
    round_ = round_of(request, number)
    sharing.undo_charging(round_, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(request, _("As cobranças foram canceladas; o que já foi pago virou crédito."))
    return redirect("purchasing:costs", slug=slug, number=number)


_CHECKS = {
    "shares_are_bills": gettext_lazy("A soma das partes de todos é o que os fornecedores cobraram"),
    "fees_are_shared": gettext_lazy("As taxas repartidas são as da rodada"),
    "charges_are_shares": gettext_lazy("As cobranças são as partes"),
    "joint_purchases_are_zero": gettext_lazy("Nada ficou sem repartir nos livros"),
}


@require_GET
def accounts(request: Any, slug: str, number: int) -> HttpResponse:
    """The accountability of a round: from the need to the entry, every figure open to what it came from.

    Totals are always those of all; long lists come a page at a time, the print version sums them up.
    """
    actor, round_ = request.actor, round_of(request, number)
    require_somewhere(actor, permissions.SEE_ACCOUNTABILITY)
    may_read_books = actor.can(SEE_NETWORK_BOOK, round_)
    if request.GET.get("ver") in _LISTS:
        return _whole_list(request, round_, request.GET["ver"], may_read_books=may_read_books)
    account = accountability(round_)
    printing = request.GET.get("imprimir") == "1"
    context: dict[str, Any] = {
        "round": round_,
        "account": account,
        "figures": _figures(account, printing=printing),
        "checks": [
            {
                "words": _CHECKS[check.code],
                "holds": check.holds,
                "left_minor": check.left_minor,
                "right_minor": check.right_minor,
            }
            for check in account.checks
        ],
        "may_see_needs": actor.can(permissions.SEE_NEEDS_OF_ALL, round_),
        "may_read_books": may_read_books,
        "may_see_bills": actor.can(SEE_BILLS, round_),
        "all_open": actor.can(SEE_CHARGES, round_),
        "own": actor.enterprise_ids,
        "sees_purchase": sees_purchase(actor, round_),
        "printing": printing,
    }
    if not printing or account.shares.count <= ON_THE_WALL:
        page = page_of(request, shares_by_name(round_), A_PAGE)
        context |= {"page": page, "rows": share_rows(round_, list(page.object_list), actor=actor)}
    if not printing:
        payments = payments_of(round_)
        context |= {
            "payments": payments[:AN_EXCERPT],
            "payment_count": payments.count(),
            "entries": entries_of(round_)[:AN_EXCERPT],
        }
    template = "print" if printing else "page"
    return render(request, f"purchasing/accountability/{template}.html", context)


_LISTS = {
    "pagamentos": (payments_of, gettext_lazy("Pagamentos recebidos")),
    "lancamentos": (entries_of, gettext_lazy("Lançamentos nos livros da rede")),
}


def _whole_list(request: Any, round_: PurchaseRound, name: str, *, may_read_books: bool) -> HttpResponse:
    """All payments or all entries of a round, page by page."""
    rows_of, title = _LISTS[name]
    page = page_of(request, rows_of(round_), A_PAGE)
    context = {
        "round": round_,
        "list": name,
        "title": title,
        "page": page,
        "may_read_books": may_read_books,
        "all_open": request.actor.can(SEE_CHARGES, round_),
        "own": request.actor.enterprise_ids,
    }
    return render(request, "purchasing/accountability/list.html", context)


def _figures(account: Accountability, *, printing: bool) -> list[dict[str, Any]]:
    """The figures at the head, each open to its parts and these to the rows further down."""
    shares, charges = account.shares, account.charges

    def figure(label: str, total_minor: int, *parts: tuple[str, int, str]) -> dict[str, Any]:
        total = formats.money(total_minor, account.round.currency)
        rows = [
            {"label": name, "value": formats.money(minor, account.round.currency), "url": url}
            for name, minor, url in parts
            if minor
        ]
        return {"label": label, "value": total} if printing else {
            "label": label, "value": total, "parts": rows, "total": total,
        }  # fmt: skip

    together = shares.alone_minor - shares.saved_minor
    return [
        figure(
            _("Custou ao todo"),
            shares.total_minor,
            (_("Produtos"), shares.goods_minor, "#fornecedores"),
            (_("Frete"), shares.freight_minor, "#fornecedores"),
            (_("Taxas da rede"), shares.fees_minor, "#quem-paga"),
        ),
        figure(
            _("Já quitado pelos empreendimentos"),
            charges.settled_minor,
            (_("Pago"), charges.paid_minor, "#pagamentos"),
            (_("Coberto com crédito"), charges.credited_minor, "#quem-paga"),
            (_("Baixado sem pagamento"), charges.written_off_minor, "#quem-paga"),
        ),
        figure(
            _("Já pago aos fornecedores"),
            account.paid_minor,
            *((bill.supplier.name, bill.paid_minor, "#fornecedores") for bill in account.bills),
        ),
        figure(
            _("Economia por comprar juntos"),
            shares.saved_minor,
            (_("Cada um sozinho pagaria"), shares.alone_minor, "#quem-paga"),
            (_("Juntos, os mesmos pagam"), -together, "#quem-paga"),
        ),
    ]


@require_GET
def share(request: Any, slug: str, number: int, enterprise_id: int) -> HttpResponse:
    """Why an enterprise pays what it pays: each good, its share of the cost, freight and fees, and the rule."""
    actor, round_ = request.actor, round_of(request, number)
    require_somewhere(actor, permissions.SEE_ACCOUNTABILITY)
    return render(
        request,
        "purchasing/accountability/share.html",
        {
            "round": round_,
            "share": share_in_parts(round_, enterprise_id),
            "opens": actor.can(SEE_CHARGES, round_) or enterprise_id in actor.enterprise_ids,
        },
    )
