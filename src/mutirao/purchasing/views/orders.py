# SPDX-License-Identifier: AGPL-3.0-or-later
"""Approval, orders to suppliers, what was received."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.kernel import clock, formats, uploads
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.sheets import XLSX_TYPE
from mutirao.notices.queries import short_path
from mutirao.purchasing import documents, permissions
from mutirao.purchasing.forms.receipts import ReceiptForm
from mutirao.purchasing.models import PurchaseOrder, Receipt
from mutirao.purchasing.operations import approval, orders, receipts
from mutirao.purchasing.views.base import require_purchase, require_somewhere, round_of


def _order(request: Any, number: int, order_number: str) -> PurchaseOrder:
    round_ = round_of(request, number)
    rows = PurchaseOrder.objects.select_related("round__network", "supplier", "quote")
    return get_object_or_404(rows, round=round_, number=order_number)


@require_POST
def put_to_approval(request: Any, slug: str, number: int) -> HttpResponse:
    """Put the chosen award to the enterprises."""
    round_ = round_of(request, number)
    approval.put_to_approval(round_, actor=request.actor)
    messages.success(request, _("A compra foi levada aos empreendimentos. Avise que podem responder."))
    return redirect("purchasing:round", slug=slug, number=number)


@require_http_methods(["GET", "POST"])
def withdraw_approval(request: Any, slug: str, number: int) -> HttpResponse:
    """Take the purchase back from the vote, with a reason."""
    actor, round_ = request.actor, round_of(request, number)
    actor.require(permissions.AWARD, round_)
    if request.method == "POST":
        approval.withdraw_approval(round_, reason=request.POST.get("reason", ""), actor=actor)
        messages.success(request, _("A compra voltou para a comparação de cotações."))
        return redirect("purchasing:award", slug=slug, number=number)
    return render(request, "purchasing/orders/withdraw.html", {"round": round_})


@require_http_methods(["GET", "POST"])
def order_list(request: Any, slug: str, number: int) -> HttpResponse:
    """The round's orders; the first POST prepares them."""
    actor, round_ = request.actor, round_of(request, number)
    require_purchase(actor, round_)
    if request.method == "POST":
        prepared = orders.prepare_orders(round_, actor=actor)
        words = ngettext(
            "%(count)s pedido pronto para enviar.", "%(count)s pedidos prontos para enviar.", len(prepared)
        )
        messages.success(request, words % {"count": len(prepared)})
        return redirect("purchasing:orders", slug=slug, number=number)
    rows = PurchaseOrder.objects.filter(round=round_).select_related("supplier", "receipt")
    context = {"round": round_, "orders": rows, "may_order": actor.can(permissions.ORDER, round_)}
    return render(request, "purchasing/orders/list.html", context)


@require_GET
def order(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """One order with the ways to send it."""
    actor, row = request.actor, _order(request, number, order_number)
    require_purchase(actor, row.round)
    receipt = Receipt.objects.filter(order=row).prefetch_related("photos", "lines__order_line__good__product").first()
    path = reverse("purchasing:order", kwargs={"slug": slug, "number": number, "order_number": row.number})
    url = request.build_absolute_uri(short_path(path))
    context = {
        "round": row.round,
        "order": row,
        "lines": row.lines.select_related("good__product", "quote_line"),
        "receipt": receipt,
        "text": documents.order_text(row),
        "url": url,
        "message": _message(row, receipt, url),
        "qr": mark_safe(segno.make(url, error="m").svg_inline(omitsize=True, border=2)),  # noqa: S308 - drawn here
        "total_minor": row.goods_minor + row.freight_minor,
        "may_order": actor.can(permissions.ORDER, row),
        "may_receive": actor.can(permissions.RECEIVE, row),
        "states": PurchaseOrder.State,
    }
    return render(request, "purchasing/orders/order.html", context)


def _message(order: PurchaseOrder, receipt: Receipt | None, url: str) -> str:
    """The ready text for the group: what was ordered from whom, for how much, and where it stands."""
    round_, total = order.round, order.goods_minor + order.freight_minor
    words = {"number": order.number, "supplier": order.supplier, "state": order.get_state_display()}
    lines = [
        round_.network.name,
        _("Rodada de compra coletiva: %(title)s") % {"title": round_.title},
        _("Pedido %(number)s a %(supplier)s: %(state)s.") % words,
        _("Total: %(total)s, com o frete.") % {"total": formats.money(total, round_.currency)},
    ]
    if receipt is not None:
        lines.append(_("Chegou em %(day)s.") % {"day": formats.date(receipt.received_on)})
    elif round_.deliver_on:
        lines.append(_("Entrega prevista: %(day)s.") % {"day": formats.date(round_.deliver_on)})
    return "\n".join([*lines, url])


@require_GET
def order_pdf(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """The order as a printed page."""
    row = _order(request, number, order_number)
    require_purchase(request.actor, row.round)
    name = f"pedido-{row.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(documents.order_pdf(row), content_type="application/pdf", headers=headers)


@require_GET
def order_xlsx(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """The order as a spreadsheet."""
    row = _order(request, number, order_number)
    require_purchase(request.actor, row.round)
    headers = {"Content-Disposition": f'attachment; filename="pedido-{row.number}.xlsx"'}
    return HttpResponse(documents.order_xlsx(row), content_type=XLSX_TYPE, headers=headers)


@require_POST
def mark_sent(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """Note that the order went out."""
    row = _order(request, number, order_number)
    orders.mark_sent(row, how=request.POST.get("how", ""), actor=request.actor)
    messages.success(request, _("Pedido %(number)s marcado como enviado.") % {"number": row.number})
    return redirect("purchasing:order", slug=slug, number=number, order_number=order_number)


@require_http_methods(["GET", "POST"])
def cancel_order(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """Cancel an order that the supplier will not fill, with a reason."""
    actor, row = request.actor, _order(request, number, order_number)
    actor.require(permissions.ORDER, row)
    if request.method == "POST":
        orders.cancel_order(row, reason=request.POST.get("reason", ""), actor=actor)
        messages.success(request, _("Pedido %(number)s cancelado.") % {"number": row.number})
        return redirect("purchasing:orders", slug=slug, number=number)
    return render(request, "purchasing/orders/cancel.html", {"round": row.round, "order": row})


@require_http_methods(["GET", "POST"])
def receive(request: Any, slug: str, number: int, order_number: str) -> HttpResponse:
    """Write down what came, on a phone at the door."""
    actor, row = request.actor, _order(request, number, order_number)
    actor.require(permissions.RECEIVE, row)
    if request.method == "GET":
        form = ReceiptForm(row)
        if form.receipt is None:
            form.initial["received_on"] = clock.today()
        return render(request, "purchasing/receipts/form.html", {"round": row.round, "order": row, "form": form})
    form = ReceiptForm(row, request.POST, request.FILES)
    if form.is_valid():
        try:
            key = request.POST.get("idempotency_key", "")
            with transaction.atomic():  # the receipt and its photos, or neither
                receipt = receipts.record_receipt(
                    row,
                    lines=form.values(),
                    document=form.document(),
                    received_on=form.cleaned_data["received_on"],
                    notes=form.cleaned_data["notes"],
                    key=key,
                    seen_version=form.cleaned_data["version"],
                    actor=actor,
                )
                for place, sent in enumerate(form.cleaned_data["photos"]):
                    receipts.add_photo(receipt, photo=sent, caption="", key=key and f"{key}:{place}", actor=actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Recebimento do pedido %(number)s guardado.") % {"number": row.number})
            return redirect("purchasing:order", slug=slug, number=number, order_number=order_number)
    context = {"round": row.round, "order": row, "form": form}
    return render(request, "purchasing/receipts/form.html", context, status=422)


@require_GET
def photo(request: Any, slug: str, number: int, order_number: str, photo_id: int) -> HttpResponse:
    """A photo of a delivery, for those who may see the round's orders."""
    row = _order(request, number, order_number)
    require_somewhere(request.actor, permissions.SEE_ACCOUNTABILITY)
    receipt = get_object_or_404(Receipt, order=row)
    image = get_object_or_404(receipt.photos, pk=photo_id).image
    answer: HttpResponse = uploads.serve(request, image, name="foto.jpg", content_type="image/jpeg", inline=True)
    return answer
