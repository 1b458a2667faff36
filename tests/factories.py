# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows for tests, with plain values and nothing hidden. The network must be active (fixture `network`)."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator

from mutirao.catalogue.models import Product, Supplier
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.network import access
from mutirao.network.models import Enterprise, Municipality, Network, Person, RoleAssignment
from mutirao.network.roles import CONSULTANT

_numbers = count(1)


def network(**fields: Any) -> Network:
    number = next(_numbers)
    return Network.objects.create(**{"slug": f"rede-{number}", "name": f"Rede {number}", **fields})


def person(**fields: Any) -> Person:
    number = next(_numbers)
    password = fields.pop("password", None)
    return Person.objects.create_user(
        **{"email": f"pessoa{number}@exemplo.coop", "name": f"Pessoa {number}", "password": password, **fields}
    )


def enterprise(**fields: Any) -> Enterprise:
    """A member, unless `standing` says otherwise; a company is a partner."""
    number = next(_numbers)
    standing = "partner" if fields.get("legal_form") == "company" else "member"
    values = {"name": f"Empreendimento {number}", "legal_form": "informal", "standing": standing, **fields}
    if values["standing"] in ("member", "suspended"):
        values.setdefault("member_since", clock.today())
    return Enterprise.objects.create(**values)


def role(someone: Person, role_code: str, in_enterprise: Enterprise | None = None, **fields: Any) -> RoleAssignment:
    if role_code == CONSULTANT:
        bounds = {"until": clock.today() + dt.timedelta(days=30), "scope": "purchasing", "task": "Estudo de compras"}
        fields = {**bounds, **fields}
    return RoleAssignment.objects.create(person=someone, role=role_code, enterprise=in_enterprise, **fields)


def second_factor(someone: Person) -> None:
    """The person signs in in two steps, as who holds money or rights does once the days of grace are over."""
    Authenticator.objects.create(user=someone, type=Authenticator.Type.TOTP, data={})


def actor(in_network: Network, role_code: str, in_enterprise: Enterprise | None = None) -> Actor:
    """A new person with one role, as an actor in the network."""
    someone = person()
    with tenancy.activated(in_network):
        role(someone, role_code, in_enterprise)
    return access.actor_for(someone, in_network)


def product(**fields: Any) -> Product:
    number = next(_numbers)
    return Product.objects.create(**{"name": f"Produto {number}", "unit": "kg", **fields})


def supplier(**fields: Any) -> Supplier:
    number = next(_numbers)
    return Supplier.objects.create(**{"name": f"Fornecedor {number}", **fields})


def municipality(**fields: Any) -> Municipality:
    number = next(_numbers)
    values = {
        "ibge_code": 9_000_000 + number, "name": f"Município {number}", "folded": f"municipio {number}", "state": "SP",
        "latitude": "-22.00000", "longitude": "-47.00000",
    }  # fmt: skip
    return Municipality.objects.create(**{**values, **fields})
