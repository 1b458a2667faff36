# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the memory; each takes the actor it reads for. What may be seen is decided here, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import cast

from django.db.models import Prefetch, Q, QuerySet

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotFound
from mutirao.memory import permissions
from mutirao.memory.core import consent, periods
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.network.models import Enterprise


def may_write_for(actor: Actor, enterprise: Enterprise | None) -> bool:
    """Whether the actor may tell a moment of an enterprise, or (None) of the whole network."""
    if enterprise is None:
        return actor.can_somewhere(permissions.WRITE_MEMORY)
    return actor.can(permissions.WRITE_MEMORY, enterprise)


def may_edit(actor: Actor, moment: Moment) -> bool:
    """Whoever publishes there; whoever wrote it, while it is a draft."""
    if actor.can(permissions.PUBLISH_MEMORY, moment):
        return True
    wrote = actor.person_id is not None and moment.written_by_id == actor.person_id
    return wrote and moment.state == Moment.State.DRAFT and actor.can_somewhere(permissions.WRITE_MEMORY)


def moments_visible_to(actor: Actor) -> QuerySet[Moment]:
    """Published moments for everybody in the network; drafts for those who wrote or may publish them."""
    rows: QuerySet[Moment] = Moment.objects.select_related("enterprise", "written_by", "published_by")
    if not actor.can_somewhere(permissions.SEE_MEMORY):
        return rows.none()
    if actor.can(permissions.PUBLISH_MEMORY):
        return rows
    return rows.filter(Q(state=Moment.State.PUBLISHED) | _own_drafts(actor))


def _own_drafts(actor: Actor) -> Q:
    mine = Q(written_by_id=actor.person_id) if actor.person_id else Q(pk__in=())
    network_id = actor.network_id or 0
    publishes = [
        pk
        for pk in actor.enterprise_ids
        if actor.can(permissions.PUBLISH_MEMORY, Enterprise(pk=pk, network_id=network_id))
    ]
    return mine | Q(enterprise_id__in=publishes)


def moment_for(actor: Actor, pk: int) -> Moment:
    """One moment. Raises: NotFound."""
    found = moments_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def with_keepsakes(moments: QuerySet[Moment]) -> QuerySet[Moment]:
    """Moments with what is kept of them and who is shown, in three queries."""
    kept = Prefetch("keepsakes", Keepsake.objects.prefetch_related("portrayals").order_by("pk"))
    return moments.prefetch_related(kept, Prefetch("portrayals", Portrayal.objects.order_by("pk")))


def may_see(actor: Actor, moment: Moment, keepsake: Keepsake) -> bool:
    """What was withdrawn nobody sees; what has leave, whoever sees the moment; the rest those who prepare it."""
    if keepsake.is_withdrawn:
        return False
    return keepsake.reach >= consent.INSIDE or may_edit(actor, moment)


def keepsakes_seen(actor: Actor, moment: Moment) -> list[Keepsake]:
    """What the actor sees of a moment; read with `with_keepsakes`."""
    return [keepsake for keepsake in moment.keepsakes.all() if may_see(actor, moment, keepsake)]


def keepsake_for(actor: Actor, moment: Moment, pk: int) -> Keepsake:
    """One keepsake that the actor sees. Raises: NotFound."""
    rows: QuerySet[Keepsake] = Keepsake.objects.prefetch_related("portrayals")
    found = rows.filter(moment=moment, pk=pk).first()
    if found is None or not may_see(actor, moment, found):
        raise NotFound
    return found


def timeline(
    actor: Actor, *, enterprise: Enterprise | None = None, kind: str = "", horizon: str = ""
) -> QuerySet[Moment]:
    """Published moments, the latest first: of everybody, or of one enterprise."""
    rows = moments_visible_to(actor).filter(state=Moment.State.PUBLISHED)
    if enterprise is not None:
        rows = rows.filter(enterprise=enterprise)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(_in_horizon(horizon)) if horizon else rows


def _in_horizon(horizon: str) -> Q:
    """What somebody put there, and what lies there by its day."""
    after, until = periods.days_of(cast(periods.Horizon, horizon), clock.today())
    by_day = Q(horizon="")
    if after is not None:
        by_day &= Q(day__gt=after)
    if until is not None:
        by_day &= Q(day__lte=until)
    return Q(horizon=horizon) | by_day


def drafts(actor: Actor) -> QuerySet[Moment]:
    """Drafts that the actor wrote or may publish, the oldest first."""
    return moments_visible_to(actor).filter(state=Moment.State.DRAFT).order_by("written_at", "pk")


def to_publish(actor: Actor) -> Sequence[Moment]:
    """Drafts of others that wait for this person to read and publish them."""
    if not actor.can_somewhere(permissions.PUBLISH_MEMORY):
        return []
    rows = drafts(actor).exclude(written_by_id=actor.person_id or 0)
    return [row for row in rows[:50] if actor.can(permissions.PUBLISH_MEMORY, row)]


# --- the booklet -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A moment as the booklet shows it, with what of it may be printed."""

    moment: Moment
    photos: tuple[Keepsake, ...]
    others: tuple[Keepsake, ...]
    people: tuple[str, ...]


def booklet_pages(
    actor: Actor, *, enterprise: Enterprise | None, horizons: Iterable[str], most: int
) -> tuple[list[Page], bool]:
    """What may be printed, oldest first, only with the leave of everybody shown for a booklet; of at most `most`
    moments, and whether there are more.

    For None the moments of the network and of all its enterprises.
    """
    wanted = reduce(or_, map(_in_horizon, horizons), Q(pk__in=()))
    rows = timeline(actor, enterprise=enterprise).filter(wanted).order_by("day", "pk")
    found = list(with_keepsakes(rows)[: most + 1])
    pages = []
    for moment in found[:most]:
        named = [one for one in moment.portrayals.all() if one.keepsake_id is None]
        if consent.reach([one.scope_now for one in named], shows_nobody=True) < consent.BOOKLET:
            continue
        printed = [one for one in moment.keepsakes.all() if one.reach >= consent.BOOKLET]
        people = {one.name: None for one in named}
        for keepsake in printed:
            people |= {one.name: None for one in keepsake.portrayals.all()}
        pages.append(
            Page(
                moment,
                tuple(one for one in printed if one.kind == Keepsake.Kind.PHOTO),
                tuple(one for one in printed if one.kind != Keepsake.Kind.PHOTO),
                tuple(people),
            )
        )
    return pages, len(found) > most
