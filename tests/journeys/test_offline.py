# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filled in without a connection: nothing typed is lost, nothing is sent twice, a person decides conflicts."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from mutirao.kernel import clock
from mutirao.kernel.models import Submission
from mutirao.network.models import RoleAssignment
from mutirao.payments.models import Payment
from mutirao.payments.operations import issue_charge
from mutirao.purchasing.models import Need, Participation, PurchaseRound, Receipt
from tests import factories
from tests.journeys.doing import PASSWORD, coordinator_of, enter, field, fits, press
from tests.journeys.phones import Bus, Phone, bus, phone, ready, wait_for
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey
__all__ = ["bus", "phone"]
SENT = re.compile(r": Enviado\.$")
BAR = "envio guardado neste aparelho, ainda não enviado"


def test_needs_typed_on_a_bus_arrive_once_the_day_after_though_the_clock_is_wrong(bus: Bus, shot: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    phone.cut()
    # A page that was never opened on this phone: it came along while there was a connection.
    page.goto(bus.address)
    expect(page.get_by_text("Esta cópia foi guardada em")).to_be_visible()
    shot(page, "kept-copy")
    assert fits(page)
    bus.fill(page, "7,5")
    expect(page.get_by_text("ainda não enviado. Vai sozinho quando houver rede")).to_be_visible()
    shot(page, "stored")
    assert fits(page)
    phone.kill()
    assert bus.asked() == []

    page = phone.start()
    page.clock.set_system_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    page.goto("/")
    assert bus.asked() == []
    expect(page.get_by_role("heading", level=1, name=re.compile("Olá"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("1 " + BAR))).to_be_visible()
    page.goto("/aparelho/")
    card = page.get_by_role("article")
    expect(card.get_by_role("heading")).to_contain_text("Pedido de Cooperativa Mãos da Serra")
    expect(card).to_contain_text(bus.good.product.name)
    expect(card).to_contain_text("7,5")
    shot(page, "waiting")
    assert fits(page)
    page.goto(bus.address)
    expect(field(page, bus.good.product.name)).to_have_value("7,5")
    assert bus.asked() == []

    phone.join()
    expect(page.get_by_text("foi recebido")).to_be_visible()
    assert bus.asked() == ["7.5"]
    assert bus.taken_in() == 1
    answered = Participation.objects.get(enterprise=bus.enterprise).answered_at
    assert answered is not None
    assert abs(answered - clock.now()) < dt.timedelta(minutes=5)  # the server's clock, not the phone's
    page.goto("/aparelho/")
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    expect(page.locator("outbox-bar")).to_be_hidden()


def test_what_was_sent_twice_counts_once(bus: Bus) -> None:
    """The answer is lost on the way, the connection returns twice, another tab sends too."""
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    page.goto("/aparelho/")
    expect(page.get_by_role("article")).to_be_visible()
    # The entry as it waits: put back after it was sent, as when the answer never came.
    copy = page.evaluate("async () => { const [row] = await MutiraoOutbox.all(); return row; }")
    phone.join()
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    assert bus.asked() == ["7.5"]
    again = """async (row) => {
        await new Promise((done) => {
            const asked = indexedDB.open("mutirao", 1);
            asked.onsuccess = () => {
                const all = asked.result.transaction("forms", "readwrite");
                all.objectStore("forms").put(row);
                all.oncomplete = () => { asked.result.close(); done(); };
            };
        });
        await Promise.all([MutiraoOutbox.flush(), MutiraoOutbox.flush()]);
        return (await MutiraoOutbox.all()).length;
    }"""
    assert page.evaluate(again, copy) == 0
    assert bus.asked() == ["7.5"]
    assert bus.taken_in() == 1
    assert Submission.objects.filter(kind__contains="need").count() == 1


def test_what_is_plainly_missing_is_said_on_the_bus_not_when_it_has_left(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.round.places.add(*(make.place(name=name) for name in ("Galpão", "Praça")))
    page.goto(bus.address)
    phone.cut()
    bus.fill(page, "7,5")
    expect(page.get_by_text("Falta responder o que está marcado.")).to_be_visible()
    expect(page.get_by_text("ainda não enviado")).to_have_count(0)
    page.get_by_role("radio", name="Praça").check()
    press(page, "Enviar o pedido")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    phone.join()
    wait_for(lambda: bus.asked() == ["7.5"], page)


def test_the_last_word_counts_and_staying_out_replaces_the_list(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    bus.fill(page, "9")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    page.goto(bus.address + "nao-participar/")
    field(page, "Recado para a equipe").fill("Sem forno esta semana")
    press(page, "Não participar desta vez")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    page.goto("/aparelho/")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("Sem forno esta semana")
    phone.join()
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    row = Participation.objects.get(enterprise=bus.enterprise)
    assert (row.state, row.remark) == (Participation.State.DECLINED, "Sem forno esta semana")
    assert bus.taken_in() == 0


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_where_the_centre_was_faster_a_person_decides(bus: Bus, choice: str, shot: Any, check_accessible: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    make.enter(bus.round, bus.enterprise, bus.team, "12")
    phone.join()
    expect(page.get_by_role("link", name=re.compile("1 envio precisa de você"))).to_be_visible()
    assert bus.asked() == ["12"]
    page.get_by_role("link", name=re.compile("1 envio precisa de você")).click()
    card = page.get_by_role("article")
    expect(card).to_contain_text("mudou este pedido")
    row = card.get_by_role("row", name=re.compile("^" + re.escape(bus.good.product.name)))
    expect(row.get_by_role("cell").nth(0)).to_have_text("7,5")
    expect(row.get_by_role("cell").nth(1)).to_have_text("12")
    shot(page, "conflict")
    assert fits(page)
    check_accessible(page)
    if choice == "mine":
        press(card, "Enviar o meu por cima")
        expect(page.get_by_text(SENT)).to_be_visible()
        assert bus.asked() == ["7.5"]
    else:
        card.get_by_text("Ficar com o que está na rede").click()
        press(card, "Apagar deste aparelho")
        expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
        assert bus.asked() == ["12"]
    expect(card).to_have_count(0)


def test_a_deadline_that_passed_meanwhile_is_told_and_nothing_is_lost(bus: Bus, shot: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    # A clock two days ahead, found out when the server was last asked.
    page.clock.set_system_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    page.evaluate("async () => { await MutiraoOutbox.pass(); }")
    bus.fill_without_a_connection()
    PurchaseRound.objects.update(needs_until=clock.now() - dt.timedelta(minutes=1))
    phone.join()
    page.get_by_role("link", name=re.compile("1 envio precisa de você")).click()
    card = page.get_by_role("article")
    expect(card).to_contain_text("O prazo dos pedidos da rodada")
    expect(card).to_contain_text("ela pode prorrogar o prazo")
    expect(card).to_contain_text("Esta etapa já passou")
    expect(card).to_contain_text("O relógio deste aparelho está adiantado em cerca de 2 dias")
    expect(card).to_contain_text("7,5")
    shot(page, "late")
    assert fits(page)
    assert bus.asked() == []
    # The team extends it: the same list goes in as it was typed.
    PurchaseRound.objects.update(needs_until=clock.now() + dt.timedelta(days=1))
    press(card, "Tentar outra vez")
    expect(page.get_by_text(SENT)).to_be_visible()
    assert bus.asked() == ["7.5"]


def test_where_nothing_comes_through_the_kept_copy_is_shown_and_what_is_sent_waits(bus: Bus) -> None:
    """A connection that is there and carries nothing: the commonest of all on the road."""
    phone, page = bus.phone, bus.phone.page
    page.goto("/")
    phone.aerial.is_weak = True
    page.goto(bus.address)
    expect(page.get_by_text("Esta cópia foi guardada em")).to_be_visible()
    field(page, bus.good.product.name).fill("7,5")
    phone.aerial.cut()
    press(page, "Enviar o pedido")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    phone.aerial.is_weak = phone.aerial.is_cut = False
    page.goto("/")
    wait_for(lambda: bus.asked() == ["7.5"], page)
    assert bus.taken_in() == 1


def test_what_came_and_its_photo_are_written_down_without_a_connection(
    network: Any, coordinator: Actor, phone: Phone, shot: Any
) -> None:
    write_down_without_a_connection(network, coordinator, phone)
    phone.kill()
    page = phone.start()
    page.goto("/aparelho/")
    expect(page.get_by_role("article")).to_contain_text("1 arquivo junto")
    shot(page, "waiting")
    phone.join()
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    receipt = Receipt.objects.get()
    assert receipt.lines.get().received == 14
    assert receipt.photos.count() == 1


def write_down_without_a_connection(network: Any, team: Actor, phone: Phone) -> str:
    """A buyer whose truck came, out of reach: fourteen and a photo wait on the phone; the address of the page."""
    story = Story(network, team)
    order = story.order()
    buyer = factories.person(name="Lia Souza", password=PASSWORD)
    factories.role(buyer, "purchasing")
    page = phone.start()
    enter(page, buyer)
    ready(page, buyer)
    phone.cut()
    address = make.url(story.round, f"encomendas/{order.number}/chegou/")
    page.goto(address)
    field(page, "Chegou").fill("14")
    page.get_by_label(re.compile("^Foto")).set_input_files(
        {"name": "carga.jpg", "mimeType": "image/jpeg", "buffer": large_photo()}
    )
    press(page, "Guardar o recebimento")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    return address


def large_photo() -> bytes:
    """A photo as phones make them: some megabytes."""
    out = io.BytesIO()
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def test_two_payments_taken_without_a_connection_are_two_and_each_counts_once(
    network: Any, coordinator: Actor, phone: Phone
) -> None:
    treasurer = factories.person(name="Téo Reis", password=PASSWORD)
    factories.role(treasurer, "treasury")
    charge = issue_charge(
        factories.enterprise(), amount_minor=20_000, title="Farinhas", due_on=clock.today(), actor=coordinator
    )
    page = phone.start()
    enter(page, treasurer)
    ready(page, treasurer)
    address = f"/rede/{network.slug}/cobrancas/{charge.pk}/pagamento/"
    page.goto(address)
    page.wait_for_load_state("networkidle")
    phone.cut()
    page.reload()
    for amount in ("50,00", "70,00"):
        field(page, "Valor").fill(amount)
        press(page, "Registrar pagamento")
        expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("2 envios guardados"))).to_be_visible()
    phone.join()
    expect(page.locator("outbox-bar")).to_be_hidden()
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [5_000, 7_000]


def test_without_a_worker_the_outbox_still_sends(
    network: Any, coordinator: Actor, open_page: Any, sign_in: Any
) -> None:
    """Old phones, and addresses without TLS: the open page keeps what is sent, the next page sends it."""
    enterprise = factories.enterprise(name="Cooperativa Mãos da Serra")
    round_ = make.open_round(network, coordinator)
    good = make.goods(round_)[0]
    page: Page = open_page(360, 740)
    page.add_init_script("delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks;")
    sign_in(page, coordinator_of(enterprise))
    page.goto(make.url(round_, "meu-pedido/"))
    page.context.set_offline(True)
    field(page, good.product.name).fill("3")
    press(page, "Enviar o pedido")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    page.close()
    page.context.set_offline(False)
    other = page.context.new_page()
    other.add_init_script("delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks;")
    other.goto(f"/rede/{network.slug}/")
    expect(other.locator("outbox-bar")).to_be_hidden()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    wait_for(lambda: Need.objects.filter(good=good).count() == 1, other)


def test_a_photo_that_waits_goes_along_when_the_list_is_corrected(
    network: Any, coordinator: Actor, phone: Phone
) -> None:
    address, page = write_down_without_a_connection(network, coordinator, phone), phone.page
    page.goto(address)
    expect(page.get_by_text("O arquivo que já esperava aqui vai junto.")).to_be_visible()
    field(page, "Chegou").fill("13")
    press(page, "Guardar o recebimento")
    expect(page.get_by_text("O arquivo que já esperava aqui vai junto.")).to_have_count(0)
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    page.goto("/aparelho/")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("1 arquivo junto")
    phone.join()
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    receipt = Receipt.objects.get()
    assert (receipt.lines.get().received, receipt.photos.count()) == (13, 1)


def test_what_the_server_fails_over_keeps_nothing_else_back_and_is_told_in_the_end(bus: Bus, site: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    other = make.open_round(bus.network, bus.team, title="Adubos de maio")
    page.goto("/aparelho/")
    press(page, "Guardar as páginas agora")
    later = make.url(other, f"pedidos/{bus.enterprise.pk}/")
    kept = "async (path) => !!(await (await caches.open('mutirao-pages')).match(path, { ignoreVary: true }))"
    wait_for(lambda: page.evaluate(kept, later), page)
    phone.cut()
    for address, good in ((bus.address, bus.good), (later, make.goods(other)[0])):
        page.goto(address)
        field(page, good.product.name).fill("5")
        press(page, "Enviar o pedido")
        expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    page.goto("/aparelho/")
    expect(page.get_by_role("article")).to_have_count(2)
    assert phone.context is not None
    broken = {"status": 503, "headers": {"X-Who": str(bus.rosa.pk)}, "body": "<main></main>"}

    def fail(route: Any) -> None:
        if route.request.method == "POST":
            route.fulfill(**broken)
        else:
            route.continue_()

    phone.context.route("**" + bus.address, fail)
    phone.join()
    expect(page.get_by_role("article")).to_have_count(1)
    assert Need.objects.filter(good__round=other).count() == 1
    for _turn in range(5):
        page.evaluate("async () => { await MutiraoOutbox.flush({ wait: true }).catch(() => {}); }")
    expect(page.get_by_role("article")).to_contain_text("O servidor não conseguiu guardar isto.")
    assert all(one.startswith("503 ") for one in site.errors)
    site.errors.clear()
    phone.context.unroute_all()
    press(page.get_by_role("article"), "Enviar o meu por cima")
    expect(page.get_by_text("Nada espera neste aparelho.")).to_be_visible()
    assert bus.asked() == ["5"]


def test_one_who_was_dismissed_meanwhile_is_told_and_sends_nothing(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    bus.fill_without_a_connection()
    RoleAssignment.objects.filter(person=bus.rosa).delete()
    page.goto("/aparelho/")
    phone.join()
    card = page.get_by_role("article")
    expect(card).to_contain_text("Precisa de você")
    expect(card).to_contain_text("7,5")
    assert bus.asked() == []
