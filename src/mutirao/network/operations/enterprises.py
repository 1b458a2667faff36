# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enterprises, the people to call there, territories and value chains."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, formats, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.once import first_time
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions
from mutirao.network.core import countries, phones, tax_ids
from mutirao.network.core.standing import first_standing
from mutirao.network.country_names import require_country
from mutirao.network.duties import open_duties
from mutirao.network.errors import EnterpriseAlreadyThere, EnterpriseHasDuties, InvalidPhone, InvalidTaxId
from mutirao.network.events import EnterpriseAdded, EnterpriseDeactivated
from mutirao.network.models import Contact, Enterprise, Municipality, Network, Territory, ValueChain
from mutirao.network.operations.standing import follow_legal_form

ENTERPRISE_FIELDS = (
    "name", "legal_form", "country", "tax_id_kind", "tax_id", "activity", "value_chain", "territory", "municipality",
    "address", "city", "region", "postal_code", "latitude", "longitude", "website", "member_count", "founded_on",
    "notes",
)  # fmt: skip
CONTACT_FIELDS = ("name", "duty", "phone", "email")

_TAX_ID_WORDS = {
    "length": _("Um CNPJ tem 14 caracteres e um CPF tem 11."),
    "characters": _("Há caracteres que não cabem num CNPJ ou CPF."),
    "check_digits": _("Os dígitos finais não conferem: falta ou sobra algo no número."),
}
_FOREIGN_TAX_ID_WORDS = {
    "length": _("Este número não tem a forma de %(names)s (%(country)s)."),
    "characters": _("Há caracteres que não cabem em %(names)s (%(country)s)."),
    "check_digits": _("Os dígitos de controle não conferem com %(names)s (%(country)s)."),
}
_FREE_TAX_ID_WORDS = {
    "length": _("Um registro tem de 3 a 30 letras e números."),
    "characters": _("Use só letras e números no registro."),
}
_PHONE_WORDS = {
    "area_code": _("Este telefone não está completo: falta o código de área ou algum número."),
    "several": _("Escreva um telefone só; os outros cabem em outro contato."),
    "phone": _("Este telefone não existe no plano de números deste país: %(country)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseData:
    """What is said about an enterprise. `tax_id` in any writing; `value_chain` and `territory` by name.

    No `country` means the network's. `city` and `region` serve where there is no `municipality` of Brazil's list.
    """

    name: str
    legal_form: str
    country: str = ""
    tax_id: str = ""
    activity: str = ""
    value_chain: str = ""
    territory: str = ""
    municipality: Municipality | None = None
    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    website: str = ""
    member_count: int | None = None
    founded_on: dt.date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactData:
    """Somebody to call."""

    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""


def read_tax_id(text: str, country: str = "BR") -> tax_ids.TaxId:
    """A registration number of a country in any writing. Raises: InvalidTaxId, with what is wrong in words."""
    try:
        return tax_ids.parse(text, country)
    except ValueError as error:
        raise InvalidTaxId(tax_id_words(str(error), country)) from None


def tax_id_words(code: str, country: str) -> str:
    """What is wrong with a number that its country would not take (codes of core.tax_ids.parse)."""
    if country == "BR":
        return str(_TAX_ID_WORDS[code])
    if names := countries.country(country).identifier_names:
        return str(_FOREIGN_TAX_ID_WORDS[code]) % {"names": names, "country": formats.country_name(country)}
    return str(_FREE_TAX_ID_WORDS[code])


def read_phone(text: str, country: str) -> str:
    """A telephone number in any writing, as it is kept (E.164). Raises: InvalidPhone, with what is wrong in words."""
    try:
        return phones.read_phone(text, country)
    except ValueError as error:
        raise InvalidPhone(_PHONE_WORDS[str(error)], country=formats.country_name(country)) from None


def read_postal_code(text: str, country: str) -> str:
    """A postal code as its country writes it. Raises: InvalidValue."""
    try:
        return countries.read_postal_code(text, country)
    except ValueError:
        words = _("Um código postal de %(country)s se escreve assim: %(example)s.")
        raise InvalidValue(
            words,
            field="postal_code",
            country=formats.country_name(country),
            example=countries.country(country).postal_example,
        ) from None


@operation
def add_enterprise(
    network: Network, data: EnterpriseData, *, actor: Actor, joined_on: dt.date | None = None, key: str = ""
) -> Enterprise:
    """Bring an enterprise into the network. `key` is the sender's: the same form sent again gives the same enterprise.

    Raises: NotAllowed, InvalidTaxId, InvalidValue, EnterpriseAlreadyThere (same name or same registration).
    """
    actor.require(permissions.ADD_ENTERPRISE, network)
    if not first_time("network.add_enterprise", key, network_id=network.pk):
        sent_before: Enterprise | None = Enterprise.objects.filter(folded=fold(data.name)).first()
        if sent_before is not None:
            return sent_before
    enterprise = Enterprise(network=network, joined_on=joined_on or clock.today())
    _fill(enterprise, data, actor)
    enterprise.standing = first_standing(data.legal_form)
    _save(enterprise)
    record(actor, "network.enterprise_added", enterprise, **_plain(enterprise))
    emit(EnterpriseAdded(network.pk, enterprise.pk))
    return enterprise


@operation
def edit_enterprise(enterprise: Enterprise, data: EnterpriseData, *, actor: Actor, seen: str = "") -> Enterprise:
    """Change an enterprise's data. `seen` is the version the form was filled from (kernel.changes.version).

    A candidate that turns out to be a company becomes a partner.
    Raises: NotAllowed, StaleEdit, InvalidTaxId, InvalidValue, EnterpriseAlreadyThere; CompanyCannotBeMember.
    """
    actor.require(permissions.EDIT_ENTERPRISE, enterprise)
    enterprise = lock(enterprise)
    check_seen(enterprise, ENTERPRISE_FIELDS, seen)
    before = snapshot(enterprise, ENTERPRISE_FIELDS)
    _fill(enterprise, data, actor)
    if before["legal_form"] != enterprise.legal_form:
        follow_legal_form(enterprise, actor=actor)
    if changed := differences(before, snapshot(enterprise, ENTERPRISE_FIELDS)):
        _save(enterprise, update_fields=list(changed))
        record(actor, "network.enterprise_edited", enterprise, changes=changed)
    return enterprise


@operation
def deactivate_enterprise(enterprise: Enterprise, *, actor: Actor, reason: str) -> Enterprise:
    """Take an enterprise out of new rounds; its history stays. Upper modules may refuse.

    Raises: NotAllowed; InvalidValue without a reason; EnterpriseHasDuties while something is open (`network.duties`).
    """
    actor.require(permissions.ADD_ENTERPRISE, enterprise)
    if not reason.strip():
        raise InvalidValue(_("Diga por que o empreendimento sai."), field="reason")
    enterprise = lock(enterprise)
    if enterprise.is_active:
        if duties := open_duties(enterprise):
            raise EnterpriseHasDuties(name=enterprise.name, duties=" ".join(str(duty.label) for duty in duties))
        enterprise.is_active = False
        enterprise.save(update_fields=["is_active"])
        record(actor, "network.enterprise_deactivated", enterprise, reason=reason.strip())
        emit(EnterpriseDeactivated(enterprise.network_id, enterprise.pk))
    return enterprise


@operation
def reactivate_enterprise(enterprise: Enterprise, *, actor: Actor, reason: str = "") -> Enterprise:
    """Bring an enterprise back. Raises: NotAllowed."""
    actor.require(permissions.ADD_ENTERPRISE, enterprise)
    enterprise = lock(enterprise)
    if not enterprise.is_active:
        enterprise.is_active = True
        enterprise.save(update_fields=["is_active"])
        record(actor, "network.enterprise_reactivated", enterprise, reason=reason.strip())
    return enterprise


@operation
def add_contact(enterprise: Enterprise, data: ContactData, *, actor: Actor, key: str = "") -> Contact:
    """Note somebody to call at an enterprise; the same form sent again gives the same contact.

    Raises: NotAllowed, InvalidValue.
    """
    actor.require(permissions.EDIT_ENTERPRISE, enterprise)
    values = _contact_values(data, enterprise.country)
    if not first_time("network.add_contact", key, network_id=enterprise.network_id):
        sent_before: Contact | None = Contact.objects.filter(enterprise=enterprise, **values).first()
        if sent_before is not None:
            return sent_before
    contact = Contact.objects.create(network_id=enterprise.network_id, enterprise=enterprise, **values)
    record(actor, "network.contact_added", enterprise, contact=contact.name)
    return contact  # type: ignore[no-any-return]


@operation
def edit_contact(contact: Contact, data: ContactData, *, actor: Actor) -> Contact:
    """Change a contact. Raises: NotAllowed, InvalidValue."""
    actor.require(permissions.EDIT_ENTERPRISE, contact.enterprise)
    contact = lock(contact)
    before = snapshot(contact, CONTACT_FIELDS)
    for name, value in _contact_values(data, contact.enterprise.country, contact.phone).items():
        setattr(contact, name, value)
    if changed := differences(before, snapshot(contact, CONTACT_FIELDS)):
        contact.save(update_fields=list(changed))
        record(actor, "network.contact_edited", contact.enterprise, contact=contact.name, changes=changed)
    return contact


@operation
def remove_contact(contact: Contact, *, actor: Actor) -> None:
    """Forget a contact. Raises: NotAllowed; NotFound when it is gone already."""
    actor.require(permissions.EDIT_ENTERPRISE, contact.enterprise)
    contact = lock(contact)
    record(actor, "network.contact_removed", contact.enterprise, contact=contact.name)
    contact.delete()


def _contact_values(data: ContactData, country: str, phone_now: str = "") -> dict[str, str]:
    name = data.name.strip()
    if not name:
        raise InvalidValue(_("Informe o nome."), field="name")
    typed = data.phone.strip()
    # What came unchecked from a list may stay while only the name is put right.
    phone = phone_now if typed == phone_now else read_phone(typed, country)
    return {"name": name, "duty": data.duty.strip(), "phone": phone, "email": data.email.strip().lower()}


def _fill(enterprise: Enterprise, data: EnterpriseData, actor: Actor) -> None:
    name = " ".join(data.name.split())
    if not fold(name):
        raise InvalidValue(_("Informe o nome."), field="name")
    if data.legal_form not in Enterprise.LegalForm.values:
        raise InvalidValue(_("Escolha a forma do empreendimento."), field="legal_form")
    if (data.latitude is None) != (data.longitude is None):
        raise InvalidValue(_("Informe latitude e longitude, as duas."), field="longitude")
    country = require_country(data.country or enterprise.network.country)
    if data.municipality is not None and country != "BR":
        raise InvalidValue(_("A lista de municípios é do Brasil. Para outro país, escreva a cidade."), field="city")
    tax_id = read_tax_id(data.tax_id, country)
    enterprise.country = country
    enterprise.city = "" if data.municipality else " ".join(data.city.split())
    enterprise.region = "" if data.municipality else " ".join(data.region.split())
    enterprise.postal_code = read_postal_code(data.postal_code, country)
    enterprise.website = data.website.strip()
    enterprise.name, enterprise.legal_form = name, data.legal_form
    enterprise.tax_id_kind, enterprise.tax_id = tax_id.kind, tax_id.number
    enterprise.activity, enterprise.address = data.activity.strip(), data.address.strip()
    enterprise.notes = data.notes.strip()
    enterprise.value_chain = value_chain_named(data.value_chain, actor=actor)
    enterprise.territory = territory_named(data.territory, actor=actor)
    enterprise.municipality = data.municipality
    enterprise.latitude, enterprise.longitude = data.latitude, data.longitude
    enterprise.member_count, enterprise.founded_on = data.member_count, data.founded_on


def _plain(enterprise: Enterprise) -> dict[str, Any]:
    return {name: value for name, value in snapshot(enterprise, ENTERPRISE_FIELDS).items() if value not in (None, "")}


def _save(enterprise: Enterprise, **kwargs: Any) -> None:
    try:
        with transaction.atomic():
            enterprise.save(**kwargs)
    except IntegrityError:
        others = Enterprise.objects.exclude(pk=enterprise.pk)
        if enterprise.tax_id and (twin := others.filter(country=enterprise.country, tax_id=enterprise.tax_id).first()):
            words = _("O registro %(tax_id)s já é do empreendimento “%(name)s”.")
            raise EnterpriseAlreadyThere(
                words, field="tax_id", tax_id=enterprise.tax_id_written, name=twin.name
            ) from None
        if twin := others.filter(folded=fold(enterprise.name)).first():
            words = _("Já existe o empreendimento “%(name)s” nesta rede.")
            raise EnterpriseAlreadyThere(words, field="name", name=twin.name) from None
        raise


Named = TypeVar("Named", Territory, ValueChain)


@operation
def value_chain_named(name: str, *, actor: Actor) -> ValueChain | None:
    """The value chain of that name in the active network, begun when it is new; None for no name."""
    return _named(ValueChain, name, "network.value_chain_added", actor)


@operation
def territory_named(name: str, *, actor: Actor) -> Territory | None:
    """The territory of that name in the active network, begun when it is new; None for no name."""
    return _named(Territory, name, "network.territory_added", actor)


def _named(model: type[Named], name: str, act: str, actor: Actor) -> Named | None:
    name = " ".join(name.split())
    if not fold(name):
        return None
    found: Named | None = model.objects.filter(folded=fold(name)).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            begun: Named = model.objects.create(name=name, network_id=tenancy.active_network_id())
    except IntegrityError:  # somebody else just began it
        existing: Named = model.objects.get(folded=fold(name))
        return existing
    record(actor, act, begun)
    return begun
