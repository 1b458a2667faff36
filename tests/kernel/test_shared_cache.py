# SPDX-License-Identifier: AGPL-3.0-or-later
"""What counts tries and remembers used codes is one for all processes: in files, or in Redis (N3, G5)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.test import Client, override_settings
from tests import factories

from mutirao.kernel.file_cache import SharedFileCache
from mutirao.kernel.limits import count_try, tried_too_often
from mutirao.network.models import Network

SOURCE = str(Path(__file__).resolve().parents[2] / "src")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": SOURCE}
AT_ONCE = """
import sys, time
from django.conf import settings
settings.configure()
from mutirao.kernel.file_cache import SharedFileCache
cache = SharedFileCache(sys.argv[1], {})
cache.set(f"ready-{sys.argv[2]}", 1)
while not all(cache.get(f"ready-{number}") for number in "0123"):
    time.sleep(0.005)
first = sum(cache.add(f"code-{number}", "y", 60) for number in range(50))
for _ in range(50):
    cache.incr("tries")
print(first)
"""


def test_of_four_processes_at_once_one_comes_first_and_no_try_is_lost(tmp_path: Path) -> None:
    cache = SharedFileCache(str(tmp_path), {})
    cache.set("tries", 0, 3600)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, str(tmp_path), str(number)], stdout=subprocess.PIPE, env=ENVIRONMENT
        )
        for number in range(4)
    ]
    firsts = [int(process.communicate()[0]) for process in running]
    assert sum(firsts) == 50
    assert cache.get("tries") == 200


def test_counting_on_keeps_the_time_it_was_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SharedFileCache(str(tmp_path), {})
    cache.set("tries", 0, 3600)
    cache.set("for-ever", 1, None)
    assert (cache.incr("tries"), cache.incr("for-ever", 4)) == (1, 5)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3500)
    assert cache.get("tries") == 1  # Django's own would have forgotten it after five minutes
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    assert cache.get("tries") is None
    for gone in ("tries", "never-there"):
        with pytest.raises(ValueError, match="not found"):
            cache.incr(gone)
    assert cache.get("for-ever") == 5


# --- what is kept there ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine: left out")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    running = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    running.terminate()
    running.wait()


@pytest.fixture(params=["files", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The default cache as an installation has it."""
    where = (
        {"BACKEND": "mutirao.kernel.file_cache.SharedFileCache", "LOCATION": str(tmp_path)}
        if request.param == "files"
        else {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": request.getfixturevalue("redis_url"),
        }
    )
    with override_settings(CACHES={"default": where}):
        caches["default"].clear()
        yield caches["default"]
        caches["default"].clear()


def test_our_own_limits_count_there(shared: Any) -> None:
    for _try in range(3):
        count_try("somewhere", "somebody", seconds=3600)
    assert tried_too_often("somewhere", "somebody", most=3, seconds=3600)
    assert not tried_too_often("somewhere", "somebody else", most=3, seconds=3600)
    shared.clear()
    assert not tried_too_often("somewhere", "somebody", most=3, seconds=3600)


def test_a_code_of_the_second_step_works_once(shared: Any, network: Network) -> None:
    person = factories.person()
    secret = totp.generate_totp_secret()
    kept = totp.TOTP.activate(person, secret)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert kept.validate_code(code)
    assert not kept.validate_code(code)
    shared.clear()
    assert kept.validate_code(code)  # so it is this cache that remembers


def test_guessing_a_password_is_counted_there(shared: Any, network: Network, client: Client) -> None:
    person = factories.person(password="uma-senha-longa")
    for _guess in range(12):
        client.post("/conta/entrar/", {"login": person.email, "password": "errada"})
    right = {"login": person.email, "password": "uma-senha-longa"}
    client.post("/conta/entrar/", right)
    assert "_auth_user_id" not in client.session
    shared.clear()
    client.post("/conta/entrar/", right)
    assert "_auth_user_id" in client.session


# --- the setting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_to", "backend"),
    [
        ({}, "mutirao.kernel.file_cache.SharedFileCache"),
        ({"MUTIRAO_CACHE_URL": "redis://10.0.0.5:6379/0"}, "django.core.cache.backends.redis.RedisCache"),
    ],
)
def test_one_setting_chooses_where(set_to: dict[str, str], backend: str, tmp_path: Path) -> None:
    show = "from mutirao.site import settings; print(settings.CACHES['default']['BACKEND'])"
    done = subprocess.run(
        [sys.executable, "-c", show],
        env={**ENVIRONMENT, "MUTIRAO_DATA": str(tmp_path), **set_to},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == backend
