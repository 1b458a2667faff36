# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415 - Django is set up on a database of its own before its models can be imported
"""The pages of a purchase round with 2,000 enterprises and 200 goods against a tenth of both.

    .venv/bin/python bench/pages.py [--enterprises 2000] [--goods 200] [--suppliers 6] [--runs 5] [--json FILE]

Makes both networks from a seed in one temporary SQLite database (with DATABASE_URL: in that database, which must be
empty), leads each round from stage to stage, and asks for its pages by Django's test client, signed in as the network's
purchasing team and as the coordinator of one enterprise. Every page is asked for once before it is measured (templates
and translations are then loaded), big and small in turns so that a busy minute hits both. Rows are inserted in bulk
where what is measured is the reading of them; what enterprises get and pay is computed by the code that the screens
use, with times of their own at the end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEED = 2026
NEEDED = 5
"""Each enterprise needs one good in so many: 40 of 200, 4 of 20."""
CHUNK = 5_000
TEAM, OWN = "team", "enterprise"


@dataclass
class Figures:
    """What was measured of one page in one network."""

    queries: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0
    gzipped: int = 0

    def at(self, share: float) -> float:
        """Milliseconds within which `share` of the runs answered (nearest rank)."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[max(0, -(-int(share * 100) * len(ranked) // 100) - 1)]

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time, median: what other work on the machine hardly changes."""
        return 1000 * statistics.median(self.cpu)


@dataclass
class Made:
    """One network with its round, and who looks at it."""

    network: Any
    round: Any
    enterprise: Any
    clients: dict[str, Any]
    took: dict[str, float] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of a page of the round."""
        path = path.format(enterprise=self.enterprise.pk)
        return f"/rede/{self.network.slug}/rodadas/{self.round.number}/{path}"


# Stage by stage: what the page is called, its address below the round's, who looks at it.
PAGES: dict[str, list[tuple[str, str, str]]] = {
    "open": [
        ("round", "", TEAM),
        ("round", "", OWN),
        ("needs list (phone form)", "pedidos/{enterprise}/", OWN),
        ("needs list, for an enterprise", "pedidos/{enterprise}/", TEAM),
        ("consolidated needs", "pedidos/", TEAM),
        ("needs by enterprise", "pedidos/empreendimentos/", TEAM),
    ],
    "quoting": [
        ("quotes side by side", "cotacoes/", TEAM),
        ("quotes side by side", "cotacoes/", OWN),
        ("ways to buy side by side", "comparar/", TEAM),
        ("ways to buy side by side", "comparar/", OWN),
    ],
    "received": [
        ("who gets what", "partilha/", TEAM),
        ("who gets what", "partilha/", OWN),
        ("cost preview (shares computed)", "custos/", TEAM),
    ],
    "charged": [
        ("accountability", "contas/", TEAM),
        ("accountability", "contas/", OWN),
        ("accountability, printed", "contas/?imprimir=1", TEAM),
        ("all payments", "contas/?ver=pagamentos", TEAM),
        ("all entries", "contas/?ver=lancamentos", TEAM),
        ("one enterprise's share", "contas/{enterprise}/", OWN),
    ],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enterprises", type=int, default=2000)
    parser.add_argument("--goods", type=int, default=200)
    parser.add_argument("--suppliers", type=int, default=6)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    place = tempfile.mkdtemp(prefix="bench-pages-")
    try:
        prepare(place)
        report(*measure(arguments), arguments)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def prepare(place: str) -> None:
    """Django on an empty database of its own."""
    os.environ["MUTIRAO_DATA"] = place
    os.environ["DJANGO_SETTINGS_MODULE"] = "mutirao.site.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    from mutirao.network.models import Network

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    if Network.objects.exists():
        sys.exit("The database of DATABASE_URL is not empty: name one that nobody uses.")


def measure(arguments: argparse.Namespace) -> tuple[dict[tuple[str, str], dict[str, Figures]], dict[str, Made]]:
    """Lead both rounds from stage to stage and ask for their pages, in turns."""
    sizes = {
        "small": (max(1, arguments.enterprises // 10), max(NEEDED, arguments.goods // 10)),
        "big": (arguments.enterprises, arguments.goods),
    }
    made = {name: make_network(name, *size, arguments.suppliers) for name, size in sizes.items()}
    found: dict[tuple[str, str], dict[str, Figures]] = {}
    for stage, pages in PAGES.items():
        for one in made.values():
            STAGES[stage](one)
        for page, path, who in pages:
            figures = {name: first_look(one, path, who) for name, one in made.items()}
            for _turn in range(arguments.runs):
                for name, one in made.items():
                    began, worked = time.perf_counter(), time.process_time()
                    one.clients[who].get(one.url(path))
                    figures[name].seconds.append(time.perf_counter() - began)
                    figures[name].cpu.append(time.process_time() - worked)
            found[page, who] = figures
            said = ", ".join(f"{name} {one.at(0.5):.0f} ms, CPU {one.cpu_ms:.0f} ms" for name, one in figures.items())
            print(f"{page} ({who}): {said}", file=sys.stderr, flush=True)
    return found, made


def first_look(made: Made, path: str, who: str) -> Figures:
    """Queries and bytes of a page, asked for once before so that nothing is loaded for the first time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = made.clients[who], made.url(path)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} as {who}: {answer.status_code}")
    content = answer.content
    return Figures(queries=len(captured), size=len(content), gzipped=len(gzip.compress(content, 6)))


def report(
    found: dict[tuple[str, str], dict[str, Figures]], made: dict[str, Made], arguments: argparse.Namespace
) -> None:
    """A Markdown table, big against small."""
    from django.db import connection

    print(
        f"\n{arguments.enterprises:,} enterprises × {arguments.goods} goods against a tenth of both, "
        f"{arguments.runs} runs a page; {connection.vendor}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f}, "
        f"{dt.datetime.now(tz=dt.UTC).date()}\n"
    )
    print(
        "| page | who | queries big (small) | p50 ms big | small | ratio | p95 ms big | small | ratio"
        " | CPU ms big | small | ratio | KiB big (gzip) | KiB small (gzip) |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for (page, who), figures in found.items():
        big, small = figures["big"], figures["small"]
        middle, slow = (big.at(0.5), small.at(0.5)), (big.at(0.95), small.at(0.95))
        print(
            f"| {page} | {who} | {big.queries} ({small.queries}) | {middle[0]:.0f} | {middle[1]:.0f}"
            f" | {middle[0] / middle[1]:.1f} | {slow[0]:.0f} | {slow[1]:.0f} | {slow[0] / slow[1]:.1f}"
            f" | {big.cpu_ms:.0f} | {small.cpu_ms:.0f} | {big.cpu_ms / small.cpu_ms:.1f}"
            f" | {big.size / 1024:.0f} ({big.gzipped / 1024:.1f})"
            f" | {small.size / 1024:.0f} ({small.gzipped / 1024:.1f}) |"
        )
    print("\n| computed between the pages (CPU seconds) | big | small |\n|---|---|---|")
    for what, seconds in made["big"].took.items():
        print(f"| {what} | {seconds:.2f} | {made['small'].took[what]:.2f} |")
    if arguments.json:
        rows = {f"{page} ({who})": {name: vars(one) for name, one in of.items()} for (page, who), of in found.items()}
        arguments.json.write_text(json.dumps(rows, indent=1))


@contextmanager
def timed(made: Made, what: str) -> Iterator[None]:
    """Keep the CPU seconds that something takes."""
    began = time.process_time()
    yield
    made.took[what] = time.process_time() - began
    print(f"{made.network.slug}: {what}: {made.took[what]:.2f} CPU s", file=sys.stderr, flush=True)


# --- the networks ---------------------------------------------------------------------------------------------------


def make_network(name: str, enterprises: int, goods: int, suppliers: int) -> Made:
    """A network with a round that takes needs, all of them told, and quotes of all suppliers for everything."""
    from django.test import Client

    from mutirao.catalogue.models import Product, Supplier
    from mutirao.kernel import clock, tenancy
    from mutirao.network.models import Enterprise, Network, Person, RoleAssignment
    from mutirao.purchasing.models import (
        DeliveryPlace,
        Need,
        Participation,
        PriceBreak,
        PurchaseRound,
        Quote,
        QuoteLine,
        RoundGood,
    )

    chance, now = random.Random(SEED), clock.now()
    network = Network.objects.create(slug=f"bench-{name}", name=f"Rede {name}")
    with tenancy.activated(network):
        own = {"network": network}
        in_it = bulk(
            Enterprise,
            (
                Enterprise(
                    **own,
                    name=f"Cooperativa {n:04}",
                    legal_form="informal",
                    standing="member",
                    member_since=clock.today(),
                )
                for n in range(enterprises)
            ),
        )
        products = bulk(Product, (Product(**own, name=f"Produto {n:03}", unit="kg") for n in range(goods)))
        sellers = bulk(
            Supplier, (Supplier(**own, name=f"Fornecedor {n:02}", is_local=n % 3 == 0) for n in range(suppliers))
        )
        places = bulk(DeliveryPlace, (DeliveryPlace(**own, name=f"Galpão {n}") for n in range(4)))
        round_ = PurchaseRound.objects.create(
            number=1, title="Compra de março", state="open", opens_on=clock.today(), decided_on=clock.today(),
            needs_until=now + dt.timedelta(days=7), allocation_rule="proportional", freight_rule="weight",
            fee_rule="equal", fees_minor=enterprises * 250, fees_purpose="Fundo da rede", link_token=f"bench-{name}",
        )  # fmt: skip
        round_.places.set(places)
        prices = [Decimal(chance.randint(150, 3000)) / 100 for _ in products]
        bought = bulk(
            RoundGood,
            (RoundGood(**own, round=round_, product=product, pack_size=10, last_price=price, position=n)
             for n, (product, price) in enumerate(zip(products, prices, strict=True))),
        )  # fmt: skip
        answers = bulk(
            Participation,
            (Participation(**own, round=round_, enterprise=one, place=chance.choice(places), state="answered",
                           answered_at=now, updated_at=now) for one in in_it),
        )  # fmt: skip
        bulk(
            Need,
            (Need(**own, participation=answer, good=good, quantity=chance.randint(1, 60),
                  tolerance=chance.choice((0, 0, 5)))
             for answer in answers for good in chance.sample(bought, goods // NEEDED)),
        )  # fmt: skip
        quotes = bulk(
            Quote,
            (Quote(**own, round=round_, supplier=seller, freight_minor=chance.randint(5_000, 90_000))
             for seller in sellers),
        )  # fmt: skip
        lines = bulk(
            QuoteLine, (QuoteLine(**own, quote=quote, good=good, pack_size=10) for quote in quotes for good in bought)
        )
        base = {good.pk: price for good, price in zip(bought, prices, strict=True)}
        steps = []
        for line in lines:
            price = base[line.good_id] * chance.randint(85, 115) / 100
            steps += [PriceBreak(**own, line=line, from_quantity=start, unit_price=price * percent / 100)
                      for start, percent in ((0, 100), (1000, 96))]  # fmt: skip
        bulk(PriceBreak, steps)
        clients = {TEAM: Client(), OWN: Client()}
        for who, role, where in ((TEAM, "purchasing", None), (OWN, "enterprise_coordinator", in_it[0])):
            person = Person.objects.create_user(f"{who}-{name}@exemplo.coop", None, name=f"Pessoa {who}")
            RoleAssignment.objects.create(person=person, role=role, enterprise=where)
            clients[who].force_login(person)
    return Made(network, round_, in_it[0], clients)


def bulk(model: Any, rows: Any) -> list[Any]:
    """Insert rows in chunks; returns them with their ids."""
    return list(model.objects.bulk_create(rows, batch_size=CHUNK))


def leave_open(made: Made) -> None:
    """The round as it was made: taking needs."""


def to_quoting(made: Made) -> None:
    """Needs closed; every good at its cheapest quote, computed and chosen; the other ways to buy beside it."""
    from mutirao.kernel import tenancy
    from mutirao.network import access
    from mutirao.network.models import Person
    from mutirao.purchasing.models import AwardScenario, QuoteLine
    from mutirao.purchasing.operations import award
    from mutirao.purchasing.queries.award import goods_to_order, quotes_in_force
    from mutirao.purchasing.queries.sharing import shares_of

    with tenancy.activated(made.network):
        set_state(made, "quoting")
        actor = access.actor_for(Person.objects.get(email=f"team-{made.network.slug[6:]}@exemplo.coop"), made.network)
        order = goods_to_order(made.round, quotes_in_force(made.round))
        cheapest: dict[int, tuple[Decimal, QuoteLine]] = {}
        for line in QuoteLine.objects.filter(quote__round=made.round).prefetch_related("breaks"):
            price = min(step.unit_price for step in line.breaks.all())
            if line.good_id not in cheapest or price < cheapest[line.good_id][0]:
                cheapest[line.good_id] = (price, line)
        packs = {cheapest[pk][1].pk: int(good.ordered / 10) for pk, good in order.items() if good.ordered}
        with timed(made, "everybody's share of the goods (`shares_of`)"):
            shares_of({pk: good.ordered for pk, good in order.items()}, made.round)
        with timed(made, "a split drawn by hand, with what each pays (`draw_split`)"):
            drawn = award.draw_split(made.round, packs=packs, actor=actor)
        with timed(made, "choosing it, with who gets what (`choose`)"):
            award.choose(made.round, kind="manual", reason="É a mais barata", actor=actor)
        for kind in ("best", "single", "alone"):
            AwardScenario.objects.create(
                round=made.round, kind=kind, status="feasible", goods_minor=drawn.goods_minor,
                freight_minor=drawn.freight_minor, details=drawn.details,
            )  # fmt: skip
        made.round.refresh_from_db()


def to_received(made: Made) -> None:
    """Approved by all, ordered, and everything came but a tenth of every third line."""
    from mutirao.governance.models import Entitlement, Motion
    from mutirao.kernel import clock, tenancy
    from mutirao.purchasing.models import OrderLine, PurchaseOrder, Receipt, ReceiptLine
    from mutirao.purchasing.operations.approval import MOTION_SOURCE
    from mutirao.purchasing.operations.sharing import write_allocations
    from mutirao.purchasing.queries.award import freight_by_quote
    from mutirao.purchasing.queries.sharing import cost_shares, usable_by_good

    own = {"network": made.network}
    with tenancy.activated(made.network):
        motion = Motion.objects.create(title="Aprovar a compra", state="passed", decided_at=clock.now(),
                                       source_kind=MOTION_SOURCE, source_id=made.round.pk)  # fmt: skip
        bulk(
            Entitlement,
            (Entitlement(**own, motion=motion, enterprise_id=pk, answer="yes", answered_at=clock.now())
             for pk in made.round.participations.values_list("enterprise_id", flat=True)),
        )  # fmt: skip
        set_state(made, "approved")
        chosen = made.round.scenarios.get(is_chosen=True)
        freight = freight_by_quote(chosen)
        by_quote: dict[Any, list[Any]] = defaultdict(list)
        for line in chosen.lines.select_related("quote_line__quote"):
            by_quote[line.quote_line.quote].append(line)
        for number, (quote, lines) in enumerate(by_quote.items(), start=1):
            goods = sum(line.cost_minor for line in lines)
            order = PurchaseOrder.objects.create(
                round=made.round, quote=quote, supplier_id=quote.supplier_id, number=f"1-{number}", state="received",
                goods_minor=goods, freight_minor=freight.get(quote.pk, 0), sent_at=clock.now(),
            )  # fmt: skip
            ordered = bulk(
                OrderLine,
                (OrderLine(**own, order=order, good_id=line.quote_line.good_id, quote_line_id=line.quote_line_id,
                           packs=line.packs, quantity=line.quantity, unit_price=line.unit_price,
                           cost_minor=line.cost_minor) for line in lines),
            )  # fmt: skip
            receipt = Receipt.objects.create(
                order=order, freight_minor=order.freight_minor, document_number=f"{number}"
            )
            bulk(
                ReceiptLine,
                (ReceiptLine(**own, receipt=receipt, order_line=line, billed_minor=line.cost_minor,
                             received=line.quantity * (9 if n % 3 == 0 else 10) / 10)
                 for n, line in enumerate(ordered)),
            )  # fmt: skip
        set_state(made, "received")
        with timed(made, "sharing what came (`write_allocations`)"):
            write_allocations(made.round, usable_by_good(made.round), stage="received")
        with timed(made, "everybody's part of the costs (`cost_shares`)"):
            cost_shares(made.round)


def to_charged(made: Made) -> None:
    """Costs shared and charged, bills and entries booked, nine charges in ten paid."""
    from mutirao.kernel import clock, tenancy
    from mutirao.ledger.core.chart import NetworkAccount as N
    from mutirao.ledger.core.entries import COOPERATIVE, EntrySpec, LegSpec
    from mutirao.ledger.operations import books, posting
    from mutirao.network import access
    from mutirao.network.models import Person
    from mutirao.payments.models import Bill, Charge, Payment, Settlement
    from mutirao.purchasing.models import CostShare, CostShareLine, Participation
    from mutirao.purchasing.operations.accounts import ORDER_SOURCE
    from mutirao.purchasing.operations.sharing import ROUND_SOURCE
    from mutirao.purchasing.queries.accountability import PAYMENT_SOURCE
    from mutirao.purchasing.queries.sharing import cost_shares

    own, today, round_ = {"network": made.network}, clock.today(), made.round
    with tenancy.activated(made.network):
        actor = access.actor_for(Person.objects.get(email=f"team-{made.network.slug[6:]}@exemplo.coop"), made.network)
        shared = cost_shares(round_)
        parts: dict[int, list[Any]] = defaultdict(list)
        for part in shared.parts:
            parts[int(part.who)].append(part)
        rows = bulk(
            CostShare,
            (CostShare(**own, round=round_, participation_id=pk, goods_minor=sum(part.goods for part in of_one),
                       freight_minor=sum(part.freight for part in of_one), fees_minor=shared.fees.get(str(pk), 0),
                       alone_minor=sum(part.goods for part in of_one) * 6 // 5) for pk, of_one in parts.items()),
        )  # fmt: skip
        bulk(
            CostShareLine,
            (CostShareLine(**own, share=row, order_line_id=int(part.line), quantity=part.quantity,
                           goods_minor=part.goods, freight_minor=part.freight)
             for row in rows for part in parts[row.participation_id]),
        )  # fmt: skip
        enterprise_of = dict(Participation.objects.filter(round=round_).values_list("pk", "enterprise_id"))
        charges = bulk(
            Charge,
            (Charge(**own, number=n, enterprise_id=enterprise_of[row.participation_id], title=round_.title,
                    amount_minor=row.total_minor, due_on=today, txid=f"B{made.network.pk}X{n}",
                    settled_minor=0 if n % 10 == 0 else row.total_minor, state="open" if n % 10 == 0 else "paid",
                    source_kind=ROUND_SOURCE, source_id=round_.pk) for n, row in enumerate(rows, start=1)),
        )  # fmt: skip
        paid = [charge for charge in charges if charge.state == "paid"]
        payments = bulk(
            Payment,
            (Payment(**own, enterprise_id=charge.enterprise_id, amount_minor=charge.amount_minor, received_on=today,
                     method="pix") for charge in paid),
        )  # fmt: skip
        bulk(
            Settlement,
            (Settlement(**own, charge=charge, kind="payment", payment=payment, amount_minor=payment.amount_minor)
             for charge, payment in zip(paid, payments, strict=True)),
        )  # fmt: skip
        book = books.open_book(made.network, actor=actor)
        specs = []
        for order in round_.orders.select_related("receipt").prefetch_related("lines__receipt_line"):
            amount = order.receipt.freight_minor + sum(line.receipt_line.billed_minor for line in order.lines.all())
            Bill.objects.create(supplier_id=order.supplier_id, title=order.number, amount_minor=amount, due_on=today,
                                source_kind=ORDER_SOURCE, source_id=order.pk)  # fmt: skip
            legs = [LegSpec(N.JOINT_PURCHASES, amount, COOPERATIVE), LegSpec(N.PAYABLE, -amount, COOPERATIVE)]
            specs.append(EntrySpec(today, order.number, legs, (ROUND_SOURCE, round_.pk)))
        for row, charge in zip(rows, charges, strict=True):
            legs = [
                LegSpec(N.RECEIVABLE, row.total_minor, COOPERATIVE, charge.enterprise_id),
                LegSpec(N.JOINT_PURCHASES, -row.goods_minor - row.freight_minor, COOPERATIVE),
                LegSpec(N.ROUND_FEES, -row.fees_minor, COOPERATIVE),
            ]
            specs.append(EntrySpec(today, round_.title, legs, (ROUND_SOURCE, round_.pk)))
        for payment in payments:
            legs = [
                LegSpec(N.BANK, payment.amount_minor, COOPERATIVE),
                LegSpec(N.RECEIVABLE, -payment.amount_minor, COOPERATIVE, payment.enterprise_id),
            ]
            specs.append(EntrySpec(today, "Pagamento", legs, (PAYMENT_SOURCE, payment.pk)))
        with timed(made, "posting the network's entries (`post_entries`)"):
            posting.post_entries(book, specs, actor=actor)
        set_state(made, "charged")


def set_state(made: Made, state: str) -> None:
    """Put the round at a stage."""
    type(made.round).objects.filter(pk=made.round.pk).update(state=state)
    made.round.refresh_from_db()


STAGES: dict[str, Callable[[Made], None]] = {
    "open": leave_open,
    "quoting": to_quoting,
    "received": to_received,
    "charged": to_charged,
}


if __name__ == "__main__":
    main()
