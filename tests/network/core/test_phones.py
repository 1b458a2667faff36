# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone numbers, kept alike and shown as people of the place write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutirao.network.core import phones


@pytest.mark.parametrize(
    ("typed", "country", "kept", "at_home", "abroad"),
    [
        ("(12) 99999-0000", "BR", "+5512999990000", "(12) 99999-0000", "+55 12 99999-0000"),
        ("0 16 3333 0000", "BR", "+551633330000", "(16) 3333-0000", "+55 16 3333-0000"),
        ("06 12 34 56 78", "FR", "+33612345678", "06 12 34 56 78", "+33 6 12 34 56 78"),
        ("11 15-1234-5678", "AR", "+5491112345678", "011 15-1234-5678", "+54 9 11 1234-5678"),
        ("912 345 678", "ES", "+34912345678", "912 34 56 78", "+34 912 34 56 78"),
    ],
)
def test_numbers_are_kept_alike_and_shown_as_there(
    typed: str, country: str, kept: str, at_home: str, abroad: str
) -> None:
    assert phones.read_phone(typed, country) == kept
    assert phones.shown(kept, country) == at_home
    assert phones.shown(kept, "US") == abroad
    assert phones.read_phone(at_home, country) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("99999-0000", "area_code"),
        ("190", "area_code"),
        ("(16) 3333-0000 / 99999-1111", "several"),
        ("a combinar", "phone"),
    ],
)
def test_what_is_no_whole_number_is_refused_and_said_why(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        phones.read_phone(typed, "BR")
    assert phones.kept(typed, "BR") == typed


def test_only_mobiles_get_messages() -> None:
    assert phones.message_address("+5512999990000") == "https://wa.me/5512999990000"
    assert phones.message_address("+551633330000") == ""
    assert phones.message_address("ramal 12") == ""


@given(text=st.text(max_size=40), country=st.sampled_from(["BR", "FR", "AR", "XX"]))
def test_whatever_is_typed_is_read_or_refused(text: str, country: str) -> None:
    try:
        kept = phones.read_phone(text, country)
    except ValueError as refusal:
        why = str(refusal)
    else:
        why = ""
        assert kept == "" or phones.read_phone(kept, country) == kept
        assert len(kept) <= 30
    assert why in ("", "area_code", "several", "phone")
    phones.shown(phones.kept(text, country), country)
