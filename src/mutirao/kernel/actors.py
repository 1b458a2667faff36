# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who does something, in which network and role, and by which way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import rules

from mutirao.kernel import acts
from mutirao.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held; `enterprise_id` is None for roles in the network as a whole."""

    role: str
    enterprise_id: int | None = None


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

    def roles_for(self, enterprise_id: int | None) -> frozenset[str]:
        """Roles held in the network or in that enterprise."""
        return frozenset(g.role for g in self.grants if g.enterprise_id is None or g.enterprise_id == enterprise_id)

    def can(self, act: str, subject: Any = None) -> bool:
        """Whether the act is allowed on the subject (a network's row, an enterprise, or None for the network)."""
        return bool(rules.has_perm(act, self, subject))

    def can_somewhere(self, act: str) -> bool:
        """Whether the act is allowed in the network or in at least one enterprise where the actor holds a role."""
        return self.is_system or acts.held_somewhere(act, self)

    def require(self, act: str, subject: Any = None) -> None:
        """Raises: NotAllowed when the act is not allowed on the subject."""
        if not self.can(act, subject):
            raise NotAllowed(act=acts.label(act))

    @property
    def enterprise_ids(self) -> frozenset[int]:
        """Enterprises in which the actor has any role."""
        return frozenset(g.enterprise_id for g in self.grants if g.enterprise_id is not None)


def system(network_id: int | None, *, why: str, via: str = "job") -> Actor:
    """The program itself acting, for a stated reason."""
    return Actor(name=why, network_id=network_id, via=via, is_system=True)
