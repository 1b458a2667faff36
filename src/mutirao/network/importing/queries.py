# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was imported, read from the audit trail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import permissions
from mutirao.network.importing.operations import IMPORTED
from mutirao.network.importing.registry import kind_label


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import that was made."""

    at: dt.datetime
    who: str
    kind: str
    target: str
    file: str
    new: int
    changed: int
    unchanged: int


def recent_imports(actor: Actor, limit: int = 12) -> list[PastImport]:
    """The actor's network's last imports, newest first. Raises: NotAllowed."""
    actor.require(permissions.IMPORT_DATA)
    rows = AuditEntry.objects.filter(network_id=actor.network_id or 0, act=IMPORTED).order_by("-at")[:limit]
    return [
        PastImport(
            at=row.at,
            who=row.actor_name,
            kind=kind_label(row.data.get("import_kind", "")),
            target=row.data.get("target", ""),
            file=row.data.get("file", ""),
            new=row.data.get("new", 0),
            changed=row.data.get("changed", 0),
            unchanged=row.data.get("unchanged", 0),
        )
        for row in rows
    ]
