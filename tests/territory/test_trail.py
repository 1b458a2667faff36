# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act that this module records has its words on the trail's page."""

from __future__ import annotations

import re
from pathlib import Path

from mutirao import territory
from mutirao.network import trail


def test_every_recorded_act_is_described() -> None:
    folder = Path(territory.__file__).parent
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob("operations/*.py")))
    acts = {act for act in re.findall(r'"(territory\.[a-z_]+)"', source) if 'first_time("' + act not in source}
    assert len(acts) >= 10
    assert {act for act in acts if not trail.described(act)} == set()
