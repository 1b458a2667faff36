# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short links: whoever opens one signs in and stands before the own enterprise's list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from mutirao.kernel import tenancy
from mutirao.network import access
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.queries.rounds import rounds_visible_to


@require_safe
def round_link(request: HttpRequest, token: str) -> HttpResponse:
    """Go to the round that the link names. Strangers learn nothing: not even whether there is such a round."""
    if not request.user.is_authenticated:
        return access.sign_in_first(request)
    with tenancy.unscoped("a short link names its network"):
        round_ = PurchaseRound.objects.filter(link_token=token).select_related("network").first()
    found = access.enter_network(request.user, round_.network.slug) if round_ else None
    if round_ is None or found is None:
        raise access.UnknownNetwork
    network, actor = found
    with tenancy.activated(network):
        visible = rounds_visible_to(actor).filter(pk=round_.pk).exists()
    if not visible:
        raise access.UnknownNetwork
    target = "purchasing:own_needs" if actor.enterprise_ids else "purchasing:round"
    return redirect(reverse(target, kwargs={"slug": network.slug, "number": round_.number}))
