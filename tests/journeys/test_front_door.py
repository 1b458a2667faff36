# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first page, as anybody meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.journey


def welcomes(page: Page) -> None:
    expect(page.get_by_role("banner").get_by_role("link", name="Mutirão")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Entrar").first).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_front_door_opens_on_a_phone(
    phone_page: Page, check_accessible: Callable[[Page], None], shot: Callable
) -> None:
    phone_page.goto("/")
    welcomes(phone_page)
    assert fits(phone_page)
    check_accessible(phone_page)
    shot(phone_page, "phone")


def test_front_door_opens_on_a_desk_in_the_dark(
    open_page: Callable[..., Page], check_accessible: Callable, shot: Callable
) -> None:
    page = open_page(1280, 900, dark=True)
    page.goto("/")
    welcomes(page)
    assert fits(page)
    check_accessible(page)
    shot(page, "desk-dark")


def test_front_door_opens_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page(360, 740, javascript=False)
    page.goto("/")
    welcomes(page)
