# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many packs to order for what enterprises need, and who gets what of the packs that come.

An enterprise asks for a quantity and may add a tolerance: what it would take on top if that helps to fill a
pack. The assembly chooses the rule by which goods are shared when they do not suffice for everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mutirao.kernel.core.sharing import share_out
from mutirao.purchasing.core.amounts import ZERO, finest_step, in_steps, require_amount


class Rule(StrEnum):
    """The order in which goods go to needs."""

    CHRONOLOGICAL = "chronological"
    PROPORTIONAL = "proportional"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Need:
    """What one enterprise asks for of one good, and what it would take on top."""

    who: str
    quantity: Decimal
    tolerance: Decimal = ZERO

    def __post_init__(self) -> None:
        require_amount("quantity", self.quantity)
        require_amount("tolerance", self.tolerance)


@dataclass(frozen=True, slots=True)
class Share:
    """What one enterprise gets: `granted` holds `from_tolerance`; `missing` is asked for but not granted."""

    who: str
    granted: Decimal
    from_tolerance: Decimal
    missing: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """The packs to order and the shares of what is ordered, or of what came instead.

    `ordered` = packs × pack size = what all get + `leftover` (unless something else was received);
    `missing` is the sum over the shares; `leftover` came but is wanted by nobody.
    """

    packs: int
    ordered: Decimal
    missing: Decimal
    leftover: Decimal
    shares: tuple[Share, ...]


def allocate(
    pack_size: Decimal,
    rule: Rule,
    needs: Sequence[Need],
    *,
    minimum_packs: int = 0,
    received: Decimal | None = None,
    step: Decimal | None = None,
) -> Allocation:
    """Packs to order for `needs` (in the order they came) and everyone's share by `rule`.

    `received` is shared in place of what is ordered. `step` is the good's smallest quantity; without it, the
    finest decimal place in the data (so whole packs and whole quantities are shared in whole units).

    Raises: ValueError when a quantity is negative, not finite or no multiple of `step`, when the pack is empty,
    or when one enterprise is named twice.
    """
    if received is not None:
        require_amount("amount received", received)
    packs = packs_to_order(pack_size, needs, minimum_packs=minimum_packs)
    ordered = packs * pack_size
    if step is None:
        step = finest_step([pack_size, *_amounts(needs), *([] if received is None else [received])])
    to_share = ordered if received is None else received
    shares = share_goods(to_share, rule, needs, step=step)
    return Allocation(
        packs=packs,
        ordered=ordered,
        missing=sum((share.missing for share in shares), ZERO),
        leftover=to_share - sum((share.granted for share in shares), ZERO),
        shares=shares,
    )


def packs_to_order(pack_size: Decimal, needs: Sequence[Need], *, minimum_packs: int = 0) -> int:
    """Whole packs to order.

    As many as the quantities fill; one more if the rest and all tolerance together fill it. Below
    `minimum_packs`: the minimum if quantities and tolerance reach it, else none. Tolerance alone orders nothing.

    Raises: ValueError when the pack is empty or the minimum negative.
    """
    require_amount("pack size", pack_size)
    if pack_size == 0:
        raise ValueError("the pack size must be more than zero")
    if minimum_packs < 0:
        raise ValueError(f"the minimum of packs is not negative: {minimum_packs}")
    step = finest_step([pack_size, *_amounts(needs)])
    pack = in_steps(pack_size, step)
    asked = sum(in_steps(need.quantity, step) for need in needs)
    tolerated = sum(in_steps(need.tolerance, step) for need in needs)
    if asked == 0:
        return 0
    packs, rest = divmod(asked, pack)
    if rest and rest + tolerated >= pack:
        packs += 1
    if packs < minimum_packs:
        return minimum_packs if asked + tolerated >= minimum_packs * pack else 0
    return packs


def share_goods(
    amount: Decimal, rule: Rule, needs: Sequence[Need], *, step: Decimal | None = None
) -> tuple[Share, ...]:
    """Everyone's share of `amount`: first towards the quantities, then towards the tolerances, both by `rule`.

    Chronological: in the order of `needs`, each in full while it lasts. Proportional: by largest remainder, ties
    to the earlier. Equal: the same for everyone up to what each asked for, odd steps to the earlier.

    Raises: ValueError as `allocate`.
    """
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"the amount must be a finite number, not negative: {amount}")
    if len({need.who for need in needs}) < len(needs):
        raise ValueError("an enterprise is named twice: add up what it asks for")
    if step is None:
        step = finest_step([amount, *_amounts(needs)])
    if not step.is_finite() or step <= 0:
        raise ValueError(f"the step must be more than zero, not {step}")
    give = _GIVE[rule]
    asked = [in_steps(need.quantity, step) for need in needs]
    tolerated = [in_steps(need.tolerance, step) for need in needs]
    to_share = in_steps(amount, step)
    for_quantities = min(to_share, sum(asked))
    for_tolerances = min(to_share - for_quantities, sum(tolerated))
    first, then = give(for_quantities, asked), give(for_tolerances, tolerated)
    return tuple(
        Share(need.who, (got + extra) * step, extra * step, (wanted - got) * step)
        for need, wanted, got, extra in zip(needs, asked, first, then, strict=True)
    )


def _in_order(amount: int, wanted: Sequence[int]) -> list[int]:
    given = []
    for want in wanted:
        given.append(min(want, amount))
        amount -= given[-1]
    return given


def _in_proportion(amount: int, wanted: Sequence[int]) -> list[int]:
    # `amount` is at most what all want, so no rounded share is above its own want.
    return share_out(amount, wanted) if any(wanted) else [0] * len(wanted)


def _equally(amount: int, wanted: Sequence[int]) -> list[int]:
    level, left, open_wants = 0, amount, len(wanted)
    for want in sorted(wanted):  # raise the water from one want to the next while it lasts
        rise = want - level
        if left < rise * open_wants:
            level += left // open_wants
            break
        left -= rise * open_wants
        level, open_wants = want, open_wants - 1
    given = [min(want, level) for want in wanted]
    odd = amount - sum(given)
    for index, want in enumerate(wanted):
        if odd and want > given[index]:
            given[index] += 1
            odd -= 1
    return given


_GIVE: dict[Rule, Callable[[int, Sequence[int]], list[int]]] = {
    Rule.CHRONOLOGICAL: _in_order,
    Rule.PROPORTIONAL: _in_proportion,
    Rule.EQUAL: _equally,
}


def _amounts(needs: Sequence[Need]) -> list[Decimal]:
    return [amount for need in needs for amount in (need.quantity, need.tolerance)]
