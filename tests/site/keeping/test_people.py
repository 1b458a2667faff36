# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person sees, takes along and has erased what is kept about them; the books and the trail go on holding."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils.text import camel_case_to_spaces
from tests import factories

from mutirao.kernel import audit, clock, erasing, jobs
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry, Job
from mutirao.kernel.work import operation, record
from mutirao.network import personal, roles
from mutirao.network.models import Contact, Person, RoleAssignment, StandingChange
from mutirao.site.keeping import erasure, people, words

NAME = "Dandara Nunes dos Anjos"


@operation
def note(subject: Any, *, actor: Actor, **data: Any) -> None:
    record(actor, "test.noted", subject, **data)


@pytest.fixture
def person(network: Any) -> Person:
    made = factories.person(name=NAME, email="dandara@example.org")
    made.phone = "77 99999-1234"
    made.save()
    RoleAssignment.objects.create(person=made, role=roles.TREASURY)
    note(network, actor=Actor(name=NAME, person_id=made.pk, network_id=network.pk), who=NAME)
    Contact.objects.create(enterprise=factories.enterprise(), name=NAME, email="Dandara@example.org", phone="77")
    return made


def himself(person: Person) -> Actor:
    return Actor(name=person.name, person_id=person.pk)


def test_a_person_takes_everything_along(person: Person) -> None:
    with zipfile.ZipFile(io.BytesIO(people.file_about(person))) as archive:
        told = json.loads(archive.read("dados.json"))
        page = archive.read("dados.html").decode()
    assert told["data"]["network.Person"][0]["email"] == "dandara@example.org"
    assert told["data"]["network.RoleAssignment"][0]["role"] == {"id": "treasury", "name": "Tesouraria"}
    assert told["data"]["network.Contact"][0]["phone"] == "77"
    assert any(row["act"] == "test.noted" for row in told["data"]["kernel.AuditEntry"])
    assert not {"password", "session_key", "token"} & {name for rows in told["data"].values() for name in rows[0]}
    assert NAME in page


def test_nothing_about_a_person_is_called_as_in_the_code() -> None:
    bare = set()
    for label in {one.label for one in personal.declared() if one.export}:
        model = apps.get_model(label)
        if words.title(model) == camel_case_to_spaces(model.__name__):
            bare.add(label)
        bare |= {
            f"{label}.{field.name}"
            for field in people.told_of(model)
            if words.column(field) == field.name.replace("_", " ")
        }
    assert bare == set()


def test_codes_are_told_in_words(person: Person) -> None:
    enterprise = factories.enterprise(standing="candidate")
    StandingChange.objects.create(enterprise=enterprise, before="candidate", after="member", by=person)
    factories.role(person, roles.CONSULTANT, scope="ledger")
    told = {section.label: list(section.shown())[-1] for section in people.sections_about(person)}
    assert {"candidato", "membro"} <= set(told["network.StandingChange"])
    assert {"Consultoria", "Livros"} <= set(told["network.RoleAssignment"])


def test_what_is_said_of_others_is_not_told(person: Person, network: Any, coordinator: Actor) -> None:
    other = factories.person(name="Outra Pessoa", email="outra@example.org")
    assert "outra@example.org" not in json.dumps([s.rows for s in people.sections_about(person)], default=str)
    assert NAME not in json.dumps([s.rows for s in people.sections_about(other)], default=str)


def test_a_forgotten_person_is_a_number_and_the_trail_holds(person: Person, network: Any) -> None:
    erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")
    person.refresh_from_db()
    assert person.name == f"Pessoa removida nº {person.pk}"
    assert (person.phone, person.is_active, person.has_usable_password()) == ("", False, False)
    assert not Contact.objects.exists()
    assert RoleAssignment.objects.get(person=person).until == clock.today()
    everything = "".join(f"{row.words()} {row.salts}" for row in AuditEntry.objects.all())
    assert NAME not in everything
    assert "dandara@example.org" not in everything
    assert AuditEntry.objects.filter(actor_person_id=person.pk).exists()
    for network_id in set(AuditEntry.objects.values_list("network_id", flat=True)):
        assert audit.check_chain(network_id) is None
        assert erasing.check_erased(network_id) is None
    with pytest.raises(erasure.GoneAlready):
        erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")


class Killed(BaseException):
    """What ends a process does not ask to be caught."""


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_erasure_that_was_stopped_leaves_nobody_half_and_is_ended(
    person: Person, network: Any, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    for _ in range(5):
        note(network, actor=Actor(name=NAME, person_id=person.pk, network_id=network.pk), who=NAME)
    monkeypatch.setattr(erasing, "_AT_ONCE", 2)
    monkeypatch.setattr(erasure, "_erase_entries", stopped_after(erasure._erase_entries, after))
    with pytest.raises(Killed):
        erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")
    # To everybody who looks, the person is gone; what the trail still says is sought by a job, and it still holds.
    person.refresh_from_db()
    assert (person.name, person.is_active) == (f"Pessoa removida nº {person.pk}", False)
    assert NAME in "".join(f"{row.words()}" for row in AuditEntry.objects.all())
    assert whole()
    monkeypatch.undo()
    jobs.drain()  # whoever began it may still be at it
    assert NAME in "".join(f"{row.words()}" for row in AuditEntry.objects.all())
    with clock.at(noon + dt.timedelta(minutes=11)):
        jobs.drain()
    assert NAME not in "".join(f"{row.words()} {row.salts}" for row in AuditEntry.objects.all())
    assert NAME not in json.dumps(list(Job.objects.values_list("arguments", "result", "last_error")))
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    assert whole()
    with pytest.raises(erasure.GoneAlready):
        erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")


def test_an_erasure_that_was_stopped_is_ended_by_asking_again(
    person: Person, network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_erase_entries", stopped_after(erasure._erase_entries, 0))
    with pytest.raises(Killed):
        erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")
    monkeypatch.undo()
    person.refresh_from_db()
    counts = erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")
    assert counts[network.pk] > 0
    assert NAME not in "".join(f"{row.words()} {row.salts}" for row in AuditEntry.objects.all())
    assert whole()


def stopped_after(function: Any, times: int) -> Any:
    left = [times]

    def stopped(*arguments: Any, **named: Any) -> Any:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return function(*arguments, **named)

    return stopped


def whole() -> bool:
    numbers = set(AuditEntry.objects.values_list("network_id", flat=True))
    return all(audit.check_chain(number) is None and erasing.check_erased(number) is None for number in numbers)


def test_nobody_erases_another(person: Person, coordinator: Actor) -> None:
    with pytest.raises(NotAllowed):
        erasure.ask(person, actor=coordinator)
    with pytest.raises(NotAllowed):
        erasure.erase_person(person, actor=coordinator, asked_by="operator")


def test_the_last_of_the_coordination_is_not_forgotten(person: Person, network: Any) -> None:
    RoleAssignment.objects.create(person=person, role=roles.COORDINATION)
    with pytest.raises(erasure.NotYet, match="passe antes o papel"):
        erasure.ask(person, actor=himself(person))
    with pytest.raises(erasure.NotYet):
        erasure.erase_person(person, actor=system(None, why="Mutirão"), asked_by="operator")
    other = factories.person(name="Outra Pessoa", email="outra@example.org")
    RoleAssignment.objects.create(person=other, role=roles.COORDINATION)
    erasure.ask(person, actor=himself(person))


def test_a_request_waits_and_can_be_taken_back(person: Person) -> None:
    erasure.ask(person, actor=himself(person))
    with pytest.raises(erasure.AskedAlready):
        erasure.ask(person, actor=himself(person))
    jobs.drain()
    person.refresh_from_db()
    assert person.name == NAME
    erasure.take_back(person, actor=himself(person))
    assert erasure.request_of(person) is None


def test_the_request_is_done_on_its_day(person: Person) -> None:
    job = erasure.ask(person, actor=himself(person))
    assert NAME not in json.dumps(job.arguments)
    with clock.at(clock.now() + dt.timedelta(days=erasure.waiting_days(), minutes=1)):
        jobs.drain()
    person.refresh_from_db()
    assert not person.is_active
    assert Job.objects.get(pk=job.pk).result == {"erased": True}


def test_the_page_shows_takes_and_asks(person: Person, client: Client) -> None:
    client.force_login(person)
    page = client.get("/conta/privacidade/")
    assert page.status_code == 200
    assert "apéis que você tem ou teve" in page.content.decode()
    taken = client.post("/conta/privacidade/arquivo/")
    assert taken["Content-Type"] == "application/zip"
    assert client.get("/conta/privacidade/arquivo/").status_code == 405
    assert client.post("/conta/privacidade/apagar/", {"word": "sim"}).status_code == 422
    assert erasure.request_of(person) is None
    assert client.post("/conta/privacidade/apagar/", {"word": "Apagar "}).status_code == 302
    assert erasure.request_of(person) is not None
    assert "Voltar atrás" in client.get("/conta/privacidade/").content.decode()
    client.post("/conta/privacidade/guardar/")
    assert erasure.request_of(person) is None


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/conta/privacidade/").status_code == 302
    assert client.post("/conta/privacidade/apagar/", {"word": "apagar"}).status_code == 302
