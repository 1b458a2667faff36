# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of enterprises, with somebody to call at each (N1).

An enterprise is the same by its registration, else by its name whatever accents and capitals. Empty cells leave what
is there as it is. Several rows of one enterprise bring several contacts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel import clock, formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.core.text import fold
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.network import permissions
from mutirao.network.core import standing, tax_ids
from mutirao.network.events import EnterpriseAdded
from mutirao.network.importing.abroad import AnyTaxNumber, CountryName, WebAddress, at_home, phone_of, place_of
from mutirao.network.importing.columns import Choice, Code, Day, Email, Number, Text, Whole
from mutirao.network.importing.matching import Known, merge
from mutirao.network.importing.places import RowPlaces
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Contact, Enterprise, Network, Territory, ValueChain
from mutirao.network.operations.enterprises import (
    CONTACT_FIELDS,
    ENTERPRISE_FIELDS,
    territory_named,
    value_chain_named,
)
from mutirao.network.operations.standing import (
    follow_legal_form,
    require_founding_open,
    write_founder,
    write_standing,
)

FORM_WORDS = {
    "coop": "cooperative", "cooperativa": "cooperative", "cooperativas": "cooperative", "cooperative": "cooperative",
    "assoc": "association", "associacao": "association", "association": "association", "instituto": "association",
    "grupo": "informal", "coletivo": "informal", "grupo informal": "informal", "informal": "informal",
    "informal group": "informal", "familiar": "family", "familia": "family", "agroindustria familiar": "family",
    "family": "family", "empresa": "company", "ltda": "company", "eireli": "company", "mei": "company",
    "company": "company", "asociacion": "association", "asso": "association", "asbl": "association",
    "fundacion": "association", "grupo de hecho": "informal", "colectivo": "informal", "collectif": "informal",
    "groupe informel": "informal", "groupe": "informal", "empresa familiar": "family", "familial": "family",
    "sociedad": "company", "entreprise": "company", "societe": "company", "sarl": "company", "gmbh": "company",
    "scop": "cooperative", "scic": "cooperative", "sccl": "cooperative", "genossenschaft": "cooperative",
}  # fmt: skip


STANDINGS = {
    code: label
    for code, label in Enterprise.Standing.choices
    if code in (standing.CANDIDATE, standing.MEMBER, standing.PARTNER)
}
STANDING_WORDS = {
    "candidata": standing.CANDIDATE, "parceira": standing.PARTNER, "fornecedor": standing.PARTNER,
    "fornecedora": standing.PARTNER, "compradora": standing.PARTNER, "comprador": standing.PARTNER,
    "fundador": standing.MEMBER, "fundadora": standing.MEMBER, "membro fundador": standing.MEMBER,
    "founder": standing.MEMBER, "member": standing.MEMBER, "socia": standing.MEMBER, "associada": standing.MEMBER,
}  # fmt: skip
MINUTES = ("founding_minutes_on", "founding_minutes_kept")


def guess_legal_form(name: str) -> str:
    """The legal form that a name itself tells ("Cooperativa dos…", "Assoc. …"); empty when it tells none."""
    words = "".join(mark if mark.isalnum() else " " for mark in fold(name)).split()
    for word in words:
        if word.startswith(("coop", "koop", "genossenschaft")) or word.endswith(("coop", "koop")):
            return "cooperative"
        if word in ("scop", "scic", "sccl", "operative"):  # "Co-operative" falls in two
            return "cooperative"
        if word in ("associacao", "assoc", "asso", "association", "asociacion", "asbl", "vzw", "ev"):
            return "association"
    if words and words[-1] in ("ltda", "eireli", "sa", "me", "epp", "sarl", "sas", "gmbh", "ltd"):
        return "company"
    return "informal" if words[:1] in (["grupo"], ["coletivo"], ["colectivo"], ["collectif"], ["groupe"]) else ""


COLUMNS = (
    Column(
        "name", gettext_lazy("Nome"), Text(160),
        ("nome do empreendimento", "empreendimento", "nome fantasia", "razao social", "nome da cooperativa",
         "cooperativa", "associacao", "grupo", "enterprise", "enterprise name"),
        required=True, example="Cooperativa Mãos da Serra",
    ),
    Column(
        "legal_form", gettext_lazy("Forma"), Choice(dict(Enterprise.LegalForm.choices), FORM_WORDS),
        ("forma juridica", "natureza juridica", "tipo", "forma de organizacao", "legal form", "type"),
        help=gettext_lazy("Vazio: pelo nome, quando o nome diz (“Cooperativa…”, “Associação…”)."),
        example="cooperativa",
    ),
    Column(
        "country", gettext_lazy("País"), CountryName(), ("pais", "pays", "country", "codigo do pais", "country code"),
        help=gettext_lazy("Nome ou duas letras. Vazio: o país da rede."),
    ),
    Column(
        "tax_id", gettext_lazy("Número do registro"), AnyTaxNumber(),
        ("cnpj ou cpf", "cnpj or cpf", "cnpj", "cpf", "cnpj cpf", "cpf cnpj", "registro", "documento", "tax number",
         "registration", "nif", "cif", "siret", "siren", "cuit", "rut", "rfc", "nit", "vat", "numero de registro"),
        help=gettext_lazy(
            "Com ou sem pontos; CNPJ com letras também. De outro país, o registro de lá. Vazio: sem registro."
        ),
    ),
    Column(
        "activity", gettext_lazy("O que faz"), Text(160),
        ("atividade", "atividade principal", "ramo", "o que produz", "producao", "produtos", "descricao", "activity"),
        example="doces e geleias",
    ),
    Column(
        "value_chain", gettext_lazy("Cadeia produtiva"), Text(80), ("cadeia", "segmento", "setor", "value chain"),
        help=gettext_lazy("Se ainda não existir na rede, é criada."), example="frutas",
    ),
    Column(
        "territory", gettext_lazy("Território"), Text(80), ("regiao", "polo", "nucleo", "territory", "region"),
        help=gettext_lazy("Se ainda não existir na rede, é criado."), example="Serra",
    ),
    Column(
        "municipality", gettext_lazy("Município"), Text(120),
        ("cidade", "municipio uf", "cidade uf", "codigo ibge", "ibge", "municipality", "city", "ciudad", "ville",
         "commune", "localidad", "town"),
        help=gettext_lazy("Com o estado (Lagoinha/SP) ou pelo código IBGE. De outro país, o nome da cidade."),
    ),
    Column("state", gettext_lazy("UF"), Text(80), ("estado", "sigla do estado", "state", "provincia", "province")),
    Column(
        "postal_code", gettext_lazy("CEP ou código postal"), Code(12),
        ("cep", "codigo postal", "code postal", "postal code", "postcode", "zip", "zip code"),
    ),
    Column(
        "address", gettext_lazy("Endereço"), Text(200), ("logradouro", "rua", "endereco completo", "address"),
        example="Estrada da Serra, km 4",
    ),
    Column(
        "latitude", gettext_lazy("Latitude"), Number(Decimal(-90), Decimal(90), places=5, rounding=True), ("lat",),
        help=gettext_lazy("Em graus, junto com a longitude. Vazio: vale a do município."),
    ),
    Column(
        "longitude", gettext_lazy("Longitude"), Number(Decimal(-180), Decimal(180), places=5, rounding=True),
        ("lon", "lng", "long"),
    ),
    Column(
        "member_count", gettext_lazy("Pessoas que participam"), Whole(maximum=Decimal(10_000_000)),
        ("pessoas", "numero de pessoas", "n de pessoas", "socios", "cooperados", "numero de socios",
         "numero de cooperados", "associados", "integrantes", "familias", "members", "member count"),
        example="24",
    ),
    Column(
        "founded_on", gettext_lazy("Começou em"), Day(),
        ("fundacao", "data de fundacao", "fundada em", "inicio", "data de inicio", "founded on", "founded"),
        example="15/03/2009",
    ),
    Column(
        "joined_on", gettext_lazy("Na rede desde"), Day(),
        ("data de entrada", "entrada na rede", "adesao", "data de adesao", "joined on"),
        help=gettext_lazy("Vazio: hoje, para quem é novo."),
    ),
    Column(
        "standing", gettext_lazy("Situação na rede"), Choice(STANDINGS, STANDING_WORDS),
        ("situacao", "situacao na rede", "condicao", "standing"),
        help=gettext_lazy("Membro só se for fundador, com a ata. Vazio: candidato; se for empresa, parceiro."),
    ),
    Column(
        "founding_minutes_on", gettext_lazy("Ata de fundação de"), Day(),
        ("data da ata", "data da ata de fundacao", "ata de fundacao", "founding minutes"),
        help=gettext_lazy("O dia da ata que diz que este empreendimento fundou a rede."),
    ),
    Column(
        "founding_minutes_kept", gettext_lazy("Onde está a ata"), Text(200),
        ("local da ata", "onde a ata esta guardada", "founding minutes kept"),
    ),
    Column(
        "contact_name", gettext_lazy("Contato"), Text(120),
        ("nome do contato", "pessoa de contato", "responsavel", "coordenador", "coordenadora", "presidente",
         "representante", "contact", "contact name"),
        help=gettext_lazy("Mais de um contato: repita a linha do empreendimento."), example="Ana Souza",
    ),
    Column(
        "duty", gettext_lazy("Função do contato"), Text(80), ("funcao", "cargo", "duty", "contact duty"),
        example="coordenadora",
    ),
    Column(
        "phone", gettext_lazy("Telefone"), Code(30),
        ("celular", "whatsapp", "fone", "telefone do contato", "contato telefone", "tel", "phone"),
        example="(12) 99999-0000",
    ),
    Column(
        "email", gettext_lazy("E-mail"), Email(), ("email", "correio eletronico", "e mail do contato", "mail"),
        example="ana@exemplo.coop",
    ),
    Column(
        "website", gettext_lazy("Site"), WebAddress(),
        ("url", "website", "pagina", "pagina web", "site web", "sitio web", "endereco na internet", "web"),
    ),
    Column(
        "notes", gettext_lazy("Observações"), Text(2000), ("observacao", "obs", "anotacoes", "comentarios", "notes"),
    ),
)  # fmt: skip
CONTACT_COLUMNS = ("contact_name", "duty", "phone", "email")
_TYPES = {column.field: column.type for column in COLUMNS}


@dataclass(slots=True)
class Wanted:
    """One enterprise as the file says it, gathered from its rows."""

    row: Row
    values: dict[str, Any]
    """Model fields said by the file, resolved; `value_chain` and `territory` by name."""
    contacts: list[dict[str, str]] = field(default_factory=list)
    existing: Enterprise | None = None


class _Planner:
    def __init__(self, network: Network) -> None:
        self.plan = ImportPlan()
        self.country = network.country
        self.founding_closed_on = network.founding_closed_on
        self.known: Known[Enterprise] = Known(
            Enterprise.objects.select_related("value_chain", "territory", "municipality")
        )
        self.contacts: dict[int, list[Contact]] = {}
        for contact in Contact.objects.all():
            self.contacts.setdefault(contact.enterprise_id, []).append(contact)
        self.places = RowPlaces()
        self.wanted: dict[object, Wanted] = {}
        self.new_tax_ids: dict[tuple[str, str], Wanted] = {}
        self.labels = {column.field: str(column.label) for column in COLUMNS}
        self.labels |= {"city": self.labels["municipality"], "region": self.labels["state"]}

    def take(self, row: Row) -> None:
        """Put one row with those of its enterprise."""
        before = len(self.plan.problems)
        named = self.known.by_name.get(fold(row.get("name")))
        said = row.get("country")
        country = said or (named.country if named else self.country)
        row = at_home(row, country, self.plan.problems)
        existing = self.known.matching(row, self.plan.problems)
        values = self._values(row)
        if said or existing is None:
            values["country"] = country
        self._move(existing, values)
        if len(self.plan.problems) > before:
            return
        self._check_standing(row, existing, values)
        if len(self.plan.problems) > before:
            return
        tax_id: tax_ids.TaxId | None = row.get("tax_id")
        key: object = existing.pk if existing else fold(values["name"])
        if existing is None and tax_id and (country, tax_id.number) in self.new_tax_ids:
            other = self.new_tax_ids[country, tax_id.number]
            key = fold(other.values["name"])
        known = self.wanted.get(key)
        if known is None:
            known = self.wanted[key] = Wanted(row, values, existing=existing)
            if tax_id and tax_id.number:
                self.new_tax_ids[country, tax_id.number] = known
        elif not merge(
            known.values, values, row=row, first=known.row.number, label=known.values["name"],
            problems=self.plan.problems,
        ):  # fmt: skip
            return
        if contact := self._contact(row):
            known.contacts.append(contact)

    def _values(self, row: Row) -> dict[str, Any]:
        values = {
            name: row.get(name)
            for name in ("name", "legal_form", "activity", "value_chain", "territory", "address", "member_count",
                         "founded_on", "joined_on", "website", "notes")
            if row.get(name) is not None
        }  # fmt: skip
        if not fold(values["name"]):
            self.plan.problems.append(row.problem("name", _("falta o nome.")))
        if tax_id := row.get("tax_id"):
            values |= {"tax_id": tax_id.number, "tax_id_kind": tax_id.kind}
        latitude, longitude = row.get("latitude"), row.get("longitude")
        if (latitude is None) != (longitude is None) and not row.broken & {"latitude", "longitude"}:
            self.plan.problems.append(row.problem("latitude", _("informe latitude e longitude, as duas.")))
        elif latitude is not None and longitude is not None:
            values |= {"latitude": latitude, "longitude": longitude}
        return values | place_of(row, self.places, self.plan.problems)

    @staticmethod
    def _move(existing: Enterprise | None, values: dict[str, Any]) -> None:
        """An enterprise that turns out to be abroad leaves its municipality; one with a municipality needs no city."""
        if existing is None:
            return
        if values.get("country", existing.country) != "BR" and existing.municipality_id is not None:
            values["municipality"] = None
        if values.get("municipality") is not None:
            values |= {name: "" for name in ("city", "region") if getattr(existing, name)}

    def _check_standing(self, row: Row, existing: Enterprise | None, values: dict[str, Any]) -> None:
        """The same rules as the operations: only founders come in as members, with their minutes; no company ever."""
        wanted = row.get("standing")
        if existing is not None and wanted == existing.standing:
            wanted = None
        form = values.get("legal_form") or (existing.legal_form if existing else guess_legal_form(values["name"]))
        told = _standing_problem(wanted, form, existing, row, self.founding_closed_on)
        if told:
            self.plan.problems.append(row.problem(*told))
        elif wanted:
            values["standing"] = wanted
            if wanted == standing.MEMBER:
                values |= {name: row.get(name) for name in MINUTES}

    def _contact(self, row: Row) -> dict[str, str]:
        values = {name: row.get(name) or "" for name in CONTACT_COLUMNS}
        if not any(values.values()):
            return {}
        # Often there is a telephone and nobody's name: then it is the enterprise's own.
        return {
            "name": values["contact_name"] or row.get("name"), "duty": values["duty"],
            "phone": phone_of(values, row.get("country")), "email": values["email"],
        }  # fmt: skip

    def finish(self) -> ImportPlan:
        """Compare what is wanted with what is there."""
        names: dict[str, Wanted] = {}
        for wanted in self.wanted.values():
            name = fold(wanted.values["name"])
            taken = self.known.by_name.get(name)
            if name in names or (taken is not None and taken != wanted.existing):
                words = _("o nome “%(name)s” já é de outro empreendimento.")
                self.plan.problems.append(wanted.row.problem("name", words % {"name": wanted.values["name"]}))
                continue
            names[name] = wanted
            self.plan.changes.append(self._change(wanted) if wanted.existing else self._addition(wanted))
        self._tell_what_is_begun()
        return self.plan

    def _addition(self, wanted: Wanted) -> Change:
        values = wanted.values
        if "legal_form" not in values:
            guessed = guess_legal_form(values["name"])
            if not guessed:
                words = _("diga a forma: %(choices)s.")
                choices = ", ".join(str(label) for label in Enterprise.LegalForm.labels)
                self.plan.problems.append(wanted.row.problem("legal_form", words % {"choices": choices}))
            values["legal_form"] = guessed
        wanted.contacts = _distinct(wanted.contacts, [])
        return Change(Fate.NEW, wanted.row.number, values["name"], payload=wanted)

    def _change(self, wanted: Wanted) -> Change:
        existing = wanted.existing
        assert existing is not None  # noqa: S101 - told by the caller
        told: list[Difference] = []
        for name in list(wanted.values):
            before, after = _shown(existing, name), wanted.values[name]
            if _same(name, before, after):
                del wanted.values[name]
            elif name != "tax_id_kind":
                after_kind = wanted.values.get("tax_id_kind", existing.tax_id_kind)
                before_words = _words(name, before, existing.tax_id_kind)
                told.append(difference_words(self.labels[name], before_words, _words(name, after, after_kind)))
        wanted.contacts = _distinct(wanted.contacts, self.contacts.get(existing.pk, []))
        for contact in wanted.contacts:
            told.append(difference_words(self.labels["contact_name"], "", _contact_words(contact)))
        fate = Fate.CHANGED if told else Fate.UNCHANGED
        return Change(fate, wanted.row.number, existing.name, tuple(told), wanted)

    def _tell_what_is_begun(self) -> None:
        for model, name, words in (
            (ValueChain, "value_chain", _("Cadeias produtivas que serão criadas: %(names)s.")),
            (Territory, "territory", _("Territórios que serão criados: %(names)s.")),
        ):
            there = set(model.objects.values_list("folded", flat=True))
            said = {
                fold(wanted.values[name]): wanted.values[name]
                for wanted in self.wanted.values()
                if wanted.values.get(name)
            }
            if begun := sorted(label for folded, label in said.items() if folded not in there):
                self.plan.remarks.append(words % {"names": ", ".join(begun)})


def _standing_problem(
    wanted: str | None, form: str, existing: Enterprise | None, row: Row, closed_on: dt.date | None
) -> tuple[str, str] | None:
    """Column and words of what is wrong with a standing, or None."""
    if existing is not None and form == standing.COMPANY and existing.standing not in (
        standing.PARTNER, standing.CANDIDATE,
    ):  # fmt: skip
        return "legal_form", _("empresa não pode ser membro da rede; só parceira, para fornecer ou comprar.")
    if wanted is None:
        return None
    if form == standing.COMPANY and wanted != standing.PARTNER:
        return "standing", _("empresa não pode ser membro da rede; só parceira, para fornecer ou comprar.")
    before = existing.standing if existing else standing.CANDIDATE
    if before != wanted and not standing.may_become(before, wanted, legal_form=form):
        words = _("está como “%(before)s”; isso não muda por planilha, e sim em Admissão.")
        return "standing", words % {"before": Enterprise.Standing(before).label}
    if wanted != standing.MEMBER:
        return None
    if closed_on is not None:
        words = _("a rede encerrou sua fundação em %(day)s; quem quer entrar faz um pedido de entrada.")
        return "standing", words % {"day": formats.date(closed_on)}
    for name in MINUTES:
        if not row.get(name):
            return "standing", _("só fundadores entram como membros por planilha: diga o dia da ata e onde ela está.")
    if row.get("founding_minutes_on") > clock.today():
        return "founding_minutes_on", _("a ata não pode ser de um dia que ainda não chegou.")
    return None


def _shown(enterprise: Enterprise, name: str) -> Any:
    value = getattr(enterprise, name)
    return str(value) if isinstance(value, ValueChain | Territory) else value


def _same(name: str, before: Any, after: Any) -> bool:
    if name in ("name", "value_chain", "territory"):
        # A sheet in capitals without accents does not spoil names that were written with care.
        return fold(str(before or "")) == fold(str(after))
    return bool(before == after)


def _words(name: str, value: Any, tax_id_kind: str = "") -> str:
    if value in (None, ""):
        return ""
    if name == "tax_id":
        return tax_ids.veiled(value, tax_id_kind)
    if name == "municipality":
        return str(value)
    return _TYPES[name].show(value) if name in _TYPES else str(value)


def _contact_words(contact: Mapping[str, str]) -> str:
    return ", ".join(part for part in (contact["name"], contact["duty"], contact["phone"], contact["email"]) if part)


def _digits(phone: str) -> str:
    """The figures that tell a telephone from another, whether or not it was kept with its country's code."""
    return "".join(mark for mark in phone if mark.isdigit())[-10:]


def _distinct(contacts: Sequence[dict[str, str]], there: Sequence[Contact]) -> list[dict[str, str]]:
    """The contacts that are not there yet, each once; the same person by name, telephone or e-mail."""
    marks = {mark for contact in there for mark in _marks(contact.name, contact.phone, contact.email)}
    fresh = []
    for contact in contacts:
        own = _marks(contact["name"], contact["phone"], contact["email"])
        if not own & marks:
            fresh.append(contact)
        marks |= own
    return fresh


def _marks(name: str, phone: str, email: str) -> set[tuple[str, str]]:
    marks = {("name", fold(name)), ("phone", _digits(phone)), ("email", email.lower())}
    return {mark for mark in marks if mark[1]}


def plan_enterprises(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the network's enterprises."""
    planner = _Planner(context.network)
    for row in rows:
        planner.take(row)
    return planner.finish()


def apply_enterprises(plan: ImportPlan, context: Context) -> None:
    """Write the plan."""
    write_enterprises(context.network, changes=[*plan.new, *plan.changed], actor=context.actor)


@operation
def write_enterprises(network: Network, *, changes: Sequence[Change], actor: Actor) -> list[Enterprise]:
    """Add and change many enterprises at once, each with its own line in the record, as the single operations do.

    `changes` carry `Wanted`. Returns the enterprises in the order of the changes.
    Raises: NotAllowed; IntegrityError where somebody wrote the same meanwhile.
    """
    wanted: list[Wanted] = [change.payload for change in changes]
    if any(item.existing is None for item in wanted):
        actor.require(permissions.ADD_ENTERPRISE, network)
    chains = {name: value_chain_named(name, actor=actor) for name in _said(wanted, "value_chain")}
    territories = {name: territory_named(name, actor=actor) for name in _said(wanted, "territory")}
    for item in wanted:
        if name := item.values.get("value_chain"):
            item.values["value_chain"] = chains[name]
        if name := item.values.get("territory"):
            item.values["territory"] = territories[name]
    today = clock.today()
    new = [item for item in wanted if item.existing is None]
    if any(item.values.get("standing") == standing.MEMBER for item in wanted):
        actor.require(permissions.RECOGNISE_FOUNDERS, network)
        require_founding_open(lock(network))
    made = Enterprise.objects.bulk_create([_fresh(network, item, today) for item in new], batch_size=500)
    for enterprise, item in zip(made, new, strict=True):
        plain = {
            name: value for name, value in snapshot(enterprise, ENTERPRISE_FIELDS).items() if value not in (None, "")
        }
        if item.contacts:
            plain["contact"] = ", ".join(contact["name"] for contact in item.contacts)
        record(actor, "network.enterprise_added", enterprise, **plain)
    for enterprise, item in zip(made, new, strict=True):
        _stand(enterprise, item, actor)
    edited = _edit([item for item in wanted if item.existing is not None], actor)
    both = dict(zip([id(item) for item in new], made, strict=True)) | edited
    Contact.objects.bulk_create(
        [
            Contact(network=network, enterprise=both[id(item)], **{name: contact[name] for name in CONTACT_FIELDS})
            for item in wanted
            for contact in item.contacts
        ],
        batch_size=500,
    )
    for enterprise in made:
        emit(EnterpriseAdded(network.pk, enterprise.pk))
    return [both[id(item)] for item in wanted]


def _said(wanted: Sequence[Wanted], name: str) -> list[str]:
    return list(dict.fromkeys(item.values[name] for item in wanted if item.values.get(name)))


def _fresh(network: Network, item: Wanted, today: dt.date) -> Enterprise:
    plain = {name: value for name, value in item.values.items() if name not in ("standing", *MINUTES)}
    first = standing.first_standing(item.values["legal_form"])
    return Enterprise(**{"network": network, "joined_on": today, "standing": first, **plain})


def _stand(enterprise: Enterprise, item: Wanted, actor: Actor) -> None:
    """Give a locked or just made enterprise the standing that the file says, as the operations do."""
    wanted = item.values.get("standing", enterprise.standing)
    if wanted == standing.MEMBER and enterprise.standing != standing.MEMBER:
        on, kept = (item.values[name] for name in MINUTES)
        write_founder(enterprise, minutes_on=on, minutes_kept=kept, actor=actor)
    elif wanted != enterprise.standing:
        write_standing(enterprise, wanted, actor=actor, reason=_("Planilha"))


def _edit(wanted: Sequence[Wanted], actor: Actor) -> dict[int, Enterprise]:
    """Change what is there; rows are locked and read afresh first."""
    fresh: list[Enterprise] = lock_all([item.existing for item in wanted])
    fields = (*ENTERPRISE_FIELDS, "joined_on")
    for enterprise, item in zip(fresh, wanted, strict=True):
        actor.require(permissions.EDIT_ENTERPRISE, enterprise)
        _share_relations(enterprise, item.existing)
        before = snapshot(enterprise, fields)
        for name, value in item.values.items():
            if name not in ("standing", *MINUTES):
                setattr(enterprise, name, value)
        if before["legal_form"] != enterprise.legal_form:
            follow_legal_form(enterprise, actor=actor)
        if changed := differences(before, snapshot(enterprise, fields)):
            enterprise.save(update_fields=list(changed))
            record(actor, "network.enterprise_edited", enterprise, changes=changed)
        _stand(enterprise, item, actor)
        for contact in item.contacts:
            record(actor, "network.contact_added", enterprise, contact=contact["name"])
    return {id(item): enterprise for item, enterprise in zip(wanted, fresh, strict=True)}


def _share_relations(fresh: Enterprise, seen: Enterprise | None) -> None:
    """Spare a query for each related row that is still the one seen before."""
    for name in ("value_chain", "territory", "municipality"):
        if seen is not None and getattr(fresh, f"{name}_id") == getattr(seen, f"{name}_id"):
            setattr(fresh, name, getattr(seen, name))


ENTERPRISES = register(
    ImportKind(
        code="enterprises",
        label=gettext_lazy("Empreendimentos"),
        purpose=gettext_lazy("Cooperativas, associações e grupos da rede, com quem chamar em cada um."),
        columns=COLUMNS,
        plan=plan_enterprises,
        apply=apply_enterprises,
        acts=(permissions.ADD_ENTERPRISE, permissions.EDIT_ENTERPRISE),
        aliases=("empreendimentos", "enterprise"),
        order=10,
        notes=(
            gettext_lazy("Um empreendimento é o mesmo pelo número do registro; sem ele, pelo nome."),
            gettext_lazy("Célula vazia não apaga nada: o que já está cadastrado fica."),
        ),
    )
)
