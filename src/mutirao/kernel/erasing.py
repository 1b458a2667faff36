# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a person's data out of the audit trail without breaking its chain.

The chain seals words leaf by leaf (`core.chain`). To erase is to put other words into a leaf, throw its salt away and
keep its seal; the fingerprint of the new words is kept too, so that they cannot be changed unseen. Each erasure puts
on record how many leaves it changed in the network's own chain, and `check_erased` holds the trail against that: a leaf
that somebody blanked by hand is one too many.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mutirao.kernel.core.chain import seal
from mutirao.kernel.models import AuditEntry, AuditHead, Job

ERASED = "kernel.person_erased"
"""The act under which an erasure goes on record; its data hold `leaves`."""
_SHORTEST = 4
"""Letters; shorter words would be found inside everything."""


class Words:
    """The words by which a person is known, and what stands in their place."""

    def __init__(self, said: Iterable[str], instead: str) -> None:
        self.instead = instead
        known = {word.strip() for word in said if len(word.strip()) >= _SHORTEST}
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = (
            re.compile(r"(?<![\w@.])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w@])", re.IGNORECASE)
            if known
            else None
        )

    def within(self, value: Any) -> Any:
        """The value with the person's words replaced, in every text inside it."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self._pattern.sub(lambda _match: self.instead, value)
        if isinstance(value, list):
            return [self.within(item) for item in value]
        if isinstance(value, dict):
            return {name: self.within(item) for name, item in value.items()}
        return value


def erase_from_trail(person_id: int, words: Words, *, personal: frozenset[str], subject_kind: str) -> dict[int, int]:
    """Erase a person's words from every trail; returns network → leaves changed, for the record.

    Changed are: the name of whoever acted, where it was the person; wherever the words stand in a text; and, in entries
    about the person (`subject_kind`), all data under a name out of `personal`.
    """
    networks = list(AuditHead.objects.order_by("network_id").select_for_update().values_list("network_id", flat=True))
    counts: dict[int, int] = defaultdict(int)
    for network_id in networks:
        rows = AuditEntry.objects.filter(network_id=network_id).order_by("sequence")
        for entry in rows.iterator(chunk_size=1000):
            changed = _erase(entry, person_id, words, personal, subject_kind)
            if changed:
                entry.save(update_fields=["actor_name", "subject_label", "reason", "data", "salts", "erased"])
                counts[network_id] += changed
    return dict(counts)


def _erase(entry: AuditEntry, person_id: int, words: Words, personal: frozenset[str], subject_kind: str) -> int:
    before = entry.words()
    if entry.actor_person_id == person_id:
        entry.actor_name = words.instead
    else:
        entry.actor_name = words.within(entry.actor_name)
    about = entry.subject_kind == subject_kind and entry.subject_id == str(person_id)
    entry.subject_label = words.instead if about else words.within(entry.subject_label)
    entry.reason, data = words.within(entry.reason), words.within(entry.data)
    entry.data = _without(data, personal, words.instead) if about else data
    after = entry.words()
    changed = [path for path, value in before.items() if after.get(path) != value]
    for path in changed:
        held = entry.erased.get(path)
        kept = held["seal"] if held else seal(entry.salts.pop(path, ""), before[path])
        times = (held["times"] if held else 0) + 1
        entry.erased[path] = {"seal": kept, "now": seal("", after.get(path)), "times": times}
    return len(changed)


def _without(data: Any, personal: frozenset[str], instead: str) -> Any:
    """Data with whatever stands under a personal name replaced, also in `changes`."""
    if not isinstance(data, dict):
        return data
    return {
        name: _replaced(value, instead) if name in personal else _without(value, personal, instead)
        for name, value in data.items()
    }


def _replaced(value: Any, instead: str) -> Any:
    if isinstance(value, list):
        return [_replaced(item, instead) for item in value]
    return instead if value not in ("", None) else value


def check_erased(network_id: int) -> int | None:
    """The first entry whose erased words were changed afterwards; 0 when more leaves were erased than is on record;
    None when all is well."""
    rows = AuditEntry.objects.filter(network_id=network_id)
    found = 0
    for entry in rows.exclude(erased={}).order_by("sequence").iterator(chunk_size=1000):
        shown = entry.words()
        for path, held in entry.erased.items():
            found += held["times"]
            if seal("", shown.get(path)) != held["now"]:
                return int(entry.sequence)
    on_record = sum(int(entry.data.get("leaves", 0)) for entry in rows.filter(act=ERASED))
    return None if found == on_record else 0


def erase_from_jobs(words: Words) -> int:
    """Take the words out of what background work left behind; returns how many jobs were changed."""
    changed = 0
    finished = Job.objects.filter(state__in=[Job.State.DONE, Job.State.FAILED])
    for job in finished.iterator(chunk_size=1000):
        before = (job.arguments, job.last_error, job.result)
        after = (words.within(job.arguments), words.within(job.last_error), words.within(job.result))
        if before != after:
            job.arguments, job.last_error, job.result = after
            job.save(update_fields=["arguments", "last_error", "result"])
            changed += 1
    return changed
