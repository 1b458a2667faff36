# SPDX-License-Identifier: AGPL-3.0-or-later
"""A supplier answers a request for quotes by its own link, without an account (B3, N6)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests import factories
from tests.purchasing import factories as buying

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed
from mutirao.kernel.models import AuditEntry, Job
from mutirao.network.models import Enterprise, Network
from mutirao.purchasing import tasks
from mutirao.purchasing.errors import AnswerDeadlinePassed, QuotesAreClosed, SuppliersMissing
from mutirao.purchasing.models import PriceBreak, PurchaseRound, Quote, QuoteFile, QuoteRequest
from mutirao.purchasing.operations import quote_requests as asking
from mutirao.purchasing.operations import rounds

LATER = dt.timedelta(days=3)


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def enterprise(network: Network) -> Enterprise:
    return factories.enterprise(name="Mãos da Terra")


@pytest.fixture
def round_(enterprise: Enterprise, network: Network, coordinator: Actor, noon: dt.datetime) -> PurchaseRound:
    """60 kg of rice, no boxes; needs are closed."""
    products = [factories.product(name="Arroz"), factories.product(name="Caixa", unit="un")]
    made = buying.open_round(network, coordinator, products=products, places=[buying.place(name="Galpão")])
    rounds.edit_good(buying.goods(made)[0], last_price=Decimal("7.77"), actor=coordinator)
    buying.enter(made, enterprise, coordinator, "60")
    return rounds.close_needs(made, actor=coordinator)


@pytest.fixture
def supplier(network: Network) -> Supplier:
    return factories.supplier(name="Armazém do Povo", email="vendas@armazem.coop")


@pytest.fixture
def asked(round_: PurchaseRound, supplier: Supplier, coordinator: Actor) -> QuoteRequest:
    return ask(round_, coordinator, supplier)


def ask(round_: PurchaseRound, actor: Actor, supplier: Supplier, **more: Any) -> QuoteRequest:
    until = more.pop("answer_until", clock.now() + LATER)
    return asking.ask_for_quotes(round_, suppliers=[supplier], answer_until=until, actor=actor, **more)[0]


def path(request_: QuoteRequest) -> str:
    return f"/cotar/{asking.token_of(request_)}/"


def rice(round_: PurchaseRound) -> int:
    return buying.goods(round_)[0].pk


def filled(round_: PurchaseRound, price: str = "5,20", **more: Any) -> dict[str, Any]:
    """The form as a supplier sends it: rice in sacks of 30 kg, cheaper from 60 kg on."""
    key = f"{rice(round_)}-0"
    return {
        "row": [key], f"price-{key}-0": price, f"from-{key}-0": "", f"pack-{key}": "30",
        f"from-{key}-1": "60", f"price-{key}-1": "4,90", f"brand-{key}": "Camil", "freight_minor": "35,00",
        "name": "Seu Jorge", "act": "send", "seen": "", "idempotency_key": "once", **more,
    }  # fmt: skip


def stamp(round_: PurchaseRound) -> str:
    return asking.version_of(Quote.objects.filter(round=round_, is_withdrawn=False).first())


def pages(answer: Any) -> str:
    return str(answer.content.decode())


# --- asking ----------------------------------------------------------------------------------------------------------


def test_each_supplier_gets_a_link_of_its_own_and_only_its_hash_is_kept(
    round_: PurchaseRound, coordinator: Actor, supplier: Supplier
) -> None:
    other = factories.supplier()
    made = asking.ask_for_quotes(
        round_, suppliers=[supplier, other], answer_until=clock.now() + LATER, actor=coordinator
    )
    tokens = [asking.token_of(row) for row in made]
    assert len(set(tokens)) == 2
    assert all(len(token) == 20 for token in tokens)
    stored = [str(value) for row in QuoteRequest.objects.values() for value in row.values()]
    assert not any(token in text for token in tokens for text in stored)


def test_asking_twice_asks_once(round_: PurchaseRound, coordinator: Actor, asked: QuoteRequest) -> None:
    before = asking.token_of(asked)
    again = asking.ask_for_quotes(
        round_, suppliers=[asked.supplier], answer_until=clock.now() + LATER, actor=coordinator
    )
    assert again == []
    assert asking.token_of(QuoteRequest.objects.get()) == before


def test_asking_is_refused_to_members_without_suppliers_in_the_past_and_after_the_quotes(
    round_: PurchaseRound, coordinator: Actor, supplier: Supplier, network: Network, enterprise: Enterprise
) -> None:
    member = factories.actor(network, "enterprise_coordinator", enterprise)
    with pytest.raises(NotAllowed):
        ask(round_, member, supplier)
    with pytest.raises(SuppliersMissing):
        asking.ask_for_quotes(round_, suppliers=[], answer_until=clock.now() + LATER, actor=coordinator)
    with pytest.raises(AnswerDeadlinePassed):
        ask(round_, coordinator, supplier, answer_until=clock.now())
    rounds.cancel_round(round_, reason="Não vai sair", actor=coordinator)
    with pytest.raises(QuotesAreClosed):
        ask(round_, coordinator, supplier)


def test_the_link_goes_by_email_once_however_often_the_job_runs(
    asked: QuoteRequest, django_capture_on_commit_callbacks: Any
) -> None:
    job = Job.objects.get(task="mutirao.purchasing.tasks.mail_quote_request")
    assert asking.token_of(asked) not in str(job.arguments)
    jobs.run(job)
    assert not tasks.mail_quote_request(**job.arguments)
    [letter] = mail.outbox
    assert letter.to == ["vendas@armazem.coop"]
    assert path(asked) in letter.body


def test_the_link_is_mailed_in_the_networks_language(asked: QuoteRequest, network: Network) -> None:
    Network.objects.filter(pk=network.pk).update(language="fr")
    jobs.run(Job.objects.get(task="mutirao.purchasing.tasks.mail_quote_request"))
    [letter] = mail.outbox
    assert letter.subject.startswith("Demande de"), letter.subject
    assert "pede uma cotação" not in letter.body


def test_an_email_that_fails_is_tried_again(asked: QuoteRequest, settings: Any) -> None:
    job = Job.objects.get(task="mutirao.purchasing.tasks.mail_quote_request")
    settings.EMAIL_BACKEND = "no.such.backend"
    jobs.run(job)
    assert job.state == Job.State.READY
    assert job.last_error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tasks.mail_quote_request(**job.arguments)
    assert len(mail.outbox) == 1


def test_a_supplier_without_email_gets_no_letter(round_: PurchaseRound, coordinator: Actor) -> None:
    ask(round_, coordinator, factories.supplier())
    assert not Job.objects.filter(task__contains="mail_quote_request").exists()


def test_sending_again_ends_the_link_before(asked: QuoteRequest, coordinator: Actor, client: Client) -> None:
    old = path(asked)
    renewed = asking.renew_link(asked, actor=coordinator)
    assert path(renewed) != old
    assert client.get(old).status_code == 404
    assert client.get(path(renewed)).status_code == 200


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_needed_and_nothing_else_of_the_network(asked: QuoteRequest, client: Client) -> None:
    said = pages(client.get(path(asked)))
    assert "Arroz" in said
    assert "60 kg" in said
    assert "Galpão" in said
    assert "Caixa" not in said, "nobody asked for it"
    assert "Mãos da Terra" not in said, "who asked"
    assert "7,77" not in said, "what the network paid last time"
    assert "/rede/" not in said, "no way into the network"
    assert "o fornecedor não entrega" not in said, "the reader is the supplier"


def test_no_search_engine_keeps_the_page_and_no_other_site_learns_its_address(
    asked: QuoteRequest, client: Client
) -> None:
    for answer in (client.get(path(asked)), client.get("/cotar/nada/")):
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


def test_whoever_holds_one_link_reads_nothing_of_another(
    round_: PurchaseRound, asked: QuoteRequest, coordinator: Actor, client: Client
) -> None:
    other = ask(round_, coordinator, factories.supplier(name="Outro Armazém"))
    client.post(path(asked), filled(round_, price="3,33"))
    said = pages(client.get(path(other)))
    assert "3,33" not in said
    assert "Armazém do Povo" not in said
    assert "Seu Jorge" not in said
    client.post(path(other), filled(round_, price="6,66"))
    assert {quote.supplier.name for quote in Quote.objects.all()} == {"Armazém do Povo", "Outro Armazém"}
    assert "6,66" not in pages(client.get(path(asked)))


def test_a_token_of_one_link_writes_nothing_into_another(
    round_: PurchaseRound, asked: QuoteRequest, coordinator: Actor
) -> None:
    other = ask(round_, coordinator, factories.supplier())
    with pytest.raises(asking.LinkUnknown):
        asking.decline_request(other, token=asking.token_of(asked), actor=asking.supplier_actor(other))
    other.refresh_from_db()
    assert other.declined_at is None


def test_guessing_ends_after_twenty_tries_even_with_the_right_link(asked: QuoteRequest, client: Client) -> None:
    assert [client.get(f"/cotar/tentativa{n}/").status_code for n in range(20)] == [404] * 20
    assert client.get("/cotar/tentativa20/").status_code == 429
    assert client.get(path(asked)).status_code == 429
    with clock.at(clock.now() + dt.timedelta(minutes=10)):
        assert client.get(path(asked)).status_code == 200


def test_many_openings_of_a_right_link_are_no_guessing(asked: QuoteRequest, client: Client) -> None:
    assert {client.get(path(asked)).status_code for _n in range(30)} == {200}


def test_the_first_opening_is_remembered_but_not_that_of_a_message_preview(asked: QuoteRequest, client: Client) -> None:
    client.get(path(asked), headers={"user-agent": "WhatsApp/2.23"})
    asked.refresh_from_db()
    assert asked.state == QuoteRequest.State.SENT
    client.get(path(asked))
    asked.refresh_from_db()
    assert asked.state == QuoteRequest.State.OPENED


# --- the answer ------------------------------------------------------------------------------------------------------


def test_an_answer_becomes_the_suppliers_quote_with_its_origin_on_the_trail(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    answer = client.post(path(asked), filled(round_))
    assert answer.status_code == 302
    quote = Quote.objects.get()
    assert (quote.supplier, quote.origin, quote.freight_minor) == (asked.supplier, "supplier", 3500)
    line = quote.lines.get()
    assert (line.pack_size, line.brand) == (30, "Camil")
    steps = PriceBreak.objects.filter(line=line).values_list("from_quantity", "unit_price")
    assert list(steps) == [(0, Decimal("5.2")), (60, Decimal("4.9"))]
    entry = AuditEntry.objects.get(act="purchasing.quote_entered")
    assert (entry.actor_name, entry.via, entry.data["origin"]) == ("Armazém do Povo (Seu Jorge)", "link", "supplier")
    assert "Recebemos a sua cotação" in pages(client.get(path(asked)))


def test_a_form_sent_twice_is_one_quote(round_: PurchaseRound, asked: QuoteRequest, client: Client) -> None:
    assert client.post(path(asked), filled(round_)).status_code == 302
    assert client.post(path(asked), filled(round_)).status_code == 302
    assert Quote.objects.count() == 1


def test_a_correction_is_a_new_version_and_the_old_one_stays(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    client.post(path(asked), filled(round_))
    old = Quote.objects.get()
    client.post(path(asked), filled(round_, price="5,00", seen=stamp(round_), idempotency_key="two"))
    new = Quote.objects.get(is_withdrawn=False)
    old.refresh_from_db()
    assert (old.is_withdrawn, new.replaces) == (True, old)
    assert PriceBreak.objects.filter(line__quote=old, unit_price=Decimal("5.2")).exists()
    assert PriceBreak.objects.filter(line__quote=new, unit_price=Decimal(5)).exists()


def test_a_correction_of_an_outdated_page_is_shown_again_with_what_was_typed(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, coordinator: Actor
) -> None:
    buying.quote(round_, coordinator, buying.line(buying.goods(round_)[0], "9"), supplier=asked.supplier)
    answer = client.post(path(asked), filled(round_, price="5,55"))
    assert answer.status_code == 422
    assert "5,55" in pages(answer)
    assert Quote.objects.get().origin == "team"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    answer = client.post(path(asked), filled(round_, price="cinco", freight_minor="x"))
    assert answer.status_code == 422
    assert "cinco" in pages(answer)
    assert not Quote.objects.exists()
    key = f"{rice(round_)}-0"
    empty = client.post(path(asked), {"row": [key], f"price-{key}-0": "", "act": "send"})
    assert "A cotação não tem nenhum preço." in pages(empty)


@pytest.mark.parametrize("price", ["9" * 40, "1e400", "NaN", "Infinity", "-3", "0,0000001", "٣", "1.2.3"])
def test_odd_and_huge_numbers_are_refused_in_words(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, price: str
) -> None:
    answer = client.post(path(asked), filled(round_, price=price))
    assert answer.status_code == 422, price
    assert price in pages(answer)
    assert not Quote.objects.exists()


@pytest.mark.parametrize(("price", "meant"), [("5.20", "5.2"), ("1.234,50", "1234.5"), ("1,234.50", "1234.5")])
def test_prices_are_read_with_comma_and_dot(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, price: str, meant: str
) -> None:
    key = f"{rice(round_)}-0"
    sent = filled(round_, price=price, **{f"from-{key}-1": "", f"price-{key}-1": ""})
    assert client.post(path(asked), sent).status_code == 302
    assert PriceBreak.objects.get().unit_price == Decimal(meant)


@pytest.mark.parametrize(("language", "word"), [("es", "Precio por kg"), ("fr", "Prix par kg")])
def test_the_page_speaks_the_suppliers_language(asked: QuoteRequest, client: Client, language: str, word: str) -> None:
    said = pages(client.get(path(asked), headers={"accept-language": language}))
    assert word in said
    assert "Enviar a cotação" not in said


def test_a_good_of_another_round_cannot_be_slipped_in(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, network: Network, coordinator: Actor
) -> None:
    elsewhere = buying.goods(buying.open_round(network, coordinator, title="Outra"))[0].pk
    sent = filled(round_, row=[f"{elsewhere}-0"], **{f"price-{elsewhere}-0-0": "1"})
    assert client.post(path(asked), sent).status_code == 422
    assert not Quote.objects.exists()


def test_a_draft_is_kept_as_typed_and_no_quote_yet(round_: PurchaseRound, asked: QuoteRequest, client: Client) -> None:
    sent = filled(round_, price="quatro e pouco", act="draft", notes="Ligar depois")
    assert client.post(path(asked), sent).status_code == 302
    assert not Quote.objects.exists()
    said = pages(Client().get(path(asked)))
    assert "quatro e pouco" in said
    assert "Ligar depois" in said
    client.post(path(asked), filled(round_))
    asked.refresh_from_db()
    assert asked.draft == {}


def test_declining_takes_the_offer_out_and_answering_afterwards_is_welcome(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    client.post(path(asked), filled(round_))
    client.post(path(asked), {"act": "decline", "reason": "Acabou o arroz"})
    asked.refresh_from_db()
    assert (asked.state, asked.decline_reason) == ("declined", "Acabou o arroz")
    assert Quote.objects.get().is_withdrawn
    client.post(path(asked), filled(round_, idempotency_key="anew"))
    asked.refresh_from_db()
    assert asked.state == "answered"
    assert Quote.objects.filter(is_withdrawn=False).count() == 1


def test_after_the_deadline_the_answer_is_read_only(round_: PurchaseRound, asked: QuoteRequest, client: Client) -> None:
    client.post(path(asked), filled(round_))
    with clock.at(asked.answer_until):
        said = pages(client.get(path(asked)))
        assert "O prazo para responder terminou" in said
        assert "5,20" in said
        assert "<form" not in said.split("<main")[1]
        client.post(path(asked), filled(round_, price="1,00", seen=stamp(round_), idempotency_key="late"))
        client.post(path(asked), {"act": "decline"})
    assert Quote.objects.get().is_withdrawn is False
    with clock.at(asked.answer_until + dt.timedelta(days=61)):
        assert client.get(path(asked)).status_code == 404


def test_once_the_round_went_on_nothing_is_taken_and_nothing_is_told(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, coordinator: Actor
) -> None:
    rounds.cancel_round(round_, reason="Briga na diretoria", actor=coordinator)
    answer = client.post(path(asked), filled(round_))
    assert "já foi encerrado" in pages(answer)
    assert "Briga" not in pages(answer)
    assert not Quote.objects.exists()


def test_a_cancelled_link_says_so_and_takes_nothing(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, coordinator: Actor
) -> None:
    asking.revoke_link(asked, reason="Fornecedor trocado", actor=coordinator)
    answer = client.post(path(asked), filled(round_))
    assert answer.status_code == 410
    assert "cancelado por quem o mandou" in pages(answer)
    assert not Quote.objects.exists()


def test_a_changed_secret_leaves_links_working_but_shows_them_no_more(asked: QuoteRequest, settings: Any) -> None:
    token = asking.token_of(asked)
    settings.SECRET_KEY = "another installation's secret, after a restore"
    assert asking.token_of(asked) == ""
    assert asking.request_of(token).pk == asked.pk


# --- files -----------------------------------------------------------------------------------------------------------


def photo(name: str = "tabela.png") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


def test_photos_are_made_anew_and_documents_known_by_content(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    pdf = SimpleUploadedFile("../../precos.pdf", b"%PDF-1.4\n%%EOF", "text/html")
    assert client.post(path(asked), filled(round_, documents=[photo(), pdf])).status_code == 302
    kept = list(QuoteFile.objects.all())
    assert [(row.name, row.content_type) for row in kept] == [
        ("tabela.jpg", "image/jpeg"), ("precos.pdf", "application/pdf"),
    ]  # fmt: skip
    assert kept[0].file.read(3) == b"\xff\xd8\xff"
    assert ".." not in kept[1].file.name


@pytest.mark.parametrize(
    ("name", "content"),
    [("lista.pdf", b"<html><script>"), ("foto.jpg", b"GIF89a..."), ("virus.pdf", b"MZ\x90\x00"), ("vazio.pdf", b"")],
)
def test_other_files_are_refused_and_nothing_is_written(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, name: str, content: bytes
) -> None:
    answer = client.post(path(asked), filled(round_, documents=[SimpleUploadedFile(name, content)]))
    assert answer.status_code == 422
    assert not Quote.objects.exists()
    assert not QuoteFile.objects.exists()


def test_at_most_six_files(round_: PurchaseRound, asked: QuoteRequest, client: Client) -> None:
    answer = client.post(path(asked), filled(round_, documents=[photo(f"{n}.png") for n in range(7)]))
    assert answer.status_code == 422
    assert not QuoteFile.objects.exists()


# --- the team --------------------------------------------------------------------------------------------------------


def test_the_team_asks_on_a_page_and_sees_who_opened_answered_and_declined(
    round_: PurchaseRound, supplier: Supplier, client: Client
) -> None:
    buying.signed_in(client, "purchasing")
    until = (clock.now() + LATER).strftime("%Y-%m-%dT%H:%M")
    other, third = factories.supplier(name="Dois"), factories.supplier(name="Três")
    sent = {"suppliers": [supplier.pk, other.pk, third.pk], "answer_until": until, "message": "Sem agrotóxico"}
    assert client.post(buying.url(round_, "cotacoes/links/novo/"), sent).status_code == 302
    rows = {row.supplier_id: row for row in QuoteRequest.objects.all()}
    outside = Client()
    assert "Sem agrotóxico" in pages(outside.get(path(rows[supplier.pk])))
    outside.post(path(rows[other.pk]), filled(round_))
    outside.post(path(rows[third.pk]), {"act": "decline", "reason": "Só vendo açúcar"})
    said = pages(client.get(buying.url(round_, "cotacoes/links/")))
    for words in ("abriu, falta responder", "respondeu em", "não fornece desta vez", "Só vendo açúcar"):
        assert words in said


def test_the_team_finds_link_qr_message_and_reminder_on_one_page(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    buying.signed_in(client, "purchasing")
    Client().get(path(asked))
    said = pages(client.get(buying.url(round_, f"cotacoes/links/{asked.pk}/")))
    assert f"http://testserver{path(asked)}" in said
    assert "<svg" in said
    assert "espera a sua resposta" in said


def test_deadline_renewal_and_cancelling_have_their_pages(
    round_: PurchaseRound, asked: QuoteRequest, client: Client
) -> None:
    buying.signed_in(client, "purchasing")
    base = buying.url(round_, f"cotacoes/links/{asked.pk}/")
    later = clock.now() + dt.timedelta(days=9)
    client.post(base + "prazo/", {"answer_until": later.strftime("%Y-%m-%dT%H:%M")})
    asked.refresh_from_db()
    assert asked.answer_until > clock.now() + dt.timedelta(days=8)
    client.post(base + "trocar/")
    client.post(base + "cancelar/", {"reason": "Pedimos a outro"})
    asked.refresh_from_db()
    assert (asked.issue, asked.state) == (2, "revoked")


def test_files_of_suppliers_are_for_those_who_see_quotes(
    round_: PurchaseRound, asked: QuoteRequest, client: Client, enterprise: Enterprise
) -> None:
    client.post(path(asked), filled(round_, documents=[photo()]))
    address = buying.url(round_, f"cotacoes/arquivo/{QuoteFile.objects.get().pk}/")
    assert client.get(address).status_code == 302
    buying.signed_in(client, "enterprise_member", enterprise)
    assert client.get(address).status_code == 403
    buying.signed_in(client, "purchasing")
    answer = client.get(address)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")


def test_a_request_of_another_network_is_not_found(round_: PurchaseRound, asked: QuoteRequest, client: Client) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        buying.signed_in(client, "coordination")
    address = f"/rede/{elsewhere.slug}/rodadas/{round_.number}/cotacoes/links/{asked.pk}/"
    assert client.get(address).status_code == 404
