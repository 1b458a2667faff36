# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said of a person leaves the trail; the chain holds, and nobody can use the way for anything else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests import factories

from mutirao.kernel import audit, erasing
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.work import operation, record

NAME, INSTEAD = "Dandara Nunes", "Pessoa removida nº 7"
WORDS = erasing.Words([NAME, "dandara@example.org"], INSTEAD)
PERSONAL = frozenset({"phone", "name"})


@operation
def note(subject: Any, *, actor: Actor, reason: str = "", **data: Any) -> None:
    record(actor, "test.noted", subject, reason=reason, **data)


@operation
def erase(person: Any, network: Any) -> int:
    sought = erasing.Sought(person.pk, WORDS, PERSONAL, "network.person")
    found = [(number, sequences) for number, sequences in erasing.entries_with(sought) if number == network.pk]
    leaves = sum(erasing.erase_from_entries(sought, number, sequences) for number, sequences in found)
    record(system(network.pk, why="Mutirão"), erasing.ERASED, network, leaves=leaves)
    return leaves


@pytest.fixture
def person(network: Any) -> Any:
    return factories.person(name=NAME, email="dandara@example.org")


@pytest.fixture
def trail(network: Any, person: Any, coordinator: Actor) -> Any:
    own = Actor(name=NAME, person_id=person.pk, network_id=network.pk)
    note(network, actor=own, reason="Combinado com DANDARA NUNES e Rosa", total_minor=1200, who=["Rosa", NAME])
    note(person, actor=coordinator, phone="77 9999", changes={"name": ["D. N.", NAME], "role": ["a", "b"]})
    note(network, actor=coordinator, reason="Dandara Nunesina é outra pessoa")
    return AuditEntry.objects.order_by("sequence")


def test_a_persons_words_are_gone_and_the_chain_holds(network: Any, person: Any, trail: Any) -> None:
    assert audit.check_chain(network.pk) is None
    assert erase(person, network) == 6
    first, second, third = trail[:3]
    assert first.actor_name == INSTEAD
    assert first.actor_person_id == person.pk  # the books still know that it was one and the same person
    assert first.reason == f"Combinado com {INSTEAD} e Rosa"
    assert first.data == {"total_minor": 1200, "who": ["Rosa", INSTEAD]}
    assert second.subject_label == INSTEAD
    assert second.data == {"phone": INSTEAD, "changes": {"name": [INSTEAD, INSTEAD], "role": ["a", "b"]}}
    assert third.reason == "Dandara Nunesina é outra pessoa"
    for entry in trail:
        assert NAME.lower() not in f"{entry.words()} {entry.salts} {entry.erased}".replace("Nunesina", "").lower()
    assert audit.check_chain(network.pk) is None
    assert erasing.check_erased(network.pk) is None


def test_a_seal_that_stays_gives_nothing_away(network: Any, person: Any, trail: Any) -> None:
    erase(person, network)
    entry = trail[0]
    assert "name" not in entry.salts
    assert entry.erased["name"]["seal"] != erasing.seal("", NAME)


def test_words_put_in_place_of_the_erased_cannot_be_changed_unseen(network: Any, person: Any, trail: Any) -> None:
    erase(person, network)
    rewritten = AuditEntry.objects.get(sequence=1)
    rewritten.reason, rewritten.erased = "Outra coisa", {**rewritten.erased, "x": {"seal": "", "now": "", "times": 0}}
    with transaction.atomic():
        rewritten.save(update_fields=["reason", "erased"])
    assert erasing.check_erased(network.pk) == 1


def test_a_leaf_erased_by_hand_is_one_more_than_is_on_record(network: Any, person: Any, trail: Any) -> None:
    erase(person, network)
    entry = AuditEntry.objects.get(sequence=3)
    held = {"seal": erasing.seal(entry.salts["reason"], entry.reason), "now": erasing.seal("", "Nada"), "times": 1}
    entry.reason, entry.erased = "Nada", {"reason": held}
    entry.save(update_fields=["reason", "erased"])
    assert audit.check_chain(network.pk) is None
    assert erasing.check_erased(network.pk) == 0


@pytest.mark.parametrize("column", ["actor_person_id", "act", "digest", "at", "subject_id"])
def test_erasing_is_no_way_to_change_what_is_no_word(network: Any, trail: Any, column: str) -> None:
    value = "'2020-01-01 00:00:00+00:00'" if column == "at" else "'999999'"
    erased = """'{"x": {}}'"""
    with (
        pytest.raises(IntegrityError, match="audit"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE kernel_auditentry SET {column} = {value}, erased = {erased} WHERE sequence = 1")


@pytest.mark.parametrize("column", ["actor_name", "subject_label", "reason"])
def test_a_changed_word_breaks_the_chain(network: Any, trail: Any, column: str) -> None:
    entry = trail[0]
    setattr(entry, column, "Outra")
    entry.erased = {"nothing": {"seal": "0", "now": "0", "times": 1}}
    entry.save(update_fields=[column, "erased"])
    found = audit.check_chain(network.pk)
    assert found is not None
    assert (found.sequence, found.problem) == (1, "altered")
