# SPDX-License-Identifier: AGPL-3.0-or-later
"""Beginning a network and changing what it says of itself."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.core.money import MINOR_DIGITS
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions, roles
from mutirao.network.core import countries
from mutirao.network.country_names import require_country
from mutirao.network.errors import AddressTaken, AlreadySetUp
from mutirao.network.events import NetworkCreated, NetworkCurrencyChanging
from mutirao.network.models import Network, Person
from mutirao.network.operations.people import create_person, grant_role, require_operator

NETWORK_FIELDS = ("name", "about", "country", "language", "currency", "time_zone")


@operation
def create_network(
    *,
    slug: str,
    name: str,
    actor: Actor,
    coordinator: Person | None = None,
    about: str = "",
    country: str = "BR",
    language: str = "",
    currency: str = "",
    time_zone: str = "",
    is_example: bool = False,
) -> Network:
    """Begin a network, with its first coordinator where one is named.

    Language, currency and time zone are those of its country unless others are named.
    Raises: OperatorsOnly unless the installation itself or an operator acts; AddressTaken; InvalidValue for a country,
    language, currency or time zone that there is not.
    """
    require_operator(actor)
    country = require_country(country)
    rules = countries.country(country)
    language, currency = language or countries.language(country), currency or rules.currency
    time_zone = time_zone or rules.time_zone
    _check(language=language, currency=currency, time_zone=time_zone)
    try:
        with transaction.atomic():
            network = Network.objects.create(
                slug=slug, name=name.strip(), about=about.strip(), country=country, language=language,
                currency=currency, time_zone=time_zone, is_example=is_example,
            )  # fmt: skip
    except IntegrityError:
        raise AddressTaken(slug=slug) from None
    with tenancy.activated(network):
        record(actor, "network.created", network, name=network.name, slug=slug, country=country, currency=currency)
        emit(NetworkCreated(network.pk))
        if coordinator is not None:
            grant_role(coordinator, role=roles.COORDINATION, actor=system(None, why=actor.name, via=actor.via))
    return network


@operation
def edit_network(
    network: Network,
    *,
    name: str,
    about: str,
    actor: Actor,
    country: str = "",
    language: str = "",
    currency: str = "",
    time_zone: str = "",
    seen: str = "",
) -> Network:
    """Change what the network says of itself, and where it is; what is not named stays. Its short address stays: links
    point to it. Another currency only while no money was booked in the one it has: upper modules refuse.

    Raises: NotAllowed, StaleEdit; InvalidValue; CurrencyInUse.
    """
    actor.require(permissions.EDIT_NETWORK, network)
    network = lock(network)
    check_seen(network, NETWORK_FIELDS, seen)
    before = snapshot(network, NETWORK_FIELDS)
    network.name, network.about = name.strip(), about.strip()
    network.country = require_country(country) if country else network.country
    network.language, network.currency = language or network.language, currency or network.currency
    network.time_zone = time_zone or network.time_zone
    _check(language=network.language, currency=network.currency, time_zone=network.time_zone)
    if network.currency != before["currency"]:
        emit(NetworkCurrencyChanging(network.pk, before["currency"], network.currency))
    if changed := differences(before, snapshot(network, NETWORK_FIELDS)):
        network.save(update_fields=list(changed))
        record(actor, "network.edited", network, changes=changed)
    return network


def _check(*, language: str, currency: str, time_zone: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise InvalidValue(_("Esta língua não se fala aqui."), field="language")
    if currency not in MINOR_DIGITS:
        raise InvalidValue(_("Escolha a moeda na lista."), field="currency")
    if time_zone not in available_timezones():
        raise InvalidValue(_("Escolha o fuso horário na lista."), field="time_zone")


@operation
def set_up(
    *,
    network_name: str,
    slug: str,
    person_name: str,
    email: str,
    password: str,
    about: str = "",
    country: str = "BR",
    actor: Actor,
) -> tuple[Network, Person]:
    """Prepare an empty installation: its first network, and the person who coordinates it and looks after the server.

    Raises: AlreadySetUp when a network exists or somebody else is just making it; WeakPassword, AccountExists.
    """
    if not first_time("network.set_up", "first network", network_id=0) or Network.objects.exists():
        raise AlreadySetUp
    person = create_person(name=person_name, email=email, password=password, is_operator=True, actor=actor)
    network = create_network(
        slug=slug, name=network_name, about=about, country=country, coordinator=person, actor=actor
    )
    return network, person


def installation(via: str = "command") -> Actor:
    """The installation itself, acting from the command line or the set-up page."""
    return system(None, why=_("Quem cuida da instalação"), via=via)
