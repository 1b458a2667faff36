# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying what is made and used; partners, what was agreed, next steps, public calls."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.purchasing.test_second_half import Story

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.network.errors import InvalidPhone
from mutirao.network.models import Network, Person
from mutirao.purchasing.models import PurchaseOrder
from mutirao.purchasing.queries.outside import bought_outside
from mutirao.territory import operations as do
from mutirao.territory import queries
from mutirao.territory.errors import (
    CallAlreadyThere,
    DateMissing,
    EndsBeforeItBegins,
    LinkAlreadyThere,
    MeetingInTheFuture,
    NextStepByStranger,
    NoNextStep,
    NothingSaid,
    PartnerAlreadyThere,
    QuantityNotPositive,
    ReasonToKeepMissing,
)
from mutirao.territory.forms.partners import PartnerForm
from mutirao.territory.models import ChainLink, Meeting, Partner, PartnerPerson, PublicCall
from mutirao.territory.operations import CallData, LinkData, PartnerData, PersonData

pytestmark = pytest.mark.usefixtures("noon")
MAKES, USES = ChainLink.Direction.MAKES, ChainLink.Direction.USES


@pytest.fixture
def mill(network: Any) -> Any:
    return factories.enterprise(name="Farinheira")


@pytest.fixture
def flour(network: Any) -> Any:
    return factories.product(name="Farinha")


@pytest.fixture
def council(network: Any, coordinator: Actor) -> Partner:
    made = do.add_partner(network, PartnerData(name="Conselho de Alimentação", kind="council"), actor=coordinator)
    assert made is not None
    return made


def made(mill: Any, flour: Any, actor: Actor, **data: Any) -> ChainLink:
    link = do.add_link(mill, product=flour, direction=MAKES, data=LinkData(**data), actor=actor)
    assert link is not None
    return link


def test_the_enterprises_coordinator_says_what_it_makes(network: Any, mill: Any, flour: Any) -> None:
    own = factories.actor(network, "enterprise_coordinator", mill)
    link = made(mill, flour, own, quantity=Decimal(400), months=(11, 12, 1))
    assert link.months == [1, 11, 12]
    assert link.yearly == Decimal(1200)


def test_a_year_is_a_year_and_every_month_is_the_whole_year(mill: Any, flour: Any, coordinator: Actor) -> None:
    link = made(mill, flour, coordinator, quantity=Decimal(10), months=tuple(range(1, 13)))
    assert link.months == []
    assert link.yearly == Decimal(120)
    do.edit_link(link, data=LinkData(quantity=Decimal(10), per="year"), actor=coordinator)
    link.refresh_from_db()
    assert link.yearly == Decimal(10)


@pytest.mark.parametrize("role", ["enterprise_member", "enterprise_coordinator"])
def test_others_do_not_say_it_for_an_enterprise(network: Any, mill: Any, flour: Any, role: str) -> None:
    other = factories.actor(network, role, factories.enterprise())
    with pytest.raises(NotAllowed):
        made(mill, flour, other)


def test_the_same_is_not_said_twice(mill: Any, flour: Any, coordinator: Actor) -> None:
    made(mill, flour, coordinator)
    with pytest.raises(LinkAlreadyThere):
        made(mill, flour, coordinator)
    assert do.add_link(mill, product=flour, direction=USES, data=LinkData(), actor=coordinator) is not None


def test_the_same_form_counts_once(mill: Any, flour: Any, coordinator: Actor) -> None:
    for expected in (True, False):
        link = do.add_link(mill, product=flour, direction=MAKES, data=LinkData(), actor=coordinator, key="k1")
        assert (link is not None) is expected


def test_nothing_is_no_quantity(mill: Any, flour: Any, coordinator: Actor) -> None:
    with pytest.raises(QuantityNotPositive):
        made(mill, flour, coordinator, quantity=Decimal(0))
    link = made(mill, flour, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainLink.objects.filter(pk=link.pk).update(quantity=0)


def test_the_second_of_two_who_edit_is_told(mill: Any, flour: Any, coordinator: Actor) -> None:
    link = made(mill, flour, coordinator)
    with pytest.raises(StaleEdit):
        do.edit_link(link, data=LinkData(note="x"), actor=coordinator, seen="0" * 20)


def test_many_rows_add_and_change_and_touch_nothing_else(
    network: Any, mill: Any, flour: Any, coordinator: Actor
) -> None:
    link = made(mill, flour, coordinator, note="fina")
    wanted = [
        do.LinkWanted(mill, flour, MAKES, LinkData(note="grossa")),
        do.LinkWanted(mill, factories.product(), USES, LinkData()),
    ]
    do.save_links(network, wanted=wanted, actor=coordinator)
    link.refresh_from_db()
    assert link.note == "grossa"
    assert ChainLink.objects.count() == 2
    stranger = factories.actor(network, "enterprise_coordinator", factories.enterprise())
    with pytest.raises(NotAllowed):
        do.save_links(network, wanted=wanted, actor=stranger)


def test_what_rounds_bought_outside_counts_and_what_came_from_inside_does_not(network: Any, coordinator: Actor) -> None:
    story = Story(network, coordinator)
    order = story.receive()
    (bought,) = bought_outside(clock.today() - dt.timedelta(days=1))
    assert (bought.quantity, bought.value_minor) == (Decimal(15), 4500)
    assert bought.asked == {story.first.pk: Decimal(10), story.second.pk: Decimal(5)}
    assert bought_outside(clock.today() + dt.timedelta(days=1)) == []
    supplier = PurchaseOrder.objects.get(pk=order.pk).supplier
    supplier.enterprise = story.first
    supplier.save()
    assert bought_outside(clock.today() - dt.timedelta(days=1)) == []


def test_what_is_missing_names_who_makes_inside_what_rounds_bought_outside(network: Any, coordinator: Actor) -> None:
    story = Story(network, coordinator)
    story.receive()
    maker = factories.enterprise(name="Moinho", municipality=factories.municipality())
    product = story.round.goods.first().product
    made(maker, product, coordinator, quantity=Decimal(50))
    (gap,) = queries.missing(coordinator).gaps.bought_outside
    assert (gap.makers, gap.users) == ((maker.pk,), (story.first.pk, story.second.pk))
    assert gap.bought is not None
    assert gap.bought.value_minor == 4500


# --- partners --------------------------------------------------------------------------------------------------------


def test_members_read_partners_and_do_not_write_them(network: Any, council: Partner) -> None:
    member = factories.actor(network, "enterprise_member", factories.enterprise())
    assert list(queries.partners_visible_to(member)) == [council]
    assert queries.people_of(council, member) is None
    with pytest.raises(NotAllowed):
        do.add_partner(network, PartnerData(name="Outro", kind="other"), actor=member)
    with pytest.raises(NotAllowed):
        do.note_meeting(council, held_on=clock.today(), who="eu", what="oi", actor=member)


def test_one_name_is_one_partner(network: Any, council: Partner, coordinator: Actor) -> None:
    with pytest.raises(PartnerAlreadyThere):
        do.add_partner(network, PartnerData(name="conselho de alimentacao", kind="other"), actor=coordinator)


def test_a_persons_telephone_needs_a_reason(council: Partner, coordinator: Actor) -> None:
    with pytest.raises(ReasonToKeepMissing):
        do.add_partner_person(council, PersonData(name="Rita", phone="11 5555"), actor=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerPerson.objects.create(partner=council, name="Rita", phone="11 5555")
    do.add_partner_person(council, PersonData(name="Rita"), actor=coordinator)
    why = "responde pela merenda"
    data = PersonData(name="Ana", phone="11 5555-1234", kept_because=why)
    person = do.add_partner_person(council, data, actor=coordinator)
    do.forget_partner_person(person, actor=coordinator)
    assert [row.name for row in council.people.all()] == ["Rita"]


def test_the_trail_keeps_no_data_of_a_partners_person(council: Partner, coordinator: Actor) -> None:
    data = PersonData(name="Rita Secreta", phone="11 98765-4321", kept_because="merenda")
    do.add_partner_person(council, data, actor=coordinator)
    for entry in AuditEntry.objects.all():
        assert "98765" not in str(entry.data)
        assert "Secreta" not in str(entry.data) + entry.subject_label


def test_an_agreement_ends_after_it_begins_and_says_something(council: Partner, coordinator: Actor) -> None:
    day = clock.today()
    with pytest.raises(EndsBeforeItBegins):
        do.add_agreement(council, text="Sala", since=day, until=day - dt.timedelta(days=1), actor=coordinator)
    with pytest.raises(NothingSaid):
        do.add_agreement(council, text=" ", since=day, actor=coordinator)
    over = do.add_agreement(council, text="Sala", since=day - dt.timedelta(days=9), until=day, actor=coordinator)
    assert not over.is_over(day)
    assert over.is_over(day + dt.timedelta(days=1))


def test_a_talk_is_written_down_after_it_was_had(council: Partner, coordinator: Actor) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(MeetingInTheFuture):
        do.note_meeting(council, held_on=tomorrow, who="nós", what="…", actor=coordinator)


def test_the_next_step_waits_for_whoever_takes_it_and_becomes_a_talk(
    network: Any, council: Partner, coordinator: Actor
) -> None:
    member = factories.actor(network, "enterprise_member", factories.enterprise())
    person = Person.objects.get(pk=member.person_id)
    soon = clock.today() + dt.timedelta(days=3)
    with pytest.raises(DateMissing):
        do.set_next_step(council, what="Levar a ata", until=None, actor=coordinator)
    with pytest.raises(NextStepByStranger):
        do.set_next_step(council, what="x", until=soon, by=factories.person(), actor=coordinator)
    do.set_next_step(council, what="Levar a ata", until=soon, by=person, actor=coordinator)
    assert [row.pk for row in queries.next_steps_due(member)] == [council.pk]
    assert queries.next_steps_due(coordinator) == []
    other = factories.actor(network, "enterprise_coordinator", factories.enterprise())
    with pytest.raises(NotAllowed):
        do.finish_next_step(council, how="Entregue", actor=other)
    do.finish_next_step(council, how="Entregue", actor=member)
    assert Meeting.objects.get().what == "Levar a ata\nEntregue"
    with pytest.raises(NoNextStep):
        do.finish_next_step(council, how="", actor=coordinator)


def test_open_calls_that_close_soon_wait_for_the_team(network: Any, council: Partner, coordinator: Actor) -> None:
    def call(number: str, days: int) -> PublicCall:
        closes = clock.today() + dt.timedelta(days=days)
        return do.add_call(council, CallData(number=number, title="Merenda", closes_on=closes), actor=coordinator)

    soon, far, over = call("1/26", 20), call("2/26", 90), call("3/26", -1)
    assert list(queries.calls_due(coordinator)) == [soon]
    assert {far, soon} == set(queries.open_calls(coordinator))
    assert over not in queries.open_calls(coordinator)
    with pytest.raises(CallAlreadyThere):
        call("1/26", 20)
    data = CallData(number="1/26", title="Merenda", closes_on=soon.closes_on, outcome="sent")
    do.edit_call(soon, data, actor=coordinator)
    assert list(queries.calls_due(coordinator)) == []
    with pytest.raises(EndsBeforeItBegins):
        do.edit_call(
            far,
            CallData(number="2/26", title="x", opens_on=far.closes_on, closes_on=soon.closes_on),
            actor=coordinator,
        )


# --- other countries -------------------------------------------------------------------------------------------------


def test_a_partners_telephone_is_kept_as_a_number_and_shown_as_people_write_it(
    network: Network, coordinator: Actor
) -> None:
    data = PartnerData(name="Prefeitura", kind="city_hall", phone="(12) 3123-4567", city="Lisboa")
    made = do.add_partner(network, data, actor=coordinator)
    assert made is not None
    assert (made.phone, made.city, made.place) == ("+551231234567", "Lisboa", "Lisboa")
    with pytest.raises(InvalidPhone):
        do.edit_partner(made, PartnerData(name="Prefeitura", kind="city_hall", phone="12"), actor=coordinator)


def test_a_partner_abroad_of_a_brazilian_network_is_in_a_city_by_its_name(network: Network, coordinator: Actor) -> None:
    data = PartnerData(name="Coop57", kind="funder", city="Barcelona", phone="+34 932 68 29 49")
    made = do.add_partner(network, data, actor=coordinator)
    assert made is not None
    assert (made.place, made.phone) == ("Barcelona", "+34932682949")
    town = factories.municipality()
    home = PartnerData(name="Coop57", kind="funder", city="Barcelona", municipality=town)
    changed = do.edit_partner(made, home, actor=coordinator)
    assert (changed.municipality, changed.city) == (town, "")


def test_what_was_written_before_telephones_were_checked_stays(network: Network, coordinator: Actor) -> None:
    old = Partner.objects.create(name="Igreja", kind="church", phone="ramal 12")
    data = PartnerData(name="Igreja Matriz", kind="church", phone="ramal 12")
    assert do.edit_partner(old, data, actor=coordinator).phone == "ramal 12"


def test_outside_brazil_a_partner_is_in_a_city_by_its_name(network: Network, coordinator: Actor) -> None:
    Network.objects.filter(pk=network.pk).update(country="PT")
    network.refresh_from_db()
    town = factories.municipality()
    data = PartnerData(name="Junta", kind="city_hall", city="Évora", municipality=town, phone="266 123 456")
    made = do.add_partner(network, data, actor=coordinator)
    assert made is not None
    assert (made.municipality, made.city, made.place, made.phone) == (None, "Évora", "Évora", "+351266123456")
    form = PartnerForm(network=network, actor=coordinator, initial=PartnerForm.initial_for(made))
    assert "municipality" not in form.fields
    assert form.initial["phone"] == "266 123 456"
