# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the server tells a phone: whose page it is, whether it may be kept, which pages to keep before the way."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from PIL import Image
from tests import factories
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.purchasing.models import Need, PurchaseRound, Receipt
from mutirao.site.offline.middleware import KEPT


@pytest.fixture
def round_(network: Any, coordinator: Actor) -> PurchaseRound:
    factories.enterprise(name="Padaria do Vale")
    return make.open_round(network, coordinator)


def pages_of(client: Client) -> list[str]:
    return [path for path, _mark in marked_pages_of(client)]


def marked_pages_of(client: Client) -> list[tuple[str, str]]:
    return [(path, mark) for path, mark in client.get("/aparelho/paginas/").json()["pages"]]


def test_only_named_pages_may_be_kept_and_each_says_whose_it_is(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    someone = make.signed_in(client, "purchasing")
    kept = client.get(make.url(round_))
    assert (kept["X-Keep"], kept["X-Who"]) == ("1", str(someone.pk))
    for address in (
        make.url(round_, "pedidos/planilha.csv"),
        make.url(round_, "pedidos/"),
        f"/rede/{network.slug}/pessoas/",
        "/conta/meus-dados/",
        "/aparelho/quem/",
    ):
        assert "X-Keep" not in client.get(address), address
    refused = client.post(make.url(round_, "pedidos/1/"), {})
    assert "X-Keep" not in refused
    client.logout()
    welcome = client.get("/")
    assert welcome["X-Who"] == "-"
    assert "X-Keep" not in welcome


def test_every_page_that_may_be_kept_exists() -> None:
    samples = {"slug": "x", "number": 1, "enterprise_id": 1, "order_number": "1-1", "charge_id": 1}
    tries = [{}, *({"slug": "x", **{key: samples[key] for key in keys}} for keys in (
        (), ("number",), ("number", "enterprise_id"), ("number", "order_number"), ("charge_id",), ("enterprise_id",)
    ))]  # fmt: skip

    def exists(name: str) -> bool:
        for kwargs in tries:
            try:
                return bool(reverse(name, kwargs=kwargs))
            except NoReverseMatch:  # the next way to write the address
                continue
        return False

    assert [name for name in KEPT if not exists(name)] == []


def test_a_message_is_shown_once_and_never_kept(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    make.signed_in(client, "enterprise_coordinator", enterprise)
    address = make.url(round_, f"pedidos/{enterprise.pk}/")
    good = make.goods(round_)[0]
    sent = client.post(address, {"act": "send", f"quantity-{good.pk}": "3", "idempotency_key": "a"})
    assert sent.status_code == 302
    # Fetched to be kept in between: the message waits for the person.
    ahead = client.get(sent["Location"], headers={"X-Keep-Ahead": "1"})
    assert "foi recebido" not in ahead.content.decode()
    assert ahead["X-Keep"] == "1"
    looked = client.get(sent["Location"])
    assert "foi recebido" in looked.content.decode()
    assert looked["X-Keep"] == "again"
    assert client.get(sent["Location"])["X-Keep"] == "1"


def test_a_form_that_waited_is_refused_under_another_session(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    rosa = make.signed_in(client, "enterprise_coordinator", enterprise)
    bento = make.signed_in(client, "enterprise_coordinator", enterprise)
    address = make.url(round_, f"pedidos/{enterprise.pk}/")
    data = {"act": "send", f"quantity-{make.goods(round_)[0].pk}": "3", "idempotency_key": "a"}
    answer = client.post(address, data, headers={"X-Outbox-Who": str(rosa.pk)})
    assert (answer.status_code, answer["X-Who"]) == (409, str(bento.pk))
    assert not Need.objects.exists()
    client.logout()
    assert client.post(address, data, headers={"X-Outbox-Who": str(rosa.pk)}).status_code == 409
    client.force_login(rosa)
    assert client.post(address, data, headers={"X-Outbox-Who": str(rosa.pk)}).status_code == 302
    assert Need.objects.count() == 1


def test_asked_in_the_background_for_nobody_it_leaves_the_opened_pages_token_alone(client: Client) -> None:
    answer = client.get("/aparelho/quem/")
    assert (answer.json()["who"], answer.json()["token"]) == ("-", "")
    assert "csrftoken" not in answer.cookies


def test_what_waited_goes_in_with_a_fresh_token(network: Any, coordinator: Actor, round_: PurchaseRound) -> None:
    client = Client(enforce_csrf_checks=True)
    enterprise = round_.participations.get().enterprise
    rosa = make.signed_in(client, "enterprise_coordinator", enterprise)
    address = make.url(round_, f"pedidos/{enterprise.pk}/")
    data = {"act": "send", f"quantity-{make.goods(round_)[0].pk}": "3", "idempotency_key": "a"}
    late = client.post(address, data, headers={"X-CSRFToken": "velho" * 8})
    assert (late.status_code, late["X-Token-Over"]) == (403, "1")
    told = client.get("/aparelho/quem/").json()
    assert told["who"] == str(rosa.pk)
    assert abs(dt.datetime.fromisoformat(told["now"]) - clock.now()) < dt.timedelta(minutes=1)
    headers = {"X-CSRFToken": told["token"], "X-Outbox-Who": told["who"]}
    assert client.post(address, data, headers=headers).status_code == 302
    assert Need.objects.count() == 1


def test_a_member_takes_along_the_list_to_fill_in_and_nothing_of_the_team(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    make.signed_in(client, "enterprise_coordinator", enterprise)
    pages = pages_of(client)
    assert make.url(round_, f"pedidos/{enterprise.pk}/") in pages
    assert make.url(round_) in pages
    assert f"/rede/{network.slug}/contas/{enterprise.pk}/" in pages
    assert not [page for page in pages if "/chegou/" in page]
    assert len(pages) == len(set(pages))
    for page in pages:
        answer = client.get(page, follow=True)
        assert (page, answer.status_code, answer["X-Keep"]) == (page, 200, "1")


def test_after_the_deadline_the_summary_is_kept_in_place_of_the_form(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    make.signed_in(client, "enterprise_coordinator", enterprise)
    PurchaseRound.objects.update(needs_until=clock.now() - dt.timedelta(minutes=1))
    pages = pages_of(client)
    assert make.url(round_, f"pedidos/{enterprise.pk}/resumo/") in pages
    assert make.url(round_, f"pedidos/{enterprise.pk}/") not in pages


def test_who_receives_takes_the_receipt_forms_along(network: Any, coordinator: Actor, client: Client) -> None:
    story = Story(network, coordinator)
    order = story.order()
    make.signed_in(client, "purchasing")
    assert make.url(story.round, f"encomendas/{order.number}/chegou/") in pages_of(client)


def test_nobody_takes_nothing_along(client: Client, db: None) -> None:
    assert client.get("/aparelho/paginas/").json() == {"who": "-", "home": "", "pages": []}


def test_pages_to_keep_cost_the_same_however_many_rounds_there_are(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client, django_assert_max_num_queries: Any
) -> None:
    make.signed_in(client, "coordination")
    for _ in range(7):
        make.open_round(network, coordinator)
    with django_assert_max_num_queries(40):
        pages = pages_of(client)
    assert len([page for page in pages if re.fullmatch(r".*/rodadas/\d+/", page)]) == 5


def test_a_phone_that_has_the_list_is_spared_it(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    make.signed_in(client, "enterprise_coordinator", round_.participations.get().enterprise)
    first = client.get("/aparelho/paginas/")
    again = client.get("/aparelho/paginas/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.open_round(network, coordinator)
    assert client.get("/aparelho/paginas/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_mark_changes_when_the_page_must_come_anew_and_only_then(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    make.signed_in(client, "enterprise_coordinator", enterprise)
    other = make.open_round(network, coordinator)
    mine, others = make.url(round_, f"pedidos/{enterprise.pk}/"), make.url(other, f"pedidos/{enterprise.pk}/")
    before = dict(marked_pages_of(client))
    assert dict(marked_pages_of(client)) == before
    make.enter(round_, enterprise, coordinator, "12")
    answered = dict(marked_pages_of(client))
    assert answered[mine] != before[mine]
    assert answered[others] == before[others]
    until = other.needs_until + dt.timedelta(days=1)
    make.rounds.extend_round(other, until=until, reason="Chuva", actor=coordinator)
    assert dict(marked_pages_of(client))[others] != answered[others]


def test_a_page_that_is_kept_as_it_stands_is_not_sent_again(
    network: Any, coordinator: Actor, round_: PurchaseRound, client: Client
) -> None:
    enterprise = round_.participations.get().enterprise
    someone = make.signed_in(client, "enterprise_coordinator", enterprise)
    for address in pages_of(client):
        looked = client.get(address, follow=True)  # with another token and another key at each look
        headers = {"X-Keep-Ahead": "1", "If-None-Match": looked["X-Keep-Tag"]}
        again = client.get(address, headers=headers, follow=True)
        assert (address, again.status_code, again.content) == (address, 304, b"")
        assert (again["X-Who"], again["X-Keep"]) == (str(someone.pk), "1")
    address = make.url(round_, f"pedidos/{enterprise.pk}/")
    tag = client.get(address)["X-Keep-Tag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200, "looked at: the page itself"
    make.enter(round_, enterprise, coordinator, "12")
    assert client.get(address, headers={"X-Keep-Ahead": "1", "If-None-Match": tag}).status_code == 200


def test_photos_sent_twice_are_kept_once(network: Any, coordinator: Actor, client: Client) -> None:
    story = Story(network, coordinator)
    order = story.order()
    make.signed_in(client, "purchasing")
    line, address = order.lines.get(), make.url(story.round, f"encomendas/{order.number}/chegou/")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")

    def sent() -> dict[str, Any]:
        photos = [SimpleUploadedFile(f"{name}.jpg", out.getvalue(), "image/jpeg") for name in ("saco", "nota")]
        return {
            f"l{line.pk}-received": "14", "received_on": clock.today().isoformat(), "version": "0",
            "idempotency_key": "uma", "photos": photos,
        }  # fmt: skip

    assert client.post(address, sent()).status_code == 302
    assert client.post(address, sent()).status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.version, receipt.photos.count()) == (1, 2)


def test_the_worker_names_files_that_are_there_and_may_serve_every_address(client: Client, db: None) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    text = answer.content.decode()
    found = re.match(r"self\.ABOUT = (\{.*\});", text)
    assert found is not None
    about = json.loads(found[1])
    assert len(about["version"]) == 16
    scripts = re.findall(r'importScripts\("/static/([^"]+)"\)', text)
    assert scripts[:2] == ["mutirao/outbox.js", "mutirao/worker.js"]
    for name in [*scripts, *(url.removeprefix("/static/") for url in about["shell"])]:
        assert finders.find(name), name
    assert "worker-src 'self'" in client.get("/")["Content-Security-Policy"]


def test_the_manifest_makes_it_installable() -> None:
    path = finders.find("mutirao/app.webmanifest")
    assert isinstance(path, str)
    manifest = json.loads(Path(path).read_text())
    assert {"id", "name", "short_name", "start_url", "scope", "display"} <= manifest.keys()
    for icon in manifest["icons"]:
        assert finders.find(f"mutirao/{icon['src']}"), icon
        if icon["type"] == "image/png":
            with Image.open(str(finders.find(f"mutirao/{icon['src']}"))) as image:
                assert icon["sizes"] == f"{image.width}x{image.height}"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
