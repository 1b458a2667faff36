# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charges: the list, one charge with its Pix code, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock, formats, sources
from mutirao.network import panels
from mutirao.network.access import NetworkRequest
from mutirao.notices.queries import short_path
from mutirao.payments import operations, permissions, queries
from mutirao.payments.core.qr import drawn, qr_svg
from mutirao.payments.forms import ChargeFilter, ChargeForm, ReasonForm
from mutirao.payments.models import Charge, Settlement
from mutirao.payments.views._pages import confirm, key_of, require_somewhere, run_form

PAGE_SIZE = 50
MOST_PRINTED = 5000


def charge_or_404(request: NetworkRequest, charge_id: int) -> Charge:
    """A charge that the person may see."""
    charge = queries.charge_with_history(request.actor, charge_id)
    if charge is None:
        raise Http404
    return charge


@require_GET
def charges(request: NetworkRequest, slug: str) -> HttpResponse:
    """Charges with what narrows them; `tudo` puts all on one page, for printing."""
    require_somewhere(request.actor, permissions.SEE_CHARGES)
    visible = queries.charges_visible_to(request.actor)
    narrowed = ChargeFilter(_asked(request), queryset=visible)
    per_page = MOST_PRINTED if "tudo" in request.GET else PAGE_SIZE
    context = {
        "filter": narrowed,
        "page": Paginator(narrowed.qs, per_page).get_page(request.GET.get("page")),
        "totals": queries.totals_of(visible),
        "shown": queries.totals_of(narrowed.qs),
        "credit_minor": queries.credit_total(request.actor),
        "today": clock.today(),
        "sees_all": queries.sees_all(request.actor),
        "own": [] if queries.sees_all(request.actor) else list(queries.enterprises_visible_to(request.actor)),
        "tabs": _tabs(request),
        "may": _may(request),
    }
    return render(request, "payments/charges.html", context)


def _asked(request: NetworkRequest) -> QueryDict:
    """What narrows the list: what is open when nobody asks; `overdue` alone stands in links from other pages."""
    asked = request.GET.copy()
    if "overdue" in asked or not set(asked) & set(ChargeFilter.base_filters):
        asked["state"] = "overdue" if "overdue" in asked else "open"
    return asked


def _tabs(request: NetworkRequest) -> list[dict[str, Any]]:
    """What narrows the short list of an enterprise: one tap instead of a form."""
    chosen = _asked(request).get("state", "open")
    kinds = (("open", _("Em aberto")), ("paid", _("Pagas")), ("", _("Todas")))
    return [{"label": label, "url": f"?state={kind}", "current": kind == chosen} for kind, label in kinds]


def _may(request: NetworkRequest) -> dict[str, bool]:
    acts = {
        "issue": permissions.ISSUE_CHARGES,
        "record": permissions.RECORD_PAYMENTS,
        "write_off": permissions.WRITE_OFF,
        "grant": permissions.GRANT_CREDIT,
        "settings": permissions.EDIT_SETTINGS,
        "bills": permissions.SEE_BILLS,
    }
    return {name: request.actor.can(act, request.network) for name, act in acts.items()}


@require_GET
def charge(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """One charge: how much, why, how to pay it, what was paid."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.SEE_CHARGES, row)
    settings = queries.settings_of(request.network)
    code = queries.pix_text(request.network, settings, amount_minor=row.open_minor, txid=row.txid)
    transfer = queries.transfer_of(row, settings)
    context = {
        "charge": row,
        "today": clock.today(),
        "source": sources.link(row.source_kind, row.source_id, slug=slug),
        "history": history_of(row, slug),
        "pix": code,
        "qr": mark_safe(qr_svg(code)) if code else "",  # noqa: S308 - our own drawing of a checked text
        "transfer": transfer,
        "transfer_qr": mark_safe(drawn(transfer.code)) if transfer and transfer.code else "",  # noqa: S308 - our own
        "instructions": settings.instructions,
        "in_reais": row.currency == "BRL",
        "message": message_of(row, request, code, transfer, settings.instructions) if row.open_minor else "",
        "credit_minor": queries.credit_of(row.enterprise),
        "settlements": settled_parts(row),
        "has_key": bool(settings.pix_key),
        "may": _may(request),
        "panels": panels.rendered("charge", request, row),
    }
    return render(request, "payments/charge.html", context)


def settled_parts(charge: Charge) -> dict[str, int]:
    """What settled a charge by kind, from its prefetched history."""
    sums = {str(kind): 0 for kind in Settlement.Kind}
    for row in charge.settlements.all():
        sums[row.kind] += row.amount_minor
    return sums


def history_of(charge: Charge, slug: str) -> list[dict[str, Any]]:
    """A charge's life as a timeline, newest last."""
    events: list[dict[str, Any]] = [
        {
            "when": formats.date(charge.issued_on),
            "text": _("Cobrança emitida: %(amount)s") % {"amount": formats.money(charge.amount_minor, charge.currency)},
            "icon": "charge",
            "tone": "info",
        }
    ]
    for row in charge.settlements.all():
        amount = formats.money(abs(row.amount_minor), charge.currency)
        text, tone, icon = _words(row, amount)
        url = reverse("payments:payment", args=[slug, row.payment_id]) if row.payment_id else ""
        events.append(
            {"when": formats.date(row.on), "text": text, "note": row.reason, "tone": tone, "icon": icon, "url": url}
        )
    if charge.state == Charge.State.CANCELLED:
        day = formats.date(charge.cancelled_on) if charge.cancelled_on else ""
        words, why = _("Cobrança cancelada"), charge.cancellation_reason
        events.append({"when": day, "text": words, "note": why, "tone": "danger", "icon": "cancel"})
    return events


def _words(row: Settlement, amount: str) -> tuple[str, str, str]:
    if row.amount_minor < 0:
        words = {
            Settlement.Kind.PAYMENT: _("Pagamento estornado ou devolvido como crédito: %(amount)s"),
            Settlement.Kind.CREDIT: _("Crédito devolvido: %(amount)s"),
            Settlement.Kind.WRITE_OFF: _("Baixa desfeita: %(amount)s"),
        }
        return words[Settlement.Kind(row.kind)] % {"amount": amount}, "waiting", "undo"
    words = {
        Settlement.Kind.PAYMENT: _("Pago: %(amount)s"),
        Settlement.Kind.CREDIT: _("Coberto com crédito: %(amount)s"),
        Settlement.Kind.WRITE_OFF: _("Baixado sem pagamento: %(amount)s"),
    }
    tone, icon = ("danger", "cancel") if row.kind == Settlement.Kind.WRITE_OFF else ("done", "check")
    return words[Settlement.Kind(row.kind)] % {"amount": amount}, tone, icon


def message_of(
    charge: Charge,
    request: NetworkRequest,
    code: str,
    transfer: queries.Transfer | None = None,
    instructions: str = "",
) -> str:
    """The ready text for a messaging group or the debtor's phone."""
    lines = [
        request.network.name,
        _("Cobrança nº %(number)s: %(title)s") % {"number": charge.number, "title": charge.title},
        charge.enterprise.name,
        _("Falta pagar %(amount)s até %(day)s.")
        % {"amount": formats.money(charge.open_minor, charge.currency), "day": formats.date(charge.due_on)},
    ]
    if code:
        lines += ["", _("Pix copia e cola:"), code, ""]
    if transfer:
        lines += ["", f"{transfer.holder}", f"IBAN {transfer.iban}"]
        lines += [_("Escreva na transferência: %(reference)s") % {"reference": transfer.reference}, ""]
    if instructions:
        lines += [instructions, ""]
    path = reverse("payments:charge", args=[request.network.slug, charge.pk])
    lines.append(request.build_absolute_uri(short_path(path)))
    return "\n".join(lines)


@require_http_methods(["GET", "POST"])
def new_charge(request: NetworkRequest, slug: str) -> HttpResponse:
    """A charge made by hand, for what no round charges: a monthly contribution, a loan of a machine."""
    request.actor.require(permissions.ISSUE_CHARGES, request.network)
    form = ChargeForm(request.POST or None, currency=request.network.currency)

    def run(data: dict[str, Any]) -> str:
        made = operations.issue_charge(
            data["enterprise"],
            amount_minor=data["amount_minor"],
            title=data["title"],
            due_on=data["due_on"],
            actor=request.actor,
            key=key_of(request),
        )
        return _("Cobrança nº %(number)s emitida.") % {"number": made.number}

    return run_form(
        request,
        form,
        run,
        then=reverse("payments:charges", args=[slug]),
        title=_("Nova cobrança"),
        action=_("Emitir cobrança"),
    )


def _url(slug: str, row: Charge) -> str:
    return reverse("payments:charge", args=[slug, row.pk])


@require_http_methods(["GET", "POST"])
def cancel(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Cancel a charge."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.ISSUE_CHARGES, row)

    def run(data: dict[str, Any]) -> str:
        operations.cancel_charge(row, reason=data["reason"], actor=request.actor)
        return _("Cobrança nº %(number)s cancelada.") % {"number": row.number}

    paid = sum(amount for kind, amount in settled_parts(row).items() if kind != Settlement.Kind.WRITE_OFF)
    what = [_("%(enterprise)s deixa de dever esta cobrança.") % {"enterprise": row.enterprise.name}]
    if paid:
        amount = formats.money(paid, row.currency)
        what.append(_("O que já foi pago, %(amount)s, vira crédito do empreendimento.") % {"amount": amount})
    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=_url(slug, row),
        title=_("Cancelar a cobrança nº %(number)s?") % {"number": row.number},
        what=what,
        action=_("Cancelar cobrança"),
        undo=_("Para cobrar de novo, é preciso emitir outra cobrança."),
    )


@require_http_methods(["GET", "POST"])
def write_off(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Give up what is open of a charge."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.WRITE_OFF, row)

    def run(data: dict[str, Any]) -> str:
        operations.write_off(row, reason=data["reason"], actor=request.actor)
        return _("Baixa registrada.")

    amount = formats.money(row.open_minor, row.currency)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=_url(slug, row),
        title=_("Dar baixa na cobrança nº %(number)s?") % {"number": row.number},
        what=[
            _("A rede desiste de receber %(amount)s de %(enterprise)s.")
            % {"amount": amount, "enterprise": row.enterprise.name},
            _("O valor passa a ser perda da rede e aparece na prestação de contas."),
        ],
        action=_("Dar baixa"),
        undo=_("A baixa pode ser desfeita se o empreendimento pagar depois."),
    )


@require_http_methods(["GET", "POST"])
def undo_write_off(request: NetworkRequest, slug: str, charge_id: int) -> HttpResponse:
    """Owe again what was given up."""
    row = charge_or_404(request, charge_id)
    request.actor.require(permissions.WRITE_OFF, row)

    def run(data: dict[str, Any]) -> str:
        operations.undo_write_off(row, reason=data["reason"], actor=request.actor)
        return _("Baixa desfeita: a cobrança está em aberto outra vez.")

    amount = formats.money(settled_parts(row)["write_off"], row.currency)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        run,
        then=_url(slug, row),
        title=_("Desfazer a baixa da cobrança nº %(number)s?") % {"number": row.number},
        what=[_("%(amount)s voltam a ser devidos.") % {"amount": amount}],
        action=_("Desfazer baixa"),
    )
