# SPDX-License-Identifier: AGPL-3.0-or-later
"""The allocation of packs as JSON: quantities travel as decimal strings."""

from __future__ import annotations

from typing import Any

from mutirao.purchasing.core.allocation import Allocation, Need, Rule, allocate
from mutirao.purchasing.core.amounts import ZERO, plain
from mutirao.purchasing.core.reading import Node


def solve_allocation(document: Node) -> dict[str, Any]:
    """The answer to an allocation document. Raises: BadData when the document cannot be used."""
    fields = document.fields(("pack_size", "rule", "needs"), ("minimum_packs", "received"))
    needs = [_need(node) for node in fields["needs"].items()]
    seen: set[str] = set()
    for node, need in zip(fields["needs"].items(), needs, strict=True):
        if need.who in seen:
            node.refuse("named_twice", name=need.who)
        seen.add(need.who)
    allocation = allocate(
        fields["pack_size"].quantity(positive=True),
        Rule(fields["rule"].choice([rule.value for rule in Rule])),
        needs,
        minimum_packs=fields["minimum_packs"].whole() if "minimum_packs" in fields else 0,
        received=fields["received"].quantity() if "received" in fields else None,
    )
    return as_document(allocation)


def as_document(allocation: Allocation) -> dict[str, Any]:
    """The allocation in plain values for JSON."""
    return {
        "packs": allocation.packs,
        "ordered": plain(allocation.ordered),
        "missing": plain(allocation.missing),
        "leftover": plain(allocation.leftover),
        "shares": [
            {"who": share.who, "granted": plain(share.granted), "from_tolerance": plain(share.from_tolerance)}
            for share in allocation.shares
        ],
    }


def _need(node: Node) -> Need:
    fields = node.fields(("who", "quantity"), ("tolerance",))
    return Need(
        fields["who"].text(),
        fields["quantity"].quantity(),
        fields["tolerance"].quantity() if "tolerance" in fields else ZERO,
    )
