# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments are told by members, published by who coordinates, and show nobody who did not give leave."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image
from tests import factories

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound, StaleEdit
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.uploads import Kind, Upload, accept
from mutirao.memory import operations as do
from mutirao.memory import queries
from mutirao.memory.errors import (
    ConsentIncomplete,
    ConsentInTheFuture,
    ConsentMissing,
    ConsentWithdrawn,
    DescriptionMissing,
    GuardianMissing,
    MomentInTheFuture,
    MomentIsPublished,
    NotYourDraft,
    TitleMissing,
)
from mutirao.memory.models import Keepsake, Moment, Portrayal
from mutirao.memory.operations import ConsentData, KeepsakeData, MomentData
from mutirao.site.keeping.exporting import write_network

pytestmark = pytest.mark.usefixtures("noon")
TOLD = {"title": "A ocupação", "kind": "struggle", "day": dt.date(2004, 8, 7)}


def picture(color: str = "red") -> Upload:
    buffer = BytesIO()
    Image.new("RGB", (900, 600), color).save(buffer, "PNG")
    return accept(ContentFile(buffer.getvalue(), name="foto.png"), [Kind.IMAGE])


def leave(scope: str = "booklet", **fields: Any) -> ConsentData:
    return ConsentData(**{"how": "paper", "given_on": clock.today(), "scope": scope, **fields})


@pytest.fixture
def bakery(network: Any) -> Any:
    return factories.enterprise(name="Padaria")


@pytest.fixture
def member(network: Any, bakery: Any) -> Actor:
    return factories.actor(network, "enterprise_member", bakery)


@pytest.fixture
def speaker(network: Any, bakery: Any) -> Actor:
    return factories.actor(network, "enterprise_coordinator", bakery)


@pytest.fixture
def draft(network: Any, bakery: Any, member: Actor) -> Moment:
    made = do.write_moment(network, MomentData(**TOLD, enterprise=bakery), actor=member)
    assert made is not None
    return made


def photo(moment: Moment, actor: Actor, *, nobody: bool = False) -> Keepsake:
    words = KeepsakeData(description="Barracos ao amanhecer", shows_nobody=nobody)
    made = do.add_keepsake(moment, words, file=picture(), actor=actor)
    assert made is not None
    return made


def fresh(keepsake: Keepsake) -> Keepsake:
    return Keepsake.objects.prefetch_related("portrayals").get(pk=keepsake.pk)


def test_a_member_tells_and_the_coordinator_publishes(draft: Moment, member: Actor, speaker: Actor) -> None:
    assert draft.horizon_words == "memória longa"
    assert list(queries.timeline(member)) == []
    assert [row.pk for row in queries.to_publish(speaker)] == [draft.pk]
    with pytest.raises(NotAllowed):
        do.publish_moment(draft, actor=member)
    do.publish_moment(draft, actor=speaker)
    assert list(queries.timeline(member)) == [draft]
    assert queries.to_publish(speaker) == []


def test_a_draft_is_seen_by_who_wrote_it_and_who_publishes_there(
    network: Any, draft: Moment, member: Actor, speaker: Actor, coordinator: Actor
) -> None:
    other = factories.actor(network, "enterprise_coordinator", factories.enterprise())
    for actor in (member, speaker, coordinator):
        assert queries.moment_for(actor, draft.pk) == draft
    with pytest.raises(NotFound):
        queries.moment_for(other, draft.pk)


def test_nobody_tells_for_another_enterprise_and_everybody_for_the_network(network: Any, member: Actor) -> None:
    with pytest.raises(NotAllowed):
        do.write_moment(network, MomentData(**TOLD, enterprise=factories.enterprise()), actor=member)
    mine = do.write_moment(network, MomentData(**TOLD), actor=member)
    assert mine is not None
    with pytest.raises(NotAllowed):
        do.publish_moment(mine, actor=factories.actor(network, "enterprise_coordinator", factories.enterprise()))


@pytest.mark.parametrize("role", ["council", "consultant"])
def test_who_only_reads_tells_nothing(network: Any, role: str) -> None:
    with pytest.raises(NotAllowed):
        do.write_moment(network, MomentData(**TOLD), actor=factories.actor(network, role))


def test_once_published_the_writer_no_longer_changes_it(draft: Moment, member: Actor, speaker: Actor) -> None:
    do.edit_moment(draft, MomentData(**{**TOLD, "title": "A conquista da terra"}), actor=member)
    do.publish_moment(Moment.objects.get(pk=draft.pk), actor=factories.actor(draft.network, "coordination"))
    with pytest.raises(NotYourDraft):
        do.edit_moment(draft, MomentData(**TOLD), actor=member)
    with pytest.raises(NotYourDraft):
        photo(draft, member)


@pytest.mark.parametrize(
    ("change", "error"),
    [({"title": " "}, TitleMissing), ({"day": dt.date(2026, 3, 3)}, MomentInTheFuture)],
)
def test_a_moment_has_a_title_and_is_past(network: Any, member: Actor, change: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        do.write_moment(network, MomentData(**{**TOLD, **change}), actor=member)


def test_the_second_of_two_who_edit_is_told_and_a_form_sent_twice_counts_once(
    network: Any, draft: Moment, member: Actor
) -> None:
    with pytest.raises(StaleEdit):
        do.edit_moment(draft, MomentData(**TOLD), actor=member, seen="x")
    assert do.write_moment(network, MomentData(**TOLD), actor=member, key="a") is not None
    assert do.write_moment(network, MomentData(**TOLD), actor=member, key="a") is None


def test_a_published_moment_is_taken_back_before_it_is_erased(draft: Moment, speaker: Actor) -> None:
    do.publish_moment(draft, actor=speaker)
    with pytest.raises(MomentIsPublished):
        do.delete_moment(draft, actor=speaker)
    do.take_back_moment(draft, actor=speaker)
    do.delete_moment(draft, actor=speaker)
    assert not Moment.objects.exists()


# --- the leave of those shown ----------------------------------------------------------------------------------------


def test_nothing_without_leave_leaves_the_draft(draft: Moment, member: Actor, speaker: Actor) -> None:
    kept = photo(draft, member)
    with pytest.raises(ConsentMissing) as refused:
        do.publish_moment(draft, actor=speaker)
    assert "Barracos" in str(refused.value)
    person = do.name_person(draft, name="Zefa", keepsake=kept, actor=member)
    with pytest.raises(ConsentMissing) as refused:
        do.publish_moment(draft, actor=speaker)
    assert "Zefa" in str(refused.value)
    do.record_consent(person, leave("inside"), actor=member)
    do.publish_moment(draft, actor=speaker)
    assert fresh(kept).reach == 1


def test_who_is_named_in_the_story_gives_leave_too(draft: Moment, member: Actor, speaker: Actor) -> None:
    person = do.name_person(draft, name="Zefa", actor=member)
    with pytest.raises(ConsentMissing):
        do.publish_moment(draft, actor=speaker)
    do.record_consent(person, leave(), actor=member)
    do.publish_moment(draft, actor=speaker)
    do.name_person(draft, name="Tião", actor=speaker)
    draft.refresh_from_db()
    assert draft.state == Moment.State.DRAFT


def test_what_is_added_to_a_published_moment_waits_for_leave(draft: Moment, member: Actor, speaker: Actor) -> None:
    do.publish_moment(draft, actor=speaker)
    kept = photo(draft, speaker)
    draft.refresh_from_db()
    assert not queries.may_see(member, draft, fresh(kept))
    assert queries.may_see(speaker, draft, fresh(kept))
    do.name_person(draft, name="Zefa", keepsake=kept, leave=leave("inside"), actor=speaker)
    assert queries.may_see(member, draft, fresh(kept))


def test_withdrawal_takes_the_picture_out_at_once_for_everybody(
    draft: Moment, member: Actor, speaker: Actor, coordinator: Actor
) -> None:
    kept = photo(draft, member)
    person = do.name_person(draft, name="Zefa", keepsake=kept, leave=leave(), actor=member)
    do.name_person(draft, name="Tião", keepsake=kept, leave=leave("public"), actor=member)
    do.publish_moment(draft, actor=speaker)
    do.withdraw_consent(person, actor=member)
    draft.refresh_from_db()
    for actor in (member, speaker, coordinator):
        assert not queries.may_see(actor, draft, fresh(kept))
        with pytest.raises(NotFound):
            queries.keepsake_for(actor, draft, kept.pk)
    assert default_storage.exists(kept.file.name)
    with pytest.raises(ConsentWithdrawn):
        do.forget_person(person, actor=speaker)
    with pytest.raises(ConsentWithdrawn):
        do.record_consent(person, leave(given_on=clock.today() - dt.timedelta(days=1)), actor=speaker)


def test_only_a_new_leave_brings_a_picture_back(draft: Moment, member: Actor) -> None:
    kept = photo(draft, member)
    person = do.name_person(draft, name="Zefa", keepsake=kept, leave=leave(), actor=member)
    do.withdraw_consent(person, actor=member)
    do.edit_keepsake(kept, KeepsakeData(description="x", shows_nobody=True), actor=member)
    assert fresh(kept).reach == 0
    do.record_consent(person, leave("inside"), actor=member)
    assert fresh(kept).reach == 1


def test_the_file_goes_when_the_person_asks(
    draft: Moment, member: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    kept = photo(draft, member)
    person = do.name_person(draft, name="Zefa", keepsake=kept, leave=leave(), actor=member)
    names = [kept.file.name, kept.preview.name]
    with django_capture_on_commit_callbacks(execute=True):
        do.withdraw_consent(person, erase=True, actor=member)
    assert not Keepsake.objects.exists()
    assert not Portrayal.objects.exists()
    assert [default_storage.exists(name) for name in names] == [False, False]


def test_a_story_goes_back_to_draft_when_somebody_named_withdraws(draft: Moment, member: Actor, speaker: Actor) -> None:
    person = do.name_person(draft, name="Zefa", leave=leave(), actor=member)
    do.publish_moment(draft, actor=speaker)
    do.withdraw_consent(person, actor=member)
    assert list(queries.timeline(speaker)) == []
    with pytest.raises(ConsentMissing):
        do.publish_moment(draft, actor=speaker)
    do.forget_person(person, actor=speaker)
    do.publish_moment(draft, actor=speaker)


def test_a_stranger_to_the_enterprise_withdraws_nothing(network: Any, draft: Moment, member: Actor) -> None:
    person = do.name_person(draft, name="Zefa", leave=leave(), actor=member)
    with pytest.raises(NotAllowed):
        do.withdraw_consent(person, actor=factories.actor(network, "enterprise_member", factories.enterprise()))


def test_a_minor_needs_a_guardians_leave(draft: Moment, member: Actor) -> None:
    with pytest.raises(GuardianMissing):
        do.name_person(draft, name="Bia", is_minor=True, leave=leave(), actor=member)
    child = do.name_person(draft, name="Bia", is_minor=True, actor=member)
    with pytest.raises(GuardianMissing):
        do.record_consent(child, leave(), actor=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Portrayal.objects.filter(pk=child.pk).update(scope="public", how="paper", given_on=clock.today())
    do.record_consent(child, leave(guardian="Zefa, mãe"), actor=member)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"how": ""}, ConsentIncomplete),
        ({"given_on": None}, ConsentIncomplete),
        ({"given_on": dt.date(2026, 3, 3)}, ConsentInTheFuture),
    ],
)
def test_leave_says_how_and_when(draft: Moment, member: Actor, change: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        do.name_person(draft, name="Zefa", leave=leave(**change), actor=member)


def test_a_file_is_described(draft: Moment, member: Actor) -> None:
    with pytest.raises(DescriptionMissing):
        do.add_keepsake(draft, KeepsakeData(description=" "), file=picture(), actor=member)
    with Image.open(photo(draft, member).preview) as smaller:
        assert smaller.size == (640, 427)


def test_the_trail_keeps_no_name_of_those_shown(draft: Moment, member: Actor) -> None:
    person = do.name_person(draft, name="Zefa Secreta", leave=leave(), actor=member)
    do.withdraw_consent(person, actor=member)
    do.forget_person(person, actor=member)
    for entry in AuditEntry.objects.all():
        assert "Secreta" not in f"{entry.data} {entry.subject_label} {entry.reason}"


# --- short, middle and long ------------------------------------------------------------------------------------------


def test_what_is_new_grows_old_unless_somebody_said_otherwise(
    network: Any, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    for title, horizon in (("Sozinho", ""), ("Dito", "short")):
        data = MomentData(title=title, kind="feast", day=today, horizon=horizon)
        moment = do.write_moment(network, data, actor=coordinator)
        assert moment is not None
        do.publish_moment(moment, actor=coordinator)

    def told(horizon: str) -> list[str]:
        return sorted(row.title for row in queries.timeline(coordinator, horizon=horizon))

    assert (told("short"), told("middle"), told("long")) == (["Dito", "Sozinho"], [], [])
    monkeypatch.setattr(clock, "today", lambda: today.replace(year=today.year + 3))
    assert (told("short"), told("middle"), told("long")) == (["Dito"], ["Sozinho"], [])
    assert {row.horizon_words for row in queries.timeline(coordinator)} == {"memória curta", "memória média"}
    monkeypatch.setattr(clock, "today", lambda: today.replace(year=today.year + 30))
    assert (told("short"), told("middle"), told("long")) == (["Dito"], [], ["Sozinho"])
    pages, _more = queries.booklet_pages(coordinator, enterprise=None, horizons=["long"], most=9)
    assert [page.moment.title for page in pages] == ["Sozinho"]


# --- the booklet -----------------------------------------------------------------------------------------------------


def test_the_booklet_takes_only_what_those_shown_allowed_for_it(draft: Moment, member: Actor, speaker: Actor) -> None:
    inside, printed, drawn = photo(draft, member), photo(draft, member), photo(draft, member, nobody=True)
    do.name_person(draft, name="Zefa", keepsake=inside, leave=leave("inside"), actor=member)
    do.name_person(draft, name="Tião", keepsake=printed, leave=leave("booklet"), actor=member)
    do.publish_moment(draft, actor=speaker)
    (page,), more = queries.booklet_pages(member, enterprise=None, horizons=["long"], most=9)
    assert not more
    assert page.photos == (printed, drawn)
    assert page.people == ("Tião",)
    assert queries.booklet_pages(member, enterprise=None, horizons=["short"], most=9) == ([], False)


def test_a_story_of_somebody_who_allowed_it_inside_only_is_not_printed(
    draft: Moment, member: Actor, speaker: Actor
) -> None:
    do.name_person(draft, name="Zefa", leave=leave("inside"), actor=member)
    do.publish_moment(draft, actor=speaker)
    assert queries.booklet_pages(member, enterprise=None, horizons=["long"], most=9) == ([], False)


# --- taken along -----------------------------------------------------------------------------------------------------


def test_a_network_that_takes_everything_along_takes_no_picture_that_was_withdrawn(
    network: Any, draft: Moment, member: Actor
) -> None:
    def files() -> set[str]:
        out = BytesIO()
        write_network(network, out)
        return {name for name in ZipFile(out).namelist() if name.startswith("arquivos/memory")}

    kept, other = photo(draft, member), photo(draft, member, nobody=True)
    shown = do.name_person(draft, name="Zefa", keepsake=kept, leave=leave("public"), actor=member)
    assert len(files()) == 4
    do.withdraw_consent(shown, actor=member)
    assert files() == {f"arquivos/{other.file.name}", f"arquivos/{other.preview.name}"}
