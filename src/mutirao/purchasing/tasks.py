# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of purchase rounds: thin wrappers that call an operation by id."""

from __future__ import annotations

from mutirao.kernel import actors, tenancy
from mutirao.purchasing import asking
from mutirao.purchasing.handlers import notices
from mutirao.purchasing.models import PurchaseRound
from mutirao.purchasing.operations import quote_requests, rounds


def close_needs_at_deadline(round_id: int) -> bool:
    """Close a round's needs when its deadline has come; returns whether it closed them. May run any number of times."""
    round_ = PurchaseRound.objects.filter(pk=round_id).first()
    if round_ is None:
        return False
    actor = actors.system(tenancy.active_network_id(), why="Prazo dos pedidos")
    return rounds.close_needs_when_due(round_, actor=actor)


def mail_quote_request(request_id: int, issue: int) -> bool:
    """Send a supplier its link by e-mail, once however often this runs; returns whether it went out now."""
    request_ = quote_requests.claim_mail(request_id, issue)
    if request_ is None:
        return False
    sent = False
    try:
        asking.letter(request_).send()
        sent = True
    finally:
        quote_requests.note_mail(request_, sent=sent)
    return sent


def remind_of_needs(round_id: int, until: str, hours: int, since: str) -> int:
    """Remind those who have said nothing yet; may run any number of times."""
    return notices.remind_of_needs(round_id, until, hours, since)
