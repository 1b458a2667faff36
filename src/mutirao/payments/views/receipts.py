# SPDX-License-Identifier: AGPL-3.0-or-later
"""Payments and credit: recording, the receipt, reversal, an enterprise's account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock, formats
from mutirao.network import panels
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Enterprise
from mutirao.notices.queries import short_path
from mutirao.payments import operations, permissions, queries
from mutirao.payments.core.qr import qr_svg
from mutirao.payments.forms import AmountForm, GrantForm, PaymentForm, ReasonForm, RefundForm
from mutirao.payments.models import Charge, Payment
from mutirao.payments.views._pages import confirm, key_of, run_form
from mutirao.payments.views.charges import charge_or_404, settled_parts

MOST_IN_MESSAGE = 10


def payment_or_404(request: NetworkRequest, payment_id: int) -> Payment:
    """A payment that the person may see."""
    payment = queries.payment_with_parts(request.actor, payment_id)
    if payment is None:
        raise Http404
    return payment


def _record(request: NetworkRequest, enterprise: Enterprise, charge: Charge | None, **page: Any) -> HttpResponse:
    """The form that records a payment; done, it shows the receipt."""
    request.actor.require(permissions.RECORD_PAYMENTS, enterprise)
    initial = {"amount_minor": charge.open_minor} if charge else {}
    form = PaymentForm(request.POST or None, currency=request.network.currency, initial=initial)
    slug = request.network.slug

    def run(data: dict[str, Any]) -> str:
        payment = operations.record_payment(enterprise, charge=charge, actor=request.actor, key=key_of(request), **data)
        return _("Pagamento de %(amount)s registrado.") % {
            "amount": formats.money(payment.amount_minor, payment.currency)
        }

    return run_form(
        request,
        form,
        run,
        template="payments/pay.html",
        title=_("Registrar pagamento"),
        action=_("Registrar pagamento"),
        charge=charge,
        enterprise=enterprise,
        keep=f"payment-{charge.number if charge else ''}-{enterprise.pk}",
        open_charges=list(queries.charges_visible_to(request.actor).filter(enterprise=enterprise, state="open")),
        then=page.get("then") or reverse("payments:account", args=[slug, enterprise.pk]),
    )


@require_http_methods(["GET", "POST"])
def pay(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Record what was paid for a charge."""
    row = charge_or_404(request, charge_id)
    return _record(request, row.enterprise, row, then=reverse("payments:charge", args=[slug, row.pk]))


@require_http_methods(["GET", "POST"])
def pay_account(request: NetworkRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """Record what an enterprise paid, for its oldest charges first."""
    return _record(request, get_object_or_404(queries.enterprises_visible_to(request.actor), pk=enterprise_id), None)


@require_GET
def payment(request: NetworkRequest, slug: str, payment_id: int) -> HttpResponse:
    """The receipt of a payment."""
    row = payment_or_404(request, payment_id)
    request.actor.require(permissions.SEE_CHARGES, row)
    parts: dict[int, dict[str, Any]] = {}
    for settlement in row.settlements.all():
        part = parts.setdefault(settlement.charge_id, {"charge": settlement.charge, "amount_minor": 0})
        part["amount_minor"] += settlement.amount_minor
    context = {
        "payment": row,
        "parts": [part for part in parts.values() if part["amount_minor"]],
        "credit_minor": sum(movement.amount_minor for movement in row.credit_movements.all()),
        "may_reverse": row.reversed_at is None and request.actor.can(permissions.RECORD_PAYMENTS, row),
    }
    context["panels"] = panels.rendered("payment", request, row)
    return render(request, "payments/payment.html", context)


@require_http_methods(["GET", "POST"])
def reverse_payment(request: NetworkRequest, slug: str, payment_id: int) -> HttpResponse:
    """Undo a payment that was a mistake."""
    row = payment_or_404(request, payment_id)
    request.actor.require(permissions.RECORD_PAYMENTS, row)

    def run(data: dict[str, Any]) -> str:
        operations.reverse_payment(row, reason=data["reason"], actor=request.actor)
        return _("Pagamento estornado.")

    amount = formats.money(row.amount_minor, row.currency)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=reverse("payments:payment", args=[slug, row.pk]),
        title=_("Estornar o pagamento de %(amount)s?") % {"amount": amount},
        what=[
            _("As cobranças que ele pagou voltam a ficar em aberto."),
            _("O crédito que ele deixou é retirado."),
            _("A linha do banco pode ser registrada de novo, do jeito certo."),
        ],
        action=_("Estornar pagamento"),
        undo=_("O pagamento continua no registro, marcado como estornado."),
    )


@require_http_methods(["GET", "POST"])
def credit(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Use an enterprise's credit in a charge."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.RECORD_PAYMENTS, row)
    balance = queries.credit_of(row.enterprise)
    form = AmountForm(
        request.POST or None,
        currency=request.network.currency,
        initial={"amount_minor": min(balance, row.open_minor)},
    )

    def run(data: dict[str, Any]) -> str:
        operations.apply_credit(row, amount_minor=data["amount_minor"], actor=request.actor, key=key_of(request))
        return _("Crédito usado na cobrança nº %(number)s.") % {"number": row.number}

    lead = _("%(enterprise)s tem %(balance)s de crédito; falta pagar %(open)s.") % {
        "enterprise": row.enterprise.name,
        "balance": formats.money(balance, row.currency),
        "open": formats.money(row.open_minor, row.currency),
    }
    return run_form(
        request,
        form,
        run,
        then=reverse("payments:charge", args=[slug, row.pk]),
        title=_("Usar crédito na cobrança nº %(number)s") % {"number": row.number},
        lead=lead,
        action=_("Usar crédito"),
    )


@require_http_methods(["GET", "POST"])
def take_back_credit(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Undo the use of credit in a charge."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.RECORD_PAYMENTS, row)

    def run(data: dict[str, Any]) -> str:
        operations.take_back_credit(row, reason=data["reason"], actor=request.actor)
        return _("O crédito voltou para o empreendimento.")

    amount = formats.money(settled_parts(row)["credit"], row.currency)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=reverse("payments:charge", args=[slug, row.pk]),
        title=_("Desfazer o uso de crédito na cobrança nº %(number)s?") % {"number": row.number},
        what=[
            _("%(amount)s voltam a ser crédito do empreendimento e a ser devidos nesta cobrança.") % {"amount": amount}
        ],
        action=_("Desfazer uso do crédito"),
    )


@require_GET
def account(request: NetworkRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """All that concerns one enterprise: what it owes, what it paid, the credit it holds."""
    row = get_object_or_404(queries.enterprises_visible_to(request.actor), pk=enterprise_id)
    request.actor.require(permissions.SEE_CHARGES, row)
    charges = queries.charges_visible_to(request.actor).filter(enterprise=row)
    totals, credit_minor = queries.totals_of(charges), queries.credit_of(row)
    url = request.build_absolute_uri(short_path(reverse("payments:account", args=[slug, row.pk])))
    context = {
        "url": url,
        "message": _message(request, row, charges, totals, credit_minor, url),
        "qr": mark_safe(qr_svg(url)),  # noqa: S308 - our own drawing
        "enterprise": row,
        "charges": charges.order_by("-due_on", "-pk")[:60],
        "totals": totals,
        "payments": queries.payments_visible_to(request.actor).filter(enterprise=row)[:60],
        "movements": queries.credit_movements_of(row)[:60],
        "credit_minor": credit_minor,
        "today": clock.today(),
        "may_record": request.actor.can(permissions.RECORD_PAYMENTS, row),
        "may_grant": request.actor.can(permissions.GRANT_CREDIT, row),
    }
    return render(request, "payments/account.html", context)


def _message(
    request: NetworkRequest,
    enterprise: Enterprise,
    charges: QuerySet[Charge],
    totals: queries.Totals,
    credit_minor: int,
    url: str,
) -> str:
    """The ready text for the enterprise's people: what is open and until when, the credit, and where to look."""
    currency = request.network.currency
    lines = [request.network.name, _("Contas de %(enterprise)s com a rede") % {"enterprise": enterprise.name}]
    due = charges.filter(state=Charge.State.OPEN).order_by("due_on", "pk")[:MOST_IN_MESSAGE]
    lines += [
        _("• nº %(number)s, %(title)s: %(amount)s até %(day)s")
        % {
            "number": row.number,
            "title": row.title,
            "amount": formats.money(row.open_minor, row.currency),
            "day": formats.date(row.due_on),
        }
        for row in due
    ]
    if totals.open_count > MOST_IN_MESSAGE:
        lines.append(_("… e mais %(count)s.") % {"count": totals.open_count - MOST_IN_MESSAGE})
    if totals.open_minor:
        lines.append(_("Falta pagar: %(amount)s") % {"amount": formats.money(totals.open_minor, currency)})
    else:
        lines.append(_("Nada a pagar."))
    if totals.overdue_minor:
        lines.append(_("Disso, vencido: %(amount)s") % {"amount": formats.money(totals.overdue_minor, currency)})
    if credit_minor:
        lines.append(_("Crédito: %(amount)s") % {"amount": formats.money(credit_minor, currency)})
    return "\n".join([*lines, url])


@require_http_methods(["GET", "POST"])
def grant(request: NetworkRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """Give an enterprise credit."""
    row = get_object_or_404(queries.enterprises_visible_to(request.actor), pk=enterprise_id)
    request.actor.require(permissions.GRANT_CREDIT, row)

    def run(data: dict[str, Any]) -> str:
        operations.grant_credit(row, actor=request.actor, key=key_of(request), **data)
        return _("Crédito registrado.")

    return run_form(
        request,
        GrantForm(request.POST or None, currency=request.network.currency),
        run,
        then=reverse("payments:account", args=[slug, row.pk]),
        title=_("Dar crédito a %(enterprise)s") % {"enterprise": row.name},
        lead=_("O crédito abate cobranças quando alguém da tesouraria o usa."),
        action=_("Dar crédito"),
    )


@require_http_methods(["GET", "POST"])
def refund(request: NetworkRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """Record credit paid out in money."""
    row = get_object_or_404(queries.enterprises_visible_to(request.actor), pk=enterprise_id)
    request.actor.require(permissions.RECORD_PAYMENTS, row)
    balance = queries.credit_of(row)
    form = RefundForm(
        request.POST or None,
        currency=request.network.currency,
        initial={"amount_minor": balance, "paid_on": clock.today(), "method": Payment.Method.PIX},
    )

    def run(data: dict[str, Any]) -> str:
        operations.refund_credit(row, actor=request.actor, key=key_of(request), **data)
        return _("Devolução registrada.")

    return run_form(
        request,
        form,
        run,
        then=reverse("payments:account", args=[slug, row.pk]),
        title=_("Devolver crédito em dinheiro"),
        lead=_("%(enterprise)s tem %(balance)s de crédito.")
        % {"enterprise": row.name, "balance": formats.money(balance, request.network.currency)},
        action=_("Registrar devolução"),
    )
