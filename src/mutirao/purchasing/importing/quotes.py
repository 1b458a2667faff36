# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of suppliers' quotes in a round (B3): one row for each price, so a line with price breaks takes several.

A line is the same by supplier, product, brand and pack; its prices are then those of the file. Lines and conditions
that the file does not name stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.catalogue.models import Supplier
from mutirao.kernel import formats
from mutirao.kernel.core.money import Money, minor_digits
from mutirao.kernel.core.quantities import QUANTITY_PLACES
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import DomainError
from mutirao.network.importing.columns import Day, Number, Text, UnitCode, Whole
from mutirao.network.importing.matching import Known, repeated, same_said
from mutirao.network.importing.operations import RowFailed
from mutirao.network.importing.plans import Change, Difference, Fate, ImportPlan, Problem, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import QuotesAreClosed
from mutirao.purchasing.importing.rounds import Goods, round_target
from mutirao.purchasing.models import PurchaseRound, Quote, QuoteLine, RoundGood
from mutirao.purchasing.operations.quotes import BreakItem, LineItem, QuoteTerms, edit_quote, enter_quote

MONEY = Number(places=2, rounding=True)
COLUMNS = (
    Column(
        "supplier", gettext_lazy("Fornecedor"), Text(160),
        ("nome do fornecedor", "empresa", "razao social", "cnpj", "supplier"), required=True,
        help=gettext_lazy("O nome como está cadastrado, ou o CNPJ."), example="Moinho da Várzea",
    ),
    Column(
        "product", gettext_lazy("Produto"), Text(160), ("item", "insumo", "mercadoria", "nome do produto", "product"),
        required=True, help=gettext_lazy("O nome como está na rodada."), example="Farinha de trigo especial",
    ),
    Column(
        "unit", gettext_lazy("Unidade"), UnitCode(), ("un", "und", "unid", "medida", "unidade de medida", "unit"),
        help=gettext_lazy("Vazio: a do produto. Outra da mesma medida é convertida."), example="kg",
    ),
    Column("brand", gettext_lazy("Marca"), Text(80), ("fabricante", "brand")),
    Column(
        "pack_size", gettext_lazy("Embalagem"), Number(above_zero=True),
        ("tamanho da embalagem", "quantidade por embalagem", "vem em", "pack", "pack size"),
        help=gettext_lazy("Quantas unidades vêm em cada embalagem. Vazio: 1."), example="25",
    ),
    Column(
        "unit_price", gettext_lazy("Preço por unidade"), Number(),
        ("preco unitario", "valor unitario", "preco", "valor", "preco por kg", "unit price", "price"),
        help=gettext_lazy("De uma unidade do produto (1 kg), não da embalagem."), example="4,35",
    ),
    Column(
        "pack_price", gettext_lazy("Preço da embalagem"), Number(),
        ("valor da embalagem", "preco por embalagem", "preco da caixa", "preco do saco", "pack price"),
        help=gettext_lazy("Em vez do preço por unidade."),
    ),
    Column(
        "from_quantity", gettext_lazy("A partir de"), Number(),
        ("a partir da quantidade", "quantidade minima", "faixa", "faixa de preco", "from", "from quantity"),
        help=gettext_lazy("Quantidade a partir da qual vale este preço. Vazio: qualquer uma."),
    ),
    Column(
        "available", gettext_lazy("Tem disponível"), Number(),
        ("disponivel", "estoque", "disponibilidade", "available"),
    ),
    Column(
        "minimum_order", gettext_lazy("Pedido mínimo"), MONEY, ("valor minimo", "minimo", "minimum order"),
        help=gettext_lazy("Em dinheiro, do pedido inteiro. Basta em uma das linhas do fornecedor."),
    ),
    Column("freight", gettext_lazy("Frete fixo"), MONEY, ("frete", "valor do frete", "freight"), example="120,00"),
    Column("freight_per_kg", gettext_lazy("Frete por quilo"), Number(), ("frete por kg", "freight per kg")),
    Column(
        "free_freight_from", gettext_lazy("Frete grátis a partir de"), MONEY, ("frete gratis", "free freight from")
    ),
    Column(
        "valid_until", gettext_lazy("Vale até"), Day(),
        ("validade", "validade da proposta", "valida ate", "valid until"),
    ),
    Column(
        "payment_terms", gettext_lazy("Condições de pagamento"), Text(120),
        ("pagamento", "forma de pagamento", "condicao de pagamento", "prazo de pagamento", "payment terms"),
    ),
    Column(
        "days_to_deliver", gettext_lazy("Prazo de entrega (dias)"), Whole(maximum=Decimal(1000)),
        ("prazo de entrega", "prazo", "entrega", "dias para entregar", "days to deliver"),
    ),
    Column("notes", gettext_lazy("Observações"), Text(2000), ("observacao", "obs", "notes")),
)  # fmt: skip
_COLUMNS = {column.field: column for column in COLUMNS}
TERMS = (
    "minimum_order", "freight", "freight_per_kg", "free_freight_from", "valid_until", "payment_terms",
    "days_to_deliver", "notes",
)  # fmt: skip
_IN_MINOR = {
    "minimum_order": "minimum_order_minor", "freight": "freight_minor", "free_freight_from": "free_freight_from_minor",
}  # fmt: skip
_STEP = Decimal(1).scaleb(-QUANTITY_PLACES)
LineKey = tuple[int, str, Decimal]


@dataclass(slots=True)
class WantedLine:
    """One line of an offer as the file says it."""

    good: RoundGood
    row: int
    brand: str
    pack_size: Decimal
    available: Decimal | None = None
    breaks: dict[Decimal, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Offer:
    """What the file says about one supplier's quote."""

    supplier: Supplier
    row: int
    quote: Quote | None
    lines: dict[LineKey, WantedLine] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)


def plan_quotes(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the quotes of the round."""
    round_: PurchaseRound = context.target
    if not round_.takes_quotes:
        closed = QuotesAreClosed(round=round_.title, state=round_.get_state_display())
        return ImportPlan(problems=[Problem(str(closed))])
    planner = _Planner(round_)
    for row in rows:
        planner.take(row)
    return planner.finish()


class _Planner:
    def __init__(self, round_: PurchaseRound) -> None:
        self.plan, self.round, self.goods = ImportPlan(), round_, Goods(round_)
        self.known: Known[Supplier] = Known(Supplier.objects.all())
        quotes = round_.quotes.filter(is_withdrawn=False).prefetch_related("lines__breaks")
        self.quotes: dict[int, Quote] = {quote.supplier_id: quote for quote in quotes}
        self.offers: dict[int, Offer] = {}
        self.again: list[int] = []

    def take(self, row: Row) -> None:
        """Put one row with those of its supplier."""
        problems = self.plan.problems
        before = len(problems)
        supplier = self._supplier(row)
        found = self.goods.of_row(row, problems)
        if supplier is None or found is None:
            return
        good, convert = found
        pack = _converted(convert, row.get("pack_size") or Decimal(1))
        start = _converted(convert, row.get("from_quantity") or Decimal(0))
        price = self._price(row, convert, pack)
        if price is None or len(problems) > before:
            return
        offer = self.offers.get(supplier.pk)
        if offer is None:
            offer = self.offers[supplier.pk] = Offer(supplier, row.number, self.quotes.get(supplier.pk))
        self._take_terms(row, offer)
        brand = row.get("brand") or ""
        line = offer.lines.setdefault((good.pk, fold(brand), pack), WantedLine(good, row.number, brand, pack))
        said = line.breaks.setdefault(start, price)
        if said != price:
            words = _("na linha %(row)s este produto tem outro preço a partir da mesma quantidade.")
            problems.append(row.problem("unit_price", words % {"row": line.row}))
        elif line.row != row.number and len(line.breaks) == 1:
            self.again.append(row.number)
        if row.get("available") is not None:
            line.available = _converted(convert, row.get("available"))

    def _supplier(self, row: Row) -> Supplier | None:
        name = row.get("supplier")
        found = self.known.named(name)
        if found is None:
            like = self.known.like(name)
            words = (
                _("“%(name)s” não está entre os fornecedores. Seria %(like)s?")
                if like
                else _("“%(name)s” não está entre os fornecedores. Cadastre ou importe os fornecedores antes.")
            )
            self.plan.problems.append(row.problem("supplier", words % {"name": name, "like": like}))
        return found

    def _price(self, row: Row, convert: Callable[[Decimal], Decimal], pack: Decimal) -> Decimal | None:
        """The price of one unit of the product, six digits after the comma."""
        unit_price, pack_price = row.get("unit_price"), row.get("pack_price")
        if unit_price is None and pack_price is None:
            name = "unit_price" if "unit_price" in row.titles else "pack_price"
            self.plan.problems.append(row.problem(name, _("falta o preço.")))
            return None
        one = convert(Decimal(1))
        price = None if unit_price is None else (unit_price / one).quantize(_STEP, ROUND_HALF_UP)
        if pack_price is None:
            return price
        from_pack = (pack_price / pack).quantize(_STEP, ROUND_HALF_UP)
        cent = Decimal(1).scaleb(-minor_digits(self.round.currency))
        if price is not None and abs(price * pack - pack_price) > cent:
            words = _("o preço da embalagem não é o preço por unidade vezes %(pack)s.")
            self.plan.problems.append(row.problem("pack_price", words % {"pack": formats.number(pack)}))
            return None
        return from_pack if price is None else price

    def _take_terms(self, row: Row, offer: Offer) -> None:
        for name in TERMS:
            value = row.get(name)
            if value is None:
                continue
            said = offer.terms.setdefault(name, value)
            if not same_said(said, value):
                words = _("em outra linha de “%(supplier)s” está %(said)s.")
                params = {"supplier": offer.supplier.name, "said": _COLUMNS[name].type.show(said)}
                self.plan.problems.append(row.problem(name, words % params))

    def finish(self) -> ImportPlan:
        """Compare what is offered with what stands."""
        self.plan.remarks += repeated(self.again)
        for offer in self.offers.values():
            lines = {_key(line): line for line in offer.quote.lines.all()} if offer.quote else {}
            for key, wanted in offer.lines.items():
                self.plan.changes.append(self._line_change(offer, wanted, lines.get(key)))
            if told := self._terms_told(offer):
                fate = Fate.CHANGED if offer.quote else Fate.NEW
                label = _("%(supplier)s: condições") % {"supplier": offer.supplier.name}
                self.plan.changes.append(Change(fate, offer.row, label, told, offer))
        return self.plan

    def _line_change(self, offer: Offer, wanted: WantedLine, line: QuoteLine | None) -> Change:
        parts = [wanted.good.product.name, wanted.brand]
        if wanted.pack_size != 1:
            parts.append(_("embalagem de %(size)s") % {
                "size": formats.quantity(wanted.pack_size, wanted.good.product.unit)
            })  # fmt: skip
        label = f"{offer.supplier.name}: {', '.join(part for part in parts if part)}"
        after = self._prices(wanted.breaks)
        if line is None:
            told = (difference_words(_("Preço"), "", after),)
            return Change(Fate.NEW, wanted.row, label, told, offer)
        stored = {item.from_quantity: item.unit_price for item in line.breaks.all()}
        changed: list[Difference] = []
        if stored != wanted.breaks:
            changed.append(difference_words(_("Preço"), self._prices(stored), after))
        if wanted.available is not None and wanted.available != line.available:
            show = _COLUMNS["available"].type.show
            label_ = str(_COLUMNS["available"].label)
            changed.append(difference_words(label_, show(line.available), show(wanted.available)))
        return Change(Fate.CHANGED if changed else Fate.UNCHANGED, wanted.row, label, tuple(changed), offer)

    def _prices(self, breaks: dict[Decimal, Decimal]) -> str:
        said = []
        for start in sorted(breaks):
            price = formats.unit_price(breaks[start], self.round.currency)
            if start:
                price = _("%(price)s a partir de %(start)s") % {"price": price, "start": formats.number(start)}
            said.append(price)
        return "; ".join(said)

    def _terms_told(self, offer: Offer) -> tuple[Difference, ...]:
        told = []
        for name, value in offer.terms.items():
            stored = _stored_term(offer.quote, name, self.round.currency)
            if stored != value:
                show = _COLUMNS[name].type.show
                told.append(difference_words(str(_COLUMNS[name].label), show(stored or None), show(value)))
        return tuple(told)


def _converted(convert: Callable[[Decimal], Decimal], amount: Decimal) -> Decimal:
    return convert(amount).quantize(_STEP, ROUND_HALF_UP)


def _key(line: QuoteLine) -> LineKey:
    return line.good_id, fold(line.brand), line.pack_size.quantize(_STEP)


def _stored_term(quote: Quote | None, name: str, currency: str) -> Any:
    """A term as it stands, as the file would say it; for a quote that is still to be made, its defaults."""
    value = getattr(quote if quote is not None else QuoteTerms(), _IN_MINOR.get(name, name))
    return Money(value, currency).major if name in _IN_MINOR and value is not None else value


def apply_quotes(plan: ImportPlan, context: Context) -> None:
    """Enter new quotes and edit those that stand, by the operations that the screens use."""
    round_: PurchaseRound = context.target
    offers = {id(change.payload): change.payload for change in (*plan.new, *plan.changed)}
    for offer in offers.values():
        lines, terms = merged_lines(offer), merged_terms(offer, round_.currency)
        try:
            if offer.quote is None:
                enter_quote(round_, supplier=offer.supplier, lines=lines, terms=terms, actor=context.actor)
            else:
                edit_quote(offer.quote, lines=lines, terms=terms, actor=context.actor, seen_version=offer.quote.version)
        except DomainError as error:
            raise RowFailed(offer.row, error) from error


def merged_lines(offer: Offer) -> list[LineItem]:
    """Every line of the quote once the file is brought in: those that stand, changed or not, then the new ones."""
    merged: dict[LineKey, LineItem] = {}
    for line in offer.quote.lines.all() if offer.quote else ():
        merged[_key(line)] = LineItem(
            good_id=line.good_id,
            breaks=tuple(BreakItem(item.from_quantity, item.unit_price) for item in line.breaks.all()),
            pack_size=line.pack_size,
            available=line.available,
            brand=line.brand,
        )
    for key, wanted in offer.lines.items():
        stands = merged.get(key)
        merged[key] = LineItem(
            good_id=wanted.good.pk,
            breaks=tuple(BreakItem(start, wanted.breaks[start]) for start in sorted(wanted.breaks)),
            pack_size=wanted.pack_size,
            available=stands.available if stands is not None and wanted.available is None else wanted.available,
            brand=stands.brand if stands is not None else wanted.brand,
        )
    return list(merged.values())


def merged_terms(offer: Offer, currency: str) -> QuoteTerms:
    """The quote's conditions once the file is brought in."""
    terms: dict[str, Any] = {}
    for name in TERMS:
        column = _IN_MINOR.get(name, name)
        if name in offer.terms:
            value = offer.terms[name]
            terms[column] = Money.of(value, currency).minor if name in _IN_MINOR else value
        elif offer.quote is not None:
            terms[column] = getattr(offer.quote, column)
    return QuoteTerms(**terms)


QUOTES = register(
    ImportKind(
        code="quotes",
        label=gettext_lazy("Cotações de fornecedores"),
        purpose=gettext_lazy("Preços, faixas, embalagens e frete que os fornecedores mandaram para uma rodada."),
        columns=COLUMNS,
        plan=plan_quotes,
        apply=apply_quotes,
        acts=(permissions.ENTER_QUOTES,),
        aliases=("cotacoes", "precos"),
        target=round_target(
            (PurchaseRound.State.OPEN, PurchaseRound.State.QUOTING),
            gettext_lazy("Nenhuma rodada está aberta nem cotando. Abra uma rodada antes."),
        ),
        order=50,
        notes=(
            gettext_lazy("Uma linha para cada preço: quem tem faixas de preço aparece em várias linhas."),
            gettext_lazy("Uma oferta é a mesma por fornecedor, produto, marca e embalagem; seus preços são trocados."),
        ),
    )
)
