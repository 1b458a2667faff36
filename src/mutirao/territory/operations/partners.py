# SPDX-License-Identifier: AGPL-3.0-or-later
"""The actors of the territory, and whom to talk to there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from mutirao.catalogue.models import Product
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot, stale, version
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import operation, record
from mutirao.network.models import Enterprise, Municipality, Network
from mutirao.network.operations.enterprises import read_phone
from mutirao.territory import permissions
from mutirao.territory.errors import (
    NothingSaid,
    PartnerAlreadyThere,
    ReasonToKeepMissing,
)
from mutirao.territory.models import Partner, PartnerPerson
from mutirao.territory.operations.told import last_told

PARTNER_FIELDS = ("name", "kind", "municipality", "city", "phone", "email", "site", "relationship")
PERSON_FIELDS = ("name", "duty", "phone", "email", "kept_because")


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
        """The row's own fields in a network of `country`: Brazil has municipalities; what is abroad, a city by name.

        Raises: NothingSaid without a name; InvalidPhone.
        """
        if not self.name.strip():
            raise NothingSaid(field="name")
        town = self.municipality if country == "BR" else None
        return {
            "name": self.name.strip()[:160],
            "kind": Partner.Kind(self.kind),
            "municipality": town,
            "city": "" if town else self.city.strip()[:120],
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
    if seen and seen != partner_version(row):
        raise stale(row, last=last_told(row, {"territory.partner_edited"}))
    before = snapshot(row, PARTNER_FIELDS) | _ties(row)
    for name, value in data.values(row.network.country, row.phone).items():
        setattr(row, name, value)
    _save_named(row)
    row.enterprises.set(data.enterprises)
    row.products.set(data.products)
    if changed := differences(before, snapshot(row, PARTNER_FIELDS) | _ties(row)):
        record(actor, "territory.partner_edited", row, changes=changed)
    return row


def partner_version(partner: Partner) -> str:
    """As `kernel.changes.version`, with the enterprises and products tied to a partner."""
    ties = json.dumps(_ties(partner))
    return hashlib.sha256(f"{version(partner, PARTNER_FIELDS)}{ties}".encode()).hexdigest()[:20]


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
def add_partner_person(partner: Partner, data: PersonData, *, actor: Actor, key: str = "") -> PartnerPerson | None:
    """Write down somebody to talk to; None for the same form sent twice.

    Raises: NothingSaid, ReasonToKeepMissing, InvalidPhone.
    """
    actor.require(permissions.EDIT_PARTNERS, partner)
    if not data.name.strip():
        raise NothingSaid(field="name")
    if (data.phone.strip() or data.email.strip()) and not data.kept_because.strip():
        raise ReasonToKeepMissing
    values = {name: getattr(data, name).strip() for name in PERSON_FIELDS}
    values["phone"] = _phone(data.phone, partner.network.country)
    if not first_time("territory.person", key, network_id=partner.network_id):
        return None
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
