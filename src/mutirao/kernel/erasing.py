# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a person's data out of the audit trail without breaking its chain.

The chain seals words leaf by leaf (`core.chain`). To erase is to put other words into a leaf, throw its salt away and
keep its seal; the fingerprint of the new words is kept too, so that they cannot be changed unseen. Each erasure puts
on record how many leaves it changed in the network's own chain, and `check_erased` holds the trail against that: a leaf
that somebody blanked by hand is one too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mutirao.kernel.core.chain import seal
from mutirao.kernel.models import AuditEntry, AuditHead, Job

ERASED = "kernel.person_erased"
"""The act under which an erasure goes on record; its data hold `leaves`."""
_SHORTEST = 4
"""Letters; shorter words would be found inside everything."""
_AT_ONCE = 500
"""Entries that are changed in one transaction: what others wait for is a fraction of a second."""


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


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom to take out of the trail: the person's number, the words they are known by, and, in entries about them
    (`subject_kind`), the names under which all data is theirs."""

    person_id: int
    words: Words
    personal: frozenset[str]
    subject_kind: str


def entries_with(sought: Sought, *, page: int = 1000) -> Iterator[tuple[int, list[int]]]:
    """(network, numbers of its entries that hold such words), some at a time, in order; reads page by page and locks
    nothing."""
    for network_id in AuditHead.objects.order_by("network_id").values_list("network_id", flat=True):
        last, found = 0, list[int]()
        while entries := list(
            AuditEntry.objects.filter(network_id=network_id, sequence__gt=last).order_by("sequence")[:page]
        ):
            found += [entry.sequence for entry in entries if _cleared(entry, sought) != _said(entry)]
            last = entries[-1].sequence
            while len(found) >= _AT_ONCE:
                yield network_id, found[:_AT_ONCE]
                del found[:_AT_ONCE]
        if found:
            yield network_id, found


def erase_from_entries(sought: Sought, network_id: int, sequences: list[int]) -> int:
    """Take the words out of these entries, inside a transaction; returns how many leaves were changed. To be put on
    record (`ERASED`, `leaves`) in the same transaction. What was erased already is left as it is."""
    rows = AuditEntry.objects.filter(network_id=network_id, sequence__in=sequences)
    return sum(_erase(entry, sought) for entry in rows.order_by("sequence").select_for_update())


def _said(entry: AuditEntry) -> tuple[Any, ...]:
    return entry.actor_name, entry.subject_label, entry.reason, entry.data


def _cleared(entry: AuditEntry, sought: Sought) -> tuple[Any, ...]:
    """What the entry says (as `_said`) once the person's words are replaced."""
    words = sought.words
    name = words.instead if entry.actor_person_id == sought.person_id else words.within(entry.actor_name)
    about = entry.subject_kind == sought.subject_kind and entry.subject_id == str(sought.person_id)
    label = words.instead if about else words.within(entry.subject_label)
    data = words.within(entry.data)
    return name, label, words.within(entry.reason), _without(data, sought.personal, words.instead) if about else data


def _erase(entry: AuditEntry, sought: Sought) -> int:
    before = entry.words()
    entry.actor_name, entry.subject_label, entry.reason, entry.data = _cleared(entry, sought)
    after = entry.words()
    changed = [path for path, value in before.items() if after.get(path) != value]
    for path in changed:
        held = entry.erased.get(path)
        kept = held["seal"] if held else seal(entry.salts.pop(path, ""), before[path])
        times = (held["times"] if held else 0) + 1
        entry.erased[path] = {"seal": kept, "now": seal("", after.get(path)), "times": times}
    if changed:
        entry.save(update_fields=["actor_name", "subject_label", "reason", "data", "salts", "erased"])
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
