# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the installation is well: for a supervisor (/saude/), a load balancer (/saude/pronto/), whoever watches the
backups (/saude/copia/) and Prometheus.

Details are for the machine itself or for whoever has the token (MUTIRAO_METRICS_TOKEN); everybody else learns only
whether it is well.
"""

from __future__ import annotations

import ipaddress
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mutirao.kernel import clock, jobs
from mutirao.kernel.models import Job
from mutirao.site.keeping import watching
from mutirao.site.observing import figures

OLDEST_JOB_SECONDS = 15 * 60
"""A job that waits longer than this says that nobody works."""
LEAST_FREE = 200 << 20
_migrated: dict[str, float] = {}


def _may_see(request: HttpRequest) -> bool:
    token = getattr(settings, "METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and given:
        return constant_time_compare(token, given)
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False  # a proxy on this machine speaks for somebody else
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether people can work: 200, or 503 with what is wrong."""
    checks: dict[str, Callable[[], str]] = {
        "disk": _disk, "database": _database, "migrations": _migrations, "queue": _queue,
        "cache": _cache,
    }  # fmt: skip
    found: dict[str, str] = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except DatabaseError as error:
            found[name] = type(error).__name__
            break  # without a database the rest cannot be asked
    well = all(words == "ok" for words in found.values())
    told: dict[str, Any] = {"status": "ok" if well else "failing"}
    if _may_see(request):
        told["checks"] = found
    return JsonResponse(told, status=200 if well else 503)


@require_safe
@never_cache
def backup(request: HttpRequest) -> HttpResponse:
    """Whether backups are made: 200, or 503 when the last good one is too old. People can work all the same."""
    try:
        late = watching.is_late()
        good, failed = watching.last_good(), watching.last_failure()
    except DatabaseError as error:
        return JsonResponse({"status": "failing", "checks": {"database": type(error).__name__}}, status=503)
    told: dict[str, Any] = {"status": "failing" if late else "ok"}
    if _may_see(request):
        told["last_good"] = good and {"at": good.at, "hours": round(watching.age(good).total_seconds() / 3600, 1)}
        told["failed_since"] = failed and {"at": failed.at, "said": failed.said}
        told["expected_every_hours"] = settings.BACKUP_HOURS or None
    return JsonResponse(told, status=503 if late else 200)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    if time.monotonic() - _migrated.get("at", -1e9) < 300:
        return "ok"
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "migrations are missing"
    _migrated["at"] = time.monotonic()
    return "ok"


def _oldest_ready() -> float:
    moment = clock.now()
    due = Job.objects.filter(state=Job.State.READY, run_after__lte=moment).order_by("run_after").first()
    return (moment - due.run_after).total_seconds() if due else 0.0


def _queue() -> str:
    seconds = _oldest_ready()
    return "ok" if seconds <= OLDEST_JOB_SECONDS else f"oldest job waits {round(seconds)} s"


def _cache() -> str:
    """Where tries are counted: without it nobody can sign in."""
    try:
        cache.set("health", "ok", 10)
        return "ok" if cache.get("health") == "ok" else "keeps nothing"
    except Exception as error:  # noqa: BLE001 - each kind of cache has errors of its own
        return type(error).__name__


def _disk() -> str:
    free = shutil.disk_usage(settings.DATA).free
    return "ok" if free >= LEAST_FREE else f"{free >> 20} MB free"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for this machine or with the token."""
    if not _may_see(request):
        raise Http404
    values = {"mutirao_disk_free_bytes": shutil.disk_usage(settings.DATA).free, "mutirao_database_up": 1}
    try:
        values |= {**_job_values(), **_backup_values(), "mutirao_database_bytes": _database_size()}
    except DatabaseError:  # what can be told without one is wanted most then
        values["mutirao_database_up"] = 0
    lines = [*figures.lines(), *(line for name, value in values.items() for line in _gauge(name, value))]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _gauge(name: str, value: int) -> tuple[str, str]:
    return f"# TYPE {name} gauge", f"{name} {value}"


def _job_values() -> dict[str, int]:
    waiting = Job.objects.filter(state=Job.State.READY, run_after__lte=clock.now())
    return {
        "mutirao_jobs_ready": waiting.count(),
        "mutirao_jobs_running": Job.objects.filter(state=Job.State.RUNNING).count(),
        "mutirao_jobs_failed": Job.objects.filter(state=Job.State.FAILED).count(),
        "mutirao_jobs_oldest_seconds": round(_oldest_ready()),
        "mutirao_outbox_ready": waiting.filter(task=jobs.DELIVER_EVENT).count(),
    }


def _backup_values() -> dict[str, int]:
    good = watching.last_good()
    values = {"mutirao_backup_late": int(watching.is_late())}
    if good:
        values["mutirao_backup_age_seconds"] = round(watching.age(good).total_seconds())
    return values


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(str(connection.settings_dict["NAME"]))
    return file.stat().st_size if file.is_file() else 0
