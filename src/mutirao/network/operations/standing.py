# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where an enterprise stands in the network: founders by their minutes, and the one write for every other change."""

from __future__ import annotations

import datetime as dt

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions
from mutirao.network.core import standing as core
from mutirao.network.errors import CompanyCannotBeMember, FoundingClosed, MinutesMissing, StandingCannotFollow
from mutirao.network.events import FoundingClosed as FoundingWasClosed
from mutirao.network.events import StandingChanged
from mutirao.network.models import Enterprise, Network, StandingChange


def change_standing(
    enterprise: Enterprise, after: str, *, actor: Actor, reason: str, on: dt.date | None = None
) -> Enterprise:
    """Within an operation that has asked for permission: the enterprise, locked, stands otherwise from a day on.

    Kept in its history, on record and announced; the same standing again changes nothing.
    Raises: CompanyCannotBeMember, StandingCannotFollow.
    """
    enterprise = lock(enterprise)
    if enterprise.standing != after:
        write_standing(enterprise, after, actor=actor, reason=reason, on=on)
    return enterprise


def write_standing(
    enterprise: Enterprise,
    after: str,
    *,
    actor: Actor,
    reason: str,
    on: dt.date | None = None,
    member_since: dt.date | None = None,
) -> None:
    """Part of operations, on a locked enterprise: saved before it is announced, so that handlers read how it stands.

    Raises: CompanyCannotBeMember, StandingCannotFollow.
    """
    before, day = enterprise.standing, on or clock.today()
    require_may_become(enterprise, after)
    enterprise.standing, enterprise.standing_since = after, day
    if after == core.MEMBER and before not in (core.SUSPENDED, core.EXCLUDED):
        enterprise.member_since = member_since or day
    enterprise.save(update_fields=["standing", "standing_since", "member_since"])
    StandingChange.objects.create(
        network_id=enterprise.network_id, enterprise=enterprise, before=before, after=after, on=day, reason=reason,
        by_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    record(
        actor, "network.standing_changed", enterprise, reason=reason, standing_before=before, standing_after=after,
        on=day,
    )  # fmt: skip
    emit(StandingChanged(enterprise.network_id, enterprise.pk, before, after))


def require_may_become(enterprise: Enterprise, after: str) -> None:
    """Raises: CompanyCannotBeMember, StandingCannotFollow."""
    if enterprise.legal_form == core.COMPANY and after != core.PARTNER:
        raise CompanyCannotBeMember(enterprise=enterprise.name)
    if not core.may_become(enterprise.standing, after, legal_form=enterprise.legal_form):
        raise StandingCannotFollow(
            enterprise=enterprise.name,
            before=Enterprise.Standing(enterprise.standing).label,
            after=Enterprise.Standing(after).label,
        )


def follow_legal_form(enterprise: Enterprise, *, actor: Actor) -> None:
    """Part of an edit, locked: a candidate that is a company is a partner; a member cannot become a company.

    Raises: CompanyCannotBeMember.
    """
    if enterprise.legal_form != core.COMPANY or enterprise.standing == core.PARTNER:
        return
    if enterprise.standing != core.CANDIDATE:
        raise CompanyCannotBeMember(enterprise=enterprise.name)
    write_standing(enterprise, core.PARTNER, actor=actor, reason="")


@operation
def recognise_founder(enterprise: Enterprise, *, minutes_on: dt.date, minutes_kept: str, actor: Actor) -> Enterprise:
    """Make a candidate a member because the founding minutes name it; only until the network closes its founding.

    Raises: NotAllowed, FoundingClosed, MinutesMissing, CompanyCannotBeMember, StandingCannotFollow.
    """
    actor.require(permissions.RECOGNISE_FOUNDERS, enterprise)
    # The network's row serialises recognising and closing.
    network, enterprise = lock_all([enterprise.network, enterprise])
    require_founding_open(network)
    return write_founder(enterprise, minutes_on=minutes_on, minutes_kept=minutes_kept, actor=actor)


def require_founding_open(network: Network) -> None:
    """Raises: FoundingClosed."""
    if network.founding_closed_on is not None:
        raise FoundingClosed(day=formats.date(network.founding_closed_on))


def write_founder(enterprise: Enterprise, *, minutes_on: dt.date, minutes_kept: str, actor: Actor) -> Enterprise:
    """Part of operations: a locked enterprise becomes a founding member. Raises: as `recognise_founder`."""
    kept = " ".join(minutes_kept.split())
    if not kept or minutes_on > clock.today():
        raise MinutesMissing
    if enterprise.standing == core.MEMBER:
        return enterprise
    require_may_become(enterprise, core.MEMBER)
    enterprise.founding_minutes_on, enterprise.founding_minutes_kept = minutes_on, kept[:200]
    enterprise.save(update_fields=["founding_minutes_on", "founding_minutes_kept"])
    write_standing(enterprise, core.MEMBER, actor=actor, reason=kept, member_since=minutes_on)
    record(actor, "network.founder_recognised", enterprise, minutes_on=minutes_on, minutes_kept=kept)
    return enterprise


@operation
def close_founding(network: Network, *, actor: Actor) -> Network:
    """From now on whoever wants to join asks for it; closing twice changes nothing, and nothing reopens it.

    Raises: NotAllowed.
    """
    actor.require(permissions.RECOGNISE_FOUNDERS, network)
    network = lock(network)
    if network.founding_closed_on is None:
        network.founding_closed_on = clock.today()
        network.save(update_fields=["founding_closed_on"])
        record(actor, "network.founding_closed", network)
        emit(FoundingWasClosed(network.pk))
    return network
