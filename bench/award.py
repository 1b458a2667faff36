# SPDX-License-Identifier: AGPL-3.0-or-later
"""The award against one plain model in which every enterprise's need is a row of its own, solved by HiGHS as it comes.

Both are given the same generated needs and quotes, each in a process of its own, one after the other, with the same
limits of time and memory. What either answers is priced again by the same rules before it is written down.

    .venv/bin/python bench/award.py                      # 20 × 50 × 8, 500 × 500 × 40, 5,000 × 2,000 × 100
    .venv/bin/python bench/award.py --sizes 20x50x8 --limit 60 --memory 8
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mutirao.purchasing.core.award.alone import buy_alone
from mutirao.purchasing.core.award.compare import best_single_supplier
from mutirao.purchasing.core.award.problem import AwardProblem, ItemNeed, PriceBreak, Quote, QuoteLine
from mutirao.purchasing.core.award.solve import award

SIZES = ("20x50x8", "500x500x40", "5000x2000x100")
ASKED = 0.1
"""The share of the goods that one enterprise needs (ten goods at least)."""
OFFERED = 0.5
"""The share of the goods that one supplier offers."""

Needs = dict[str, list[ItemNeed]]


def generate(enterprises: int, goods: int, suppliers: int, seed: int = 7) -> tuple[Needs, tuple[Quote, ...]]:
    """Whole-unit needs, and quotes with two or three price breaks, packs, minimums and freight."""
    chance = random.Random(seed)
    base = [chance.uniform(2, 60) for _ in range(goods)]
    count = min(goods, max(10, round(goods * ASKED)))
    needs = {
        f"e{e}": [ItemNeed(f"g{g}", Decimal(chance.randint(1, 30))) for g in sorted(chance.sample(range(goods), count))]
        for e in range(enterprises)
    }
    mean = enterprises * count / goods * 15.5
    quotes = []
    for s in range(suppliers):
        level = chance.uniform(0.92, 1.12)
        # The first two suppliers have everything, so that every need can be met by somebody.
        offered = range(goods) if s < 2 else sorted(chance.sample(range(goods), max(1, round(goods * OFFERED))))
        quotes.append(
            Quote(
                f"s{s}", tuple(_line(chance, g, base[g] * level, mean) for g in offered), **_terms(chance, goods, mean)
            )
        )
    return needs, tuple(quotes)


def _line(chance: random.Random, good: int, price: float, mean: float) -> QuoteLine:
    first = price * chance.uniform(0.9, 1.1)
    starts = [Decimal(0)] + [
        Decimal(round(mean * share) or 1) for share in (chance.uniform(0.3, 0.6), chance.uniform(0.7, 1.1))
    ]
    prices = [first, first * chance.uniform(0.92, 0.98), first * chance.uniform(0.85, 0.93)]
    breaks = {start: Decimal(f"{each:.2f}") for start, each in zip(starts, prices, strict=True)}
    return QuoteLine(
        f"g{good}", tuple(PriceBreak(start, each) for start, each in sorted(breaks.items())),
        pack_size=Decimal(chance.choice([1, 1, 5, 10, 12, 25])),
    )  # fmt: skip


def _terms(chance: random.Random, goods: int, mean: float) -> dict[str, int]:
    whole = goods * OFFERED * mean * 30 * 100  # minor units, about what half of the goods cost
    terms = {
        "minimum_order": round(whole * chance.uniform(0, 0.004)),
        "freight": round(whole * chance.uniform(0.0005, 0.004)),
    }
    if chance.random() < 0.5:
        terms["free_freight_from"] = round(whole * chance.uniform(0.002, 0.2))
    return terms


def together(needs: Needs) -> tuple[ItemNeed, ...]:
    """All needs of a good added up."""
    sums: dict[str, Decimal] = {}
    for own in needs.values():
        for need in own:
            sums[need.item] = sums.get(need.item, Decimal(0)) + need.quantity
    return tuple(ItemNeed(item, quantity) for item, quantity in sums.items())


# --- The two ways ---------------------------------------------------------------------------------------------------


def ours(needs: Needs, quotes: tuple[Quote, ...], limit: float) -> dict[str, Any]:
    result = award(AwardProblem(together(needs), quotes), time_limit=limit, clock=time.monotonic)
    return {"total": result.total if result.orders else None, "gap": result.gap, "status": str(result.status)}


def plain(needs: Needs, quotes: tuple[Quote, ...], limit: float) -> dict[str, Any]:
    """Columns: what each enterprise gets of each good from each price tier; packs and on/off of each tier, on/off of
    each supplier and of waived freight. Rows: each enterprise's need of each good, each tier's packs and limits, each
    supplier's minimum and freight."""
    import highspy  # noqa: PLC0415 - only this process needs it

    tiers = []  # (good, supplier, pack, lowest quantity, highest quantity, price in minor units)
    wanted = {need.item: float(need.quantity) for need in together(needs)}
    for s, quote in enumerate(quotes):
        for line in quote.lines:
            if line.item not in wanted:
                continue
            pack = float(line.pack_size)
            for place, step in enumerate(line.breaks):
                last = place + 1 == len(line.breaks)
                # Nothing past the need, one pack and the next price is ever worth buying, but for minimums: left roomy.
                most = max(3 * wanted[line.item], 2 * float(step.start)) + 2 * pack
                end = most if last else float(line.breaks[place + 1].start) - 1
                tiers.append((line.item, s, pack, float(step.start), end, float(step.unit_price) * 100))
    of_good: dict[str, list[int]] = {}
    for number, tier in enumerate(tiers):
        of_good.setdefault(tier[0], []).append(number)
    rows = [(need.item, float(need.quantity)) for own in needs.values() for need in own]
    columns = sum(len(of_good[item]) for item, _ in rows)
    size = {"rows": len(rows) + 3 * len(tiers) + 4 * len(quotes), "columns": columns + 2 * len(tiers) + 3 * len(quotes)}
    print(json.dumps(size), file=sys.stderr, flush=True)

    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", limit)
    model.setOptionValue("mip_rel_gap", 0.0)
    t, s_count = len(tiers), len(quotes)
    infinite = highspy.kHighsInf
    # Columns in this order: shares (columns), packs (t), tier on (t), supplier on (s), freight paid (s), waived (s).
    packs0, on0 = columns, columns + t
    open0 = on0 + t
    paid0, waived0 = open0 + s_count, open0 + 2 * s_count
    count = waived0 + s_count
    cost = np.zeros(count)
    upper = np.full(count, infinite)
    upper[on0:] = 1.0
    for number, (_, _, pack, _, _, price) in enumerate(tiers):
        cost[packs0 + number] = pack * price
    for s, quote in enumerate(quotes):
        cost[paid0 + s] = quote.freight
    empty_i, empty_d = np.array([], dtype=np.int32), np.array([], dtype=np.float64)
    model.addCols(count, cost, np.zeros(count), upper, 0, np.zeros(count, dtype=np.int32), empty_i, empty_d)
    whole = np.arange(packs0, count, dtype=np.int32)
    model.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))

    starts, index, value, lower, higher = [], [], [], [], []

    def row(entries: list[tuple[int, float]], low: float, high: float) -> None:
        starts.append(len(index))
        for column, coefficient in entries:
            index.append(column)
            value.append(coefficient)
        lower.append(low)
        higher.append(high)

    in_tier: list[list[int]] = [[] for _ in tiers]
    column = 0
    for item, quantity in rows:
        entries = []
        for number in of_good[item]:
            entries.append((column, 1.0))
            in_tier[number].append(column)
            column += 1
        row(entries, quantity, infinite)
    for number, (_, s, pack, low, high, _) in enumerate(tiers):
        row([(each, 1.0) for each in in_tier[number]] + [(packs0 + number, -pack)], -infinite, 0.0)
        row([(packs0 + number, pack), (on0 + number, -high)], -infinite, 0.0)
        row([(packs0 + number, pack), (on0 + number, -low)], 0.0, infinite)
        row([(on0 + number, 1.0), (open0 + s, -1.0)], -infinite, 0.0)
    one_tier: dict[tuple[str, int], list[int]] = {}
    for number, tier in enumerate(tiers):
        one_tier.setdefault((tier[0], tier[1]), []).append(number)
    for numbers in one_tier.values():
        row([(on0 + number, 1.0) for number in numbers], -infinite, 1.0)
    for s, quote in enumerate(quotes):
        worth = [(packs0 + n, tier[2] * tier[5]) for n, tier in enumerate(tiers) if tier[1] == s]
        row([*worth, (open0 + s, -float(quote.minimum_order))], 0.0, infinite)
        row([(paid0 + s, 1.0), (waived0 + s, 1.0), (open0 + s, -1.0)], 0.0, infinite)
        if quote.free_freight_from is None:
            row([(waived0 + s, 1.0)], 0.0, 0.0)
        else:
            row([*worth, (waived0 + s, -float(quote.free_freight_from))], 0.0, infinite)
    starts_array = np.array(starts, dtype=np.int32)
    model.addRows(
        len(lower), np.array(lower), np.array(higher), len(index), starts_array,
        np.array(index, dtype=np.int32), np.array(value, dtype=np.float64),
    )  # fmt: skip
    model.run()
    info = model.getInfo()
    if info.primal_solution_status != 2:
        return {"total": None, "gap": None, "status": "nothing found", **size}
    status = "optimal" if model.getModelStatus() == highspy.HighsModelStatus.kOptimal else "feasible"
    return {"total": round(info.objective_function_value), "gap": info.mip_gap, "status": status, **size}


def single(needs: Needs, quotes: tuple[Quote, ...], limit: float) -> dict[str, Any]:
    found = best_single_supplier(AwardProblem(together(needs), quotes), time_limit=limit, clock=time.monotonic)
    return {
        "total": found.result.total if found else None,
        "gap": None,
        "status": "complete" if found and found.complete else "partial",
    }


def alone(needs: Needs, quotes: tuple[Quote, ...], limit: float) -> dict[str, Any]:
    results = buy_alone(quotes, needs, time_limit=limit, clock=time.monotonic)
    possible = [result for result in results.values() if result.orders]
    total = sum(result.total for result in possible)
    above = sum(float(result.gap or 0) * result.total for result in possible)
    proved = sum(result.gap == 0 for result in possible)
    return {"total": total, "gap": above / total if total else None, "status": f"{proved} of {len(results)} proved"}


WAYS = {"ours": ours, "plain": plain, "single": single, "alone": alone}


# --- One process a measurement --------------------------------------------------------------------------------------


def child(way: str, size: tuple[int, int, int], limit: float) -> None:
    needs, quotes = generate(*size)
    before, started, idle = os.times(), time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = WAYS[way](needs, quotes, limit)
    after = os.times()
    answer |= {
        "seconds": time.perf_counter() - started,
        "cpu": after.user + after.system - before.user - before.system,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024,
    }
    print(json.dumps(answer))


def measure(way: str, size: str, limit: float, memory: float) -> dict[str, Any]:
    """One way on one size in a process of its own; what stopped it where it was stopped."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory * 2**30),) * 2)

    command = [sys.executable, __file__, "--child", way, "--sizes", size, "--limit", str(limit)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit * 3 + 120, preexec_fn=bounded, check=False
        )
    except subprocess.TimeoutExpired:
        return {"status": f"stopped after {limit * 3 + 120:.0f} s"}
    if done.returncode:
        full = done.returncode < 0 or any(word in done.stderr for word in ("MemoryError", "bad_alloc"))
        said = "memory used up" if full else done.stderr.strip()[-200:]
        sizes = next((json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")), {})
        return {"status": said, **sizes}
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="ENTERPRISESxGOODSxSUPPLIERS")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds given to each solver")
    parser.add_argument("--memory", type=float, default=10.0, help="GiB of address space given to each process")
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        enterprises, goods, suppliers = (int(part) for part in options.sizes[0].split("x"))
        child(options.child, (enterprises, goods, suppliers), options.limit)
        return
    print(f"Limits: {options.limit:g} s of solving, {options.memory:g} GiB of address space.\n")
    print("| size | way | answer | cost against ours | gap | s | CPU s | against ours | MB more |")
    print("|---|---|---|---|---|---|---|---|---|")
    for size in options.sizes:
        first: dict[str, Any] = {}
        for way in options.ways:
            got = measure(way, size, options.limit, options.memory)
            first = first or got
            print(_line_of(size, way, got, first), flush=True)


def _line_of(size: str, way: str, got: dict[str, Any], ours_: dict[str, Any]) -> str:
    def ratio(name: str) -> str:
        return f"{got[name] / ours_[name]:.4g}" if got.get(name) and ours_.get(name) else "–"

    model = f" ({got['rows']:,} rows, {got['columns']:,} columns)" if "rows" in got else ""
    gap = f"{got['gap']:.3%}" if got.get("gap") is not None else "–"
    figures = [f"{got[name]:.1f}" if name in got else "–" for name in ("seconds", "cpu")]
    more = f"{got['megabytes']:.0f}" if "megabytes" in got else "–"
    cells = [size, way, got["status"] + model, ratio("total"), gap, *figures, ratio("cpu"), more]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
