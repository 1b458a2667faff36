# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act that this module records has its words on the trail's page."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from tests import factories

from mutirao import memory
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.memory import operations as do
from mutirao.memory.operations import ConsentData, MomentData
from mutirao.network import trail


def test_every_recorded_act_is_described() -> None:
    folder = Path(memory.__file__).parent
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob("operations*")))
    acts = {act for act in re.findall(r'"(memory\.[a-z_]+)"', source) if 'first_time("' + act not in source}
    assert len(acts) >= 10
    assert {act for act in acts if not trail.described(act)} == set()


def test_the_trail_speaks_no_codes(network: Any, coordinator: Actor) -> None:
    data = MomentData(title="A ocupação", kind="struggle", day=dt.date(2004, 8, 7))
    moment = do.write_moment(network, data, actor=coordinator)
    assert moment is not None
    do.edit_moment(
        moment, MomentData(title="Outro", kind="feast", day=dt.date(2004, 1, 1), precision="year"), actor=coordinator
    )
    leave = ConsentData(how="paper", given_on=clock.today(), scope="booklet")
    shown = do.name_person(moment, name="Zefa", actor=coordinator)
    do.record_consent(shown, leave, actor=coordinator)
    told = str([trail.data_rows(entry) for entry in AuditEntry.objects.filter(act__startswith="memory.")])
    for words in ("luta", "quando, o que foi, título", "assinou um papel", "na rede e no livreto"):
        assert words in told
    for code in ("struggle", "title", "precision", "paper", "booklet"):
        assert code not in told


def test_the_trail_says_in_which_role_a_story_is_told(network: Any) -> None:
    """Also where one of several rights is enough."""
    bakery = factories.enterprise()
    speaker = factories.actor(network, "enterprise_coordinator", bakery)
    data = MomentData(title="A ocupação", kind="struggle", day=dt.date(2004, 8, 7), enterprise=bakery)
    moment = do.write_moment(network, data, actor=speaker)
    assert moment is not None
    shown = do.name_person(moment, name="Zefa", actor=speaker)
    do.withdraw_consent(shown, actor=speaker)
    told = AuditEntry.objects.filter(act__startswith="memory.")
    assert {trail.by_whom(entry) for entry in told} == {"como Coordenação do empreendimento"}
    assert told.count() >= 3
