# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that everybody meets: nothing serious for axe, nothing sticking out, in both schemes on a phone."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from mutirao.admission import operations as admission
from mutirao.admission.models import Certificate
from mutirao.kernel import clock
from mutirao.kernel.uploads import Kind, accept
from mutirao.memory import operations as memory
from mutirao.network.models import Person, Territory
from mutirao.payments.models import Charge
from mutirao.purchasing.operations import award, quote_requests, sharing
from mutirao.territory import operations as territory
from tests import factories
from tests.admission import makers as applying
from tests.journeys.doing import PASSWORD, enter, fits
from tests.notices import factories as noticing
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey


def test_axe_finds_nothing_serious_on_a_phone(
    network: Any, coordinator: Actor, open_page: Any, sign_in: Any, check_accessible: Callable[[Page], None], shot: Any
) -> None:
    story = Story(network, coordinator)
    story.receive()
    sharing.charge_round(story.round, actor=coordinator)
    asking = make.open_round(network, coordinator, title="Açúcar de abril")
    comparing = make.open_round(network, coordinator, title="Potes de maio")
    make.enter(comparing, story.first, coordinator, "10", place=comparing.places.first())
    make.rounds.close_needs(comparing, actor=coordinator)
    make.quote(comparing, coordinator, make.line(make.goods(comparing)[0], "3.00"), freight_minor=900)
    comparing.refresh_from_db()
    award.compare(comparing, actor=coordinator)
    pages = {
        "home": f"/rede/{network.slug}/",
        "round": make.url(story.round),
        "needs": make.url(asking, f"pedidos/{story.first.pk}/"),
        "comparison": make.url(comparing, "comparar/"),
        "charge": f"/rede/{network.slug}/cobrancas/{Charge.objects.earliest('pk').pk}/",
        "accountability": make.url(story.round, "contas/"),
    }
    person = Person.objects.get(pk=coordinator.person_id)
    factories.role(person, "enterprise_coordinator", story.first)
    for dark in (False, True):
        page = open_page(360, 740, dark=dark)
        sign_in(page, person)
        for name, address in pages.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            assert fits(page), name
            check_accessible(page)
            if dark:
                shot(page, f"{name}-dark")


class Around:
    """A network with groups that ask and one that came in, a supplier asked, a territory, partners and memory."""

    def __init__(self, network: Any, coordinator: Actor) -> None:
        self.network, self.coordinator = network, coordinator
        self.base = f"/rede/{network.slug}/"
        self.member = applying.admitted(network, coordinator, name="Padaria da Vila").enterprise
        self.asking, _reviewers = applying.under_review(network, coordinator, how_many=2)
        admission.ask(self.asking, text="Como repartem o que ganham?", actor=coordinator)
        self.group = applying.started(network, name="Costureiras da Praça")

    def answer_page(self) -> str:
        """A supplier's own link."""
        products = [factories.product(name="Arroz"), factories.product(name="Feijão")]
        round_ = make.open_round(self.network, self.coordinator, products=products)
        make.enter(round_, self.member, self.coordinator, "60", "20")
        make.rounds.close_needs(round_, actor=self.coordinator)
        [row] = quote_requests.ask_for_quotes(
            round_, suppliers=[factories.supplier(name="Armazém do Povo")],
            answer_until=clock.now() + dt.timedelta(days=3), actor=self.coordinator,
        )  # fmt: skip
        return f"/cotar/{quote_requests.token_of(row)}/"

    def live_on_the_land(self) -> int:
        """Who makes what where, and a partner; returns the partner's id."""
        north = Territory.objects.create(name="Norte")
        towns = [
            factories.municipality(name="Apiaí", latitude="-24.51000", longitude="-48.84000"),
            factories.municipality(name="Registro", folded="registro", latitude="-24.49000", longitude="-47.84000"),
        ]
        mill = factories.enterprise(name="Farinheira", territory=north, municipality=towns[0])
        bakery = factories.enterprise(name="Padaria do Sul", municipality=towns[1])
        flour, much = factories.product(name="Farinha"), territory.LinkData(quantity=Decimal(40))
        territory.add_link(mill, product=flour, direction="makes", data=much, actor=self.coordinator)
        territory.add_link(bakery, product=flour, direction="uses", data=much, actor=self.coordinator)
        data = territory.PartnerData(
            name="Conselho de Alimentação", kind="council", municipality=towns[0], relationship="Desde 2019"
        )
        partner = territory.add_partner(self.network, data, actor=self.coordinator)
        assert partner is not None
        today = clock.today()
        territory.add_agreement(partner, text="Cede a sala às terças", since=today, actor=self.coordinator)
        territory.set_next_step(partner, what="Levar o pedido", until=today, actor=self.coordinator)
        return int(partner.pk)

    def remember(self) -> int:
        """A moment with a picture, told to everybody; returns its id."""
        data = memory.MomentData(
            title="A ocupação", kind="struggle", day=dt.date(2004, 8, 1), precision="month", text="Éramos trinta."
        )
        moment = memory.write_moment(self.network, data, actor=self.coordinator)
        assert moment is not None
        out = io.BytesIO()
        Image.new("RGB", (600, 400), "sienna").save(out, "PNG")
        picture = accept(ContentFile(out.getvalue(), name="foto.png"), kinds=[Kind.IMAGE])
        shown = memory.KeepsakeData(description="Barracos na serra", shows_nobody=True)
        memory.add_keepsake(moment, shown, file=picture, actor=self.coordinator)
        memory.publish_moment(moment, actor=self.coordinator)
        return int(moment.pk)


def test_axe_finds_nothing_serious_around_the_network(
    network: Any,
    coordinator: Actor,
    open_page: Any,
    check_accessible: Callable[[Page], None],
    shot: Any,
    tmp_path: Any,
    settings: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    around = Around(network, coordinator)
    base, partner, moment = around.base, around.live_on_the_land(), around.remember()
    for_anyone = {
        "asking": f"/associar/{network.slug}/",
        "group": f"/pedido/{around.group.token}/",
        "certificate": f"/certificado/{Certificate.objects.get().code}/",
        "supplier": around.answer_page(),
    }
    for_reviewer = {
        "request": f"{base}admissao/{around.asking.number}/",
        "review": f"{base}admissao/{around.asking.number}/examinar/",
        "standing": f"{base}admissao/empreendimentos/{around.member.pk}/",
        "notices": f"{base}avisos/",
        "notice-choices": f"{base}avisos/como/",
        "team": f"{base}equipe/",
        "leave": f"{base}equipe/delegar/",
        "devices": "/conta/protecao/aparelhos/",
        "map": f"{base}territorio/",
        "actors": f"{base}parceiros/",
        "actor": f"{base}parceiros/{partner}/",
        "timeline": f"{base}memoria/",
        "moment": f"{base}memoria/{moment}/",
    }
    reviewer = factories.person(name="Ana Reis", password=PASSWORD, phone="+55 13 99999-0000")
    factories.role(reviewer, "coordination")
    admission.name_reviewers(around.asking, people=[reviewer], actor=coordinator)
    noticing.tell(network, reviewer, title="Prazo acabando")
    for dark, (width, height) in ((False, (1280, 900)), (False, (360, 740)), (True, (360, 740))):
        page = open_page(width, height, dark=dark)
        for name, address in {**for_anyone, "": "", **for_reviewer}.items():
            if not name:
                enter(page, reviewer)
                continue
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            assert fits(page), f"{name}, {width} px"
            if width == 360:
                check_accessible(page)
            shot(page, f"{name}-{width}{'-dark' if dark else ''}")
