# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing what was planned: enterprises new and changed, their contacts, their standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions
from mutirao.network.core import standing
from mutirao.network.events import EnterpriseAdded
from mutirao.network.importing.enterprises.columns import MINUTES
from mutirao.network.importing.enterprises.planning import Wanted
from mutirao.network.importing.plans import Change
from mutirao.network.models import Contact, Enterprise, Network
from mutirao.network.operations.enterprises import (
    CONTACT_FIELDS,
    ENTERPRISE_FIELDS,
    territory_named,
    value_chain_named,
)
from mutirao.network.operations.standing import (
    follow_legal_form,
    require_founding_open,
    write_founder,
    write_standing,
)


@operation
def write_enterprises(network: Network, *, changes: Sequence[Change], actor: Actor) -> list[Enterprise]:
    """Add and change many enterprises at once, each with its own line in the record, as the single operations do.

    `changes` carry `Wanted`. Returns the enterprises in the order of the changes.
    Raises: NotAllowed; IntegrityError where somebody wrote the same meanwhile.
    """
    wanted: list[Wanted] = [change.payload for change in changes]
    if any(item.existing is None for item in wanted):
        actor.require(permissions.ADD_ENTERPRISE, network)
    chains = {name: value_chain_named(name, actor=actor) for name in _said(wanted, "value_chain")}
    territories = {name: territory_named(name, actor=actor) for name in _said(wanted, "territory")}
    for item in wanted:
        if name := item.values.get("value_chain"):
            item.values["value_chain"] = chains[name]
        if name := item.values.get("territory"):
            item.values["territory"] = territories[name]
    today = clock.today()
    new = [item for item in wanted if item.existing is None]
    if any(item.values.get("standing") == standing.MEMBER for item in wanted):
        actor.require(permissions.RECOGNISE_FOUNDERS, network)
        require_founding_open(lock(network))
    made = Enterprise.objects.bulk_create([_fresh(network, item, today) for item in new], batch_size=500)
    for enterprise, item in zip(made, new, strict=True):
        plain = {
            name: value for name, value in snapshot(enterprise, ENTERPRISE_FIELDS).items() if value not in (None, "")
        }
        if item.contacts:
            plain["contact"] = ", ".join(contact["name"] for contact in item.contacts)
        record(actor, "network.enterprise_added", enterprise, **plain)
    for enterprise, item in zip(made, new, strict=True):
        _stand(enterprise, item, actor)
    edited = _edit([item for item in wanted if item.existing is not None], actor)
    both = dict(zip([id(item) for item in new], made, strict=True)) | edited
    Contact.objects.bulk_create(
        [
            Contact(network=network, enterprise=both[id(item)], **{name: contact[name] for name in CONTACT_FIELDS})
            for item in wanted
            for contact in item.contacts
        ],
        batch_size=500,
    )
    for enterprise in made:
        emit(EnterpriseAdded(network.pk, enterprise.pk))
    return [both[id(item)] for item in wanted]


def _said(wanted: Sequence[Wanted], name: str) -> list[str]:
    return list(dict.fromkeys(item.values[name] for item in wanted if item.values.get(name)))


def _fresh(network: Network, item: Wanted, today: dt.date) -> Enterprise:
    plain = {name: value for name, value in item.values.items() if name not in ("standing", *MINUTES)}
    first = standing.first_standing(item.values["legal_form"])
    return Enterprise(**{"network": network, "joined_on": today, "standing": first, **plain})


def _stand(enterprise: Enterprise, item: Wanted, actor: Actor) -> None:
    """Give a locked or just made enterprise the standing that the file says, as the operations do."""
    wanted = item.values.get("standing", enterprise.standing)
    if wanted == standing.MEMBER and enterprise.standing != standing.MEMBER:
        on, kept = (item.values[name] for name in MINUTES)
        write_founder(enterprise, minutes_on=on, minutes_kept=kept, actor=actor)
    elif wanted != enterprise.standing:
        write_standing(enterprise, wanted, actor=actor, reason=_("Planilha"))


def _edit(wanted: Sequence[Wanted], actor: Actor) -> dict[int, Enterprise]:
    """Change what is there; rows are locked and read afresh first."""
    fresh: list[Enterprise] = lock_all([item.existing for item in wanted])
    fields = (*ENTERPRISE_FIELDS, "joined_on")
    for enterprise, item in zip(fresh, wanted, strict=True):
        actor.require(permissions.EDIT_ENTERPRISE, enterprise)
        _share_relations(enterprise, item.existing)
        before = snapshot(enterprise, fields)
        for name, value in item.values.items():
            if name not in ("standing", *MINUTES):
                setattr(enterprise, name, value)
        if before["legal_form"] != enterprise.legal_form:
            follow_legal_form(enterprise, actor=actor)
        if changed := differences(before, snapshot(enterprise, fields)):
            enterprise.save(update_fields=list(changed))
            record(actor, "network.enterprise_edited", enterprise, changes=changed)
        _stand(enterprise, item, actor)
        for contact in item.contacts:
            record(actor, "network.contact_added", enterprise, contact=contact["name"])
    return {id(item): enterprise for item, enterprise in zip(wanted, fresh, strict=True)}


def _share_relations(fresh: Enterprise, seen: Enterprise | None) -> None:
    """Spare a query for each related row that is still the one seen before."""
    for name in ("value_chain", "territory", "municipality"):
        if seen is not None and getattr(fresh, f"{name}_id") == getattr(seen, f"{name}_id"):
            setattr(fresh, name, getattr(seen, name))
