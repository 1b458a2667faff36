# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of the network and of the catalogue, walked as a stranger, as nobody, and in every role."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from tests import factories

from mutirao.catalogue import urls as catalogue_urls
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network import roles
from mutirao.network import urls as network_urls
from mutirao.network.models import Contact, Delegation, Invitation, Network, Person, RoleAssignment, SecondFactorReset

EVERYBODY = set(roles.ROLES)
TEAM = {"coordination", "purchasing"}
OFFICE = TEAM | {"administration"}
PEOPLE = (roles.NETWORK_ROLES | {"enterprise_coordinator"}) - {"consultant"}
LOCAL = OFFICE | {"enterprise_coordinator"}
# The consultancy of these tests was agreed to see the purchases, and nothing else.
NOT_CONSULTANTS = EVERYBODY - {"consultant"}

# Who may open each page (GET); pages that only take a POST are walked with it.
MAY_OPEN: dict[str, set[str] | frozenset[str]] = {
    "network:enterprises": EVERYBODY,
    "network:enterprises_csv": EVERYBODY,
    "network:enterprises_xlsx": EVERYBODY,
    "network:enterprise": EVERYBODY,
    "network:enterprise_names": EVERYBODY,
    "network:municipalities": EVERYBODY,
    "network:enterprise_new": OFFICE,
    "network:enterprise_edit": LOCAL,
    "network:enterprise_activity": OFFICE,
    "network:contact_new": LOCAL,
    "network:contact_edit": LOCAL,
    "network:contact_remove": LOCAL,
    "network:people": PEOPLE,
    "network:person": PEOPLE,
    "network:invite": LOCAL,
    "network:invitation_revoke": LOCAL,
    "network:roles": EVERYBODY,
    "network:role_end": LOCAL,
    "network:audit": {"coordination", "council", "accountant"},
    "network:audit_check": {"coordination", "council", "accountant"},
    "network:settings": {"coordination"},
    "network:team": EVERYBODY,
    "network:leave_roles": EVERYBODY,
    "network:delegation_end": {"coordination"},
    "network:dismiss": {"coordination"},
    "network:account_rules": {"coordination"},
    "network:reset_ask": {"coordination"},
    "network:reset_decide": {"coordination", "council"},
    "catalogue:products": NOT_CONSULTANTS,
    "catalogue:product": NOT_CONSULTANTS,
    "catalogue:product_new": TEAM,
    "catalogue:product_edit": TEAM,
    "catalogue:product_use": TEAM,
    "catalogue:suppliers": NOT_CONSULTANTS,
    "catalogue:supplier": NOT_CONSULTANTS,
    "catalogue:supplier_new": TEAM,
    "catalogue:supplier_edit": TEAM,
    "catalogue:supplier_use": TEAM,
}
ONLY_POST = {
    "network:reset_decide", "network:invitation_revoke", "network:audit_check", "catalogue:product_use",
    "catalogue:supplier_use",
}  # fmt: skip


@pytest.fixture
def rows(network: Network, coordinator: Actor) -> dict[str, Any]:
    """One row of each kind, whose pages are walked."""
    enterprise, tomorrow = factories.enterprise(), clock.now() + dt.timedelta(days=1)
    member = factories.role(factories.person(), "enterprise_member", enterprise)
    return {
        "enterprise": enterprise,
        "contact": Contact.objects.create(enterprise=enterprise, name="Rosa"),
        "assignment": member,
        "person": member.person,
        "product": factories.product(),
        "supplier": factories.supplier(),
        "reset": SecondFactorReset.objects.create(
            person=member.person, asked_by=factories.person(), reason="perdeu o celular"
        ),
        "delegation": Delegation.objects.create(
            assignment=member, to_person=factories.person(), since=clock.today(), until=tomorrow.date(), reason="férias"
        ),
        "invitation": Invitation.objects.create(
            token_hash="0" * 64,
            role="enterprise_member",
            enterprise=enterprise,
            expires_at=tomorrow,
        ),
    }


def named(module: Any) -> list[str]:
    return [f"{module.app_name}:{pattern.name}" for pattern in module.urlpatterns if isinstance(pattern, URLPattern)]


def address(view: str, slug: str, rows: dict[str, Any]) -> str:
    kind = view.split(":")[1].split("_")[0]
    keys = {
        "role": "assignment", "contact": "enterprise", "enterprise": "enterprise", "person": "person",
        "product": "product", "supplier": "supplier", "invitation": "invitation",
        "delegation": "delegation", "dismiss": "person", "reset": "person",
    }  # fmt: skip
    arguments: dict[str, Any] = {"slug": slug}
    takes_key = view.split(":")[1] not in {
        "enterprises", "enterprises_csv", "enterprises_xlsx", "enterprise_new", "enterprise_names",
        "municipalities", "people", "invite", "roles", "audit",
        "audit_check", "settings", "team", "leave_roles", "account_rules", "products", "product_new", "suppliers",
        "supplier_new",
    }  # fmt: skip
    if takes_key:
        arguments["pk"] = rows[keys[kind]].pk
    if view in ("network:contact_edit", "network:contact_remove"):
        arguments["contact_pk"] = rows["contact"].pk
    return reverse(view, kwargs=arguments)


def ask(client: Client, view: str, url: str) -> Any:
    return client.post(url) if view in ONLY_POST else client.get(url)


def test_every_page_is_walked() -> None:
    assert set(named(network_urls) + named(catalogue_urls)) == set(MAY_OPEN)


def test_a_stranger_finds_nothing_not_even_that_the_network_exists(network: Network, rows: dict[str, Any]) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        actor = factories.actor(elsewhere, "coordination")
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    unknown = client.get("/rede/nao-ha/empreendimentos/").content.decode()
    for view in MAY_OPEN:
        answer = ask(client, view, address(view, network.slug, rows))
        assert answer.status_code == 404, view
        assert network.name not in answer.content.decode(), view
        assert "não existe ou você não participa" in answer.content.decode()
    assert "não existe ou você não participa" in unknown


def test_rows_of_another_network_are_not_found_under_ones_own_address(network: Network, rows: dict[str, Any]) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        actor = factories.actor(elsewhere, "coordination")
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    for view in MAY_OPEN:
        url = address(view, elsewhere.slug, rows)
        if url == address(view, elsewhere.slug, {key: Fake() for key in rows}):
            continue  # a page without a row
        assert ask(client, view, url).status_code == 404, view


class Fake:
    """Stands for a row with a key that nothing has."""

    pk = 987654321


def test_who_is_not_signed_in_is_sent_to_the_door_and_back(network: Network, rows: dict[str, Any]) -> None:
    for view in MAY_OPEN:
        url = address(view, network.slug, rows)
        answer = ask(Client(), view, url)
        assert answer.status_code == 302, view
        assert answer["Location"] == f"/conta/entrar/?next={url}", view


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_each_role_opens_its_pages_and_is_told_in_words_about_the_others(
    network: Network, rows: dict[str, Any], role: str
) -> None:
    of_enterprise = roles.ROLES[role].of_enterprise
    actor = factories.actor(network, role, rows["enterprise"] if of_enterprise else None)
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    for view, allowed in MAY_OPEN.items():
        answer = ask(client, view, address(view, network.slug, rows))
        if role in allowed:
            assert answer.status_code in (200, 302), (view, answer.status_code)
            continue
        if role == "consultant" and answer.status_code == 404:
            continue  # outside the parts agreed, a row is not even there
        assert answer.status_code == 403, (view, answer.status_code)
        assert "não permite" in answer.content.decode(), view
    ended = RoleAssignment.objects.filter(until__isnull=False).exclude(role="consultant")
    assert not ended.exists()
