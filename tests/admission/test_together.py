# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two reviewers deciding at once, in real transactions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mutirao.admission import operations as do
from mutirao.admission.errors import AlreadyCertified, WrongState
from mutirao.admission.models import Application, Certificate
from mutirao.kernel import tenancy
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise, Network
from tests import factories
from tests.admission import makers
from tests.network.test_together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _real_database(transactional_db: None) -> None:
    """SQLite in memory locks whole tables between threads, which no installation does: a file, or PostgreSQL."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("two at once want a database on disk: MUTIRAO_TEST_DB names the file")


def test_three_votes_at_once_admit_once_and_certify_once() -> None:
    network = factories.network()
    coordinator = factories.actor(network, "coordination")
    with tenancy.activated(network):
        application, actors = makers.under_review(network, coordinator)
        for one in actors:
            makers.opine(application, one)
    works = [lambda one=one: do.vote(application, choice="yes", reason="Sim.", actor=one) for one in actors]
    ends = together(network, *works)
    assert sorted(type(end) for end in ends if end) == [WrongState]
    with tenancy.activated(network):
        assert Application.objects.get().state == "admitted"
        assert Enterprise.objects.count() == Certificate.objects.count() == 1
        assert AuditEntry.objects.filter(act="admission.admitted").count() == 1


def test_two_who_certify_one_founder_at_once_issue_one_certificate() -> None:
    network = factories.network()
    actors = [factories.actor(network, "coordination") for _ in range(2)]
    with tenancy.activated(network):
        row = factories.enterprise()
    ends = together(network, *[lambda one=one: do.issue_certificate(row, actor=one) for one in actors])
    assert sorted(str(type(end).__name__) for end in ends) == ["AlreadyCertified", "NoneType"]
    assert AlreadyCertified in {type(end) for end in ends}
    with tenancy.activated(network):
        assert Certificate.objects.count() == 1


def test_two_groups_that_ask_at_once_get_two_numbers() -> None:
    network = factories.network()
    start: list[Any] = [
        lambda name=name: do.start_application(
            Network.objects.get(pk=network.pk), makers.data(name=name), actor=makers.guest(network)
        )
        for name in ("Umas", "Outras")
    ]
    assert together(network, *start) == [None, None]
    with tenancy.activated(network):
        assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2]
