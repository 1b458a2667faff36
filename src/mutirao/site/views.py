# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home: the welcome for strangers, the person's networks, the network's first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Welcome, or the networks of whoever signed in."""
    return render(request, "site/welcome.html")


def network_home(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for the person, what happens this week, how the network is doing."""
    return render(request, "site/network_home.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what went wrong on our side."""
    return render(request, "500.html", status=500)
