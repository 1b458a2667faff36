# SPDX-License-Identifier: AGPL-3.0-or-later
"""A request begins: by the group itself, opened for a candidate, as a renewal; and its private link."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries, words
from mutirao.admission.errors import (
    AlreadyApplied,
    CompanyIsPartner,
    NotACandidate,
    NotTakingRequests,
)
from mutirao.admission.events import (
    ApplicationStarted,
)
from mutirao.admission.models import Application, ChecklistItem
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed
from mutirao.kernel.locks import lock
from mutirao.kernel.work import emit, operation, record
from mutirao.network import membership
from mutirao.network.models import Enterprise, Municipality, Network
from mutirao.network.operations.enterprises import read_phone, read_tax_id

TOKEN_BYTES = 15
"""120 bits, as for invitations: typed from a paper, guessed by nobody."""
COMPANY = Enterprise.LegalForm.COMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationData:
    """What a group says of itself; `tax_id` in any writing."""

    name: str
    legal_form: str
    contact_name: str
    tax_id: str = ""
    member_count: int | None = None
    activity: str = ""
    municipality: Municipality | None = None
    city: str = ""
    phone: str = ""
    email: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """An application and the token of its private link; the token is nowhere kept."""

    application: Application
    token: str


@operation
def start_application(network: Network, data: ApplicationData, *, actor: Actor, key: str = "") -> Started:
    """Begin a request as a draft, for a group without account. `key`: the same form sent again gives the same link.

    Raises: NotTakingRequests, InvalidValue, InvalidTaxId, InvalidPhone. A company may begin and is told at sending.
    """
    if not (actor.is_system or actor.acts_by(permissions.MANAGE, network)):
        raise NotAllowed(act=_("Pedir para entrar"))
    if actor.via == "link" and not queries.settings_of(network.pk).takes_requests:
        raise NotTakingRequests
    return _start(network, data, actor=actor, key=key, proposed_by_id=actor.person_id)


@operation
def propose(enterprise: Enterprise, *, contact_name: str, actor: Actor, email: str = "", phone: str = "") -> Started:
    """Open the request of a candidate that the coordination registered; its link is for the group.

    Raises: NotAllowed, NotACandidate, AlreadyApplied, CompanyIsPartner.
    """
    actor.require(permissions.MANAGE, enterprise)
    enterprise = lock(enterprise)
    if enterprise.legal_form == COMPANY:
        raise CompanyIsPartner
    if enterprise.standing != Enterprise.Standing.CANDIDATE:
        raise NotACandidate(enterprise=enterprise.name, standing=enterprise.get_standing_display())
    data = _data_of(enterprise, contact_name=contact_name, email=email, phone=phone)
    return _start(enterprise.network, data, actor=actor, enterprise=enterprise, proposed_by_id=actor.person_id)


@operation
def start_renewal(enterprise: Enterprise, *, actor: Actor) -> Started:
    """Begin the light re-check of a member whose certificate runs out: the same criteria, only what changed is said.

    Raises: NotAllowed, StandingForbids, AlreadyApplied.
    """
    if not actor.acts_by(permissions.MANAGE, enterprise):
        actor.require(permissions.SPEAK, enterprise)
    enterprise = lock(enterprise)
    membership.require_member(enterprise, membership.HOLD_ROLE)
    contact = enterprise.contacts.first()
    data = _data_of(
        enterprise, contact_name=contact.name if contact else actor.name, email=contact.email if contact else "",
        phone=contact.phone if contact else "",
    )  # fmt: skip
    started = _start(
        enterprise.network, data, actor=actor, enterprise=enterprise, kind=Application.Kind.RENEWAL,
        phone_now=data.phone,
    )  # fmt: skip
    last = Application.objects.filter(enterprise=enterprise, state=Application.State.ADMITTED).order_by("-pk").first()
    answers = dict(last.items.values_list("code", "answer")) if last else {}
    for item in started.application.items.all():
        if answers.get(item.code):
            item.answer = answers[item.code]
            item.save(update_fields=["answer"])
    return started


def _data_of(enterprise: Enterprise, *, contact_name: str, email: str, phone: str) -> ApplicationData:
    return ApplicationData(
        name=enterprise.name, legal_form=enterprise.legal_form, tax_id=enterprise.tax_id,
        member_count=enterprise.member_count, activity=enterprise.activity, municipality=enterprise.municipality,
        city=enterprise.city, contact_name=contact_name, email=email, phone=phone,
    )  # fmt: skip


def _start(
    network: Network, data: ApplicationData, *, actor: Actor, key: str = "", phone_now: str = "", **more: Any
) -> Started:
    enterprise: Enterprise | None = more.get("enterprise")
    values = values_of(data, country=enterprise.country if enterprise else network.country, phone_now=phone_now)
    token = _token(key, network.pk, values["name"], values["phone"], values["email"])
    known: Application | None = Application.objects.filter(token_hash=queries.hash_of(token)).first()
    if known is not None:
        return Started(known, token)
    fresh = lock(network)
    last = Application.objects.aggregate(last=Max("number"))["last"] or 0
    application = Application(
        network=fresh, number=last + 1, token_hash=queries.hash_of(token), created_at=clock.now(), **values, **more
    )
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        raise AlreadyApplied from None
    informal = application.legal_form in (Enterprise.LegalForm.INFORMAL, Enterprise.LegalForm.FAMILY)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            network=fresh, application=application, code=row.code, source=row.source, title=row.title, text=row.text,
            proof=row.proof if row.source == "network" else words.proof(row.code, informal=informal),
            norm=row.norm, article=row.article, position=row.position, is_required=row.is_required,
        )
        for row in queries.criteria_of(fresh)
    )  # fmt: skip
    record(actor, "admission.started", application, name=application.name, legal_form=application.legal_form,
           application_kind=str(application.kind))  # fmt: skip
    emit(ApplicationStarted(fresh.pk, application.pk))
    return Started(application, token)


def _token(key: str, *content: object) -> str:
    if not key:
        return secrets.token_urlsafe(TOKEN_BYTES)
    digest = salted_hmac("mutirao.admission.link", repr((key, *content)), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def values_of(data: ApplicationData, *, country: str, phone_now: str = "") -> dict[str, Any]:
    """What a group of a country says of itself as the row keeps it; an unchanged `phone_now` is not looked at again.

    Raises: InvalidValue, InvalidTaxId, InvalidPhone.
    """
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    for name, told in (("name", _("Diga o nome do grupo.")), ("contact_name", _("Diga com quem falar."))):
        if not values[name]:
            raise InvalidValue(told, field=name)
    if values["legal_form"] not in Enterprise.LegalForm.values:
        raise InvalidValue(_("Escolha a forma do empreendimento."), field="legal_form")
    values["tax_id"] = read_tax_id(values["tax_id"], country).number
    if values["phone"] != phone_now:
        values["phone"] = read_phone(values["phone"], country)
    values["email"] = values["email"].lower()
    return values


@operation
def issue_new_link(application: Application, *, actor: Actor) -> Started:
    """A new private link for a group that lost its own; the old one opens nothing any more. Raises: NotAllowed."""
    actor.require(permissions.MANAGE, application)
    application = lock(application)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    application.token_hash = queries.hash_of(token)
    application.save(update_fields=["token_hash"])
    record(actor, "admission.link_renewed", application)
    return Started(application, token)
