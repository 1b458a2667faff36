# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suppliers with an e-mail address get their link by e-mail too."""

from __future__ import annotations

from mutirao.kernel import jobs
from mutirao.kernel.events import inside
from mutirao.purchasing.events import SuppliersAsked
from mutirao.purchasing.models import QuoteRequest

MAIL = "mutirao.purchasing.tasks.mail_quote_request"


@inside(SuppliersAsked)
def mail_links(event: SuppliersAsked) -> None:
    """One e-mail for each link; the token is in no job, it is made when the letter is written."""
    rows = QuoteRequest.objects.filter(pk__in=event.request_ids).exclude(supplier__email="")
    for row in rows:
        arguments = {"request_id": row.pk, "issue": row.issue}
        jobs.enqueue(MAIL, arguments, network_id=event.network_id, key=f"purchasing.ask:{row.pk}:{row.issue}")
