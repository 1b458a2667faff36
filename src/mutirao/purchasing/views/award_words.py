# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reasons of the award, put into words: the core says codes, people read sentences."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mutirao.kernel import formats
from mutirao.purchasing.models import AwardScenario, PurchaseRound, Quote, RoundGood
from mutirao.purchasing.queries.reasons import NextBest, left_out

_PROBLEMS = {
    "unknown_supplier": gettext_lazy("há um fornecedor que já não tem cotação válida."),
    "unknown_line": gettext_lazy("%(supplier)s já não oferece %(item)s."),
    "below_first_break": gettext_lazy("%(supplier)s só vende %(item)s a partir de %(from)s; aqui são %(quantity)s."),
    "beyond_available": gettext_lazy("%(supplier)s só tem %(available)s de %(item)s; aqui são %(quantity)s."),
    "minimum_not_reached": gettext_lazy("O pedido a %(supplier)s soma %(goods)s e o mínimo dele é %(minimum)s."),
    "too_many_suppliers": gettext_lazy("São %(suppliers)s fornecedores e a regra da rede é no máximo %(limit)s."),
    "short": gettext_lazy("Faltam %(quantity)s de %(item)s."),
}
_MONEY = ("goods", "minimum", "cost", "saved", "dearer", "total", "freight")


def problem_words(problem: dict[str, Any], round_: PurchaseRound) -> str:
    """A problem of a split as a sentence; its code where no sentence is known."""
    sentence = _PROBLEMS.get(problem["code"])
    return str(sentence) % _params(problem["params"], round_) if sentence else str(problem["code"])


def _params(params: dict[str, Any], round_: PurchaseRound) -> dict[str, Any]:
    result = dict(params)
    unit = ""
    if "item" in params:
        good = RoundGood.objects.select_related("product").get(pk=int(params["item"]))
        result["item"], unit = good.product.name, good.product.unit
    if "supplier" in params:
        result["supplier"] = Quote.objects.select_related("supplier").get(pk=int(params["supplier"])).supplier.name
    for name in ("quantity", "available", "from"):
        if name in params:
            result[name] = formats.quantity(Decimal(str(params[name])), unit)
    for name in _MONEY:
        if name in params:
            result[name] = formats.money(int(params[name]), round_.currency)
    return result


def scenario_reasons(row: AwardScenario, round_: PurchaseRound) -> list[str]:
    """What is to be known of a scenario, in sentences."""
    said = []
    if row.status == "optimal" and row.kind == AwardScenario.Kind.BEST:
        said.append(_("Está provado: com estas cotações e regras, não existe divisão mais barata."))
    elif row.kind == AwardScenario.Kind.BEST and row.gap is not None:
        percent = formats.number(row.gap * 100, 2)
        said.append(
            _("Se existir divisão mais barata, a diferença é de no máximo %(percent)s%%.") % {"percent": percent}
        )
    if row.details.get("complete") is False:
        said.append(_("Este fornecedor sozinho não atende tudo o que foi pedido."))
    for good_id, quantity in row.details.get("unserved", {}).items():
        good = RoundGood.objects.select_related("product").get(pk=int(good_id))
        said.append(
            _("Ninguém consegue fornecer %(quantity)s de %(item)s.")
            % {"quantity": formats.quantity(Decimal(quantity), good.product.unit), "item": good.product.name}
        )
    if row.details.get("not_possible"):
        count = len(row.details["not_possible"])
        words = ngettext(
            "%(count)s empreendimento não conseguiria comprar sozinho: fica abaixo dos mínimos.",
            "%(count)s empreendimentos não conseguiriam comprar sozinhos: ficam abaixo dos mínimos.",
            count,
        )
        said.append(words % {"count": count})
    return said


def next_best_words(other: NextBest | None, round_: PurchaseRound) -> str:
    """Why a line is bought where it is, against the next best price."""
    if other is None:
        return _("Só este fornecedor oferece esta quantidade.")
    params = {
        "supplier": other.supplier,
        "price": formats.unit_price(other.unit_price, round_.currency),
        "difference": formats.money(abs(other.dearer_minor), round_.currency),
    }
    if other.dearer_minor > 0:
        return _("O próximo preço é de %(supplier)s: %(price)s, %(difference)s a mais nesta quantidade.") % params
    if other.dearer_minor == 0:
        return _("%(supplier)s custa o mesmo nesta quantidade.") % params
    return (
        _("%(supplier)s tem preço menor (%(price)s), mas com frete, mínimo e regras da rede o total sai mais caro.")
        % params
    )


def left_out_words(row: AwardScenario, quotes: list[Quote], round_: PurchaseRound) -> list[str]:
    """Why nothing is bought of each of the other suppliers."""
    said = []
    for one in left_out(row, quotes, currency=round_.currency):
        params = {
            "supplier": one.supplier,
            "goods": ", ".join(one.cheapest_in),
            "minimum": formats.money(one.minimum_minor, round_.currency),
            "freight": formats.money(one.freight_minor, round_.currency),
        }
        if one.cheapest_in:
            words = _(
                "%(supplier)s ganha em %(goods)s, mas frete (%(freight)s) ou mínimo (%(minimum)s) desfazem a vantagem."
            )
            said.append(words % params)
        else:
            said.append(_("%(supplier)s não é o mais barato em nada do que se compra.") % params)
    return said
