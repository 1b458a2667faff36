# SPDX-License-Identifier: AGPL-3.0-or-later
"""A phone of one's own for journeys without a connection: it can be cut off, killed and started again."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mutirao.kernel.models import AuditEntry
from mutirao.network.models import Person
from mutirao.purchasing.models import Need
from tests import factories
from tests.journeys.conftest import CHROMIUM_ARGUMENTS, FAILED, chromium, picture, watch
from tests.journeys.doing import coordinator_of, enter, field, press
from tests.purchasing import factories as make

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from mutirao.kernel.actors import Actor


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
        self.context.set_default_timeout(20_000)
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

    def forget_the_session(self) -> None:
        """As when it has run out, or somebody else cleared what the browser knows."""
        assert self.context is not None
        self.context.clear_cookies()


@pytest.fixture
def phone(browser: Browser, site: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Phone]:
    made = Phone(browser, site, tmp_path / "phone")
    expect.set_options(timeout=20_000)
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

    def fill_without_a_connection(self) -> None:
        """Out of reach, Rosa fills her list in; it waits on the phone."""
        self.phone.cut()
        self.phone.page.goto(self.address)
        self.fill(self.phone.page, "7,5")
        expect(self.phone.page.get_by_text("Vai sozinho quando houver rede")).to_be_visible()

    def asked(self) -> list[str]:
        return [str(row.quantity.normalize()) for row in Need.objects.filter(good=self.good)]

    def taken_in(self) -> int:
        return AuditEntry.objects.filter(act="purchasing.needs_entered").count()


@pytest.fixture
def bus(network: Any, coordinator: Actor, phone: Phone) -> Bus:
    return Bus(network, coordinator, phone)


def wait_for(true: Callable[[], bool], page: Page) -> None:
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within half a minute")
