# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quotes: side by side, typed in, asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock, formats
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.sheets import XLSX_TYPE, write_xlsx
from mutirao.purchasing import permissions
from mutirao.purchasing.forms.quotes import QuoteGrid, TermsForm
from mutirao.purchasing.forms.rounds import ReasonForm
from mutirao.purchasing.models import PurchaseRound, Quote
from mutirao.purchasing.operations import quotes as operations
from mutirao.purchasing.queries import quotes as queries
from mutirao.purchasing.queries.needs import consolidated
from mutirao.purchasing.queries.packs import orders_by_rule, smallest_packs
from mutirao.purchasing.queries.quote_requests import files_with
from mutirao.purchasing.queries.rounds import products_of
from mutirao.purchasing.views import words
from mutirao.purchasing.views.base import INVALID, address, confirm, done, page_of, require_purchase, round_of, sent


@require_safe
def comparison(request: Any, slug: str, number: int) -> HttpResponse:
    """Goods against suppliers at the quantity needed."""
    round_ = round_of(request, number)
    require_purchase(request.actor, round_)
    compared = queries.comparison(round_, today=clock.today())
    context = {
        "round": round_,
        "compared": compared,
        "page": page_of(request, compared.goods, 60),
        "quotes": [
            {
                "quote": quote,
                "doubts": [words.doubt_words(doubt, round_.currency) for doubt in compared.doubts[quote.pk]],
                "terms": terms_in_words(quote, round_.currency),
            }
            for quote in compared.quotes
        ],
        "may_enter": request.actor.can(permissions.ENTER_QUOTES, round_) and round_.takes_quotes,
    }
    return render(request, "purchasing/quotes/comparison.html", context)


def terms_in_words(quote: Quote, currency: str) -> list[dict[str, Any]]:
    """A quote's terms as facts; what was not said is left out."""
    facts: list[tuple[str, str]] = []
    if quote.minimum_order_minor:
        facts.append((_("Pedido mínimo"), formats.money(quote.minimum_order_minor, currency)))
    facts.append((_("Frete"), _freight(quote, currency)))
    if quote.valid_until:
        facts.append((_("Vale até"), formats.date(quote.valid_until)))
    if quote.days_to_deliver is not None:
        days = ngettext("em %(days)s dia", "em %(days)s dias", quote.days_to_deliver)
        facts.append((_("Entrega"), days % {"days": quote.days_to_deliver}))
    if quote.payment_terms:
        facts.append((_("Pagamento"), quote.payment_terms))
    if quote.notes:
        facts.append((_("Observações"), quote.notes))
    facts.append((_("Recebida em"), formats.date(quote.received_on)))
    if quote.origin != Quote.Origin.TEAM:
        facts.append((_("Cadastrada"), quote.get_origin_display()))
    return [{"label": label, "value": value} for label, value in facts]


def _freight(quote: Quote, currency: str) -> str:
    parts = []
    if quote.freight_minor:
        parts.append(formats.money(quote.freight_minor, currency))
    if quote.freight_per_kg:
        parts.append(_("%(price)s por quilo") % {"price": formats.unit_price(quote.freight_per_kg, currency)})
    if not parts:
        return _("por conta do fornecedor")
    said = " + ".join(parts)
    if quote.free_freight_from_minor is None:
        return said
    free_from = formats.money(quote.free_freight_from_minor, currency)
    return _("%(freight)s; grátis a partir de %(amount)s") % {"freight": said, "amount": free_from}


@require_safe
def quote_detail(request: Any, slug: str, number: int, quote_id: int) -> HttpResponse:
    """One quote with its breaks, what to look at twice, and its history."""
    round_ = round_of(request, number)
    require_purchase(request.actor, round_)
    quote = queries.quote_for(round_, quote_id)
    steps = queries.breaks_of([quote])
    goods = {good.good_id: good for good in consolidated(round_)}
    today = clock.today()
    orders = orders_by_rule(round_, smallest_packs(round_, today=today))
    found = queries.doubts_about(quote, steps, goods, orders, today=today)
    entries = AuditEntry.objects.filter(
        network_id=round_.network_id, subject_kind="purchasing.quote", subject_id=str(quote.pk)
    )
    context = {
        "round": round_,
        "quote": quote,
        "terms": terms_in_words(quote, round_.currency),
        "lines": [
            {"line": line, "steps": steps[line.pk], "good": goods[line.good_id]} for line in queries.offers_in(quote)
        ],
        "doubts": [] if quote.is_withdrawn else [words.doubt_words(doubt, round_.currency) for doubt in found],
        "history": words.timeline(list(entries.order_by("-sequence")[:20])),
        "files": files_with(quote),
        "earlier_version": quote.replaces,
        "may_change": request.actor.can(permissions.ENTER_QUOTES, round_)
        and round_.takes_quotes
        and not quote.is_withdrawn,
    }
    return render(request, "purchasing/quotes/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_quote(request: Any, slug: str, number: int) -> HttpResponse:
    """Choose the supplier, then type the quote in; the supplier's last quote may be the beginning."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    chosen = request.GET.get("fornecedor", "")
    supplier = Supplier.objects.filter(pk=int(chosen), is_active=True).first() if chosen.isdigit() else None
    if supplier is None:
        search = request.GET.get("q", "").strip()
        suppliers = queries.suppliers_to_quote(round_).filter(name__icontains=search)
        context = {"round": round_, "page": page_of(request, suppliers, 40), "search": search}
        return render(request, "purchasing/quotes/choose_supplier.html", context)
    earlier = queries.earlier_quote(round_, supplier)
    source = earlier if "copiar" in request.GET else None
    form = TermsForm(sent(request), quote=source, currency=round_.currency, is_copy=True)
    page = {"supplier": supplier, "earlier": earlier if source is None else None, "quote": None}
    grid = _grid(request, round_, source)
    if not _may_send(request, form, grid):
        return _draw(request, round_, form, grid, **page)
    try:
        quote = operations.enter_quote(
            round_, supplier=supplier, lines=grid.lines(), terms=form.terms(), actor=request.actor,
            key=request.POST.get("idempotency_key", ""),
        )  # fmt: skip
    except DomainError as error:
        grid.refuse(form, error)
        return _draw(request, round_, form, grid, **page)
    return done(request, _("Cotação cadastrada."), "quote", number=number, quote_id=quote.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_quote(request: Any, slug: str, number: int, quote_id: int) -> HttpResponse:
    """Change a quote."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    quote = queries.quote_for(round_, quote_id)
    form = TermsForm(sent(request), quote=quote, currency=round_.currency)
    page = {"supplier": quote.supplier, "earlier": None, "quote": quote}
    grid = _grid(request, round_, quote)
    if not _may_send(request, form, grid):
        return _draw(request, round_, form, grid, **page)
    try:
        operations.edit_quote(
            quote, lines=grid.lines(), terms=form.terms(), seen_version=form.cleaned_data["seen_version"],
            key=request.POST.get("idempotency_key", ""), actor=request.actor,
        )  # fmt: skip
    except DomainError as error:
        grid.refuse(form, error)
        return _draw(request, round_, form, grid, **page)
    return done(request, _("Cotação guardada."), "quote", number=number, quote_id=quote.pk)


def _grid(request: Any, round_: PurchaseRound, source: Quote | None) -> QuoteGrid:
    goods = consolidated(round_)
    if request.method == "POST":
        return QuoteGrid.sent(goods, request.POST)
    if source is not None:
        return QuoteGrid.of_quote(goods, source, queries.breaks_of([source]), products_of(round_))
    return QuoteGrid.empty(goods)


def _may_send(request: Any, form: TermsForm, grid: QuoteGrid) -> bool:
    """Whether the quote is to be written down now and reads well; buttons that only enlarge the grid do that."""
    if request.method != "POST":
        return False
    if "more" in request.POST or "another" in request.POST:
        grid.grow(more=request.POST.get("more", ""), another=request.POST.get("another", ""))
        return False
    grid.lines()
    sound = form.is_valid() and not grid.has_errors
    grid.tell(form)
    return sound


def _draw(request: Any, round_: PurchaseRound, form: TermsForm, grid: QuoteGrid, **page: Any) -> HttpResponse:
    growing = "more" in request.POST or "another" in request.POST
    refused = request.method == "POST" and not growing
    context = {
        "round": round_,
        "form": form,
        "grid": grid,
        "show_errors": refused,
        "kept_as": f"quote-{round_.pk}-{page['supplier'].pk}",
        "key": request.POST.get("idempotency_key", "") if refused else "",
        **page,
    }
    return render(request, "purchasing/quotes/form.html", context, status=INVALID if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_quote(request: Any, slug: str, number: int, quote_id: int) -> HttpResponse:
    """Take a quote out of the comparison."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    quote = queries.quote_for(round_, quote_id)
    form = ReasonForm(sent(request), seen_version=quote.version)
    if form.is_valid():
        try:
            operations.withdraw_quote(quote, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Cotação retirada."), "quotes", number=number)
    return confirm(
        request,
        title=_("Retirar a cotação de %(supplier)s") % {"supplier": quote.supplier},
        what=[_("Ela sai da comparação e da divisão da compra."), _("Continua a poder ser lida, com o motivo.")],
        action=_("Retirar a cotação"),
        undo=_("O fornecedor pode ser cotado de novo."),
        cancel_url=address(request, "quote", number=number, quote_id=quote.pk),
        form=form,
    )


# --- asking for quotes -----------------------------------------------------------------------------------------------


@require_safe
def quote_request(request: Any, slug: str, number: int) -> HttpResponse:
    """A ready text to ask suppliers with."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    needed = [good for good in consolidated(round_) if good.quantity]
    context = {"round": round_, "text": _request_text(request, round_, needed), "count": len(needed)}
    return render(request, "purchasing/quotes/request.html", context)


def _request_text(request: Any, round_: PurchaseRound, needed: list[Any]) -> str:
    places = ", ".join(
        f"{place.name} ({place.address})" if place.address else place.name for place in round_.places.all()
    )
    lines = [_("%(network)s pede cotação para uma compra coletiva:") % {"network": request.network.name}, ""]
    lines += [f"• {good.name}: {formats.quantity(good.quantity.normalize(), good.unit)}" for good in needed]
    lines.append("")
    if round_.deliver_on:
        lines.append(_("Entrega prevista: %(day)s.") % {"day": formats.date(round_.deliver_on)})
    if places:
        lines.append(_("Entregar em: %(places)s.") % {"places": places})
    lines.append(
        _("Por favor, informe: preço por unidade e a partir de que quantidade ele baixa, tamanho da embalagem, "
          "quanto tem disponível, frete, pedido mínimo, validade, prazo de entrega e pagamento.")
    )  # fmt: skip
    return "\n".join(lines)


@require_safe
def quote_request_xlsx(request: Any, slug: str, number: int) -> HttpResponse:
    """A spreadsheet for the supplier to fill in."""
    round_ = round_of(request, number)
    request.actor.require(permissions.ENTER_QUOTES, round_)
    needed = [good for good in consolidated(round_) if good.quantity]
    if not needed:
        raise NotFound(_("Ninguém pediu nada ainda: não há o que cotar."))
    columns = [
        _("Produto"), _("Unidade"), _("Quantidade"), _("Marca"), _("Embalagem"), _("Disponível"), _("Preço"),
        _("A partir de (2)"), _("Preço (2)"), _("A partir de (3)"), _("Preço (3)"),
    ]  # fmt: skip
    content = write_xlsx([(_("Cotação"), columns, ([good.name, good.unit, good.quantity] for good in needed))])
    name = f"{_('pedido-de-cotacao')}-{round_.number}.xlsx"
    return HttpResponse(content, XLSX_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
