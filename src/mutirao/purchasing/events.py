# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened in a purchase round. Events carry ids and plain values only; moments are ISO text in UTC."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RoundOpened(Event):
    """Enterprises were invited to say what they need, until `needs_until`."""

    round_id: int
    needs_until: str


@dataclass(frozen=True, slots=True)
class RoundExtended(Event):
    """The round takes needs for longer."""

    round_id: int
    needs_until: str


@dataclass(frozen=True, slots=True)
class NeedsClosed(Event):
    """No more needs are taken; quoting goes on."""

    round_id: int


@dataclass(frozen=True, slots=True)
class RoundReopened(Event):
    """The round takes needs again. `from_state` is where it stood: whatever was proposed or put to approval after the
    needs were closed is void, and whoever keeps it takes it back inside the transaction."""

    round_id: int
    from_state: str
    needs_until: str


@dataclass(frozen=True, slots=True)
class RoundCancelled(Event):
    """The round came to nothing. `from_state` is where it stood: open approvals and orders are taken back."""

    round_id: int
    from_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeedsEntered(Event):
    """An enterprise said what it needs, or changed it."""

    round_id: int
    participation_id: int


@dataclass(frozen=True, slots=True)
class RoundDeclined(Event):
    """An enterprise stays out of this round."""

    round_id: int
    participation_id: int


@dataclass(frozen=True, slots=True)
class QuotesChanged(Event):
    """A quote came in, changed or was withdrawn: what was computed from the quotes no longer holds."""

    round_id: int
    quote_id: int


@dataclass(frozen=True, slots=True)
class SuppliersAsked(Event):
    """Suppliers got a link to answer by."""

    round_id: int
    request_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SupplierAnswered(Event):
    """A supplier answered by its own link, or said that it does not supply this time."""

    round_id: int
    request_id: int
    declined: bool


@dataclass(frozen=True, slots=True)
class AwardChosen(Event):
    """The split among suppliers was chosen, to be put to the enterprises."""

    round_id: int
    scenario_id: int


@dataclass(frozen=True, slots=True)
class OrdersPrepared(Event):
    """The approved award became orders."""

    round_id: int


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """An order will not be filled."""

    round_id: int
    order_id: int


@dataclass(frozen=True, slots=True)
class GoodsReceived(Event):
    """A supplier's delivery was written down, or its receipt corrected."""

    round_id: int
    receipt_id: int


@dataclass(frozen=True, slots=True)
class AloneAsked(Event):
    """A large round was compared; what everyone would pay alone is still to be reckoned."""

    round_id: int


@dataclass(frozen=True, slots=True)
class RoundCharged(Event):
    """Costs were shared and each enterprise's charge was issued."""

    round_id: int


@dataclass(frozen=True, slots=True)
class RoundSettled(Event):
    """Every charge is settled and every supplier paid."""

    round_id: int
