# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home: the welcome for strangers, the person's networks, the network's first page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats
from mutirao.network.access import coordination_words, networks_left_by, networks_of
from mutirao.network.models import Enterprise
from mutirao.network.permissions import SEE_NETWORK
from mutirao.payments.permissions import SEE_CHARGES
from mutirao.purchasing.permissions import SEE_ROUNDS
from mutirao.site import home as queries
from mutirao.site.charts import Bar, bars


def home(request: HttpRequest) -> HttpResponse:
    """Welcome for strangers; whoever has one network goes straight there, others choose."""
    if not request.user.is_authenticated:
        return render(request, "site/welcome.html")
    networks = networks_of(request.user)
    if len(networks) == 1:
        return redirect("network_home", slug=networks[0].slug)
    left = [] if networks else [(one, day, coordination_words(one)) for one, day in networks_left_by(request.user)]
    return render(request, "site/networks.html", {"networks": networks, "left": left})


def network_home(request: Any, slug: str) -> HttpResponse:
    """What waits for the person, what happens this week, how the network is doing."""
    actor, network = request.actor, request.network
    if not actor.can_somewhere(SEE_NETWORK):
        if actor.enterprise_ids:  # of an enterprise that is no member: it reads what concerns itself
            return redirect("admission:standing", slug=slug, pk=min(actor.enterprise_ids))
        actor.require(SEE_NETWORK, network)
    year_ago = clock.today() - dt.timedelta(days=365)
    buys = actor.can_somewhere(SEE_ROUNDS)  # a consultancy may see other parts only
    savings = queries.savings(since=year_ago) if buys else []
    standing = queries.standing(savings, enterprises=Enterprise.objects.filter(is_active=True).count())
    context = {
        "waiting": queries.waiting(actor, network),
        "week": queries.this_week(actor),
        "standing": standing,
        "figures": _figures(standing, network.currency, buys=buys, charges=actor.can_somewhere(SEE_CHARGES)),
        "chart": _chart(savings, network.currency),
        "failed_jobs": queries.failed_jobs(request.user),
    }
    return render(request, "site/network_home.html", context)


def _figures(standing: queries.Standing, currency: str, *, buys: bool, charges: bool) -> list[dict[str, str]]:
    bought = [
        (_("Comprado juntos em 12 meses"), formats.money(standing.bought_minor, currency)),
        (_("Economia em 12 meses"), formats.money(standing.saved_minor, currency)),
    ]
    owed = [
        (_("A receber"), formats.money(standing.open_minor, currency)),
        (_("Vencido"), formats.money(standing.late_minor, currency)),
    ]
    shown = [*(bought if buys else []), *(owed if charges else []), (_("Empreendimentos"), str(standing.enterprises))]
    return [{"label": label, "value": value} for label, value in shown]


def _chart(savings: list[queries.Saving], currency: str) -> str:
    if not savings:
        return ""
    items = [
        Bar(label=one.round.title, value=one.saved_minor, text=formats.money(one.saved_minor, currency))
        for one in savings
    ]
    return bars(items, title=_("Quanto cada rodada economizou"))
