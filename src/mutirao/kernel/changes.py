# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an edit changed, for the record; and whether somebody else edited first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.errors import StaleEdit
from mutirao.kernel.models import AuditEntry

_say: list[Callable[[AuditEntry], str]] = []
"""How an entry of the trail is put into words; the module that has the words says so (`say_changes_with`)."""


def say_changes_with(function: Callable[[AuditEntry], str]) -> None:
    """Name the function that puts an entry of the trail into words; called once, at start."""
    _say[:] = [function]


def stale(row: models.Model, *, last: AuditEntry | None = None) -> StaleEdit:
    """The refusal of an edit that was begun on an older state of a row: says who changed it, when and what.

    `last` is the entry of the trail that tells of it, where that is not the last one about the row itself.
    """
    last = last or (
        AuditEntry.objects.filter(
            network_id=getattr(row, "network_id", None) or row.pk,
            subject_kind=row._meta.label_lower,
            subject_id=str(row.pk),
        )
        .order_by("-sequence")
        .first()
    )
    what = _say[0](last) if last is not None and _say else ""
    if last is None or not what:
        return StaleEdit()
    return StaleEdit(
        _("Enquanto você editava, %(who)s fez uma mudança (%(when)s): %(what)s."),
        who=last.actor_name,
        when=formats.moment(last.at),
        what=what,
    )


def snapshot(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields as they stand; related rows by their words."""
    values: dict[str, Any] = {}
    for name in fields:
        value = getattr(row, name)
        values[name] = str(value) if isinstance(value, models.Model) else value
    return values


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after] for what differs."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def version(row: models.Model, fields: Iterable[str]) -> str:
    """A short digest of the named fields, to send along with a form and to compare when it comes back."""
    plain = json.dumps(snapshot(row, fields), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


def check_seen(row: models.Model, fields: Iterable[str], seen: str) -> None:
    """Compare a locked row with the version a form was filled from; an empty `seen` is not compared.

    Raises: StaleEdit when the row was changed since.
    """
    if seen and seen != version(row, fields):
        raise stale(row)
