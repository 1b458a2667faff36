# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the installation tells about itself: enough to look after it, and nothing about anybody."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from tests import factories

from mutirao.kernel import clock, jobs
from mutirao.kernel.limits import TooManyTries, client_of, hold_back
from mutirao.site import asgi, health, observing
from mutirao.site.observing import JsonLines, WithoutAddresses, masked, shape

SOURCE = str(Path(asgi.__file__).parents[2])


def broken(_request: Any, token: str) -> Any:
    raise RuntimeError(f"no way to write to ana@example.org with {token}")


urlpatterns = [path("quebra/<str:token>/", broken, name="broken")]
handler500 = "mutirao.site.failures.server_error"


@pytest.fixture
def lines() -> Any:
    """What is logged, as JSON lines."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonLines())
    handler.addFilter(WithoutAddresses())
    loggers = [logging.getLogger(), logging.getLogger("mutirao.request"), logging.getLogger("django.request")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
    loggers[0].addHandler(handler)
    yield found
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


# --- health ----------------------------------------------------------------------------------------------------------


def test_the_process_says_that_it_lives_without_a_database(client: Client) -> None:
    assert client.get("/saude/").json() == {"status": "ok"}


def test_it_is_ready_or_says_what_is_wrong(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = client.get("/saude/pronto/")
    assert (told.status_code, told.json()["status"]) == (200, "ok")
    assert set(told.json()["checks"]) == {"database", "migrations", "queue", "disk", "cache"}
    jobs.enqueue("x.y", {}, run_after=clock.now() - dt.timedelta(hours=1))
    told = client.get("/saude/pronto/")
    assert told.status_code == 503
    assert told.json()["checks"]["queue"].startswith("oldest job waits")
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 62)
    assert "free" in client.get("/saude/pronto/").json()["checks"]["disk"]


def test_a_cache_that_is_gone_is_told(client: Client, db: None) -> None:
    gone = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=gone):
        told = client.get("/saude/pronto/")
    assert (told.status_code, told.json()["checks"]["cache"]) == (503, "ConnectionError")
    assert client.get("/saude/pronto/").status_code == 200


def test_without_a_database_disk_and_figures_are_told_all_the_same(client: Client, db: None) -> None:
    def gone(*_arguments: Any, **_named: Any) -> Any:
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(gone):
        told = client.get("/saude/pronto/")
        text = client.get("/metricas").content.decode()
        backup = client.get("/saude/copia/")
    assert (told.status_code, told.json()["checks"]) == (503, {"disk": "ok", "database": "OperationalError"})
    assert "mutirao_database_up 0" in text
    assert "mutirao_disk_free_bytes" in text
    assert 'mutirao_requests_total{view="health_ready"' in text
    assert backup.status_code == 503
    assert "mutirao_database_up 1" in client.get("/metricas").content.decode()


@pytest.mark.parametrize(
    "extra",
    [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"HTTP_AUTHORIZATION": "Bearer x"}],
)
def test_details_are_not_for_strangers(client: Client, db: None, settings: Any, extra: dict[str, str]) -> None:
    settings.METRICS_TOKEN = "right"
    assert "checks" not in client.get("/saude/pronto/", **extra).json()
    assert client.get("/metricas", **extra).status_code == 404


def test_the_token_opens_the_figures_from_anywhere(client: Client, db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = "right"
    answer = client.get("/metricas", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer right")
    assert answer.status_code == 200


def test_figures_name_views_and_nobody(client: Client, network: Any) -> None:
    person = factories.person(name="Dandara Nunes", email="dandara@example.org")
    client.force_login(person)
    client.get(f"/rede/{network.slug}/?q=segredo")
    client.get("/convite/um-token-muito-secreto/")
    text = client.get("/metricas").content.decode()
    assert 'mutirao_requests_total{view="invitation"' in text
    assert "mutirao_request_seconds_bucket" in text
    assert "mutirao_jobs_failed 0" in text
    assert "mutirao_database_bytes" in text
    for hidden in ("segredo", "um-token", network.slug, "andara"):
        assert hidden not in text
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2


# --- log lines -------------------------------------------------------------------------------------------------------


def test_a_request_is_a_line_without_its_address(client: Client, db: None, lines: list[str]) -> None:
    answer = client.get("/convite/um-token-muito-secreto/?email=ana@example.org")
    told = [json.loads(line) for line in lines if '"request"' in line]
    (line,) = [one for one in told if one["logger"] == "mutirao.request"]
    assert line["request"] == answer["X-Request-ID"]
    assert line["status"] == answer.status_code
    assert {"view", "ms", "queries", "network", "method"} <= set(line)
    assert "um-token" not in "".join(lines)
    assert "ana@example.org" not in "".join(lines)


@pytest.mark.urls(__name__)
def test_what_broke_has_a_number_and_keeps_secrets(client: Client, lines: list[str]) -> None:
    client.raise_request_exception = False
    answer = client.get("/quebra/abcdefghijklmnopqrstuvwxyz012345/")
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert number in answer.content.decode()
    assert "Diga este número" in answer.content.decode()
    failed = [json.loads(line) for line in lines if '"error"' in line]
    assert failed
    assert all(one["request"] == number for one in failed)
    assert failed[0]["error"] == "RuntimeError"
    assert any("broken" in frame for frame in failed[0]["where"])
    assert "ana@example.org" not in "".join(lines)
    assert "abcdefghijklmnop" not in "".join(lines)


def test_slow_queries_are_told_by_their_shape(client: Client, db: None, lines: list[str], settings: Any) -> None:
    settings.SLOW_QUERY_SECONDS = 0
    client.get("/saude/pronto/")
    slow = [json.loads(line) for line in lines if '"sql"' in line]
    assert any(one["view"] == "health_ready" and "SELECT" in one["sql"] for one in slow)
    with connection.cursor() as cursor:  # outside a request nothing is counted
        cursor.execute("SELECT 1")


def test_shapes_hold_no_values() -> None:
    assert shape("SELECT a FROM t WHERE n = 'Ana''s' AND x IN (%s, %s, %s) AND y > 12.5") == (
        "SELECT a FROM t WHERE n = ? AND x IN (…) AND y > ?"
    )


def test_masks() -> None:
    said = masked("Key (email)=(ana@example.org) exists; (77) 99999-1234 for x@y.org with abcdefghijklmnopqrstuvwx")
    for hidden in ("ana@", "99999", "x@y", "abcdefghijkl"):
        assert hidden not in said


def test_numbers_can_be_read_out() -> None:
    made = {observing.new_request_id() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01IO")


# --- limits, sizes, headers ------------------------------------------------------------------------------------------


def test_too_many_tries_are_told_when_to_come_back(client: Client, network: Any) -> None:
    client.force_login(factories.person(name="Ana", email="ana@example.org"))
    for _ in range(6):
        assert client.post("/conta/privacidade/arquivo/").status_code == 200
    answer = client.post("/conta/privacidade/arquivo/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "Tente de novo a partir das" in answer.content.decode()


def test_windows_pass_and_others_are_not_held_back(noon: Any) -> None:
    for _ in range(2):
        hold_back("x", "one", most=2, seconds=60)
    with pytest.raises(TooManyTries):
        hold_back("x", "one", most=2, seconds=60)
    hold_back("x", "other", most=2, seconds=60)
    hold_back("y", "one", most=2, seconds=60)
    with clock.at(noon + dt.timedelta(seconds=61)):
        hold_back("x", "one", most=2, seconds=60)


def test_only_trusted_proxies_name_the_client(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert client_of(request) == "address 10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_of(request) == "address 2.2.2.2"


def test_a_form_too_large_is_told_so(client: Client, db: None, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    client.raise_request_exception = False
    client.force_login(factories.person(name="Ana", email="ana@example.org"))
    answer = client.post("/idioma/", b"language=" + b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "cabem até 1 MB" in answer.content.decode()


def test_headers_that_protect(client: Client, db: None) -> None:
    answer = client.get("/")
    policy = answer["Content-Security-Policy"]
    for part in ("script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "payment=()" in answer["Permissions-Policy"]


def test_under_https_cookies_are_for_this_address_only(tmp_path: Path) -> None:
    ask = (
        "from mutirao.site import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS > 86400)"
    )
    environment = {**os.environ, "MUTIRAO_HTTPS": "1", "MUTIRAO_DATA": str(tmp_path), "PYTHONPATH": SOURCE}
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "Lax", "True"]


def test_a_body_without_end_is_cut_off_and_one_too_long_is_not_read(settings: Any) -> None:
    settings.MOST_REQUEST_BYTES = 1000
    sent: list[dict[str, Any]] = []
    read = []

    async def receive() -> dict[str, Any]:
        read.append(1)
        return {"type": "http.request", "body": b"x" * 400, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/idioma/", "headers": [(b"content-length", b"1001")]}
    asyncio.run(asgi.application(scope, receive, send))
    assert (sent[0]["status"], read) == (413, [])
    bounded = asgi._bounded(receive)
    assert [asyncio.run(bounded())["type"] for _ in range(3)] == ["http.request", "http.request", "http.disconnect"]
