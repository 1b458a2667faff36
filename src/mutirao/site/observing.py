# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the installation tells about itself: a number for each request, log lines, slow queries, figures for monitoring.

Nothing of this names anybody: no address as typed, no query string, no e-mail, no token. A request is known by the name
of its view and the number of its network.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import re
import secrets
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

requests_log = logging.getLogger("mutirao.request")
queries_log = logging.getLogger("mutirao.query")

_id: ContextVar[str] = ContextVar("mutirao_request_id", default="")


def request_id() -> str:
    """The number of the request under way; empty outside one."""
    return _id.get()


def new_request_id() -> str:
    """Eight signs that can be read out on the telephone: no 0, 1, I, O."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))


# --- figures ---------------------------------------------------------------------------------------------------------

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WRITTEN_AFTER = 1.0
QUERIES = (1.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)


class Histogram:
    """Counts by upper bounds, for one view each."""

    def __init__(self, name: str, words: str, bounds: tuple[float, ...]) -> None:
        self.name, self.words, self.bounds = name, words, bounds
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(bounds) + 1))
        self._sums: dict[str, float] = defaultdict(float)

    def add(self, view: str, value: float) -> None:
        place = next((number for number, bound in enumerate(self.bounds) if value <= bound), len(self.bounds))
        self._counts[view][place] += 1
        self._sums[view] += value

    def told(self) -> dict[str, Any]:
        """As JSON carries it: view → counts and sum."""
        return {view: [counts, self._sums[view]] for view, counts in self._counts.items()}

    def take_in(self, told: dict[str, Any]) -> None:
        """Add what another process told. Raises: ValueError when it counts by other bounds."""
        for view, (counts, total) in told.items():
            self._counts[view] = [a + b for a, b in zip(self._counts[view], counts, strict=True)]
            self._sums[view] += total

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.words}"
        yield f"# TYPE {self.name} histogram"
        for view, counts in sorted(self._counts.items()):
            total = 0
            for bound, count in zip((*self.bounds, None), counts, strict=True):
                total += count
                yield f'{self.name}_bucket{{view="{view}",le="{"+Inf" if bound is None else bound}"}} {total}'
            yield f'{self.name}_sum{{view="{view}"}} {self._sums[view]:.6f}'
            yield f'{self.name}_count{{view="{view}"}} {total}'


class Counts:
    """What was served: by one process, or added up over several."""

    def __init__(self) -> None:
        self.requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self.seconds = Histogram("mutirao_request_seconds", "Time to answer", SECONDS)
        self.queries = Histogram("mutirao_request_queries", "Database queries of a request", QUERIES)
        self.slow_queries = 0

    def told(self) -> dict[str, Any]:
        return {
            "requests": [[*key, count] for key, count in self.requests.items()],
            "seconds": self.seconds.told(), "queries": self.queries.told(), "slow_queries": self.slow_queries,
        }  # fmt: skip

    def take_in(self, told: dict[str, Any]) -> None:
        self.seconds.take_in(told["seconds"])
        self.queries.take_in(told["queries"])
        for view, method, status, count in told["requests"]:
            self.requests[view, method, status] += count
        self.slow_queries += told["slow_queries"]

    def lines(self) -> list[str]:
        found = ["# HELP mutirao_requests_total Answers given", "# TYPE mutirao_requests_total counter"]
        found += [
            f'mutirao_requests_total{{view="{view}",method="{method}",status="{status}"}} {count}'
            for (view, method, status), count in sorted(self.requests.items())
        ]
        found += [*self.seconds.lines(), *self.queries.lines()]
        return [*found, "# TYPE mutirao_slow_queries_total counter", f"mutirao_slow_queries_total {self.slow_queries}"]


class Figures:
    """What the processes of this machine served since the server started.

    Each process counts for itself and writes its counts down, into a file of its own, within a second of an answer.
    Whoever is asked adds the files up, also those of processes that ended: a sum never goes down while a server runs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._name = folder, f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._lock = threading.Lock()
        self._own = Counts()
        self._writing: threading.Timer | None = None

    def served(self, view: str, method: str, status: int, seconds: float, queries: int, slow_queries: int = 0) -> None:
        """Count one answer."""
        with self._lock:
            self._own.requests[view, method, status] += 1
            self._own.seconds.add(view, seconds)
            self._own.queries.add(view, float(queries))
            self._own.slow_queries += slow_queries
            if self._writing is None:
                self._writing = threading.Timer(_WRITTEN_AFTER, self.write)
                self._writing.daemon = True
                self._writing.start()

    def write(self) -> None:
        """Write this process's counts down; where nothing can be written, it is asked for itself only."""
        with self._lock:
            self._writing = None
            told = json.dumps(self._own.told())
            temporary = self._folder / f".{self._name}"
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                temporary.write_text(told)
                temporary.replace(self._folder / self._name)

    def lines(self) -> list[str]:
        """In Prometheus' text format, all processes together."""
        together = Counts()
        for path in self._folder.glob("[0-9]*.json"):
            if path.name != self._name:
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    counts = Counts()  # taken in whole or not at all
                    counts.take_in(json.loads(path.read_text()))
                    together.take_in(counts.told())
        with self._lock:
            together.take_in(self._own.told())
        return together.lines()

    def forget_others(self) -> None:
        """Called when a server starts, before it serves: counts of processes that are gone are no longer added."""
        for path in self._folder.glob("[0-9]*.json"):
            if not _is_there(int(path.name.partition("-")[0])):
                path.unlink(missing_ok=True)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


figures = Figures(Path(settings.DATA) / "run" / "figures")

# --- requests --------------------------------------------------------------------------------------------------------

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
PERMISSIONS = "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), interest-cohort=()"


class ObservingMiddleware:
    """Numbers, times and counts every request; stands outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number, started = new_request_id(), time.perf_counter()
        request.request_id = number  # type: ignore[attr-defined]
        counter = _QueryCounter(request)
        token = _id.set(number)
        try:
            with connection.execute_wrapper(counter):
                response = self.get_response(request)
        finally:
            _id.reset(token)
        seconds = time.perf_counter() - started
        view = view_name(request)
        method = request.method if request.method in _METHODS else "OTHER"
        figures.served(view, str(method), response.status_code, seconds, counter.count, counter.slow)
        response["X-Request-ID"] = number
        response.setdefault("Permissions-Policy", PERMISSIONS)
        requests_log.info(
            "request",
            extra={"told": {
                "request": number, "view": view, "method": method, "status": response.status_code,
                "ms": round(seconds * 1000), "queries": counter.count,
                "network": getattr(getattr(request, "network", None), "pk", None),
            }},
        )  # fmt: skip
        return response


def view_name(request: HttpRequest) -> str:
    """The name of a request's view; never its address, which may hold a token."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "unnamed") if match else "none"


class _QueryCounter:
    def __init__(self, request: HttpRequest) -> None:
        self.count, self.slow, self._request = 0, 0, request
        self._limit = float(getattr(settings, "SLOW_QUERY_SECONDS", 0.5))

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = time.perf_counter() - started
            if seconds >= self._limit:
                self.slow += 1
                told = {"request": request_id(), "view": view_name(self._request), "ms": round(seconds * 1000)}
                queries_log.warning("slow query", extra={"told": {**told, "sql": shape(sql)}})


_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b(?!\")")
_LISTS = re.compile(r"\((?:\s*(?:%s|\?)\s*,)+\s*(?:%s|\?)\s*\)")


def shape(sql: str) -> str:
    """A query without its values: what it is like, not what it asked for."""
    return _LISTS.sub("(…)", _LITERAL.sub("?", sql))[:1000]


# --- log lines -------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG = re.compile(r"[A-Za-z0-9_-]{20,}|\d[\d .()/-]{6,}\d")
_QUOTED = re.compile(r"\)=\([^)]*\)")


def masked(text: str) -> str:
    """Text without e-mail addresses, long numbers, tokens, and the values that a database quotes."""
    return _LONG.sub("‹…›", _EMAIL.sub("‹e-mail›", _QUOTED.sub(")=(‹…›)", text)))


class WithoutAddresses(logging.Filter):
    """Django names the address of a request that failed; here it is the view's name."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            path = request.path
            record.args = tuple(view_name(request) if argument == path else argument for argument in record.args)
            record.__dict__.setdefault(
                "told", {"request": getattr(request, "request_id", ""), "view": view_name(request)}
            )
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if number := request_id():
            told["request"] = number
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1] is not None:
            told |= _failure(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)


def _failure(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    where = [f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "said": masked(str(error))[:500], "where": where}


class PlainLines(logging.Formatter):
    """A line for people, with what was told about the request behind it."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        told = getattr(record, "told", None)
        return f"{line} {' '.join(f'{key}={value}' for key, value in told.items())}" if told else line


@contextlib.contextmanager
def numbered(number: str) -> Iterator[None]:
    """Log lines inside carry this number; for background work."""
    token = _id.set(number)
    try:
        yield
    finally:
        _id.reset(token)
