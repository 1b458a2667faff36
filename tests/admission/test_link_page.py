# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the private link, when a group sends its request too early (N4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from mutirao.admission.models import Application
from tests.admission import makers

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_sent_too_early_the_page_stays_and_names_everything_that_is_missing(network: Any, client: Client) -> None:
    group = makers.started(network, activity="", member_count=None)
    answer = client.post(reverse("admission_link_submit", kwargs={"token": group.token}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<li>o que o grupo faz</li>" in page
    assert "<li>quantas pessoas participam</li>" in page
    for item in group.application.items.filter(is_required=True):
        assert f"<li>“{item.title}”</li>" in page
    assert "Mudar os dados" in page
    group.application.refresh_from_db()
    assert group.application.state == Application.State.DRAFT
