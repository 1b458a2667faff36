# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to networks, enterprises and people; upper modules react."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NetworkCreated(Event):
    """A network began."""


@dataclass(frozen=True, slots=True)
class NetworkCurrencyChanging(Event):
    """A network takes another currency; a handler inside the transaction refuses where money is booked in the old one,
    by raising a DomainError, and turns what is empty to the new one."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EnterpriseAdded(Event):
    """An enterprise came into the network."""

    enterprise_id: int


@dataclass(frozen=True, slots=True)
class EnterpriseDeactivated(Event):
    """An enterprise no longer takes part; a handler inside the transaction may refuse by raising a DomainError."""

    enterprise_id: int


@dataclass(frozen=True, slots=True)
class StandingChanged(Event):
    """An enterprise stands otherwise in the network (codes of core.standing); part of the same transaction."""

    enterprise_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FoundingClosed(Event):
    """The network recognises no more founding members."""


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    """A person got a role in the network or in an enterprise."""

    person_id: int
    role: str
    enterprise_id: int | None


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    """A person no longer holds a role."""

    person_id: int
    role: str
    enterprise_id: int | None


@dataclass(frozen=True, slots=True)
class SlowResetConfirmed(Event):
    """A lost second factor is to be undone though not two who have coordinated for long enough say so."""

    reset_id: int


@dataclass(frozen=True, slots=True)
class AccountRulesLoosened(Event):
    """The network asks less of its people's accounts; `before` and `after` are the values of recovery.Asked."""

    before: dict[str, Any]
    after: dict[str, Any]
