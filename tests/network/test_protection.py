# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second factor, devices, dismissal, lost keys, another e-mail address: who is let in, and who is not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests import factories

from mutirao.kernel import acts, clock, jobs, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import InvalidValue, NotAllowed, SecondFactorNeeded
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, operations, roles
from mutirao.network.core.devices import browser_and_system
from mutirao.network.core.grace import due_on
from mutirao.network.core.tenure import held_since
from mutirao.network.errors import (
    InvitationRevoked,
    LastCoordinator,
    ResetAlreadyAsked,
    ResetByLongStanding,
    ResetByTwo,
    UnknownLink,
    WithoutSecondFactor,
)
from mutirao.network.models import Network, Person, SecondFactorReset
from mutirao.network.operations.protection import stop_token
from mutirao.network.permissions import EDIT_NETWORK, SEE_NETWORK
from mutirao.notices.models import Notice

PASSWORD = "uma-senha-longa"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SITE = "https://rede.exemplo.coop"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _known_devices() -> None:
    """Here the devices are what is tested."""


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def with_role(role: str = "coordination", **fields: Any) -> Person:
    someone = factories.person(password=PASSWORD)
    factories.role(someone, role, **fields)
    return someone


def with_second_factor(person: Person) -> str:
    """Turn the application's codes on; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def sign_in(client: Client, person: Person) -> Any:
    return client.post("/conta/entrar/", {"login": person.email, "password": PASSWORD})


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def drained() -> None:
    jobs.drain()


# --- whose role wants a second factor --------------------------------------------------------------------------------


def test_days_of_grace_count_from_the_later_of_role_and_rule() -> None:
    march, april = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
    assert due_on(since=march, rule_since=april, grace_days=14) == dt.date(2026, 4, 15)
    assert due_on(since=april, rule_since=march, grace_days=0) == april


def test_after_the_days_of_grace_a_role_over_money_or_rights_stops(network: Network, noon: Any) -> None:
    person = with_role("coordination")
    assert access.actor_for(person, network).can(EDIT_NETWORK, network)
    with clock.at(noon + 14 * DAY):
        actor = access.actor_for(person, network)
        assert actor.can(SEE_NETWORK, network)
        with pytest.raises(SecondFactorNeeded):
            actor.require(EDIT_NETWORK, network)
        with_second_factor(person)
        access.actor_for(person, network).require(EDIT_NETWORK, network)


def test_recovery_codes_alone_are_no_second_factor(network: Network, noon: Any) -> None:
    person = with_role("treasury")
    RecoveryCodes.activate(person)
    with clock.at(noon + 14 * DAY), pytest.raises(SecondFactorNeeded):
        access.actor_for(person, network).require("payments.record", network)


def test_other_roles_and_other_reasons_are_refused_as_before(network: Network, noon: Any) -> None:
    person = with_role("training")
    with clock.at(noon + 365 * DAY):
        actor = access.actor_for(person, network)
        assert actor.can("purchasing.see", network)
        with pytest.raises(NotAllowed) as refused:
            actor.require(EDIT_NETWORK, network)
        assert not isinstance(refused.value, SecondFactorNeeded)


def test_a_role_left_by_somebody_wants_the_second_factor_at_once(network: Network) -> None:
    rosa = factories.role(with_role("training"), "treasury")
    beto = with_role("sales")
    today = clock.today()
    operations.leave_roles(
        [rosa], to=beto, since=today, until=today + DAY, reason="férias", actor=access.actor_for(rosa.person, network)
    )
    with pytest.raises(SecondFactorNeeded):
        access.actor_for(beto, network).require("payments.record", network)
    with_second_factor(beto)
    access.actor_for(beto, network).require("payments.record", network)


def test_every_role_that_moves_money_or_gives_rights_wants_the_second_factor() -> None:
    """By what the modules declare: whoever charges, pays, posts, buys or gives roles; not whoever only looks."""
    moving = [
        act
        for act in acts.all_acts()
        if not act.reads
        and (
            act.part in ("payments", "ledger", "treasury")
            or act.code.startswith(("purchasing.charge", "purchasing.order", "network.grant_", "network.dismiss"))
            or act.personal
        )
    ]
    assert {"payments.record", "purchasing.charge", "network.grant_enterprise_roles"} <= {act.code for act in moving}
    holding = set().union(*(act.network_roles for act in moving))
    assert holding == roles.MONEY_OR_RIGHTS


def test_a_role_without_its_second_factor_is_not_left_to_somebody_who_has_one(network: Network, noon: Any) -> None:
    boss, friend = with_role("coordination"), with_role("sales")
    with_second_factor(friend)
    (held,) = boss.assignments.all()
    with clock.at(noon + 14 * DAY):
        today = clock.today()
        with pytest.raises(SecondFactorNeeded):
            operations.leave_roles(
                [held], to=friend, since=today, until=today + DAY, reason="x", actor=access.actor_for(boss, network)
            )
        with_second_factor(boss)
        operations.leave_roles(
            [held], to=friend, since=today, until=today + DAY, reason="férias", actor=access.actor_for(boss, network)
        )


def test_days_of_grace_are_given_once_to_a_person_not_again_with_each_role(network: Network, noon: Any) -> None:
    boss, person = with_role("coordination"), with_role("treasury")
    with_second_factor(boss)
    with clock.at(noon + 13 * DAY):
        actor = access.actor_for(boss, network)
        operations.end_role(person.assignments.get(), actor=actor, reason="troca")
        operations.grant_role(person, role="treasury", actor=actor)
        operations.grant_role(person, role="accountant", actor=actor)
        assert access.actor_for(person, network).can("payments.record", network)
    with clock.at(noon + 14 * DAY):
        assert not access.actor_for(person, network).can("payments.record", network)
        assert not access.actor_for(person, network).can("ledger.post", network)


def test_a_role_added_to_the_rule_gives_new_days_to_nobody_else(network: Network, noon: Any) -> None:
    boss, person, buyer = with_role("coordination"), with_role("treasury"), with_role("sales")
    with_second_factor(boss)
    with clock.at(noon + 20 * DAY):
        operations.edit_account_rules(
            network, second_factor_roles=[*roles.MONEY_OR_RIGHTS, "sales"], grace_days=14, reset_wait_hours=24,
            actor=access.actor_for(boss, network),
        )  # fmt: skip
        assert not access.actor_for(person, network).can("payments.record", network)
        assert access.second_factor_due(access.actor_for(buyer, network)) == clock.today() + 14 * DAY


def test_the_network_decides_the_rule_and_a_new_role_gets_its_days(network: Network, noon: Any) -> None:
    boss, buyer = with_role("coordination"), with_role("production")
    actor = access.actor_for(boss, network)
    with clock.at(noon + 10 * DAY):
        operations.edit_account_rules(
            network, second_factor_roles=["production"], grace_days=3, reset_wait_hours=24, actor=actor
        )
        assert not access.second_factor_due(access.actor_for(boss, network))
        assert access.actor_for(buyer, network).can("territory.edit_chain", network)
    with clock.at(noon + 13 * DAY):
        assert not access.actor_for(buyer, network).can("territory.edit_chain", network)
    entry = AuditEntry.objects.get(act="network.account_rules_edited")
    assert entry.data["changes"]["grace_days"] == [14, 3]
    with pytest.raises(NotAllowed):
        operations.edit_account_rules(
            network, second_factor_roles=[], grace_days=3, reset_wait_hours=24, actor=access.actor_for(buyer, network)
        )


def test_the_page_tells_before_and_after_the_day(network: Network, client: Client, noon: Any) -> None:
    client.force_login(with_role("treasury"))
    page = client.get(f"/rede/{network.slug}/equipe/").content.decode()
    assert "ligue a confirmação em duas etapas antes de" in page
    with clock.at(noon + 15 * DAY):
        assert "está parado" in client.get(f"/rede/{network.slug}/equipe/").content.decode()
        refused = client.get(f"/rede/{network.slug}/pessoas/")
        assert refused.status_code == 403
        assert "Proteção da conta" in refused.content.decode()


# --- signing in in two steps -----------------------------------------------------------------------------------------


def test_the_password_alone_does_not_open_an_account_in_two_steps(network: Network, client: Client) -> None:
    person = with_role()
    secret = with_second_factor(person)
    answer = sign_in(client, person)
    assert answer["Location"].startswith("/conta/entrar/segunda-etapa/")
    assert not inside(client)
    page = client.get("/conta/entrar/segunda-etapa/").content.decode()
    assert 'href="/conta/entrar/"' not in page  # it would only lead back here
    assert "Segunda etapa" in page
    assert "<script>" not in page
    wrong = client.post("/conta/entrar/segunda-etapa/", {"code": "000000"})
    assert "Não confere" in wrong.content.decode()
    assert not inside(client)
    client.post("/conta/entrar/segunda-etapa/", {"code": code_of(secret)})
    assert inside(client)


def test_a_code_by_email_does_not_go_around_the_second_step(network: Network, client: Client) -> None:
    person = with_role()
    with_second_factor(person)
    client.post("/conta/entrar/codigo/", {"email": person.email})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]  # type: ignore[index]
    client.post("/conta/entrar/codigo/conferir/", {"code": code})
    assert not inside(client)


def test_a_spare_code_opens_once(network: Network) -> None:
    person = with_role()
    with_second_factor(person)
    spare = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    for opens in (True, False):
        client = Client()
        sign_in(client, person)
        client.post("/conta/entrar/segunda-etapa/", {"code": spare})
        assert inside(client) is opens


def test_five_wrong_codes_shut_the_second_step(network: Network, client: Client) -> None:
    person = with_role()
    secret = with_second_factor(person)
    sign_in(client, person)
    for _attempt in range(5):
        client.post("/conta/entrar/segunda-etapa/", {"code": "000000"})
    answer = client.post("/conta/entrar/segunda-etapa/", {"code": code_of(secret)})
    assert "tentativas demais" in answer.content.decode()
    assert not inside(client)


def test_one_turns_the_application_on_and_the_secret_is_not_kept_in_the_clear(network: Network, client: Client) -> None:
    person = with_role()
    client.force_login(person)
    assert client.get("/conta/protecao/aplicativo/")["Location"].startswith("/conta/confirmar/")
    client.post("/conta/confirmar/", {"password": PASSWORD})
    page = client.get("/conta/protecao/aplicativo/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert client.post("/conta/protecao/aplicativo/", {"code": "000000"}).status_code == 200
    assert not access.has_second_factor(person)
    answer = client.post("/conta/protecao/aplicativo/", {"code": code_of(secret)})
    assert answer["Location"] == "/conta/protecao/codigos/"
    assert access.has_second_factor(person)
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in kept
    for page in ("", "codigos/", "codigos/novos/", "chaves/", "chaves/nova/", "aplicativo/desligar/", "aparelhos/"):
        assert client.get(f"/conta/protecao/{page}").status_code == 200, page


# --- devices ---------------------------------------------------------------------------------------------------------


def test_devices_are_told_in_plain_words() -> None:
    assert browser_and_system(PHONE) == ("Chrome", "Android")
    assert browser_and_system("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0") == ("Firefox", "Linux")
    assert browser_and_system("") == ("", "")


def test_one_sees_ones_devices_and_puts_the_others_out(network: Network) -> None:
    person = with_role()
    here, phone, tablet = Client(), Client(HTTP_USER_AGENT=PHONE), Client()
    for client in (here, phone, tablet):
        sign_in(client, person)
    page = here.get("/conta/protecao/aparelhos/").content.decode()
    assert "Chrome em Android" in page
    assert page.count("este aqui") == 1
    lost = UserSession.objects.get(user=person, user_agent__contains="Android")
    here.post(f"/conta/protecao/aparelhos/{lost.pk}/encerrar/")
    assert (inside(here), inside(phone), inside(tablet)) == (True, False, True)
    here.post("/conta/protecao/aparelhos/")
    assert (inside(here), inside(tablet)) == (True, False)


def test_nobody_puts_another_persons_device_out(network: Network) -> None:
    rosa, beto = Client(), Client()
    sign_in(rosa, with_role())
    sign_in(beto, with_role("sales"))
    theirs = UserSession.objects.get(session_key=rosa.session.session_key)
    assert beto.post(f"/conta/protecao/aparelhos/{theirs.pk}/encerrar/").status_code == 404
    assert inside(rosa)


@pytest.mark.django_db(transaction=True)
def test_turning_the_second_factor_on_puts_every_other_device_out(network: Network) -> None:
    """Whoever came in by the password alone would stay in for weeks."""
    person = with_role()
    here, intruder = Client(), Client()
    for client in (here, intruder):
        sign_in(client, person)
    here.post("/conta/confirmar/", {"password": PASSWORD})
    here.get("/conta/protecao/aplicativo/")
    secret = here.session["mfa.totp.secret"]
    here.post("/conta/protecao/aplicativo/", {"code": code_of(secret)})
    assert access.has_second_factor(person)
    assert (inside(here), inside(intruder)) == (True, False)


# --- dismissed -------------------------------------------------------------------------------------------------------


def test_a_dismissed_technician_is_out_at_once_and_told_clearly(network: Network, coordinator: Actor) -> None:
    person, client = with_role("purchasing", since=clock.today() - 5 * DAY), Client()
    sign_in(client, person)
    issued = operations.invite(network, role="enterprise_member", enterprise=factories.enterprise(),
                               actor=access.actor_for(person, network))  # fmt: skip
    operations.dismiss(person, actor=coordinator, reason="Saiu da equipe")
    assert not inside(client)
    assert client.get(f"/convite/{issued.token}/").status_code == 410
    sign_in(client, person)
    home = client.get("/").content.decode()
    assert "Você já não tem papel em nenhuma rede" in home
    assert coordinator.name in home
    answer = client.get(f"/rede/{network.slug}/equipe/")
    assert answer.status_code == 403
    assert "Seu último papel" in answer.content.decode()


def test_who_is_dismissed_does_not_come_back_by_an_invitation_made_before(network: Network, coordinator: Actor) -> None:
    person = with_role("purchasing")
    issued = operations.invite(network, role="training", email=person.email.upper(), actor=coordinator)
    other = operations.invite(network, role="training", email="outra@exemplo.coop", actor=coordinator)
    operations.dismiss(person, actor=coordinator, reason="Saiu da equipe")
    with pytest.raises(InvitationRevoked):
        operations.accept_invitation(issued.token, actor=Actor(name="x", person_id=person.pk, network_id=network.pk))
    other.invitation.refresh_from_db()
    assert other.invitation.revoked_at is None


def test_who_no_longer_coordinates_leaves_no_invitation_to_a_role_of_the_network(
    network: Network, coordinator: Actor
) -> None:
    boss = with_role("coordination")
    factories.role(boss, "administration")
    actor = access.actor_for(boss, network)
    spare = operations.invite(network, role="coordination", actor=actor)
    member = operations.invite(network, role="enterprise_member", enterprise=factories.enterprise(), actor=actor)
    operations.end_role(boss.assignments.get(role="coordination"), actor=coordinator)
    spare.invitation.refresh_from_db()
    member.invitation.refresh_from_db()
    assert spare.invitation.revoked_at is not None
    assert member.invitation.revoked_at is None


def test_who_was_never_there_learns_nothing(network: Network, client: Client) -> None:
    client.force_login(factories.person())
    assert client.get(f"/rede/{network.slug}/equipe/").status_code == 404


def test_who_still_takes_part_elsewhere_stays_signed_in(network: Network, coordinator: Actor, client: Client) -> None:
    person = with_role("purchasing")
    with tenancy.activated(factories.network()):
        factories.role(person, "purchasing")
    sign_in(client, person)
    operations.dismiss(person, actor=coordinator, reason="Saiu desta rede")
    assert inside(client)


def test_dismissing_wants_the_right_a_reason_and_somebody_left(network: Network) -> None:
    boss, buyer = with_role("coordination"), with_role("purchasing")
    with pytest.raises(NotAllowed):
        operations.dismiss(boss, actor=access.actor_for(buyer, network), reason="x")
    actor = access.actor_for(boss, network)
    with pytest.raises(InvalidValue):
        operations.dismiss(buyer, actor=actor, reason=" ")
    with pytest.raises(InvalidValue):
        operations.dismiss(boss, actor=actor, reason="vou embora")


def test_a_closed_account_is_out_at_once(network: Network, coordinator: Actor) -> None:
    person, client = with_role("purchasing"), Client()
    sign_in(client, person)
    with pytest.raises(NotAllowed):
        operations.close_account(person, actor=coordinator, reason="x")
    operations.close_account(person, actor=system(None, why="Instalação"), reason="Conta invadida")
    assert not inside(client)
    assert (
        "Esta conta está fechada"
        in client.post("/conta/entrar/", {"login": person.email, "password": PASSWORD}, follow=True).content.decode()
    )
    with pytest.raises(LastCoordinator):
        operations.close_account(
            Person.objects.get(pk=coordinator.person_id), actor=system(None, why="Instalação"), reason="x"
        )


# --- a lost second factor --------------------------------------------------------------------------------------------


def asked(network: Network, coordinator: Actor, person: Person | None = None) -> SecondFactorReset:
    person = person or with_role("treasury")
    if not access.has_second_factor(person):
        with_second_factor(person)
    return operations.ask_second_factor_reset(person, reason="perdeu o celular", site=SITE, actor=coordinator)


def of_long_standing(network: Network, days: int = 60) -> Actor:
    """Somebody who has coordinated the network for so many days."""
    with clock.at(clock.now() - days * DAY):
        person = with_role("coordination")
    with_second_factor(person)
    return access.actor_for(person, network)


def made_coordinator_by(actor: Actor, network: Network, **fields: Any) -> Actor:
    """An account that is at hand, and becomes a coordinator today."""
    person = factories.person(password=PASSWORD)
    operations.grant_role(person, role="coordination", actor=actor, **fields)
    with_second_factor(person)
    return access.actor_for(person, network)


def test_two_people_and_a_day_undo_a_lost_second_factor(network: Network, noon: Any) -> None:
    reset = asked(network, of_long_standing(network))
    client = Client()
    client.force_login(reset.person)
    drained()
    assert f"{SITE}/conta/parar/" in mail.outbox[-1].body
    assert mail.outbox[-1].to == [reset.person.email]
    other = of_long_standing(network)
    operations.confirm_second_factor_reset(reset, site=SITE, actor=other)
    with clock.at(noon + 23 * HOUR):
        drained()
        assert access.has_second_factor(reset.person)
    with clock.at(noon + 25 * HOUR):
        drained()
        assert not access.has_second_factor(reset.person)
    acts = set(AuditEntry.objects.filter(network_id=network.pk).values_list("act", flat=True))
    assert {f"network.second_factor_reset_{step}" for step in ("asked", "confirmed", "done")} <= acts
    assert "já não valem" in mail.outbox[-1].body
    assert not Notice.objects.exists()


def test_nobody_makes_the_second_person_that_confirms(network: Network, noon: Any) -> None:
    """One's own second account, or somebody talked to: made a coordinator for the purpose, before or after asking."""
    thief, honest = of_long_standing(network), of_long_standing(network)
    before = made_coordinator_by(thief, network)
    reset = asked(network, thief)
    for second in (before, made_coordinator_by(thief, network)):
        with pytest.raises(ResetByLongStanding) as refused:
            operations.confirm_second_factor_reset(reset, site=SITE, actor=second)
        assert honest.name in refused.value.advice()
    operations.confirm_second_factor_reset(reset, site=SITE, actor=honest)


def test_nor_lets_the_second_person_ask_and_confirms_then(network: Network, noon: Any) -> None:
    thief = of_long_standing(network)
    of_long_standing(network)
    with pytest.raises(ResetByLongStanding):
        asked(network, made_coordinator_by(thief, network))


def test_a_day_typed_in_makes_nobody_a_coordinator_of_old(network: Network, noon: Any) -> None:
    thief = of_long_standing(network)
    of_long_standing(network)
    second = made_coordinator_by(thief, network, since=clock.today() - 400 * DAY)
    with pytest.raises(ResetByLongStanding):
        operations.confirm_second_factor_reset(asked(network, thief), site=SITE, actor=second)


def test_waiting_does_not_help_who_came_after_the_request(network: Network, noon: Any) -> None:
    thief = of_long_standing(network)
    of_long_standing(network)
    second = made_coordinator_by(thief, network)
    reset = asked(network, thief)
    with clock.at(noon + 31 * DAY):
        with pytest.raises(ResetByLongStanding):
            operations.confirm_second_factor_reset(reset, site=SITE, actor=second)
        operations.stop_second_factor_reset(reset, actor=thief)
        operations.confirm_second_factor_reset(asked(network, thief, reset.person), site=SITE, actor=second)


def test_a_break_in_coordinating_begins_the_time_anew_and_a_renewed_mandate_does_not(network: Network) -> None:
    march, today = dt.date(2026, 3, 1), dt.date(2026, 6, 1)
    first, second = (dt.date(2026, 1, 1), march), (march, None)
    assert held_since([second, first], today) == dt.date(2026, 1, 1)
    assert held_since([first, (march + DAY, None)], today) == march + DAY
    assert held_since([first], today) is None
    assert held_since([first, (dt.date(2026, 2, 1), dt.date(2026, 2, 2))], dt.date(2026, 2, 20)) == first[0]
    assert held_since([(march, today)], today) is None, "its last day is the one before"


def test_a_young_network_waits_longer_and_everybody_who_watches_hears(network: Network, noon: Any) -> None:
    first, second = with_role("coordination"), with_role("coordination")
    third, council, lost = with_role("coordination"), with_role("council"), with_role("treasury")
    reset = asked(network, access.actor_for(first, network), lost)
    operations.confirm_second_factor_reset(reset, site=SITE, actor=access.actor_for(second, network))
    assert set(Notice.objects.values_list("person", flat=True)) == {first.pk, third.pk, council.pk}
    with clock.at(noon + 7 * DAY - HOUR):
        drained()
        assert access.has_second_factor(lost)
    with clock.at(noon + 7 * DAY + HOUR):
        drained()
        assert not access.has_second_factor(lost)
    assert {tuple(one.to) for one in mail.outbox if "Vão refazer" in one.subject} == {
        (one.email,) for one in (first, third, council)
    }


def test_where_one_has_coordinated_for_long_it_goes_not_without_them(network: Network, noon: Any) -> None:
    old, lost = of_long_standing(network), with_role("treasury")
    new, newer = made_coordinator_by(old, network), made_coordinator_by(old, network)
    reset = asked(network, new, lost)
    with pytest.raises(ResetByLongStanding):
        operations.confirm_second_factor_reset(reset, site=SITE, actor=newer)
    reset = operations.confirm_second_factor_reset(reset, site=SITE, actor=old)
    assert reset.not_before == noon + 7 * DAY


def test_the_one_who_lost_it_is_not_the_second_who_could_confirm(network: Network, noon: Any) -> None:
    old, lost = of_long_standing(network), of_long_standing(network)
    reset = asked(network, old, Person.objects.get(pk=lost.person_id))
    reset = operations.confirm_second_factor_reset(reset, site=SITE, actor=made_coordinator_by(old, network))
    assert reset.not_before == noon + 7 * DAY


def test_the_fiscal_council_stops_what_it_hears_of_and_confirms_nothing(network: Network, client: Client) -> None:
    reset = asked(network, access.actor_for(with_role("coordination"), network))
    client.force_login(with_role("council"))
    page = f"/rede/{network.slug}/pessoas/{reset.person_id}/"
    assert "Parar o pedido" in client.get(page).content.decode()
    assert client.post(f"{page}segunda-etapa/decidir/", {"decision": "confirm"}).status_code == 403
    assert client.post(f"{page}segunda-etapa/decidir/", {"decision": "stop"}).status_code == 302
    assert SecondFactorReset.objects.get().stopped_at is not None


def test_the_page_says_who_may_confirm_and_how_long_it_waits(network: Network, noon: Any) -> None:
    old, other = of_long_standing(network), of_long_standing(network)
    reset = asked(network, old)
    client = Client()
    client.force_login(Person.objects.get(pk=made_coordinator_by(old, network).person_id))
    page = f"/rede/{network.slug}/pessoas/{reset.person_id}/"
    said = client.get(page).content.decode()
    assert "Confirmar: falei" not in said
    assert f"{old.name}, {other.name}" in said
    assert client.post(f"{page}segunda-etapa/decidir/", {"decision": "confirm"}).status_code == 403
    operations.stop_second_factor_reset(reset, actor=old)
    assert client.get(f"{page}segunda-etapa/").status_code == 403
    client.force_login(Person.objects.get(pk=other.person_id))
    assert "24 horas" in client.get(f"{page}segunda-etapa/").content.decode()


def edit_rules(network: Network, actor: Actor, **changes: Any) -> None:
    now = {"second_factor_roles": sorted(roles.MONEY_OR_RIGHTS), "grace_days": 14, "reset_wait_hours": 24}
    operations.edit_account_rules(network, **{**now, **changes}, actor=actor)


def test_the_wait_and_the_time_of_coordinating_are_not_shortened_for_the_purpose(network: Network, noon: Any) -> None:
    thief, _honest = of_long_standing(network), of_long_standing(network)
    second = made_coordinator_by(thief, network)
    edit_rules(network, thief, reset_wait_hours=1, confirm_after_days=1)
    with clock.at(noon + 3 * DAY):
        edit_rules(network, thief, reset_wait_hours=2, confirm_after_days=1)
        reset = asked(network, thief)
        with pytest.raises(ResetByLongStanding):
            operations.confirm_second_factor_reset(reset, site=SITE, actor=second)
        assert access.account_rules().recovery_on(clock.today()) == (24, 30)
        client = Client()
        client.force_login(Person.objects.get(pk=thief.person_id))
        assert "ainda valem 24 horas" in client.get(f"/rede/{network.slug}/regras/contas/").content.decode()
    with clock.at(noon + 33 * DAY):
        assert access.account_rules().recovery_on(clock.today()) == (2, 1)
    edit_rules(network, thief, reset_wait_hours=48, confirm_after_days=60)
    assert access.account_rules().recovery_on(clock.today()) == (48, 60), "more holds at once"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"second_factor_roles": ["coordination"]}, "Já não pedem"),
        ({"grace_days": 365}, "de 14 para 365 dias"),
        ({"reset_wait_hours": 1}, "de 24 para 1 horas"),
        ({"confirm_after_days": 1}, "de 30 para 1 dias"),
    ],
)
def test_whoever_is_protected_hears_that_they_are_less(
    network: Network, noon: Any, changes: dict[str, Any], words: str
) -> None:
    boss = of_long_standing(network)
    holding = {with_role(role).email for role in ("treasury", "accountant", "council", "coordination")}
    with_role("sales")
    edit_rules(network, boss, **changes)
    drained()
    assert {letter.to[0] for letter in mail.outbox} == holding
    assert words in mail.outbox[0].body
    assert boss.name in mail.outbox[0].body


def test_more_protection_and_the_example_network_wake_nobody(network: Network, noon: Any) -> None:
    boss = of_long_standing(network)
    with_role("treasury")
    edit_rules(network, boss, grace_days=7, reset_wait_hours=48, confirm_after_days=60)
    assert not Notice.objects.exists()
    network.is_example = True
    network.save()
    edit_rules(network, boss, second_factor_roles=[])
    drained()
    assert Notice.objects.count() == 1
    assert mail.outbox == []


def test_one_person_alone_undoes_nothing(network: Network, coordinator: Actor, noon: Any) -> None:
    reset = asked(network, coordinator)
    with pytest.raises(ResetByTwo):
        operations.confirm_second_factor_reset(reset, site=SITE, actor=coordinator)
    with pytest.raises(ResetAlreadyAsked):
        operations.ask_second_factor_reset(reset.person, reason="de novo", site=SITE, actor=coordinator)
    with clock.at(noon + 100 * DAY):
        operations.protection.carry_out_second_factor_reset(reset, actor=system(network.pk, why="x"))
    assert access.has_second_factor(reset.person)


def test_nobody_asks_for_oneself_nor_without_the_right_nor_for_nothing(network: Network, coordinator: Actor) -> None:
    boss = with_role("coordination")
    with_second_factor(boss)
    with pytest.raises(ResetByTwo):
        operations.ask_second_factor_reset(boss, reason="x", site=SITE, actor=access.actor_for(boss, network))
    actor = access.actor_for(with_role("purchasing"), network)
    with pytest.raises(NotAllowed):
        operations.ask_second_factor_reset(boss, reason="x", site=SITE, actor=actor)
    with pytest.raises(WithoutSecondFactor):
        operations.ask_second_factor_reset(with_role("sales"), reason="x", site=SITE, actor=coordinator)


def test_the_person_stops_it_by_the_letter_without_signing_in(
    network: Network, coordinator: Actor, client: Client, noon: Any
) -> None:
    reset = asked(network, coordinator)
    operations.confirm_second_factor_reset(reset, site=SITE, actor=access.actor_for(with_role("coordination"), network))
    link = f"/conta/parar/{stop_token(reset)}/"
    assert "Parar o pedido?" in client.get(link).content.decode()
    assert SecondFactorReset.objects.get().stopped_at is None
    client.post(link)
    assert client.post(f"{link[:-3]}xx/").status_code == 404
    with clock.at(noon + 30 * DAY):
        drained()
    assert access.has_second_factor(reset.person)


def test_the_coordination_asks_and_confirms_on_the_persons_page(network: Network) -> None:
    lost = with_role("treasury")
    with_second_factor(lost)
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(Person.objects.get(pk=of_long_standing(network).person_id))
    page = f"/rede/{network.slug}/pessoas/{lost.pk}/"
    assert first.post(f"{page}segunda-etapa/", {"reason": "perdeu o celular"}).status_code == 302
    assert "Confirmar: falei" not in first.get(page).content.decode()
    assert first.post(f"{page}segunda-etapa/decidir/", {"decision": "confirm"}).status_code == 403
    assert "Confirmar: falei" in second.get(page).content.decode()
    assert second.post(f"{page}segunda-etapa/decidir/").status_code == 302  # nobody said confirm
    assert SecondFactorReset.objects.get().confirmed_by is None
    assert second.post(f"{page}segunda-etapa/decidir/", {"decision": "confirm"}).status_code == 302
    assert SecondFactorReset.objects.get().not_before is not None


# --- another e-mail address ------------------------------------------------------------------------------------------


def the_link() -> str:
    drained()
    (letter,) = [one for one in mail.outbox if "/conta/email/" in one.body]
    return re.search(r"(/conta/email/\S+)", letter.body)[1]  # type: ignore[index]


def test_an_address_changes_by_a_link_to_the_new_one_and_the_old_is_told(network: Network, client: Client) -> None:
    person = with_role("sales")
    old = person.email
    client.force_login(person)
    client.post("/conta/confirmar/", {"password": PASSWORD})
    assert client.post("/conta/protecao/email/", {"email": "nova@exemplo.coop"}).status_code == 302
    link = the_link()
    assert {letter.to[0] for letter in mail.outbox} == {old, "nova@exemplo.coop"}
    stranger = Client()
    stranger.get(link)
    person.refresh_from_db()
    assert person.email == old
    stranger.post(link)
    person.refresh_from_db()
    assert person.email == "nova@exemplo.coop"
    drained()
    assert mail.outbox[-1].to == [old]
    assert stranger.post(link).status_code == 404


def test_an_address_is_not_changed_without_confirming_who_one_is(network: Network, client: Client) -> None:
    client.force_login(with_role("sales"))
    answer = client.post("/conta/protecao/email/", {"email": "nova@exemplo.coop"})
    assert answer["Location"].startswith("/conta/confirmar/")
    drained()
    assert mail.outbox == []


def test_a_new_password_makes_an_intruders_link_void(network: Network) -> None:
    person = with_role("sales")
    actor = Actor(name=str(person), person_id=person.pk)
    operations.ask_email_change(person, email="intruso@exemplo.coop", site=SITE, actor=actor)
    token = the_link().split("/")[3]
    person.set_password("outra-senha-longa")
    person.save()
    with pytest.raises(UnknownLink):
        operations.change_email(token, actor=system(None, why="x", via="link"))


def test_an_address_of_another_account_gets_no_link_and_nobody_learns_it(network: Network) -> None:
    person, other = with_role("sales"), with_role("training")
    operations.ask_email_change(
        person, email=other.email, site=SITE, actor=Actor(name=str(person), person_id=person.pk)
    )
    drained()
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    with pytest.raises(NotAllowed):
        operations.ask_email_change(
            other, email="x@exemplo.coop", site=SITE, actor=Actor(name=str(person), person_id=person.pk)
        )
