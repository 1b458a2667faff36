# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service worker's address and the files that it brings along, by a version that changes with any of them."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

import django_htmx
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

HTMX = "django_htmx/htmx-4.min.js"
OUTBOX, WORKER, PUSH = "mutirao/outbox.js", "mutirao/worker.js", "notices/push.js"
SHELL = (
    "mutirao/mutirao.css",
    "mutirao/mutirao.js",
    OUTBOX,
    "mutirao/device.js",
    HTMX,
    "purchasing/needs.js",
    "mutirao/icons.svg",
    "mutirao/logo.svg",
    "mutirao/band.svg",
    "mutirao/chevron-light.svg",
    "mutirao/chevron-dark.svg",
    "mutirao/favicon.svg",
    "mutirao/icon-192.png",
)
"""What the kept pages are drawn with. A missing one is left out: nothing here may stop a worker from starting."""


@functools.cache
def _described() -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The version, the files to keep, the scripts of the worker."""
    digest = hashlib.sha256(Path(django_htmx.__file__).read_bytes())
    shell: list[str] = []
    scripts: list[str] = []
    for name in (*SHELL, WORKER, PUSH):
        found = finders.find(name)
        if not isinstance(found, str):
            continue
        digest.update(Path(found).read_bytes())
        (scripts if name in (WORKER, PUSH) else shell).append(static(name))
    return digest.hexdigest()[:16], tuple(shell), (static(OUTBOX), *scripts)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker itself: what it keeps, then its scripts."""
    if settings.DEBUG:
        _described.cache_clear()
    version, shell, scripts = _described()
    about = {"version": version, "shell": shell, "empty": reverse("no_network"), "device": reverse("device")}
    lines = [f"self.ABOUT = {json.dumps(about)};"]
    # A script that cannot be loaded leaves the others at work.
    lines += [
        f"try {{ importScripts({json.dumps(url)}); }} catch (error) {{ console.warn(error); }}" for url in scripts
    ]
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse("\n".join(lines) + "\n", content_type="text/javascript; charset=utf-8", headers=headers)
