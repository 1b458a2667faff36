# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories
from tests.ledger import makers
from tests.ledger.makers import MARCH, posted

from mutirao.kernel import sources, tenancy
from mutirao.ledger import operations
from mutirao.ledger.core.chart import NetworkAccount as N
from mutirao.ledger.core.entries import COOPERATIVE, NON_COOPERATIVE, LegSpec
from mutirao.ledger.models import Account, Book, Entry, Period
from mutirao.network.models import Enterprise, Network

pytestmark = pytest.mark.usefixtures("noon")
SPACE = "\xa0"


def signed_in(client: Client, network: Network, role: str, enterprise: Enterprise | None = None) -> Client:
    person = factories.person()
    factories.role(person, role, enterprise)
    client.force_login(person)
    return client


def url(name: str, network: Network, **kwargs: Any) -> str:
    return reverse(f"ledger:{name}", kwargs={"slug": network.slug, **kwargs})


def charge(book: Book, enterprise: Enterprise, amount: int, date: dt.date = MARCH, **fields: Any) -> Entry:
    lines = [
        LegSpec(N.RECEIVABLE, amount, COOPERATIVE, enterprise.pk),
        LegSpec(N.JOINT_PURCHASES, -amount, COOPERATIVE),
    ]
    return posted(book, lines=lines, date=date, **fields)


@pytest.fixture
def story(network: Network, book: Book) -> dict[str, Any]:
    """Two enterprises with books of their own, charges to both, an entry undone."""
    honey, bread = factories.enterprise(name="Mel do Vale"), factories.enterprise(name="Pão & Cia <b>")
    own = makers.book_of(honey)
    makers.book_of(bread)
    charge(book, honey, 10_000, memo="Rodada 1")
    charge(book, bread, 5_000, memo="Rodada 1")
    undone = charge(book, bread, 700, memo="Cobrança em dobro")
    operations.reverse_entry(undone, date=MARCH, reason="em dobro", actor=makers.by_system(network.pk))
    owed = [LegSpec("inputs", 10_000, COOPERATIVE), LegSpec("network_payable", -10_000, COOPERATIVE)]
    entry = posted(own, lines=owed, memo="Rodada 1")
    return {"honey": honey, "bread": bread, "own": own, "undone": undone, "entry": entry}


def pages(network: Network, book: Book) -> list[str]:
    account, entry = book.accounts.first(), book.entries.first()
    own = {"book_id": book.pk}
    found = [url("book", network, **own), url("entries", network, **own), url("periods", network, **own)]
    found += [url("export", network, kind=kind, **own) for kind in ("csv", "xlsx", "beancount")]
    found.append(url("account", network, account_id=account.pk, **own))
    if entry:
        found.append(url("entry", network, entry_id=entry.pk, **own))
    return found


@pytest.mark.parametrize("role", ["coordination", "purchasing", "treasury", "accountant", "council"])
def test_network_roles_read_every_book(client: Client, network: Network, book: Book, story: Any, role: str) -> None:
    signed_in(client, network, role)
    listed = client.get(url("books", network)).content.decode()
    assert all(name in listed for name in ("livro da rede", "Mel do Vale", "Pão &amp; Cia &lt;b&gt;"))
    for kept, memo in ((book, "Cobrança em dobro"), (story["own"], "Rodada 1")):
        assert memo in client.get(url("entries", network, book_id=kept.pk)).content.decode()
    statement = client.get(url("statement", network, enterprise_id=story["bread"].pk)).content.decode()
    assert "Pão &amp; Cia &lt;b&gt;" in statement


def test_every_page_of_every_book_opens(client: Client, network: Network, book: Book, story: Any) -> None:
    signed_in(client, network, "accountant")
    addresses = [*pages(network, book), *pages(network, story["own"])]
    answers = {address: client.get(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("role", ["enterprise_coordinator", "enterprise_member"])
def test_an_enterprise_reads_its_own_book_and_statement_only(
    client: Client, network: Network, book: Book, story: Any, role: str
) -> None:
    signed_in(client, network, role, story["honey"])
    listed = client.get(url("books", network)).content.decode()
    assert "Mel do Vale" in listed
    assert "Pão" not in listed
    assert "livro da rede" not in listed
    for address in [*pages(network, story["own"]), url("statement", network, enterprise_id=story["honey"].pk)]:
        assert client.get(address).status_code == 200, address
    other = Book.objects.get(enterprise=story["bread"])
    foreign = [
        *pages(network, book),
        *pages(network, other),
        url("statement", network, enterprise_id=story["bread"].pk),
    ]
    for address in foreign:
        assert client.get(address).status_code == 404, address


def test_a_number_in_the_address_opens_no_foreign_row(client: Client, network: Network, book: Book, story: Any) -> None:
    signed_in(client, network, "enterprise_member", story["honey"])
    own = story["own"]
    foreign_entry, foreign_account = book.entries.first(), book.accounts.first()
    assert client.get(url("entry", network, book_id=own.pk, entry_id=foreign_entry.pk)).status_code == 404
    assert client.get(url("account", network, book_id=own.pk, account_id=foreign_account.pk)).status_code == 404
    address = url("export", network, book_id=own.pk, kind="csv")
    assert client.get(address, {"conta": foreign_account.pk}).status_code == 404


def test_a_stranger_finds_nothing_and_the_signed_out_are_sent_to_sign_in(
    client: Client, network: Network, book: Book, story: Any
) -> None:
    addresses = [url("books", network), url("new_entry", network, book_id=book.pk), *pages(network, book)]
    for address in addresses:
        assert client.get(address).status_code == 302
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        signed_in(client, elsewhere, "accountant")
    for address in addresses:
        assert client.get(address).status_code == 404, address
    # The stranger's own network does not open this network's books either.
    assert client.get(url("book", elsewhere, book_id=book.pk)).status_code == 404


WRITERS = {"accountant"}


@pytest.mark.parametrize("role", ["coordination", "treasury", "council", "accountant"])
def test_only_the_accountant_gets_to_write(client: Client, network: Network, book: Book, role: str) -> None:
    signed_in(client, network, role)
    entry, draft = posted(book), makers.drafted(book)
    expected = 200 if role in WRITERS else 403
    assert client.get(url("new_entry", network, book_id=book.pk)).status_code == expected
    assert client.get(url("reverse_entry", network, book_id=book.pk, entry_id=entry.pk)).status_code == expected
    shown = client.get(url("book", network, book_id=book.pk)).content.decode()
    assert ("Lançar à mão" in shown, "Rascunhos à espera" in shown) == (role in WRITERS, role in WRITERS)
    draft_page = url("entry", network, book_id=book.pk, entry_id=draft.pk)
    assert client.post(draft_page, {"post": "1"}).status_code == (302 if role in WRITERS else 403)
    period = Period.objects.get()
    assert client.post(url("periods", network, book_id=book.pk), {"period": period.pk}).status_code == (
        409 if role in WRITERS else 403  # the month is not over
    )


def test_the_trial_balance_keeps_act_types_apart(client: Client, network: Network, book: Book) -> None:
    posted(book, 30_000)
    posted(book, lines=makers.legs(5_000, act_type=NON_COOPERATIVE))
    posted(book, 1_00, date=dt.date(2025, 12, 31))
    signed_in(client, network, "council")
    shown = client.get(url("book", network, book_id=book.pk)).content.decode()
    for amount in ("1,00", "300,00", "50,00", "350,00", "351,00"):
        assert f"R${SPACE}{amount}" in shown
    assert f"Sobras no período: R${SPACE}350,00" in shown
    earlier = client.get(url("book", network, book_id=book.pk), {"de": "2025-01-01", "ate": "2025-12-31"})
    assert f"R${SPACE}351,00" not in earlier.content.decode()


def test_accounts_without_movement_are_shown_when_asked_for(client: Client, network: Network, book: Book) -> None:
    posted(book)
    signed_in(client, network, "council")
    address = url("book", network, book_id=book.pk)
    assert "Fundo da rede" not in client.get(address).content.decode()
    assert "Fundo da rede" in client.get(address, {"todas": "1"}).content.decode()


def test_a_wrong_range_of_dates_is_said(client: Client, network: Network, book: Book) -> None:
    signed_in(client, network, "council")
    shown = client.get(url("book", network, book_id=book.pk), {"de": "2026-03-01", "ate": "2026-02-01"})
    assert shown.status_code == 200
    assert "A segunda data vem antes da primeira." in shown.content.decode()
    assert client.get(url("book", network, book_id=book.pk), {"de": "ontem"}).status_code == 200


def test_an_account_is_read_page_by_page_with_its_running_balance(client: Client, network: Network, book: Book) -> None:
    operations.post_entries(book, [makers.spec(100) for _number in range(60)], actor=makers.by_system(network.pk))
    posted(book, 7, date=dt.date(2025, 6, 1))
    signed_in(client, network, "accountant")
    address = url("account", network, book_id=book.pk, account_id=book.accounts.get(purpose="bank").pk)
    first, second = client.get(address), client.get(address, {"page": "2"})
    assert [line.running_minor for line in first.context["page"]] == [7 + 100 * n for n in range(1, 51)]
    assert [line.running_minor for line in second.context["page"]] == [7 + 100 * n for n in range(51, 61)]
    assert f"R${SPACE}60,07" in second.content.decode()


def entry_form(**fields: Any) -> dict[str, Any]:
    return {
        "date": "2026-03-02", "memo": "Tarifa do banco", "act_type": "non_cooperative", "rows": "4",
        "idempotency_key": "6f2c", **fields,
    }  # fmt: skip


def rows(book: Book, *lines: tuple[str, str, str]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for place, (purpose, debit, credit) in enumerate(lines):
        pk = book.accounts.get(purpose=purpose).pk if purpose else ""
        sent |= {f"line-{place}-account": pk, f"line-{place}-debit": debit, f"line-{place}-credit": credit}
    return sent


def test_an_entry_by_hand_is_posted_once_though_sent_twice(client: Client, network: Network, book: Book) -> None:
    signed_in(client, network, "accountant")
    sent = entry_form(**rows(book, ("bank_fees", "1.234,56", ""), ("bank", "", "1234,56")))
    for _time in range(2):
        answer = client.post(url("new_entry", network, book_id=book.pk), sent)
        entry = Entry.objects.get()
        assert answer.status_code == 302
        assert answer["Location"] == url("entry", network, book_id=book.pk, entry_id=entry.pk)
    assert (entry.number, entry.memo) == (1, "Tarifa do banco")
    assert [(line.account.purpose, line.amount_minor, line.act_type) for line in entry.lines.all()] == [
        ("bank_fees", 123_456, NON_COOPERATIVE),
        ("bank", -123_456, NON_COOPERATIVE),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("bank_fees", "10", ""), ("bank", "", "9")], "Débitos e créditos não fecham"),
        ([("bank_fees", "10", "")], "pelo menos duas linhas"),
        ([("bank_fees", "10", "10"), ("bank", "", "10")], "débito ou crédito, não os dois"),
        ([("", "10", ""), ("bank", "", "10")], "Escolha a conta"),
        ([("bank_fees", "", ""), ("bank", "", "10")], "Informe o valor"),
        ([("bank_fees", "dez", ""), ("bank", "", "10")], "não é um número"),
        ([("receivable", "10", ""), ("bank", "", "10")], "não diz de que empreendimento"),
    ],
)
def test_what_is_wrong_in_an_entry_is_said_and_kept(
    client: Client, network: Network, book: Book, lines: Any, said: str
) -> None:
    signed_in(client, network, "accountant")
    answer = client.post(url("new_entry", network, book_id=book.pk), entry_form(**rows(book, *lines)))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert "Tarifa do banco" in shown
    assert 'value="6f2c"' in shown
    assert not Entry.objects.exists()


def test_more_rows_keep_what_was_typed_and_post_nothing(client: Client, network: Network, book: Book) -> None:
    signed_in(client, network, "accountant")
    sent = entry_form(more="1", **rows(book, ("bank_fees", "1.234,5", ""), ("bank", "", "")), act_type="")
    answer = client.post(url("new_entry", network, book_id=book.pk), sent)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="rows" value="7"' in shown
    assert 'name="line-6-account"' in shown
    assert "Tarifa do banco" in shown
    assert 'value="1.234,5"' in shown
    assert "acertar" not in shown
    assert "errorlist" not in shown
    assert not Entry.objects.exists()


def test_a_draft_is_kept_seen_and_posted_or_discarded(client: Client, network: Network, book: Book) -> None:
    signed_in(client, network, "accountant")
    address = url("new_entry", network, book_id=book.pk)
    client.post(address, entry_form(draft="1", **rows(book, ("bank_fees", "10", ""), ("bank", "", "10"))))
    client.post(address, entry_form(draft="1", idempotency_key="other", **rows(book, ("bank_fees", "10", ""))))
    whole, lone = Entry.objects.order_by("pk")
    assert "Rascunhos à espera" in client.get(url("book", network, book_id=book.pk)).content.decode()
    lone_page = url("entry", network, book_id=book.pk, entry_id=lone.pk)
    assert client.post(lone_page, {"post": "1"}).status_code == 422
    assert client.post(lone_page, {"discard": "1"}).status_code == 302
    client.post(url("entry", network, book_id=book.pk, entry_id=whole.pk), {"post": "1"})
    assert [entry.number for entry in Entry.objects.all()] == [1]


def test_an_entry_shows_lines_source_and_reversal(client: Client, network: Network, book: Book, story: Any) -> None:
    signed_in(client, network, "treasury")
    undone = story["undone"]
    shown = client.get(url("entry", network, book_id=book.pk, entry_id=undone.pk)).content.decode()
    assert "Estornado por" in shown
    assert "Pão &amp; Cia &lt;b&gt;" in shown
    assert f"R${SPACE}7,00" in shown
    reversal = client.get(url("entry", network, book_id=book.pk, entry_id=undone.reversed_by.pk)).content.decode()
    assert "Estorno do nº 3: em dobro" in reversal


def test_a_source_is_named_and_linked_by_whoever_registered_it(
    client: Client, network: Network, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_registry", {})
    entry, other = posted(book, source=("test.round", 7)), posted(book, source=("test.unknown", 9))
    sources.register("test.round", lambda slug, pk: f"/{slug}/{pk}/", lambda ids: {pk: f"Rodada {pk}" for pk in ids})
    with pytest.raises(ValueError, match="twice"):
        sources.register("test.round", lambda slug, pk: "", lambda ids: {})
    signed_in(client, network, "council")
    shown = client.get(url("entry", network, book_id=book.pk, entry_id=entry.pk)).content.decode()
    assert f'<a href="/{network.slug}/7/">Rodada 7</a>' in shown
    assert "test.unknown 9" in client.get(url("entry", network, book_id=book.pk, entry_id=other.pk)).content.decode()


def test_a_reversal_asks_once_and_says_what_will_happen(client: Client, network: Network, book: Book) -> None:
    entry = posted(book, source=("payments.charge", 1))
    signed_in(client, network, "accountant")
    address = url("reverse_entry", network, book_id=book.pk, entry_id=entry.pk)
    asked = client.get(address).content.decode()
    assert "O que deu origem ao lançamento continua como está" in asked
    refused = client.post(address, {"date": "2026-03-02", "reason": " "})
    assert refused.status_code == 422
    done = client.post(address, {"date": "2026-03-02", "reason": "Em dobro"})
    assert done.status_code == 302
    again = client.post(address, {"date": "2026-03-02", "reason": "Em dobro"})
    assert again.status_code == 422
    assert "já foi estornado" in again.content.decode()
    assert Entry.objects.count() == 2


def test_months_are_closed_and_reopened_on_their_page(client: Client, network: Network, book: Book) -> None:
    posted(book, date=dt.date(2026, 2, 1))
    signed_in(client, network, "accountant")
    address, period = url("periods", network, book_id=book.pk), Period.objects.get()
    shown = client.get(address).content.decode()
    assert "Fechar este mês" in shown
    assert "Fevereiro de 2026" in shown
    client.post(address, {"period": period.pk, "close": "1"})
    period.refresh_from_db()
    assert period.is_closed
    no_reason = client.post(address, {"period": period.pk, "reopen": "1", "reason": ""})
    assert no_reason.status_code == 422
    client.post(address, {"period": period.pk, "reopen": "1", "reason": "Nota atrasada"})
    period.refresh_from_db()
    assert not period.is_closed
    assert client.post(address, {"period": "987654"}).status_code == 404


def test_a_statement_opens_moves_and_closes(client: Client, network: Network, book: Book, story: Any) -> None:
    honey = story["honey"]
    charge(book, honey, 2_500, dt.date(2025, 11, 3), memo="Rodada 0")
    paid = [LegSpec(N.BANK, 4_000, COOPERATIVE, honey.pk), LegSpec(N.RECEIVABLE, -4_000, COOPERATIVE, honey.pk)]
    posted(book, lines=paid, memo="Pix recebido")
    signed_in(client, network, "enterprise_member", honey)
    answer = client.get(url("statement", network, enterprise_id=honey.pk))
    shown, found = answer.content.decode(), answer.context["statement"]
    assert (found.ledger.opening_minor, found.ledger.closing_minor) == (2_500, 8_500)
    assert [line.running_minor for line, _link in answer.context["lines"]] == [12_500, 8_500]
    assert f"deve R${SPACE}85,00" in shown
    # Its own book says 100,00: the page says so.
    assert "Os dois livros não dizem o mesmo" in shown
    assert "lancamentos" not in shown


def test_exports_hold_every_line_and_no_formula(client: Client, network: Network, book: Book) -> None:
    posted(book, 123_456, memo='=HYPERLINK("x")', source=("test.x", 1))
    signed_in(client, network, "accountant")
    csv = client.get(url("export", network, book_id=book.pk, kind="csv"))
    text = csv.content.decode("utf-8-sig")
    assert "attachment" in csv["Content-Disposition"]
    assert text.splitlines()[1].startswith("2026-03-02;1;\"'=HYPERLINK")
    assert ";1234,56;;" in text
    xlsx = client.get(url("export", network, book_id=book.pk, kind="xlsx"))
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx.content))
    assert workbook.sheetnames == ["Diário", "Balancete"]
    line = next(workbook["Diário"].iter_rows(min_row=2))
    assert (line[2].data_type, line[5].value) == ("s", 1234.56)
    account = book.accounts.get(purpose="bank").pk
    one = client.get(url("export", network, book_id=book.pk, kind="csv"), {"conta": account}).content.decode()
    assert len(one.splitlines()) == 2
    assert client.get(url("export", network, book_id=book.pk, kind="exe")).status_code == 404


def test_lists_take_the_same_number_of_queries_whatever_their_length(
    client: Client, network: Network, book: Book
) -> None:
    signed_in(client, network, "accountant")
    actor = makers.by_system(network.pk)

    def grow(count: int) -> None:
        for _number in range(count):
            enterprise = factories.enterprise()
            makers.book_of(enterprise)
            charge(book, enterprise, 100)
        operations.post_entries(book, [makers.spec(5) for _number in range(count * 3)], actor=actor)

    enterprise = factories.enterprise()
    charge(book, enterprise, 100)
    addresses = [
        url("books", network),
        *pages(network, book),
        url("statement", network, enterprise_id=enterprise.pk),
        url("new_entry", network, book_id=book.pk),
    ]
    grow(2)
    charge(book, enterprise, 100, source=("payments.charge", 1))
    before = [_queries(client, address) for address in addresses]
    grow(10)
    for _number in range(5):
        charge(book, enterprise, 100, source=("payments.charge", 1))
    assert [_queries(client, address) for address in addresses] == before
    assert max(before) <= 20


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


def test_books_are_found_by_part_of_the_name_without_accents(client: Client, network: Network, story: Any) -> None:
    signed_in(client, network, "council")
    shown = client.get(url("books", network), {"q": "pao"}).content.decode()
    assert "Pão &amp; Cia" in shown
    assert "Mel do Vale" not in shown
    assert "Nenhum livro" in client.get(url("books", network), {"q": "nada disso"}).content.decode()


def test_the_empty_network_has_a_page_too(client: Client, network: Network) -> None:
    signed_in(client, network, "council")
    assert "Ainda não há livros" in client.get(url("books", network)).content.decode()
    assert not Account.objects.exists()
