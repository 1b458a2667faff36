# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rule: whatever leads to a person is declared, with what becomes of it when they ask to be forgotten."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from mutirao.network import personal
from mutirao.network.models import Person


def leading_to_people() -> set[tuple[str, str]]:
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            leads = field.is_relation and field.concrete and field.related_model is Person
            if leads or isinstance(field, models.EmailField):
                found.add((model._meta.label, field.name))
    return found


def test_whatever_leads_to_a_person_is_declared() -> None:
    missing = leading_to_people() - {(one.label, one.column) for one in personal.declared()}
    assert missing == set(), "declare them: see mutirao/network/personal.py"


def test_blanked_columns_exist() -> None:
    for one in personal.declared():
        if one.blank and one.label != "network.Person":
            try:
                model = apps.get_model(one.label)
            except LookupError:
                continue
            assert set(one.blank) <= {field.name for field in model._meta.concrete_fields}, one.label


def test_what_is_kept_says_why() -> None:
    assert all(one.why for one in personal.declared() if one.erase == personal.KEEP)
    with pytest.raises(ValueError, match="says why"):
        personal.declare("x.Y", "z")
