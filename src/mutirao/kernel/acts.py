# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one list of what people may do: the permission checks and the readable matrix both come from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rules

from mutirao.kernel.errors import Words

if TYPE_CHECKING:
    from mutirao.kernel.actors import Actor, Grant


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person may do. `network_roles` may do it anywhere in the network; `enterprise_roles` for the
    enterprise that the subject belongs to. `basic` is what whoever takes part may do, whatever bounds their role;
    `personal` is what nobody may do in the place of somebody away: to decide about others' rights."""

    code: str
    label: Words
    network_roles: frozenset[str]
    enterprise_roles: frozenset[str]
    basic: bool = False
    personal: bool = False

    @property
    def part(self) -> str:
        """The part of the program it belongs to: the first word of its code."""
        return self.code.split(".")[0]

    @property
    def reads(self) -> bool:
        """Whether it only looks: the second word of its code begins with "see"."""
        return self.code.split(".")[1].startswith("see")

    def within(self, grant: Grant) -> bool:
        """Whether the bounds of a grant leave the act in reach; its role is another question."""
        if self.basic:
            return True
        if self.personal and grant.in_place_of:
            return False
        return not grant.suspended and (grant.parts is None or (self.reads and self.part in grant.parts))


_registry: dict[str, Act] = {}


def declare(
    code: str,
    label: Words,
    *,
    network_roles: Iterable[str] = (),
    enterprise_roles: Iterable[str] = (),
    basic: bool = False,
    personal: bool = False,
) -> str:
    """Declare an act once, at import of a module's permissions.py; returns its code.

    Raises: ValueError when the code is already declared.
    """
    if code in _registry:
        raise ValueError(f"act {code} is declared twice")
    act = Act(code, label, frozenset(network_roles), frozenset(enterprise_roles), basic, personal)
    _registry[code] = act

    @rules.predicate(name=code)  # type: ignore[untyped-decorator]
    def holds(actor: Actor, subject: Any) -> bool:
        return _holds(act, actor, subject)

    rules.add_perm(code, holds)
    return code


def _holds(act: Act, actor: Actor, subject: Any) -> bool:
    if actor.is_system:
        return actor.network_id is None or _network_of(subject) in (None, actor.network_id)
    return _granting(act, actor, subject) is not None


def only_looks(code: str) -> bool:
    """Whether an act changes nothing."""
    return _registry[code].reads


def granting(code: str, actor: Actor, subject: Any) -> Grant | None:
    """The grant by which a person may do the act on the subject, one's own before others'; None where none does."""
    return _granting(_registry[code], actor, subject)


def _granting(act: Act, actor: Actor, subject: Any) -> Grant | None:
    network_id = _network_of(subject)
    if network_id is not None and network_id != actor.network_id:
        return None
    enterprise_id = _enterprise_of(subject)
    allowing = [
        grant
        for grant in actor.grants
        if (
            grant.role in act.network_roles
            if grant.enterprise_id is None
            else grant.enterprise_id == enterprise_id and grant.role in act.enterprise_roles
        )
        and act.within(grant)
    ]
    if len(allowing) < 2:
        return allowing[0] if allowing else None
    return min(allowing, key=lambda grant: grant.rank)


def _network_of(subject: Any) -> int | None:
    """The network that a subject belongs to: rows carry `network_id`, the network itself is marked as the tenant."""
    if subject is None:
        return None
    if getattr(subject, "is_tenant", False):
        return int(subject.pk)
    value = getattr(subject, "network_id", None)
    return None if value is None else int(value)


def _enterprise_of(subject: Any) -> int | None:
    if subject is None:
        return None
    if getattr(subject, "is_enterprise", False):
        return int(subject.pk)
    value = getattr(subject, "enterprise_id", None)
    return None if value is None else int(value)


def held_somewhere(code: str, actor: Actor) -> bool:
    """Whether any of the actor's grants, in the network or in an enterprise, allows the act."""
    act = _registry[code]
    return any(
        grant.role in (act.network_roles if grant.enterprise_id is None else act.enterprise_roles) and act.within(grant)
        for grant in actor.grants
    )


def all_acts() -> list[Act]:
    """Every declared act, in the order of its code."""
    return [_registry[code] for code in sorted(_registry)]


def label(code: str) -> Words:
    """The words for an act; its code when nobody declared it."""
    act = _registry.get(code)
    return act.label if act else code
