# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's part of the API: who asks, and the enterprises."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.api import Listing, Named, Paging, RowId, Slug, Text, given, narrowed, one_of, part_of
from mutirao.network import access, permissions, queries, roles
from mutirao.network.access import NetworkRequest
from mutirao.network.core import phones
from mutirao.network.forms.enterprises import EnterpriseFilter
from mutirao.network.models import AccessToken, Enterprise, Network, Person

me = Router(tags=["quem"])
router = Router(tags=["empreendimentos"])


class ProgramRequest(HttpRequest):
    """What the API's root is given: the token, and its person as the user."""

    token: AccessToken
    user: Person


class RoleOut(Schema):
    """A role held today; `enterprise` where it is of one. A suspended one waits for the second factor."""

    role: str
    label: str
    enterprise: Named | None
    in_place_of: str
    suspended: bool


class NetworkOut(Schema):
    """A network in which the person holds a role today."""

    slug: str
    name: str
    currency: str
    country: str
    time_zone: str
    roles: list[RoleOut]


class TokenOut(Schema):
    """The token that asks."""

    name: str
    reads_only: bool
    expires_at: dt.datetime


class WhoAmI(Schema):
    """The person in whose name the program acts, and where."""

    person: Named
    token: TokenOut
    networks: list[NetworkOut]


@me.get("/", response=WhoAmI, summary="Em nome de quem, e em que redes")
def who_am_i(request: ProgramRequest) -> WhoAmI:
    person, token = request.user, request.token
    return WhoAmI(
        person=Named(id=person.pk, name=str(person)),
        token=TokenOut(name=token.name, reads_only=token.reads_only, expires_at=timezone.localtime(token.expires_at)),
        networks=[_network(person, network) for network in access.networks_of(person)],
    )


def _network(person: Person, network: Network) -> NetworkOut:
    actor = access.actor_for(person, network, via="api")
    with access.inside(network):
        ids = {grant.enterprise_id for grant in actor.grants if grant.enterprise_id}
        names = dict(Enterprise.objects.filter(pk__in=ids).values_list("pk", "name"))
    return NetworkOut(
        slug=network.slug, name=network.name, currency=network.currency, country=network.country,
        time_zone=network.time_zone,
        roles=[_role(grant, names) for grant in sorted(actor.grants, key=lambda one: one.rank)],
    )  # fmt: skip


def _role(grant: Grant, names: dict[int, str]) -> RoleOut:
    of = Named(id=grant.enterprise_id, name=names[grant.enterprise_id]) if grant.enterprise_id else None
    return RoleOut(
        role=grant.role, label=str(roles.label(grant.role)), enterprise=of, in_place_of=grant.in_place_of,
        suspended=grant.suspended,
    )  # fmt: skip


# --- enterprises -----------------------------------------------------------------------------------------------------


class EnterpriseOut(Schema):
    """An enterprise as the list shows it. Of a person's number only the middle is told to who need not know it."""

    id: int
    name: str
    legal_form: Annotated[str, one_of(Enterprise.LegalForm)]
    standing: Annotated[str, one_of(Enterprise.Standing)]
    member_since: dt.date | None
    activity: str
    value_chain: str
    territory: str
    country: str
    place: str
    tax_id: str
    is_active: bool


class ContactOut(Schema):
    """Whom to call."""

    name: str
    duty: str
    phone: str
    email: str


class WholeEnterpriseOut(EnterpriseOut):
    """An enterprise as its page shows it; contacts only to who may see them."""

    address: list[str]
    website: str
    member_count: int | None
    founded_on: dt.date | None
    contacts: list[ContactOut]


class EnterprisesOut(Listing):
    """A part of the list of enterprises."""

    items: list[EnterpriseOut]


class EnterpriseQuery(Paging):
    """The same filters as the page's; `chain`, `territory` and `municipality` by number."""

    q: Text | None = None
    legal_form: Enterprise.LegalForm | None = None
    standing: Enterprise.Standing | None = None
    chain: int | None = None
    territory: int | None = None
    municipality: int | None = None
    country: Text | None = None
    situation: Literal["inactive", "all"] | None = None


@router.get("/empreendimentos", response=EnterprisesOut, summary="Os empreendimentos da rede")
def enterprises(request: NetworkRequest, slug: Slug, asked: Query[EnterpriseQuery]) -> EnterprisesOut:
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    visible = queries.enterprises_visible_to(request.actor)
    rows, at = part_of(narrowed(EnterpriseFilter(given(asked), queryset=visible, request=request)), asked)
    return EnterprisesOut(items=[EnterpriseOut(**_told(request.actor, row)) for row in rows], **at)


@router.get("/empreendimentos/{enterprise_id}", response=WholeEnterpriseOut, summary="Um empreendimento")
def enterprise(request: NetworkRequest, slug: Slug, enterprise_id: RowId) -> WholeEnterpriseOut:
    row = queries.enterprise_for(request.actor, enterprise_id)
    contacts = [
        ContactOut(name=one.name, duty=one.duty, phone=phones.shown(one.phone, row.country), email=one.email)
        for one in queries.contacts_visible_to(request.actor, row)
    ]
    return WholeEnterpriseOut(
        **_told(request.actor, row), address=row.address_lines, website=row.website, member_count=row.member_count,
        founded_on=row.founded_on, contacts=contacts,
    )  # fmt: skip


def _told(actor: Actor, row: Enterprise) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "legal_form": row.legal_form, "standing": row.standing,
        "member_since": row.member_since, "activity": row.activity, "value_chain": str(row.value_chain or ""),
        "territory": str(row.territory or ""), "country": row.country, "place": row.place,
        "tax_id": queries.tax_id_words(actor, row), "is_active": row.is_active,
    }  # fmt: skip
