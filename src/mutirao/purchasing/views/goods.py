# SPDX-License-Identifier: AGPL-3.0-or-later
"""The goods of a round: put on the list, in order, with a note, a price to estimate by, and the packs they come in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mutirao.catalogue.models import Product
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.purchasing import permissions
from mutirao.purchasing.forms.rounds import GoodForm
from mutirao.purchasing.models import PurchaseRound, RoundGood
from mutirao.purchasing.operations import rounds as operations
from mutirao.purchasing.packing import pack_words
from mutirao.purchasing.queries.rounds import good_for
from mutirao.purchasing.views.base import address, done, page_of, round_of, sent, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def goods_list(request: Any, slug: str, number: int) -> HttpResponse:
    """The list, and the products that are not on it. One form: each button says what it does."""
    round_ = round_of(request, number)
    request.actor.require(permissions.RUN_ROUND, round_)
    if request.method == "POST":
        try:
            _do(request, round_)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    search = request.GET.get("q", "").strip()
    others = Product.objects.filter(is_active=True).exclude(
        pk__in=RoundGood.objects.filter(round=round_).values("product")
    )
    if search:
        others = others.filter(name__icontains=search)
    context = {
        "round": round_,
        "goods": [
            (good, pack_words(good.pack_size, good.minimum_packs, good.product.unit))
            for good in RoundGood.objects.filter(round=round_).select_related("product")
        ],
        "page": page_of(request, others.select_related("category"), 40),
        "search": search,
        "may_change": round_.state in operations.CHANGING_GOODS,
    }
    return render(request, "purchasing/rounds/goods.html", context)


def _do(request: Any, round_: PurchaseRound) -> None:
    given = request.POST
    seen = int(given["seen_version"]) if given.get("seen_version", "").isdigit() else None
    if (good_id := _id(given.get("remove"))) is not None:
        good = good_for(round_, good_id)
        operations.remove_good(good, actor=request.actor, seen_version=seen)
        messages.success(request, _("“%(product)s” saiu da lista.") % {"product": good})
    elif (good_id := _id(given.get("up"))) is not None or (good_id := _id(given.get("down"))) is not None:
        order = _moved(round_, good_id, -1 if "up" in given else 1)
        operations.reorder_goods(round_, good_ids=order, actor=request.actor, seen_version=seen)
    elif ids := [key for key in map(_id, given.getlist("product")) if key is not None]:
        products = list(Product.objects.filter(pk__in=ids, is_active=True))
        operations.add_goods(round_, products=products, actor=request.actor, seen_version=seen)
        words = ngettext("%(count)s produto entrou na lista.", "%(count)s produtos entraram na lista.", len(products))
        messages.success(request, words % {"count": len(products)})
    else:
        messages.warning(request, _("Marque os produtos que entram na lista."))


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


def _moved(round_: PurchaseRound, good_id: int, by: int) -> list[int]:
    """The ids of the goods with one of them moved up or down by one."""
    order = list(RoundGood.objects.filter(round=round_).values_list("pk", flat=True))
    if good_id in order:
        place = order.index(good_id)
        order.insert(max(0, place + by), order.pop(place))
    return order


@require_http_methods(["GET", "HEAD", "POST"])
def edit_good(request: Any, slug: str, number: int, good_id: int) -> HttpResponse:
    """Say more about a good."""
    round_ = round_of(request, number)
    request.actor.require(permissions.RUN_ROUND, round_)
    good = good_for(round_, good_id)
    form = GoodForm(sent(request), good=good, currency=round_.currency, seen_version=round_.version)
    if form.is_valid():
        try:
            operations.edit_good(good, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Guardado."), "round_goods", number=number)
    context = {
        "form": form, "round": round_, "title": str(good), "action": _("Guardar"),
        "back": address(request, "round_goods", number=number),
    }  # fmt: skip
    return render(request, "purchasing/rounds/small_form.html", context, status=status_of(form))
