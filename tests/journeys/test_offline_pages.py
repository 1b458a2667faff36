# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a phone keeps for reading: fetched ahead, fresh, drawn whole after an upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mutirao.network.models import RoleAssignment
from mutirao.site.offline import worker as worker_module
from tests import factories
from tests.journeys.doing import coordinator_of, field, press
from tests.journeys.phones import Bus, Phone, bus, phone, wait_for
from tests.purchasing import factories as make

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey
__all__ = ["bus", "phone"]


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


KEPT = """async (path) => {
    const found = await (await caches.open("mutirao-pages")).match(path, { ignoreVary: true });
    return found ? found.text() : "";
}"""
DRAWN_BY = """async (path) => {
    const found = await (await caches.open("mutirao-pages")).match(path, { ignoreVary: true });
    return found?.headers.get("X-Version");
}"""
FILES = "async () => (await caches.keys()).filter((name) => name.startsWith('mutirao-files-')).sort()"
SETTLED = """async () => {
    const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
    return !installing && !waiting && active.state === "activated" && active === navigator.serviceWorker.controller;
}"""
A_MINUTE_LATER = "async () => { await MutiraoOutbox.setNote('list_at', 0); }"


class Traffic:
    """What the phone asked of the server to keep it: addresses, and which of them it was spared (304)."""

    def __init__(self, phone: Phone) -> None:
        self.answers: list[tuple[str, int]] = []
        assert phone.context is not None
        phone.context.on("response", self._hear)

    def _hear(self, response: Any) -> None:
        headers = response.request.headers
        path = response.url.removeprefix("http://").partition("/")[2]
        if "x-keep-ahead" in headers or path == "aparelho/paginas/":
            self.answers.append(("/" + path, response.status))

    def of(self, path: str) -> list[int]:
        return [status for asked, status in self.answers if asked == path]


def test_a_round_opened_later_is_there_on_the_bus_once_the_app_was_opened_with_a_connection(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    later = make.open_round(bus.network, bus.team, title="Adubos de maio")
    address = make.url(later, f"pedidos/{bus.enterprise.pk}/")
    page.evaluate(A_MINUTE_LATER)
    traffic = Traffic(phone)
    page.goto("/aparelho/")
    wait_for(lambda: "Adubos de maio" in page.evaluate(KEPT, address), page)
    wait_for(lambda: page.evaluate("async () => MutiraoOutbox.note('list_at')") != 0, page)
    # Only what changed came: the list of the round before did not move over the weak connection again.
    assert traffic.of(address) == [200]
    assert traffic.of(bus.address) == []
    # Nothing happened since: the list itself is all that is asked for, and it is not sent.
    traffic.answers.clear()
    page.evaluate(A_MINUTE_LATER)
    page.goto("/aparelho/")
    wait_for(lambda: traffic.of("/aparelho/paginas/") == [304], page)
    page.wait_for_timeout(500)
    assert traffic.answers == [("/aparelho/paginas/", 304)]
    # Within the minute it is not even asked.
    traffic.answers.clear()
    page.goto("/aparelho/")
    page.wait_for_timeout(1500)
    assert traffic.answers == []
    phone.cut()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pedido de")
    field(page, make.goods(later)[0].product.name).fill("4")
    press(page, "Enviar o pedido")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    phone.join()
    expect(page.get_by_text("foi recebido")).to_be_visible()


@pytest.mark.parametrize("how", ["online", "early", "push", "back"])
def test_what_is_new_comes_also_when_the_connection_returns_a_notice_rings_or_one_looks_again(
    bus: Bus, how: str, site: Any
) -> None:
    phone, page = bus.phone, bus.phone.page
    assert phone.context is not None
    if how == "online":
        phone.cut()
    later = make.open_round(bus.network, bus.team, title="Adubos de maio")
    address = make.url(later, f"pedidos/{bus.enterprise.pk}/")
    if how == "push":  # told by the server: not a minute's patience
        phone.context.grant_permissions(["notifications"], origin=phone.aerial.url)
        deliver_push(page, phone.aerial.url, '{"title": "Rodada aberta"}')
    else:
        page.evaluate(A_MINUTE_LATER)
        if how == "online":
            phone.join()
        elif how == "early":  # the phone says that it is connected before anything comes through
            phone.context.route(lambda url: "/aparelho/paginas/" in url, lambda route: route.abort(), times=1)
            page.evaluate("dispatchEvent(new Event('online'))")
        else:
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_for(lambda: "Adubos de maio" in page.evaluate(KEPT, address), page)


def deliver_push(page: Page, origin: str, data: str) -> None:
    """A message from the push service, as the browser gives it to the worker."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerVersionUpdated", lambda event: found.extend(event["versions"]))
    session.send("ServiceWorker.enable")
    wait_for(lambda: any(one["status"] == "activated" for one in found), page)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[-1]["registrationId"], "data": data},
    )


def test_what_broke_off_in_the_middle_goes_on_from_there(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    later = make.open_round(bus.network, bus.team, title="Adubos de maio")
    address = make.url(later, f"pedidos/{bus.enterprise.pk}/")
    assert phone.context is not None
    phone.context.route(lambda url: url.endswith(address), lambda route: route.abort())
    page.evaluate(A_MINUTE_LATER)
    page.goto("/aparelho/")
    page.wait_for_timeout(1500)
    assert page.evaluate(KEPT, address) == ""
    phone.context.unroute_all()
    page.goto("/aparelho/")
    wait_for(lambda: "Adubos de maio" in page.evaluate(KEPT, address), page)


def test_after_an_upgrade_the_pages_kept_before_it_are_drawn_whole_and_then_come_anew(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, page = bus.phone, bus.phone.page
    [before] = page.evaluate(FILES)
    real = worker_module._described
    monkeypatch.setattr(worker_module, "_described", upgraded(*real()))
    # The new worker comes with the next look at the app; the connection goes before the pages came anew.
    assert phone.context is not None
    phone.context.route(lambda url: "/aparelho/paginas/" in url, lambda route: route.abort())
    page.goto("/aparelho/")
    wait_for(lambda: len(page.evaluate(FILES)) == 2, page)
    wait_for(lambda: page.evaluate(SETTLED), page)
    assert page.evaluate(FILES) == sorted([before, "mutirao-files-upgraded"])
    phone.cut()
    page.goto(bus.address)
    expect(page.get_by_text("Esta cópia foi guardada em")).to_be_visible()
    assert page.evaluate("[...document.styleSheets[0].cssRules].length > 5 && !!customElements.get('keep-form')")
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    phone.kill()
    phone.aerial.is_cut = False
    page = phone.start()
    page.goto("/aparelho/")
    wait_for(lambda: bus.asked() == ["7.5"], page)
    wait_for(lambda: page.evaluate(DRAWN_BY, make.url(bus.round)) == "upgraded", page)


def test_after_an_upgrade_pages_come_anew_though_nothing_else_has_changed(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = bus.phone.page
    monkeypatch.setattr(worker_module, "_described", upgraded(*worker_module._described()))
    page.goto("/aparelho/")
    wait_for(lambda: "mutirao-files-upgraded" in page.evaluate(FILES), page)
    wait_for(lambda: page.evaluate(SETTLED), page)
    page.goto("/aparelho/")
    wait_for(lambda: page.evaluate(DRAWN_BY, bus.address) == "upgraded", page)


def upgraded(version: str, shell: tuple[str, ...], scripts: tuple[str, ...]) -> Any:
    """The next version's worker: with another logo, so that its store lacks what older pages are drawn with."""
    made = ("upgraded", tuple(one for one in shell if "mutirao.css" not in one and "mutirao.js" not in one), scripts)

    def described() -> Any:
        return made

    described.cache_clear = lambda: None  # type: ignore[attr-defined]
    return described


def test_of_a_network_that_one_left_nothing_stays_on_the_phone(bus: Bus) -> None:
    page = bus.phone.page
    assert page.evaluate(KEPT, bus.address) != ""
    RoleAssignment.objects.filter(person=bus.rosa).delete()
    page.evaluate(A_MINUTE_LATER)
    page.goto("/aparelho/")
    wait_for(lambda: page.evaluate(KEPT, bus.address) == "", page)


def test_without_room_copies_make_way_for_what_was_typed(bus: Bus) -> None:
    phone, page = bus.phone, bus.phone.page
    phone.cut()
    page.goto(bus.address)
    # As a phone without room answers: Chromium's own limit cannot be set that low from outside.
    page.evaluate("""() => {
        const begin = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (name, mode) {
            if (name !== "forms" || mode !== "readwrite") return begin.call(this, name, mode);
            IDBDatabase.prototype.transaction = begin;
            throw new DOMException("full", "QuotaExceededError");
        };
    }""")
    bus.fill(page, "7,5")
    expect(page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
    assert page.evaluate("async () => (await MutiraoOutbox.all()).length") == 1
    assert page.evaluate("async () => caches.has('mutirao-pages')") is False
    phone.join()
    wait_for(lambda: bus.asked() == ["7.5"], page)
