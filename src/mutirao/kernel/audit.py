# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing and checking the audit trail."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.core.chain import GENESIS, Break, first_break, link_hash
from mutirao.kernel.models import AuditEntry, AuditHead


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be put on record."""

    network_id: int
    at: dt.datetime
    actor: Actor
    act: str
    subject_kind: str
    subject_id: str
    subject_label: str
    reason: str
    data: dict[str, Any]
    grant: Grant | None = None
    """The role in which it was done, where one was asked for."""

    def sealed_data(self) -> dict[str, Any]:
        """The data with the role in which it was done."""
        return _plain({**self.data, **authority_data(self.grant)})


def authority_data(grant: Grant | None) -> dict[str, Any]:
    """A role in which something is done, as the trail keeps it; nothing where no role was asked for."""
    if grant is None:
        return {}
    said: dict[str, Any] = {"acting_as": grant.role}
    if grant.enterprise_id is not None:
        said["acting_for"] = grant.enterprise_id
    if grant.in_place_of:
        said |= {"in_place_of": grant.in_place_of, "in_place_of_id": grant.in_place_of_id}
    return said


class _Plain(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return format(o.normalize(), "f")
        return super().default(o)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Data as the database gives it back: only what JSON knows, decimals and dates as strings, no floats."""

    def refuse(text: str) -> Any:
        raise TypeError(f"floats do not go on record: {text}")

    plain: dict[str, Any] = json.loads(json.dumps(data, cls=_Plain), parse_float=refuse)
    return plain


def _locked_head(network_id: int) -> AuditHead:
    """A chain's head, locked until the transaction ends: one look, but for the first note that a network ever makes."""
    head = AuditHead.objects.select_for_update().filter(network_id=network_id).first()
    if head is None:
        AuditHead.objects.get_or_create(network_id=network_id, defaults={"digest": GENESIS})
        head = AuditHead.objects.select_for_update().get(network_id=network_id)
    return head


def append_notes(notes: list[Note]) -> None:
    """Append notes to their networks' chains, each chain's head locked, in the order of the networks."""
    by_network: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        by_network[note.network_id].append(note)
    for network_id in sorted(by_network):
        head = _locked_head(network_id)
        entries = []
        for note in by_network[network_id]:
            entry = AuditEntry(
                network_id=network_id,
                sequence=head.sequence + 1,
                at=note.at,
                actor_person_id=note.actor.person_id,
                actor_name=note.actor.name[:200],
                actor_roles=", ".join(sorted({grant.role for grant in note.actor.grants}))[:200],
                via=note.actor.via,
                act=note.act,
                subject_kind=note.subject_kind,
                subject_id=note.subject_id,
                subject_label=note.subject_label,
                reason=note.reason,
                data=note.sealed_data(),
                previous=head.digest,
            )
            entry.draw_salts()
            entry.digest = link_hash(entry.previous, entry.content())
            head.sequence, head.digest = entry.sequence, entry.digest
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries)
        head.save(update_fields=["sequence", "digest"])


def check_chain(network_id: int) -> Break | None:
    """The first place where a network's trail does not hold, or None; a cut-off end counts as missing."""
    rows = AuditEntry.objects.filter(network_id=network_id).order_by("sequence")
    if (found := first_break(entry.link() for entry in rows.iterator(chunk_size=2000))) is not None:
        return found
    head = AuditHead.objects.filter(network_id=network_id).first()
    last = rows.last()
    stored = (last.sequence, last.digest) if last else (0, GENESIS)
    if head is not None and (head.sequence, head.digest) != stored:
        return Break(stored[0] + 1, "missing")
    return None if head is not None or last is None else Break(stored[0], "unlinked")
