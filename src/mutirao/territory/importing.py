# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of what enterprises make and use (N2): one row for each enterprise and product. Nothing is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.catalogue.models import Product
from mutirao.kernel.core.text import fold
from mutirao.network.importing.columns import Choice, Number, Text, UnitCode
from mutirao.network.importing.matching import Known, repeated
from mutirao.network.importing.plans import Change, Fate, ImportPlan, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Enterprise
from mutirao.territory import permissions
from mutirao.territory.models import ChainLink
from mutirao.territory.operations import LinkData, LinkWanted, save_links

_MAKES = {"faz": "makes", "produz": "makes", "produto": "makes", "vende": "makes", "oferta": "makes"}
_USES = {"usa": "uses", "compra": "uses", "insumo": "uses", "consome": "uses", "precisa": "uses"}
_PER = {
    "mes": "month", "mensal": "month", "por mes": "month", "ano": "year", "anual": "year", "por ano": "year",
}  # fmt: skip

COLUMNS = (
    Column(
        "enterprise", gettext_lazy("Empreendimento"), Text(160),
        ("nome do empreendimento", "cooperativa", "associacao", "grupo", "cnpj", "enterprise"),
        required=True, help=gettext_lazy("O nome como está na rede, ou o CNPJ."), example="Cooperativa Mãos da Serra",
    ),
    Column(
        "direction", gettext_lazy("Produz ou usa"),
        Choice(dict(ChainLink.Direction.choices), _MAKES | _USES), ("faz ou usa", "produz usa", "direction"),
        required=True, example="produz",
    ),
    Column(
        "product", gettext_lazy("Produto"), Text(160), ("item", "mercadoria", "nome do produto", "product"),
        required=True, help=gettext_lazy("O nome como está na lista de produtos."), example="Farinha de mandioca",
    ),
    Column(
        "unit", gettext_lazy("Unidade"), UnitCode(), ("un", "und", "unid", "medida", "unit"),
        help=gettext_lazy("Só quando há o mesmo produto em duas unidades."), example="kg",
    ),
    Column(
        "quantity", gettext_lazy("Quantidade"), Number(above_zero=True), ("qtd", "qtde", "quanto", "quantity"),
        example="400",
    ),
    Column(
        "per", gettext_lazy("Por mês ou por ano"), Choice(dict(ChainLink.Per.choices), _PER),
        ("por", "periodo", "per"), help=gettext_lazy("Vazio: por mês."), example="mês",
    ),
    Column("sold_to", gettext_lazy("Quem compra"), Text(160), ("comprador", "para quem vende", "sold to")),
    Column("note", gettext_lazy("Observação"), Text(240), ("observacoes", "obs", "note")),
)  # fmt: skip
Key = tuple[int, int, str]


class _Planner:
    def __init__(self) -> None:
        self.plan = ImportPlan()
        self.enterprises: Known[Enterprise] = Known(Enterprise.objects.all())
        self.products: dict[str, list[Product]] = {}
        for product in Product.objects.filter(is_active=True):
            self.products.setdefault(product.folded, []).append(product)
        self.there: dict[Key, ChainLink] = {
            (link.enterprise_id, link.product_id, link.direction): link for link in ChainLink.objects.all()
        }
        self.seen: dict[Key, tuple[LinkData, int]] = {}
        self.again: list[int] = []

    def take(self, row: Row) -> None:
        """One line of the sheet."""
        enterprise, product = self._enterprise(row), self._product(row)
        direction = row.get("direction")
        if enterprise is None or product is None or not direction or row.broken:
            return
        key = (enterprise.pk, product.pk, direction)
        known = self.there.get(key)
        data = self._data(row, known)
        if key in self.seen:
            first, number = self.seen[key]
            if first == data:
                self.again.append(row.number)
            else:
                words = _("a linha %(row)s já diz isto deste empreendimento, com outros dados.")
                self.plan.problems.append(row.problem("product", words % {"row": number}))
            return
        self.seen[key] = (data, row.number)
        self.plan.changes.append(self._change(row, enterprise, product, direction, data, known))

    def _enterprise(self, row: Row) -> Enterprise | None:
        name = row.get("enterprise")
        found = self.enterprises.named(name) if name else None
        if found is None and name:
            like = self.enterprises.like(name)
            words = _("não conheço “%(name)s” na rede.") % {"name": name}
            self.plan.problems.append(
                row.problem("enterprise", words + (_(" Seria %(like)s?") % {"like": like} if like else ""))
            )
        return found

    def _product(self, row: Row) -> Product | None:
        name = row.get("product")
        if not name:
            return None
        found = self.products.get(fold(name), [])
        if row.get("unit"):
            found = [product for product in found if product.unit == row.get("unit")]
        if len(found) == 1:
            return found[0]
        words = _("“%(name)s” existe em mais de uma unidade: diga qual.") if found else _(
            "“%(name)s” não está na lista de produtos; cadastre ou importe os produtos antes."
        )  # fmt: skip
        self.plan.problems.append(row.problem("product", words % {"name": name}))
        return None

    def _data(self, row: Row, known: ChainLink | None) -> LinkData:
        """What the row says over what is there: empty cells leave that as it is."""
        quantity: Decimal | None = row.get("quantity")
        return LinkData(
            quantity=quantity if quantity is not None or known is None else known.quantity,
            per=row.get("per") or (known.per if known else ChainLink.Per.MONTH),
            months=tuple(known.months) if known else (),
            sold_to=row.get("sold_to") or (known.sold_to if known else ""),
            note=row.get("note") or (known.note if known else ""),
        )

    def _change(
        self, row: Row, enterprise: Enterprise, product: Product, direction: str, data: LinkData,
        known: ChainLink | None,
    ) -> Change:  # fmt: skip
        said = str(ChainLink.Direction(direction).label)
        label = f"{enterprise.name} {said} {product.name}"
        payload = LinkWanted(enterprise, product, direction, data)
        if known is None:
            return Change(Fate.NEW, row.number, label, payload=payload)
        told = tuple(
            difference_words(str(column.label), _show(column, getattr(known, column.field)), _show(column, after))
            for column in COLUMNS
            if column.field in ("quantity", "per", "sold_to", "note")
            and (after := data.values(direction)[column.field]) != getattr(known, column.field)
        )
        return Change(Fate.CHANGED if told else Fate.UNCHANGED, row.number, label, told, payload)


def _show(column: Column, value: Any) -> str:
    return str(ChainLink.Per(value).label) if column.field == "per" else column.type.show(value)


def plan_chain(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would add and change."""
    planner = _Planner()
    for row in rows:
        planner.take(row)
    planner.plan.remarks += repeated(planner.again)
    return planner.plan


def apply_chain(plan: ImportPlan, context: Context) -> None:
    """Write the plan."""
    save_links(context.network, wanted=[change.payload for change in (*plan.new, *plan.changed)], actor=context.actor)


CHAIN = register(
    ImportKind(
        code="chain",
        label=gettext_lazy("O que se produz e se usa"),
        purpose=gettext_lazy("Quem produz o quê e quem usa o quê, para o mapa do território."),
        columns=COLUMNS,
        plan=plan_chain,
        apply=apply_chain,
        acts=(permissions.EDIT_CHAIN,),
        aliases=("cadeia", "produz_e_usa"),
        order=25,
        notes=(
            gettext_lazy("Empreendimentos e produtos precisam já estar na rede."),
            gettext_lazy("Nada é apagado; célula vazia deixa como está."),
        ),
    )
)
