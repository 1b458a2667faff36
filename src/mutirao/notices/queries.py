# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom to tell, what they chose, what they have not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network.models import Person, RoleAssignment
from mutirao.notices import kinds
from mutirao.notices.models import Device, Notice, NoticeSettings, Preference, ShortLink


def people_with_roles(roles: Collection[str]) -> QuerySet[Person]:
    """People who hold one of these roles in the network as a whole today."""
    return _holding(RoleAssignment.objects.filter(role__in=roles, enterprise__isnull=True))


def people_of_enterprises(enterprise_ids: Collection[int], roles: Collection[str]) -> QuerySet[Person]:
    """People who hold one of these roles in one of the enterprises today."""
    return _holding(RoleAssignment.objects.filter(role__in=roles, enterprise__in=enterprise_ids))


def _holding(rows: QuerySet[RoleAssignment]) -> QuerySet[Person]:
    held = rows.filter(RoleAssignment.held_on(clock.today()))
    return Person.objects.filter(pk__in=held.values("person"), is_active=True)


def belongs_today(person: Person) -> bool:
    """Whether the person still holds a role in the active network."""
    rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person)
    return bool(person.is_active and rows.exists())


def inbox(actor: Actor) -> QuerySet[Notice]:
    """What the person was told, the newest first."""
    rows: QuerySet[Notice] = Notice.objects.filter(person=actor.person_id)
    return rows


def unread_count(person_id: int) -> int:
    """How many notices of the active network the person has not read."""
    return int(Notice.objects.filter(person=person_id, read_at__isnull=True).count())


def short_path(path: str) -> str:
    """The short path to a page of the active network where there is one that still opens; else the path itself."""
    row = ShortLink.objects.filter(path=path, expires_at__gt=clock.now()).first()
    return reverse("notices_short", kwargs={"code": row.code}) if row else path


def devices_of(actor: Actor) -> QuerySet[Device]:
    """The browsers that ring for the person."""
    rows: QuerySet[Device] = Device.objects.filter(person=actor.person_id)
    return rows


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways that hold for one kind: as chosen, or as the kind has it."""

    kind: kinds.Kind
    email: str
    push: bool


def choice_for(kind: kinds.Kind, chosen: Preference | None) -> Choice:
    """What holds for a kind."""
    return Choice(kind, kind.email, kind.push) if chosen is None else Choice(kind, chosen.email, chosen.push)


def choices_of(actor: Actor) -> list[Choice]:
    """What holds for every kind that the person may be told of, in the order in which people choose."""
    chosen = {row.kind: row for row in Preference.objects.filter(person=actor.person_id)}
    team = any(grant.enterprise_id is None for grant in actor.grants)
    return [choice_for(kind, chosen.get(kind.code)) for kind in kinds.listed(team=team)]


def settings_of(person_id: int) -> NoticeSettings:
    """What the person chose for all notices; unsaved with the usual values where nothing was chosen."""
    found: NoticeSettings | None = NoticeSettings.objects.filter(person=person_id).first()
    return found or NoticeSettings(person_id=person_id)


def settings_by_person(person_ids: Iterable[int]) -> dict[int, NoticeSettings]:
    """The same for several people, who chose something."""
    return {row.person_id: row for row in NoticeSettings.objects.filter(person__in=list(person_ids))}
