# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the story of the example network through the operations that the screens call, each at its own time.

Deterministic: the same day gives the same network, passwords' salts and link tokens apart.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.utils import timezone, translation

from mutirao.catalogue.models import Product, Supplier
from mutirao.catalogue.operations import ProductData, SupplierData, add_product, add_supplier
from mutirao.governance import operations as governance
from mutirao.governance.models import Motion
from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.ledger import operations as ledger
from mutirao.network import access
from mutirao.network import operations as people
from mutirao.network.core.places import fold
from mutirao.network.models import Enterprise, Municipality, Network, Person
from mutirao.network.operations import ContactData, EnterpriseData
from mutirao.payments import operations as payments
from mutirao.payments.models import Bill, Charge
from mutirao.purchasing.models import DeliveryPlace, Participation, PurchaseOrder, RoundGood
from mutirao.purchasing.operations import approval, award, needs, orders, quotes, receipts, rounds, sharing
from mutirao.purchasing.operations import settings as rules
from mutirao.purchasing.operations.needs import NeedItem
from mutirao.purchasing.operations.quotes import BreakItem, LineItem, QuoteTerms
from mutirao.purchasing.operations.receipts import Document, LineReceived
from mutirao.site.example import data
from mutirao.site.example.joining import tell_joining
from mutirao.site.example.remembering import tell_memory, tell_territory

Say = Callable[[str], None]
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"


class Story:
    """The network with its people at hand while the story is told."""

    network: Network
    enterprises: dict[str, Enterprise]
    products: dict[str, Product]
    suppliers: dict[str, Supplier]
    places: dict[str, DeliveryPlace]
    team: Actor
    treasurer: Actor
    coordinator: Actor

    def __init__(self, today: dt.date, *, say: Say) -> None:
        self.today = today
        self.say = say
        self.chance = random.Random(1917)  # noqa: S311 - a story that is the same every time, not a secret

    def moment(self, day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
        """A moment of a day in the network's time zone."""
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def tell(self) -> Network:
        """Make everything, in order."""
        with translation.override("pt-br"):
            founding = self.today - dt.timedelta(weeks=110)
            with clock.at(self.moment(founding)):
                self._found()
                with tenancy.activated(self.network):
                    self._furnish()
            with tenancy.activated(self.network):
                for plot in data.PLOTS:
                    self.say(plot.title)
                    _Chapter(self, plot).tell()
                tell_territory(self)
                tell_memory(self)
                tell_joining(self)
        return self.network

    def _found(self) -> None:
        actor = system(None, why="Instalação do exemplo", via="example")
        for code, name, state, latitude, longitude in data.MUNICIPALITIES:
            Municipality.objects.get_or_create(
                ibge_code=code,
                defaults={
                    "name": name, "folded": fold(name), "state": state, "latitude": latitude, "longitude": longitude,
                },
            )  # fmt: skip
        persons = {
            beginning: people.create_person(name=name, email=f"{beginning}@raizes.example", actor=actor)
            for beginning, name, _role, _enterprise in data.PEOPLE
        }
        # One password for all, hashed once: hashing is slow on purpose.
        hashed = make_password(data.PASSWORD)
        for person in persons.values():
            person.password = hashed
            person.save(update_fields=["password"])
        self.network = people.create_network(
            slug=data.NETWORK_SLUG,
            name=data.NETWORK_NAME,
            about=data.NETWORK_ABOUT,
            coordinator=persons["coordenacao"],
            is_example=True,
            actor=actor,
        )
        self.persons: dict[str, Person] = persons

    def _furnish(self) -> None:
        self.coordinator = self._actor("coordenacao")
        # The example is tried with a password alone; a real network begins with the rule on.
        people.edit_account_rules(
            self.network, second_factor_roles=[], grace_days=14, reset_wait_hours=24, actor=self.coordinator
        )
        self._enterprises()
        for beginning, _name, role, enterprise in data.PEOPLE[1:]:
            people.grant_role(
                self.persons[beginning],
                role=role,
                enterprise=self.enterprises[enterprise] if enterprise else None,
                actor=self.coordinator,
            )
        self.team, self.treasurer = self._actor("compras"), self._actor("tesouraria")
        self._catalogue()
        self.places = {
            name: rules.add_place(
                self.network,
                name=name,
                address=address,
                municipality=Municipality.objects.get(pk=code),
                actor=self.coordinator,
            )
            for name, address, code in data.PLACES
        }
        rules.edit_purchasing_settings(
            self.network,
            solidarity_preference=3,
            local_preference=2,
            supplier_cost_minor=1500,
            actor=self.coordinator,
        )
        payments.save_settings(
            self.network,
            pix_key=data.PIX_KEY,
            merchant_name="Rede Raizes",
            merchant_city="Registro",
            days_to_pay=10,
            actor=self.coordinator,
        )
        ledger.open_book(self.network, actor=self.coordinator)

    def _actor(self, beginning: str) -> Actor:
        return access.actor_for(self.persons[beginning], self.network, via="example")

    def _enterprises(self) -> None:
        self.enterprises = {}
        for number, who in enumerate(data.ENTERPRISES):
            city = Municipality.objects.get(pk=who.city)
            registered = who.form in ("cooperative", "association")
            enterprise = people.add_enterprise(
                self.network,
                EnterpriseData(
                    name=who.name,
                    legal_form=who.form,
                    tax_id=_cnpj(number) if registered else "",
                    activity=who.activity,
                    value_chain=who.chain,
                    territory=who.territory,
                    municipality=city,
                    latitude=city.latitude + Decimal(self.chance.randint(-900, 900)) / 100_000,
                    longitude=city.longitude + Decimal(self.chance.randint(-900, 900)) / 100_000,
                    member_count=who.members,
                    founded_on=dt.date(who.since, 1 + number % 12, 1 + number),
                ),
                actor=self.coordinator,
            )
            enterprise = people.recognise_founder(
                enterprise,
                minutes_on=clock.today(),
                minutes_kept="Arquivo da rede, pasta da fundação",
                actor=self.coordinator,
            )
            people.add_contact(
                enterprise,
                ContactData(name=who.contact, duty="coordenação", phone=f"(13) 5550-{1000 + 7 * number}"),
                actor=self.coordinator,
            )
            self.enterprises[who.name] = enterprise

    def _catalogue(self) -> None:
        self.products = {
            name: add_product(
                self.network,
                ProductData(name=name, unit=unit, category=category, weight_kg=Decimal(weight) if weight else None),
                actor=self.team,
            )
            for name, unit, category, weight, _price, _pack in data.PRODUCTS
        }
        self.suppliers = {
            sells.name: add_supplier(
                self.network,
                SupplierData(name=sells.name, is_solidarity=sells.solidarity, is_local=sells.local),
                actor=self.team,
            )
            for sells in data.SUPPLIERS
        }


def _cnpj(number: int) -> str:
    """An invented CNPJ of the series with letters, with its check digits (IN RFB 2.229/2024)."""
    base = f"RZ{_ALPHABET[number % 20]}{number:03d}{_ALPHABET[(number * 7) % 20]}00001"[:12].ljust(12, "0")
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = sum((ord(mark) - 48) * weight for mark, weight in zip(base, weights, strict=True)) % 11
        base += "0" if rest < 2 else str(11 - rest)
    return base


_REACHED = {
    "draft": 0, "open": 1, "quoting": 2, "cancelled": 2, "approval": 3, "ordered": 4, "received": 5, "charged": 6,
}  # fmt: skip
_SETTLED = 7


class _Chapter:
    """One round, told as far as it goes."""

    def __init__(self, story: Story, plot: data.Plot) -> None:
        self.story, self.plot = story, plot
        self.chance = story.chance
        self.closing = story.today - dt.timedelta(weeks=plot.weeks_ago)
        self.reaches = _REACHED.get(plot.ending, _SETTLED)

    def at(self, days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        """A moment so many days after the needs closed, never in the future."""
        day = min(self.closing + dt.timedelta(days=days), self.story.today)
        return min(self.story.moment(day, hour, minute), timezone.now())

    def tell(self) -> None:
        self._prepare()
        if self.reaches >= 1:
            self._ask()
        if self.reaches >= 2:
            self._quote()
        if self.plot.ending == "cancelled":
            with clock.at(self.at(4)):
                why = "O único fornecedor com caixas retirou o preço; a assembleia decidiu esperar."
                rounds.cancel_round(self.round, reason=why, actor=self.story.team)
            return
        if self.reaches >= 3:
            self._choose()
        if self.reaches >= 4:
            self._order()
        if self.reaches >= 5:
            self._receive()
        if self.reaches >= 6:
            self._charge()

    def _prepare(self) -> None:
        story = self.story
        opening = min(self.closing - dt.timedelta(days=12), story.today)
        with clock.at(min(story.moment(opening, 9), timezone.now())):
            self.round = rounds.open_draft_round(
                story.network,
                title=self.plot.title,
                needs_until=story.moment(self.closing, 20),
                opens_on=opening,
                deliver_on=self.closing + dt.timedelta(days=14),
                places=list(story.places.values()),
                allocation_rule=self.chance.choice(["proportional", "proportional", "equal", "chronological"]),
                freight_rule=self.chance.choice(["value", "weight"]),
                fees_minor=6_000,
                fees_purpose="Fundo da rede",
                budget_minor=6_000_000,
                decided_on=opening - dt.timedelta(days=3),
                decision_note="Comprar juntos o que a maioria pediu, com taxa de R$ 60,00 para o fundo da rede.",
                actor=story.team,
            )
            chosen = [
                story.products[name]
                for name, _unit, category, *_rest in data.PRODUCTS
                if category in self.plot.categories
            ]
            rounds.add_goods(self.round, products=chosen, actor=story.team)
            self.round.refresh_from_db()
            if self.reaches >= 1:
                self.round = rounds.open_round(self.round, actor=story.team)

    def _ask(self) -> None:
        goods = {
            good.product.name: good for good in RoundGood.objects.filter(round=self.round).select_related("product")
        }
        for number, who in enumerate(data.ENTERPRISES):
            wanted = {name: amount for name, amount in data.WANTS[who.profile].items() if name in goods}
            if self.plot.ending == "open" and number % 3 == 2:
                continue
            participation = Participation.objects.get(round=self.round, enterprise=self.story.enterprises[who.name])
            days = -11 + number % 11
            with clock.at(self.at(min(days, -1) if self.reaches > 1 else days, 9 + number % 9, number)):
                self._answer(participation, who, wanted, goods)
        if self.reaches >= 2:
            with clock.at(self.at(0, 21)):
                self.round = rounds.close_needs(self.round, actor=self.story.team)

    def _answer(
        self, participation: Participation, who: data.Who, wanted: dict[str, int], goods: dict[str, RoundGood]
    ) -> None:
        actor, told_by = self._speaker(who)
        if not wanted or self.chance.random() < 0.08:
            if wanted or self.chance.random() < 0.5:
                needs.decline_round(participation, actor=actor, told_by=told_by)
            return
        items = []
        for name, usual in wanted.items():
            amount = max(1, round(usual * who.size / 3 * self.chance.uniform(0.8, 1.25)))
            tolerance = amount // 5 if self.chance.random() < 0.6 else 0
            items.append(NeedItem(goods[name].pk, Decimal(amount), Decimal(tolerance)))
        place = self.story.places[data.PLACE_OF[who.territory]]
        needs.enter_needs(participation, items=items, place=place, actor=actor, told_by=told_by)

    def _speaker(self, who: data.Who) -> tuple[Actor, str]:
        """The enterprise's own coordinator where it has an account; else the team, for whoever phoned."""
        for beginning, _name, role, enterprise in data.PEOPLE:
            if enterprise == who.name and role == "enterprise_coordinator":
                return self.story._actor(beginning), ""
        return self.story.team, who.contact

    def _quote(self) -> None:
        goods = RoundGood.objects.filter(round=self.round).select_related("product__category")
        reference = {name: (Decimal(price), pack) for name, _u, _c, _w, price, pack in data.PRODUCTS}
        for number, sells in enumerate(data.SUPPLIERS):
            offered = [good for good in goods if good.product.category.name in sells.categories]
            if not offered:
                continue
            drift = Decimal(100 - self.plot.weeks_ago // 8) / 100
            with clock.at(self.at(1, 9 + number % 8)):
                quotes.enter_quote(
                    self.round,
                    supplier=self.story.suppliers[sells.name],
                    lines=[self._line(good, *reference[good.product.name], sells, drift) for good in offered],
                    terms=QuoteTerms(
                        minimum_order_minor=sells.minimum,
                        freight_minor=sells.freight,
                        free_freight_from_minor=sells.free_from,
                        valid_until=self.closing + dt.timedelta(days=30),
                        payment_terms=sells.terms,
                        days_to_deliver=7,
                    ),
                    actor=self.story.team,
                )

    def _line(self, good: RoundGood, price: Decimal, pack: int, sells: data.Sells, drift: Decimal) -> LineItem:
        noise = Decimal(self.chance.randint(96, 104)) / 100
        base = (price * sells.level / 100 * drift * noise).quantize(Decimal("0.01"))
        cheaper = (base * Decimal("0.95")).quantize(Decimal("0.01"))
        size = Decimal(pack if sells.minimum else max(1, pack // 2))
        breaks = (BreakItem(Decimal(0), base), BreakItem(size * 12, cheaper))
        return LineItem(good_id=good.pk, breaks=breaks, pack_size=size)

    def _choose(self) -> None:
        story = self.story
        with clock.at(self.at(3, 14)):
            award.compare(self.round, actor=story.team, time_limit=2.0)
            award.choose(self.round, kind="best", reason="A mais barata que cumpre os mínimos.", actor=story.team)
            # An approval that is still under way goes on after today.
            last = story.today if self.plot.ending == "approval" else self.closing + dt.timedelta(days=3)
            until = story.moment(last + dt.timedelta(days=3), 20)
            motion = approval.put_to_approval(self.round, actor=story.team, answer_until=until)
        for number, entitlement in enumerate(motion.entitlements.select_related("enterprise").order_by("pk")):
            motion.refresh_from_db()
            if motion.state != Motion.State.OPEN or (self.plot.ending == "approval" and number >= 3):
                break
            who = next(one for one in data.ENTERPRISES if one.name == entitlement.enterprise.name)
            actor, told_by = self._speaker(who)
            with clock.at(self.at(4, 9 + number % 9, number)):
                governance.answer_motion(
                    motion, enterprise=entitlement.enterprise, answer="yes", actor=actor, recorded_for=told_by
                )

    def _order(self) -> None:
        with clock.at(self.at(6, 9)):
            for order in orders.prepare_orders(self.round, actor=self.story.team):
                orders.mark_sent(order, how="mensagem", actor=self.story.team)

    def _receive(self) -> None:
        for number, order in enumerate(PurchaseOrder.objects.filter(round=self.round)):
            with clock.at(self.at(14, 10 + number)):
                lines = {
                    line.pk: self._came(line.quantity, line.packs, line.cost_minor, first=number == 0 and place == 0)
                    for place, line in enumerate(order.lines.all())
                }
                receipts.record_receipt(
                    order,
                    lines=lines,
                    document=Document(
                        number=f"{4100 + self.round.number * 10 + number}", freight_minor=order.freight_minor
                    ),
                    actor=self.story.team,
                )

    def _came(self, quantity: Decimal, packs: int, cost: int, *, first: bool) -> LineReceived:
        pack = quantity / packs
        if first and self.plot.ending == "short":
            missing = pack * max(1, packs // 5)
            return LineReceived(quantity - missing, note="O fornecedor não tinha tudo.")
        if first and self.plot.ending == "damaged":
            broken = pack * max(1, packs // 10)
            credit = int(cost * broken / quantity)
            return LineReceived(quantity, damaged=broken, credited_minor=credit, note="Quebraram na viagem.")
        return LineReceived(quantity)

    def _charge(self) -> None:
        story = self.story
        with clock.at(self.at(15, 9)):
            sharing.charge_round(self.round, actor=story.team)
        for bill in Bill.objects.filter(state=Bill.State.OPEN, source_kind="purchasing.order"):
            if bill.due_on < story.today and self.reaches >= _SETTLED:
                with clock.at(min(story.moment(bill.due_on, 11), timezone.now())):
                    payments.pay_bill(
                        bill,
                        amount_minor=bill.open_minor,
                        paid_on=clock.today(),
                        method="transfer",
                        actor=story.treasurer,
                    )
        charges = Charge.objects.filter(source_kind="purchasing.round", source_id=self.round.pk).order_by("pk")
        for number, charge in enumerate(charges.select_related("enterprise")):
            self._paid(charge, number)

    def _paid(self, charge: Charge, number: int) -> None:
        story = self.story
        if self.plot.ending == "charged" and number % 2:
            return
        late = self.plot.ending == "late" and number == 2
        day = charge.issued_on + dt.timedelta(days=40 if late else 2 + number % 9)
        amount = charge.amount_minor
        if late:
            # Pays half, late; what is left is given up by the assembly in the end.
            amount //= 2
        if number == 4 and self.plot.ending == "settled":
            amount += 250  # rounded up on the phone: the rest stays as credit
        with clock.at(min(story.moment(day, 16, number), timezone.now())):
            payments.record_payment(
                charge.enterprise,
                amount_minor=amount,
                received_on=clock.today(),
                method="cash" if number % 7 == 3 else "pix",
                charge=charge,
                reference="" if number % 7 == 3 else f"E{charge.txid}{number:04d}",
                actor=story.treasurer,
            )
        if late:
            with clock.at(min(story.moment(day + dt.timedelta(days=90), 10), timezone.now())):
                why = "A enchente levou a produção; a assembleia perdoou o resto."
                payments.write_off(charge, reason=why, actor=story.coordinator)
