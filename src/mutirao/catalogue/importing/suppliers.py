# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of suppliers. A supplier is the same by its registration, else by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.catalogue import permissions
from mutirao.catalogue.models import Supplier
from mutirao.catalogue.operations import SUPPLIER_FIELDS
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.core.text import fold
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import operation, record
from mutirao.network.core import tax_ids
from mutirao.network.importing.abroad import AnyTaxNumber, CountryName, at_home, phone_of, place_of
from mutirao.network.importing.columns import Code, Email, Flag, Text
from mutirao.network.importing.matching import Known, merge, repeated, same_said
from mutirao.network.importing.places import RowPlaces
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Problem, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Enterprise, Municipality, Network

COLUMNS = (
    Column(
        "name", gettext_lazy("Fornecedor"), Text(160),
        ("nome", "nome do fornecedor", "nome fantasia", "razao social", "empresa", "supplier", "name"),
        required=True, example="Moinho da Várzea",
    ),
    Column(
        "country", gettext_lazy("País"), CountryName(), ("pais", "pays", "country", "codigo do pais", "country code"),
        help=gettext_lazy("Nome ou duas letras. Vazio: o país da rede."),
    ),
    Column(
        "tax_id", gettext_lazy("Número do registro"), AnyTaxNumber(),
        ("cnpj ou cpf", "cnpj or cpf", "cnpj", "cpf", "cnpj cpf", "cpf cnpj", "registro", "documento", "tax number",
         "registration", "nif", "cif", "siret", "siren", "cuit", "rut", "rfc", "nit", "vat"),
        help=gettext_lazy("O de um empreendimento da rede liga os dois cadastros."),
    ),
    Column(
        "municipality", gettext_lazy("Município"), Text(120),
        ("cidade", "municipio uf", "cidade uf", "codigo ibge", "ibge", "municipality", "city", "ciudad", "ville"),
        help=gettext_lazy("Com o estado (Lagoinha/SP) ou pelo código IBGE. De outro país, o nome da cidade."),
    ),
    Column("state", gettext_lazy("UF"), Text(30), ("estado", "state")),
    Column(
        "is_solidarity", gettext_lazy("Da economia solidária"), Flag(),
        ("economia solidaria", "solidario", "solidaria", "ees", "solidarity"), help=gettext_lazy("sim ou não"),
        example="sim",
    ),
    Column(
        "is_local", gettext_lazy("Do território"), Flag(), ("local", "do local", "da regiao"),
        help=gettext_lazy("sim ou não"), example="não",
    ),
    Column(
        "contact_name", gettext_lazy("Com quem falar"), Text(120),
        ("contato", "nome do contato", "responsavel", "vendedor", "vendedora", "representante", "contact",
         "contact name"),
        example="José Lima",
    ),
    Column(
        "phone", gettext_lazy("Telefone"), Code(30), ("celular", "whatsapp", "fone", "tel", "phone"),
        example="(12) 3333-0000",
    ),
    Column(
        "email", gettext_lazy("E-mail"), Email(), ("email", "correio eletronico", "mail"),
        example="vendas@exemplo.com.br",
    ),
    Column("notes", gettext_lazy("Observações"), Text(2000), ("observacao", "obs", "anotacoes", "notes")),
)  # fmt: skip
_COLUMNS = {column.field: column for column in COLUMNS}
SIMPLE = ("name", "is_solidarity", "is_local", "contact_name", "phone", "email", "notes")


@dataclass(slots=True)
class Wanted:
    """One supplier as the file says it, in the model's fields."""

    row: int
    values: dict[str, Any]
    existing: Supplier | None = None


def known_suppliers() -> Known[Supplier]:
    """The network's suppliers."""
    return Known(Supplier.objects.select_related("municipality", "enterprise"))


def enterprises_by_tax_id() -> dict[tuple[str, str], Enterprise]:
    """The network's enterprises that have a registration, by country and number."""
    return {(row.country, row.tax_id): row for row in Enterprise.objects.exclude(tax_id="")}


def plan_suppliers(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the network's suppliers."""
    plan, known, places, enterprises = ImportPlan(), known_suppliers(), RowPlaces(), enterprises_by_tax_id()
    wanted: dict[object, Wanted] = {}
    names_by_tax_id: dict[tuple[str, str], str] = {}
    again: list[int] = []
    for row in rows:
        before = len(plan.problems)
        named = known.by_name.get(fold(row.get("name")))
        said = row.get("country")
        country = said or (named.country if named else context.network.country)
        row = at_home(row, country, plan.problems)
        existing = known.matching(row, plan.problems)
        values: dict[str, Any] = {name: row.get(name) for name in SIMPLE if row.get(name) is not None}
        if said or existing is None:
            values["country"] = country
        if "phone" in values:
            values["phone"] = phone_of(values, country)
        if not fold(values["name"]):
            plan.problems.append(row.problem("name", _("falta o nome.")))
        place = place_of(row, places, plan.problems)
        values |= {name: place[name] for name in ("municipality", "city") if name in place}
        if existing is not None and country != "BR" and existing.municipality_id is not None:
            values["municipality"] = None
        tax_id: tax_ids.TaxId | None = row.get("tax_id")
        if tax_id is not None:
            values |= {"tax_id": tax_id.number, "tax_id_kind": tax_id.kind}
            if enterprise := enterprises.get((country, tax_id.number)):
                values["enterprise"] = enterprise
        if len(plan.problems) > before:
            continue
        name = fold(values["name"])
        if existing is None and tax_id is not None:
            name = names_by_tax_id.setdefault((country, tax_id.number), name)
        key: object = existing.pk if existing else name
        first = wanted.get(key)
        if first is None:
            wanted[key] = Wanted(row.number, values, existing)
        elif merge(first.values, values, row=row, first=first.row, label=values["name"], problems=plan.problems):
            again.append(row.number)
    plan.remarks += repeated(again)
    names: set[str] = set()
    for item in wanted.values():
        name = fold(item.values["name"])
        other = known.by_name.get(name)
        if name in names or (other is not None and (item.existing is None or other.pk != item.existing.pk)):
            words = _("o nome “%(name)s” já é de outro fornecedor.") % {"name": item.values["name"]}
            plan.problems.append(Problem(words, item.row, str(_COLUMNS["name"].label)))
            continue
        names.add(name)
        plan.changes.append(change_of(item))
    return plan


def change_of(item: Wanted) -> Change:
    """Compare a wanted supplier with what is there; what is the same is taken out of its values."""
    if item.existing is None:
        return Change(Fate.NEW, item.row, item.values["name"], payload=item)
    told: list[Difference] = []
    for name, after in list(item.values.items()):
        before = getattr(item.existing, name)
        if before == after or (name == "name" and same_said(before, after)):
            del item.values[name]
        else:
            if name == "tax_id_kind":
                continue
            labels = {"enterprise": _("Empreendimento da rede"), "city": str(_COLUMNS["municipality"].label)}
            label = labels.get(name) or str(_COLUMNS[name].label)
            kinds = item.existing.tax_id_kind, item.values.get("tax_id_kind", item.existing.tax_id_kind)
            told.append(difference_words(label, _words(name, before, kinds[0]), _words(name, after, kinds[1])))
    return Change(Fate.CHANGED if told else Fate.UNCHANGED, item.row, item.existing.name, tuple(told), item)


def _words(name: str, value: Any, tax_id_kind: str = "") -> str:
    if value in (None, ""):
        return ""
    if name == "tax_id":
        return tax_ids.veiled(value, tax_id_kind)
    if isinstance(value, Municipality | Enterprise) or name not in _COLUMNS:
        return str(value)
    return _COLUMNS[name].type.show(value)


def apply_suppliers(plan: ImportPlan, context: Context) -> None:
    """Write the plan."""
    write_suppliers(
        context.network, wanted=[change.payload for change in (*plan.new, *plan.changed)], actor=context.actor
    )


@operation
def write_suppliers(network: Network, *, wanted: Sequence[Wanted], actor: Actor) -> None:
    """Add and change many suppliers at once, each with its own line in the record, as the single operations do.

    Raises: NotAllowed; IntegrityError where somebody wrote the same meanwhile.
    """
    actor.require(permissions.EDIT_CATALOGUE, network)
    new = [item for item in wanted if item.existing is None]
    made = Supplier.objects.bulk_create([Supplier(network=network, **item.values) for item in new], batch_size=500)
    for supplier in made:
        said = snapshot(supplier, SUPPLIER_FIELDS)
        said = {name: value for name, value in said.items() if value not in (None, "", False)}
        record(actor, "catalogue.supplier_added", supplier, **said)
    edited = [item for item in wanted if item.existing is not None]
    fresh: list[Supplier] = lock_all([item.existing for item in edited])
    for supplier, item in zip(fresh, edited, strict=True):
        for name in ("municipality", "enterprise"):
            if item.existing is not None and getattr(supplier, f"{name}_id") == getattr(item.existing, f"{name}_id"):
                setattr(supplier, name, getattr(item.existing, name))
        before = snapshot(supplier, SUPPLIER_FIELDS)
        for name, value in item.values.items():
            setattr(supplier, name, value)
        if changed := differences(before, snapshot(supplier, SUPPLIER_FIELDS)):
            supplier.save(update_fields=list(changed))
            record(actor, "catalogue.supplier_edited", supplier, changes=changed)


SUPPLIERS = register(
    ImportKind(
        code="suppliers",
        label=gettext_lazy("Fornecedores"),
        purpose=gettext_lazy("De quem a rede compra, com contato e se é da economia solidária ou do território."),
        columns=COLUMNS,
        plan=plan_suppliers,
        apply=apply_suppliers,
        acts=(permissions.EDIT_CATALOGUE,),
        aliases=("fornecedores", "supplier"),
        order=30,
        notes=(
            gettext_lazy("Um fornecedor é o mesmo pelo número do registro; sem ele, pelo nome."),
            gettext_lazy("Célula vazia não apaga nada: o que já está cadastrado fica."),
        ),
    )
)
