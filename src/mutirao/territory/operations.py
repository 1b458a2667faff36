# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying what enterprises make and use; partners, what was agreed, talks, public calls, next steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from mutirao.catalogue.models import Product
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.uploads import Upload
from mutirao.kernel.work import emit, operation, record
from mutirao.network.models import Enterprise, Municipality, Network, Person, RoleAssignment
from mutirao.network.operations.enterprises import read_phone
from mutirao.territory import permissions
from mutirao.territory.errors import (
    CallAlreadyThere,
    DateMissing,
    EndsBeforeItBegins,
    LinkAlreadyThere,
    MeetingInTheFuture,
    NextStepByStranger,
    NoNextStep,
    NothingSaid,
    PartnerAlreadyThere,
    QuantityNotPositive,
    ReasonToKeepMissing,
)
from mutirao.territory.events import NextStepSet
from mutirao.territory.models import (
    Agreement,
    ChainLink,
    Meeting,
    Partner,
    PartnerPerson,
    PublicCall,
    months_to_mask,
)

LINK_FIELDS = ("quantity", "per", "season", "sold_to", "note")
PARTNER_FIELDS = ("name", "kind", "municipality", "city", "phone", "email", "site", "relationship")
CALL_FIELDS = ("number", "title", "opens_on", "closes_on", "value_minor", "goods", "link", "outcome")
PERSON_FIELDS = ("name", "duty", "phone", "email", "kept_because")


# --- what enterprises make and use -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkData:
    """How much of a product, in its unit; months 1 to 12, none for the whole year."""

    quantity: Decimal | None = None
    per: str = ChainLink.Per.MONTH
    months: tuple[int, ...] = ()
    sold_to: str = ""
    note: str = ""

    def values(self, direction: str) -> dict[str, Any]:
        """As the row keeps them. Raises: QuantityNotPositive."""
        if self.quantity is not None and self.quantity <= 0:
            raise QuantityNotPositive
        makes = direction == ChainLink.Direction.MAKES
        return {
            "quantity": self.quantity,
            "per": ChainLink.Per(self.per),
            "season": months_to_mask(self.months),
            "sold_to": self.sold_to.strip()[:160] if makes else "",
            "note": self.note.strip()[:240],
        }


@operation
def add_link(
    enterprise: Enterprise, *, product: Product, direction: str, data: LinkData, actor: Actor, key: str = ""
) -> ChainLink | None:
    """Say that an enterprise makes or uses a product; None for the same form sent twice.

    Raises: LinkAlreadyThere, QuantityNotPositive.
    """
    actor.require(permissions.EDIT_CHAIN, enterprise)
    if not first_time("territory.link", key, network_id=enterprise.network_id):
        return None
    link = ChainLink(
        network_id=enterprise.network_id,
        enterprise=enterprise,
        product=product,
        direction=ChainLink.Direction(direction),
        **data.values(direction),
    )
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError:
        raise LinkAlreadyThere(enterprise=str(enterprise), product=str(product)) from None
    record(actor, "territory.link_added", link, **_told(link))
    return link


@operation
def edit_link(link: ChainLink, *, data: LinkData, actor: Actor, seen: str = "") -> ChainLink:
    """Change how much, when, and who buys. Raises: StaleEdit, QuantityNotPositive."""
    actor.require(permissions.EDIT_CHAIN, link)
    row = lock(link)
    check_seen(row, LINK_FIELDS, seen)
    _write_link(row, data, actor)
    return row


def _write_link(row: ChainLink, data: LinkData, actor: Actor) -> None:
    before = snapshot(row, LINK_FIELDS)
    for name, value in data.values(row.direction).items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, LINK_FIELDS)):
        row.updated_at = clock.now()
        row.save(update_fields=[*changed, "updated_at"])
        record(actor, "territory.link_edited", row, changes=changed)


@operation
def remove_link(link: ChainLink, *, actor: Actor) -> None:
    """Say that an enterprise no longer makes or uses a product."""
    actor.require(permissions.EDIT_CHAIN, link)
    row = lock(link)
    record(actor, "territory.link_removed", row, **_told(row))
    row.delete()


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """One row of a sheet, or of a list that brings many at once."""

    enterprise: Enterprise
    product: Product
    direction: str
    data: LinkData


@operation
def save_links(network: Network, *, wanted: Sequence[LinkWanted], actor: Actor) -> int:
    """Add what is new and change what differs, many at once; how many rows that was. Raises: QuantityNotPositive."""
    for enterprise in {item.enterprise.pk: item.enterprise for item in wanted}.values():
        actor.require(permissions.EDIT_CHAIN, enterprise)
    there = {
        (link.enterprise_id, link.product_id, link.direction): link
        for link in ChainLink.objects.select_for_update(of=("self",)).select_related("enterprise", "product")
    }
    new: list[ChainLink] = []
    touched = 0
    for item in wanted:
        known = there.get((item.enterprise.pk, item.product.pk, item.direction))
        if known is None:
            new.append(
                ChainLink(
                    network_id=network.pk,
                    enterprise=item.enterprise,
                    product=item.product,
                    direction=ChainLink.Direction(item.direction),
                    **item.data.values(item.direction),
                )
            )
        else:
            _write_link(known, item.data, actor)
            touched += 1
    for link in ChainLink.objects.bulk_create(new, batch_size=500):
        record(actor, "territory.link_added", link, **_told(link))
    return len(new) + touched


def _told(link: ChainLink) -> dict[str, Any]:
    return {
        "enterprise": link.enterprise.name,
        "product": link.product.name,
        "direction": str(link.direction),
        **{name: value for name, value in snapshot(link, LINK_FIELDS).items() if value not in (None, "", 0)},
    }


# --- partners --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerData:
    """What is said about an actor of the territory."""

    name: str
    kind: str
    municipality: Municipality | None = None
    city: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    relationship: str = ""
    enterprises: Iterable[Enterprise] = ()
    products: Iterable[Product] = ()

    def values(self, country: str, phone_now: str = "") -> dict[str, Any]:
        """The row's own fields in a network of `country`: Brazil has municipalities, other countries cities by name.

        Raises: NothingSaid without a name; InvalidPhone.
        """
        if not self.name.strip():
            raise NothingSaid(field="name")
        home = country == "BR"
        return {
            "name": self.name.strip()[:160],
            "kind": Partner.Kind(self.kind),
            "municipality": self.municipality if home else None,
            "city": "" if home else self.city.strip()[:120],
            "phone": _phone(self.phone, country, phone_now),
            "email": self.email.strip(),
            "site": self.site.strip(),
            "relationship": self.relationship.strip(),
        }


def _phone(typed: str, country: str, now: str = "") -> str:
    """As it is kept; what was there before stays as it is, number or not."""
    return now if typed.strip() == now else read_phone(typed, country)


@operation
def add_partner(network: Network, data: PartnerData, *, actor: Actor, key: str = "") -> Partner | None:
    """Put an actor of the territory on the list; None for the same form sent twice.

    Raises: PartnerAlreadyThere, InvalidPhone.
    """
    actor.require(permissions.EDIT_PARTNERS, network)
    if not first_time("territory.partner", key, network_id=network.pk):
        return None
    partner = Partner(network_id=network.pk, **data.values(network.country))
    _save_named(partner)
    partner.enterprises.set(data.enterprises)
    partner.products.set(data.products)
    said = {name: value for name, value in snapshot(partner, PARTNER_FIELDS).items() if value not in (None, "")}
    record(actor, "territory.partner_added", partner, **said)
    return partner


@operation
def edit_partner(partner: Partner, data: PartnerData, *, actor: Actor, seen: str = "") -> Partner:
    """Change what is said about a partner. Raises: StaleEdit, PartnerAlreadyThere, InvalidPhone."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    row = lock(partner)
    check_seen(row, PARTNER_FIELDS, seen)
    before = snapshot(row, PARTNER_FIELDS) | _ties(row)
    for name, value in data.values(row.network.country, row.phone).items():
        setattr(row, name, value)
    _save_named(row)
    row.enterprises.set(data.enterprises)
    row.products.set(data.products)
    if changed := differences(before, snapshot(row, PARTNER_FIELDS) | _ties(row)):
        record(actor, "territory.partner_edited", row, changes=changed)
    return row


def _ties(partner: Partner) -> dict[str, Any]:
    return {
        "enterprises": sorted(partner.enterprises.values_list("name", flat=True)),
        "products": sorted(partner.products.values_list("name", flat=True)),
    }


def _save_named(partner: Partner) -> None:
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError:
        raise PartnerAlreadyThere(name=partner.name) from None


@operation
def set_partner_active(partner: Partner, *, active: bool, actor: Actor) -> Partner:
    """Take a partner off the list, or bring it back; what happened with it stays."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    row = lock(partner)
    if row.is_active != active:
        row.is_active = active
        row.save(update_fields=["is_active"])
        record(actor, "territory.partner_brought_back" if active else "territory.partner_put_away", row)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """Somebody at a partner; `kept_because` is needed where a telephone or e-mail is kept."""

    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""
    kept_because: str = ""


@operation
def add_partner_person(partner: Partner, data: PersonData, *, actor: Actor) -> PartnerPerson:
    """Write down somebody to talk to. Raises: NothingSaid, ReasonToKeepMissing, InvalidPhone."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not data.name.strip():
        raise NothingSaid(field="name")
    if (data.phone.strip() or data.email.strip()) and not data.kept_because.strip():
        raise ReasonToKeepMissing
    values = {name: getattr(data, name).strip() for name in PERSON_FIELDS}
    values["phone"] = _phone(data.phone, partner.network.country)
    person = PartnerPerson(network_id=partner.network_id, partner=partner, **values)
    person.save()
    # The trail is for ever: it tells why a person's data are kept, never the data.
    record(actor, "territory.partner_person_added", partner, kept_because=person.kept_because)
    return person


@operation
def forget_partner_person(person: PartnerPerson, *, actor: Actor) -> None:
    """Erase somebody at a partner."""
    actor.require(permissions.EDIT_PARTNERS, person)
    row = lock(person)
    record(actor, "territory.partner_person_forgotten", row.partner)
    row.delete()


@operation
def add_agreement(
    partner: Partner,
    *,
    text: str,
    since: dt.date,
    actor: Actor,
    until: dt.date | None = None,
    file: Upload | None = None,
) -> Agreement:
    """Write down what was agreed, perhaps with the signed paper.

    Raises: NothingSaid, EndsBeforeItBegins.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not text.strip():
        raise NothingSaid(field="text")
    if until is not None and until < since:
        raise EndsBeforeItBegins(field="until")
    agreement = Agreement(network_id=partner.network_id, partner=partner, text=text.strip(), since=since, until=until)
    if file is not None:
        agreement.file_name, agreement.file_type = file.name[:160], file.content_type
        agreement.file.save(f"combinado.{file.extension}", file.as_file(), save=False)
    agreement.save()
    record(actor, "territory.agreed", partner, text=agreement.text[:500], since=since, until=until)
    return agreement


@operation
def note_meeting(
    partner: Partner, *, held_on: dt.date, who: str, what: str, actor: Actor, key: str = ""
) -> Meeting | None:
    """Write down a talk; None for the same form sent twice. Raises: NothingSaid, MeetingInTheFuture."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not what.strip():
        raise NothingSaid(field="what")
    if held_on > clock.today():
        raise MeetingInTheFuture
    if not first_time("territory.meeting", key, network_id=partner.network_id):
        return None
    meeting = Meeting(
        network_id=partner.network_id, partner=partner, held_on=held_on, who=who.strip()[:240], what=what.strip()
    )
    meeting.save()
    record(actor, "territory.met", partner, held_on=held_on)
    return meeting


@operation
def set_next_step(
    partner: Partner, *, what: str, until: dt.date | None, actor: Actor, by: Person | None = None
) -> Partner:
    """Mark what is to be done next with a partner, by when and by whom; the team's where nobody is named.

    Raises: NothingSaid, DateMissing, NextStepByStranger.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not what.strip():
        raise NothingSaid(field="what")
    if until is None:
        raise DateMissing(field="until")
    if by is not None and not _takes_part(by):
        raise NextStepByStranger
    row = lock(partner)
    row.next_step, row.next_step_until, row.next_step_by = what.strip()[:240], until, by
    row.save(update_fields=["next_step", "next_step_until", "next_step_by"])
    record(actor, "territory.next_step_set", row, next_step=row.next_step, until=until, by=str(by or ""))
    emit(NextStepSet(row.network_id, row.pk, by.pk if by else None, until.isoformat()))
    return row


def _takes_part(person: Person) -> bool:
    held = RoleAssignment.held_on(clock.today())
    return bool(RoleAssignment.objects.filter(held, person=person).exists())


@operation
def finish_next_step(partner: Partner, *, how: str, actor: Actor) -> Meeting:
    """The next step is done: it becomes a talk with what came of it. Whoever it was given to may say so.

    Raises: NoNextStep for one done before.
    """
    row = lock(partner)
    if actor.person_id is None or row.next_step_by_id != actor.person_id:
        actor.require(permissions.EDIT_PARTNERS, row)
    if not row.next_step:
        raise NoNextStep(partner=row.name)
    what = f"{row.next_step}\n{how.strip()}".strip()
    meeting = Meeting(network_id=row.network_id, partner=row, held_on=clock.today(), who=actor.name[:240], what=what)
    meeting.save()
    row.next_step, row.next_step_until, row.next_step_by = "", None, None
    row.save(update_fields=["next_step", "next_step_until", "next_step_by"])
    record(actor, "territory.next_step_done", row, how=how.strip()[:500])
    return meeting


# --- public calls ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CallData:
    """A public call; the value in minor units of the network's currency."""

    number: str
    title: str
    closes_on: dt.date
    opens_on: dt.date | None = None
    value_minor: int | None = None
    goods: str = ""
    link: str = ""
    outcome: str = PublicCall.Outcome.WATCHING

    def values(self) -> dict[str, Any]:
        """As the row keeps them. Raises: NothingSaid, EndsBeforeItBegins."""
        if not self.number.strip() or not self.title.strip():
            raise NothingSaid(field="title" if self.number.strip() else "number")
        if self.opens_on is not None and self.closes_on < self.opens_on:
            raise EndsBeforeItBegins(field="closes_on")
        return {
            "number": self.number.strip()[:40],
            "title": self.title.strip()[:200],
            "closes_on": self.closes_on,
            "opens_on": self.opens_on,
            "value_minor": self.value_minor,
            "goods": self.goods.strip(),
            "link": self.link.strip(),
            "outcome": PublicCall.Outcome(self.outcome),
        }


@operation
def add_call(partner: Partner, data: CallData, *, actor: Actor) -> PublicCall:
    """Write down a public call of a buyer. Raises: CallAlreadyThere, NothingSaid, EndsBeforeItBegins."""
    actor.require(permissions.EDIT_PARTNERS, partner)
    call = PublicCall(
        network_id=partner.network_id, partner=partner, currency=partner.network.currency, **data.values()
    )
    _save_call(call)
    record(actor, "territory.call_added", call, closes_on=call.closes_on, value_minor=call.value_minor)
    return call


@operation
def edit_call(call: PublicCall, data: CallData, *, actor: Actor, seen: str = "") -> PublicCall:
    """Change a public call, or how it went. Raises: StaleEdit, CallAlreadyThere, NothingSaid, EndsBeforeItBegins."""
    actor.require(permissions.EDIT_PARTNERS, call)
    row = lock(call)
    check_seen(row, CALL_FIELDS, seen)
    before = snapshot(row, CALL_FIELDS)
    for name, value in data.values().items():
        setattr(row, name, value)
    if changed := differences(before, snapshot(row, CALL_FIELDS)):
        _save_call(row)
        record(actor, "territory.call_edited", row, changes=changed)
    return row


def _save_call(call: PublicCall) -> None:
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        raise CallAlreadyThere(number=call.number) from None
