# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network that takes another currency takes its rounds along, or is refused."""

from __future__ import annotations

from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.events import NetworkCurrencyChanging
from mutirao.network.models import Network
from mutirao.purchasing.operations.currency import take_currency


@inside(NetworkCurrencyChanging)
def follow_currency(event: NetworkCurrencyChanging) -> None:
    """Turn rounds without prices to the new currency; quoted ones refuse."""
    take_currency(Network.objects.get(pk=event.network_id), event.after, actor=acting(event.network_id))
