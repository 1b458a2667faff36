# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mixed integer program built row by row and solved by HiGHS: one thread, fixed seed, no output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

INFINITE = float(highspy.kHighsInf)
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Solution:
    """`values` is None when none was found; `bound` is what no solution can be below."""

    values: list[float] | None
    bound: float
    infeasible: bool


class Program:
    """Minimise a linear cost over columns within rows."""

    def __init__(self) -> None:
        self._cost: list[float] = []
        self._upper: list[float] = []
        self._integer: list[bool] = []
        self._row_lower: list[float] = []
        self._row_upper: list[float] = []
        self._starts: list[int] = []
        self._index: list[int] = []
        self._value: list[float] = []

    def __len__(self) -> int:
        return len(self._cost)

    def column(self, cost: float = 0, upper: float = 1, *, integer: bool = True) -> int:
        """A new column from zero to `upper`; its number."""
        self._cost.append(cost)
        self._upper.append(upper)
        self._integer.append(integer)
        return len(self._cost) - 1

    def row(self, terms: Sequence[tuple[int, float]], *, lower: float = -INFINITE, upper: float = INFINITE) -> None:
        """A new row: lower ≤ Σ coefficient × column ≤ upper. A column may stand in several terms."""
        merged: dict[int, float] = {}
        for column, coefficient in terms:
            merged[column] = merged.get(column, 0) + coefficient
        self._row_lower.append(lower)
        self._row_upper.append(upper)
        self._starts.append(len(self._index))
        self._index.extend(merged)
        self._value.extend(merged.values())

    def solve(self, time_limit: float, *, within: float, start: Sequence[float] | None = None) -> Solution:
        """The best solution found in `time_limit` seconds; one within `within` of the least is good enough."""
        highs = self._loaded()
        for option, value in (
            ("time_limit", time_limit),
            ("mip_rel_gap", 0.0),  # the default stops at 0.01 %
            ("mip_abs_gap", within),
            ("mip_feasibility_tolerance", _TOLERANCE),
            ("primal_feasibility_tolerance", _TOLERANCE),
            ("dual_feasibility_tolerance", _TOLERANCE),
        ):
            highs.setOptionValue(option, value)
        if start is not None:
            given = highspy.HighsSolution()
            given.col_value = list(start)
            highs.setSolution(given)
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solution(None, INFINITE, infeasible=True)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = list(highs.getSolution().col_value) if found else None
        return Solution(values, float(info.mip_dual_bound), infeasible=False)

    def _loaded(self) -> highspy.Highs:
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("parallel", "off")):
            highs.setOptionValue(option, value)
        count = len(self._cost)
        columns = np.arange(count, dtype=np.int32)
        highs.addVars(count, np.zeros(count), np.array(self._upper, dtype=np.float64))
        highs.changeColsCost(count, columns, np.array(self._cost, dtype=np.float64))
        kinds = np.where(self._integer, int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous))
        highs.changeColsIntegrality(count, columns, kinds.astype(np.uint8))
        highs.addRows(
            len(self._starts),
            np.array(self._row_lower, dtype=np.float64),
            np.array(self._row_upper, dtype=np.float64),
            len(self._index),
            np.array(self._starts, dtype=np.int32),
            np.array(self._index, dtype=np.int32),
            np.array(self._value, dtype=np.float64),
        )
        return highs
