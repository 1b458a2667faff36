# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was written down about partners is corrected, struck out with a reason and brought back; never silently (N5)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from PIL import Image
from tests import factories

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import version
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.search import Terms
from mutirao.kernel.uploads import Kind, Upload, accept
from mutirao.network import trail
from mutirao.network.models import Network, Person, RoleAssignment
from mutirao.notices.models import Notice
from mutirao.territory import finding, notifying, queries
from mutirao.territory import operations as do
from mutirao.territory.errors import (
    CallAlreadyThere,
    EndsBeforeItBegins,
    MeetingInTheFuture,
    NextStepThere,
    NoNextStep,
    NotAStep,
    NothingSaid,
    ReasonMissing,
    StruckOut,
)
from mutirao.territory.models import Agreement, Meeting, Partner, PublicCall
from mutirao.territory.operations import AGREEMENT_FIELDS, STEP_FIELDS, CallData, PartnerData

pytestmark = pytest.mark.usefixtures("noon")
DAY = dt.timedelta(days=1)


@pytest.fixture
def council(network: Network) -> Partner:
    return Partner.objects.create(name="Conselho", kind="council")


@pytest.fixture
def agreed(council: Partner, coordinator: Actor) -> Agreement:
    made = do.add_agreement(council, text="Sala às terças", since=clock.today(), actor=coordinator)
    assert made is not None
    return made


@pytest.fixture
def talk(council: Partner, coordinator: Actor) -> Meeting:
    made = do.note_meeting(council, held_on=clock.today(), who="Rosa", what="Prometeram a sala", actor=coordinator)
    assert made is not None
    return made


@pytest.fixture
def call(council: Partner, coordinator: Actor) -> PublicCall:
    return do.add_call(council, call_data(), actor=coordinator)


def call_data(**said: Any) -> CallData:
    return CallData(**{"number": "1/26", "title": "Merenda", "closes_on": clock.today() + 10 * DAY, **said})


def last_words() -> str:
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert entry is not None
    return f"{entry.actor_name}: {trail.said(entry)} {entry.reason}".strip()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def seller(network: Network) -> Person:
    someone = factories.person()
    factories.role(someone, "sales", since=dt.date(2020, 1, 1))
    return someone


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("title", flat=True))


def url(network: Network, name: str, *args: Any) -> str:
    return reverse(f"territory:{name}", args=[network.slug, *args])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def paper(color: str = "white") -> Upload:
    buffer = BytesIO()
    Image.new("RGB", (30, 20), color).save(buffer, "PNG")
    return accept(ContentFile(buffer.getvalue(), "termo.png"), [Kind.IMAGE])


# --- agreements and talks --------------------------------------------------------------------------------------------


def test_an_agreement_is_corrected_and_the_trail_says_what_it_was(agreed: Agreement, coordinator: Actor) -> None:
    do.edit_agreement(agreed, text="Sala às quintas", since=agreed.since, until=agreed.since, actor=coordinator)
    agreed.refresh_from_db()
    assert (agreed.text, agreed.until) == ("Sala às quintas", agreed.since)
    assert "o que ficou combinado: Sala às terças → Sala às quintas" in last_words()
    before = AuditEntry.objects.count()
    do.edit_agreement(agreed, text="Sala às quintas", since=agreed.since, until=agreed.since, actor=coordinator)
    assert AuditEntry.objects.count() == before


def test_a_correction_keeps_to_the_rules_of_what_was_written_first(
    agreed: Agreement, talk: Meeting, coordinator: Actor
) -> None:
    with pytest.raises(NothingSaid):
        do.edit_agreement(agreed, text=" ", since=agreed.since, actor=coordinator)
    with pytest.raises(EndsBeforeItBegins):
        do.edit_agreement(agreed, text="x", since=agreed.since, until=agreed.since - DAY, actor=coordinator)
    with pytest.raises(NothingSaid):
        do.edit_meeting(talk, held_on=talk.held_on, who="", what="", actor=coordinator)
    with pytest.raises(MeetingInTheFuture):
        do.edit_meeting(talk, held_on=clock.today() + DAY, who="", what="x", actor=coordinator)


def test_a_talk_is_corrected_and_the_trail_says_what_it_was(talk: Meeting, coordinator: Actor) -> None:
    do.edit_meeting(talk, held_on=talk.held_on - DAY, who="Rosa e João", what="Prometeram a sala", actor=coordinator)
    talk.refresh_from_db()
    assert (talk.who, talk.held_on) == ("Rosa e João", clock.today() - DAY)
    assert "quem foi: Rosa → Rosa e João" in last_words()


@pytest.mark.django_db(transaction=True)
def test_another_paper_takes_the_place_of_the_first(network: Network, council: Partner, coordinator: Actor) -> None:
    made = do.add_agreement(council, text="Sala", since=clock.today(), file=paper(), actor=coordinator)
    assert made is not None
    first = made.file.name
    said: dict[str, Any] = {"text": "Sala", "since": made.since, "actor": coordinator}
    kept = do.edit_agreement(made, file=paper("black"), **said)
    assert kept.file.name != first
    assert (default_storage.exists(first), default_storage.exists(kept.file.name)) == (False, True)
    assert "papel assinado: termo.jpg → termo.jpg" in last_words() or "termo.png → termo.png" in last_words()
    gone = do.edit_agreement(made, drop_file=True, **said)
    assert (bool(gone.file), gone.file_name) == (False, "")
    assert not default_storage.exists(kept.file.name)
    assert last_words().split("(")[1].startswith("papel assinado: termo.")


def test_the_second_of_two_who_correct_reads_who_changed_what(
    network: Network, agreed: Agreement, talk: Meeting, coordinator: Actor
) -> None:
    other = factories.actor(network, "sales")
    seen = version(agreed, AGREEMENT_FIELDS)
    do.edit_agreement(agreed, text="Sala às quintas", since=agreed.since, actor=other, seen=seen)
    do.edit_meeting(talk, held_on=talk.held_on, who="Ana", what="Outra coisa", actor=other)
    with pytest.raises(StaleEdit) as refused:
        do.edit_agreement(agreed, text="Sala aos sábados", since=agreed.since, actor=coordinator, seen=seen)
    assert other.name in str(refused.value)
    assert "Sala às terças → Sala às quintas" in str(refused.value)
    with pytest.raises(StaleEdit):
        do.strike_out(agreed, reason="engano", actor=coordinator, seen=seen, fields=AGREEMENT_FIELDS)


@pytest.mark.parametrize("which", ["agreed", "talk", "call"])
def test_what_is_struck_out_says_why_is_not_corrected_and_comes_back(
    request: pytest.FixtureRequest, which: str, coordinator: Actor
) -> None:
    row = request.getfixturevalue(which)
    with pytest.raises(ReasonMissing):
        do.strike_out(row, reason=" ", actor=coordinator)
    do.strike_out(row, reason="era outro parceiro", actor=coordinator)
    row.refresh_from_db()
    assert (row.is_struck, row.struck_because) == (True, "era outro parceiro")
    assert last_words().endswith("era outro parceiro")
    with pytest.raises(StruckOut, match="era outro parceiro"):
        do.strike_out(row, reason="de novo", actor=coordinator)
    corrections: dict[str, Callable[[], Any]] = {
        "agreed": lambda: do.edit_agreement(row, text="x", since=row.since, actor=coordinator),
        "talk": lambda: do.edit_meeting(row, held_on=row.held_on, who="", what="x", actor=coordinator),
        "call": lambda: do.edit_call(row, call_data(title="x"), actor=coordinator),
    }
    with pytest.raises(StruckOut):
        corrections[which]()
    do.bring_back(row, actor=coordinator)
    row.refresh_from_db()
    assert not row.is_struck
    entries = AuditEntry.objects.count()
    do.bring_back(row, actor=coordinator)
    assert AuditEntry.objects.count() == entries


def test_nothing_is_struck_out_without_a_reason_in_the_database(talk: Meeting) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=talk.pk).update(struck_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=talk.pk).update(struck_because="x")


def test_the_second_of_two_who_change_a_partner_reads_of_its_data_ties_too(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    mine, other = signed_in(coordinator), factories.actor(network, "sales")
    edit, friend = url(network, "actor_edit", council.pk), factories.enterprise(name="Padaria")
    seen = hidden(mine.get(edit))
    data = PartnerData(name="Conselho", kind="council", enterprises=[friend])
    do.edit_partner(council, data, actor=other)
    do.set_next_step(council, what="Ligar", until=clock.today(), actor=coordinator)
    refused = mine.post(edit, {"name": "Conselho Escolar", "kind": "council"} | seen)
    assert refused.status_code == 422
    assert "Anda junto com Padaria" in text(refused)
    assert f"{other.name} fez uma mudança" in text(refused)
    assert list(council.enterprises.all()) == [friend]


# --- next steps ------------------------------------------------------------------------------------------------------


def step(council: Partner, actor: Actor, **said: Any) -> Partner:
    return do.set_next_step(council, **{"what": "Ligar", "until": clock.today() + 3 * DAY, "actor": actor, **said})


def test_a_changed_step_says_what_it_was_and_the_same_again_says_nothing(council: Partner, coordinator: Actor) -> None:
    step(council, coordinator)
    step(council, coordinator, what="Visitar")
    assert "próximo passo: Ligar → Visitar" in last_words()
    before = AuditEntry.objects.count()
    step(council, coordinator, what="Visitar")
    assert AuditEntry.objects.count() == before


def test_the_second_of_two_who_set_a_step_reads_of_the_step_not_of_what_else_happened(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    seen = version(council, STEP_FIELDS)
    other = factories.actor(network, "sales")
    step(council, other, what="Visitar")
    do.set_partner_active(council, active=False, actor=coordinator)
    for attempt in (
        lambda: step(council, coordinator, seen=seen),
        lambda: do.finish_next_step(council, how="", actor=coordinator, seen=seen),
        lambda: do.drop_next_step(council, reason="x", actor=coordinator, seen=seen),
    ):
        with pytest.raises(StaleEdit, match="Marcou o próximo passo") as refused:
            attempt()
        assert other.name in str(refused.value)


def test_whoever_no_longer_has_a_step_hears_of_it(network: Network, council: Partner, coordinator: Actor) -> None:
    first, second = seller(network), seller(network)
    step(council, coordinator, by=first)
    step(council, coordinator, by=second)
    assert told(first) == ["Ficou com você: Conselho", "Já não está com você: Conselho"]
    do.drop_next_step(council, reason="Eles vêm aqui", actor=coordinator)
    assert told(second) == ["Ficou com você: Conselho", "Já não está com você: Conselho"]
    assert last_words().endswith("Eles vêm aqui")
    with clock.at(clock.now() + 3 * DAY):
        assert notifying.remind_of_days() == 0
    with pytest.raises(NoNextStep):
        do.drop_next_step(council, reason="x", actor=coordinator)


def test_a_step_needs_a_reason_to_be_dropped(council: Partner, coordinator: Actor) -> None:
    step(council, coordinator)
    with pytest.raises(ReasonMissing):
        do.drop_next_step(council, reason=" ", actor=coordinator)


def test_a_step_that_was_not_done_after_all_waits_again(network: Network, council: Partner, coordinator: Actor) -> None:
    person = seller(network)
    step(council, coordinator, by=person)
    talk = do.finish_next_step(council, how="Atenderam", actor=coordinator)
    with pytest.raises(ReasonMissing):
        do.reopen_next_step(talk, reason="", actor=coordinator)
    council = do.reopen_next_step(talk, reason="Era outro número", actor=coordinator)
    assert (council.next_step, council.next_step_by, council.next_step_until) == (
        "Ligar", person, clock.today() + 3 * DAY,
    )  # fmt: skip
    talk.refresh_from_db()
    assert (talk.is_struck, talk.struck_because) == (True, "Era outro número")
    assert told(person)[-1] == "Ficou com você: Conselho"
    with pytest.raises(NotAStep):
        do.reopen_next_step(talk, reason="x", actor=coordinator)


def test_a_step_is_not_reopened_over_another(council: Partner, talk: Meeting, coordinator: Actor) -> None:
    step(council, coordinator)
    done = do.finish_next_step(council, how="", actor=coordinator)
    step(council, coordinator, what="Visitar")
    with pytest.raises(NextStepThere):
        do.reopen_next_step(done, reason="x", actor=coordinator)
    done.refresh_from_db()
    assert not done.is_struck
    with pytest.raises(NotAStep):
        do.reopen_next_step(talk, reason="x", actor=coordinator)


def test_a_step_comes_back_to_the_team_when_whoever_had_it_left(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    person = seller(network)
    step(council, coordinator, by=person)
    done = do.finish_next_step(council, how="", actor=coordinator)
    RoleAssignment.objects.filter(person=person).update(until=clock.today() - DAY)
    assert do.reopen_next_step(done, reason="x", actor=coordinator).next_step_by is None


def test_whoever_had_the_step_reopens_it_and_others_do_not(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    member = factories.actor(network, "enterprise_member", factories.enterprise())
    step(council, coordinator, by=Person.objects.get(pk=member.person_id))
    done = do.finish_next_step(council, how="", actor=member)
    other = factories.actor(network, "enterprise_member", factories.enterprise())
    with pytest.raises(NotAllowed):
        do.reopen_next_step(done, reason="x", actor=other)
    assert "Reabrir o passo" not in text(signed_in(other).get(url(network, "actor", council.pk)))
    mine = signed_in(member)
    assert "Reabrir o passo" in text(mine.get(url(network, "actor", council.pk)))
    answer = mine.post(url(network, "next_step_reopen", done.pk), {"reason": "Faltou um papel"})
    assert answer.status_code == 302
    assert Partner.objects.get().next_step == "Ligar"


# --- public calls ----------------------------------------------------------------------------------------------------


def events(network: Network, client: Client) -> dict[str, Any]:
    calendar = Calendar.from_ical(client.get(url(network, "deadlines")).content)
    return {str(one["uid"]).split("@")[0]: one for one in calendar.walk("VEVENT")}


def test_a_moved_deadline_moves_calendar_and_reminders_and_is_told(
    network: Network, call: PublicCall, coordinator: Actor
) -> None:
    someone, client = seller(network), signed_in(coordinator)
    first = events(network, client)[f"call-{call.pk}"]
    moved = clock.today() + 40 * DAY
    do.edit_call(call, call_data(closes_on=moved), reason="errata nº 2", actor=coordinator)
    again = events(network, client)[f"call-{call.pk}"]
    assert (first["sequence"], again["sequence"], again["dtstart"].dt) == (0, 1, moved)
    assert told(someone) == [f"Chamada 1/26: o prazo agora é {moved:%d/%m/%Y}"]
    assert last_words().endswith("errata nº 2")
    spoke = []
    for days in range(-1, 45):
        with clock.at(clock.now() + days * DAY):
            spoke += [40 - days] if notifying.remind_of_days() else []
    assert spoke == [21, 7, 2]


def test_another_word_of_a_call_is_no_news(network: Network, call: PublicCall, coordinator: Actor) -> None:
    someone = seller(network)
    do.edit_call(call, call_data(title="Merenda escolar"), actor=coordinator)
    do.edit_call(call, call_data(outcome="sent"), actor=coordinator)
    do.edit_call(call, call_data(outcome="sent", closes_on=clock.today() + 30 * DAY), actor=coordinator)
    assert told(someone) == []


def test_a_struck_call_leaves_lists_reminders_search_and_calendars(
    network: Network, call: PublicCall, coordinator: Actor
) -> None:
    someone, client = seller(network), signed_in(coordinator)
    assert list(queries.calls_due(coordinator)) == [call]
    do.strike_out(call, reason="É de outra rede", actor=coordinator)
    assert list(queries.calls_due(coordinator)) == list(queries.open_calls(coordinator)) == []
    assert finding.find_calls(coordinator, Terms.of("merenda"), 5) == []
    assert notifying.remind_of_days() == 0
    event = events(network, client)[f"call-{call.pk}"]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert told(someone) == ["Chamada 1/26: foi riscada"]


def test_the_number_of_a_struck_call_is_free_and_taken_it_does_not_come_back(
    council: Partner, call: PublicCall, coordinator: Actor
) -> None:
    do.strike_out(call, reason="engano", actor=coordinator)
    do.add_call(council, call_data(), actor=coordinator)
    with pytest.raises(CallAlreadyThere):
        do.bring_back(call, actor=coordinator)
    call.refresh_from_db()
    assert call.is_struck


# --- the screens -----------------------------------------------------------------------------------------------------


def hidden(page: Any) -> dict[str, str]:
    return dict(re.findall(r'name="(seen)" value="(\w+)"', page.content.decode()))


def test_each_entry_is_corrected_struck_and_brought_back_from_its_page(
    network: Network, council: Partner, agreed: Agreement, talk: Meeting, call: PublicCall, coordinator: Actor
) -> None:
    client = signed_in(coordinator)
    address = url(network, "actor", council.pk)
    sent: dict[str, tuple[Any, dict[str, Any]]] = {
        "agreement": (agreed, {"text": "Sala nova", "since": "2026-03-01"}),
        "meeting": (talk, {"held_on": "2026-03-01", "who": "Ana", "what": "Conversa nova"}),
        "call": (call, {"number": "9/26", "title": "Chamada nova", "closes_on": "2030-01-31", "outcome": "watching"}),
    }
    for kind, (row, data) in sent.items():
        edit = url(network, f"{kind}_edit", row.pk)
        assert edit in client.get(address).content.decode()
        seen = hidden(client.get(edit))
        assert seen
        assert client.post(edit, data | seen).status_code == 302
    page = text(client.get(address))
    for words in ("Sala nova", "Conversa nova", "Chamada nova", f"última mudança: {coordinator.name}"):
        assert words in page
    for kind, (row, _data) in sent.items():
        strike = url(network, f"{kind}_strike", row.pk)
        assert client.post(strike, {"reason": ""}).status_code == 422
        assert client.post(strike, {"reason": f"engano {kind}"} | hidden(client.get(strike))).status_code == 302
    page = text(client.get(address))
    assert "3 anotações riscadas" in page
    for kind, (row, _data) in sent.items():
        for name in ("edit", "strike"):  # no form is offered that could not be sent
            late = client.get(url(network, f"{kind}_{name}", row.pk))
            assert (late.status_code, f"Isto foi riscado: engano {kind}" in text(late)) == (409, True)
        assert f"Motivo: engano {kind}" in page
        assert url(network, f"{kind}_edit", row.pk) + '"' not in client.get(address).content.decode()
        assert client.post(url(network, f"{kind}_bring_back", row.pk)).status_code == 302
    assert "riscada" not in text(client.get(address))


def test_the_second_form_is_refused_in_words_keeps_what_was_typed_and_may_be_sent_again(
    network: Network, agreed: Agreement, coordinator: Actor
) -> None:
    mine, theirs = signed_in(coordinator), signed_in(factories.actor(network, "sales"))
    edit = url(network, "agreement_edit", agreed.pk)
    seen = hidden(mine.get(edit))
    theirs.post(edit, {"text": "Sala às quintas", "since": "2026-03-01"} | hidden(theirs.get(edit)))
    refused = mine.post(edit, {"text": "Sala aos sábados", "since": "2026-03-01"} | seen)
    assert refused.status_code == 422
    assert "Sala às terças → Sala às quintas" in text(refused)
    assert "Sala aos sábados" in text(refused)
    again = mine.post(edit, {"text": "Sala aos sábados", "since": "2026-03-01"} | hidden(refused))
    assert again.status_code == 302
    agreed.refresh_from_db()
    assert agreed.text == "Sala aos sábados"


def test_a_step_is_changed_dropped_and_marked_from_the_screen(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    client = signed_in(coordinator)
    address = url(network, "next_step", council.pk)
    sent = {"what": "Ligar", "until": "2030-01-31", "by": ""}
    assert client.post(address, sent | hidden(client.get(address))).status_code == 302
    old = hidden(client.get(address))
    assert client.post(address, sent | {"what": "Visitar"} | old).status_code == 302
    refused = client.post(address, sent | {"what": "Escrever"} | old)
    assert refused.status_code == 422
    assert "Ligar → Visitar" in text(refused)
    done = client.post(url(network, "next_step_done", council.pk), {"how": "Feito"} | old)
    assert done.status_code == 422
    drop = url(network, "next_step_drop", council.pk)
    assert client.post(drop, {"reason": "Não precisa mais"} | hidden(client.get(drop))).status_code == 302
    assert Partner.objects.get().next_step == ""


def test_a_wrong_paper_is_replaced_from_the_screen(network: Network, agreed: Agreement, coordinator: Actor) -> None:
    client, edit = signed_in(coordinator), url(network, "agreement_edit", agreed.pk)
    buffer = BytesIO()
    Image.new("RGB", (30, 20), "white").save(buffer, "PNG")
    data = {"text": "Sala", "since": "2026-03-01", "file": SimpleUploadedFile("termo.png", buffer.getvalue())}
    assert client.post(edit, data | hidden(client.get(edit))).status_code == 302
    assert "termo" in text(client.get(edit))
    sent = {"text": "Sala", "since": "2026-03-01", "drop_file": "on"} | hidden(client.get(edit))
    assert client.post(edit, sent).status_code == 302
    agreed.refresh_from_db()
    assert not agreed.file


ADDRESSES = (
    "agreement_edit", "agreement_strike", "agreement_bring_back", "meeting_edit", "meeting_strike",
    "meeting_bring_back", "call_edit", "call_strike", "call_bring_back",
)  # fmt: skip


def all_addresses(network: Network, agreed: Agreement, talk: Meeting, call: PublicCall) -> list[str]:
    rows = {"agreement": agreed, "meeting": talk, "call": call}
    found = [url(network, name, rows[name.split("_")[0]].pk) for name in ADDRESSES]
    return [*found, url(network, "next_step_drop", call.partner_id), url(network, "next_step_reopen", talk.pk)]


@pytest.mark.parametrize(("role", "fields"), [("enterprise_member", {}), ("council", None), ("treasury", None)])
def test_whoever_does_not_look_after_partners_reads_and_changes_nothing(
    network: Network, agreed: Agreement, talk: Meeting, call: PublicCall, role: str, fields: Any
) -> None:
    enterprise = None if fields is None else factories.enterprise(**fields)
    client = signed_in(factories.actor(network, role, enterprise))
    page = client.get(url(network, "actor", call.partner_id))
    assert page.status_code == 200
    assert "Riscar" not in text(page)
    assert "Corrigir" not in text(page)
    for path in all_addresses(network, agreed, talk, call):
        assert (client.get(path).status_code, client.post(path, {"reason": "x"}).status_code) == (403, 403), path


def test_an_enterprise_that_is_no_member_changes_nothing(
    network: Network, agreed: Agreement, talk: Meeting, call: PublicCall
) -> None:
    company = factories.enterprise(legal_form="company")
    client = signed_in(factories.actor(network, "enterprise_coordinator", company))
    for path in all_addresses(network, agreed, talk, call):
        assert client.post(path, {"reason": "x"}).status_code in (403, 404), path
    assert not any(row.is_struck for row in (*Agreement.objects.all(), *Meeting.objects.all()))


def test_the_coordination_of_another_network_reaches_none_of_it(
    network: Network, agreed: Agreement, talk: Meeting, call: PublicCall
) -> None:
    elsewhere, someone = factories.network(), factories.person()
    with tenancy.activated(elsewhere):
        factories.role(someone, "coordination", since=dt.date(2020, 1, 1))
    client = Client()
    client.force_login(someone)
    for home in (network, elsewhere):  # theirs through its address, and by its number through one's own
        for path in all_addresses(home, agreed, talk, call):
            assert (client.get(path).status_code, client.post(path, {"reason": "x"}).status_code) == (404, 404), path
    agreed.refresh_from_db()
    assert not agreed.is_struck


def test_ten_times_what_was_written_down_costs_no_more_queries(
    network: Network, council: Partner, coordinator: Actor
) -> None:
    client = signed_in(coordinator)

    def write(many: int) -> None:
        for number in range(many):
            made = do.add_agreement(council, text=f"Sala {number}", since=clock.today(), actor=coordinator)
            talk = do.note_meeting(council, held_on=clock.today(), who="", what="x", actor=coordinator)
            gone = do.note_meeting(council, held_on=clock.today(), who="", what="y", actor=coordinator)
            do.strike_out(gone, reason="engano", actor=coordinator)
            do.edit_meeting(talk, held_on=clock.today(), who="", what="z", actor=coordinator)
            do.edit_agreement(made, text=f"Outra {number}", since=clock.today(), actor=coordinator)

    def queries_of() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url(network, "actor", council.pk))
        return len(caught)

    write(1)
    queries_of()  # what the first page of a session asks
    few = queries_of()
    write(9)
    assert queries_of() == few
