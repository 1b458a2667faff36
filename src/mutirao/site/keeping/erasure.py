# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forgetting a person and keeping the books: what says who they are goes, the numbers and what was decided stay.

A request is a job that waits: until its day the person may take it back, and so may nobody else.

On the day, everything but the trail goes in one transaction (`_begin`), which leaves a job behind with the words that
are still to be sought in the trail. Trails are long: they are read without holding anybody up and changed some entries
at a time. Whoever is stopped on the way has forgotten the person everywhere people look, and the job goes on with the
rest, from the beginning if need be: what is erased already stays as it is. At the end the words leave the job too.
Source: Lei 13.709/2018 (LGPD), art. 18, VI (erasure), art. 16, I (what the law says must be kept);
docs/decisions/0011-erasure.md.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, erasing, jobs, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import DomainError, NotAllowed
from mutirao.kernel.locks import lock
from mutirao.kernel.models import AuditEntry, Job
from mutirao.kernel.work import operation, record
from mutirao.network import personal
from mutirao.network.models import Network, Person, RoleAssignment
from mutirao.site.keeping.declared import words_of

TASK = "mutirao.site.keeping.erasure.erase_when_due"
TASK_TRAIL = "mutirao.site.keeping.erasure.forget_in_trail"
_BY_ITSELF_AFTER = dt.timedelta(minutes=10)
"""When a worker takes up the trail of an erasure that was stopped; until then whoever began it is at it."""
ADDRESS = "removida-{pk}@removida.invalid"
"""The domain .invalid is nobody's and never will be (RFC 2606)."""
_PERSONAL = frozenset({"name", "email", "phone"})


class NotYet(DomainError):
    code = "erasure_not_yet"
    message = _("Ainda não é possível apagar os dados: %(why)s")
    next_step = _("Resolva isso e peça de novo.")


class AskedAlready(DomainError):
    code = "erasure_asked_already"
    message = _("O pedido já foi feito.")
    next_step = _("Até o dia marcado, você pode voltar atrás nesta página.")


class GoneAlready(DomainError):
    code = "erasure_done"
    message = _("Os dados desta pessoa já foram apagados.")


def waiting_days() -> int:
    """Days between asking and erasing, for whoever thinks better of it; MUTIRAO_ERASURE_DAYS."""
    return int(getattr(settings, "ERASURE_DAYS", 7))


def request_of(person: Person) -> Job | None:
    """The request that waits for its day, or None."""
    return Job.objects.filter(task=TASK, state=Job.State.READY, arguments__person_id=person.pk).first()


@operation
def ask(person: Person, *, actor: Actor) -> Job:
    """Ask to be forgotten after the waiting time. Raises: NotAllowed, NotYet, AskedAlready."""
    if actor.person_id != person.pk:
        raise NotAllowed(act=_("Apagar os dados de outra pessoa"))
    person = lock(person)
    if request_of(person):
        raise AskedAlready
    _refuse_if_held_back(person)
    due = clock.now() + dt.timedelta(days=waiting_days())
    record(actor, "kernel.erasure_asked", person, due=due)
    return jobs.enqueue(TASK, {"person_id": person.pk}, run_after=due)


@operation
def take_back(person: Person, *, actor: Actor) -> None:
    """Take the request back; without one nothing happens. Raises: NotAllowed."""
    if actor.person_id != person.pk:
        raise NotAllowed(act=_("Desfazer o pedido de outra pessoa"))
    person = lock(person)
    if (job := request_of(person)) is not None:
        job.delete()
        record(actor, "kernel.erasure_taken_back", person)


def erase_when_due(person_id: int) -> dict[str, Any]:
    """The job: erases, or leaves word why not."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        return {"erased": False}
    try:
        erase_person(person, actor=system(None, why="Mutirão"), asked_by="person")
    except DomainError as refused:
        return {"erased": False, "refused": str(refused)}
    return {"erased": True}


def erase_person(person: Person, *, actor: Actor, asked_by: str) -> dict[int, int]:
    """Replace what says who a person is, everywhere; returns network → words of the trail that were changed.

    Stopped half-way it is ended by doing it again, or by background work. Raises: NotAllowed for anybody but the
    program itself; NotYet; GoneAlready.
    """
    if not actor.is_system:
        raise NotAllowed(act=_("Apagar os dados de uma pessoa"))
    job = _waiting_trail(person.pk)
    if job is None:
        sessions = _sessions_of(person)
        job = _begin(person, sessions=sessions, asked_by=asked_by, actor=actor)
    return forget_in_trail(**job.arguments)


@operation
def _begin(person: Person, *, sessions: list[str], asked_by: str, actor: Actor) -> Job:
    """Everything but the trail; and the job that will do that."""
    person = lock(person)
    instead, address = words_of(person), ADDRESS.format(pk=person.pk)
    if person.email == address:
        raise GoneAlready
    _refuse_if_held_back(person)
    known = sorted(_known_as(person))
    with tenancy.unscoped("a person is forgotten in every network"):
        networks = set(RoleAssignment.objects.filter(person=person).values_list("network_id", flat=True))
        RoleAssignment.objects.filter(person=person, until__isnull=True).update(until=clock.today())
        for one in personal.declared():
            _erase_rows(one, person, instead)
    Session.objects.filter(session_key__in=sessions).delete()
    _erase_own_row(person, instead, address)
    arguments = {
        "person_id": person.pk, "known": known, "instead": str(instead), "networks": sorted(networks),
        "asked_by": asked_by,
    }  # fmt: skip
    return jobs.enqueue(TASK_TRAIL, arguments, run_after=clock.now() + _BY_ITSELF_AFTER)


def _waiting_trail(person_id: int) -> Job | None:
    """The job of an erasure that has begun and whose trail is not done."""
    begun = Job.objects.filter(task=TASK_TRAIL, arguments__person_id=person_id, arguments__has_key="known")
    return begun.exclude(state=Job.State.DONE).first()


def forget_in_trail(
    person_id: int,
    known: tuple[str, ...] | list[str] = (),
    instead: str = "",
    networks: tuple[int, ...] | list[int] = (),
    asked_by: str = "",
) -> dict[int, int]:
    """The second half, also as a job: the words leave every trail and what background work left behind; returns network
    → words changed. May run any number of times, also twice at once."""
    if not known:
        return {}  # done by somebody else meanwhile
    words = erasing.Words(known, instead)
    sought = erasing.Sought(person_id, words, _PERSONAL, "network.person")
    counts: dict[int, int] = {}
    for network_id, sequences in erasing.entries_with(sought):
        leaves = _erase_entries(sought, network_id, sequences, asked_by=asked_by)
        counts[network_id] = counts.get(network_id, 0) + leaves
    erasing.erase_from_jobs(words)
    _end(words, person_id, [number for number in networks if not counts.get(number)], asked_by=asked_by)
    return counts


@operation
def _erase_entries(sought: erasing.Sought, network_id: int, sequences: list[int], *, asked_by: str) -> int:
    """Some entries of one trail, and on record in the same trail how many words."""
    leaves = erasing.erase_from_entries(sought, network_id, sequences)
    if leaves:
        _put_on_record(sought.words, sought.person_id, network_id, leaves=leaves, asked_by=asked_by)
    return leaves


@operation
def _end(words: erasing.Words, person_id: int, networks: list[int], *, asked_by: str) -> None:
    """Networks whose trail held no words have it on record too; and nothing is sought any more."""
    begun = Job.objects.filter(task=TASK_TRAIL, arguments__person_id=person_id, arguments__has_key="known")
    if not begun.select_for_update().exists():
        return
    for network_id in networks:
        _put_on_record(words, person_id, network_id, leaves=0, asked_by=asked_by)
    begun.exclude(state=Job.State.RUNNING).update(state=Job.State.DONE, finished_at=clock.now(), lease_until=None)
    begun.update(arguments={"person_id": person_id}, last_error="")


def _put_on_record(words: erasing.Words, person_id: int, network_id: int, *, leaves: int, asked_by: str) -> None:
    subject = Network.objects.filter(pk=network_id).first() or Person.objects.get(pk=person_id)
    by = system(network_id, why="Mutirão")
    record(by, erasing.ERASED, subject, person=words.instead, leaves=leaves, asked_by=asked_by)


def _refuse_if_held_back(person: Person) -> None:
    if reasons := personal.why_not_yet(person):
        raise NotYet(why=" ".join(reasons))


def _known_as(person: Person) -> set[str]:
    """The person's name, e-mail address and telephone, now and before."""
    known = {person.name, person.email, person.phone}
    own = AuditEntry.objects.filter(subject_kind="network.person", subject_id=str(person.pk))
    for data in own.values_list("data", flat=True):
        for name, pair in (data.get("changes") or {}).items():
            if name in _PERSONAL and isinstance(pair, list):
                known |= {str(value) for value in pair if value}
    known |= set(
        AuditEntry.objects.filter(actor_person_id=person.pk).order_by().values_list("actor_name", flat=True).distinct()
    )
    return known


def _erase_rows(one: personal.Declared, person: Person, instead: str) -> None:
    if one.erase == personal.KEEP or one.label == "network.Person":
        return
    try:
        model = apps.get_model(one.label)
    except LookupError:
        return
    mine = {f"{one.column}__iexact": person.email} if one.by_text else {one.column: person}
    rows = model._base_manager.filter(**mine)
    if one.erase == personal.DELETE:
        rows.delete()
        return
    for row in rows:
        for column in one.blank:
            if getattr(row, column):
                setattr(row, column, instead if column.endswith("name") else "")
        row.save()


def _sessions_of(person: Person) -> list[str]:
    """Keys of the person's sessions; each has to be opened for that, which is done before anything is locked."""
    sessions = Session.objects.iterator(chunk_size=1000)
    mine = str(person.pk)
    return [one.session_key for one in sessions if str(one.get_decoded().get("_auth_user_id", "")) == mine]


def _erase_own_row(person: Person, instead: str, address: str) -> None:
    person.name, person.email, person.phone, person.language = instead, address, "", ""
    person.is_active = person.is_operator = False
    person.last_login = None
    person.set_unusable_password()
    person.save()
