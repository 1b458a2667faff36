# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories
from tests.ledger import makers
from tests.ledger.makers import MARCH, legs, posted, spec

from mutirao.kernel import audit, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry
from mutirao.ledger import errors, operations
from mutirao.ledger.core.chart import (
    ENTERPRISE_CHART,
    NETWORK_CHART,
    PARTNER_ACCOUNTS,
    EnterpriseAccount,
    NetworkAccount,
)
from mutirao.ledger.core.entries import COOPERATIVE, NON_COOPERATIVE, LegSpec
from mutirao.ledger.models import Account, Book, Entry, Line, Period

N = NetworkAccount


def test_open_book_brings_the_standard_chart(network: Any, coordinator: Actor) -> None:
    book = operations.open_book(network, actor=coordinator)
    assert [account.purpose for account in book.accounts.all()] == [str(account.purpose) for account in NETWORK_CHART]
    own = operations.open_book(factories.enterprise(name="Mãos da Terra"), actor=coordinator)
    assert own.name == "Mãos da Terra"
    assert own.accounts.count() == len(ENTERPRISE_CHART)


def test_open_book_again_gives_the_same_book_and_completes_its_chart(network: Any, coordinator: Actor) -> None:
    book = operations.open_book(network, actor=coordinator)
    account = book.accounts.get(purpose=N.LOSSES)
    account.delete()
    book.accounts.filter(purpose=N.BANK).update(code="5.1.2", name="Banco do Povo")
    assert operations.open_book(network, actor=coordinator) == book
    assert book.accounts.get(purpose=N.LOSSES).code == "5.1.2.losses"
    assert book.accounts.get(purpose=N.BANK).name == "Banco do Povo"
    assert AuditEntry.objects.filter(act="ledger.book_opened").count() == 1


def test_the_database_keeps_one_book_an_owner(network: Any, book: Book) -> None:
    enterprise = factories.enterprise()
    makers.book_of(enterprise)
    for owner in (None, enterprise):
        with pytest.raises(IntegrityError), transaction.atomic():
            Book.objects.create(name="Segundo livro", enterprise=owner)


def test_charts_give_each_purpose_one_account_of_one_code() -> None:
    for chart, purposes in ((NETWORK_CHART, NetworkAccount), (ENTERPRISE_CHART, EnterpriseAccount)):
        assert sorted(account.purpose for account in chart) == sorted(purposes)
        assert len({account.code for account in chart}) == len(chart)
        first_digit = {"asset": "1", "liability": "2", "equity": "3", "income": "4", "expense": "5"}
        assert all(account.code[0] == first_digit[account.kind] for account in chart)


def test_post_entry_puts_it_in_the_book_with_the_next_number(book: Book, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    entry = operations.post_entry(
        book,
        date=MARCH,
        memo="Rodada 7: cobranças",
        lines=[
            LegSpec(N.RECEIVABLE, 12_345, COOPERATIVE, enterprise.pk),
            LegSpec(N.JOINT_PURCHASES, -12_000, COOPERATIVE),
            LegSpec(N.ROUND_FEES, -345, COOPERATIVE, memo="taxa de 2,8 %"),
        ],
        actor=coordinator,
        source=("purchasing.round", 7),
        key="round-7-charges",
    )
    assert (entry.number, entry.state, entry.date) == (1, "posted", MARCH)
    assert (entry.source_kind, entry.source_id) == ("purchasing.round", 7)
    assert [(line.account.purpose, line.amount_minor, line.partner) for line in entry.lines.all()] == [
        ("receivable", 12_345, enterprise),
        ("joint_purchases", -12_000, None),
        ("round_fees", -345, None),
    ]
    assert posted(book).number == 2
    row = AuditEntry.objects.filter(act="ledger.entry_posted").first()
    assert row is not None
    assert (row.actor_person_id, row.data["debit_minor"]) == (coordinator.person_id, 12_345)


def test_a_treasurer_posts_through_another_module_but_not_by_hand(book: Book, network: Any) -> None:
    treasurer = factories.actor(network, "treasury")
    assert operations.post_entry(book, date=MARCH, memo="Pix recebido", lines=legs(), actor=treasurer).is_posted
    with pytest.raises(NotAllowed):
        operations.enter_manually(book, date=MARCH, memo="x", lines=legs(), actor=treasurer)


def test_an_actor_of_another_network_posts_nothing(book: Book) -> None:
    stranger = factories.actor(factories.network(), "accountant")
    with pytest.raises(NotAllowed):
        operations.post_entry(book, date=MARCH, memo="x", lines=legs(), actor=stranger)
    with pytest.raises(NotAllowed):
        operations.post_entries(book, [spec()], actor=stranger)
    with pytest.raises(NotAllowed):
        operations.reverse_entry(posted(book), date=MARCH, reason="x", actor=stranger)
    with pytest.raises(NotAllowed):
        operations.open_book(factories.enterprise(), actor=stranger)


def test_the_same_key_posts_once(book: Book) -> None:
    first = posted(book, key="charge-1")
    assert posted(book, key="charge-1", memo="outras palavras", lines=list(reversed(legs()))) == first
    assert Entry.objects.count() == 1
    assert AuditEntry.objects.filter(act="ledger.entry_posted").count() == 1


def test_the_same_key_with_other_amounts_is_refused(book: Book) -> None:
    posted(book, key="charge-1")
    with pytest.raises(errors.KeyUsedOtherwise):
        posted(book, 101, key="charge-1")
    with pytest.raises(errors.KeyUsedOtherwise):
        posted(book, lines=legs(act_type=NON_COOPERATIVE), key="charge-1")


def test_the_same_key_in_another_book_is_another_entry(book: Book) -> None:
    other = makers.book_of(factories.enterprise())
    posted(book, key="charge-1")
    posted(other, key="charge-1", lines=legs(credit="sales"))
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([LegSpec(N.BANK, 100, COOPERATIVE)], errors.TooFewLines),
        ([], errors.TooFewLines),
        ([LegSpec(N.BANK, 100, COOPERATIVE), LegSpec(N.CASH, -99, COOPERATIVE)], errors.EntryDoesNotBalance),
        ([LegSpec(N.BANK, 0, COOPERATIVE), LegSpec(N.CASH, 0, COOPERATIVE)], errors.AmountOutOfRange),
        ([LegSpec(N.BANK, 10**15, COOPERATIVE), LegSpec(N.CASH, -(10**15), COOPERATIVE)], errors.AmountOutOfRange),
        ([LegSpec("nowhere", 5, COOPERATIVE), LegSpec(N.CASH, -5, COOPERATIVE)], errors.AccountNotInBook),
        ([LegSpec(N.BANK, 5, COOPERATIVE, 987_654), LegSpec(N.CASH, -5, COOPERATIVE)], errors.PartnerNotInNetwork),
    ],
)
def test_post_entry_refuses(book: Book, lines: list[LegSpec], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        posted(book, lines=lines)
    assert not Entry.objects.exists()
    assert not Line.objects.exists()


def test_the_difference_is_said_in_money(book: Book) -> None:
    with pytest.raises(errors.EntryDoesNotBalance) as caught:
        posted(book, lines=[LegSpec(N.BANK, 100_050, COOPERATIVE), LegSpec(N.CASH, -100_000, COOPERATIVE)])
    assert "R$\xa00,50" in str(caught.value)


def test_an_unknown_act_type_or_a_float_is_a_programming_error(book: Book) -> None:
    with pytest.raises(ValueError, match="act type"):
        posted(book, lines=legs(act_type="whatever"))
    with pytest.raises(TypeError):
        posted(book, lines=[LegSpec(N.BANK, 1.5, COOPERATIVE), LegSpec(N.CASH, -1.5, COOPERATIVE)])  # type: ignore[arg-type]


def test_an_account_of_another_book_or_out_of_use_is_refused(book: Book) -> None:
    other = makers.book_of(factories.enterprise())
    foreign = Account.objects.get(book=other, purpose="bank")
    with pytest.raises(errors.AccountNotInBook):
        posted(book, lines=legs(debit=foreign.pk))
    Account.objects.filter(book=book, purpose="grants").update(is_active=False)
    with pytest.raises(errors.AccountNotInBook):
        posted(book)


def test_a_partner_of_another_network_is_refused(book: Book) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        stranger = factories.enterprise()
    with pytest.raises(errors.PartnerNotInNetwork):
        posted(book, lines=[LegSpec(N.RECEIVABLE, 5, COOPERATIVE, stranger.pk), LegSpec(N.BANK, -5, COOPERATIVE)])


def test_what_an_enterprise_owes_or_holds_names_the_enterprise(book: Book, accountant: Actor) -> None:
    for purpose in PARTNER_ACCOUNTS:
        lines = legs(debit=purpose)
        with pytest.raises(errors.PartnerMissing):
            posted(book, lines=lines)
        with pytest.raises(errors.PartnerMissing):
            operations.draft_entry(book, date=MARCH, memo="x", lines=lines, actor=accountant)
    account = Account.objects.get(book=book, purpose=N.RECEIVABLE)
    with pytest.raises(errors.PartnerMissing) as caught:
        posted(book, lines=legs(debit=account.pk))
    assert "Empreendimentos a receber" in str(caught.value)


def test_long_words_are_cut_to_what_the_book_holds(book: Book) -> None:
    entry = posted(book, memo="m" * 500, lines=[LegSpec(N.BANK, 5, COOPERATIVE, memo="n" * 500), *legs(5)[1:]])
    assert (len(entry.memo), len(entry.lines.first().memo)) == (240, 160)


def test_many_are_posted_at_once_in_the_order_given(book: Book) -> None:
    posted(book)
    days = [dt.date(2026, 3, 20), dt.date(2026, 1, 5), dt.date(2026, 2, 28), dt.date(2025, 12, 31)]
    ids = operations.post_entries(
        book, [spec(amount, day) for amount, day in enumerate(days, start=1)], actor=makers.by_system(book.network_id)
    )
    rows = [Entry.objects.get(pk=pk) for pk in ids]
    assert [(row.number, row.date) for row in rows] == list(zip([2, 3, 4, 5], days, strict=True))
    assert [row.lines.first().amount_minor for row in rows] == [1, 2, 3, 4]
    assert all(row.is_posted for row in rows)
    assert Period.objects.filter(book=book).count() == 4
    note = AuditEntry.objects.get(act="ledger.entries_posted")
    assert note.data == {"first_number": 2, "last_number": 5, "debit_minor": 10}


def test_a_repeated_batch_posts_only_what_is_new(book: Book) -> None:
    actor = makers.by_system(book.network_id)
    first = operations.post_entries(book, [spec(key="a"), spec(key="b")], actor=actor)
    again = operations.post_entries(book, [spec(key="b"), spec(7), spec(key="a"), spec(key="c")], actor=actor)
    assert (again[0], again[2]) == (first[1], first[0])
    assert [Entry.objects.get(pk=pk).number for pk in (again[1], again[3])] == [3, 4]
    assert operations.post_entries(book, [spec(key="a")], actor=actor) == [first[0]]
    assert operations.post_entries(book, [], actor=actor) == []
    with pytest.raises(ValueError, match="one entry"):
        operations.post_entries(book, [spec(key="z"), spec(key="z")], actor=actor)


def test_a_large_batch_in_any_order_of_dates_is_numbered_as_given(book: Book) -> None:
    actor = makers.by_system(book.network_id)
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number * 37 % 60) for number in range(400)]
    operations.post_entries(book, [spec(1 + number % 7, day) for number, day in enumerate(days)], actor=actor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # statistics may change what the planner prefers
    ids = operations.post_entries(book, [spec(3, day) for day in days], actor=actor)
    numbers = dict(Entry.objects.filter(pk__in=ids).values_list("pk", "number"))
    assert [numbers[pk] for pk in ids] == list(range(401, 801))


def test_the_entry_handed_back_is_what_is_stored(book: Book) -> None:
    entry = posted(book, memo="m" * 300, source=("x", 3), key="k")
    stored = Entry.objects.get()
    for field in Entry._meta.concrete_fields:
        assert getattr(entry, field.attname) == getattr(stored, field.attname), field.name
    assert entry.lines.count() == 2


def test_a_key_that_a_draft_holds_posts_nothing(book: Book, accountant: Actor) -> None:
    operations.draft_entry(book, date=MARCH, memo="x", lines=legs(), actor=accountant, key="k")
    with pytest.raises(errors.KeyUsedOtherwise):
        posted(book, key="k")


def test_one_bad_entry_keeps_the_whole_batch_out(book: Book) -> None:
    bad = spec(lines=[LegSpec(N.BANK, 2, COOPERATIVE), LegSpec(N.CASH, -1, COOPERATIVE)])
    with pytest.raises(errors.EntryDoesNotBalance):
        operations.post_entries(book, [spec(), bad], actor=makers.by_system(book.network_id))
    assert not Entry.objects.exists()


def test_posting_many_takes_as_many_queries_as_posting_few(book: Book) -> None:
    actor = makers.by_system(book.network_id)
    posted(book)
    with CaptureQueriesContext(connection) as few:
        operations.post_entries(book, [spec(key=f"a{n}") for n in range(2)], actor=actor)
    with CaptureQueriesContext(connection) as many:
        operations.post_entries(book, [spec(key=f"b{n}") for n in range(300)], actor=actor)
    assert len(many) == len(few) <= 15


# Reversal


def test_reverse_entry_mirrors_it_once(book: Book, coordinator: Actor) -> None:
    enterprise = factories.enterprise()
    lines = [LegSpec(N.RECEIVABLE, 70, COOPERATIVE, enterprise.pk), LegSpec(N.BANK, -70, NON_COOPERATIVE)]
    entry = posted(book, lines=lines, source=("payments.charge", 3))
    reversal = operations.reverse_entry(entry, date=dt.date(2026, 4, 1), reason="Cobrança em dobro", actor=coordinator)
    assert (reversal.number, reversal.reverses, reversal.date) == (2, entry, dt.date(2026, 4, 1))
    assert (reversal.source_kind, reversal.source_id) == ("payments.charge", 3)
    assert reversal.memo == "Estorno do nº 1: Cobrança em dobro"
    assert [(line.amount_minor, line.act_type, line.partner_id) for line in reversal.lines.all()] == [
        (-70, COOPERATIVE, enterprise.pk),
        (70, NON_COOPERATIVE, None),
    ]
    with pytest.raises(errors.AlreadyReversed):
        operations.reverse_entry(entry, date=dt.date(2026, 4, 2), reason="De novo", actor=coordinator)
    with pytest.raises(errors.ReversalNotReversible):
        operations.reverse_entry(reversal, date=dt.date(2026, 4, 2), reason="De novo", actor=coordinator)
    row = AuditEntry.objects.get(act="ledger.entry_reversed")
    assert (row.reason, row.data["number"], row.data["reversal_number"]) == ("Cobrança em dobro", 1, 2)


def test_reverse_entry_works_though_the_account_is_out_of_use(book: Book, coordinator: Actor) -> None:
    entry = posted(book)
    Account.objects.filter(book=book, purpose="grants").update(is_active=False)
    assert operations.reverse_entry(entry, date=MARCH, reason="Erro", actor=coordinator).is_posted


def test_reverse_entry_refuses_drafts_earlier_dates_and_no_reason(book: Book, coordinator: Actor) -> None:
    with pytest.raises(errors.NotPosted):
        operations.reverse_entry(makers.drafted(book), date=MARCH, reason="x", actor=coordinator)
    entry = posted(book)
    with pytest.raises(errors.ReversalBeforeEntry):
        operations.reverse_entry(entry, date=dt.date(2026, 3, 1), reason="x", actor=coordinator)
    with pytest.raises(errors.ReasonMissing):
        operations.reverse_entry(entry, date=MARCH, reason="  ", actor=coordinator)


# By hand


def test_an_accountant_enters_by_hand_once(book: Book, accountant: Actor) -> None:
    entry = operations.enter_manually(book, date=MARCH, memo=" Tarifa ", lines=legs(), actor=accountant, key="form-1")
    assert (entry.memo, entry.number) == ("Tarifa", 1)
    again = operations.enter_manually(book, date=MARCH, memo="Tarifa", lines=legs(), actor=accountant, key="form-1")
    assert again == entry


def test_nothing_is_entered_by_hand_in_the_future(book: Book, accountant: Actor) -> None:
    with pytest.raises(errors.DateInFuture):
        operations.enter_manually(book, date=dt.date(2026, 3, 3), memo="x", lines=legs(), actor=accountant)


def test_a_draft_counts_nowhere_until_posted(book: Book, accountant: Actor) -> None:
    lone = operations.draft_entry(book, date=MARCH, memo="x", lines=legs()[:1], actor=accountant, key="d")
    assert operations.draft_entry(book, date=MARCH, memo="x", lines=legs()[:1], actor=accountant, key="d") == lone
    assert (lone.state, lone.number) == ("draft", None)
    with pytest.raises(errors.TooFewLines):
        operations.post_draft(lone, actor=accountant)
    whole = operations.draft_entry(book, date=MARCH, memo="y", lines=legs(), actor=accountant)
    assert operations.post_draft(whole, actor=accountant).number == 1
    with pytest.raises(errors.AlreadyPosted):
        operations.post_draft(whole, actor=accountant)
    with pytest.raises(errors.AlreadyPosted):
        operations.discard_draft(whole, actor=accountant)
    operations.discard_draft(lone, actor=accountant)
    assert list(Entry.objects.all()) == [whole]


@pytest.mark.parametrize("role", ["coordination", "treasury", "council", "purchasing"])
def test_only_accountants_write_by_hand(book: Book, network: Any, role: str) -> None:
    actor, entry, draft = factories.actor(network, role), posted(book), makers.drafted(book)
    with pytest.raises(NotAllowed):
        operations.draft_entry(book, date=MARCH, memo="x", lines=legs(), actor=actor)
    with pytest.raises(NotAllowed):
        operations.post_draft(draft, actor=actor)
    with pytest.raises(NotAllowed):
        operations.discard_draft(draft, actor=actor)
    with pytest.raises(NotAllowed):
        operations.reverse_manually(entry, date=MARCH, reason="x", actor=actor)


def test_an_accountant_reverses_by_hand(book: Book, accountant: Actor) -> None:
    entry = posted(book, date=dt.date(2026, 2, 3))
    assert operations.reverse_manually(entry, date=MARCH, reason="Erro", actor=accountant).reverses == entry
    with pytest.raises(errors.DateInFuture):
        operations.reverse_manually(posted(book), date=dt.date(2027, 1, 1), reason="Erro", actor=accountant)


# Months


def period(book: Book, month: int, year: int = 2026) -> Period:
    return Period.objects.get(book=book, starts_on=dt.date(year, month, 1))


def test_a_closed_month_takes_nothing(book: Book, accountant: Actor, coordinator: Actor) -> None:
    entry = posted(book, date=dt.date(2026, 2, 10))
    closed = operations.close_period(period(book, 2), actor=accountant)
    assert closed.is_closed
    for write in (
        lambda: posted(book, date=dt.date(2026, 2, 28)),
        lambda: operations.draft_entry(book, date=dt.date(2026, 2, 28), memo="x", lines=legs(), actor=accountant),
        lambda: operations.reverse_entry(entry, date=dt.date(2026, 2, 11), reason="x", actor=coordinator),
    ):
        with pytest.raises(errors.PeriodIsClosed) as caught:
            write()
        assert "02/2026" in str(caught.value)
    assert operations.reverse_entry(entry, date=MARCH, reason="x", actor=coordinator).is_posted


def test_a_month_before_a_closed_one_is_not_opened_by_the_way(book: Book, accountant: Actor) -> None:
    posted(book, date=dt.date(2026, 2, 10))
    operations.close_period(period(book, 2), actor=accountant)
    with pytest.raises(errors.PeriodIsClosed):
        posted(book, date=dt.date(2025, 12, 31))


def test_months_are_closed_in_order_and_only_when_over(book: Book, accountant: Actor) -> None:
    for month in (1, 2, 3):
        posted(book, date=dt.date(2026, month, 1))
    with pytest.raises(errors.EarlierPeriodOpen) as caught:
        operations.close_period(period(book, 2), actor=accountant)
    assert "01/2026" in str(caught.value)
    operations.close_period(period(book, 1), actor=accountant)
    operations.close_period(period(book, 2), actor=accountant)
    with pytest.raises(errors.PeriodNotOver):
        operations.close_period(period(book, 3), actor=accountant)
    with pytest.raises(errors.PeriodAlreadyClosed):
        operations.close_period(period(book, 2), actor=accountant)


def test_a_month_with_drafts_is_not_closed(book: Book, accountant: Actor) -> None:
    draft = operations.draft_entry(book, date=dt.date(2026, 2, 1), memo="x", lines=[], actor=accountant)
    with pytest.raises(errors.PeriodHasDrafts):
        operations.close_period(period(book, 2), actor=accountant)
    operations.discard_draft(draft, actor=accountant)
    assert operations.close_period(period(book, 2), actor=accountant).is_closed


def test_a_month_is_reopened_with_a_reason_on_record(book: Book, accountant: Actor) -> None:
    posted(book, date=dt.date(2026, 2, 10))
    closed = operations.close_period(period(book, 2), actor=accountant)
    with pytest.raises(errors.ReasonMissing):
        operations.reopen_period(closed, reason=" ", actor=accountant)
    operations.reopen_period(closed, reason="Nota do fornecedor chegou depois", actor=accountant)
    assert posted(book, date=dt.date(2026, 2, 28)).is_posted
    with pytest.raises(errors.PeriodNotClosed):
        operations.reopen_period(closed, reason="x", actor=accountant)
    row = AuditEntry.objects.get(act="ledger.period_reopened")
    assert (row.reason, row.data["month"]) == ("Nota do fornecedor chegou depois", "2026-02")


@pytest.mark.parametrize("role", ["coordination", "treasury", "council"])
def test_only_accountants_close_and_reopen(book: Book, network: Any, role: str) -> None:
    posted(book, date=dt.date(2026, 2, 10))
    with pytest.raises(NotAllowed):
        operations.close_period(period(book, 2), actor=factories.actor(network, role))
    with pytest.raises(NotAllowed):
        operations.reopen_period(period(book, 2), reason="x", actor=factories.actor(network, role))


def test_the_trail_holds_after_all_this(book: Book, accountant: Actor) -> None:
    operations.reverse_entry(posted(book), date=MARCH, reason="x", actor=accountant)
    assert audit.check_chain(book.network_id) is None


# Invariant

amounts = st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=5).filter(lambda some: sum(some))
accounts = st.sampled_from([row.purpose for row in NETWORK_CHART if row.purpose not in PARTNER_ACCOUNTS])


@st.composite
def balanced_legs(draw: Any) -> list[LegSpec]:
    values = draw(amounts)
    acts = st.sampled_from([COOPERATIVE, NON_COOPERATIVE])
    return [LegSpec(draw(accounts), value, draw(acts)) for value in [*values, -sum(values)]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(balanced_legs(), min_size=1, max_size=8), undone=st.data())
def test_whatever_is_posted_the_book_adds_up_to_zero(book: Book, batch: list[list[LegSpec]], undone: Any) -> None:
    actor = makers.by_system(book.network_id)
    ids = operations.post_entries(book, [spec(lines=lines) for lines in batch], actor=actor)
    for pk in undone.draw(st.lists(st.sampled_from(ids), unique=True)):
        operations.reverse_entry(Entry.objects.get(pk=pk), date=MARCH, reason="x", actor=actor)
    rows = Line.objects.filter(entry__book=book).values_list("entry_id", "amount_minor")
    assert sum(amount for _entry, amount in rows) == 0
    numbers = list(Entry.objects.filter(book=book).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
