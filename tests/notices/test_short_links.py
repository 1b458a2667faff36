# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short addresses lead to pages of their network, for those who take part in it, until they expire (N6)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests import factories
from tests.notices import factories as make

from mutirao.kernel import actors, clock, tenancy
from mutirao.network.models import Network
from mutirao.notices import operations, queries
from mutirao.notices.models import ShortLink


@pytest.fixture
def path(network: Network) -> str:
    return f"/rede/{network.slug}/decisoes/1/"


@pytest.fixture
def short(network: Network, path: str) -> ShortLink:
    return shorten(network, path)


def shorten(network: Network, path: str) -> ShortLink:
    return operations.shorten(path, actor=actors.system(network.pk, why="teste"))


def test_a_page_has_one_short_address_however_often_it_is_asked_for(
    network: Network, path: str, short: ShortLink
) -> None:
    assert shorten(network, path).code == short.code
    assert queries.short_path(path) == f"/l/{short.code}/"
    assert len(f"/l/{short.code}/") <= 12
    assert queries.short_path(path + "x") == path + "x"


def test_it_leads_members_on_after_sign_in(network: Network, path: str, short: ShortLink, client: Client) -> None:
    assert client.get(f"/l/{short.code}/")["Location"] == f"/conta/entrar/?next=/l/{short.code}/"
    client.force_login(make.member(network))
    assert client.get(f"/l/{short.code}/")["Location"] == path


def test_strangers_learn_nothing_from_it(network: Network, short: ShortLink, client: Client) -> None:
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        client.force_login(make.member(elsewhere))
    found, unknown = client.get(f"/l/{short.code}/"), client.get("/l/nada/")
    assert (found.status_code, unknown.status_code) == (404, 404)
    assert network.slug not in found.content.decode().replace(f"/l/{short.code}/", "")


def test_it_ends_after_half_a_year(network: Network, path: str, short: ShortLink, client: Client) -> None:
    client.force_login(make.member(network))
    with clock.at(clock.now() + dt.timedelta(days=181)):
        assert client.get(f"/l/{short.code}/").status_code == 404
        assert queries.short_path(path) == path


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/rede/outra/", "/conta/sair/"])
def test_it_leads_nowhere_else(network: Network, path: str) -> None:
    with pytest.raises(ValueError, match="their network"):
        shorten(network, path)
