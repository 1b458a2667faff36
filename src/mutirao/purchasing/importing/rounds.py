# SPDX-License-Identifier: AGPL-3.0-or-later
"""What needs and quotes share: choosing the round, and recognising its goods and their units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.quantities import QUANTITY_PLACES, Quantity, unit
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import NotFound, Words
from mutirao.network.importing.plans import Problem, Row
from mutirao.network.importing.registry import Target
from mutirao.purchasing.models import PurchaseRound, RoundGood
from mutirao.purchasing.queries.rounds import rounds_visible_to

ROUND_NUMBER = "round"


class UnknownRound(NotFound):
    code = "unknown_round"
    message = gettext_lazy("Não há rodada de número “%(number)s” nesta rede.")
    next_step = gettext_lazy("O número está na página da rodada.")


def find_round(key: str, actor: Actor) -> PurchaseRound:
    """The round of a number as people write it. Raises: UnknownRound."""
    number = key.strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = rounds_visible_to(actor).filter(number=int(number)).first()
        if found is not None:
            return found
    raise UnknownRound(number=key)


def round_target(states: Sequence[str], none_words: Words) -> Target:
    """The rounds at one of the states as what a file is brought into."""

    def choices(actor: Actor) -> list[tuple[str, str]]:
        rounds = rounds_visible_to(actor).filter(state__in=states).order_by("needs_until", "pk")
        return [(str(round_.number), f"{round_.title} (nº {round_.number})") for round_ in rounds]

    return Target(ROUND_NUMBER, gettext_lazy("Rodada"), choices, find_round, none_words)


class Goods:
    """The goods of a round by the names of their products."""

    def __init__(self, round_: PurchaseRound) -> None:
        self.round = round_
        self.by_name: dict[str, list[RoundGood]] = {}
        for good in round_.goods.select_related("product"):
            self.by_name.setdefault(good.product.folded, []).append(good)

    def of_row(self, row: Row, problems: list[Problem]) -> tuple[RoundGood, Callable[[Decimal], Decimal]] | None:
        """The good that a row means by `product` and perhaps `unit`, and what turns the row's quantities into the
        good's unit; None where a problem was added."""
        name, code = row.get("product"), row.get("unit")
        named = self.by_name.get(fold(name), [])
        if not named:
            words = _(
                "“%(product)s” não está na lista da rodada “%(round)s”. Acrescente-o à rodada, ou confira o nome."
            )
            problems.append(row.problem("product", words % {"product": name, "round": self.round.title}))
            return None
        same = [good for good in named if good.product.unit == code] if code else named
        if len(same) == 1:
            return same[0], lambda amount: amount
        units = ", ".join(good.product.unit for good in named)
        if not code:
            words = _("“%(product)s” está na rodada em mais de uma unidade (%(units)s): diga qual.")
            problems.append(row.problem("product", words % {"product": name, "units": units}))
            return None
        convertible = [good for good in named if _converts(code, good.product.unit)]
        if len(convertible) != 1:
            words = _("“%(product)s” está na rodada em %(units)s, e não em %(unit)s.")
            problems.append(row.problem("unit", words % {"product": name, "units": units, "unit": code}))
            return None
        good = convertible[0]
        return good, lambda amount: Quantity(amount, code).to(good.product.unit).amount


def _converts(code: str, other: str) -> bool:
    """Whether every amount of one unit is an exact amount of another: grams of kilograms, not pieces of dozens."""
    try:
        Quantity(Decimal(1), code).to(other)
    except ValueError:
        return False
    return True


def fits_unit(amount: Decimal, good: RoundGood) -> bool:
    """Whether an amount has no finer digits than its unit is counted in."""
    return not amount % Decimal(1).scaleb(-min(unit(good.product.unit).places, QUANTITY_PLACES))


def too_fine(good: RoundGood) -> str:
    """What to say where it has."""
    measure = unit(good.product.unit)
    params = {"unit": formats.unit_name(measure.code), "places": measure.places}
    if measure.places:
        return _("em %(unit)s, use no máximo %(places)s casas depois da vírgula.") % params
    return _("em %(unit)s só dá para pedir números inteiros.") % params
