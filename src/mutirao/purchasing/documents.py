# SPDX-License-Identifier: AGPL-3.0-or-later
"""An order as its supplier gets it, in the network's language: printed page, spreadsheet, message text."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats, pdf, sheets
from mutirao.network.core import phones
from mutirao.purchasing.models import OrderLine, PurchaseOrder

TEMPLATE = Path(__file__).parent / "print" / "order.typ"


T = TypeVar("T")


def _in_the_networks_language(made: Callable[[PurchaseOrder], T]) -> Callable[[PurchaseOrder], T]:
    """Whoever prints or copies it may read another language than those it goes to."""

    @wraps(made)
    def run(order: PurchaseOrder) -> T:
        with translation.override(order.round.network.language):
            return made(order)

    return run


def _lines(order: PurchaseOrder) -> list[OrderLine]:
    return list(order.lines.select_related("good__product", "quote_line"))


def _name(line: OrderLine) -> str:
    brand = line.quote_line.brand
    return f"{line.good.product.name} ({brand})" if brand else str(line.good.product.name)


def _pack(line: OrderLine) -> str:
    size = formats.quantity(line.quote_line.pack_size, line.good.product.unit)
    return f"{line.packs} × {size}"


def _places(order: PurchaseOrder) -> list[str]:
    return [f"{place.name}, {place.address}" if place.address else place.name for place in order.round.places.all()]


@_in_the_networks_language
def order_pdf(order: PurchaseOrder) -> bytes:
    """The order as a tagged PDF."""
    round_, supplier = order.round, order.supplier
    currency = round_.currency
    facts = [
        {"label": _("Rodada"), "value": round_.title},
        {"label": _("Data"), "value": formats.date(clock.today())},
        {"label": _("Entregar em"), "value": "; ".join(_places(order))},
    ]
    if round_.deliver_on:
        facts.append({"label": _("Entrega prevista"), "value": formats.date(round_.deliver_on)})
    if order.quote.payment_terms:
        facts.append({"label": _("Pagamento"), "value": order.quote.payment_terms})
    phone = phones.shown(supplier.phone, round_.network.country)
    data: dict[str, Any] = {
        "lang": round_.network.language.split("-")[0],
        "title": _("Pedido %(number)s") % {"number": order.number},
        "network": round_.network.name,
        "supplier": supplier.name,
        "from_lines": [],
        "supplier_lines": [text for text in (supplier.contact_name, phone, supplier.email) if text],
        "words": {"from": _("De"), "to": _("Para"), "notes": _("Observações")},
        "facts": facts,
        "columns": [_("Produto"), _("Embalagens"), _("Quantidade"), _("Preço"), _("Valor")],
        "rows": [
            [
                _name(line),
                _pack(line),
                formats.quantity(line.quantity, line.good.product.unit),
                formats.unit_price(line.unit_price, currency),
                formats.money(line.cost_minor, currency),
            ]
            for line in _lines(order)
        ],
        "totals": [
            {"label": _("Produtos"), "value": formats.money(order.goods_minor, currency)},
            {"label": _("Frete"), "value": formats.money(order.freight_minor, currency)},
            {"label": _("Total"), "value": formats.money(order.goods_minor + order.freight_minor, currency)},
        ],
        "notes": order.quote.notes,
    }
    return pdf.render(TEMPLATE, data, made_at=clock.now())


@_in_the_networks_language
def order_xlsx(order: PurchaseOrder) -> bytes:
    """The order as a spreadsheet, one line a good."""
    columns = [_("Produto"), _("Unidade"), _("Embalagens"), _("Quantidade"), _("Preço"), _("Valor")]
    rows = [
        [
            _name(line),
            line.good.product.unit,
            line.packs,
            line.quantity.normalize(),
            line.unit_price.normalize(),
            formats.Money(line.cost_minor, order.round.currency).major,
        ]
        for line in _lines(order)
    ]
    return sheets.write_xlsx([(_("Pedido %(number)s") % {"number": order.number}, columns, rows)])


@_in_the_networks_language
def order_text(order: PurchaseOrder) -> str:
    """The order as a message to paste: plain lines, totals, where and when to deliver."""
    currency = order.round.currency
    lines = [
        _("*Pedido %(number)s* – %(network)s") % {"number": order.number, "network": order.round.network.name},
        "",
        *(
            f"• {_name(line)}: {_pack(line)} = {formats.quantity(line.quantity, line.good.product.unit)}"
            f" – {formats.money(line.cost_minor, currency)}"
            for line in _lines(order)
        ),
        "",
        _("Produtos: %(goods)s · Frete: %(freight)s · Total: %(total)s")
        % {
            "goods": formats.money(order.goods_minor, currency),
            "freight": formats.money(order.freight_minor, currency),
            "total": formats.money(order.goods_minor + order.freight_minor, currency),
        },
        _("Entregar em: %(places)s") % {"places": "; ".join(_places(order))},
    ]
    if order.round.deliver_on:
        lines.append(_("Entrega prevista: %(day)s") % {"day": formats.date(order.round.deliver_on)})
    return "\n".join(lines)
