# SPDX-License-Identifier: AGPL-3.0-or-later
"""A book's own accounts, and drafts that are written anew (M1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.ledger import makers
from tests.ledger.makers import MARCH

from mutirao.kernel import changes
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.ledger import operations
from mutirao.ledger.errors import (
    AccountCodeTaken,
    AccountCodeWrong,
    AccountHasBalance,
    AccountIsStandard,
    AccountKindIsFixed,
    AccountNameMissing,
    AccountNotInBook,
    AlreadyPosted,
)
from mutirao.ledger.models import Account, Book, Entry, Line
from mutirao.ledger.operations.accounts import ACCOUNT_FIELDS
from mutirao.ledger.operations.manual import draft_version
from mutirao.network.models import Network

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def accountant(network: Network) -> Actor:
    return factories.actor(network, "accountant")


@pytest.fixture
def rent(book: Book, accountant: Actor) -> Account:
    return operations.add_account(book, code="5.9", name="Aluguel do galpão", kind="expense", actor=accountant)


def renamed(account: Account, actor: Actor, **given: Any) -> Account:
    kept = {name: getattr(account, name) for name in ACCOUNT_FIELDS}
    return operations.edit_account(account, actor=actor, **{**kept, **given})


def pay_rent(book: Book, rent: Account, amount: int = 100) -> Entry:
    return makers.posted(book, lines=makers.legs(amount, debit=rent.pk, credit="bank"))


def test_an_added_account_takes_entries_and_stands_in_the_trail(book: Book, rent: Account) -> None:
    assert pay_rent(book, rent).is_posted
    entry = AuditEntry.objects.get(act="ledger.account_added")
    assert (entry.data["code"], entry.data["name"]) == ("5.9", "Aluguel do galpão")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"code": "5.9"}, AccountCodeTaken),
        ({"code": "cinco"}, AccountCodeWrong),
        ({"code": "5..9"}, AccountCodeWrong),
        ({"name": "  "}, AccountNameMissing),
    ],
)
def test_code_and_name_are_checked(
    book: Book, rent: Account, accountant: Actor, given: dict[str, str], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        operations.add_account(book, **{"code": "5.10", "name": "Água", "kind": "expense", **given}, actor=accountant)


def test_the_same_code_in_another_book_is_another_account(network: Network, rent: Account, accountant: Actor) -> None:
    other = makers.book_of(factories.enterprise())
    assert operations.add_account(other, code="5.9", name="Frete", kind="expense", actor=accountant).book == other


def test_a_form_sent_twice_adds_one_account(book: Book, accountant: Actor) -> None:
    made = [
        operations.add_account(book, code="5.9", name="Água", kind="expense", actor=accountant, key="k")
        for _twice in range(2)
    ]
    assert made[0] == made[1]


def test_an_account_is_renamed_and_the_trail_tells(rent: Account, accountant: Actor) -> None:
    renamed(rent, accountant, name="Aluguel", code="5.8")
    entry = AuditEntry.objects.get(act="ledger.account_edited")
    assert entry.data["changes"] == {"code": ["5.9", "5.8"], "name": ["Aluguel do galpão", "Aluguel"]}


def test_the_group_changes_only_while_unused(book: Book, rent: Account, accountant: Actor) -> None:
    rent = renamed(rent, accountant, kind="asset")
    pay_rent(book, rent)
    with pytest.raises(AccountKindIsFixed):
        renamed(rent, accountant, kind="expense")
    with pytest.raises(AccountKindIsFixed):
        renamed(Account.objects.get(book=book, purpose="bank"), accountant, kind="expense")


def test_a_closed_account_refuses_entries_until_it_is_opened_again(
    book: Book, rent: Account, accountant: Actor
) -> None:
    rent = renamed(rent, accountant, is_active=False)
    with pytest.raises(AccountNotInBook):
        pay_rent(book, rent)
    rent = renamed(rent, accountant, is_active=True)
    assert pay_rent(book, rent).is_posted


def test_neither_a_balance_nor_a_standard_account_is_closed(book: Book, rent: Account, accountant: Actor) -> None:
    entry = pay_rent(book, rent)
    with pytest.raises(AccountHasBalance):
        renamed(rent, accountant, is_active=False)
    operations.reverse_entry(entry, date=MARCH, reason="engano", actor=accountant)
    renamed(rent, accountant, is_active=False)
    with pytest.raises(AccountIsStandard):
        renamed(Account.objects.get(book=book, purpose="bank"), accountant, is_active=False)


def test_two_at_once_do_not_overwrite_each_other(rent: Account, accountant: Actor) -> None:
    seen = changes.version(rent, ACCOUNT_FIELDS)
    renamed(rent, accountant, name="Aluguel")
    with pytest.raises(StaleEdit):
        renamed(rent, accountant, name="Galpão", seen=seen)


@pytest.mark.parametrize("role", ["coordination", "treasury", "council", "purchasing"])
def test_only_the_accountant_changes_the_chart(network: Network, book: Book, rent: Account, role: str) -> None:
    other = factories.actor(network, role)
    with pytest.raises(NotAllowed):
        operations.add_account(book, code="5.7", name="Luz", kind="expense", actor=other)
    with pytest.raises(NotAllowed):
        renamed(rent, other, name="Luz")


def draft(book: Book, actor: Actor) -> Entry:
    return operations.draft_entry(book, date=MARCH, memo="Luz", lines=makers.legs(100), actor=actor)


def test_a_draft_is_written_anew_and_posted(book: Book, accountant: Actor) -> None:
    entry = draft(book, accountant)
    operations.edit_draft(entry, date=MARCH, memo="Luz de março", lines=makers.legs(250), actor=accountant)
    posted = operations.post_draft(entry, actor=accountant)
    assert posted.memo == "Luz de março"
    assert sorted(Line.objects.filter(entry=entry).values_list("amount_minor", flat=True)) == [-250, 250]
    data = AuditEntry.objects.get(act="ledger.draft_edited").data
    assert (data["lines_before"], data["lines_after"]) == (2, 2)
    with pytest.raises(AlreadyPosted):
        operations.edit_draft(entry, date=MARCH, memo="Outra", lines=makers.legs(1), actor=accountant)


def test_a_draft_changed_meanwhile_is_told(book: Book, accountant: Actor) -> None:
    entry = draft(book, accountant)
    seen = draft_version(entry)
    operations.edit_draft(entry, date=MARCH, memo="Luz", lines=makers.legs(250), actor=accountant, seen=seen)
    with pytest.raises(StaleEdit, match="Mudou um rascunho"):
        operations.edit_draft(entry, date=MARCH, memo="Luz", lines=makers.legs(90), actor=accountant, seen=seen)


def test_the_screens_add_rename_and_write_anew(client: Client, network: Network, book: Book, accountant: Actor) -> None:
    person = factories.person()
    factories.role(person, "accountant")
    client.force_login(person)
    address = reverse("ledger:new_account", args=[network.slug, book.pk])
    assert client.get(address).status_code == 200
    answer = client.post(
        address, {"code": "5.9", "name": "Água", "kind": "expense", "idempotency_key": "a"}, follow=True
    )
    assert "5.9 Água" in answer.content.decode()
    account = Account.objects.get(book=book, code="5.9")
    address = reverse("ledger:edit_account", args=[network.slug, book.pk, account.pk])
    assert "Água" in client.get(address).content.decode()
    bank = Account.objects.get(book=book, purpose="bank")
    assert client.post(address, {"code": bank.code, "name": "Água", "kind": "expense"}).status_code == 422
    sent = {"code": "5.9", "name": "Água e luz", "kind": "expense", "is_active": "on"}
    assert client.post(address, sent).status_code == 302
    entry = draft(book, accountant)
    address = reverse("ledger:edit_draft", args=[network.slug, book.pk, entry.pk])
    page = client.get(address).content.decode()
    assert 'value="1,00"' in page
    rows = {
        "line-0-account": str(account.pk), "line-0-debit": "3,50", "line-1-account": str(bank.pk),
        "line-1-credit": "3,50",
    }  # fmt: skip
    sent = {
        "date": "2026-03-02", "memo": "Água", "act_type": "non_cooperative", "rows": "2", "draft": "1",
        "seen": draft_version(entry), **rows,
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert sorted(Line.objects.filter(entry=entry).values_list("amount_minor", flat=True)) == [-350, 350]
    assert client.post(address, sent).status_code == 422
