# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a figure or a line of the trail came from has a name and a page: walked after a whole round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.governance.models import Motion
from mutirao.kernel import sources
from mutirao.kernel.models import AuditEntry
from mutirao.ledger.models import Entry
from mutirao.network import trail
from mutirao.network.views.audit import _subject_url
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill, Charge, CreditMovement
from mutirao.purchasing.operations import sharing

OF_A_PURCHASE = {
    "payments.bill", "payments.charge", "payments.credit", "payments.payment", "purchasing.order", "purchasing.round",
}  # fmt: skip
WITH_SOURCES = (Bill, Charge, CreditMovement, Entry, Motion)


def whole_round(network: Any, team: Any) -> Story:
    """A round to the last payment, and besides it a charge, a credit, its refund and a bill of no round."""
    story = Story(network, team)
    story.receive()
    sharing.charge_round(story.round, actor=team)
    treasurer = factories.actor(network, "treasury")
    today = Charge.objects.earliest("pk").issued_on
    for charge in Charge.objects.all():
        payments.record_payment(
            charge.enterprise, amount_minor=charge.amount_minor, received_on=today, method="pix", charge=charge,
            actor=treasurer,
        )  # fmt: skip
    bill = Bill.objects.get()
    payments.pay_bill(bill, amount_minor=bill.amount_minor, paid_on=today, method="pix", actor=treasurer)
    payments.issue_charge(
        story.first, amount_minor=700, title="Mensalidade", due_on=today + dt.timedelta(days=5), actor=treasurer
    )
    payments.grant_credit(story.first, amount_minor=500, reason="Devolveu caixas", actor=treasurer)
    payments.refund_credit(
        story.first, amount_minor=200, paid_on=today, method="cash", reason="Pediu de volta", actor=treasurer
    )
    payments.register_bill(
        factories.supplier(), amount_minor=900, title="Energia", due_on=today, document="", actor=treasurer
    )
    return story


def stored_sources() -> Iterator[tuple[str, int]]:
    for model in WITH_SOURCES:
        rows = model.objects.exclude(source_id=None).values_list("source_kind", "source_id").distinct()
        yield from rows.order_by("source_kind", "source_id")


def test_everything_an_entry_or_a_motion_came_from_has_words_and_a_page(
    client: Client, network: Any, coordinator: Any
) -> None:
    whole_round(network, coordinator)
    make.signed_in(client, "coordination")
    found = set(stored_sources())
    assert {kind for kind, _pk in found} == OF_A_PURCHASE
    links = sources.describe(found, slug=network.slug)
    assert set(links) == found
    for (kind, pk), link in links.items():
        assert link.label != f"{kind} {pk}", kind
        assert client.get(link.url).status_code == 200, (kind, link)


def test_many_sources_are_named_in_one_query_a_kind(
    network: Any, coordinator: Any, django_assert_num_queries: Any
) -> None:
    whole_round(network, coordinator)
    found = set(stored_sources())
    kinds = {kind for kind, _pk in found}
    assert len(found) > len(kinds)
    with django_assert_num_queries(len(kinds)):
        sources.describe(found, slug=network.slug)


NO_PAGE = {"network.roleassignment", "network.invitation", "network.territory", "network.valuechain"}
"""Subjects of the trail that are seen only inside others."""


@pytest.mark.usefixtures("noon")
def test_every_subject_of_the_trail_has_words_and_a_page(
    client: Client, network: Any, coordinator: Any, rf: Any
) -> None:
    whole_round(network, coordinator)
    make.signed_in(client, "coordination")
    request = rf.get("/")
    request.network = network
    seen = set()
    for entry in AuditEntry.objects.order_by("sequence"):
        subject = trail.subject_of(entry.subject_kind)
        seen.add(entry.subject_kind)
        assert str(subject.label) != entry.subject_kind
        assert trail.described(entry.act), entry.act
        if entry.subject_kind not in NO_PAGE:
            url = _subject_url(request, subject, entry)
            assert url, entry.subject_kind
            assert client.get(url).status_code == 200, (entry.subject_kind, url)
    assert {"purchasing.quote", "purchasing.participation", "ledger.entry", "payments.bill"} <= seen
