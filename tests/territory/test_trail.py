# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act that this module records has its words on the trail's page."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests import factories

from mutirao import territory
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import trail
from mutirao.territory import operations as do
from mutirao.territory.operations import CallData, LinkData, PartnerData


def test_every_recorded_act_is_described() -> None:
    folder = Path(territory.__file__).parent
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob("operations/*.py")))
    acts = {act for act in re.findall(r'"(territory\.[a-z_]+)"', source) if 'first_time("' + act not in source}
    assert len(acts) >= 10
    assert {act for act in acts if not trail.described(act)} == set()


def test_the_trail_speaks_no_codes(network: Any, coordinator: Actor) -> None:
    data = LinkData(quantity=Decimal(40), months=(12, 1))
    link = do.add_link(
        factories.enterprise(), product=factories.product(), direction="makes", data=data, actor=coordinator
    )
    assert link is not None
    do.edit_link(link, data=LinkData(quantity=Decimal(40), per="year"), actor=coordinator)
    partner = do.add_partner(network, PartnerData(name="Prefeitura", kind="city_hall"), actor=coordinator)
    assert partner is not None
    call = do.add_call(
        partner, CallData(number="1", title="x", closes_on=dt.date(2026, 12, 20), value_minor=5050), actor=coordinator
    )
    do.edit_call(
        call, CallData(number="1", title="x", closes_on=dt.date(2026, 12, 31), outcome="won"), actor=coordinator
    )
    told = [dict(trail.data_rows(entry)) for entry in AuditEntry.objects.filter(act__startswith="territory.")]
    said = {name: value.replace("\xa0", " ") for rows in told for name, value in rows.items()}
    assert said["o que é"] == "prefeitura ou órgão público"
    assert said["como está"] == "avaliando → ganhamos"
    do.finish_next_step(
        do.set_next_step(partner, what="2026-99-99", until=dt.date(2026, 12, 20), actor=coordinator),
        how="",
        actor=coordinator,
    )
    assert "2026-99-99" in str([trail.data_rows(entry) for entry in AuditEntry.objects.all()])
    words = str(told)
    for expected in ("dez a jan", "por mês → por ano", "dez a jan → o ano todo", "20/12/2026 → 31/12/2026", "→ –"):
        assert expected.lower() in words.lower()
    for code in ("month", "year", "city_hall", "makes", "watching", "2026-12"):
        assert code not in words
