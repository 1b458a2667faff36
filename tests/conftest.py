# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every test may ask for. Factories are in tests/factories.py; nothing here surprises."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Files that tests write go to a place of their own, never beside a running installation's.
os.environ.setdefault("MUTIRAO_DATA", tempfile.mkdtemp(prefix="mutirao-test-"))
os.environ.setdefault("MUTIRAO_CACHE", "memory")

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from mutirao.kernel import clock, tenancy
from mutirao.site.middleware import DeviceMiddleware
from tests import app_role, emptying, factories, template_database

emptying.install()
template_database.install()
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

# A busy machine is slow, not wrong: results are tested, never elapsed time. The same examples every time.
hypothesis.settings.register_profile("mutirao", deadline=None, derandomize=True)
hypothesis.settings.load_profile("mutirao")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="leave out what says the same on either database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-database"):
        return
    touching: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        touching[_touches_the_database(item)].append(item)
    config.hook.pytest_deselected(items=touching[False])
    items[:] = touching[True]


def _touches_the_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked) or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def shared_data() -> Path:
    """Real reference data beside the repository; the test says so and passes when it is not there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("reference data not at ../shared/data: left out")
    return SHARED_DATA


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        app_role.begin()
    yield
    with django_db_blocker.unblock():
        app_role.end()


@pytest.fixture(autouse=True)
def _known_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever a test signs in has been here before: the device is not written down again at the first request."""
    sign_in = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        sign_in(self, user, backend)
        session = self.session
        session[DeviceMiddleware.KEY] = int(clock.now().timestamp())
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """Every test's client brings the middleware anew; the files it serves are the same."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders)
        yield


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    """What one test tried is not held against the next."""
    cache.clear()


@pytest.fixture
def network(db: None) -> Iterator[Any]:
    """A network, active while the test runs."""
    made = factories.network()
    with tenancy.activated(made):
        yield made


@pytest.fixture
def coordinator(network: Any) -> Any:
    """An actor who coordinates the network."""
    return factories.actor(network, "coordination")


@pytest.fixture
def noon() -> Iterator[dt.datetime]:
    """Noon of 2 March 2026 in São Paulo; the clock stands still."""
    moment = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
    with clock.at(moment):
        yield moment
