# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exact quantities as whole steps, and the range in which decimals of 28 digits stay exact."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

LARGEST = Decimal(10) ** 12
"""Quantities and prices stay below it, so that sums over a whole network stay exact."""
SMALLEST = Decimal("1E-9")
"""The finest step of a quantity."""
ZERO = Decimal(0)


def require_amount(name: str, amount: Decimal) -> None:
    """Raises: ValueError when `amount` is negative, not finite, too large or finer than nine decimal places."""
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"the {name} must be a finite number, not negative: {amount}")
    if amount >= LARGEST or amount % SMALLEST:
        raise ValueError(f"the {name} must stay below {LARGEST:f} and keep to nine decimal places: {amount}")


def finest_step(amounts: Iterable[Decimal]) -> Decimal:
    """One unit of the last decimal place that any amount uses, at most 1 (trailing zeros do not count)."""
    places = 0
    for amount in amounts:
        places = max(places, -int(amount.normalize().as_tuple().exponent))
    return Decimal(1).scaleb(-places)


def in_steps(amount: Decimal, step: Decimal) -> int:
    """How many steps make the amount. Raises: ValueError when it is no multiple of the step."""
    numerator, denominator = amount.as_integer_ratio()
    step_numerator, step_denominator = step.as_integer_ratio()
    steps, rest = divmod(numerator * step_denominator, denominator * step_numerator)
    if rest:
        raise ValueError(f"{amount} is no multiple of the smallest step {step}")
    return steps


def plain(amount: Decimal) -> str:
    """The amount without exponent or trailing zeros: "6", "1.5", "1000"."""
    return f"{amount.normalize():f}" if amount else "0"
