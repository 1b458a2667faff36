# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of payments as their people see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories
from tests.payments import docs
from tests.payments.conftest import DAY

from mutirao.kernel import clock, formats, jobs, sources, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import trail
from mutirao.network.models import Person
from mutirao.notices.queries import short_path
from mutirao.payments import operations as do
from mutirao.payments.core.pix import parse
from mutirao.payments.models import BankStatement, Bill, Charge, CreditAccount, Payment, PaymentSettings
from mutirao.payments.urls import urlpatterns

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def enterprise(network: Any) -> Any:
    return factories.enterprise(name="Mel da Serra")


@pytest.fixture
def charge(enterprise: Any, treasurer: Actor) -> Charge:
    return do.issue_charge(enterprise, amount_minor=12_345, title="Rodada de março", due_on=DAY, actor=treasurer)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def treasury(treasurer: Actor) -> Client:
    return signed_in(treasurer)


@pytest.fixture
def member(network: Any, enterprise: Any) -> Client:
    return signed_in(factories.actor(network, "enterprise_member", enterprise))


def url(network: Any, name: str, *args: Any) -> str:
    return reverse(f"payments:{name}", args=[network.slug, *args])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Who sees what --------------------------------------------------------------------------------------------------


def test_member_sees_own_charges_and_nobody_elses(
    network: Any, charge: Charge, member: Client, treasurer: Actor
) -> None:
    other = do.issue_charge(factories.enterprise(), amount_minor=1, title="De outro", due_on=DAY, actor=treasurer)
    page = text(member.get(url(network, "charges")))
    assert "Rodada de março" in page
    assert "De outro" not in page
    assert "R$ 123,45" in page.replace("\xa0", " ")
    assert member.get(url(network, "charge", charge.pk)).status_code == 200
    assert member.get(url(network, "charge", other.pk)).status_code == 404
    assert member.get(url(network, "account", other.enterprise_id)).status_code == 404


def every_page(network: Any, charge: Charge, treasurer: Actor) -> list[str]:
    """Every address of the module, each with rows that exist."""
    payment = do.record_payment(charge.enterprise, amount_minor=100, received_on=DAY, method="pix", actor=treasurer)
    bill = do.register_bill(factories.supplier(), amount_minor=500, title="Conta", due_on=DAY, actor=treasurer)
    item = do.pay_bill(bill, amount_minor=100, paid_on=DAY, method="pix", actor=treasurer)
    statement = do.upload_statement(
        network, file_name="e.csv", content=b"Data;Valor;Historico\n02/03/2026;1,00;Ana\n", actor=treasurer
    )
    have = {
        "charge_id": charge.pk, "enterprise_id": charge.enterprise_id, "bill_id": bill.pk,
        "payment_id": payment.pk, "statement_id": statement.pk,
    }  # fmt: skip
    pages = []
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        values = {name: have[name] for name in re.findall(r"<int:(\w+)>", route)}
        if pattern.name == "reverse_bill_payment":
            values["payment_id"] = item.pk
        pages.append(reverse(f"payments:{pattern.name}", kwargs={"slug": network.slug, **values}))
    return pages


def test_strangers_are_told_of_nothing(network: Any, charge: Charge, treasurer: Actor) -> None:
    pages = every_page(network, charge, treasurer)
    other = factories.network()
    with tenancy.activated(other):
        stranger = signed_in(factories.actor(other, "coordination"))
    for page in pages:
        assert Client().get(page).status_code == 302
        assert stranger.get(page).status_code == 404
        assert stranger.post(page).status_code == 404
        if not page.endswith(("/cobrancas/", "/nova/", "/chave-pix/", "/extratos/", "/contas-a-pagar/")):
            assert stranger.get(page.replace(network.slug, other.slug)).status_code in (403, 404)


def test_every_page_answers_whoever_may_see_it(network: Any, charge: Charge, treasurer: Actor) -> None:
    pages = every_page(network, charge, treasurer)
    someone = Person.objects.get(pk=treasurer.person_id)
    factories.role(someone, "coordination")
    client = Client()
    client.force_login(someone)
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert not re.search(r'style="|onclick|<script(?! (type="module" )?src)', response.content.decode()), page


def test_members_and_council_change_nothing(network: Any, charge: Charge, treasurer: Actor, member: Client) -> None:
    council = signed_in(factories.actor(network, "council"))
    readable = {"charges", "charge", "payment", "account", "bills", "bill"}
    for page, pattern in zip(every_page(network, charge, treasurer), urlpatterns, strict=True):
        if pattern.name in readable:
            assert council.get(page).status_code == 200, page
        else:
            assert council.get(page).status_code in (403, 404), page
            assert member.get(page).status_code in (403, 404), page
            assert council.post(page, {"reason": "x"}).status_code in (403, 404), page
            assert member.post(page, {"reason": "x"}).status_code in (403, 404), page
    charge.refresh_from_db()
    assert charge.state == "open"


# --- A charge -------------------------------------------------------------------------------------------------------


def test_charge_shows_its_pix_code(network: Any, charge: Charge, member: Client, coordinator: Actor) -> None:
    do.save_settings(
        network, pix_key="529.982.247-25", merchant_name="Rede Raízes", merchant_city="São Carlos", days_to_pay=7,
        actor=coordinator,
    )  # fmt: skip
    response = member.get(url(network, "charge", charge.pk))
    html = response.content.decode()
    code = re.search(r"data-copy>(000201[^<]+)<", html)
    assert code is not None
    read = parse(code[1])
    assert (read.key, read.amount_minor, read.txid) == ("52998224725", 12_345, charge.txid)
    assert (read.name, read.city) == ("Rede Raizes", "Sao Carlos")
    assert "<svg" in html
    assert 'class="qr-code"' in html
    assert charge.txid in text(response)


def test_pix_code_asks_for_what_is_still_open(network: Any, charge: Charge, member: Client, treasurer: Actor) -> None:
    do.save_settings(
        network, pix_key="52998224725", merchant_name="R", merchant_city="C", days_to_pay=7, actor=treasurer
    )
    do.record_payment(charge.enterprise, amount_minor=345, received_on=DAY, method="pix", actor=treasurer)
    code = re.search(r"data-copy>(000201[^<]+)<", member.get(url(network, "charge", charge.pk)).content.decode())
    assert code is not None
    assert parse(code[1]).amount_minor == 12_000


def test_without_a_key_the_page_says_what_to_do(network: Any, charge: Charge, member: Client, treasury: Client) -> None:
    assert "Combine com a tesouraria" in text(member.get(url(network, "charge", charge.pk)))
    page = treasury.get(url(network, "charge", charge.pk))
    assert url(network, "settings") in page.content.decode()


def test_source_tells_why(network: Any, enterprise: Any, treasurer: Actor, member: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sources, "_registry", {})
    sources.register(
        "purchasing.round",
        lambda slug, pk: f"/rede/{slug}/rodadas/{pk}/",
        lambda ids: {pk: f"Rodada {pk}" for pk in ids},
    )
    with pytest.raises(ValueError, match="twice"):
        sources.register("purchasing.round", lambda slug, pk: "", lambda ids: {})
    row = do.issue_charge(enterprise, amount_minor=1, title="x", actor=treasurer, source=("purchasing.round", 77))
    html = member.get(url(network, "charge", row.pk)).content.decode()
    assert f'<a href="/rede/{network.slug}/rodadas/77/">Rodada 77</a>' in html


def test_message_for_the_group_holds_amount_day_and_link(network: Any, charge: Charge, treasury: Client) -> None:
    page = text(treasury.get(url(network, "charge", charge.pk))).replace("\xa0", " ")
    assert "Falta pagar R$ 123,45 até 02/03/2026." in page
    assert f"http://testserver{url(network, 'charge', charge.pk)}" in page


# --- Payments -------------------------------------------------------------------------------------------------------


def payment_form(**more: Any) -> dict[str, Any]:
    return {"amount_minor": "100,00", "received_on": "2026-03-02", "method": "pix", "idempotency_key": "k1", **more}


def test_recording_a_payment_twice_counts_once(network: Any, charge: Charge, treasury: Client) -> None:
    page = url(network, "pay", charge.pk)
    for _ in range(2):
        response = treasury.post(page, payment_form())
        assert response.status_code == 302
    assert Payment.objects.count() == 1
    charge.refresh_from_db()
    assert charge.settled_minor == 10_000
    assert "já tinha sido enviado" in text(treasury.get(url(network, "charge", charge.pk)))


def test_a_reference_taken_before_is_refused_on_its_field(network: Any, charge: Charge, treasury: Client) -> None:
    page = url(network, "pay", charge.pk)
    treasury.post(page, payment_form(reference="E1"))
    response = treasury.post(page, payment_form(reference="E1", idempotency_key="k2"))
    assert response.status_code == 422
    assert "já foi registrado em 02/03/2026 para Mel da Serra" in text(response)
    assert 'value="100,00"' in response.content.decode()


def test_receipt_shows_where_the_money_went(network: Any, charge: Charge, treasury: Client, treasurer: Actor) -> None:
    row = do.record_payment(charge.enterprise, amount_minor=13_000, received_on=DAY, method="pix", actor=treasurer)
    page = text(treasury.get(url(network, "payment", row.pk))).replace("\xa0", " ")
    for words in ("R$ 130,00", "R$ 123,45", "Virou crédito R$ 6,55", treasurer.name):
        assert words in page
    response = treasury.post(url(network, "reverse_payment", row.pk), {"reason": "engano"})
    assert response.status_code == 302
    assert "Pagamento estornado" in text(treasury.get(url(network, "payment", row.pk)))


def test_credit_is_given_used_and_paid_out(network: Any, charge: Charge, treasury: Client) -> None:
    who = charge.enterprise_id
    given = {"amount_minor": "50", "reason": "devolução", "idempotency_key": "a"}
    assert treasury.post(url(network, "grant", who), given).status_code == 302
    response = treasury.post(url(network, "credit", charge.pk), {"amount_minor": "60", "idempotency_key": "b"})
    assert response.status_code == 422
    treasury.post(url(network, "credit", charge.pk), {"amount_minor": "20", "idempotency_key": "c"})
    treasury.post(
        url(network, "refund", who),
        {"amount_minor": "10", "paid_on": "2026-03-02", "method": "cash", "reason": "saiu", "idempotency_key": "d"},
    )
    assert CreditAccount.objects.get().balance_minor == 2_000
    treasury.post(url(network, "take_back_credit", charge.pk), {"reason": "engano"})
    assert CreditAccount.objects.get().balance_minor == 4_000


def test_new_charge_by_hand(network: Any, enterprise: Any, treasury: Client) -> None:
    form = {
        "enterprise": enterprise.pk, "title": "Contribuição", "amount_minor": "35,50", "due_on": "2026-03-10",
        "idempotency_key": "k",
    }  # fmt: skip
    assert treasury.post(url(network, "new_charge"), form).status_code == 302
    assert Charge.objects.get().amount_minor == 3_550


def test_cancel_and_write_off_want_a_reason(network: Any, charge: Charge, treasury: Client, coordinator: Actor) -> None:
    assert treasury.post(url(network, "cancel", charge.pk), {"reason": ""}).status_code == 422
    chief = signed_in(coordinator)
    assert chief.post(url(network, "write_off", charge.pk), {"reason": "fechou"}).status_code == 302
    assert chief.post(url(network, "undo_write_off", charge.pk), {"reason": "voltou"}).status_code == 302
    assert chief.post(url(network, "cancel", charge.pk), {"reason": "engano"}).status_code == 302
    charge.refresh_from_db()
    assert charge.state == "cancelled"


# --- Lists ----------------------------------------------------------------------------------------------------------


def test_filters_narrow_the_list(network: Any, charge: Charge, treasury: Client, treasurer: Actor) -> None:
    paid = do.issue_charge(
        factories.enterprise(name="Pão da Vila"), amount_minor=700, title="Paga", due_on=DAY, actor=treasurer
    )
    do.record_payment(paid.enterprise, amount_minor=700, received_on=DAY, method="cash", actor=treasurer)
    page = url(network, "charges")

    def shown(**query: str) -> set[str]:
        found = text(treasury.get(page, query))
        return {title for title in ("Rodada de março", "Paga") if f"· {title}" in found}

    assert shown() == {"Rodada de março"}
    assert shown(state="paid") == {"Paga"}
    assert shown(state="") == {"Rodada de março", "Paga"}
    assert shown(q="pao da") == {"Paga"}
    assert shown(q=str(charge.number)) == {"Rodada de março"}
    assert shown(q=paid.txid) == {"Paga"}
    assert shown(state="overdue") == set()
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert shown(state="overdue") == shown(overdue="true") == {"Rodada de março"}
    assert shown(due_until="2026-03-01") == set()
    assert shown(tudo="1") == shown(page="1") == {"Rodada de março"}


@pytest.mark.parametrize("name", ["charges", "bills", "bank_import"])
def test_lists_take_the_same_queries_however_long(network: Any, treasury: Client, treasurer: Actor, name: str) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            do.issue_charge(factories.enterprise(), amount_minor=100, title="x", due_on=DAY, actor=treasurer)
            do.register_bill(factories.supplier(), amount_minor=1, title="x", due_on=DAY, actor=treasurer)
            number = Charge.objects.count()
            csv = f"Data;Valor;Historico\n02/03/2026;{number},00;Ana\n".encode()
            do.upload_statement(network, file_name="e.csv", content=csv, actor=treasurer)

    assert queries_of(treasury, network, name, fill, 2) == queries_of(treasury, network, name, fill, 12)


def queries_of(client: Client, network: Any, name: str, fill: Any, count: int) -> int:
    fill(count)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url(network, name)).status_code == 200
    return len(captured)


def test_charge_page_takes_the_same_queries_however_long_its_history(
    network: Any, charge: Charge, treasury: Client, treasurer: Actor
) -> None:
    def pay(count: int) -> None:
        for _ in range(count):
            do.record_payment(charge.enterprise, amount_minor=10, received_on=DAY, method="pix", actor=treasurer)

    counts = []
    for many in (2, 10):
        pay(many)
        with CaptureQueriesContext(connection) as captured:
            treasury.get(url(network, "charge", charge.pk))
            treasury.get(url(network, "account", charge.enterprise_id))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Settings -------------------------------------------------------------------------------------------------------


def test_settings_keep_a_checked_key_and_show_a_code_to_try(network: Any, treasury: Client) -> None:
    form = {
        "pix_key": "tesouraria@Raizes.coop", "merchant_name": "Rede de Cooperação Solidária Raízes",
        "merchant_city": "São José do Rio Preto", "days_to_pay": "10",
    }  # fmt: skip
    wrong = treasury.post(url(network, "settings"), {**form, "pix_key": "529.982.247-24"})
    assert wrong.status_code == 422
    assert "CPF não confere" in text(wrong)
    assert treasury.post(url(network, "settings"), form).status_code == 302
    kept = PaymentSettings.objects.get()
    assert (kept.pix_key, kept.merchant_name, kept.merchant_city, kept.days_to_pay) == (
        "tesouraria@raizes.coop",
        "Rede Cooperacao Solidaria",
        "Sao Jose do Rio",
        10,
    )
    code = re.search(r"data-copy>(000201[^<]+)<", treasury.get(url(network, "settings")).content.decode())
    assert code is not None
    assert parse(code[1]).amount_minor is None


# --- Bank statements ------------------------------------------------------------------------------------------------


def send(client: Client, network: Any, content: str, name: str = "extrato.csv") -> Any:
    return client.post(url(network, "bank_import"), {"file": SimpleUploadedFile(name, content.encode())})


@pytest.fixture
def three(network: Any, treasurer: Actor) -> list[Charge]:
    names = ("Mel da Serra", "Costureiras do Bairro", "Pão da Vila")
    return [
        do.issue_charge(
            factories.enterprise(name=name), amount_minor=10_000 + at, title="Rodada", due_on=DAY, actor=treasurer
        )
        for at, name in enumerate(names)
    ]


def statement_for(three: list[Charge]) -> str:
    return (
        "Data;Histórico;Valor\n"
        f"02/03/2026;PIX QRS {three[0].txid};100,00\n"
        "02/03/2026;PIX COSTUREIRAS DO BAIRRO;100,01\n"
        "02/03/2026;DEPOSITO EM DINHEIRO;60,00\n"
        "02/03/2026;TARIFA;-5,00\n"
    )


def test_statement_from_upload_to_payments(network: Any, treasury: Client, three: list[Charge]) -> None:
    response = send(treasury, network, statement_for(three))
    assert response.status_code == 302
    page = treasury.get(response["Location"])
    html = page.content.decode()
    assert re.search(rf'name="take-2" value="c{three[0].pk}" checked', html)
    assert re.search(rf'name="take-3" value="c{three[1].pk}">', html)
    assert '<select class="input" name="take-4"' in html
    assert not Payment.objects.exists()
    chosen = {
        "take-2": f"c{three[0].pk}", "take-3": f"c{three[1].pk}", "take-4": "", "other-4": f"nº {three[2].number}",
    }  # fmt: skip
    assert treasury.post(response["Location"], chosen).status_code == 302
    assert [row.state for row in Charge.objects.order_by("number")] == ["paid", "paid", "open"]
    assert Charge.objects.get(pk=three[2].pk).settled_minor == 6_000
    assert Payment.objects.get(amount_minor=6_000).method == "transfer"
    assert Payment.objects.get(amount_minor=10_000).method == "pix"

    again = send(treasury, network, statement_for(three))
    assert again["Location"] == response["Location"]
    assert "Não há mais nada para registrar" in text(treasury.get(again["Location"]))
    treasury.post(again["Location"], chosen)
    assert Payment.objects.count() == 3


def test_an_overlapping_statement_takes_only_what_is_new(network: Any, treasury: Client, three: list[Charge]) -> None:
    first = send(treasury, network, statement_for(three))
    treasury.post(first["Location"], {"take-2": f"c{three[0].pk}"})
    second = send(treasury, network, statement_for(three) + "03/03/2026;DEPOSITO;1,00\n")
    assert second["Location"] != first["Location"]
    html = treasury.get(second["Location"]).content.decode()
    assert 'name="take-2"' not in html
    assert 'name="take-6"' in html


def test_a_statement_is_taken_in_whole_or_not_at_all(network: Any, treasury: Client, three: list[Charge]) -> None:
    where = send(treasury, network, statement_for(three) + "05/03/2026;PIX FUTURO;7,00\n")["Location"]
    chosen = {"take-2": f"c{three[0].pk}", "other-6": str(three[2].number)}
    response = treasury.post(where, chosen)
    assert response.status_code == 422
    assert "Linha 6: A data 05/03/2026 ainda não chegou." in text(response)
    assert "Nada foi registrado" in text(response)
    assert not Payment.objects.exists()
    html = response.content.decode()
    assert re.search(rf'name="take-2" value="c{three[0].pk}" checked', html)
    assert f'name="other-6" value="{three[2].number}"' in html


def test_what_is_typed_and_means_nothing_is_named(network: Any, treasury: Client, three: list[Charge]) -> None:
    where = send(treasury, network, statement_for(three))["Location"]
    response = treasury.post(where, {"other-4": "Ninguém", "take-2": "c999999", "take-3": "x"})
    assert response.status_code == 422
    for words in ("Linha 4: não achamos “Ninguém”", "Linha 2: não achamos “c999999”", "Linha 3: não achamos “x”"):
        assert words in text(response)
    assert treasury.post(where, {}).status_code == 422


def test_money_of_an_enterprise_without_a_charge_becomes_credit(
    network: Any, treasury: Client, three: list[Charge], treasurer: Actor
) -> None:
    do.cancel_charge(three[0], reason="engano", actor=treasurer)
    where = send(treasury, network, statement_for(three))["Location"]
    html = treasury.get(where).content.decode()
    value = f"e{three[0].enterprise_id}"
    assert f'name="take-2" value="{value}">' in html
    treasury.post(where, {"take-2": value, "other-4": "pao DA vila"})
    assert CreditAccount.objects.get(enterprise=three[0].enterprise_id).balance_minor == 10_000
    assert Charge.objects.get(pk=three[2].pk).settled_minor == 6_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "vazio"),
        ("nome;fone\nAna;1\n", "Não achamos as colunas de data e de valor"),
        ("Data;Valor\n", "nenhum lançamento"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_in_words(
    network: Any, treasury: Client, content: str, words: str
) -> None:
    response = send(treasury, network, content)
    assert response.status_code == 422
    assert words in text(response)
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize(("bank", "csv", "lines"), docs.bank_examples())
def test_the_documented_exports_show_every_line(
    network: Any, treasury: Client, bank: str, csv: str, lines: list[dict[str, str]]
) -> None:
    where = send(treasury, network, csv)["Location"]
    response = treasury.get(where)
    assert response.status_code == 200
    assert len(re.findall(r'name="take-\d+"', response.content.decode())) == sum(
        "-" not in row["amount"] for row in lines
    )


def test_rows_that_cannot_be_read_are_named_on_the_page(network: Any, treasury: Client) -> None:
    where = send(treasury, network, "Data;Valor;Historico\n31/02/2026;1,00;a\n02/03/2026;x;b\n02/03/2026;1,00;c\n")[
        "Location"
    ]
    page = text(treasury.get(where))
    assert "Linha 2: “31/02/2026” não é uma data." in page
    assert "Linha 3: “x” não é um valor." in page


# --- Bills ----------------------------------------------------------------------------------------------------------


def test_a_bill_from_entry_to_offset(network: Any, treasury: Client) -> None:
    supplier = factories.supplier()
    form = {
        "supplier": supplier.pk, "title": "Frete", "document": "12", "amount_minor": "100", "due_on": "2026-03-10",
    }  # fmt: skip
    for key in ("a", "b"):
        treasury.post(url(network, "new_bill"), {**form, "idempotency_key": key})
    first, second = Bill.objects.order_by("pk")
    money = {"amount_minor": "100", "paid_on": "2026-03-02", "method": "pix"}
    treasury.post(url(network, "pay_bill", first.pk), {**money, "idempotency_key": "c"})
    treasury.post(
        url(network, "adjust_bill", first.pk), {"amount_minor": "60", "document": "12", "reason": "devolução"}
    )
    treasury.post(url(network, "refund_bill", first.pk), {**money, "amount_minor": "10", "idempotency_key": "d"})
    treasury.post(url(network, "offset_bill", second.pk), {"from_bill": first.pk, "amount_minor": "30"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owed_back_minor, second.open_minor) == (0, 7_000)
    treasury.post(url(network, "pay_bill", second.pk), {**money, "amount_minor": "70", "idempotency_key": "e"})
    item = second.payments.get(amount_minor=7_000)
    treasury.post(url(network, "reverse_bill_payment", second.pk, item.pk), {"reason": "engano"})
    second.refresh_from_db()
    assert (second.state, second.open_minor) == ("open", 7_000)
    page = text(treasury.get(url(network, "bill", second.pk)))
    assert "estorno" in page


# --- On other pages -------------------------------------------------------------------------------------------------


def test_member_narrows_the_list_by_one_tap(network: Any, charge: Charge, member: Client, treasurer: Actor) -> None:
    do.record_payment(charge.enterprise, amount_minor=12_345, received_on=DAY, method="pix", actor=treasurer)
    page = url(network, "charges")
    assert "Rodada de março" not in text(member.get(page))
    for state in ("paid", ""):
        response = member.get(page, {"state": state})
        assert "Rodada de março" in text(response)
        assert f'href="?state={state}" aria-current="page"' in response.content.decode()


def test_a_cancelled_charge_says_when_and_why(network: Any, charge: Charge, member: Client, treasurer: Actor) -> None:
    do.cancel_charge(charge, reason="a rodada não aconteceu", actor=treasurer)
    page = text(member.get(url(network, "charge", charge.pk)))
    assert "02/03/2026 Cobrança cancelada a rodada não aconteceu" in page
    assert "Pagar com Pix" not in page


def test_pages_of_enterprise_and_supplier_show_their_money(
    network: Any, charge: Charge, treasury: Client, member: Client, treasurer: Actor
) -> None:
    page = reverse("network:enterprise", args=[network.slug, charge.enterprise_id])
    for client in (treasury, member):
        assert url(network, "account", charge.enterprise_id) in client.get(page).content.decode()
    other = signed_in(factories.actor(network, "enterprise_member", factories.enterprise()))
    assert url(network, "account", charge.enterprise_id) not in other.get(page).content.decode()
    bill = do.register_bill(factories.supplier(), amount_minor=500, title="Conta", due_on=DAY, actor=treasurer)
    page = reverse("catalogue:supplier", args=[network.slug, bill.supplier_id])
    assert url(network, "bill", bill.pk) in treasury.get(page).content.decode()
    assert url(network, "bill", bill.pk) not in member.get(page).content.decode()


def test_search_finds_charges_and_bills_for_those_who_see_them(
    network: Any, charge: Charge, member: Client, treasury: Client, treasurer: Actor
) -> None:
    do.issue_charge(factories.enterprise(name="Pão"), amount_minor=1, title="Açúcar", due_on=DAY, actor=treasurer)
    do.register_bill(
        factories.supplier(), amount_minor=5, title="Frete", document="NF 4110", due_on=DAY, actor=treasurer
    )
    page = reverse("search", args=[network.slug])
    assert "nº 1: Rodada de março" in text(member.get(page, {"q": "marco mel"}))
    assert "nº 1: Rodada de março" in text(treasury.get(page, {"q": charge.txid.lower()}))
    assert "nº 2: Açúcar" in text(treasury.get(page, {"q": "nº 2"}))
    assert "nº 2: Açúcar" not in text(member.get(page, {"q": "acucar"}))
    assert "Frete" in text(treasury.get(page, {"q": "4110"}))
    assert "Frete" not in text(member.get(page, {"q": "4110"}))


def test_every_recorded_act_has_words(network: Any, charge: Charge, treasurer: Actor) -> None:
    every_page(network, charge, treasurer)
    acts = set(AuditEntry.objects.filter(network_id=network.pk).values_list("act", flat=True))
    assert len(acts) >= 5
    assert {act for act in acts if not trail.described(act)} == set()


# --- Ready texts ----------------------------------------------------------------------------------------------------


def test_an_account_has_a_short_link_and_a_ready_text(
    network: Any, enterprise: Any, charge: Charge, member: Client, treasurer: Actor
) -> None:
    do.issue_charge(enterprise, amount_minor=1_000, title="Mensalidade", due_on=DAY - dt.timedelta(days=40),
                    actor=treasurer)  # fmt: skip
    do.grant_credit(enterprise, amount_minor=500, reason="Devolução", actor=treasurer)
    jobs.drain()
    address = url(network, "account", enterprise.pk)
    short = short_path(address)
    assert short != address
    page = member.get(address)
    assert page.context["message"].replace("\xa0", " ").split("\n") == [
        network.name,
        "Contas de Mel da Serra com a rede",
        f"• nº 2, Mensalidade: R$ 10,00 até {formats.date(DAY - dt.timedelta(days=40))}",
        f"• nº 1, Rodada de março: R$ 123,45 até {formats.date(DAY)}",
        "Falta pagar: R$ 133,45",
        "Disso, vencido: R$ 10,00",
        "Crédito: R$ 5,00",
        f"http://testserver{short}",
    ]
    assert "Copiar mensagem" in text(page)
    assert member.get(short)["Location"] == address


def test_an_accounts_text_names_the_first_charges_and_counts_the_rest(
    network: Any, enterprise: Any, member: Client, treasurer: Actor
) -> None:
    for number in range(12):
        do.issue_charge(enterprise, amount_minor=100, title=f"Taxa {number}", due_on=DAY, actor=treasurer)
    said = member.get(url(network, "account", enterprise.pk)).context["message"]
    assert said.count("•") == 10
    assert "… e mais 2." in said


def test_an_account_where_nothing_ever_was_has_nothing_to_send(network: Any, enterprise: Any, member: Client) -> None:
    assert "Enviar por mensagem" not in text(member.get(url(network, "account", enterprise.pk)))
