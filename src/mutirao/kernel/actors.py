# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who does something, in which network and role, and by which way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import rules

from mutirao.kernel import acts, authority
from mutirao.kernel.errors import NotAllowed, SecondFactorNeeded


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held; `enterprise_id` is None for roles in the network as a whole.

    `parts`: the parts of the program (first words of acts' codes) that it reaches, only to read; None is no such bound.
    `in_place_of`: whose role it is, when somebody away left it to the actor (name and id).
    `second_factor_by`: it wants a second factor that the person does not have, from that day on; once `suspended` it
    allows nothing but to come in.
    """

    role: str
    enterprise_id: int | None = None
    parts: frozenset[str] | None = None
    in_place_of: str = ""
    in_place_of_id: int | None = None
    second_factor_by: dt.date | None = None
    suspended: bool = False

    @property
    def rank(self) -> tuple[bool, bool, str, int, str]:
        """Own roles before those of somebody away, the network's before an enterprise's; for one steady choice."""
        return (
            bool(self.in_place_of),
            self.enterprise_id is not None,
            self.role,
            self.enterprise_id or 0,
            self.in_place_of,
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with their grants in one network, or the system itself.

    `via` tells the way: screen, phone, link, import, api, command, example, job.
    """

    name: str
    person_id: int | None = None
    network_id: int | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    via: str = "screen"
    is_system: bool = False

    def holds(self, role: str, enterprise_id: int | None = None) -> bool:
        """Whether exactly this role is held there, one's own or in the place of somebody away."""
        return any(g.role == role and g.enterprise_id == enterprise_id for g in self.grants if not g.suspended)

    def can(self, act: str, subject: Any = None) -> bool:
        """Whether the act is allowed on the subject (a network's row, an enterprise, or None for the network)."""
        return bool(rules.has_perm(act, self, subject))

    def can_somewhere(self, act: str) -> bool:
        """Whether the act is allowed in the network or in at least one enterprise where the actor holds a role."""
        return self.is_system or acts.held_somewhere(act, self)

    def acts_by(self, act: str, subject: Any = None) -> bool:
        """Whether the act is allowed on the subject; what follows is then done in the role that allows it.

        For operations that one of several acts allows: the trail names the role that did.
        """
        if self.is_system:
            return self.can(act, subject)
        grant = acts.granting(act, self, subject)
        if grant is not None:
            authority.allowed_by(self, grant, only_to_look=acts.only_looks(act))
        return grant is not None

    def require(self, act: str, subject: Any = None) -> None:
        """Raises: NotAllowed when the act is not allowed on the subject; SecondFactorNeeded when only that lacks."""
        if not self.acts_by(act, subject):
            raise NotAllowed(act=acts.label(act)) if self.is_system else self._refusal(act, subject)

    def _refusal(self, act: str, subject: Any) -> NotAllowed:
        awake = replace(self, grants=frozenset(replace(grant, suspended=False) for grant in self.grants))
        refusal = SecondFactorNeeded if acts.granting(act, awake, subject) else NotAllowed
        return refusal(act=acts.label(act))

    @property
    def enterprise_ids(self) -> frozenset[int]:
        """Enterprises in which the actor has any role."""
        return frozenset(g.enterprise_id for g in self.grants if g.enterprise_id is not None and not g.suspended)


def system(network_id: int | None, *, why: str, via: str = "job") -> Actor:
    """The program itself acting, for a stated reason."""
    return Actor(name=why, network_id=network_id, via=via, is_system=True)
