# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charges of a network outside Brazil: bank account, code for the bank's application, instructions in words."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import segno
from django.test import Client
from django.urls import reverse
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.network.models import Network
from mutirao.payments import operations as do
from mutirao.payments import queries
from mutirao.payments.core import transfer
from mutirao.payments.errors import BankAccountWrong
from mutirao.payments.models import Charge, PaymentSettings

pytestmark = pytest.mark.django_db
IBAN, DAY = "FR1420041010050500013M02606", dt.date(2026, 3, 31)


@pytest.fixture
def abroad(network: Network) -> Network:
    network.country, network.currency, network.language, network.time_zone = "FR", "EUR", "fr", "Europe/Paris"
    network.save()
    return network


@pytest.fixture
def desk(coordinator: Actor) -> Client:
    client = Client()
    client.force_login(factories.Person.objects.get(pk=coordinator.person_id))
    return client


def page_of(client: Client, name: str, network: Network, *args: Any) -> str:
    return client.get(reverse(f"payments:{name}", args=[network.slug, *args])).content.decode()


def paid_into(network: Network, actor: Actor, **fields: Any) -> PaymentSettings:
    values = {"bank_holder": "Fédération", "iban": "fr14 2004 1010 0505 0001 3m02 606", "bic": "PSSTFRPPPAR"}
    return do.save_settings(network, days_to_pay=7, actor=actor, **{**values, **fields})


def test_a_charge_in_euro_shows_account_reference_and_the_banks_code(
    abroad: Network, coordinator: Actor, desk: Client
) -> None:
    paid_into(abroad, coordinator, instructions="Ou no caixa, das 9 às 12.")
    row = do.issue_charge(factories.enterprise(), amount_minor=12_345, title="Março", due_on=DAY, actor=coordinator)
    shown = queries.transfer_of(row, queries.settings_of(abroad))
    assert shown is not None
    assert (shown.holder, shown.iban, shown.reference) == ("Fédération", "FR14 2004 1010 0505 0001 3M02 606", row.txid)
    assert shown.code == transfer.transfer_code(
        holder="Fédération", account=IBAN, bank="PSSTFRPPPAR", amount_minor=12_345, reference=row.txid
    )
    page = page_of(desk, "charge", abroad, row.pk)
    assert "<svg" in page
    assert shown.iban in page
    assert row.txid in page
    assert "das 9 às 12" in page
    assert "Pix" not in re.sub(r"<[^>]+>", " ", page)


def test_the_code_says_what_the_banks_agreed_on() -> None:
    code = transfer.transfer_code(holder="Fédération", account=IBAN, bank="", amount_minor=5, reference="REF1")
    assert code is not None
    assert code.error == "M"
    # The same text drawn by a plain QR coder: version, coding 2 (ISO 8859-1), SCT, no BIC, holder, account, amount.
    lines = ["BCD", "002", "2", "SCT", "", "Fédération", IBAN, "EUR0.05", "", "", "REF1"]
    plain = segno.make_qr("\n".join(lines), error="m", boost_error=False, encoding="iso-8859-1")
    assert [bytes(row) for row in code.matrix] == [bytes(row) for row in plain.matrix]


@pytest.mark.parametrize("amount", [0, -1, 100_000_000_000])
def test_amounts_that_the_code_cannot_carry_have_none(amount: int) -> None:
    assert transfer.transfer_code(holder="F", account=IBAN, bank="", amount_minor=amount, reference="R") is None


def test_a_currency_without_code_still_shows_the_account(abroad: Network, coordinator: Actor, desk: Client) -> None:
    abroad.currency = "TND"
    abroad.save()
    paid_into(abroad, coordinator)
    row = do.issue_charge(factories.enterprise(), amount_minor=12_345, title="Março", due_on=DAY, actor=coordinator)
    page = page_of(desk, "charge", abroad, row.pk).replace("\xa0", " ")
    assert "FR14 2004" in page
    assert 'class="qr-code"' not in page
    assert "12,345" in page


def test_a_wrong_account_is_refused(abroad: Network, coordinator: Actor) -> None:
    with pytest.raises(BankAccountWrong) as wrong:
        paid_into(abroad, coordinator, iban="FR1420041010050500013M02607")
    assert wrong.value.field == "iban"
    with pytest.raises(BankAccountWrong) as wrong:
        paid_into(abroad, coordinator, bic="ABC")
    assert wrong.value.field == "bic"
    with pytest.raises(BankAccountWrong) as wrong:
        paid_into(abroad, coordinator, bank_holder=" ")
    assert wrong.value.field == "bank_holder"


def test_settings_ask_for_the_account_and_not_for_pix(abroad: Network, coordinator: Actor, desk: Client) -> None:
    page = page_of(desk, "settings", abroad)
    assert 'name="iban"' in page
    assert 'name="pix_key"' not in page
    answer = desk.post(
        reverse("payments:settings", args=[abroad.slug]),
        {"bank_holder": "F", "iban": IBAN, "bic": "", "instructions": "", "days_to_pay": "10"},
    )
    assert answer.status_code == 302
    assert PaymentSettings.objects.get().iban == IBAN


def test_whole_coins_are_typed_shown_and_shared_without_cents(
    abroad: Network, coordinator: Actor, desk: Client
) -> None:
    abroad.currency, abroad.country, abroad.language = "CLP", "CL", "es"
    abroad.save()
    enterprise = factories.enterprise()
    form = {"enterprise": enterprise.pk, "title": "Aporte", "amount_minor": "12.345", "due_on": "2026-03-31"}
    made = desk.post(reverse("payments:new_charge", args=[abroad.slug]), {**form, "amount_minor": "12.345,5"})
    assert made.status_code == 422
    assert desk.post(reverse("payments:new_charge", args=[abroad.slug]), form).status_code == 302
    row = Charge.objects.get()
    assert row.amount_minor == 12_345
    assert row.currency == "CLP"
    assert "12.345" in page_of(desk, "charge", abroad, row.pk)
