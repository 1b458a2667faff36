# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling people once, by the ways they chose, outside their quiet hours (N6)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import settings as installation
from django.core import mail
from tests import factories
from tests.notices import factories as make

from mutirao.kernel import clock, jobs, tenancy
from mutirao.kernel.models import Job
from mutirao.network import access
from mutirao.network.models import Network, Person, RoleAssignment
from mutirao.notices import keys, kinds, operations, tasks
from mutirao.notices.errors import DeviceNotTaken, NotYourOwn
from mutirao.notices.models import Delivery, Device, Notice, NoticeSettings, Preference

EVENING = dt.datetime(2026, 3, 3, 1, 30, tzinfo=dt.UTC)
"""Half past ten in the evening of 2 March in São Paulo."""


@pytest.fixture
def person(network: Network) -> Person:
    return make.member(network, name="Lia", email="lia@exemplo.coop")


@pytest.fixture
def midday(noon: dt.datetime) -> dt.datetime:
    return noon


def acting(person: Person, network: Network) -> Any:
    return access.actor_for(person, network)


def run_jobs(moment: dt.datetime | None = None) -> None:
    with clock.at(moment or clock.now()):
        jobs.drain()


def test_a_person_is_told_once_however_often_the_same_is_said(network: Network, person: Person) -> None:
    assert make.tell(network, person, person) == 1
    assert make.tell(network, person) == 0
    assert make.tell(network, person, key="another") == 1
    assert Notice.objects.count() == 2


def test_nobody_is_told_what_they_did_themselves(network: Network, person: Person) -> None:
    said = operations.Said("Você fez")
    told = operations.notify(
        [person], kind=make.NOW, key="own", words=lambda: said, actor=acting(person, network)
    )  # fmt: skip
    assert told == 0


def test_each_reads_it_in_their_own_language(network: Network) -> None:
    from django.utils.translation import get_language  # noqa: PLC0415

    english, portuguese = make.member(network, language="en"), make.member(network)
    operations.notify(
        [english, portuguese], kind=make.SILENT, key="l", actor=operations.Actor(name="x"),
        words=lambda: operations.Said(str(get_language())),
    )  # fmt: skip
    assert Notice.objects.get(person=english).title == "en"
    assert Notice.objects.get(person=portuguese).title == "pt-br"


def test_an_email_goes_out_after_commit_with_text_html_and_the_way_to_stop(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    make.tell(network, person, title="A rodada fecha hoje")
    assert mail.outbox == []
    run_jobs()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["lia@exemplo.coop"], "A rodada fecha hoje")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop.startswith(f"{installation.ADDRESS}/avisos/parar/")
    assert stop in letter.body
    assert f"{installation.ADDRESS}/rede/x/" in letter.body
    assert [kind for _content, kind in letter.alternatives] == ["text/html"]


def test_the_same_job_twice_gives_one_letter(network: Network, person: Person, midday: dt.datetime) -> None:
    make.tell(network, person)
    [job] = make.jobs_of("deliver")
    assert tasks.deliver(**job.arguments)
    assert not tasks.deliver(**job.arguments)
    run_jobs()
    assert len(mail.outbox) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_delivery_that_somebody_is_sending_is_left_to_them_until_they_are_gone(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    make.tell(network, person)
    row = Delivery.objects.get()
    Delivery.objects.update(state="sending", taken_at=midday, taken_by="other")
    assert not tasks.deliver(row.pk)
    with clock.at(midday + dt.timedelta(minutes=11)):
        assert tasks.deliver(row.pk)
    assert len(mail.outbox) == 1


def test_a_letter_that_fails_is_tried_again_and_shows_why(
    network: Network, person: Person, midday: dt.datetime, settings: Any
) -> None:
    make.tell(network, person)
    settings.EMAIL_BACKEND = "no.such.backend"
    run_jobs()
    row, [job] = Delivery.objects.get(), make.jobs_of("deliver")
    assert (row.state, job.state) == ("waiting", Job.State.READY)
    assert "no" in row.error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_jobs(midday + dt.timedelta(minutes=1))
    assert len(mail.outbox) == 1


def test_in_the_quiet_hours_letters_wait_for_the_morning(network: Network, person: Person) -> None:
    with clock.at(EVENING):
        make.tell(network, person)
    run_jobs(dt.datetime(2026, 3, 3, 9, 59, tzinfo=dt.UTC))
    assert mail.outbox == []
    run_jobs(dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC))
    assert len(mail.outbox) == 1


SEVEN = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)
"""When the quiet hours that EVENING lies in are over."""


def test_what_is_over_when_the_quiet_hours_end_is_in_the_app_only(network: Network, person: Person) -> None:
    with clock.at(EVENING):
        make.tell(network, person, until=SEVEN)
        make.tell(network, person, key="later", title="Até as oito", until=SEVEN + dt.timedelta(hours=1))
    run_jobs(SEVEN)
    assert [letter.subject for letter in mail.outbox] == ["Até as oito"]
    assert Notice.objects.count() == 2


def test_a_letter_that_was_held_up_until_its_deadline_is_not_sent(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    make.tell(network, person, title="Fecha hoje", until=midday + dt.timedelta(hours=2))
    run_jobs(midday + dt.timedelta(hours=2))
    assert mail.outbox == []
    assert Delivery.objects.get().state == "skipped"


def test_what_cannot_wait_for_the_digest_goes_out_before_its_deadline(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    operations.choose_ways({make.NOW: ("digest", False)}, digest="weekly", actor=acting(person, network))
    make.tell(network, person, title="Fecha à tarde", until=midday + dt.timedelta(hours=4))
    make.tell(network, person, key="k2", title="Fecha na quarta", until=midday + dt.timedelta(days=2))
    make.tell(network, person, key="k3", title="Fecha um dia")
    for moment, said in (
        (midday, ["Fecha à tarde"]),
        (SEVEN, ["Fecha na quarta"]),
        (SEVEN + dt.timedelta(days=6), ["Fecha um dia"]),
    ):
        mail.outbox.clear()
        run_jobs(moment)
        assert [
            one for one in ("Fecha à tarde", "Fecha na quarta", "Fecha um dia") if one in mail.outbox[0].body
        ] == said
        assert len(mail.outbox) == 1


def test_a_digest_that_was_held_up_leaves_out_what_is_over(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    operations.choose_ways({make.NOW: ("digest", False)}, actor=acting(person, network))
    make.tell(network, person, title="Fecha hoje", until=midday + dt.timedelta(days=1))
    make.tell(network, person, key="k2", title="Chegou o arroz")
    run_jobs(midday + dt.timedelta(days=1))
    [letter] = mail.outbox
    assert "Chegou o arroz" in letter.body
    assert "Fecha hoje" not in letter.body


def test_what_is_urgent_rings_in_quiet_hours_but_not_when_it_is_over(network: Network, person: Person) -> None:
    with clock.at(EVENING):
        make.tell(network, person, kind=make.URGENT, until=EVENING + dt.timedelta(minutes=5))
        make.tell(network, person, kind=make.URGENT, key="k2", until=EVENING)
        run_jobs()
    assert len(mail.outbox) == 1


def test_the_quiet_hours_are_those_of_the_networks_time_zone(network: Network, person: Person) -> None:
    network.time_zone = "Asia/Tokyo"
    network.save()
    with clock.at(EVENING):  # half past ten in the morning there
        make.tell(network, person)
        run_jobs()
    assert len(mail.outbox) == 1


def test_what_was_held_up_until_the_quiet_hours_waits_for_the_morning_too(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    """The mail server was down all afternoon, or nobody drained the queue."""
    make.tell(network, person)
    run_jobs(EVENING)
    assert mail.outbox == []
    assert Delivery.objects.get().state == "waiting"
    run_jobs(dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC))
    assert len(mail.outbox) == 1
    run_jobs(dt.datetime(2026, 3, 3, 11, 0, tzinfo=dt.UTC))
    assert len(mail.outbox) == 1


def test_a_digest_waits_for_the_end_of_the_quiet_hours(network: Network, person: Person, midday: dt.datetime) -> None:
    operations.choose_ways({}, quiet=(dt.time(21), dt.time(9)), actor=acting(person, network))
    make.tell(network, person, kind=make.LATER)
    run_jobs(dt.datetime(2026, 3, 3, 11, 59, tzinfo=dt.UTC))
    assert mail.outbox == []
    run_jobs(dt.datetime(2026, 3, 3, 12, 0, tzinfo=dt.UTC))
    assert len(mail.outbox) == 1


def test_what_is_urgent_rings_at_night(network: Network, person: Person) -> None:
    with clock.at(EVENING):
        make.tell(network, person, kind=make.URGENT)
        run_jobs()
    assert len(mail.outbox) == 1


def test_what_was_read_in_the_app_meanwhile_is_not_sent(network: Network, person: Person) -> None:
    with clock.at(EVENING):
        make.tell(network, person)
        operations.mark_read(None, actor=acting(person, network))
    run_jobs(EVENING + dt.timedelta(hours=12))
    assert mail.outbox == []
    assert Delivery.objects.get().state == "skipped"


def test_whoever_left_the_network_gets_no_more_letters(network: Network, person: Person, midday: dt.datetime) -> None:
    make.tell(network, person)
    RoleAssignment.objects.filter(person=person).update(until=clock.today())
    run_jobs()
    assert mail.outbox == []


def test_a_chosen_way_goes_before_the_usual_one(network: Network, person: Person, midday: dt.datetime) -> None:
    actor = acting(person, network)
    operations.choose_ways({make.NOW: ("never", False), make.SILENT: ("now", False)}, actor=actor)
    make.tell(network, person)
    make.tell(network, person, kind=make.SILENT, key="k2")
    run_jobs()
    assert len(mail.outbox) == 1
    with pytest.raises(ValueError, match="no such"):
        operations.choose_ways({"tests.none": ("now", False)}, actor=actor)


def test_no_email_at_all_means_none(network: Network, person: Person, midday: dt.datetime) -> None:
    operations.choose_ways({}, is_email_off=True, actor=acting(person, network))
    make.tell(network, person)
    make.tell(network, person, kind=make.LATER, key="k2")
    assert not Delivery.objects.exists()


# --- digest ----------------------------------------------------------------------------------------------------------


def test_a_digest_gathers_what_waits_and_what_happened_into_one_letter(
    network: Network, person: Person, midday: dt.datetime
) -> None:
    operations.choose_ways({make.NOW: ("digest", False)}, actor=acting(person, network))
    make.tell(network, person, title="Responda à rodada")
    make.tell(network, person, kind=make.LATER, key="k2", title="Chegou o arroz")
    make.tell(network, person, kind=make.LATER, key="k3", title="Nova cotação")
    assert len(make.jobs_of("send_digest")) == 1
    run_jobs(midday + dt.timedelta(hours=1))
    assert mail.outbox == []
    morning = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)
    run_jobs(morning)
    [letter] = mail.outbox
    waits, happened = letter.body.index("ESPERA POR VOCÊ"), letter.body.index("O QUE ACONTECEU")
    assert waits < letter.body.index("Responda à rodada") < happened < letter.body.index("Chegou o arroz")
    with clock.at(morning):
        assert not tasks.send_digest(person.pk)
    assert len(mail.outbox) == 1


def test_no_digest_goes_out_when_everything_was_read(network: Network, person: Person, midday: dt.datetime) -> None:
    make.tell(network, person, kind=make.LATER)
    operations.mark_read(None, actor=acting(person, network))
    run_jobs(midday + dt.timedelta(days=2))
    assert mail.outbox == []


def test_a_weekly_digest_goes_out_on_monday(network: Network, person: Person, midday: dt.datetime) -> None:
    operations.choose_ways({}, digest="weekly", actor=acting(person, network))
    make.tell(network, person, kind=make.LATER)
    run_jobs(dt.datetime(2026, 3, 9, 9, 59, tzinfo=dt.UTC))
    assert mail.outbox == []
    run_jobs(dt.datetime(2026, 3, 9, 10, 0, tzinfo=dt.UTC))
    assert len(mail.outbox) == 1


def test_digests_of_two_networks_stay_apart(network: Network, person: Person, midday: dt.datetime) -> None:
    make.tell(network, person, kind=make.LATER, title="Daqui")
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        factories.role(person, "purchasing", since=dt.date(2020, 1, 1))
        make.tell(elsewhere, person, kind=make.LATER, title="De lá")
    run_jobs(midday + dt.timedelta(days=1))
    assert sorted("Daqui" in letter.body for letter in mail.outbox) == [False, True]


# --- devices ---------------------------------------------------------------------------------------------------------


def add(person: Person, network: Network, browser: make.Browser, endpoint: str) -> Device:
    return operations.add_device(
        endpoint=endpoint, browser_key=browser.point, auth=make.webpush.b64(browser.auth),
        actor=acting(person, network), name="Celular",
    )  # fmt: skip


def test_a_device_rings_with_a_message_that_only_it_can_read(
    network: Network, person: Person, midday: dt.datetime, settings: Any
) -> None:
    browser = make.Browser()
    with make.push_service() as (address, came):
        settings.PUSH_SERVICES = [address]
        add(person, network, browser, f"{address}/send/1")
        make.tell(network, person, title="Chegou a cobrança")
        run_jobs()
    [(headers, body)] = came
    assert b"Chegou" not in body
    assert json.loads(browser.open(body)) == {
        "title": "Chegou a cobrança", "body": "Corpo", "url": "/rede/x/", "tag": f"notice-{Notice.objects.get().pk}",
    }  # fmt: skip
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].endswith(f"k={keys.public_text()}")
    assert Device.objects.get().reached_at == midday


def test_a_device_that_is_gone_is_forgotten(
    network: Network, person: Person, midday: dt.datetime, settings: Any
) -> None:
    with make.push_service(410) as (address, _came):
        settings.PUSH_SERVICES = [address]
        add(person, network, make.Browser(), f"{address}/send/1")
        make.tell(network, person)
        run_jobs()
    assert not Device.objects.exists()
    assert Delivery.objects.get(way="push").state == "skipped"


def test_a_push_service_that_fails_is_tried_again_and_never_followed_elsewhere(
    network: Network, person: Person, midday: dt.datetime, settings: Any
) -> None:
    with make.push_service(503) as (address, _came):
        settings.PUSH_SERVICES = [address]
        add(person, network, make.Browser(), f"{address}/send/1")
        make.tell(network, person)
        run_jobs()
    assert Delivery.objects.get(way="push").error == "OSError: the push service answered 503"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1/", "https://169.254.169.254/", "https://evil.example/fcm.googleapis.com",
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@evil.example/", "https://evilpush.apple.com/x", "file:///etc/passwd", "",
    ],
)  # fmt: skip
def test_the_server_calls_no_address_but_those_of_push_services(
    network: Network, person: Person, endpoint: str
) -> None:
    with pytest.raises(DeviceNotTaken):
        add(person, network, make.Browser(), endpoint)


def test_the_known_push_services_are_taken(network: Network, person: Person) -> None:
    for endpoint in ("https://fcm.googleapis.com/fcm/send/a", "https://web.push.apple.com/b"):
        add(person, network, make.Browser(), endpoint)
    add(person, network, make.Browser(), "https://web.push.apple.com/b")
    assert Device.objects.count() == 2


def test_a_browser_rings_only_for_whoever_took_it_up_last(network: Network, person: Person) -> None:
    endpoint = "https://fcm.googleapis.com/fcm/send/shared"
    add(person, network, make.Browser(), endpoint)
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        factories.role(person, "purchasing", since=dt.date(2020, 1, 1))
        add(person, elsewhere, make.Browser(), endpoint)
    other = make.member(network)
    add(other, network, make.Browser(), endpoint)
    with tenancy.unscoped("test"):
        assert [row.person_id for row in Device.objects.all()] == [other.pk]


def test_keys_of_the_wrong_length_are_refused(network: Network, person: Person) -> None:
    with pytest.raises(DeviceNotTaken):
        operations.add_device(
            endpoint="https://fcm.googleapis.com/x", browser_key="AAAA", auth="AA", actor=acting(person, network)
        )


def test_the_push_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path
    first = keys.public_text()
    keys._read.cache_clear()
    assert keys.public_text() == first
    assert (tmp_path / keys.FILE_NAME).stat().st_mode & 0o777 == 0o600


# --- choosing --------------------------------------------------------------------------------------------------------


def test_devices_and_notices_of_others_cannot_be_touched(network: Network, person: Person) -> None:
    other = acting(make.member(network), network)
    device = add(person, network, make.Browser(), "https://fcm.googleapis.com/x")
    with pytest.raises(NotYourOwn):
        operations.remove_device(device, actor=other)
    make.tell(network, person)
    assert operations.mark_read([Notice.objects.get().pk], actor=other) == 0


def test_stopping_one_kind_leaves_the_others_and_the_app(network: Network, person: Person, midday: dt.datetime) -> None:
    operations.stop_emails(person, scope=make.NOW, actor=acting(person, network))
    make.tell(network, person)
    make.tell(network, person, kind=make.URGENT, key="k2")
    run_jobs()
    assert len(mail.outbox) == 1
    assert Notice.objects.count() == 2
    assert Preference.objects.get().push is True, "devices still ring"


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        kinds.declare(make.NOW, "de novo")


def test_quiet_hours_can_be_switched_off(network: Network, person: Person) -> None:
    operations.choose_ways({}, quiet=(dt.time(0), dt.time(0)), actor=acting(person, network))
    assert NoticeSettings.objects.get().quiet_from == dt.time(0)
    with clock.at(EVENING):
        make.tell(network, person)
        run_jobs()
    assert len(mail.outbox) == 1
