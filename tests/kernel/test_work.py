# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import app_role, factories

from mutirao.kernel import audit, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.work import operation, record
from mutirao.network import permissions
from mutirao.network.models import Enterprise


@operation
def rename(enterprise: Enterprise, *, name: str, actor: Actor, fail: bool = False) -> None:
    actor.require(permissions.EDIT_ENTERPRISE, enterprise)
    enterprise.name = name
    enterprise.save(update_fields=["name"])
    record(actor, "test.renamed", enterprise, name=name)
    if fail:
        raise ValueError("after the record")


def test_operation_records_who_did_what(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    rename(enterprise, name="Mãos da Terra", actor=coordinator)
    entry = AuditEntry.objects.get(network_id=network.pk)
    assert (entry.sequence, entry.act, entry.actor_person_id) == (1, "test.renamed", coordinator.person_id)
    assert entry.data == {"name": "Mãos da Terra", "acting_as": "coordination"}
    assert audit.check_chain(network.pk) is None


def test_failed_operation_leaves_no_row_and_no_record(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise(name="Antes")
    with pytest.raises(ValueError, match="after the record"):
        rename(enterprise, name="Depois", actor=coordinator, fail=True)
    assert Enterprise.objects.get().name == "Antes"
    assert not AuditEntry.objects.exists()


def test_failed_inner_operation_is_not_recorded(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()

    @operation
    def outer(*, actor: Actor) -> None:
        rename(enterprise, name="Um", actor=actor)
        with pytest.raises(ValueError, match="after"):
            rename(enterprise, name="Dois", actor=actor, fail=True)

    outer(actor=coordinator)
    assert [entry.data["name"] for entry in AuditEntry.objects.all()] == ["Um"]


def test_only_what_lets_something_happen_names_the_role_and_a_question_does_not(
    network: Any, coordinator: Actor
) -> None:
    enterprise = factories.enterprise()

    @operation
    def note(asks: Callable[..., bool], *, actor: Actor) -> None:
        assert asks(permissions.EDIT_ENTERPRISE, enterprise)
        record(actor, "test.noted", enterprise)

    note(coordinator.can, actor=coordinator)
    note(coordinator.acts_by, actor=coordinator)
    assert [entry.data for entry in AuditEntry.objects.all()] == [{}, {"acting_as": "coordination"}]
    nobody = factories.actor(network, "training")
    assert not nobody.acts_by(permissions.EDIT_ENTERPRISE, enterprise)


def test_operation_refuses_who_may_not(network: Any) -> None:
    enterprise = factories.enterprise()
    with pytest.raises(NotAllowed):
        rename(enterprise, name="X", actor=factories.actor(network, "council"))


def test_actor_of_another_network_is_refused(network: Any) -> None:
    enterprise = factories.enterprise()
    stranger = factories.actor(factories.network(), "coordination")
    with pytest.raises(NotAllowed):
        rename(enterprise, name="X", actor=stranger)


def test_rows_are_not_read_without_a_network(network: Any) -> None:
    factories.enterprise()
    other = factories.network()
    with tenancy.activated(other):
        assert not Enterprise.objects.exists()
    with tenancy.unscoped("test"):
        assert Enterprise.objects.count() == 1


def test_the_chain_is_lengthened_with_one_look_at_its_head(network: Any, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    rename(enterprise, name="Um", actor=coordinator)
    with CaptureQueriesContext(connection) as seen:
        rename(enterprise, name="Dois", actor=coordinator)
    asked = [app_role.plain(query["sql"]) for query in seen]
    looks = [sql for sql in asked if sql.startswith("SELECT") and "kernel_audithead" in sql]
    assert len(looks) == 1
    assert audit.check_chain(network.pk) is None
