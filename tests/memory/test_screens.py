# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of memory as their people see them."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from tests import factories

from mutirao.kernel import pdf
from mutirao.kernel.actors import Actor
from mutirao.kernel.uploads import Kind, accept
from mutirao.memory import booklet
from mutirao.memory import operations as do
from mutirao.memory.models import Keepsake, Moment
from mutirao.memory.operations import ConsentData, KeepsakeData, MomentData
from mutirao.network.models import Person
from mutirao.site import home

pytestmark = pytest.mark.usefixtures("noon")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


@pytest.fixture
def bakery(network: Any) -> Any:
    return factories.enterprise(name="Padaria")


@pytest.fixture
def member(network: Any, bakery: Any) -> Client:
    return signed_in(factories.actor(network, "enterprise_member", bakery))


@pytest.fixture
def speaker(network: Any, bakery: Any) -> Client:
    return signed_in(factories.actor(network, "enterprise_coordinator", bakery))


@pytest.fixture
def stranger(network: Any) -> Client:
    return signed_in(factories.actor(network, "enterprise_member", factories.enterprise()))


def url(network: Any, name: str, *args: Any) -> str:
    return reverse(f"memory:{name}", args=[network.slug, *args])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def picture(name: str = "foto.png", size: tuple[int, int] = (300, 200)) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue())


def told(network: Any, client: Client, **fields: Any) -> Moment:
    sent = {"title": "A ocupação", "kind": "struggle", "year": "2004", "month": "8", "text": "Éramos 30.", **fields}
    assert client.post(url(network, "moment_new"), sent).status_code == 302
    return Moment.objects.latest("pk")


def test_from_a_phone_to_the_timeline(
    network: Any, bakery: Any, member: Client, speaker: Client, stranger: Client
) -> None:
    row = told(network, member, enterprise=bakery.pk)
    assert (row.day, row.precision, row.enterprise) == (dt.date(2004, 8, 1), "month", bakery)
    sent = {"file": picture(), "description": "Barracos", "credit": "Zefa"}
    member.post(url(network, "keepsake_new", row.pk), sent)
    kept = Keepsake.objects.get()
    refused = speaker.post(url(network, "moment_publish", row.pk))
    assert refused.status_code == 422
    assert "Ainda falta a autorização" in text(refused)
    person = {
        "name": "Dona Zefa", "scope": "booklet", "how": "paper", "given_on": "2026-02-28", "evidence": "pasta azul",
    }  # fmt: skip
    member.post(f"{url(network, 'person_new', row.pk)}?em={kept.pk}", person)
    assert speaker.post(url(network, "moment_publish", row.pk)).status_code == 302
    page = stranger.get(url(network, "timeline"))
    assert "agosto de 2004" in text(page).lower()
    assert 'alt="Barracos"' in page.content.decode()
    shown = stranger.get(url(network, "keepsake_file", row.pk, kept.pk))
    assert shown["Content-Type"] == "image/jpeg"
    assert "no-store" in shown["Cache-Control"]
    one = text(stranger.get(url(network, "moment", row.pk)))
    assert "Dona Zefa" in one
    assert "pasta azul" not in one


def test_a_withdrawn_picture_is_gone_from_every_page(
    network: Any, bakery: Any, member: Client, speaker: Client, stranger: Client
) -> None:
    row = told(network, member, enterprise=bakery.pk)
    member.post(url(network, "keepsake_new", row.pk), {"file": picture(), "description": "Barracos"})
    kept = Keepsake.objects.get()
    person = {"name": "Zefa", "scope": "public", "how": "voice", "given_on": "2026-02-28"}
    member.post(f"{url(network, 'person_new', row.pk)}?em={kept.pk}", person)
    speaker.post(url(network, "moment_publish", row.pk))
    shown = kept.portrayals.get()
    assert stranger.post(url(network, "withdraw", row.pk, shown.pk)).status_code == 403
    assert member.post(url(network, "withdraw", row.pk, shown.pk)).status_code == 302
    for client in (member, speaker, stranger):
        assert client.get(url(network, "keepsake_file", row.pk, kept.pk)).status_code == 404
        assert "<img" not in client.get(url(network, "timeline")).content.decode()
    assert "Fora da vista" in text(speaker.get(url(network, "moment", row.pk)))


def test_what_waits_for_leave_is_not_handed_out_by_its_address(
    network: Any, bakery: Any, member: Client, speaker: Client, stranger: Client
) -> None:
    row = told(network, member, enterprise=bakery.pk)
    speaker.post(url(network, "moment_publish", row.pk))
    speaker.post(url(network, "keepsake_new", row.pk), {"file": picture(), "description": "Barracos"})
    kept = Keepsake.objects.get()
    assert speaker.get(url(network, "keepsake_file", row.pk, kept.pk)).status_code == 200
    assert stranger.get(url(network, "keepsake_file", row.pk, kept.pk)).status_code == 404


def test_others_are_refused(network: Any, bakery: Any, member: Client, speaker: Client, stranger: Client) -> None:
    row = told(network, member, enterprise=bakery.pk)
    assert stranger.get(url(network, "moment", row.pk)).status_code == 404
    speaker.post(url(network, "moment_publish", row.pk))
    pages = ["moment_edit", "moment_publish", "moment_take_back", "moment_delete", "keepsake_new", "person_new"]
    answers = {name: stranger.get(url(network, name, row.pk)).status_code for name in pages}
    assert answers == dict.fromkeys(pages, 403)
    elsewhere = told(network, speaker, enterprise=bakery.pk)
    assert stranger.post(
        url(network, "moment_new"), {"title": "x", "kind": "work", "year": "2000", "enterprise": bakery.pk}
    ).status_code == 422  # fmt: skip
    assert Moment.objects.latest("pk") == elsewhere


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"year": "2999"}, "Memória é do que já aconteceu"),
        ({"month": "2", "day": "30"}, "esta data não existe"),
        ({"month": "", "day": "3"}, "esta data não existe"),
        ({"title": ""}, "obrigatório"),
    ],
)
def test_wrong_forms_say_what_is_wrong(network: Any, member: Client, fields: dict[str, str], words: str) -> None:
    sent = {"title": "A", "kind": "work", "year": "2004", "month": "8", **fields}
    answer = member.post(url(network, "moment_new"), sent)
    assert answer.status_code == 422
    assert words in text(answer)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"MZ\x90\x00", b""])
def test_what_is_no_photo_document_or_sound_is_refused(network: Any, member: Client, content: bytes) -> None:
    row = told(network, member)
    file = SimpleUploadedFile("foto.jpg", content)
    answer = member.post(url(network, "keepsake_new", row.pk), {"file": file, "description": "x"})
    assert answer.status_code == 422
    assert not Keepsake.objects.exists()


def test_a_decade_is_all_that_is_remembered(network: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)
    row = told(network, centre, year="1983", month="", about="on")
    centre.post(url(network, "moment_publish", row.pk))
    page = text(centre.get(url(network, "timeline")))
    assert "Década de 1980" in page
    assert "memória longa" in page
    assert "Nenhum momento assim" in text(centre.get(url(network, "timeline"), {"horizon": "short"}))


def test_a_line_begins_with_a_capital_whatever_is_remembered_of_the_day(network: Any) -> None:
    said = {"decade": "Década de 1980", "month": "Março de 1983", "year": "1983", "day": "2 de março de 1983"}
    moment = Moment(day=dt.date(1983, 3, 2))
    for precision, words in said.items():
        moment.precision = precision
        assert booklet.when(moment) == words


def test_the_booklet_is_a_pdf_of_a5_pages(network: Any, bakery: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)
    nothing = centre.post(url(network, "booklet"), {"horizons": ["long"]})
    assert nothing.status_code == 422
    assert "Ainda não há momento" in text(nothing)
    row = told(network, centre, enterprise=bakery.pk, text="Linha com #sinal *solto* e [colchete\n\nOutra.")
    sent = {"file": picture(size=(1600, 800)), "description": "Desenho de barracos", "shows_nobody": "on"}
    centre.post(url(network, "keepsake_new", row.pk), sent)
    centre.post(url(network, "moment_publish", row.pk))
    answer = centre.post(
        url(network, "booklet"), {"horizons": ["long"], "enterprise": bakery.pk, "foreword": "Olá.\nOi." + "ção" * 900}
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="memoria-padaria.pdf"'
    assert b"/Width 1200" in answer.content  # as large as print needs, not as it is kept
    assert re.search(rb"/MediaBox ?\[0 0 419\.5\d+ 595\.2\d+\]", answer.content)


def test_the_booklet_is_in_the_networks_language_and_takes_whatever_was_written(
    network: Any, coordinator: Actor
) -> None:
    network.language = "es"
    network.save(update_fields=["language"])
    Person.objects.filter(pk=coordinator.person_id).update(language="en")
    centre = signed_in(coordinator)
    row = told(network, centre, title="Fiesta 🎉 日本 \ufeff", text="Con #signos *sueltos* 👩‍🌾")
    centre.post(url(network, "moment_publish", row.pk))
    answer = centre.post(url(network, "booklet"), {"horizons": ["long"]})
    assert answer["Content-Type"] == "application/pdf"
    assert re.search(rb"/Lang ?\(es\)", answer.content)
    assert b"pdfuaid:part" in answer.content


def test_a_photo_whose_file_is_gone_is_left_out_of_the_booklet(network: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)
    row = told(network, centre)
    sent = {"file": picture(), "description": "Desenho", "shows_nobody": "on"}
    centre.post(url(network, "keepsake_new", row.pk), sent)
    centre.post(url(network, "moment_publish", row.pk))
    kept = Keepsake.objects.get()
    kept.file.storage.delete(kept.file.name)
    answer = centre.post(url(network, "booklet"), {"horizons": ["long"]})
    assert answer.content.startswith(b"%PDF-")
    assert b"/Subtype /Image" not in answer.content


def test_a_booklet_that_could_not_take_everything_says_so(
    network: Any, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = signed_in(coordinator)
    for year in ("2001", "2002"):
        row = told(network, centre, year=year)
        centre.post(
            url(network, "keepsake_new", row.pk), {"file": picture(), "description": "Desenho", "shows_nobody": "on"}
        )
        centre.post(url(network, "moment_publish", row.pk))

    printed: list[dict[str, Any]] = []
    render = pdf.render
    monkeypatch.setattr(
        pdf, "render", lambda template, data, **more: printed.append(data) or render(template, data, **more)
    )  # type: ignore[func-returns-value]
    for most_moments, most_photos in ((2, 2), (1, 2), (2, 1)):
        monkeypatch.setattr(booklet, "MOST_MOMENTS", most_moments)
        monkeypatch.setattr(booklet, "MOST_PHOTOS", most_photos)
        assert centre.post(url(network, "booklet"), {"horizons": ["long"]}).content.startswith(b"%PDF-")
    said = [" ".join(data["credits"]).count("Há mais") for data in printed]
    assert said == [0, 1, 1]


def test_drafts_wait_on_the_first_page_of_who_publishes(network: Any, bakery: Any, member: Client) -> None:
    speaker = factories.actor(network, "enterprise_coordinator", bakery)
    told(network, member, enterprise=bakery.pk)
    assert any("A ocupação" in one.about for one in home.waiting(speaker, network))
    assert "A ocupação" in text(signed_in(speaker).get(reverse("search", args=[network.slug]), {"q": "ocupacao"}))


def test_ten_times_the_moments_cost_no_more_queries(network: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)

    def made(number: int) -> None:
        data = MomentData(title=f"Momento {number}", kind="work", day=dt.date(2000 + number, 1, 1))
        moment = do.write_moment(network, data, actor=coordinator)
        assert moment is not None
        words = KeepsakeData(description="Desenho", shows_nobody=False)
        file = accept(ContentFile(picture().read(), name="a.png"), [Kind.IMAGE])
        kept = do.add_keepsake(moment, words, file=file, actor=coordinator)
        leave = ConsentData(how="paper", given_on=dt.date(2026, 1, 1), scope="public")
        do.name_person(moment, name="Zefa", keepsake=kept, leave=leave, actor=coordinator)
        do.publish_moment(moment, actor=coordinator)

    def queries_of(name: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert centre.get(url(network, name)).status_code == 200
        return len(caught)

    made(1)
    queries_of("timeline")
    few = queries_of("timeline")
    for number in range(2, 12):
        made(number)
    assert queries_of("timeline") <= few


def test_sound_and_documents_are_kept_with_their_words(network: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)
    row = told(network, centre)
    centre.post(url(network, "moment_publish", row.pk))
    paper = centre.post(url(network, "booklet"), {"horizons": ["long"]}).content
    for name, content in (("canto.ogg", b"OggS" + b"\x00" * 24 + b"\x01vorbis" + b"\x00" * 40), ("ata.pdf", paper)):
        file = SimpleUploadedFile(name, content)
        words = {"file": file, "description": f"Guardado {name}", "transcription": "ô de casa", "shows_nobody": "on"}
        answer = centre.post(url(network, "keepsake_new", row.pk), words)
        assert answer.status_code == 302, text(answer)
    page = centre.get(url(network, "moment", row.pk))
    assert "<audio controls" in page.content.decode()
    assert text(page).count("ô de casa") == 2
    sound = Keepsake.objects.get(kind="audio")
    part = centre.get(url(network, "keepsake_file", row.pk, sound.pk), headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"OggS")
    document = centre.get(url(network, "keepsake_file", row.pk, Keepsake.objects.get(kind="document").pk))
    assert document["Content-Disposition"].startswith("attachment")


def test_a_form_opened_before_a_withdrawal_does_not_undo_it(network: Any, bakery: Any, coordinator: Actor) -> None:
    centre = signed_in(coordinator)
    moment = told(network, centre)
    given = ConsentData(how="paper", given_on=dt.date(2026, 3, 2), scope="public")
    person = do.name_person(moment, name="Zefa", leave=given, actor=coordinator)
    address = url(network, "consent", moment.pk, person.pk)
    opened = centre.get(address).content.decode()
    assert 'name="guardian"' not in opened
    seen = re.search(r'name="seen" value="(\w+)"', opened)
    assert seen is not None
    do.withdraw_consent(person, actor=coordinator)
    sent = {"scope": "public", "how": "paper", "given_on": "2026-03-02", "evidence": "pasta", "seen": seen[1]}
    for _again in range(2):
        refused = centre.post(address, sent)
        assert refused.status_code == 422
        assert "retirou" in text(refused)
    person.refresh_from_db()
    assert person.scope_now == ""


def test_the_second_of_two_who_describe_a_photo_is_told(network: Any, coordinator: Actor) -> None:
    centre, other = signed_in(coordinator), signed_in(factories.actor(network, "coordination"))
    moment = told(network, centre)
    data = {"file": picture(), "description": "A roda", "shows_nobody": "on"}
    assert centre.post(url(network, "keepsake_new", moment.pk), data).status_code == 302
    address = url(network, "keepsake_edit", moment.pk, Keepsake.objects.get().pk)
    seen = re.search(r'name="seen" value="(\w+)"', centre.get(address).content.decode())
    assert seen is not None
    for client, words, status in ((other, "A roda cheia", 302), (centre, "A roda vazia", 422)):
        answer = client.post(address, {"description": words, "shows_nobody": "on", "seen": seen[1]})
        assert answer.status_code == status
    assert Keepsake.objects.get().description == "A roda cheia"
