# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people at the same moment, on both databases: nothing doubles, and whoever comes second is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from mutirao.kernel import audit, tenancy
from mutirao.kernel.errors import DomainError
from mutirao.kernel.models import AuditEntry
from mutirao.network.importing.operations import Imported
from mutirao.network.models import Enterprise, Network
from mutirao.network.operations import EnterpriseData, add_enterprise
from tests import factories
from tests.importing.bringing import Bringing

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "Nome;Forma;Cadeia\n" + "\n".join(f"Cooperativa {number};coop;mel" for number in range(60))


@pytest.fixture
def rede(transactional_db: None) -> Iterator[Network]:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("two at once want a database on disk: MUTIRAO_TEST_DB names the file")
    network = factories.network()
    with tenancy.activated(network):
        yield network


def together(network: Network, *acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread of its own, all let go at once; a refusal is an answer too."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            with tenancy.activated(network):
                gate.wait(20)
                answers[index] = act()
        except DomainError as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_who_confirm_the_same_sheet_at_once_bring_it_in_once(rede: Network) -> None:
    people = [Bringing("enterprises", rede, factories.actor(rede, "coordination")) for _ in range(2)]
    answers = together(rede, *(lambda person=person: person.bring(SHEET) for person in people))
    assert sorted(answers, key=lambda done: done.new) == [Imported(0, 0, 60), Imported(60, 0, 0)]
    assert Enterprise.objects.count() == 60
    assert AuditEntry.objects.filter(act="network.imported").count() == 1
    assert audit.check_chain(rede.pk) is None


def test_a_form_saved_while_a_sheet_comes_in_is_neither_doubled_nor_lost(rede: Network) -> None:
    importer = Bringing("enterprises", rede, factories.actor(rede, "coordination"))
    colleague = factories.actor(rede, "coordination")
    data = EnterpriseData(name="COOPERATIVA 59", legal_form="cooperative")
    answers = together(rede, lambda: importer.bring(SHEET), lambda: add_enterprise(rede, data, actor=colleague))
    assert Enterprise.objects.filter(folded="cooperativa 59").count() == 1
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert all(str(answer) for answer in refused)
    # Either the form came first, and the sheet found it there; or the sheet did, and the form is told so.
    assert isinstance(answers[0], Imported)
    assert Enterprise.objects.count() == 60
    assert (answers[0].new, len(refused)) in ((59, 0), (60, 1))
