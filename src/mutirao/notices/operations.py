# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling people, sending what goes out, and what each person chooses."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as installation
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.crypto import get_random_string

from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.work import operation
from mutirao.network.models import Network, Person
from mutirao.notices import kinds, letters, push, queries
from mutirao.notices.core import webpush
from mutirao.notices.core.quiet import after_quiet, digest_at, in_time
from mutirao.notices.errors import DeviceNotTaken, NotYourOwn
from mutirao.notices.models import Delivery, Device, Notice, NoticeSettings, Preference, ShortLink

DELIVER = "mutirao.notices.tasks.deliver"
SEND_DIGEST = "mutirao.notices.tasks.send_digest"
TAKEN_FOR = dt.timedelta(minutes=10)
"""A delivery whose sender died is taken again after this."""
DIGEST_AT = dt.time(7)
MOST_IN_DIGEST = 60

SHORT_FOR_DAYS = 180
SHORT_LETTERS = 7
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Easy to read aloud on the phone: no letters or digits that look alike."""

Way, State = Delivery.Way, Delivery.State


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says; made while the reader's language and the network's time zone are active."""

    title: str
    body: str = ""


# --- telling ---------------------------------------------------------------------------------------------------------


@operation
def notify(
    people: Iterable[Person],
    *,
    kind: str,
    key: str,
    words: Callable[[], Said],
    actor: Actor,
    path: str = "",
    source: tuple[str, int | None] = ("", None),
    until: dt.datetime | None = None,
) -> int:
    """Tell people of the active network something, once each however often this is asked with the same `key`; returns
    how many were told now. In the app at once; by the ways that each chose after commit, outside their quiet hours.

    Whoever acts is not told what they did themselves. `words` is called once for each language. What is to be done
    before `until` is sent before it, in a digest of its own if need be, or not at all.
    """
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    about = kinds.kind(kind)
    told = set(Notice.objects.filter(key=key).values_list("person_id", flat=True))
    wanted = {one.pk: one for one in people if one.pk not in told and one.pk != actor.person_id and one.is_active}
    said: dict[str, Said] = {}
    rows = []
    for person in wanted.values():
        language = person.language or network.language or installation.LANGUAGE_CODE
        if language not in said:
            with translation.override(language), timezone.override(network.time_zone):
                said[language] = words()
        rows.append(
            Notice(
                network=network,
                person=person,
                kind=kind,
                key=key,
                title=said[language].title[:200],
                body=said[language].body,
                path=path,
                source_kind=source[0],
                source_id=source[1],
                created_at=clock.now(),
                useful_until=until,
            )
        )
    Notice.objects.bulk_create(rows)
    _send_out(rows, about, network)
    return len(rows)


def _send_out(rows: list[Notice], about: kinds.Kind, network: Network) -> None:
    """Write down by which ways the notices go out, and ask for the work. The example network's people are invented, and
    their addresses may be somebody's: nothing leaves the app but what is asked for as a test."""
    if network.is_example and about.code != TEST:
        return
    ids = [row.person_id for row in rows]
    chosen = {row.person_id: row for row in Preference.objects.filter(person__in=ids, kind=about.code)}
    settings = queries.settings_by_person(ids)
    ringing = set(Device.objects.filter(person__in=ids).values_list("person_id", flat=True))
    deliveries = []
    for row in rows:
        own = settings.get(row.person_id) or NoticeSettings(person_id=row.person_id)
        choice = queries.choice_for(about, chosen.get(row.person_id))
        local = timezone.localtime(clock.now(), ZoneInfo(network.time_zone))
        quiet, until = _quiet(about, own), row.useful_until
        due = in_time(local, *quiet, until)
        if due and choice.push and row.person_id in ringing:
            deliveries.append(_delivery(row, Way.PUSH, due))
        if own.is_email_off:
            continue
        if due and choice.email == kinds.NOW:
            deliveries.append(_delivery(row, Way.EMAIL, due))
        elif choice.email == kinds.DIGEST and own.digest != NoticeSettings.Digest.NEVER:
            weekly = own.digest == NoticeSettings.Digest.WEEKLY
            if gathered := digest_at(local, DIGEST_AT, *quiet, weekly=weekly, until=until):
                deliveries.append(_delivery(row, Way.DIGEST, gathered))
    for delivery in Delivery.objects.bulk_create(deliveries):
        _ask_for(delivery, network.pk)


def _quiet(about: kinds.Kind, own: NoticeSettings) -> tuple[dt.time, dt.time]:
    """The quiet hours that hold for a kind; equal times are none."""
    return (dt.time.min, dt.time.min) if about.urgent else (own.quiet_from, own.quiet_until)


def _delivery(notice: Notice, way: str, due: dt.datetime) -> Delivery:
    return Delivery(network_id=notice.network_id, notice=notice, way=way, due_at=due)


def _ask_for(delivery: Delivery, network_id: int) -> None:
    if delivery.way == Way.DIGEST:
        person_id = delivery.notice.person_id
        moment = delivery.due_at.astimezone(dt.UTC).isoformat()
        jobs.enqueue(
            SEND_DIGEST,
            {"person_id": person_id},
            network_id=network_id,
            key=f"notices.digest:{network_id}:{person_id}:{moment}",
            run_after=delivery.due_at,
        )
        return
    jobs.enqueue(DELIVER, {"delivery_id": delivery.pk}, network_id=network_id, run_after=delivery.due_at)


# --- sending ---------------------------------------------------------------------------------------------------------


def deliver(delivery_id: int) -> bool:
    """Send one delivery by its way, once however often this runs; returns whether it went out now. What became
    needless (read in the app meanwhile, over, stopped, the person has left) is skipped. Outside any transaction.

    Raises: whatever the way raises, so that the job is tried again; the delivery waits and shows the error.
    """
    run = _take(Q(pk=delivery_id))
    delivery = Delivery.objects.filter(pk=delivery_id, taken_by=run).select_related("notice__person").first()
    if not run or delivery is None:
        return False
    if _put_off([delivery], kinds.kind(delivery.notice.kind)):
        return False
    with _for_reader(delivery.notice):
        return _finish([delivery], lambda: _send(delivery))


def _put_off(rows: list[Delivery], about: kinds.Kind) -> bool:
    """Whether it became quiet meanwhile (a mail server that was down, a queue that stood still): then what was taken
    waits for the end of the quiet hours."""
    notice = rows[0].notice
    network = Network.objects.get(pk=notice.network_id)
    local = timezone.localtime(clock.now(), ZoneInfo(network.time_zone))
    due = after_quiet(local, *_quiet(about, queries.settings_of(notice.person_id)))
    if due <= local:
        return False
    mine = Delivery.objects.filter(pk__in=[row.pk for row in rows], taken_by=rows[0].taken_by)
    mine.update(state=State.WAITING, taken_by="", due_at=due)
    rows[0].due_at = due
    _ask_for(rows[0], network.pk)
    return True


def _send(delivery: Delivery) -> bool:
    notice = delivery.notice
    if notice.read_at is not None or notice.is_stale(clock.now()) or not queries.belongs_today(notice.person):
        return False
    choice = _choice(notice)
    if delivery.way == Way.EMAIL:
        if choice.email != kinds.NOW or queries.settings_of(notice.person_id).is_email_off:
            return False
        letters.letter_about(notice, Network.objects.get(pk=notice.network_id)).send()
        return True
    return choice.push and _ring(notice, choice.kind)


def _choice(notice: Notice) -> queries.Choice:
    about = kinds.kind(notice.kind)
    chosen = Preference.objects.filter(person=notice.person_id, kind=notice.kind).first()
    return queries.choice_for(about, chosen)


def _ring(notice: Notice, about: kinds.Kind) -> bool:
    """On every device of the person; one that is gone is forgotten, one that fails now does not keep the others."""
    message = {"title": notice.title, "body": notice.body[:600], "url": notice.path, "tag": f"notice-{notice.pk}"}
    reached, failed = False, ""
    for device in Device.objects.filter(person=notice.person_id):
        try:
            push.send(
                device.endpoint, browser_key=device.browser_key, auth=device.auth, message=message, urgent=about.urgent
            )
        except push.DeviceGone:
            device.delete()
        except (OSError, ValueError) as problem:
            failed = str(problem)
        else:
            reached = True
            Device.objects.filter(pk=device.pk).update(reached_at=clock.now())
    if failed and not reached:
        raise OSError(failed)
    return reached


def send_digest(person_id: int) -> bool:
    """Send a person's digest of what is due by now, or nothing when all of it was read or stopped; once however often
    this runs. Returns whether a letter went out."""
    run = _take(Q(notice__person=person_id, way=Way.DIGEST, due_at__lte=clock.now()))
    rows = list(Delivery.objects.filter(taken_by=run).select_related("notice__person")) if run else []
    if not rows or _put_off(rows, DIGEST):
        return False
    with _for_reader(rows[0].notice):
        return _finish(rows, lambda: _send_digest(rows))


def _send_digest(rows: list[Delivery]) -> bool:
    person = rows[0].notice.person
    own = queries.settings_of(person.pk)
    if own.is_email_off or own.digest == NoticeSettings.Digest.NEVER or not queries.belongs_today(person):
        return False
    chosen = {row.kind: row for row in Preference.objects.filter(person=person)}
    notices = [
        row.notice
        for row in rows
        if row.notice.read_at is None
        and not row.notice.is_stale(clock.now())
        and queries.choice_for(kinds.kind(row.notice.kind), chosen.get(row.notice.kind)).email != kinds.NEVER
    ]
    if not notices:
        return False
    newest = sorted(notices, key=lambda notice: (notice.created_at, notice.pk), reverse=True)[:MOST_IN_DIGEST]
    letters.digest(person, newest, Network.objects.get(pk=rows[0].network_id)).send()
    return True


def _take(which: Q) -> str:
    """Mark deliveries as taken by a run of one's own, in one statement; "" when there was nothing to take."""
    moment, run = clock.now(), uuid.uuid4().hex
    free = Q(state=State.WAITING) | Q(state=State.SENDING, taken_at__lt=moment - TAKEN_FOR)
    ids = list(Delivery.objects.filter(which, free).values_list("pk", flat=True))
    rows = Delivery.objects.filter(free, pk__in=ids)
    return run if rows.update(state=State.SENDING, taken_at=moment, taken_by=run) else ""


def _finish(rows: list[Delivery], send: Callable[[], bool]) -> bool:
    """Send and note how it went."""
    mine = Delivery.objects.filter(pk__in=[row.pk for row in rows], taken_by=rows[0].taken_by)
    try:
        went_out = send()
    except Exception as problem:
        mine.update(state=State.WAITING, taken_by="", error=f"{type(problem).__name__}: {problem}"[:300])
        raise
    if went_out:
        mine.update(state=State.SENT, sent_at=clock.now(), error="")
    else:
        mine.update(state=State.SKIPPED, error="")
    return went_out


class _for_reader:
    """The reader's language and the network's time zone, for what is written to them."""

    def __init__(self, notice: Notice) -> None:
        network = Network.objects.get(pk=notice.network_id)
        self._parts = (
            translation.override(notice.person.language or network.language or installation.LANGUAGE_CODE),
            timezone.override(network.time_zone),
        )

    def __enter__(self) -> None:
        for part in self._parts:
            part.__enter__()

    def __exit__(self, *problem: Any) -> None:
        for part in reversed(self._parts):
            part.__exit__(*problem)


# --- reading and choosing --------------------------------------------------------------------------------------------


def _own(actor: Actor) -> int:
    """Raises: NotYourOwn for the system and for nobody."""
    if actor.person_id is None:
        raise NotYourOwn
    return actor.person_id


@operation
def mark_read(notice_ids: Iterable[int] | None, *, actor: Actor) -> int:
    """Mark one's own notices as read (None: all); returns how many were unread. Raises: NotYourOwn."""
    rows = Notice.objects.filter(person=_own(actor), read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    return int(rows.update(read_at=clock.now()))


@operation
def choose_ways(
    choices: Mapping[str, tuple[str, bool]],
    *,
    actor: Actor,
    digest: str | None = None,
    is_email_off: bool | None = None,
    quiet: tuple[dt.time, dt.time] | None = None,
) -> NoticeSettings:
    """Keep what a person chose: (e-mail, on devices) by kind; digest, quiet hours, no e-mail at all (None: as it was).
    A way that is no longer wanted stops at once: what still waits for it is looked at again before it goes out.

    Raises: NotYourOwn; ValueError for a kind or way that there is none.
    """
    person_id = _own(actor)
    known = {one.code for one in kinds.listed(team=True)}
    for kind, (email, rings) in choices.items():
        if kind not in known or email not in Preference.Email.values:
            raise ValueError(f"no such kind or way: {kind}, {email}")
        Preference.objects.update_or_create(
            network_id=tenancy.active_network_id(),
            person_id=person_id,
            kind=kind,
            defaults={"email": email, "push": rings},
        )
    own, _made = NoticeSettings.objects.get_or_create(network_id=tenancy.active_network_id(), person_id=person_id)
    if digest is not None:
        own.digest = NoticeSettings.Digest(digest)
    if is_email_off is not None:
        own.is_email_off = is_email_off
    if quiet is not None:
        own.quiet_from, own.quiet_until = quiet
    own.save()
    return own  # type: ignore[no-any-return]


@operation
def stop_emails(person: Person, *, scope: str, actor: Actor) -> None:
    """Stop the e-mails about one kind, the digest ("digest"), or all of them ("all"), for one person in the active
    network. Whoever holds the signed link of a letter may, without signing in. Doing it twice changes nothing."""
    own, _made = NoticeSettings.objects.get_or_create(network_id=tenancy.active_network_id(), person=person)
    if scope == letters.ALL:
        own.is_email_off = True
    elif scope == letters.DIGEST_SCOPE:
        own.digest = NoticeSettings.Digest.NEVER
    else:
        rings = queries.choice_for(kinds.kind(scope), Preference.objects.filter(person=person, kind=scope).first()).push
        Preference.objects.update_or_create(
            network_id=tenancy.active_network_id(),
            person=person,
            kind=scope,
            defaults={"email": Preference.Email.NEVER, "push": rings},
        )
    own.save()


@operation
def add_device(*, endpoint: str, browser_key: str, auth: str, actor: Actor, name: str = "") -> Device:
    """Let a browser ring for its person; adding it again renews it. Raises: NotYourOwn, DeviceNotTaken."""
    person_id = _own(actor)
    try:
        right = len(webpush.unb64(browser_key)) == 65 and len(webpush.unb64(auth)) == 16
    except ValueError:
        right = False
    if not right or len(endpoint) > 600 or not push.is_push_service(endpoint):
        raise DeviceNotTaken
    endpoint_hash = hashlib.sha256(endpoint.encode()).hexdigest()
    # A browser rings for one person: whoever used it before is told nothing on it any more, in no network.
    with tenancy.unscoped("a browser that changed hands"):
        Device.objects.filter(endpoint_hash=endpoint_hash).exclude(person_id=person_id).delete()
    device, _made = Device.objects.update_or_create(
        network_id=tenancy.active_network_id(),
        person_id=person_id,
        endpoint_hash=endpoint_hash,
        defaults={"endpoint": endpoint, "browser_key": browser_key, "auth": auth, "name": name.strip()[:80]},
    )
    return device  # type: ignore[no-any-return]


@operation
def remove_device(device: Device, *, actor: Actor) -> None:
    """Let a browser ring no more. Raises: NotYourOwn."""
    if device.person_id != _own(actor):
        raise NotYourOwn
    device.delete()


@operation
def shorten(path: str, *, actor: Actor, days: int = SHORT_FOR_DAYS) -> ShortLink:
    """Give a page of the active network a short address for messages, for some days; asked again, the same one for
    longer. Raises: ValueError for a path that is no page of the network."""
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    if not path.startswith(f"/rede/{network.slug}/") or len(path) > 300:
        raise ValueError("short links lead to pages of their network only")
    row, _made = ShortLink.objects.update_or_create(
        network=network,
        path=path,
        defaults={"expires_at": clock.now() + dt.timedelta(days=days)},
        create_defaults={
            "expires_at": clock.now() + dt.timedelta(days=days),
            "code": get_random_string(SHORT_LETTERS, LETTERS),
        },
    )
    return row  # type: ignore[no-any-return]


@operation
def send_test(*, actor: Actor, words: Callable[[], Said], path: str) -> Notice:
    """Tell a person something now by every way that they have, to see whether it arrives. Raises: NotYourOwn."""
    person = Person.objects.get(pk=_own(actor))
    network = Network.objects.get(pk=tenancy.active_network_id() or 0)
    said = words()
    row = Notice.objects.create(
        network=network, person=person, kind=TEST, key=f"test:{uuid.uuid4()}", title=said.title, body=said.body,
        path=path,
    )  # fmt: skip
    _send_out([row], kinds.kind(TEST), network)
    return row  # type: ignore[no-any-return]


DIGEST = kinds.Kind("", "")
"""A digest is no more urgent than what it gathers."""
TEST = kinds.declare("notices.test", "", email=kinds.NOW, push=True, urgent=True, is_listed=False)
