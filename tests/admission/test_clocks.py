# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last day of a certificate lasts until midnight where the network is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mutirao.admission import operations as do
from mutirao.admission import queries
from mutirao.admission.models import Certificate
from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import system
from tests import factories


def certified(network: Any) -> Certificate:
    """Valid to 2 March 2028 there."""
    member = factories.enterprise(member_since=dt.date(2026, 1, 1))
    with clock.at(dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)), timezone.override(network.time_zone):
        return do.issue_certificate(member, actor=system(network.pk, why="Mutirão"))


@pytest.mark.parametrize(
    ("zone", "last_moment"),
    [
        ("Pacific/Honolulu", dt.datetime(2028, 3, 3, 9, 59, tzinfo=dt.UTC)),
        ("America/Sao_Paulo", dt.datetime(2028, 3, 3, 2, 59, tzinfo=dt.UTC)),
        ("Europe/Lisbon", dt.datetime(2028, 3, 2, 23, 59, tzinfo=dt.UTC)),
    ],
)
def test_the_check_page_and_the_task_go_by_the_networks_midnight(db: None, zone: str, last_moment: dt.datetime) -> None:
    network = factories.network(time_zone=zone)
    with tenancy.activated(network):
        certificate = certified(network)
        assert certificate.expires_on == dt.date(2028, 3, 2)
        with clock.at(last_moment):
            jobs.drain()
            assert queries.verify(certificate.code).state == "valid"
            assert "é membro da" in Client().get(f"/certificado/{certificate.code}/").content.decode()
        with clock.at(last_moment + dt.timedelta(minutes=1)):
            assert queries.verify(certificate.code).state == "expired"
        with clock.at(last_moment + dt.timedelta(hours=10)):
            jobs.drain()
        certificate.refresh_from_db()
        assert (certificate.state, certificate.ended_on) == ("expired", dt.date(2028, 3, 3))
