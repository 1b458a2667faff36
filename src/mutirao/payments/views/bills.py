# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network owes its suppliers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock, formats, sources
from mutirao.network import panels
from mutirao.network.access import NetworkRequest
from mutirao.payments import operations, permissions, queries
from mutirao.payments.forms import AdjustBillForm, BillFilter, BillForm, BillPaymentForm, OffsetForm, ReasonForm
from mutirao.payments.models import Bill, BillPayment
from mutirao.payments.views._pages import confirm, key_of, run_form

PAGE_SIZE = 50
MOST_PRINTED = 5000


def _bill(request: NetworkRequest, bill_id: int, act: str) -> Bill:
    """A bill that the person may see and do something with."""
    row = get_object_or_404(queries.bills_visible_to(request.actor), pk=bill_id)
    request.actor.require(act, row)
    return row


def _url(slug: str, row: Bill) -> str:
    return reverse("payments:bill", args=[slug, row.pk])


@require_GET
def bills(request: NetworkRequest, slug: str) -> HttpResponse:
    """Bills with what narrows them."""
    request.actor.require(permissions.SEE_BILLS, request.network)
    visible = queries.bills_visible_to(request.actor)
    asked = request.GET.copy()
    if not set(asked) & set(BillFilter.base_filters):
        asked["state"] = "open"
    narrowed = BillFilter(asked, queryset=visible)
    per_page = MOST_PRINTED if "tudo" in request.GET else PAGE_SIZE
    context = {
        "filter": narrowed,
        "page": Paginator(narrowed.qs, per_page).get_page(request.GET.get("page")),
        "totals": queries.bill_totals(visible),
        "shown": queries.bill_totals(narrowed.qs),
        "today": clock.today(),
        "may_register": request.actor.can(permissions.REGISTER_BILLS, request.network),
    }
    return render(request, "payments/bills.html", context)


@require_GET
def bill(request: NetworkRequest, slug: str, bill_id: int) -> HttpResponse:
    """One bill with what was paid for it."""
    row = _bill(request, bill_id, permissions.SEE_BILLS)
    payments = list(row.payments.select_related("reversed_by"))
    context = {
        "bill": row,
        "source": sources.link(row.source_kind, row.source_id, slug=slug),
        "payments": payments,
        "reversible": {item.pk for item in payments if _may_be_reversed(item)},
        "owing": list(queries.bills_owing(row)) if row.open_minor else [],
        "today": clock.today(),
        "may_pay": request.actor.can(permissions.PAY_BILLS, row),
        "may_adjust": request.actor.can(permissions.REGISTER_BILLS, row) and row.state != Bill.State.CANCELLED,
        "panels": panels.rendered("bill", request, row),
    }
    return render(request, "payments/bill.html", context)


def _may_be_reversed(item: BillPayment) -> bool:
    return item.amount_minor > 0 and item.method != BillPayment.Method.OFFSET and not hasattr(item, "reversed_by")


@require_http_methods(["GET", "POST"])
def new_bill(request: NetworkRequest, slug: str) -> HttpResponse:
    """A bill entered by hand."""
    request.actor.require(permissions.REGISTER_BILLS, request.network)

    def run(data: dict[str, Any]) -> str:
        operations.register_bill(data.pop("supplier"), actor=request.actor, key=key_of(request), **data)
        return _("Conta lançada.")

    return run_form(
        request,
        BillForm(request.POST or None, currency=request.network.currency),
        run,
        then=reverse("payments:bills", args=[slug]),
        title=_("Nova conta a pagar"),
        action=_("Lançar conta"),
    )


@require_http_methods(["GET", "POST"])
def pay_bill(request: NetworkRequest, slug: str, bill_id: int) -> HttpResponse:
    """Record what was paid for a bill."""
    row = _bill(request, bill_id, permissions.PAY_BILLS)
    form = BillPaymentForm(
        request.POST or None, currency=request.network.currency, initial={"amount_minor": row.open_minor}
    )

    def run(data: dict[str, Any]) -> str:
        operations.pay_bill(row, actor=request.actor, key=key_of(request), **data)
        return _("Pagamento ao fornecedor registrado.")

    return run_form(
        request,
        form,
        run,
        then=_url(slug, row),
        title=_("Registrar pagamento a %(supplier)s") % {"supplier": row.supplier.name},
        lead=_("%(title)s: falta pagar %(open)s.")
        % {"title": row.title, "open": formats.money(row.open_minor, row.currency)},
        action=_("Registrar pagamento"),
    )


@require_http_methods(["GET", "POST"])
def adjust_bill(request: NetworkRequest, slug: str, bill_id: int) -> HttpResponse:
    """Correct what a bill says."""
    row = _bill(request, bill_id, permissions.REGISTER_BILLS)
    form = AdjustBillForm(
        request.POST or None,
        currency=request.network.currency,
        initial={"amount_minor": row.amount_minor, "document": row.document},
    )

    def run(data: dict[str, Any]) -> str:
        operations.adjust_bill(row, actor=request.actor, **data)
        return _("Conta corrigida.")

    return run_form(
        request,
        form,
        run,
        then=_url(slug, row),
        title=_("Corrigir a conta"),
        lead=_("Se o valor ficar menor do que já foi pago, o fornecedor passa a dever a diferença à rede."),
        action=_("Corrigir"),
    )


@require_http_methods(["GET", "POST"])
def refund_bill(request: NetworkRequest, slug: str, bill_id: int) -> HttpResponse:
    """Record what a supplier gave back."""
    row = _bill(request, bill_id, permissions.PAY_BILLS)
    form = BillPaymentForm(
        request.POST or None, currency=request.network.currency, initial={"amount_minor": row.owed_back_minor}
    )

    def run(data: dict[str, Any]) -> str:
        data["received_on"] = data.pop("paid_on")
        operations.refund_bill(row, actor=request.actor, key=key_of(request), **data)
        return _("Devolução do fornecedor registrada.")

    return run_form(
        request,
        form,
        run,
        then=_url(slug, row),
        title=_("Registrar devolução de %(supplier)s") % {"supplier": row.supplier.name},
        lead=_("O fornecedor deve %(owed)s à rede.") % {"owed": formats.money(row.owed_back_minor, row.currency)},
        action=_("Registrar devolução"),
    )


@require_http_methods(["GET", "POST"])
def offset_bill(request: NetworkRequest, slug: str, bill_id: int) -> HttpResponse:
    """Pay part of a bill with what the supplier owes from another."""
    row = _bill(request, bill_id, permissions.PAY_BILLS)
    owing = queries.bills_owing(row)
    first = owing.first()
    initial = {"from_bill": first, "amount_minor": min(first.owed_back_minor, row.open_minor)} if first else {}
    form = OffsetForm(request.POST or None, currency=request.network.currency, owing=owing, initial=initial)

    def run(data: dict[str, Any]) -> str:
        operations.offset_bill(row, actor=request.actor, **data)
        return _("Abatimento registrado.")

    return run_form(
        request,
        form,
        run,
        then=_url(slug, row),
        title=_("Abater o que o fornecedor deve"),
        lead=_("Nenhum dinheiro muda de mãos: uma conta abate a outra."),
        action=_("Abater"),
    )


@require_http_methods(["GET", "POST"])
def reverse_bill_payment(request: NetworkRequest, slug: str, bill_id: int, payment_id: int) -> HttpResponse:
    """Undo a bill's payment that was a mistake."""
    row = _bill(request, bill_id, permissions.PAY_BILLS)
    item = get_object_or_404(row.payments.all(), pk=payment_id)

    def run(data: dict[str, Any]) -> str:
        operations.reverse_bill_payment(item, reason=data["reason"], actor=request.actor)
        return _("Pagamento estornado.")

    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=_url(slug, row),
        title=_("Estornar o pagamento de %(amount)s?") % {"amount": formats.money(item.amount_minor, row.currency)},
        what=[_("A conta volta a ficar a pagar.")],
        action=_("Estornar pagamento"),
        undo=_("O pagamento continua no registro, marcado como estornado."),
    )
