# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of invoice lines of school meals (PNAE), as FNDE publishes them: who sold, and what.

Co-operatives and associations become enterprises, every seller a supplier, every good a product. What the lines do
not say is not made up: they name no buyer, and a past price is no offer, so prices and quantities stay outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.catalogue import permissions
from mutirao.catalogue.importing import products, suppliers
from mutirao.kernel.core.text import fold
from mutirao.network import permissions as network_permissions
from mutirao.network.core import tax_ids
from mutirao.network.importing import enterprises
from mutirao.network.importing.columns import Choice, GoodsCode, TaxNumber, Text, UnitCode
from mutirao.network.importing.matching import Known
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Problem, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Enterprise

OWNED_BY_WORKERS, COMPANY = "cooperativa_ou_associacao", "empresa"
_NOT_KEPT = gettext_lazy("preços e quantidades de notas passadas não são trazidos")
_NO_HOME = gettext_lazy("dado da nota, que não é trazido")

COLUMNS = (
    Column(
        "seller", gettext_lazy("Fornecedor"), Text(160), ("nome do fornecedor", "razao social", "seller"), required=True
    ),
    Column(
        "tax_id", gettext_lazy("CNPJ"), TaxNumber(), ("cnpj fornecedor", "cnpj do fornecedor", "cnpj cpf"),
        required=True,
    ),
    Column(
        "seller_kind", gettext_lazy("Tipo de fornecedor"),
        Choice(
            {OWNED_BY_WORKERS: gettext_lazy("cooperativa ou associação"), COMPANY: gettext_lazy("empresa")},
            {"cooperativa": OWNED_BY_WORKERS, "associacao": OWNED_BY_WORKERS, "grupo formal": OWNED_BY_WORKERS},
        ),
        ("tipo fornecedor", "tipo"), required=True,
    ),
    Column("product", gettext_lazy("Produto"), Text(160), ("descricao", "descricao do produto", "item"), required=True),
    Column("unit", gettext_lazy("Unidade"), UnitCode(), ("un", "unidade de medida"), required=True),
    Column("ncm", gettext_lazy("NCM"), GoodsCode(), ("codigo ncm",)),
)  # fmt: skip


@dataclass(slots=True)
class Seller:
    """One seller as its first line names it."""

    row: Row
    enterprise: enterprises.Wanted | None = None
    supplier: suppliers.Wanted | None = None


@dataclass(slots=True)
class _Gathered:
    sellers: dict[str, Seller] = field(default_factory=dict)
    goods: dict[products.Key, products.Wanted] = field(default_factory=dict)
    other_codes: dict[products.Key, str] = field(default_factory=dict)


def plan_school_meals(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the lines would add to enterprises, suppliers and products."""
    plan, found = ImportPlan(), _Gathered()
    known_products = products.products_by_key()
    for row in rows:
        tax_id: tax_ids.TaxId = row.get("tax_id")
        first = found.sellers.setdefault(tax_id.number, Seller(row))
        if first.row.get("seller_kind") != row.get("seller_kind"):
            words = _("este CNPJ é de outro tipo na linha %(row)s.")
            plan.problems.append(row.problem("seller_kind", words % {"row": first.row.number}))
        _gather_good(row, found, known_products)
    _plan_sellers(plan, found)
    plan.changes += [_labelled(_("produto"), products.change_of(item)) for item in found.goods.values()]
    plan.remarks += [
        _("“%(name)s” aparece também com o NCM %(other)s; fica %(code)s.")
        % {"name": found.goods[key].values.get("name", key[0]), "other": other, "code": code}
        for key, other in found.other_codes.items()
        if (code := _code_of(found.goods[key]))
    ]
    plan.remarks.append(_("As linhas não dizem quem comprou: nenhum comprador é cadastrado."))
    return plan


def _code_of(item: products.Wanted) -> str:
    return str(item.values.get("ncm") or (item.existing.ncm if item.existing else ""))


def _gather_good(row: Row, found: _Gathered, known: dict[products.Key, Any]) -> None:
    key = (fold(row.get("product")), row.get("unit"))
    code = row.get("ncm")
    first = found.goods.get(key)
    if first is None:
        existing = known.get(key)
        values = {"name": row.get("product"), "unit": row.get("unit")}
        # What a person wrote into the catalogue is not replaced by an invoice's code.
        if code is not None and not (existing and existing.ncm):
            values["ncm"] = code
        found.goods[key] = products.Wanted(row.number, values, existing)
    elif code is not None:
        if first.existing is None or not first.existing.ncm:
            first.values.setdefault("ncm", code)
        if _code_of(first) != code:
            found.other_codes.setdefault(key, code)


def _plan_sellers(plan: ImportPlan, found: _Gathered) -> None:
    known_enterprises: Known[Enterprise] = Known(
        Enterprise.objects.select_related("value_chain", "territory", "municipality")
    )
    known_suppliers = suppliers.known_suppliers()
    enterprise_names: dict[str, str] = {}
    supplier_names: dict[str, str] = {}
    for number, seller in found.sellers.items():
        row = Row(
            seller.row.number,
            {"name": seller.row.get("seller"), "tax_id": seller.row.get("tax_id")},
            {"name": seller.row.titles["seller"], "tax_id": seller.row.titles["tax_id"]},
        )
        if seller.row.get("seller_kind") == OWNED_BY_WORKERS and _free(row, enterprise_names, number, plan.problems):
            there = known_enterprises.matching(row, plan.problems)
            seller.enterprise = _enterprise(row, there, plan.remarks)
            plan.changes.append(_enterprise_change(seller.enterprise))
        if _free(row, supplier_names, number, plan.problems):
            seller.supplier = _supplier(row, seller, known_suppliers, plan.problems)
            plan.changes.append(_supplier_change(seller))


def _free(row: Row, names: dict[str, str], number: str, problems: list[Problem]) -> bool:
    """Whether no other seller of the file has this name; two CNPJ of one name are a problem, told once."""
    if names.setdefault(fold(row.get("name")), number) == number:
        return True
    problem = row.problem("name", _("outro CNPJ desta planilha tem o mesmo nome."))
    if problem not in problems:
        problems.append(problem)
    return False


def _enterprise(row: Row, there: Enterprise | None, remarks: list[str]) -> enterprises.Wanted:
    tax_id: tax_ids.TaxId = row.get("tax_id")
    values: dict[str, Any] = {}
    if there is None:
        form = enterprises.guess_legal_form(row.get("name"))
        if form not in ("cooperative", "association"):
            form = "association"
            words = _("“%(name)s”: o nome não diz se é cooperativa ou associação; entra como associação.")
            remarks.append(words % {"name": row.get("name")})
        values = {"name": row.get("name"), "legal_form": form}
    if there is None or not there.tax_id:
        values |= {"tax_id": tax_id.number, "tax_id_kind": tax_id.kind}
    return enterprises.Wanted(row, values, existing=there)


def _enterprise_change(item: enterprises.Wanted) -> Change:
    kind = _("empreendimento")
    if item.existing is None:
        return _labelled(kind, Change(Fate.NEW, item.row.number, item.values["name"], payload=item))
    told = _tax_id_told(item.values)
    fate = Fate.CHANGED if told else Fate.UNCHANGED
    return _labelled(kind, Change(fate, item.row.number, item.existing.name, told, item))


def _tax_id_told(values: dict[str, Any]) -> tuple[Difference, ...]:
    if "tax_id" not in values:
        return ()
    return (difference_words(_("CNPJ ou CPF"), "", tax_ids.written(values["tax_id"])),)


def _supplier(row: Row, seller: Seller, known: Known[Any], problems: list[Problem]) -> suppliers.Wanted:
    there = known.matching(row, problems)
    values: dict[str, Any] = {}
    if there is None:
        values = {"name": row.get("name"), "is_solidarity": seller.enterprise is not None}
    if there is None or not there.tax_id:
        values |= {"tax_id": row.get("tax_id").number, "tax_id_kind": row.get("tax_id").kind}
    return suppliers.Wanted(row.number, values, there)


def _supplier_change(seller: Seller) -> Change:
    item, kind = seller.supplier, _("fornecedor")
    assert item is not None  # noqa: S101 - just made
    if item.existing is None:
        return _labelled(kind, Change(Fate.NEW, item.row, item.values["name"], payload=seller))
    told = _tax_id_told(item.values)
    if seller.enterprise is not None and item.existing.enterprise_id is None:
        name = seller.enterprise.existing.name if seller.enterprise.existing else seller.enterprise.values["name"]
        told = (*told, difference_words(_("Empreendimento da rede"), "", name))
    fate = Fate.CHANGED if told else Fate.UNCHANGED
    return _labelled(kind, Change(fate, item.row, item.existing.name, told, seller))


def _labelled(kind: str, change: Change) -> Change:
    return Change(change.fate, change.row, f"{kind} {change.label}", change.differences, change.payload)


def apply_school_meals(plan: ImportPlan, context: Context) -> None:
    """Write the plan: enterprises first, since their suppliers point to them."""
    changes = [*plan.new, *plan.changed]
    sellers = [change.payload for change in changes if isinstance(change.payload, Seller)]
    wanted = [change for change in changes if isinstance(change.payload, enterprises.Wanted)]
    made = enterprises.write_enterprises(context.network, changes=wanted, actor=context.actor)
    by_wanted = {id(change.payload): row for change, row in zip(wanted, made, strict=True)}
    for seller in sellers:
        if seller.enterprise is not None and seller.supplier is not None:
            own = by_wanted.get(id(seller.enterprise)) or seller.enterprise.existing
            if seller.supplier.existing is None or seller.supplier.existing.enterprise_id is None:
                seller.supplier.values["enterprise"] = own
    suppliers.write_suppliers(
        context.network, wanted=[seller.supplier for seller in sellers if seller.supplier], actor=context.actor
    )
    goods = [change.payload for change in changes if isinstance(change.payload, products.Wanted)]
    products.write_products(context.network, wanted=goods, actor=context.actor)


SCHOOL_MEALS = register(
    ImportKind(
        code="pnae",
        label=gettext_lazy("Notas da alimentação escolar (PNAE)"),
        purpose=gettext_lazy("Das notas publicadas pelo FNDE: cooperativas e associações, fornecedores e produtos."),
        columns=COLUMNS,
        plan=plan_school_meals,
        apply=apply_school_meals,
        acts=(
            network_permissions.ADD_ENTERPRISE,
            network_permissions.EDIT_ENTERPRISE,
            permissions.EDIT_CATALOGUE,
        ),
        aliases=("alimentacao_escolar", "school_meals"),
        order=60,
        left_aside={
            "quantidade": _NOT_KEPT, "valor unitario": _NOT_KEPT, "valor total": _NOT_KEPT, "ano": _NO_HOME,
            "data emissao": _NO_HOME, "numero documento": _NO_HOME, "cfop": _NO_HOME, "dap": _NO_HOME,
        },
        notes=(
            gettext_lazy("Cooperativas e associações viram empreendimentos; todos os que venderam, fornecedores."),
            gettext_lazy("As notas não dizem quem comprou; preços e quantidades passados não são trazidos."),
        ),
    )
)  # fmt: skip
