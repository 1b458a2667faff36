# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of the example's surroundings fit its enterprises, goods and places."""

from __future__ import annotations

from mutirao.site.example import around, data
from mutirao.site.example.remembering import DRAWINGS


def test_tables_name_only_what_there_is() -> None:
    enterprises = {one.name for one in data.ENTERPRISES}
    goods = {row[0] for row in (*data.PRODUCTS, *around.GOODS)}
    partners = {row[0] for row in around.PARTNERS}
    assert set(around.MAKES) == enterprises
    assert set(around.USES) <= enterprises
    assert {row[0] for rows in (*around.MAKES.values(), *around.USES.values()) for row in rows} <= goods
    assert {name for row in around.PARTNERS for name in (*row[4],)} <= enterprises
    assert {name for row in around.PARTNERS for name in (*row[5],)} <= goods
    named = [*around.PARTNER_PEOPLE, *around.AGREEMENTS, *around.MEETINGS]
    named += [row[0] for row in (*around.NEXT_STEPS, *around.CALLS)]
    assert set(named) <= partners
    assert {row[3] for row in around.MOMENTS} - {""} <= enterprises
    assert {row[6] for row in around.MOMENTS} - {""} == set(DRAWINGS) == set(around.PICTURES)
    assert len(goods) == len(data.PRODUCTS) + len(around.GOODS)
