# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs as they are read: one enterprise's list, the consolidated table, who has not answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.money import Money, line_cost_minor
from mutirao.kernel.core.quantities import QUANTITY_PLACES, unit
from mutirao.kernel.errors import NotFound
from mutirao.network.models import Contact, Enterprise, RoleAssignment
from mutirao.network.roles import ENTERPRISE_COORDINATOR
from mutirao.purchasing import permissions
from mutirao.purchasing.models import Need, Participation, PurchaseRound, RoundGood
from mutirao.purchasing.packing import pack_words

ZERO = Decimal(0)
SMALLEST = Decimal(1).scaleb(-QUANTITY_PLACES)
State = Participation.State


def participation_for(actor: Actor, round_: PurchaseRound, enterprise_id: int) -> Participation:
    """An enterprise's part in a round, for its own people and for those who see everybody's needs.

    Raises: NotFound, also for people of other enterprises.
    """
    found: Participation | None = (
        Participation.objects.filter(round=round_, enterprise_id=enterprise_id)
        .select_related("enterprise", "place", "answered_by")
        .first()
    )
    if found is None or not may_see(actor, found):
        raise NotFound
    found.round = round_
    return found


def may_see(actor: Actor, participation: Participation) -> bool:
    """Whether a person may read what this enterprise needs."""
    if actor.can(permissions.SEE_NEEDS_OF_ALL, participation):
        return True
    return participation.enterprise_id in actor.enterprise_ids and actor.can(permissions.SEE_ROUNDS, participation)


@dataclass(frozen=True, slots=True)
class Wish:
    """A quantity and what would be taken on top."""

    quantity: Decimal
    tolerance: Decimal


NOTHING = Wish(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A good of the round as an enterprise sees it: what it asks for now, and what it asked for last time."""

    good_id: int
    name: str
    unit: str
    places: int
    note: str
    packs: str
    last_price: Decimal | None
    now: Wish
    before: Wish


def goods_for_answer(participation: Participation) -> list[GoodRow]:
    """The round's goods in their order, with this enterprise's needs now and in the last round in which it asked for
    anything (matched by product). Four queries, however many goods."""
    goods = RoundGood.objects.filter(round=participation.round_id).select_related("product")
    now = {need.good_id: Wish(need.quantity, need.tolerance) for need in _needs_of(participation.pk)}
    last = last_answer_before(participation)
    before: dict[int, Wish] = {}
    if last is not None:
        rows = _needs_of(last.pk).select_related("good")
        before = {need.good.product_id: Wish(need.quantity, need.tolerance) for need in rows}
    return [
        GoodRow(
            good_id=good.pk,
            name=good.product.name,
            unit=good.product.unit,
            places=unit(good.product.unit).places,
            note=good.note or good.product.description,
            packs=pack_words(good.pack_size, good.minimum_packs, good.product.unit),
            last_price=good.last_price,
            now=now.get(good.pk, NOTHING),
            before=before.get(good.product_id, NOTHING),
        )
        for good in goods
    ]


def _needs_of(participation_id: int) -> QuerySet[Need]:
    rows: QuerySet[Need] = Need.objects.filter(participation=participation_id)
    return rows


def last_answer_before(participation: Participation) -> Participation | None:
    """The enterprise's last answer with needs in an earlier round, or None."""
    found: Participation | None = (
        Participation.objects.filter(
            enterprise=participation.enterprise_id,
            state=State.ANSWERED,
            round__number__lt=participation.round.number,
        )
        .select_related("round")
        .order_by("-round__number")
        .first()
    )
    return found


def estimate_minor(quantity: Decimal, last_price: Decimal | None, currency: str) -> int | None:
    """What a quantity would cost at the last price, in minor units; None where no price is known."""
    return None if last_price is None else line_cost_minor(quantity, last_price, currency)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One line of an enterprise's answer, to be read."""

    name: str
    unit: str
    quantity: Decimal
    tolerance: Decimal
    last_price: Decimal | None
    estimate_minor: int | None


def answer_lines(participation: Participation) -> list[NeedLine]:
    """What the enterprise asked for, in the order of the goods."""
    rows = _needs_of(participation.pk).select_related("good__product").order_by("good__position", "good_id")
    currency = participation.round.currency
    return [
        NeedLine(
            need.good.product.name,
            need.good.product.unit,
            need.quantity,
            need.tolerance,
            need.good.last_price,
            estimate_minor(need.quantity, need.good.last_price, currency),
        )
        for need in rows
    ]


# --- for the team ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsolidatedGood:
    """A good with what all enterprises need of it together."""

    good_id: int
    name: str
    unit: str
    quantity: Decimal
    tolerance: Decimal
    enterprises: int
    last_price: Decimal | None
    estimate_minor: int | None


def consolidated(round_: PurchaseRound) -> list[ConsolidatedGood]:
    """Every good of the round in its order with the sums of its needs, in one query."""
    rows = (
        RoundGood.objects.filter(round=round_)
        .annotate(
            total=Coalesce(Sum("needs__quantity"), ZERO),
            extra=Coalesce(Sum("needs__tolerance"), ZERO),
            enterprises=Count("needs", filter=Q(needs__quantity__gt=0)),
        )
        .order_by("position", "pk")
        .values_list(
            "pk", "product__name", "product__unit", "total", "extra", "enterprises", "last_price",
        )
    )  # fmt: skip
    return [
        ConsolidatedGood(
            pk, name, code, exact(total), exact(extra), enterprises, price,
            estimate_minor(exact(total), price, round_.currency),
        )
        for pk, name, code, total, extra, enterprises, price in rows
    ]  # fmt: skip


def exact(total: Decimal) -> Decimal:
    """A sum from the database at the precision that quantities have: SQLite adds in binary, with fifteen digits."""
    return total.quantize(SMALLEST)


def needs_of_good(good: RoundGood) -> QuerySet[Need]:
    """Who needs how much of a good, the largest first."""
    rows: QuerySet[Need] = (
        Need.objects.filter(good=good, quantity__gt=0)
        .select_related("participation__enterprise", "participation__place")
        .order_by("-quantity", "participation__answered_at", "pk")
    )
    return rows


def enterprises_of_round(round_: PurchaseRound, *, state: str = "", search: str = "") -> QuerySet[Participation]:
    """The round's enterprises by name; `state` and a part of the name narrow the list."""
    rows: QuerySet[Participation] = (
        Participation.objects.filter(round=round_)
        .select_related("enterprise", "place", "answered_by")
        .order_by("enterprise__name")
    )
    if state in State.values:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(enterprise__name__icontains=search)
    return rows


def size_of_answers(participations: Sequence[Participation], currency: str) -> dict[int, tuple[int, int | None]]:
    """How many goods each of these asks for, and what that would cost at the last prices in minor units (None where no
    price is known), by participation id. One query: for the rows of a page, not for a whole round."""
    rows = (
        Need.objects.filter(participation__in=[row.pk for row in participations], quantity__gt=0)
        .order_by()
        .values_list("participation_id")
        .annotate(goods=Count("pk"), estimate=Sum(F("quantity") * F("good__last_price")))
    )
    return {
        key: (goods, None if estimate is None else Money.of(exact(estimate), currency).minor)
        for key, goods, estimate in rows
    }


def silent_enterprises(round_: PurchaseRound) -> QuerySet[Participation]:
    """Who has not answered, by name, with whom to call: contacts of the enterprise and its coordinators."""
    today = clock.today()
    coordinators = RoleAssignment.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), role=ENTERPRISE_COORDINATOR, since__lte=today
    ).select_related("person")
    rows: QuerySet[Participation] = (
        Participation.objects.filter(round=round_, state=State.INVITED)
        .select_related("enterprise__municipality")
        .prefetch_related(
            Prefetch("enterprise__contacts", Contact.objects.exclude(phone=""), to_attr="to_call"),
            Prefetch("enterprise__assignments", coordinators, to_attr="coordinators"),
        )
        .order_by("enterprise__name")
    )
    return rows


def phones_of(enterprise: Enterprise) -> list[tuple[str, str]]:
    """Names and telephone numbers of an enterprise from `silent_enterprises`, each number once."""
    found: dict[str, str] = {}
    for contact in getattr(enterprise, "to_call", ()):
        found.setdefault(contact.phone, contact.name)
    for assignment in getattr(enterprise, "coordinators", ()):
        if assignment.person.phone:
            found.setdefault(assignment.person.phone, assignment.person.name)
    return [(name, phone) for phone, name in found.items()]


@dataclass(frozen=True, slots=True)
class ExportedNeed:
    """One need with all that a spreadsheet wants to know."""

    product: str
    unit: str
    enterprise: str
    quantity: Decimal
    tolerance: Decimal
    place: str
    told_by: str
    remark: str


def needs_count(round_: PurchaseRound) -> int:
    """How many needs a round has, one for each enterprise and good."""
    return int(Need.objects.filter(participation__round=round_, quantity__gt=0).count())


def needs_to_export(round_: PurchaseRound) -> Iterator[ExportedNeed]:
    """All needs of a round by good and enterprise, read in pieces."""
    rows = (
        Need.objects.filter(participation__round=round_, quantity__gt=0)
        .order_by("good__position", "good_id", "participation__enterprise__name")
        .values_list(
            "good__product__name", "good__product__unit", "participation__enterprise__name", "quantity", "tolerance",
            "participation__place__name", "participation__told_by", "participation__remark",
        )
    )  # fmt: skip
    for product, code, enterprise, quantity, tolerance, place, told_by, remark in rows.iterator(chunk_size=2000):
        yield ExportedNeed(product, code, enterprise, quantity, tolerance, place or "", told_by, remark)


def needs_matrix(round_: PurchaseRound) -> tuple[list[str], Iterator[list[str | Decimal | None]]]:
    """The needs as a table: titles of the goods' columns, and for each invited enterprise its name and quantities.

    A tolerance has a column of its own behind the good's, where anybody gave one.
    """
    goods = list(
        RoundGood.objects.filter(round=round_)
        .select_related("product")
        .annotate(extra=Coalesce(Sum("needs__tolerance"), ZERO))
        .order_by("position", "pk")
    )
    titles: list[str] = []
    places: dict[int, tuple[int, int | None]] = {}
    for good in goods:
        title = f"{good.product.name} ({good.product.unit})"
        places[good.pk] = (len(titles), len(titles) + 1 if good.extra else None)  # type: ignore[attr-defined]
        titles += [title, f"{title} {_('aceita até mais')}"] if good.extra else [title]  # type: ignore[attr-defined]

    def rows() -> Iterator[list[str | Decimal | None]]:
        people = Participation.objects.filter(round=round_).select_related("enterprise").order_by("enterprise__folded")
        for answer in people.prefetch_related("needs"):
            line: list[str | Decimal | None] = [None] * len(titles)
            for need in answer.needs.all():
                at, beside = places[need.good_id]
                line[at] = need.quantity
                if beside is not None and need.tolerance:
                    line[beside] = need.tolerance
            yield [answer.enterprise.name, *line]

    return titles, rows()
