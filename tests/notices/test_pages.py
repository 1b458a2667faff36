# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of notices, of choices, and the link that stops letters (N6)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests import factories
from tests.notices import factories as make

from mutirao.kernel import jobs
from mutirao.network.models import Network, Person
from mutirao.notices.models import Delivery, Device, Notice, NoticeSettings, Preference


@pytest.fixture
def person(network: Network) -> Person:
    return make.member(network, name="Lia", email="lia@exemplo.coop")


@pytest.fixture
def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def url(network: Network, path: str = "") -> str:
    return f"/rede/{network.slug}/avisos/{path}"


def pages(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_header_counts_what_was_not_read(network: Network, person: Person, signed_in: Client) -> None:
    make.tell(network, person)
    make.tell(network, person, key="k2")
    assert "2 avisos por ler" in pages(signed_in.get(f"/rede/{network.slug}/rodadas/"))
    signed_in.post(url(network, "lidos/"))
    assert "por ler" not in pages(signed_in.get(f"/rede/{network.slug}/rodadas/"))


def test_opening_a_notice_marks_it_read_and_leads_on(network: Network, person: Person, signed_in: Client) -> None:
    make.tell(network, person)
    row = Notice.objects.get()
    assert row.title in pages(signed_in.get(url(network)))
    answer = signed_in.post(url(network, f"{row.pk}/abrir/"))
    assert answer["Location"] == "/rede/x/"
    assert row.title not in pages(signed_in.get(url(network)))
    assert row.title in pages(signed_in.get(url(network) + "?ver=todos"))


def test_a_notice_leads_nowhere_outside(network: Network, person: Person, signed_in: Client) -> None:
    make.tell(network, person)
    Notice.objects.update(path="//evil.example/")
    answer = signed_in.post(url(network, f"{Notice.objects.get().pk}/abrir/"))
    assert answer["Location"] == url(network)


def test_nobody_sees_or_opens_notices_of_others(network: Network, person: Person, client: Client) -> None:
    make.tell(network, person, title="Só para Lia")
    client.force_login(make.member(network))
    assert "Só para Lia" not in pages(client.get(url(network) + "?ver=todos"))
    assert client.post(url(network, f"{Notice.objects.get().pk}/abrir/")).status_code == 404


def test_choices_are_kept_and_only_those_that_differ(network: Network, person: Person, signed_in: Client) -> None:
    said = pages(signed_in.get(url(network, "como/")))
    assert "Coisas do resumo" in said
    sent = dict(_as_shown(said))
    sent |= {f"email-{make.LATER}": "now", "digest": "weekly", "quiet_from": "22:00", "quiet_until": "06:00"}
    assert signed_in.post(url(network, "como/"), sent).status_code == 302
    assert [(row.kind, row.email) for row in Preference.objects.all()] == [(make.LATER, "now")]
    own = NoticeSettings.objects.get()
    assert (own.digest, own.quiet_from, own.quiet_until) == ("weekly", dt.time(22), dt.time(6))


def test_what_only_the_team_is_told_of_is_chosen_by_the_team_only(network: Network, client: Client) -> None:
    field = 'name="email-admission.requested"'
    for role, enterprise, shown in (("enterprise_coordinator", factories.enterprise(), 0), ("treasury", None, 1)):
        someone = factories.person()
        factories.role(someone, role, enterprise)
        client.force_login(someone)
        assert pages(client.get(url(network, "como/"))).count(field) == shown


def _as_shown(said: str) -> list[tuple[str, str]]:
    """Every field of the table as the page shows it."""
    found = []
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', said, re.S):
        chosen = re.search(r'value="(\w+)" selected', options)
        found.append((name, chosen[1] if chosen else ""))
    return found + [(name, "on") for name in re.findall(r'type="checkbox" name="(push-[^"]+)" checked', said)]


def test_a_test_notice_goes_out_even_at_night(network: Network, person: Person, signed_in: Client) -> None:
    signed_in.post(url(network, "como/teste/"))
    jobs.drain()
    assert mail.outbox[0].subject == "Aviso de teste"
    assert Delivery.objects.get().state == "sent"


def test_a_browser_is_added_and_taken_away(network: Network, person: Person, signed_in: Client) -> None:
    browser = make.Browser()
    given = {
        "endpoint": "https://fcm.googleapis.com/x", "key": browser.point, "auth": make.webpush.b64(browser.auth),
    }  # fmt: skip
    assert signed_in.post(url(network, "como/aparelhos/"), given).status_code == 200
    assert signed_in.post(url(network, "como/aparelhos/"), given | {"endpoint": "https://evil/"}).status_code == 422
    device = Device.objects.get()
    assert signed_in.post(url(network, f"como/aparelhos/{device.pk}/tirar/")).status_code == 302
    assert not Device.objects.exists()


# --- stopping --------------------------------------------------------------------------------------------------------


def stop_path(network: Network, person: Person, kind: str = make.NOW) -> str:
    make.tell(network, person, kind=kind, key=f"stop-{kind}")
    with make_morning():
        jobs.drain()
    link = str(mail.outbox[-1].extra_headers["List-Unsubscribe"]).strip("<>")
    return "/" + link.split("/", 3)[3]


def make_morning() -> Any:
    from mutirao.kernel import clock  # noqa: PLC0415

    return clock.at((clock.now() + dt.timedelta(days=2)).replace(hour=12))


def test_looking_at_the_link_stops_nothing_and_one_tap_does(network: Network, person: Person, client: Client) -> None:
    path = stop_path(network, person)
    assert "Parar os e-mails sobre" in pages(client.get(path))
    assert not Preference.objects.exists()
    answer = client.post(path)
    assert "Pronto: parou" in pages(answer)
    assert Preference.objects.get().email == "never"


def test_the_mail_programs_own_button_stops_without_signing_in_or_cookies(network: Network, person: Person) -> None:
    path = stop_path(network, person)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().email == "never"


def test_one_tap_stops_everything_or_the_digest(network: Network, person: Person, client: Client) -> None:
    client.post(stop_path(network, person, make.LATER))
    assert NoticeSettings.objects.get().digest == "never"
    client.post(stop_path(network, person), {"scope": "all"})
    assert NoticeSettings.objects.get().is_email_off


def test_the_link_of_a_test_stops_all_letters_and_says_so(network: Network, person: Person, signed_in: Client) -> None:
    signed_in.post(url(network, "como/teste/"))
    jobs.drain()
    path = "/" + str(mail.outbox[-1].extra_headers["List-Unsubscribe"]).strip("<>").split("/", 3)[3]
    looked = pages(signed_in.get(path))
    assert "Parar todos os e-mails desta rede" in looked
    assert "Parar o resumo" not in looked
    assert "Nenhum e-mail desta rede vai mais para você." in pages(signed_in.post(path))
    assert NoticeSettings.objects.get().is_email_off


@pytest.mark.parametrize("change", [lambda path: path[:-3] + "x/", lambda path: "/avisos/parar/abc/"])
def test_a_link_that_was_tampered_with_stops_nothing(
    network: Network, person: Person, client: Client, change: Any
) -> None:
    assert client.post(change(stop_path(network, person))).status_code == 404
    assert not Preference.objects.exists()
