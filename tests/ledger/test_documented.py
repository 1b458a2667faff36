# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worked tables of docs/algorithms/ledger.md, done again on the database."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

import pytest
from tests import factories
from tests.ledger import makers
from tests.purchasing.core.tables import rows

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.ledger import operations, queries
from mutirao.ledger.core.entries import COOPERATIVE, LegSpec, check_legs
from mutirao.ledger.models import Book, Period

DOCUMENT = "ledger.md"


@pytest.mark.parametrize("row", rows(DOCUMENT, "legs", "result"), ids=str)
def test_documented_entries(row: dict[str, str]) -> None:
    amounts = [int(amount) for amount in row["legs"].split(",") if amount.strip()]
    problem = check_legs([LegSpec("bank", amount, COOPERATIVE) for amount in amounts])
    said = "posted" if problem is None else problem.code
    if problem is not None and problem.difference_minor:
        said += f" {problem.difference_minor}"
    assert said == row["result"]


def test_documented_month(network: Any, book: Book, coordinator: Actor) -> None:
    partners = {name: factories.enterprise(name=name).pk for name in ("Mel", "Pão")}
    partners[""] = None
    by_memo = {}
    for (day, memo), lines in groupby(rows(DOCUMENT, "day", "what"), key=lambda row: (row["day"], row["what"])):
        own, date = list(lines), dt.date.fromisoformat(day)
        if own[0]["account"] == "reverses":
            entry = by_memo[own[0]["amount"]]
            operations.reverse_entry(entry, date=date, reason="em dobro", actor=coordinator)
            continue
        legs = [LegSpec(row["account"], int(row["amount"]), row["act"], partners[row["partner"]]) for row in own]
        by_memo[memo] = makers.posted(book, date=date, memo=memo, lines=legs)
    march = {"since": dt.date(2026, 3, 1), "upto": dt.date(2026, 3, 31)}
    balance = queries.trial_balance(book, actor=coordinator, **march)
    found = {row.purpose: row.figures for group in balance.groups for row in group.rows if row.figures.closing}
    documented = {
        row["balance of"]: tuple(int(row[name]) for name in ("opening", "cooperative", "non-cooperative", "closing"))
        for row in rows(DOCUMENT, "balance of", "opening")
    }
    calculated = {
        name: (each.opening, each.cooperative, each.non_cooperative, each.closing)
        for name, each in {**found, "total": balance.total}.items()
    }
    assert calculated == documented
    assert -balance.result.movement == 1800 - 1290
    stands = {partners[row["enterprise"]]: int(row["stands"]) for row in rows(DOCUMENT, "enterprise", "stands")}
    assert queries.standings([pk for pk in partners.values() if pk]) == stands
    assert sum(stands.values()) == sum(found[name].closing for name in ("receivable", "enterprise_credits"))


def test_documented_months(book: Book, accountant: Actor) -> None:
    makers.posted(book, date=dt.date(2026, 3, 1))
    makers.posted(book, date=dt.date(2026, 4, 1))
    with clock.at(dt.datetime(2026, 4, 10, 15, 0, tzinfo=dt.UTC)):
        for step, row in enumerate(rows(DOCUMENT, "act", "month", "result")):
            first = dt.date.fromisoformat(f"{row['month']}-01")
            try:
                if row["act"] == "post":
                    makers.posted(book, date=first + dt.timedelta(days=step))
                    said = "posted"
                else:
                    period = Period.objects.get(book=book, starts_on=first)
                    if row["act"] == "close":
                        operations.close_period(period, actor=accountant)
                        said = "closed"
                    else:
                        operations.reopen_period(period, reason="nota atrasada", actor=accountant)
                        said = "reopened"
            except DomainError as error:
                said = error.code
            assert said == row["result"], row
