# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the phone without a connection: nothing typed is lost, nothing is sent twice, nobody reads another's pages."""

from __future__ import annotations

import datetime as dt
import io
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from mutirao.kernel import clock
from mutirao.kernel.models import AuditEntry, Submission
from mutirao.network.models import Person
from mutirao.payments.models import Payment
from mutirao.payments.operations import issue_charge
from mutirao.purchasing.models import Need, Participation, PurchaseRound, Receipt
from tests import factories
from tests.journeys.conftest import CHROMIUM_ARGUMENTS, FAILED, chromium, picture, watch
from tests.journeys.doing import PASSWORD, coordinator_of, enter, field, fits, press
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey
SENT = re.compile(r": Enviado\.$")
BAR = "envio guardado neste aparelho, ainda não enviado"


class Aerial:
    """Between phone and server; when it is cut nothing comes through, whatever the browser thinks of itself.

    A browser told to be offline still wakes its service worker at its next start, before it is told again.
    """

    def __init__(self, server: tuple[str, int]) -> None:
        self.is_cut = self.is_weak = False
        self._server, self._open = server, set[socket.socket]()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._server)
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                while self.is_weak and not self.is_cut:
                    time.sleep(0.1)
                other.sendall(data)
        for end in (one, other):
            self._open.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        self.is_cut = True
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self._listener.close()


class Phone:
    """One phone: its browser's folder outlives the browser, as on a real one."""

    def __init__(self, browser: Browser, site: Any, folder: Path) -> None:
        self._browser, self._site, self._folder = browser, site, folder
        host, port = site.url.removeprefix("http://").split(":")
        self.aerial = Aerial((host, int(port)))
        self.context: BrowserContext | None = None

    def start(self) -> Page:
        """Open the browser again, with what its folder holds."""
        self.context = self._browser.browser_type.launch_persistent_context(
            str(self._folder), executable_path=chromium(), args=CHROMIUM_ARGUMENTS,
            viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, device_scale_factor=2,
            locale="pt-BR", timezone_id="America/Sao_Paulo",
            base_url=self.aerial.url, offline=self.aerial.is_cut,
        )  # fmt: skip
        self.context.set_default_timeout(10_000)
        page = self.context.pages[0]
        watch(page, self._site)
        return page

    @property
    def page(self) -> Page:
        assert self.context is not None
        return self.context.pages[-1]

    def kill(self) -> None:
        """Close the browser, whatever it was doing."""
        assert self.context is not None
        self.context.close()
        self.context = None

    def cut(self) -> None:
        assert self.context is not None
        self.aerial.cut()
        self.context.set_offline(True)

    def join(self) -> None:
        assert self.context is not None
        self.aerial.is_cut = False
        self.context.set_offline(False)


@pytest.fixture
def phone(browser: Browser, site: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Phone]:
    made = Phone(browser, site, tmp_path / "phone")
    expect.set_options(timeout=10_000)
    yield made
    failed = request.node.stash.get(FAILED, False)
    if made.context is not None:
        if failed:
            picture(made.page, request.node.name, "failed-phone")
        made.kill()
    made.aerial.close()
    assert site.errors == [] or failed, "the browser or the server complained: " + "; ".join(site.errors)


def ready(page: Page, person: Person) -> None:
    """Wait until the device keeps what this person may need on the way."""
    done = "async () => MutiraoOutbox.note('ahead_done')"
    wait_for(lambda: page.evaluate(done) == str(person.pk), page)
    page.goto("/aparelho/")
    expect(page.get_by_role("button", name="Apagar as páginas guardadas")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Início.*guardada em"))).to_be_visible()


class Bus:
    """An open round; Rosa, who coordinates an enterprise, has her phone with her."""

    def __init__(self, network: Any, team: Actor, phone: Phone) -> None:
        self.network, self.team, self.phone = network, team, phone
        self.enterprise = factories.enterprise(name="Cooperativa Mãos da Serra")
        self.round = make.open_round(network, team)
        self.good = make.goods(self.round)[0]
        self.rosa: Person = coordinator_of(self.enterprise)
        self.address = make.url(self.round, f"pedidos/{self.enterprise.pk}/")
        page = phone.start()
        enter(page, self.rosa)
        ready(page, self.rosa)

    def fill(self, page: Page, quantity: str) -> None:
        """Fill the list in and send it."""
        field(page, self.good.product.name).fill(quantity)
        press(page, "Enviar o pedido")

    def asked(self) -> list[str]:
        return [str(row.quantity.normalize()) for row in Need.objects.filter(good=self.good)]

    def taken_in(self) -> int:
        return AuditEntry.objects.filter(act="purchasing.needs_entered").count()


@pytest.fixture
def bus(network: Any, coordinator: Actor, phone: Phone) -> Bus:
    return Bus(network, coordinator, phone)


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
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
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


def test_the_last_word_counts_and_staying_out_replaces_the_list(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
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
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
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
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
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


def test_a_session_that_ended_asks_to_sign_in_and_then_sends(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    assert phone.context is not None
    phone.context.clear_cookies()
    phone.join()
    page.goto("/")
    expect(
        page.get_by_role("link", name=re.compile("1 envio guardado neste aparelho. Entre para enviar"))
    ).to_be_visible()
    assert bus.asked() == []
    enter(page, bus.rosa)
    wait_for(lambda: bus.asked() == ["7.5"], page)
    expect(page.locator("outbox-bar")).to_be_hidden()


def test_another_person_on_the_same_phone_sees_and_sends_nothing_of_the_first(bus: Bus, shot: Any) -> None:
    phone, page = bus.phone, bus.phone.page
    phone.cut()
    page.goto(bus.address)
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    assert phone.context is not None
    phone.context.clear_cookies()
    phone.join()
    bento = factories.person(name="Bento Alves", password=PASSWORD)
    factories.role(bento, "enterprise_coordinator", factories.enterprise(name="Padaria do Vale"))
    enter(page, bento)
    ready(page, bento)
    expect(page.get_by_text("1 envio de outra pessoa que usa este aparelho")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    assert "Mãos da Serra" not in page.locator("main").inner_text()
    shot(page, "others")
    phone.cut()
    page.goto(bus.address)
    expect(page.get_by_text("Esta página não está guardada neste aparelho.")).to_be_visible()
    shot(page, "no-network")
    assert fits(page)
    phone.join()
    assert bus.asked() == []
    assert bus.taken_in() == 0


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


def test_a_session_that_ended_while_the_list_was_open_keeps_it_and_sends_it_after_signing_in(bus: Bus) -> None:
    page = bus.phone.page
    page.goto(bus.address)
    field(page, bus.good.product.name).fill("7,5")
    assert bus.phone.context is not None
    bus.phone.context.clear_cookies(name="sessionid")
    press(page, "Enviar o pedido")
    expect(page.get_by_role("heading", level=1, name="Entrar")).to_be_visible()
    enter(page, bus.rosa)
    wait_for(lambda: bus.asked() == ["7.5"], page)


def test_signing_out_wipes_what_was_kept_also_without_a_connection(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    kept = "async () => (await (await caches.open('mutirao-pages')).keys()).length"
    assert page.evaluate(kept) > 3
    phone.cut()
    page.goto("/")
    page.locator("details.menu.user > summary").click()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_text("Você saiu neste aparelho")).to_be_visible()
    page.goto(bus.address)
    expect(page.get_by_text("Esta página não está guardada neste aparelho.")).to_be_visible()
    assert page.evaluate(kept) == 0
    # The server hears of it before anybody sees a page of that session again.
    phone.join()
    page.goto(bus.address)
    expect(page).to_have_url(re.compile("/conta/entrar/"))
    assert page.evaluate(kept) == 0


def test_what_came_and_its_photo_are_written_down_without_a_connection(
    network: Any, coordinator: Actor, phone: Phone, shot: Any
) -> None:
    story = Story(network, coordinator)
    order = story.order()
    buyer = factories.person(name="Lia Souza", password=PASSWORD)
    factories.role(buyer, "purchasing")
    page = phone.start()
    enter(page, buyer)
    ready(page, buyer)
    phone.cut()
    page.goto(make.url(story.round, f"encomendas/{order.number}/chegou/"))
    field(page, "Chegou").fill("14")
    page.get_by_label(re.compile("^Foto")).set_input_files(
        {"name": "carga.jpg", "mimeType": "image/jpeg", "buffer": large_photo()}
    )
    press(page, "Guardar o recebimento")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
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


def test_the_home_screen_is_offered_until_it_was_answered(
    network: Any, coordinator: Actor, open_page: Any, sign_in: Any
) -> None:
    offer = """() => {
        const event = new Event("beforeinstallprompt", { cancelable: true });
        event.prompt = () => { document.body.dataset.prompted = "1"; };
        dispatchEvent(event);
    }"""
    page: Page = open_page(360, 740)
    sign_in(page, coordinator_of(factories.enterprise()))
    page.goto(f"/rede/{network.slug}/")
    expect(page.get_by_role("button", name="Pôr na tela inicial")).to_be_hidden()
    page.evaluate(offer)
    page.get_by_role("button", name="Pôr na tela inicial").click()
    expect(page.locator("body[data-prompted]")).to_have_count(1)
    page.reload()
    page.evaluate(offer)
    expect(page.get_by_role("button", name="Pôr na tela inicial")).to_be_hidden()


def wait_for(true: Callable[[], bool], page: Page) -> None:
    for _ in range(150):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within fifteen seconds")
