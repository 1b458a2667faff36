# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's standing rules for its rounds, and where goods are delivered."""

from __future__ import annotations

from typing import TypedDict, Unpack

from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen
from mutirao.kernel.errors import DomainError, InvalidValue, SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Municipality, Network
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import PlaceNameTaken, PlaceWasUsed, SettingOutOfRange
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseRound, PurchasingSettings

HIGHEST_PREFERENCE = 50
"""Percent: a preference beyond it would no longer be a price comparison."""


RULE_FIELDS = (
    "allocation_rule",
    "freight_rule",
    "fee_rule",
    "solidarity_preference",
    "local_preference",
    "supplier_cost_minor",
    "max_suppliers",
    "approval_rule",
)
PLACE_FIELDS = ("name", "address", "is_active")


class SettingsChanges(TypedDict, total=False):
    """The rules that a network may choose; see `PurchasingSettings`."""

    allocation_rule: str
    freight_rule: str
    fee_rule: str
    solidarity_preference: int
    local_preference: int
    supplier_cost_minor: int
    max_suppliers: int | None
    approval_rule: str


@operation
def edit_purchasing_settings(
    network: Network, *, actor: Actor, reason: str = "", seen: str = "", **changes: Unpack[SettingsChanges]
) -> PurchasingSettings:
    """Choose the network's rules; they apply to rounds begun from now on. `seen` is `changes.version` of `RULE_FIELDS`.

    Raises: NotAllowed; StaleEdit; SeveralProblems with SettingOutOfRange.
    """
    actor.require(permissions.EDIT_SETTINGS, network)
    rules: PurchasingSettings = lock(PurchasingSettings.objects.get_or_create(network=network)[0])
    check_seen(rules, RULE_FIELDS, seen)
    problems: list[DomainError] = []
    for name in ("solidarity_preference", "local_preference"):
        share = changes.get(name)
        if isinstance(share, int) and not 0 <= share <= HIGHEST_PREFERENCE:
            problems.append(SettingOutOfRange(field=name, least=0, most=HIGHEST_PREFERENCE))
    if changes.get("supplier_cost_minor", 0) < 0:
        problems.append(SettingOutOfRange(field="supplier_cost_minor", least=0, most="…"))
    most_suppliers = changes.get("max_suppliers")
    if most_suppliers is not None and most_suppliers < 1:
        problems.append(SettingOutOfRange(field="max_suppliers", least=1, most="…"))
    if problems:
        raise SeveralProblems(problems)
    trace = {name: [getattr(rules, name), value] for name, value in changes.items() if value != getattr(rules, name)}
    if trace:
        for name in trace:
            setattr(rules, name, changes[name])  # type: ignore[literal-required]
        rules.save(update_fields=list(trace))
        record(actor, "purchasing.settings_changed", rules, reason=reason.strip(), changes=trace)
    return rules


@operation
def add_place(
    network: Network, *, name: str, actor: Actor, address: str = "", municipality: Municipality | None = None
) -> DeliveryPlace:
    """Add a place where suppliers deliver and enterprises collect.

    Raises: NotAllowed; InvalidValue without a name; PlaceNameTaken.
    """
    actor.require(permissions.EDIT_SETTINGS, network)
    place = DeliveryPlace(network=network, name=_free_name(name), address=address.strip(), municipality=municipality)
    place.save()
    record(actor, "purchasing.place_added", place)
    return place


@operation
def edit_place(
    place: DeliveryPlace,
    *,
    name: str,
    actor: Actor,
    address: str = "",
    municipality: Municipality | None = None,
    is_active: bool = True,
    seen: str = "",
) -> DeliveryPlace:
    """Change a place, or say that it is no longer in use. `seen` is `changes.version` of `PLACE_FIELDS`.

    Raises: as `add_place`; StaleEdit.
    """
    actor.require(permissions.EDIT_SETTINGS, place)
    fresh = lock(place)
    check_seen(fresh, PLACE_FIELDS, seen)
    wanted = {
        "name": _free_name(name, except_for=fresh),
        "address": address.strip(),
        "municipality_id": municipality.pk if municipality else None,
        "is_active": is_active,
    }
    trace = {field: [getattr(fresh, field), value] for field, value in wanted.items() if getattr(fresh, field) != value}
    if trace:
        for field, value in wanted.items():
            setattr(fresh, field, value)
        fresh.save(update_fields=["name", "address", "municipality", "is_active"])
        record(actor, "purchasing.place_edited", fresh, changes=trace)
    return fresh


@operation
def remove_place(place: DeliveryPlace, *, actor: Actor) -> None:
    """Delete a place that no round ever used. Raises: NotAllowed; PlaceWasUsed."""
    actor.require(permissions.EDIT_SETTINGS, place)
    fresh = lock(place)
    if PurchaseRound.objects.filter(places=fresh).exists() or Participation.objects.filter(place=fresh).exists():
        raise PlaceWasUsed(place=fresh.name)
    record(actor, "purchasing.place_removed", fresh)
    fresh.delete()


def _free_name(name: str, *, except_for: DeliveryPlace | None = None) -> str:
    said = " ".join(name.split())
    if not said:
        raise InvalidValue(field="name")
    others = DeliveryPlace.objects.exclude(pk=except_for.pk) if except_for else DeliveryPlace.objects.all()
    if others.filter(name__iexact=said).exists():
        raise PlaceNameTaken(name=said)
    return said
