# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling moments, keeping photos, documents and recordings, and the leave of those shown.

The trail is for ever: it tells what was done, never the name of somebody shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot, version
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.uploads import Kind, Upload, accept
from mutirao.kernel.work import emit, operation, record
from mutirao.memory import permissions
from mutirao.memory.core import consent
from mutirao.memory.errors import (
    ConsentIncomplete,
    ConsentInTheFuture,
    ConsentMissing,
    ConsentWithdrawn,
    DescriptionMissing,
    GuardianMissing,
    MomentInTheFuture,
    MomentIsPublished,
    NameMissing,
    NotYourDraft,
    TitleMissing,
)
from mutirao.memory.events import LeaveTakenBack, MomentWritten
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.memory.queries import may_edit
from mutirao.network.models import Enterprise, Network

MOMENT_FIELDS = ("enterprise", "title", "text", "kind", "horizon", "day", "precision", "place")
KEEPSAKE_FIELDS = ("description", "transcription", "credit", "shows_nobody")
LEAVE_FIELDS = ("scope", "how", "given_on", "guardian", "evidence", "withdrawn_at")
PREVIEW_SIDE = 640
_KINDS = {
    Kind.IMAGE: Keepsake.Kind.PHOTO, Kind.PDF: Keepsake.Kind.DOCUMENT, Kind.AUDIO: Keepsake.Kind.AUDIO,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentData:
    """What is told about a moment; without a horizon it follows from the day, and changes with the years."""

    title: str
    kind: str
    day: dt.date
    precision: str = Moment.Precision.DAY
    text: str = ""
    horizon: str = ""
    place: str = ""
    enterprise: Enterprise | None = None

    def values(self) -> dict[str, Any]:
        """As the row keeps them. Raises: TitleMissing, MomentInTheFuture."""
        if not self.title.strip():
            raise TitleMissing
        if self.day > clock.today():
            raise MomentInTheFuture
        return {
            "title": self.title.strip()[:140],
            "kind": Moment.Kind(self.kind),
            "day": self.day,
            "precision": Moment.Precision(self.precision),
            "text": self.text.strip(),
            "horizon": Moment.Horizon(self.horizon) if self.horizon else "",
            "place": self.place.strip()[:120],
            "enterprise": self.enterprise,
        }


@operation
def write_moment(network: Network, data: MomentData, *, actor: Actor, key: str = "") -> Moment | None:
    """Tell a moment as a draft; None for the same form sent twice. Raises: TitleMissing, MomentInTheFuture."""
    if not _tells_for(actor, data.enterprise):
        actor.require(permissions.WRITE_MEMORY, data.enterprise or network)
    if not first_time("memory.moment", key, network_id=network.pk):
        return None
    moment = Moment(network_id=network.pk, written_by_id=actor.person_id, **data.values())
    moment.save()
    record(actor, "memory.written", moment, kind=moment.kind, enterprise=str(moment.enterprise or ""))
    emit(MomentWritten(network.pk, moment.pk, actor.can(permissions.PUBLISH_MEMORY, moment)))
    return moment


def _tells_for(actor: Actor, enterprise: Enterprise | None) -> bool:
    """As `queries.may_write_for`, done in the role that allows it."""
    if enterprise is None:
        return actor.can_somewhere(permissions.WRITE_MEMORY)
    return actor.acts_by(permissions.WRITE_MEMORY, enterprise)


def _edits(actor: Actor, moment: Moment) -> bool:
    """As `queries.may_edit`, done in the role that allows it; a draft of one's own is nobody's office."""
    return actor.acts_by(permissions.PUBLISH_MEMORY, moment) or may_edit(actor, moment)


def _require_edit(actor: Actor, moment: Moment) -> None:
    if not _edits(actor, moment):
        raise NotYourDraft


@operation
def edit_moment(moment: Moment, data: MomentData, *, actor: Actor, seen: str = "") -> Moment:
    """Change what is told. Raises: NotYourDraft, StaleEdit, TitleMissing, MomentInTheFuture."""
    row = lock(moment)
    _require_edit(actor, row)
    check_seen(row, MOMENT_FIELDS, seen)
    if not _tells_for(actor, data.enterprise):
        actor.require(permissions.WRITE_MEMORY, data.enterprise or row)
    before = snapshot(row, MOMENT_FIELDS)
    for name, value in data.values().items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, MOMENT_FIELDS)):
        row.save(update_fields=list(changed))
        record(actor, "memory.edited", row, changed=sorted(changed))
    return row


@operation
def publish_moment(moment: Moment, *, actor: Actor) -> Moment:
    """Put a moment on the timeline. Raises: ConsentMissing when somebody shown gave no leave."""
    actor.require(permissions.PUBLISH_MEMORY, moment)
    row = lock(moment)
    if row.state == Moment.State.PUBLISHED:
        return row
    missing = [one.name for one in row.portrayals.filter(keepsake__isnull=True) if not one.scope_now]
    for keepsake in row.keepsakes.prefetch_related("portrayals"):
        if keepsake.reach == consent.NOWHERE and not keepsake.is_withdrawn:
            names = [one.name for one in keepsake.portrayals.all() if not one.scope_now]
            missing += names or [f"“{keepsake.description}”"]
    if missing:
        raise ConsentMissing(who=", ".join(dict.fromkeys(missing)))
    row.state, row.published_at, row.published_by_id = Moment.State.PUBLISHED, clock.now(), actor.person_id
    row.save(update_fields=["state", "published_at", "published_by"])
    record(actor, "memory.published", row)
    return row


@operation
def take_back_moment(moment: Moment, *, actor: Actor) -> Moment:
    """Take a moment off the timeline; it becomes a draft again."""
    actor.require(permissions.PUBLISH_MEMORY, moment)
    row = lock(moment)
    if row.state == Moment.State.PUBLISHED:
        _to_draft(row)
        record(actor, "memory.taken_back", row)
    return row


def _to_draft(moment: Moment) -> None:
    moment.state, moment.published_at, moment.published_by = Moment.State.DRAFT, None, None
    moment.save(update_fields=["state", "published_at", "published_by"])


@operation
def delete_moment(moment: Moment, *, actor: Actor) -> None:
    """Erase a draft with everything kept of it. Raises: NotYourDraft, MomentIsPublished."""
    row = lock(moment)
    _require_edit(actor, row)
    if row.state == Moment.State.PUBLISHED:
        raise MomentIsPublished(title=row.title)
    record(actor, "memory.deleted", row)
    for keepsake in row.keepsakes.all():
        _drop_files(keepsake)
    row.delete()


# --- what is kept ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepsakeData:
    """What a file shows or lets hear, in words."""

    description: str
    transcription: str = ""
    credit: str = ""
    shows_nobody: bool = False

    def values(self) -> dict[str, Any]:
        """As the row keeps them. Raises: DescriptionMissing."""
        if not self.description.strip():
            raise DescriptionMissing
        return {
            "description": self.description.strip()[:300],
            "transcription": self.transcription.strip(),
            "credit": self.credit.strip()[:120],
            "shows_nobody": self.shows_nobody,
        }


@operation
def add_keepsake(moment: Moment, data: KeepsakeData, *, file: Upload, actor: Actor, key: str = "") -> Keepsake | None:
    """Keep a photo, document or recording that was looked at; None for the same form sent twice.

    On a published moment it is seen once those shown gave leave. Raises: NotYourDraft, DescriptionMissing.
    """
    row = lock(moment)
    _require_edit(actor, row)
    values = data.values()
    if not first_time("memory.keepsake", key, network_id=row.network_id):
        return None
    keepsake = Keepsake(
        network_id=row.network_id,
        moment=row,
        kind=_KINDS[file.kind],
        name=file.name[:160],
        content_type=file.content_type,
        **values,
    )
    keepsake.file.save(f"kept.{file.extension}", file.as_file(), save=False)
    if file.kind == Kind.IMAGE:
        smaller = accept(file.as_file(), [Kind.IMAGE], longest_side=PREVIEW_SIDE)
        keepsake.preview.save("kept.jpg", smaller.as_file(), save=False)
    keepsake.save()
    record(actor, "memory.kept", row, kind=str(keepsake.kind), fingerprint=file.sha256)
    return keepsake


@operation
def edit_keepsake(keepsake: Keepsake, data: KeepsakeData, *, actor: Actor, seen: str = "") -> Keepsake:
    """Change the words of a keepsake. Raises: NotYourDraft, StaleEdit, DescriptionMissing."""
    row = lock(keepsake)
    _require_edit(actor, row.moment)
    check_seen(row, KEEPSAKE_FIELDS, seen)
    before = snapshot(row, KEEPSAKE_FIELDS)
    for name, value in data.values().items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, KEEPSAKE_FIELDS)):
        row.save(update_fields=list(changed))
        record(actor, "memory.keepsake_edited", row.moment, changed=sorted(changed))
    return row


@operation
def remove_keepsake(keepsake: Keepsake, *, actor: Actor) -> None:
    """Erase a keepsake, its files and what was noted of those shown. Raises: NotYourDraft."""
    row = lock(keepsake)
    _require_edit(actor, row.moment)
    _erase(row, actor)


def _erase(keepsake: Keepsake, actor: Actor) -> None:
    record(actor, "memory.keepsake_erased", keepsake.moment, kind=str(keepsake.kind))
    _drop_files(keepsake)
    keepsake.delete()


def _drop_files(keepsake: Keepsake) -> None:
    """The files go when the transaction has been kept, not before."""
    for kept in (keepsake.file, keepsake.preview):
        if kept.name:
            transaction.on_commit(partial(default_storage.delete, kept.name))


# --- those shown -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentData:
    """The leave that somebody gave; all empty while it is still to be asked."""

    how: str = ""
    given_on: dt.date | None = None
    scope: str = ""
    guardian: str = ""
    evidence: str = ""

    def values(self, *, is_minor: bool) -> dict[str, Any]:
        """As the row keeps them. Raises: ConsentIncomplete, ConsentInTheFuture, GuardianMissing."""
        said = (bool(self.how), self.given_on is not None, bool(self.scope))
        if any(said) and not all(said):
            raise ConsentIncomplete
        if self.given_on is not None and self.given_on > clock.today():
            raise ConsentInTheFuture
        if is_minor and self.scope and not self.guardian.strip():
            raise GuardianMissing
        return {
            "how": Portrayal.How(self.how) if self.how else "",
            "given_on": self.given_on,
            "scope": Portrayal.Scope(self.scope) if self.scope else "",
            "guardian": self.guardian.strip()[:120] if is_minor else "",
            "evidence": self.evidence.strip()[:200],
        }


@operation
def name_person(
    moment: Moment,
    *,
    name: str,
    actor: Actor,
    keepsake: Keepsake | None = None,
    is_minor: bool = False,
    leave: ConsentData | None = None,
) -> Portrayal:
    """Say who is shown in a keepsake, or named in the story. A published story with somebody without leave goes back
    to draft; a keepsake is simply not seen.

    Raises: NotYourDraft, NameMissing, ConsentIncomplete, ConsentInTheFuture, GuardianMissing.
    """
    row = lock(moment)
    _require_edit(actor, row)
    if keepsake is not None and keepsake.moment_id != row.pk:
        raise ValueError("the keepsake is of another moment")
    if not name.strip():
        raise NameMissing
    values = (leave or ConsentData()).values(is_minor=is_minor)
    portrayal = Portrayal(
        network_id=row.network_id, moment=row, keepsake=keepsake, name=name.strip()[:120], is_minor=is_minor, **values
    )
    if portrayal.scope:
        portrayal.recorded_by_id, portrayal.recorded_at = actor.person_id, clock.now()
    portrayal.save()
    record(actor, "memory.person_named", row, portrayal=portrayal.pk, scope=str(portrayal.scope))
    if keepsake is None and not portrayal.scope and row.state == Moment.State.PUBLISHED:
        _to_draft(row)
        record(actor, "memory.taken_back", row)
    return portrayal


@operation
def record_consent(portrayal: Portrayal, leave: ConsentData, *, actor: Actor, seen: str = "") -> Portrayal:
    """Write down that somebody shown gave leave, how, when and how far; again, only after it was taken back.

    `seen`: the version of LEAVE_FIELDS that was read; a form opened before a withdrawal does not undo it.
    Raises: NotYourDraft, StaleEdit, ConsentIncomplete, ConsentInTheFuture, GuardianMissing, ConsentWithdrawn.
    """
    row = lock(portrayal)
    _require_edit(actor, row.moment)
    if row.withdrawn_at is not None and seen and seen != version(row, LEAVE_FIELDS):
        raise ConsentWithdrawn(name=row.name)
    check_seen(row, LEAVE_FIELDS, seen)
    if not leave.scope or leave.given_on is None:
        raise ConsentIncomplete
    if row.withdrawn_at is not None and leave.given_on < timezone.localdate(row.withdrawn_at):
        raise ConsentWithdrawn(name=row.name)
    row.withdrawn_at = None
    for name, value in leave.values(is_minor=row.is_minor).items():
        setattr(row, name, value)
    row.recorded_by_id, row.recorded_at = actor.person_id, clock.now()
    row.save()
    record(actor, "memory.consent_given", row.moment, portrayal=row.pk, scope=str(row.scope), how=str(row.how))
    return row


@operation
def withdraw_consent(portrayal: Portrayal, *, actor: Actor, erase: bool = False) -> None:
    """Somebody shown takes the leave back: nobody sees the picture any more, a story goes back to draft, at once.

    Whoever may tell moments there may write this down, for the person's sake; `erase` also deletes the file.
    Twice is the same as once.
    """
    row = lock(portrayal)
    moment = lock(row.moment)
    if not (_tells_for(actor, moment.enterprise) or _edits(actor, moment)):
        actor.require(permissions.WRITE_MEMORY, moment)
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        record(actor, "memory.consent_withdrawn", moment, portrayal=row.pk)
        emit(LeaveTakenBack(moment.network_id, moment.pk, row.pk))
    if row.keepsake is None:
        if moment.state == Moment.State.PUBLISHED:
            _to_draft(moment)
            record(actor, "memory.taken_back", moment)
    elif erase:
        _erase(row.keepsake, actor)


@operation
def forget_person(portrayal: Portrayal, *, actor: Actor) -> None:
    """Take a name off a story or keepsake: written by mistake, or no longer told of.

    A keepsake then left with nobody named is seen only once it is said that nobody can be recognised.
    Raises: NotYourDraft; ConsentWithdrawn where that would bring a picture back.
    """
    row = lock(portrayal)
    _require_edit(actor, row.moment)
    if row.keepsake is not None and row.withdrawn_at is not None:
        raise ConsentWithdrawn(name=row.name)
    record(actor, "memory.person_forgotten", row.moment, portrayal=row.pk)
    if row.keepsake is not None and row.keepsake.shows_nobody:
        row.keepsake.shows_nobody = False
        row.keepsake.save(update_fields=["shows_nobody"])
    row.delete()
