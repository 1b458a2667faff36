# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs that a program sends: what the phone's list may do, it may; what that is refused, it is refused, in the same
words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.purchasing import factories as buying
from tests.site.api.asking import Program, program_of, secret_of, with_role

from mutirao.kernel import clock
from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Enterprise
from mutirao.purchasing.models import Need, Participation
from mutirao.site.api.problems import CONTENT_TYPE

pytestmark = pytest.mark.usefixtures("noon")


class Table:
    """A round with one enterprise in it, and who speaks for that."""

    def __init__(self, network: Any, coordinator: Any) -> None:
        self.network, self.coordinator = network, coordinator
        self.group = factories.enterprise(name="Mãos da Terra")
        self.round = buying.open_round(
            network, coordinator, products=[factories.product(name="Farinha"), factories.product(unit="un")]
        )
        self.flour, self.bags = buying.goods(self.round)
        self.program = program_of("enterprise_coordinator", self.group)
        self.path = f"/rede/{network.slug}/rodadas/{self.round.number}/pedidos/{self.group.pk}"

    def send(self, body: Any, *, key: str = "uma-vez", by: Program | None = None) -> Any:
        return (by or self.program).send("PUT", self.path, body, **{"Idempotency-Key": key})

    def list_of(self, amount: str = "12.5", *, version: int = 0, **more: Any) -> dict[str, Any]:
        flour = {"good": self.flour.pk, "quantity": {"amount": amount, "unit": "kg"}}
        return {"version": version, "items": [flour], **more}

    def stored(self) -> list[str]:
        rows = Need.objects.filter(participation__enterprise=self.group).order_by("good_id")
        return [f"{need.quantity.normalize():f}" for need in rows]


@pytest.fixture
def table(network: Any, coordinator: Any) -> Table:
    return Table(network, coordinator)


def test_a_list_is_taken_in_and_read_again(table: Table) -> None:
    body = table.list_of(remark="sem glúten")
    body["items"][0]["tolerance"] = {"amount": "2", "unit": "kg"}
    answer = table.send(body)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told == table.program.get(table.path).json()
    assert told["items"] == [
        {
            "good": table.flour.pk, "product": "Farinha", "quantity": {"amount": "12.5", "unit": "kg"},
            "tolerance": {"amount": "2", "unit": "kg"},
        }
    ]  # fmt: skip
    assert (told["state"], told["version"], told["remark"]) == ("answered", 1, "sem glúten")
    assert told["answered_at"] == "2026-03-02T12:00:00-03:00"
    entry = AuditEntry.objects.get(act="purchasing.needs_entered")
    assert (entry.via, entry.actor_person_id is not None) == ("api", True)


def test_the_same_key_twice_counts_once(table: Table) -> None:
    first = table.send(table.list_of("10"))
    again = table.send(table.list_of("10"))
    other = table.send(table.list_of("99"))
    assert [one.status_code for one in (first, again, other)] == [200, 200, 200]
    assert first.json() == again.json() == other.json()
    assert table.stored() == ["10"]
    assert AuditEntry.objects.filter(act="purchasing.needs_entered").count() == 1


def test_without_a_key_nothing_is_taken_in(table: Table) -> None:
    answer = table.program.send("PUT", table.path, table.list_of())
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == ["header.Idempotency-Key"]
    assert table.stored() == []


def test_whoever_read_an_older_list_is_told_who_was_first(table: Table) -> None:
    table.send(table.list_of("10"))
    answer = table.send(table.list_of("11"), key="outra")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mutirao:needs_changed_meanwhile")
    assert answer.json()["detail"]
    assert answer.json()["next_step"] == "Leia o pedido de novo e mande-o com a versão que vier."
    assert table.stored() == ["10"]
    assert table.send(table.list_of("11", version=1), key="outra").status_code == 200
    assert table.stored() == ["11"]


def test_staying_out_takes_the_list_back(table: Table) -> None:
    table.send(table.list_of("10"))
    sent = {"version": 1, "remark": "temos estoque"}
    answer = table.program.send("POST", f"{table.path}/nao-participar", sent, **{"Idempotency-Key": "fora"})
    assert (answer.status_code, answer.json()["state"], answer.json()["items"]) == (200, "declined", [])
    assert table.stored() == []


def test_all_that_is_wrong_is_told_at_once_good_by_good(table: Table) -> None:
    items = [
        {"good": table.flour.pk, "quantity": {"amount": "-1", "unit": "kg"}},
        {"good": table.bags.pk, "quantity": {"amount": "1.5", "unit": "un"}},
    ]
    answer = table.send({"version": 0, "items": items})
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "urn:mutirao:several_problems")
    assert {one["field"]: one["type"] for one in told["problems"]} == {
        f"quantity-{table.flour.pk}": "urn:mutirao:need_negative",
        f"quantity-{table.bags.pk}": "urn:mutirao:need_not_whole",
    }
    assert table.stored() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"items": []}, 422),
        ({"items": [{"good": 1, "quantity": {"amount": "1e3", "unit": "kg"}}]}, 422),
        ({"items": [{"good": 1, "quantity": {"amount": 12.5, "unit": "kg"}}]}, 422),
        ({"items": [{"good": 1, "quantity": {"amount": "NaN", "unit": "kg"}}]}, 422),
        ({"items": [{"good": 999_999, "quantity": {"amount": "1", "unit": "kg"}}]}, 404),
        ({"place": 999_999}, 422),
        ({"version": 2**70}, 422),
        ({"remark": "a\0b"}, 422),
        ({"quantidade": "10"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(table: Table, change: Any, status: int) -> None:
    answer = table.send({**table.list_of(), **change})
    assert answer.status_code == status, answer.content
    assert table.stored() == []


def test_a_good_twice_or_in_another_unit_is_refused_in_words(table: Table) -> None:
    twice = table.list_of()
    twice["items"] *= 2
    tons = table.list_of()
    tons["items"][0]["quantity"]["unit"] = "t"
    for body, words in ((twice, "duas vezes"), (tons, "se pede em")):
        answer = table.send(body)
        assert answer.status_code == 422
        assert words in answer.json()["detail"]
    assert table.stored() == []


def test_after_the_deadline_nothing_is_taken_in(table: Table, noon: dt.datetime) -> None:
    with clock.at(noon + dt.timedelta(days=8)):
        answer = table.send(table.list_of())
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mutirao:needs_are_closed")
    assert table.stored() == []


def test_the_team_says_who_told_it(table: Table) -> None:
    team = program_of("purchasing")
    refused = table.send(table.list_of(), by=team)
    assert refused.status_code == 422
    assert [one["type"] for one in refused.json()["problems"]] == ["urn:mutirao:told_by_missing"]
    assert table.send(table.list_of(told_by="Dona Lúcia"), by=team).json()["told_by"] == "Dona Lúcia"


@pytest.mark.parametrize("standing", ["candidate", "suspended", "excluded", "left", "partner"])
def test_who_is_no_member_is_refused_in_the_words_of_the_page(table: Table, standing: str) -> None:
    Enterprise.objects.filter(pk=table.group.pk).update(standing=standing)
    team = with_role("purchasing")
    answer = table.send(table.list_of(told_by="Ana"), by=Program(secret_of(team)))
    told = answer.json()
    assert (answer.status_code, told["type"]) == (403, "urn:mutirao:standing_forbids")
    browser = Client()
    browser.force_login(team)
    typed = {f"quantity-{table.flour.pk}": "12,5", "told_by": "Ana", "seen_version": "0"}
    page = browser.post(f"{table.path}/", typed).content.decode()
    assert told["detail"] in page.replace("&quot;", '"')
    assert told["next_step"] in page
    own = table.send(table.list_of())
    assert own.status_code == (403 if standing == "suspended" else 404)
    assert table.stored() == []


def test_other_enterprises_people_neither_read_nor_write_the_list(table: Table) -> None:
    table.send(table.list_of("10"))
    neighbour = program_of("enterprise_coordinator", factories.enterprise())
    assert neighbour.get(table.path).status_code == 404
    assert table.send(table.list_of("11", version=1), key="x", by=neighbour).status_code == 404
    colleague = program_of("enterprise_member", table.group)
    assert colleague.get(table.path).status_code == 200
    refused = table.send(table.list_of("11", version=1), key="y", by=colleague)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mutirao:not_allowed")
    assert table.stored() == ["10"]
    assert Participation.objects.get(enterprise=table.group).version == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b'{"version": ' + b"9" * 5000 + b"}", 400), (b"[]", 422),
     (b"null", 422), (b'{"remark": "\\ud800"}', 422), (b"x" * 5000, 413)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(table: Table, settings: Any, body: bytes, status: int) -> None:
    if status == 413:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 4000
    answer = table.program.client.put(
        f"/api/v1{table.path}", body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (status, CONTENT_TYPE), answer.content
    assert answer.json()["detail"]
    assert table.stored() == []
