# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of products. A product is the same by its name in the same unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.catalogue import permissions
from mutirao.catalogue.models import Category, Product
from mutirao.catalogue.operations import PRODUCT_FIELDS, category_named
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import differences, snapshot
from mutirao.kernel.core.text import fold
from mutirao.kernel.locks import lock_all
from mutirao.kernel.work import operation, record
from mutirao.network.importing.columns import GoodsCode, Number, Text, UnitCode
from mutirao.network.importing.matching import merge, repeated, same_said
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Network

COLUMNS = (
    Column(
        "name", gettext_lazy("Produto"), Text(160),
        ("nome", "nome do produto", "descricao do produto", "item", "mercadoria", "insumo", "product", "name"),
        required=True, example="Farinha de trigo especial",
    ),
    Column(
        "unit", gettext_lazy("Unidade"), UnitCode(), ("un", "und", "unid", "medida", "unidade de medida", "unit"),
        required=True, help=gettext_lazy("kg, g, l, ml, un, dz, cx, sc, pct… como na nota também serve."), example="kg",
    ),
    Column(
        "category", gettext_lazy("Categoria"), Text(80), ("grupo", "tipo", "familia", "secao", "category"),
        help=gettext_lazy("Se ainda não existir na rede, é criada."), example="Farinhas",
    ),
    Column(
        "ncm", gettext_lazy("NCM"), GoodsCode(), ("codigo ncm", "ncm sh"),
        help=gettext_lazy("8 números, da nota fiscal."), example="11010010",
    ),
    Column(
        "description", gettext_lazy("Descrição"), Text(240),
        ("detalhe", "detalhes", "especificacao", "observacao", "observacoes", "obs", "description"),
        example="tipo 1, sem fermento",
    ),
    Column(
        "weight_kg", gettext_lazy("Peso de uma unidade (kg)"), Number(above_zero=True, maximum=Decimal(100_000)),
        ("peso", "peso kg", "peso unitario", "peso em kg", "weight kg", "weight"),
        help=gettext_lazy("Para repartir frete por peso, quando a unidade não é de peso."),
    ),
)  # fmt: skip
_TYPES = {column.field: column.type for column in COLUMNS}
FIELDS = ("category", "ncm", "description", "weight_kg")
Key = tuple[str, str]


@dataclass(slots=True)
class Wanted:
    """One product as the file says it. `values["category"]` by name."""

    row: int
    values: dict[str, Any]
    existing: Product | None = None


def products_by_key() -> dict[Key, Product]:
    """The network's products by folded name and unit."""
    return {(product.folded, product.unit): product for product in Product.objects.select_related("category")}


def plan_products(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the catalogue."""
    plan, known = ImportPlan(), products_by_key()
    wanted: dict[Key, Wanted] = {}
    again: list[int] = []
    for row in rows:
        name, unit = row.get("name"), row.get("unit")
        key = (fold(name), unit)
        if not key[0]:
            plan.problems.append(row.problem("name", _("falta o nome.")))
            continue
        values = {field: row.get(field) for field in ("name", "unit", *FIELDS) if row.get(field) is not None}
        first = wanted.get(key)
        if first is None:
            wanted[key] = Wanted(row.number, values, known.get(key))
        elif merge(first.values, values, row=row, first=first.row, label=name, problems=plan.problems):
            again.append(row.number)
    plan.changes = [change_of(item) for item in wanted.values()]
    plan.remarks += repeated(again) + _same_name_other_unit(wanted, known) + _begun_categories(wanted)
    return plan


def change_of(item: Wanted) -> Change:
    """Compare a wanted product with what is there; what is the same is taken out of its values."""
    label = f"{item.values['name']} ({item.values['unit']})"
    if item.existing is None:
        return Change(Fate.NEW, item.row, label, payload=item)
    told: list[Difference] = []
    for name in FIELDS:
        if (after := item.values.get(name)) is None:
            continue
        value = getattr(item.existing, name)
        before = str(value) if isinstance(value, Category) else value
        if before == after or (name == "category" and same_said(before or "", after)):
            del item.values[name]
        else:
            column = next(column for column in COLUMNS if column.field == name)
            told.append(difference_words(str(column.label), column.type.show(before), column.type.show(after)))
    # The name differs by accents or capitals at most: what is there was written by a person, and stays.
    item.values = {name: value for name, value in item.values.items() if name in FIELDS}
    return Change(Fate.CHANGED if told else Fate.UNCHANGED, item.row, label, tuple(told), item)


def _same_name_other_unit(wanted: dict[Key, Wanted], known: dict[Key, Product]) -> list[str]:
    units: dict[str, list[str]] = {}
    for name, unit in known:
        units.setdefault(name, []).append(unit)
    words = _("“%(name)s” já existe em %(units)s; em %(unit)s será outro produto.")
    return [
        words % {"name": item.values["name"], "units": ", ".join(sorted(units[name])), "unit": unit}
        for (name, unit), item in wanted.items()
        if item.existing is None and name in units
    ][:20]


def _begun_categories(wanted: dict[Key, Wanted]) -> list[str]:
    said = {
        fold(item.values["category"]): item.values["category"] for item in wanted.values() if "category" in item.values
    }
    there = set(Category.objects.values_list("folded", flat=True))
    begun = sorted(label for folded, label in said.items() if folded not in there)
    return [_("Categorias que serão criadas: %(names)s.") % {"names": ", ".join(begun)}] if begun else []


def apply_products(plan: ImportPlan, context: Context) -> None:
    """Write the plan."""
    write_products(
        context.network, wanted=[change.payload for change in (*plan.new, *plan.changed)], actor=context.actor
    )


@operation
def write_products(network: Network, *, wanted: Sequence[Wanted], actor: Actor) -> None:
    """Add and change many products at once, each with its own line in the record, as the single operations do.

    Raises: NotAllowed; IntegrityError where somebody wrote the same meanwhile.
    """
    actor.require(permissions.EDIT_CATALOGUE, network)
    names = dict.fromkeys(item.values["category"] for item in wanted if item.values.get("category"))
    categories = {name: category_named(name, actor=actor) for name in names}
    for item in wanted:
        if name := item.values.get("category"):
            item.values["category"] = categories[name]
    new = [item for item in wanted if item.existing is None]
    made = Product.objects.bulk_create([Product(network=network, **item.values) for item in new], batch_size=500)
    for product in made:
        said = {name: value for name, value in snapshot(product, PRODUCT_FIELDS).items() if value not in (None, "")}
        record(actor, "catalogue.product_added", product, **said)
    edited = [item for item in wanted if item.existing is not None]
    fresh: list[Product] = lock_all([item.existing for item in edited])
    for product, item in zip(fresh, edited, strict=True):
        if item.existing is not None and product.category_id == item.existing.category_id:
            product.category = item.existing.category
        before = snapshot(product, PRODUCT_FIELDS)
        for name, value in item.values.items():
            setattr(product, name, value)
        if changed := differences(before, snapshot(product, PRODUCT_FIELDS)):
            product.save(update_fields=list(changed))
            record(actor, "catalogue.product_edited", product, changes=changed)


PRODUCTS = register(
    ImportKind(
        code="products",
        label=gettext_lazy("Produtos"),
        purpose=gettext_lazy("O que a rede compra ou produz, com unidade, categoria e NCM."),
        columns=COLUMNS,
        plan=plan_products,
        apply=apply_products,
        acts=(permissions.EDIT_CATALOGUE,),
        aliases=("produtos", "product"),
        order=20,
        notes=(
            gettext_lazy("Um produto é o mesmo pelo nome e pela unidade; em outra unidade é outro produto."),
            gettext_lazy("Célula vazia não apaga nada: o que já está cadastrado fica."),
        ),
    )
)
