# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of admission: by link without account, inside the network, and for anyone with a certificate's code."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mutirao.admission import checking, errors, queries
from mutirao.admission import operations as do
from mutirao.admission.forms import FirstApplicationForm
from mutirao.admission.models import Appeal, Application, Certificate, Evidence, Measure
from mutirao.admission.urls import urlpatterns
from mutirao.admission.views import public
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network.models import RoleAssignment
from tests import factories
from tests.admission import makers

pytestmark = pytest.mark.usefixtures("noon", "files")


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(makers.person(actor))
    return client


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def stamp_of(seconds_ago: int) -> str:
    """A form opened so long ago."""
    signer = signing.TimestampSigner(salt="mutirao.admission.form")
    value = f"form:{signing.b62_encode(int(time.time()) - seconds_ago)}"
    return f"{value}:{signer.signature(value)}"


def filled(**changes: str) -> dict[str, str]:
    return {
        "name": "Quitandeiras do Morro", "legal_form": "informal", "contact_name": "Rosa Lima", "member_count": "7",
        "activity": "quitandas", "phone": "(13) 5550-2020", "opened": stamp_of(60), **changes,
    }  # fmt: skip


def start(network: Any, client: Client, **changes: str) -> Any:
    return client.post(f"/associar/{network.slug}/", filled(**changes))


def by(token: str, name: str = "admission_link", **more: Any) -> str:
    return reverse(name, kwargs={"token": token, **more})


# --- without account -------------------------------------------------------------------------------------------------


def test_a_group_asks_from_a_phone_without_account_and_goes_on_by_its_link(network: Any, client: Client) -> None:
    place = factories.municipality(name="Registro", folded="registro")
    assert client.get(f"/associar/{network.slug}/").status_code == 200
    answer = start(network, client, email="rosa@exemplo.coop", municipality="Registro")
    assert answer.status_code == 302
    token = answer["Location"].split("/")[2]
    page = client.get(answer["Location"])
    assert "Guarde este endereço" in text(page)
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")
    application = Application.objects.get()
    assert application.municipality == place
    assert token in mail.outbox[0].body
    assert application.token_hash not in page.content.decode()
    for item in application.items.all():
        sent = client.post(
            by(token, "admission_link_criterion", pk=item.pk), {"answer": "Em roda.", "file": makers.photo()}
        )
        assert sent.status_code == 302, text(sent)
    assert Evidence.objects.count() == application.items.count()
    assert client.post(by(token, "admission_link_submit")).status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"
    shown = client.get(by(token, "admission_link_file", pk=Evidence.objects.first().pk))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg onload='x'>", "pode trazer programas"),
        (b"PK\x03\x04zip", "diz uma coisa e o conteúdo é outra"),
        (b"MZ\x90", "diz uma coisa e o conteúdo é outra"),
        (makers.PDF.replace(b"/Catalog", b"/Catalog /S /JavaScript"), "traz um programa"),
        (makers.PDF + b"0" * 11 * 1024 * 1024, "o limite é de 10 MB"),
    ],
)
def test_a_file_that_is_no_paper_is_refused_in_the_form_with_what_to_do(
    network: Any, client: Client, content: bytes, why: str
) -> None:
    begun = makers.started(network)
    item = begun.application.items.first()
    address = by(begun.token, "admission_link_criterion", pk=item.pk)
    answer = client.post(address, {"answer": "Em roda.", "file": makers.pdf(content)})
    assert why in text(answer)
    assert "Em roda." in text(answer)
    assert not Evidence.objects.exists()


def test_the_letter_links_to_the_installations_own_address_whatever_host_was_asked(
    network: Any, client: Client, settings: Any
) -> None:
    settings.ADDRESS, settings.ALLOWED_HOSTS = "https://mutirao.example", ["*"]
    client.post(f"/associar/{network.slug}/", filled(email="rosa@exemplo.coop"), headers={"host": "mau.example"})
    assert "https://mutirao.example/pedido/" in mail.outbox[0].body
    assert "mau.example" not in mail.outbox[0].body


@pytest.mark.parametrize(
    "changes", [{"website": "http://x"}, {"opened": ""}, {"opened": "form:x:y"}, {"opened": FirstApplicationForm.stamp}]
)
def test_what_a_program_fills_in_is_not_taken(network: Any, client: Client, changes: dict[str, Any]) -> None:
    values = {name: value() if callable(value) else value for name, value in changes.items()}
    answer = start(network, client, **values)
    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_too_many_requests_of_one_place_are_told_to_wait(network: Any, client: Client) -> None:
    for number in range(10):
        assert start(network, client, name=f"Grupo {number}").status_code == 302
    assert start(network, client, name="Grupo 11").status_code == 429
    assert Application.objects.count() == 10


def test_what_is_wrong_is_said_on_top_of_the_long_forms(network: Any, client: Client, coordinator: Actor) -> None:
    page = start(network, client, member_count="sete", municipality="Lugar Nenhum")
    assert page.status_code == 422
    assert "Falta acertar 2 coisas" in text(page)
    application, (one, *_others) = makers.under_review(network, coordinator)
    page = signed_in(one).post(
        reverse("admission:review", args=[network.slug, application.number]), {"vote": "1", "choice": "yes"}
    )
    assert page.status_code == 422
    assert "Falta acertar uma coisa" in text(page)


def test_a_network_that_takes_no_requests_shows_no_form(network: Any, client: Client, coordinator: Actor) -> None:
    do.edit_settings(network, takes_requests=False, actor=coordinator)
    assert "não recebe pedidos" in text(client.get(f"/associar/{network.slug}/"))
    assert start(network, client).status_code == 422
    assert client.get("/associar/nenhuma/").status_code == 404


def test_a_company_is_told_why_not_and_what_instead(network: Any, client: Client) -> None:
    started = makers.started(network, legal_form="company")
    client.post(by(started.token, "admission_link_submit"))
    told = text(client.get(by(started.token)))
    assert "parceira" in told
    assert "Recorrer" not in told


def test_one_link_reads_nothing_of_another_request(network: Any, client: Client) -> None:
    one, two = makers.started(network), makers.started(network, name="Outras")
    evidence = do.add_evidence(
        two.application, kind="other", file=makers.looked_at(makers.photo()), actor=makers.guest(network)
    )
    item = two.application.items.first()
    assert client.get(by(one.token, "admission_link_file", pk=evidence.pk)).status_code == 404
    assert client.post(by(one.token, "admission_link_file_remove", pk=evidence.pk)).status_code == 404
    assert client.post(by(one.token, "admission_link_criterion", pk=item.pk), {"answer": "x"}).status_code == 404
    assert client.get(by("nenhum")).status_code == 404
    assert client.get(by(two.token, "admission_link_file", pk=evidence.pk)).status_code == 200


def test_an_admitted_group_opens_its_account_and_speaks_for_its_enterprise(
    network: Any, client: Client, coordinator: Actor
) -> None:
    started = makers.started(network)
    application = do.submit(makers.answered(started.application), actor=makers.guest(network))
    assert client.post(by(started.token, "admission_link_come_in")).status_code == 409
    people = [makers.reviewer(network) for _ in range(3)]
    do.name_reviewers(application, people=[makers.person(one) for one in people], actor=coordinator)
    for one in people[:2]:
        makers.vote(application, one, "yes")
    invitation = client.post(by(started.token, "admission_link_come_in"))
    assert invitation["Location"].startswith("/convite/")
    again = client.post(by(started.token, "admission_link_come_in"))
    assert again["Location"] == invitation["Location"]
    account = {
        "name": "Rosa Lima", "email": "rosa@exemplo.coop", "way": "password", "password": "semente-boa-de-2026",
        "phone": "",
    }  # fmt: skip
    assert client.post(invitation["Location"], account).status_code == 302
    held = RoleAssignment.objects.get(person__email="rosa@exemplo.coop")
    assert (held.role, held.enterprise.standing) == ("enterprise_coordinator", "member")
    assert Client().post(by(started.token, "admission_link_come_in")).status_code == 409


# --- certificates ----------------------------------------------------------------------------------------------------


def test_anyone_checks_a_certificate_and_reads_nothing_personal(
    network: Any, client: Client, coordinator: Actor
) -> None:
    application = makers.admitted(network, coordinator)
    certificate = Certificate.objects.get()
    told = text(client.get(f"/certificado/{certificate.code}/"))
    assert "Quitandeiras do Morro" in told
    assert "válido" in told
    for private in ("Rosa", "5550", str(application.municipality)):
        assert private not in told
    assert client.get("/certificado/?codigo=" + certificate.code.lower()).status_code == 200
    assert client.get("/certificado/AAAABBBBCCCCDDDD2222/").status_code == 404
    with clock.at(clock.now() + dt.timedelta(days=900)):
        assert "vencido" in text(client.get(f"/certificado/{certificate.code}/"))
    do.leave(application.enterprise, reason="Fim", actor=coordinator)
    assert "cancelado" in text(client.get(f"/certificado/{certificate.code}/"))


def test_guessing_codes_and_links_ends_while_a_right_link_still_opens(
    network: Any, coordinator: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "TRIES_AN_HOUR", 3)
    monkeypatch.setattr(public, "GUESSES_AN_HOUR", 3)
    tried = [client.get(f"/certificado/AAAABBBBCCCCDDDD222{number}/") for number in range(2, 7)]
    assert [answer.status_code for answer in tried] == [404, 404, 404, 429, 429]
    assert "Tente de novo a partir das" in text(tried[-1])
    token = makers.started(network).token
    tried = [client.get(f"/pedido/{'x' * 19}{number}/") for number in range(5)]
    assert [answer.status_code for answer in tried] == [404, 404, 404, 429, 429]
    assert client.get(f"/pedido/{token}/").status_code == 200


def test_the_paper_is_a_pdf_for_who_may_see_it(network: Any, coordinator: Actor) -> None:
    enterprise = makers.admitted(network, coordinator).enterprise
    page = reverse("admission:certificate_file", args=[network.slug, enterprise.pk, 1])
    answer = signed_in(coordinator).get(page)
    assert answer.content.startswith(b"%PDF-")
    stranger = factories.actor(network, "enterprise_member", factories.enterprise())
    assert signed_in(stranger).get(page).status_code == 404


# --- inside the network ----------------------------------------------------------------------------------------------


@pytest.fixture
def everything(network: Any, coordinator: Actor) -> dict[str, Any]:
    """A row of each kind, as the addresses want them."""
    application, _reviewers = makers.under_review(network, coordinator)
    question = do.ask(application, text="Como repartem?", actor=coordinator)
    evidence = do.add_evidence(
        application, kind="minutes", file=makers.looked_at(makers.pdf()), actor=makers.guest(network)
    )
    enterprise = makers.admitted(network, coordinator, name="Outras").enterprise
    measure = do.suspend(enterprise, reason="Contas", actor=coordinator)
    speaker = factories.actor(network, "enterprise_coordinator", enterprise)
    appeal = do.file_appeal(measure=measure, text="Pagamos", actor=speaker)
    return {"application": application, "question": question, "evidence": evidence, "enterprise": enterprise,
            "measure": measure, "appeal": appeal}  # fmt: skip


def addresses(network: Any, rows: dict[str, Any]) -> dict[str, str]:
    found = {}
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        kwargs: dict[str, Any] = {"slug": network.slug}
        if "<int:number>" in route:
            kwargs["number"] = 1 if "certificados" in route else rows["application"].number
        if "<int:pk>" in route:
            about = "enterprise"
            for word, name in (("perguntas", "question"), ("documentos", "evidence"), ("recursos", "appeal")):
                about = name if word in route else about
            kwargs["pk"] = rows[about].pk
        if "<int:measure_pk>" in route:
            kwargs |= {"measure_pk": rows["measure"].pk, "what": "encerrar"}
        if "<slug:code>" in route:
            kwargs["code"] = "autonomy"
        found[str(pattern.name)] = reverse(f"admission:{pattern.name}", kwargs=kwargs)
    return found


POST_ONLY = {"question_withdraw", "new_link", "certify", "renew"}


def test_the_coordination_opens_every_page(network: Any, coordinator: Actor, everything: dict[str, Any]) -> None:
    client = signed_in(coordinator)
    for name, address in addresses(network, everything).items():
        status = client.get(address).status_code
        assert status == (405 if name in POST_ONLY else 302 if name == "review" else 200), name


def test_a_member_of_another_enterprise_opens_nothing_of_others(network: Any, everything: dict[str, Any]) -> None:
    client = signed_in(factories.actor(network, "enterprise_coordinator", factories.enterprise()))
    for name, address in addresses(network, everything).items():
        for method in ("get", "post"):
            status = getattr(client, method)(address).status_code
            assert status in (403, 404, 405), (name, method, status)


def test_a_reviewer_examines_on_the_phone_and_votes(network: Any, coordinator: Actor) -> None:
    row = factories.enterprise()
    application, _others = makers.under_review(network, coordinator, how_many=2)
    one = factories.actor(network, "enterprise_coordinator", row)
    do.name_reviewers(application, people=[makers.person(one)], actor=coordinator)
    client = signed_in(one)
    page = reverse("admission:review", args=[network.slug, application.number])
    assert "Examinar o pedido" in text(client.get(page))
    marked = {f"verdict-{item.pk}": "met" for item in application.items.all()}
    assert client.post(page, {"vote": "1", "choice": "yes", "reason": "Bom"}).status_code == 422
    answer = client.post(page, {**marked, "vote": "1", "choice": "yes", "reason": "Conheci o grupo."})
    assert answer.status_code == 302, text(answer)
    assert application.reviewers.get(person=makers.person(one)).vote == "yes"
    home = text(client.get(f"/rede/{network.slug}/"))
    assert "Examinar o pedido" not in home


def test_what_is_late_shows_on_the_first_page(network: Any, coordinator: Actor) -> None:
    application, (one, *_others) = makers.under_review(network, coordinator)
    with clock.at(clock.now() + dt.timedelta(days=50)):
        told = text(signed_in(one).get(f"/rede/{network.slug}/"))
    assert application.name in told
    assert "atrasado" in told


def test_who_speaks_for_an_excluded_enterprise_lands_on_its_page_and_appeals(network: Any, coordinator: Actor) -> None:
    do.edit_settings(network, appeal_suspends=False, actor=coordinator)
    row = factories.enterprise(name="Pão da Vila")
    speaker = factories.actor(network, "enterprise_coordinator", row)
    measure = do.open_exclusion(row, reason="Motivo", actor=coordinator)
    do.say_in_hearing(measure, text="Não foi.", actor=speaker)
    do.decide_exclusion(measure, excluded=True, reason="Foi.", actor=coordinator)
    client = signed_in(speaker)
    page = reverse("admission:standing", args=[network.slug, row.pk])
    assert client.get(f"/rede/{network.slug}/")["Location"] == page
    assert "Recorrer à assembleia" in text(client.get(page))
    assert client.get(f"/rede/{network.slug}/cobrancas/").status_code == 200
    assert client.get(f"/rede/{network.slug}/rodadas/").status_code == 403
    filed = client.post(
        reverse("admission:measure", args=[network.slug, row.pk, measure.pk, "recorrer"]), {"text": "Ouçam."}
    )
    assert filed.status_code == 302
    assert Appeal.objects.get().measure == Measure.objects.get()


def test_a_member_is_one_since_it_joined_not_since_its_suspension_ended(
    network: Any, coordinator: Actor, client: Client
) -> None:
    row = factories.enterprise(member_since=dt.date(2024, 10, 13))
    measure = do.suspend(row, reason="Contas", actor=coordinator)
    do.lift_suspension(measure, reason="Acertou", actor=coordinator)
    client.force_login(makers.person(coordinator))
    assert "membro desde 13/10/2024" in text(client.get(reverse("admission:standing", args=[network.slug, row.pk])))


def test_every_refusal_says_what_to_do_next() -> None:
    said = [one for one in vars(errors).values() if getattr(one, "__module__", "") == errors.__name__]
    assert errors.CompanyIsPartner in said
    assert [one.__name__ for one in said if not str(one.next_step)] == []


def test_founders_are_recognised_and_the_founding_closed_on_the_screen(network: Any, coordinator: Actor) -> None:
    row, client = factories.enterprise(standing="candidate"), signed_in(coordinator)
    page = reverse("admission:founder", args=[network.slug, row.pk])
    assert client.post(page, {"minutes_on": "2025-05-10", "minutes_kept": "Cartório"}).status_code == 302
    row.refresh_from_db()
    assert row.standing == "member"
    assert client.post(reverse("admission:close_founding", args=[network.slug])).status_code == 302
    other = factories.enterprise(standing="candidate")
    page = reverse("admission:founder", args=[network.slug, other.pk])
    refused = client.post(page, {"minutes_on": "2025-05-10", "minutes_kept": "Cartório"})
    assert refused.status_code == 422
    assert "encerrou sua fundação" in text(refused)


def test_the_rules_are_changed_and_a_criterion_added(network: Any, coordinator: Actor) -> None:
    client = signed_in(coordinator)
    page = reverse("admission:rules", args=[network.slug])
    kept = queries.settings_of(network.pk)
    values = {
        name: getattr(kept, name) for name in (
            "reviewers_needed", "review_days", "certificate_months", "reminder_days", "hearing_days", "appeal_days",
            "appeal_decision_days",
        )
    }  # fmt: skip
    answer = client.post(page, {**values, "decided_by": "assembly", "welcome": "Bem-vindas!", "review_days": 30})
    assert answer.status_code == 302, text(answer)
    assert queries.settings_of(network.pk).decided_by == "assembly"
    answer = client.post(
        reverse("admission:criterion_new", args=[network.slug]),
        {"title": "Sem veneno", "text": "Não usa agrotóxico.", "is_required": "on", "is_active": "on"},
    )
    assert answer.status_code == 302
    assert "Sem veneno" in text(client.get(page))


def test_the_list_asks_the_same_number_of_queries_for_more_requests(network: Any, coordinator: Actor) -> None:
    client, page = signed_in(coordinator), reverse("admission:requests", args=[network.slug])
    makers.submitted(network)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(5):
        makers.submitted(network, name=f"Grupo {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)


def test_naming_says_how_many_examine(network: Any, coordinator: Actor) -> None:
    application = makers.submitted(network)
    client = Client()
    client.force_login(makers.person(coordinator))
    page = client.get(f"/rede/{network.slug}/admissao/{application.number}/quem-examina/").content.decode()
    assert "Ao menos 3 pessoas examinam." in page
