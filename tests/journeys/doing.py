# SPDX-License-Identifier: AGPL-3.0-or-later
"""What journeys do all the time: find a field, press a button, sign in with the form, see whether the page fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from mutirao.network.models import Enterprise

PASSWORD = "farinha com rapadura"


def fits(page: Page) -> bool:
    """Whether nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def field(page: Page | Locator, name: str) -> Locator:
    """A text box by the beginning of its name."""
    return page.get_by_role("textbox", name=re.compile("^" + re.escape(name)))


def control(page: Page | Locator, name: str) -> Locator:
    """The button or link of exactly this name, the first where it stands twice."""
    exactly = re.compile(rf"^\s*{re.escape(name)}\s*$")
    return page.get_by_role("button", name=exactly).or_(page.get_by_role("link", name=exactly)).first


def press(page: Page | Locator, name: str) -> None:
    """Press the button or link of exactly this name."""
    control(page, name).click()


def coordinator_of(*enterprises: Enterprise, name: str = "Rosa Lima") -> Any:
    """A person who coordinates the enterprises and knows the PASSWORD."""
    person = factories.person(name=name, password=PASSWORD)
    for enterprise in enterprises:
        factories.role(person, "enterprise_coordinator", enterprise)
    return person


def enter(page: Page, person: Any) -> None:
    """Sign in with the form, as a person does."""
    page.goto("/conta/entrar/")
    field(page, "E-mail").fill(person.email)
    page.get_by_label(re.compile("^Senha")).fill(PASSWORD)
    press(page.locator("main"), "Entrar")
    expect(page.get_by_role("heading", level=1, name=re.compile("Olá"))).to_be_visible()
