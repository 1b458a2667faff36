# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real server and a real browser for the journeys.

- `site`: the app as it is served, with its background worker, on a free port; what a journey does is committed, and
  the database is put back afterwards. Rows made by factories (fixtures `network`, `coordinator`…) are seen by it.
- `phone_page` (360×740, touch), `desk_page` (1280×900), or `open_page(width, height, dark=…, javascript=…, worker=…)`.
- `sign_in(page, person)` puts the person's session into the page's browser.
- `shot(page, "name")` keeps a picture in test-results/; a failed journey keeps one of each open page by itself.
- `check_accessible(page)` fails on what axe finds serious.

A journey fails also when a script fails, the content security policy is broken, a static file is missing or the server
answers 500. The policy forbids evaluating strings: give `wait_for_function` nothing; wait for what a person sees.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from django.conf import settings as installation
from django.test import Client

from mutirao.site.asgi import application
from tests.journeys import database

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
except ImportError:  # the quick set of packages has no browser: ./mutirao test names what it leaves out
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

RESULTS = Path(__file__).resolve().parents[2] / "test-results"
PHONE, DESK = (360, 740), (1280, 900)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root otherwise
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright's loop runs in the thread of the tests; the tests' own queries there are safe all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Server threads and the test each need a connection of their own: a file, not memory.
if installation.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    installation.DATABASES["default"]["TEST"].setdefault("NAME", None)
    if not installation.DATABASES["default"]["TEST"]["NAME"]:
        _folder = tempfile.mkdtemp(prefix="mutirao-journeys-")
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
        installation.DATABASES["default"]["TEST"]["NAME"] = str(Path(_folder) / "journeys.sqlite3")


# --- Database and server --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _kept_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    with django_db_blocker.unblock():
        return database.take()


@pytest.fixture
def _django_db_helper(_kept_database: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of a transaction that is undone: real commits, and the whole database put back."""
    with django_db_blocker.unblock():
        yield
        _kept_database.restore()


@dataclass
class Site:
    """The running app."""

    url: str
    errors: list[str] = field(default_factory=list)

    def address(self, path: str) -> str:
        return self.url + path


@pytest.fixture
def site(db: None, settings: Any) -> Iterator[Site]:
    """The app, served by the same server as an installation's, for the length of one journey."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    server = uvicorn.Server(
        uvicorn.Config(application, lifespan="on", log_level="error", timeout_graceful_shutdown=2, access_log=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="journey-server", daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start within 15 seconds"
        time.sleep(0.02)
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(timeout=15)
    assert not thread.is_alive(), "the server did not stop"


# --- Browser --------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The browser's program, where there is one."""
    names = (os.environ.get("MUTIRAO_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all journeys."""
    program = chromium()
    if not program:
        pytest.skip("no Chromium on this machine: left out")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a browser window of its own (own cookies) of the given size; addresses may start with a slash."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []

    def open_one(
        width: int,
        height: int,
        *,
        dark: bool = False,
        javascript: bool = True,
        language: str = "pt-BR",
        worker: bool = False,
    ) -> Page:
        phone = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            device_scale_factor=2 if phone else 1,
            locale=language,
            timezone_id="America/Sao_Paulo",
            base_url=site.url,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            # It fetches pages of its own accord, at any moment: only journeys about it have it (test_offline*.py).
            service_workers="allow" if worker else "block",
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        watch(page, site)
        contexts.append(context)
        pages.append(page)
        return page

    expect.set_options(timeout=20_000)
    yield open_one
    failed = request.node.stash.get(FAILED, False)
    for number, page in enumerate(pages):
        if failed and not page.is_closed():
            picture(page, request.node.name, f"failed-{number}")
    for context in contexts:
        context.close()
    assert site.errors == [] or failed, "the browser or the server complained: " + "; ".join(site.errors)


def watch(page: Page, site: Site) -> None:
    """Note what a person would not see and a developer must: failing scripts, policy breaches, lost files, 500s."""

    def hear(message: Any) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            site.errors.append(message.text)

    def see(response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            site.errors.append(f"{response.status} {response.url}")

    page.on("pageerror", lambda error: site.errors.append(f"script: {error}"))
    page.on("console", hear)
    page.on("response", see)


@pytest.fixture
def phone_page(open_page: OpenPage) -> Page:
    """A page on a cheap phone."""
    return open_page(*PHONE)


@pytest.fixture
def desk_page(open_page: OpenPage) -> Page:
    """A page on a desk's screen."""
    return open_page(*DESK)


@pytest.fixture
def sign_in(site: Site) -> Callable[[Page, Any], None]:
    """Signs a person in without the form (the form has journeys of its own)."""

    def put(page: Page, person: Any) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[installation.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.url}])

    return put


# --- Pictures, accessibility ----------------------------------------------------------------------------------------

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


def picture(page: Page, test: str, name: str) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / (re.sub(r"[^\w-]+", "-", f"{test}-{name}") + ".png")
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keeps a picture of the whole page in test-results/."""
    return lambda page, name: picture(page, request.node.name, name)


@pytest.fixture
def check_accessible() -> Callable[[Page], None]:
    """Fails when axe finds anything serious or critical on the page."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        grave = [
            f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert grave == []

    return check
