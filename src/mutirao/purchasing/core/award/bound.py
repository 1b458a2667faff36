# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no split can cost less than: a Lagrangian bound over suppliers' terms and goods.

Two things tie goods together: a good can only be bought from a supplier who is ordered from, and an order's value
must reach its threshold (the minimum, or what waives freight). Pricing both — `charge` per good and supplier, `pull`
per minor unit of an order's value — leaves one small problem for each good and one choice for each supplier, whose
least costs add up to a bound for any prices. Source: Geoffrion, "Lagrangean relaxation for integer programming", 1974.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mutirao.purchasing.core.award.pool import Bools, Candidate, Floats, Ints, Pool
from mutirao.purchasing.core.award.pricing import price_goods

_PATIENCE = 40
_SMALLEST_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Orders:
    """What an order to each supplier costs and needs, as arrays in weighed minor units."""

    opening: Floats
    saved: Floats
    minimum: Floats
    free_from: Floats
    factor: Floats
    limit: int
    """The most suppliers that may be ordered from."""

    @classmethod
    def of(cls, pool: Pool) -> Orders:
        """The terms of the pool's market; `saved` is zero and `free_from` never where freight is not waived."""
        market = pool.tariff.market
        terms, extra = market.terms, market.problem.cost_per_supplier
        limit = market.problem.max_suppliers
        return cls(
            opening=np.array([(each.freight + extra) * market.unit for each in terms], dtype=np.float64),
            saved=np.array([each.freight * market.unit if each.free_from is not None else 0.0 for each in terms]),
            minimum=np.array([each.minimum for each in terms], dtype=np.float64),
            free_from=np.array([np.inf if each.free_from is None else each.threshold for each in terms]),
            factor=np.array([each.factor for each in terms], dtype=np.float64),
            limit=len(terms) if limit is None else min(limit, len(terms)),
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """The Lagrangian's prices: `charge` by link (good and supplier), `pull` by supplier; and the bound they give."""

    charge: Floats
    pull: Floats
    bound: float
    reduced: Floats
    """What ordering from each supplier adds to the bound (negative: it is in the bound's own split)."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A bound that holds for all purchases, not the pool's alone.

    `better` are candidates that the pool lacks to reach it by itself; `regret` is by tier what a split that uses the
    tier weighs more than the bound, at the least.
    """

    bound: float
    better: list[Candidate]
    regret: Floats


class Relaxation:
    """Prices over one pool: a bound for what the pool's candidates can do, and for all purchases once `verified`."""

    def __init__(self, pool: Pool, orders: Orders) -> None:
        self.pool, self.orders = pool, orders
        # Charges move in weighed units, pulls in shares of a price: this puts their steps on one scale.
        mean = float(pool.cost[pool.item_start].mean()) if len(pool) else 1.0
        self._scale = 1e-3 / max(1.0, mean) ** 2

    def start(self) -> Prices:
        """Prices of nothing."""
        zeros = np.zeros(len(self.orders.opening))
        return Prices(np.zeros(self.pool.links), zeros, -np.inf, zeros)

    def carried(self, prices: Prices, old: Pool) -> Prices:
        """Prices found over an older pool, for this one."""
        charge = np.zeros(self.pool.links)
        for pair, link in old.link_of.items():
            charge[self.pool.link_of[pair]] = prices.charge[link]
        return replace(prices, charge=charge)

    def improve(self, prices: Prices, target: float, rounds: int) -> Prices:
        """Better prices by a deflected subgradient with Polyak's step towards `target`, a known total."""
        pool = self.pool
        charge, pull, best = prices.charge.copy(), prices.pull.copy(), replace(prices, bound=-np.inf)
        way_charge, way_pull = np.zeros_like(charge), np.zeros_like(pull)
        step, idle = 1.0, 0
        for _ in range(rounds):
            least, chosen = self._goods(charge, pull)
            bound, reduced, taken, threshold = self._suppliers(charge, pull)
            bound += float(least.sum())
            if bound > best.bound:
                idle = 0 if bound > best.bound + 1e-5 * abs(bound) else idle + 1
                best = Prices(charge.copy(), pull.copy(), bound, reduced)
            else:
                idle += 1
            if idle > _PATIENCE:
                step, idle = step * 0.6, 0
                charge, pull = best.charge.copy(), best.pull.copy()
                way_charge[:], way_pull[:] = 0, 0
                if step < _SMALLEST_STEP:
                    break
                continue
            entries = pool.entries_of(chosen)
            used = np.bincount(pool.entry_link[entries], minlength=pool.links)
            worth = np.bincount(pool.entry_supplier[entries], pool.entry_worth[entries], len(pull))
            to_charge = used - taken[pool.link_supplier].astype(np.float64)
            to_pull = threshold - worth
            to_charge[(charge <= 0) & (to_charge < 0)] = 0
            to_pull[(pull <= 0) & (to_pull < 0)] = 0
            way_charge = 0.7 * way_charge + to_charge
            way_pull = 0.7 * way_pull + to_pull
            length = float((way_charge**2).sum() + self._scale * (way_pull**2).sum())
            if length <= 0:
                break
            move = step * max(target - bound, 1e-6 * abs(target)) / length
            charge = np.maximum(0, charge + move * way_charge)
            pull = np.clip(pull + move * self._scale * way_pull, 0, 0.999 * self.orders.factor)
        return best

    def _goods(self, charge: Floats, pull: Floats) -> tuple[Floats, Ints]:
        """The least priced cost of each good over the pool, and the candidates that have it."""
        pool = self.pool
        priced = pool.entry_cost - pull[pool.entry_supplier] * pool.entry_worth + charge[pool.entry_link]
        cost = np.add.reduceat(priced, pool.start)
        least = np.minimum.reduceat(cost, pool.item_start)
        at_least = np.where(cost <= np.repeat(least, pool.item_size), np.arange(len(cost)), len(cost))
        return least, np.minimum.reduceat(at_least, pool.item_start)

    def _suppliers(self, charge: Floats, pull: Floats) -> tuple[float, Floats, Bools, Floats]:
        """The suppliers' part of the bound, what each would add, which are taken, and the value each must reach."""
        orders = self.orders
        received = np.bincount(self.pool.link_supplier, charge, len(pull))
        paid = orders.opening + pull * orders.minimum - received
        waived = np.full(len(pull), np.inf)
        can = np.isfinite(orders.free_from)
        waived[can] = (orders.opening - orders.saved + pull * np.where(can, orders.free_from, 0) - received)[can]
        reduced = np.minimum(paid, waived)
        taken = np.zeros(len(pull), dtype=bool)
        wanted = np.flatnonzero(reduced < 0)
        taken[wanted[np.argsort(reduced[wanted], kind="stable")[: orders.limit]]] = True
        threshold = np.where(taken, np.where(waived < paid, np.where(can, orders.free_from, 0), orders.minimum), 0)
        return float(reduced[taken].sum()), reduced, taken, threshold

    def verified(self, prices: Prices) -> Verified:
        """The bound at these prices over all purchases."""
        pool, tariff = self.pool, self.pool.tariff
        least, _ = self._goods(prices.charge, prices.pull)
        per_pack = tariff.per_pack - prices.pull[tariff.supplier] * tariff.worth
        suppliers = len(prices.pull)
        charge = np.zeros(len(tariff.item))
        for place, pair in enumerate((tariff.item * suppliers + tariff.supplier).tolist()):
            charge[place] = prices.charge[pool.link_of[pair]] if pair in pool.link_of else 0.0
        priced = price_goods(tariff, per_pack, charge, least)
        part, *_ = self._suppliers(prices.charge, prices.pull)
        # Costs are rounded to the minor unit line by line, freight by weight order by order: half a unit each.
        lines = np.unique(tariff.line[tariff.rounding > 0], return_index=True)[1]
        slack = float(tariff.rounding[tariff.rounding > 0][lines].sum())
        slack += 0.5 * tariff.market.unit * len({tier.supplier for tier in tariff.market.tiers if tier.haul})
        total = float(priced.least.sum()) + part
        regret = np.maximum(priced.regret, prices.reduced[tariff.supplier])
        return Verified(total - slack - 1e-10 * abs(total), priced.better, regret)
