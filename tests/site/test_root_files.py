# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked for at the root without being told: by browsers for a file without a page, by search engines."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from django.test import Client


def test_browsers_find_a_picture_for_what_has_no_page(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.getvalue())).format == "ICO"


def test_search_engines_are_kept_out_of_what_is_a_networks_own(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.status_code == 200
    lines = answer.getvalue().decode().splitlines()
    assert {"User-agent: *", "Disallow: /rede/", "Disallow: /conta/"} <= set(lines)
    assert "Disallow: /" not in lines
