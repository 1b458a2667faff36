# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lighthouse on a phone's profile: 95 or more in performance, accessibility and best practices.

The pages are those that the screen guide names: the home and a round; and the two that everybody meets on a phone
before them and after them, signing in and the needs list. Lighthouse itself comes from tests/lighthouse.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as installation
from django.test import Client

from mutirao.network.models import Person
from mutirao.purchasing.operations import sharing
from tests import factories
from tests.journeys.conftest import CHROMIUM_ARGUMENTS
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from mutirao.kernel.actors import Actor
    from tests.journeys.conftest import Site

pytestmark = pytest.mark.journey

PROGRAM = Path(__file__).resolve().parents[1] / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
WANTED = 95
FIRST_LOAD = 120_000
"""Bytes of a first load as they come over the wire, pictures apart."""
TRIES = 3
"""A busy machine makes a page look slower than it is, never faster."""


def run(url: str, cookie: str, folder: Path, number: int) -> dict[str, Any]:
    names = (os.environ.get("MUTIRAO_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next((found for name in names if name and (found := shutil.which(name))), None)
    if not (PROGRAM.exists() and shutil.which("node") and chromium):
        pytest.skip("no Lighthouse on this machine (npm ci --prefix tests/lighthouse): left out")
    report, headers = folder / f"{number}.json", folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    command = [
        str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={report}", f"--extra-headers={headers}",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags=--headless=new {' '.join(CHROMIUM_ARGUMENTS)}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    return dict(json.loads(report.read_text()))


def scores(report: dict[str, Any]) -> dict[str, int]:
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}


def first_load(report: dict[str, Any]) -> int:
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(one.get("transferSize", 0) for one in requests if one.get("resourceType") != "Image")


def failing(report: dict[str, Any]) -> list[str]:
    """What a developer would want to read: the audits that count and are not perfect."""
    counted = {ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    audits = [report["audits"][name] for name in sorted(counted)]
    return [f"{audit['title']} ({audit['score']})" for audit in audits if (audit["score"] or 0) < 0.9]


@pytest.mark.parametrize("name", ["sign-in", "home", "round", "needs"])
def test_a_phone_gets_a_good_page(name: str, network: Any, coordinator: Actor, site: Site, tmp_path: Path) -> None:
    story = Story(network, coordinator)
    story.receive()
    sharing.charge_round(story.round, actor=coordinator)
    asking = make.open_round(network, coordinator, title="Açúcar de abril")
    person = Person.objects.get(pk=coordinator.person_id)
    factories.role(person, "enterprise_coordinator", story.first)
    client = Client()
    client.force_login(person)
    session = client.cookies[installation.SESSION_COOKIE_NAME]
    addresses = {
        "sign-in": "/conta/entrar/",
        "home": f"/rede/{network.slug}/",
        "round": make.url(story.round),
        "needs": make.url(asking, f"pedidos/{story.first.pk}/"),
    }
    cookie = "" if name == "sign-in" else f"{session.key}={session.value}"
    reached = {}
    for number in range(TRIES):
        report = run(site.address(addresses[name]), cookie, tmp_path, number)
        assert report["finalDisplayedUrl"].endswith(addresses[name])
        assert first_load(report) < FIRST_LOAD
        reached = scores(report)
        if all(score >= WANTED for score in reached.values()):
            return
    pytest.fail(f"{name}: {reached}: {failing(report)}")
