# SPDX-License-Identifier: AGPL-3.0-or-later
"""A group asks to join: what it says and shows, and what becomes of a company."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from mutirao.admission import operations as do
from mutirao.admission import queries
from mutirao.admission.errors import (
    AlreadyApplied,
    CompanyIsPartner,
    NotACandidate,
    NothingShown,
    NotTakingRequests,
    StillMissing,
    UnknownLink,
    WrongState,
)
from mutirao.admission.models import Application, Criterion, Evidence
from mutirao.admission.tasks import drop_draft
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, NotFound
from mutirao.kernel.models import AuditEntry
from mutirao.network.membership import StandingForbids
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.usefixtures("noon")


def test_the_checklist_of_brazil_is_the_law_with_its_article_and_the_principles(network: Any) -> None:
    items = list(makers.started(network).application.items.all())
    assert [(item.norm, item.article) for item in items[:2]] == [
        ("Lei 15.068/2024", "art. 4º, I"), ("Lei 15.068/2024", "art. 4º, II"),
    ]  # fmt: skip
    assert "singularidade de voto" in items[0].text
    assert [item.code for item in items if item.source == "principle"] == ["open_membership", "autonomy"]


def test_elsewhere_the_principles_are_the_ground(db: None) -> None:
    network = factories.network(country="FR", currency="EUR")
    with tenancy.activated(network):
        items = list(makers.started(network, phone="01 42 68 53 00").application.items.all())
    assert items[0].code == "work"
    assert not any(item.norm for item in items)


def test_the_law_is_asked_only_from_the_day_it_was_in_force(network: Any) -> None:
    assert queries.legal_criteria("BR", dt.date(2024, 12, 1)) == {}
    assert len(queries.legal_criteria("BR", dt.date(2024, 12, 24))) == 6


def test_the_link_opens_its_own_request_and_no_other(network: Any) -> None:
    one, two = makers.started(network), makers.started(network, name="Outras")
    assert queries.application_of(one.token) == one.application
    assert queries.application_of(two.token) == two.application
    with pytest.raises(UnknownLink):
        queries.application_of(one.application.token_hash)
    with pytest.raises(NotFound):
        do.add_evidence(
            one.application, kind="other", text="x", items=[two.application.items.first()], actor=makers.guest(network)
        )


def test_the_same_form_again_gives_the_same_request(network: Any) -> None:
    made = [do.start_application(network, makers.data(), actor=makers.guest(network), key="k") for _ in range(2)]
    assert made[0] == made[1]
    assert Application.objects.count() == 1


def test_no_request_comes_in_where_the_network_takes_none(network: Any, coordinator: Actor) -> None:
    do.edit_settings(network, takes_requests=False, actor=coordinator)
    with pytest.raises(NotTakingRequests):
        makers.started(network)
    assert do.start_application(network, makers.data(), actor=coordinator).application.state == "draft"


def test_nobody_of_the_network_starts_or_reads_a_request_without_the_role(network: Any) -> None:
    member = factories.actor(network, "enterprise_member", factories.enterprise())
    application = makers.started(network).application
    with pytest.raises(NotAllowed):
        do.start_application(network, makers.data(), actor=member)
    with pytest.raises(NotAllowed):
        do.edit_application(application, makers.data(), actor=member)
    with pytest.raises(NotFound):
        queries.application_for(member, application.number)


def test_what_is_missing_is_told_before_sending(network: Any) -> None:
    application = do.start_application(network, makers.data(member_count=None), actor=makers.guest(network)).application
    with pytest.raises(StillMissing) as refused:
        do.submit(application, actor=makers.guest(network))
    told = refused.value.words()
    assert "quantas pessoas" in told
    assert "o município" in told
    assert "Autogestão" in told


def test_a_photo_or_a_declaration_is_enough_where_there_are_no_papers(network: Any) -> None:
    application = makers.started(network).application
    actor = makers.guest(network)
    items = list(application.items.all())
    do.add_evidence(application, kind="declaration", file=makers.looked_at(makers.photo()), items=items, actor=actor)
    sent = do.submit(application, actor=actor)
    assert (sent.state, sent.decide_by) == ("submitted", dt.date(2026, 4, 16))
    assert do.submit(sent, actor=actor) == sent
    assert AuditEntry.objects.filter(act="admission.submitted").count() == 1


def test_pictures_are_made_anew_and_pdfs_kept_as_they_are(network: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    application, actor = makers.started(network).application, makers.guest(network)
    picture = do.add_evidence(application, kind="other", file=makers.looked_at(makers.photo()), actor=actor)
    paper = do.add_evidence(
        application, kind="statute", file=makers.looked_at(makers.pdf(name="estatuto.pdf")), actor=actor
    )
    with Image.open(picture.file) as kept:
        assert kept.format == "JPEG"
    assert picture.content_type == "image/jpeg"
    assert (paper.content_type, paper.file.read()) == ("application/pdf", makers.PDF)
    assert "estatuto" not in paper.file.name


def test_nothing_at_all_is_refused(network: Any) -> None:
    application, actor = makers.started(network).application, makers.guest(network)
    with pytest.raises(NothingShown):
        do.add_evidence(application, kind="other", text="  ", actor=actor)
    assert not Evidence.objects.exists()


def test_references_are_given_by_members_once_each(network: Any) -> None:
    application = makers.submitted(network)
    members = [factories.enterprise(), factories.enterprise()]
    for row in members:
        speaker = factories.actor(network, "enterprise_coordinator", row)
        do.add_evidence(application, kind="reference", text="Conheço.", enterprise=row, actor=speaker)
        with pytest.raises(AlreadyApplied):
            do.add_evidence(application, kind="reference", text="De novo.", enterprise=row, actor=speaker)
    assert application.evidence.filter(kind="reference").count() == 2


def test_a_suspended_member_gives_no_reference_and_the_group_none_of_itself(network: Any) -> None:
    application, row = makers.submitted(network), factories.enterprise(standing="suspended")
    speaker = factories.actor(network, "enterprise_coordinator", row)
    with pytest.raises(StandingForbids):
        do.add_evidence(application, kind="reference", text="x", enterprise=row, actor=speaker)
    with pytest.raises(NotAllowed):
        do.add_evidence(application, kind="reference", text="x", enterprise=factories.enterprise(), actor=speaker)


def test_after_sending_the_words_stay_and_proof_may_still_come(network: Any) -> None:
    application, actor = makers.submitted(network), makers.guest(network)
    with pytest.raises(WrongState):
        do.edit_application(application, makers.data(name="Outro"), actor=actor)
    with pytest.raises(WrongState):
        do.say_for_criterion(application.items.first(), answer="Outra coisa", actor=actor)
    evidence = do.add_evidence(application, kind="minutes", file=makers.looked_at(makers.pdf()), actor=actor)
    with pytest.raises(WrongState):
        do.remove_evidence(evidence, actor=actor)


def test_a_company_is_refused_with_the_reason_the_criterion_and_the_way_of_a_partner(network: Any) -> None:
    application = makers.started(network, name="Usina Ltda", legal_form="company").application
    refused = do.submit(application, actor=makers.guest(network))
    assert refused.state == "refused"
    assert "parceira" in refused.decision_reason
    grounds = {item.code for item in application.items.filter(is_refusal_ground=True)}
    assert grounds == {"self_management", "members_work"}
    with pytest.raises(CompanyIsPartner):
        do.file_appeal(application=refused, text="Discordo", actor=makers.guest(network))


def test_the_database_itself_admits_no_company(network: Any) -> None:
    application = makers.started(network, legal_form="company").application
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state="review")


def test_the_coordination_opens_the_request_of_a_candidate_but_of_nobody_else(network: Any, coordinator: Actor) -> None:
    row = factories.enterprise(standing="candidate")
    started = do.propose(row, contact_name="Rosa", actor=coordinator)
    assert (started.application.enterprise, started.application.proposed_by_id) == (row, coordinator.person_id)
    with pytest.raises(AlreadyApplied):
        do.propose(row, contact_name="Rosa", actor=coordinator)
    with pytest.raises(NotACandidate):
        do.propose(factories.enterprise(), contact_name="Rosa", actor=coordinator)
    with pytest.raises(CompanyIsPartner):
        do.propose(factories.enterprise(legal_form="company"), contact_name="Rosa", actor=coordinator)


def test_a_lost_link_is_replaced_and_opens_nothing_any_more(network: Any, coordinator: Actor) -> None:
    first = makers.started(network)
    second = do.issue_new_link(first.application, actor=coordinator)
    assert queries.application_of(second.token) == first.application
    with pytest.raises(UnknownLink):
        queries.application_of(first.token)


def test_a_group_takes_its_request_back(network: Any) -> None:
    application = makers.submitted(network)
    assert do.withdraw(application, actor=makers.guest(network)).state == "withdrawn"
    with pytest.raises(WrongState):
        do.add_evidence(application, kind="other", text="x", actor=makers.guest(network))


def test_a_draft_that_nobody_sends_is_forgotten_with_its_files(
    network: Any, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft, sent = makers.started(network).application, makers.submitted(network, name="Outro")
    kept = do.add_evidence(draft, kind="other", file=makers.looked_at(makers.photo()), actor=makers.guest(network)).file
    assert drop_draft(draft.pk) is False
    with clock.at(clock.now() + dt.timedelta(days=91)), django_capture_on_commit_callbacks(execute=True):
        assert drop_draft(draft.pk) is True
        assert drop_draft(sent.pk) is False
        assert drop_draft(draft.pk) is False
    assert not Application.objects.filter(pk=draft.pk).exists()
    assert not kept.storage.exists(kept.name)


def test_the_network_says_criteria_in_its_words_and_adds_its_own(network: Any, coordinator: Actor) -> None:
    running = makers.started(network).application
    own = do.add_criterion(network, do.CriterionData(title="Sem agrotóxico", text="Não usa veneno."), actor=coordinator)
    law = do.CriterionData(title="Autogestão de verdade", text="Quem decide é a roda.")
    do.edit_criterion(network, "self_management", law, actor=coordinator)
    codes = [row.code for row in queries.criteria_of(network)]
    assert codes[-1] == own.code
    assert makers.started(network, name="Novas").application.items.first().title == "Autogestão de verdade"
    assert running.items.first().title != "Autogestão de verdade"


def test_what_the_law_asks_is_not_switched_off(network: Any, coordinator: Actor) -> None:
    off = do.CriterionData(title="x", text="y", is_active=False)
    with pytest.raises(InvalidValue, match="não se desliga"):
        do.edit_criterion(network, "self_management", off, actor=coordinator)
    do.edit_criterion(network, "autonomy", off, actor=coordinator)
    assert "autonomy" not in [row.code for row in queries.criteria_of(network)]
    with pytest.raises(NotAllowed):
        do.edit_criterion(network, "autonomy", off, actor=factories.actor(network, "council"))
    assert Criterion.objects.count() == 8
