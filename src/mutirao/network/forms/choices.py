# SPDX-License-Identifier: AGPL-3.0-or-later
"""What filters choose from; asked for when a form is made, since each network has its own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from mutirao.network.models import Enterprise, Municipality, Territory, ValueChain


def territories(_request: HttpRequest | None) -> QuerySet[Territory]:
    """Those of the network."""
    rows: QuerySet[Territory] = Territory.objects.all()
    return rows


def value_chains(_request: HttpRequest | None) -> QuerySet[ValueChain]:
    """Those of the network."""
    rows: QuerySet[ValueChain] = ValueChain.objects.all()
    return rows


def municipalities(_request: HttpRequest | None) -> QuerySet[Municipality]:
    """Those in which an enterprise of the network is."""
    return Municipality.objects.filter(pk__in=Enterprise.objects.values("municipality"))
