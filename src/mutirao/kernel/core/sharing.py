# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sharing a whole number of smallest units (cents, grams, pieces) so that nothing is lost or made up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TypeAlias

Weight: TypeAlias = int | Decimal | Fraction


def share_out(total: int, weights: Sequence[Weight]) -> list[int]:
    """Whole shares of `total` in proportion to `weights`, in their order, adding up to `total`.

    Largest remainder: everyone gets the whole part of the exact share; the units that are left go one each to
    the largest fractions, ties to the earlier. A negative total is shared like its positive mirror image.

    Raises: TypeError for a float or a boolean; ValueError when a weight is negative or not finite, or when no
    weight is positive.
    Source: Hamilton's method of apportionment, 1792.
    """
    if isinstance(total, bool) or not isinstance(total, int):
        raise TypeError(f"only whole units are shared out, not {total!r}")
    parts = whole_weights(weights)
    of_all = sum(parts)
    if of_all == 0:
        raise ValueError("at least one weight must be positive")
    shares, remainders = [], []
    for part in parts:
        share, remainder = divmod(abs(total) * part, of_all)
        shares.append(share)
        remainders.append(remainder)
    left = abs(total) - sum(shares)
    # sorted() keeps the order of equals, so ties go to the earlier.
    for index in sorted(range(len(parts)), key=lambda i: -remainders[i])[:left]:
        shares[index] += 1
    return shares if total >= 0 else [-share for share in shares]


def whole_weights(weights: Sequence[Weight]) -> list[int]:
    """Integers in the same proportion as `weights`. Raises: as `share_out`, but all may be zero."""
    ratios = []
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, int | Decimal | Fraction):
            raise TypeError(f"a weight is an exact number, not {weight!r}")
        if isinstance(weight, Decimal) and not weight.is_finite():
            raise ValueError(f"a weight is finite, not {weight}")
        if weight < 0:
            raise ValueError(f"a weight is not negative: {weight}")
        ratios.append(weight.as_integer_ratio())
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]
