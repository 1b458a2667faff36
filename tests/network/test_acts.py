# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only looks is known by its code: consultancies depend on it."""

from __future__ import annotations

from django.utils import translation

from mutirao.kernel import acts

LOOKING = ("Ver ", "Ler ")


def test_acts_that_only_look_say_so_in_code_and_words() -> None:
    with translation.override("pt-br"):
        differ = [act.code for act in acts.all_acts() if act.reads != str(act.label).startswith(LOOKING)]
    assert differ == []


def test_acts_about_others_rights_are_personal() -> None:
    personal = {act.code for act in acts.all_acts() if act.personal}
    assert personal >= {"network.grant_network_roles", "network.grant_enterprise_roles", "network.dismiss",
                        "network.protect_accounts"}  # fmt: skip
