# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enterprises as a spreadsheet, under the columns that an import reads (N1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.sheets import Cell
from mutirao.network import permissions, queries
from mutirao.network.core import phones
from mutirao.network.importing.enterprises import COLUMNS, CONTACT_COLUMNS
from mutirao.network.models import Contact, Enterprise

FIELDS = [column.field for column in COLUMNS]
EXTRA = ("standing_since", "member_since", "is_active")
"""What the sheet tells besides, and an import leaves aside."""


def columns() -> list[str]:
    """The names of the columns, in the reader's language."""
    more = {"standing_since": _("Nesta situação desde"), "member_since": _("Membro desde"), "is_active": _("Ativo")}
    return [str(column.label) for column in COLUMNS] + [more[name] for name in EXTRA]


def rows(enterprises: QuerySet[Enterprise], actor: Actor) -> Iterator[list[Cell]]:
    """A line each, as the actor may see it; further contacts on lines of their own with the name alone, so that what
    is added up counts once and an import reads them right. A fixed number of queries."""
    found = enterprises.prefetch_related(Prefetch("contacts", Contact.objects.order_by("pk")))
    everywhere = actor.can_somewhere(permissions.SEE_PEOPLE)
    for row in found:
        sees = everywhere or row.pk in actor.enterprise_ids
        contacts: Iterable[Contact | None] = (list(row.contacts.all()) if sees else []) or [None]
        for number, contact in enumerate(contacts):
            values = _of_enterprise(row, actor) if number == 0 else {"name": row.name}
            values |= _of_contact(contact, row)
            yield [values.get(name) for name in (*FIELDS, *EXTRA)]


def _of_enterprise(row: Enterprise, actor: Actor) -> dict[str, Cell]:
    town = row.municipality
    return {
        "name": row.name,
        "legal_form": str(row.get_legal_form_display()),
        "country": row.country,
        "tax_id": queries.tax_id_words(actor, row),
        "activity": row.activity,
        "value_chain": str(row.value_chain or ""),
        "territory": str(row.territory or ""),
        "municipality": town.name if town else row.city,
        "state": town.state if town else row.region,
        "postal_code": row.postal_code,
        "address": row.address,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "member_count": row.member_count,
        "founded_on": row.founded_on,
        "joined_on": row.joined_on,
        "standing": str(row.get_standing_display()),
        "founding_minutes_on": row.founding_minutes_on,
        "founding_minutes_kept": row.founding_minutes_kept,
        "website": row.website,
        "notes": row.notes,
        "standing_since": row.standing_since,
        "member_since": row.member_since,
        "is_active": _("sim") if row.is_active else _("não"),
    }


def _of_contact(contact: Contact | None, row: Enterprise) -> dict[str, Cell]:
    if contact is None:
        return dict.fromkeys(CONTACT_COLUMNS, "")
    return {
        "contact_name": contact.name,
        "duty": contact.duty,
        "phone": phones.shown(contact.phone, row.country),
        "email": contact.email,
    }
