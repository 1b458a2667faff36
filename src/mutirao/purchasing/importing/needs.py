# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of what enterprises need in a round (B2): one row for each enterprise and product.

Needs that the file does not name stay as they are; a quantity of zero takes a need back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel import clock, formats
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import DomainError
from mutirao.network.importing.columns import Number, Text, UnitCode
from mutirao.network.importing.matching import Known, repeated
from mutirao.network.importing.matrix import MatrixForm
from mutirao.network.importing.operations import RowFailed
from mutirao.network.importing.plans import Change, Fate, ImportPlan, Problem, Row, difference_words
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.membership import TAKE_PART, may
from mutirao.network.models import Enterprise
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import NeedsAreClosed, RoundNotOpen
from mutirao.purchasing.importing.rounds import Goods, fits_unit, round_target, too_fine
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseRound, RoundGood
from mutirao.purchasing.operations.needs import NeedItem, enter_needs
from mutirao.purchasing.operations.rounds import invite_enterprise

COLUMNS = (
    Column(
        "enterprise", gettext_lazy("Empreendimento"), Text(160),
        ("nome do empreendimento", "cooperativa", "associacao", "grupo", "quem pediu", "cnpj", "nome", "enterprise"),
        required=True, help=gettext_lazy("O nome como está na rede, ou o CNPJ."), example="Cooperativa Mãos da Serra",
    ),
    Column(
        "product", gettext_lazy("Produto"), Text(160), ("item", "insumo", "mercadoria", "nome do produto", "product"),
        required=True, help=gettext_lazy("O nome como está na rodada."), example="Farinha de trigo especial",
    ),
    Column(
        "unit", gettext_lazy("Unidade"), UnitCode(), ("un", "und", "unid", "medida", "unidade de medida", "unit"),
        help=gettext_lazy("Vazio: a do produto. Outra da mesma medida é convertida (g em kg)."), example="kg",
    ),
    Column(
        "quantity", gettext_lazy("Quantidade"), Number(), ("qtd", "qtde", "quant", "pedido", "quantity"),
        required=True, help=gettext_lazy("Zero retira o que tinha sido pedido."), example="150",
    ),
    Column(
        "tolerance", gettext_lazy("Aceita até mais"), Number(),
        ("tolerancia", "ate mais", "aceita mais", "a mais", "tolerance"), example="20",
    ),
    Column(
        "place", gettext_lazy("Local de entrega"), Text(120), ("local", "onde busca", "ponto de entrega", "place"),
        help=gettext_lazy("Só quando a rodada tem mais de um."),
    ),
    Column(
        "told_by", gettext_lazy("Quem passou o pedido"), Text(120),
        ("informado por", "quem informou", "contato", "told by"),
        help=gettext_lazy("Vazio: fica registrado que veio da planilha."),
    ),
    Column(
        "remark", gettext_lazy("Recado"), Text(240),
        ("observacao", "observacoes", "obs", "recado para a equipe", "remark"),
    ),
)  # fmt: skip
Amounts = tuple[Decimal, Decimal]
NOTHING: Amounts = (Decimal(0), Decimal(0))


@dataclass(slots=True)
class Answer:
    """What the file says about one enterprise."""

    enterprise: Enterprise
    row: int
    participation: Participation | None
    stored: dict[int, Amounts]
    """Good → (quantity, tolerance) as it stands."""
    asked: dict[int, tuple[Amounts, int]] = field(default_factory=dict)
    """Good → amounts in the file, and the row."""
    place: DeliveryPlace | None = None
    told_by: str = ""
    remark: str | None = None


def plan_needs(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the rows would do to the needs of the round."""
    round_: PurchaseRound = context.target
    if (closed := _closed(round_)) is not None:
        return ImportPlan(problems=[Problem(str(closed))])
    planner = _Planner(round_)
    for row in rows:
        planner.take(row)
    return planner.finish()


def _closed(round_: PurchaseRound) -> DomainError | None:
    if round_.state != PurchaseRound.State.OPEN:
        return RoundNotOpen(round=round_.title, state=round_.get_state_display())
    if not round_.takes_needs(clock.now()):
        return NeedsAreClosed(round=round_.title, until=formats.moment(round_.needs_until))
    return None


class _Planner:
    def __init__(self, round_: PurchaseRound) -> None:
        self.plan, self.round, self.goods = ImportPlan(), round_, Goods(round_)
        self.known: Known[Enterprise] = Known(Enterprise.objects.all())
        participations = round_.participations.select_related("place").prefetch_related("needs")
        self.participations: dict[int, Participation] = {row.enterprise_id: row for row in participations}
        self.places: list[DeliveryPlace] = list(round_.places.all())
        self.answers: dict[int, Answer] = {}
        self.good_by_id: dict[int, RoundGood] = {}
        self.again: list[int] = []
        self.unknown: set[str] = set()

    def take(self, row: Row) -> None:
        """Put one row with those of its enterprise."""
        problems = self.plan.problems
        before = len(problems)
        enterprise = self._enterprise(row)
        found = self.goods.of_row(row, problems)
        place = self._place(row)
        if enterprise is None or found is None or len(problems) > before:
            return
        good, convert = found
        amounts = self._amounts(row, good, convert(row.get("quantity")), convert(row.get("tolerance") or Decimal(0)))
        if amounts is None:
            return
        self.good_by_id[good.pk] = good
        answer = self.answers.get(enterprise.pk)
        if answer is None:
            answer = self.answers[enterprise.pk] = self._answer(enterprise, row)
        said = answer.asked.get(good.pk)
        if said is not None and said[0] != amounts:
            words = _("“%(enterprise)s” já pede “%(product)s” na linha %(row)s, com outra quantidade.")
            params = {"enterprise": enterprise.name, "product": good.product.name, "row": said[1]}
            problems.append(row.problem("quantity", words % params))
            return
        if said is not None:
            self.again.append(row.number)
        answer.asked.setdefault(good.pk, (amounts, row.number))
        answer.place = place or answer.place
        answer.told_by = row.get("told_by") or answer.told_by
        answer.remark = row.get("remark") or answer.remark

    def _enterprise(self, row: Row) -> Enterprise | None:
        name = row.get("enterprise")
        found = self.known.named(name)
        if found is None:
            if fold(name) not in self.unknown and (like := self.known.like(name)):
                words = _("“%(name)s” não está na rede. Seria %(like)s?") % {"name": name, "like": like}
            else:
                words = _("“%(name)s” não está na rede. Cadastre ou importe os empreendimentos antes.") % {"name": name}
            self.unknown.add(fold(name))
            self.plan.problems.append(row.problem("enterprise", words))
            return None
        if not may(found, TAKE_PART):
            words = _("“%(name)s” não pede em rodadas: na rede, sua situação é “%(standing)s”.")
            params = {"name": found.name, "standing": found.get_standing_display()}
            self.plan.problems.append(row.problem("enterprise", words % params))
            return None
        if found.pk not in self.participations and not found.is_active:
            words = _("“%(name)s” não participa de rodadas: não está ativo.") % {"name": found.name}
            self.plan.problems.append(row.problem("enterprise", words))
            return None
        return found

    def _place(self, row: Row) -> DeliveryPlace | None:
        text = row.get("place")
        if not text:
            return None
        found = next((place for place in self.places if fold(place.name) == fold(text)), None)
        if found is None:
            words = _("“%(text)s” não é local de entrega desta rodada. Os locais são: %(places)s.")
            params = {"text": text, "places": ", ".join(place.name for place in self.places)}
            self.plan.problems.append(row.problem("place", words % params))
        return found

    def _amounts(self, row: Row, good: RoundGood, quantity: Decimal, tolerance: Decimal) -> Amounts | None:
        for name, amount in (("quantity", quantity), ("tolerance", tolerance)):
            if not fits_unit(amount, good):
                self.plan.problems.append(row.problem(name, too_fine(good)))
                return None
        if tolerance and not quantity:
            words = _("“aceita até mais” só vale junto com uma quantidade.")
            self.plan.problems.append(row.problem("tolerance", words))
            return None
        return quantity, tolerance

    def _answer(self, enterprise: Enterprise, row: Row) -> Answer:
        participation = self.participations.get(enterprise.pk)
        needs = participation.needs.all() if participation else ()
        stored = {need.good_id: (need.quantity, need.tolerance) for need in needs}
        return Answer(enterprise, row.number, participation, stored)

    def finish(self) -> ImportPlan:
        """Compare what is asked with what stands."""
        self.plan.remarks += repeated(self.again)
        for answer in self.answers.values():
            changes = [self._change(answer, good_id, amounts, row) for good_id, (amounts, row) in answer.asked.items()]
            self.plan.changes += changes
            if any(change.fate != Fate.UNCHANGED for change in changes):
                self._check(answer)
        invited = [answer.enterprise.name for answer in self.answers.values() if answer.participation is None]
        if invited:
            words = _("Entram agora na rodada: %(names)s.")
            self.plan.remarks.append(words % {"names": ", ".join(sorted(invited))})
        return self.plan

    def _change(self, answer: Answer, good_id: int, amounts: Amounts, row: int) -> Change:
        good = self.good_by_id[good_id]
        stored = answer.stored.get(good_id, NOTHING)
        label = f"{answer.enterprise.name}: {good.product.name}"
        before, after = _words(stored, good), _words(amounts, good)
        told = (difference_words(_("Quantidade"), before, after),)
        if stored == amounts:
            return Change(Fate.UNCHANGED, row, label, payload=answer)
        return Change(Fate.CHANGED if good_id in answer.stored else Fate.NEW, row, label, told, answer)

    def _check(self, answer: Answer) -> None:
        """What the whole answer needs, beside its rows."""
        place = answer.place or (answer.participation.place if answer.participation else None)
        if place is None and len(self.places) != 1:
            words = _("diga em qual local “%(name)s” vai buscar: %(places)s.")
            params = {"name": answer.enterprise.name, "places": ", ".join(place.name for place in self.places)}
            self.plan.problems.append(Problem(words % params, answer.row))
        if not any(amounts[0] for amounts in merged(answer).values()):
            words = _("“%(name)s” ficaria sem pedir nada. Para sair da rodada, use a página dela.")
            self.plan.problems.append(Problem(words % {"name": answer.enterprise.name}, answer.row))


def _words(amounts: Amounts, good: RoundGood) -> str:
    quantity, tolerance = amounts
    if not quantity:
        return ""
    said = formats.quantity(quantity, good.product.unit)
    return _("%(quantity)s (até mais %(tolerance)s)") % {
        "quantity": said, "tolerance": formats.number(tolerance),
    } if tolerance else said  # fmt: skip


def merged(answer: Answer) -> dict[int, Amounts]:
    """Good → amounts as they stand once the file is brought in."""
    return answer.stored | {good_id: amounts for good_id, (amounts, _row) in answer.asked.items()}


def apply_needs(plan: ImportPlan, context: Context) -> None:
    """Enter each enterprise's whole list anew, by the operation that the centre uses for who phones."""
    answers = {id(change.payload): change.payload for change in (*plan.new, *plan.changed)}
    round_: PurchaseRound = context.target
    for answer in answers.values():
        items = [NeedItem(good_id, *amounts) for good_id, amounts in merged(answer).items() if amounts[0]]
        try:
            participation = answer.participation or invite_enterprise(
                round_, enterprise=answer.enterprise, actor=context.actor
            )
            participation.round = round_
            enter_needs(
                participation,
                items=items,
                place=answer.place or participation.place,
                actor=context.actor,
                remark=participation.remark if answer.remark is None else answer.remark,
                told_by=answer.told_by or _("planilha %(file)s") % {"file": context.file_name},
                seen_version=participation.version,
            )
        except DomainError as error:
            raise RowFailed(answer.row, error) from error


def _goods_by_title(context: Context) -> dict[str, dict[str, str]]:
    """What a column's title may say: the product, alone or with its unit behind it in whichever writing."""
    found: dict[str, dict[str, str]] = {}
    goods = list(context.target.goods.select_related("product"))
    names = Counter(good.product.folded for good in goods)
    for good in goods:
        product = good.product
        fields = {"product": product.name, "unit": product.unit}
        for unit_words in {product.unit, str(formats.unit_name(product.unit))}:
            found[fold(f"{product.name} ({unit_words})")] = fields
            found[fold(f"{product.name} {unit_words}")] = fields
            found[fold(f"{product.name} - {unit_words}")] = fields
        if names[product.folded] == 1:
            found[product.folded] = fields
    return found


MATRIX = MatrixForm(
    row_field="enterprise", column_field="product", value_field="quantity", known=_goods_by_title,
    second_field="tolerance", second_words=("aceita ate mais", "ate mais", "tolerancia", "a mais", "tolerance"),
)  # fmt: skip


NEEDS = register(
    ImportKind(
        code="needs",
        label=gettext_lazy("Pedidos dos empreendimentos"),
        purpose=gettext_lazy("O que cada empreendimento precisa numa rodada que está recebendo pedidos."),
        columns=COLUMNS,
        plan=plan_needs,
        apply=apply_needs,
        acts=(permissions.ENTER_NEEDS, permissions.RUN_ROUND),
        aliases=("pedidos", "necessidades"),
        target=round_target(
            (PurchaseRound.State.OPEN,), gettext_lazy("Nenhuma rodada está recebendo pedidos. Abra uma rodada antes.")
        ),
        order=40,
        matrix=MATRIX,
        notes=(
            gettext_lazy("Uma linha para cada empreendimento e produto. O que não está na planilha fica como está."),
            gettext_lazy(
                "Também serve a tabela cruzada: um empreendimento em cada linha, um produto em cada coluna. O modelo "
                "dela, já com os nomes, está na página “Pedidos de todos” da rodada."
            ),
        ),
    )
)
