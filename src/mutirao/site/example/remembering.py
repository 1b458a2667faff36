# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the territory and the memory of the example network through the operations that the screens call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from mutirao.catalogue.models import Product
from mutirao.catalogue.operations import ProductData, add_product
from mutirao.kernel import clock
from mutirao.kernel.uploads import Kind, accept
from mutirao.memory import operations as memory
from mutirao.memory.core.periods import day_of
from mutirao.memory.operations import KeepsakeData, MomentData
from mutirao.network.models import Municipality
from mutirao.site.example import around, data
from mutirao.territory import operations as territory
from mutirao.territory.models import ChainLink, Partner
from mutirao.territory.operations import CallData, LinkData, LinkWanted, PartnerData, PersonData

INK, RED, PAPER = "#1c1612", "#b2380c", "#faf4e6"
SIZE = (900, 600)


def tell_territory(story: Any) -> None:
    """What is made and used, and who is around."""
    products = dict(story.products)
    for name, unit, category in around.GOODS:
        products[name] = add_product(
            story.network, ProductData(name=name, unit=unit, category=category), actor=story.coordinator
        )
    territory.save_links(story.network, wanted=_links(story, products), actor=story.coordinator)
    partners = {row[0]: _partner(story, products, row) for row in around.PARTNERS}
    _what_happened(story, partners)
    _what_comes(story, partners)


def _links(story: Any, products: dict[str, Product]) -> list[LinkWanted]:
    wanted = []
    for who in data.ENTERPRISES:
        enterprise = story.enterprises[who.name]
        for name, much, months, buyer in around.MAKES[who.name]:
            made = LinkData(quantity=Decimal(much), months=months, sold_to=buyer)
            wanted.append(LinkWanted(enterprise, products[name], ChainLink.Direction.MAKES, made))
        used = {name: round(much * who.size / 3) or 1 for name, much in data.WANTS[who.profile].items()}
        used |= dict(around.USES.get(who.name, ()))
        for name, much in used.items():
            wanted.append(
                LinkWanted(enterprise, products[name], ChainLink.Direction.USES, LinkData(quantity=Decimal(much)))
            )
    return wanted


def _partner(story: Any, products: dict[str, Product], row: tuple[Any, ...]) -> Partner:
    name, kind, city, relationship, enterprises, goods = row
    made = territory.add_partner(
        story.network,
        PartnerData(
            name=name,
            kind=kind,
            municipality=Municipality.objects.get(pk=city),
            relationship=relationship,
            enterprises=[story.enterprises[one] for one in enterprises],
            products=[products[one] for one in goods],
        ),
        actor=story.coordinator,
    )
    if made is None:
        raise AssertionError("a partner without a key is always new")
    return made


def _what_happened(story: Any, partners: dict[str, Partner]) -> None:
    actor = story.coordinator
    for name, people in around.PARTNER_PEOPLE.items():
        for who, duty, phone, why in people:
            person = PersonData(name=who, duty=duty, phone=phone, kept_because=why)
            territory.add_partner_person(partners[name], person, actor=actor)
    for name, agreements in around.AGREEMENTS.items():
        for text, ago, left in agreements:
            since = story.today - dt.timedelta(days=ago)
            until = None if left is None else story.today + dt.timedelta(days=left)
            territory.add_agreement(partners[name], text=text, since=since, until=until, actor=actor)
    for name, meetings in around.MEETINGS.items():
        for ago, who, what in meetings:
            day = story.today - dt.timedelta(days=ago)
            territory.note_meeting(partners[name], held_on=day, who=who, what=what, actor=actor)


def _what_comes(story: Any, partners: dict[str, Partner]) -> None:
    actor = story.coordinator
    for name, what, days, beginning in around.NEXT_STEPS:
        until = story.today + dt.timedelta(days=days)
        by = story.persons[beginning] if beginning else None
        territory.set_next_step(partners[name], what=what, until=until, by=by, actor=actor)
    for name, number, title, opens, closes, value, goods, outcome in around.CALLS:
        territory.add_call(
            partners[name],
            CallData(
                number=f"{number}/{story.today.year}",
                title=title,
                opens_on=story.today + dt.timedelta(days=opens),
                closes_on=story.today + dt.timedelta(days=closes),
                value_minor=value,
                goods=goods,
                outcome=outcome,
            ),
            actor=actor,
        )


# --- memory ----------------------------------------------------------------------------------------------------------


def tell_memory(story: Any) -> None:
    """What is remembered, with a few drawings; the last one, told by a member, waits to be published."""
    for number, (title, kind, told, enterprise, place, text, picture) in enumerate(around.MOMENTS):
        waits = number == len(around.MOMENTS) - 1
        actor = story._actor("socia") if waits else story.coordinator
        day, precision = _when(story.today, told)
        moment = memory.write_moment(
            story.network,
            MomentData(
                title=title,
                kind=kind,
                day=day,
                precision=precision,
                text=text,
                place=place,
                enterprise=story.enterprises[enterprise] if enterprise else None,
            ),
            actor=actor,
        )
        if moment is None:
            raise AssertionError("a moment without a key is always new")
        if picture:
            words = KeepsakeData(description=around.PICTURES[picture], credit="Rede Raízes", shows_nobody=True)
            memory.add_keepsake(moment, words, file=_drawn(picture), actor=actor)
        if not waits:
            with clock.at(min(clock.now(), story.moment(story.today, 8))):
                memory.publish_moment(moment, actor=actor)


def _when(today: dt.date, told: tuple[int, int | None, int | None, bool]) -> tuple[dt.date, str]:
    year, month, day, about = told
    if year > 0:
        return day_of(year, month, day, about=about)
    # So many years before today, and months around that day.
    months = (today.year + year) * 12 + today.month - 1 + (month or 0)
    return min(dt.date(months // 12, months % 12 + 1, min(today.day, 28)), today), "month" if month else "day"


def _drawn(name: str) -> Any:
    """A picture in the manner of a woodcut, drawn here: it shows nobody who exists."""
    sheet = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(sheet)
    DRAWINGS[name](pen)
    pen.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=INK, width=14)
    buffer = BytesIO()
    sheet.save(buffer, "PNG")
    return accept(ContentFile(buffer.getvalue(), name=f"{name}.png"), [Kind.IMAGE])


def _road(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(0, 330), (300, 140), (560, 260), (900, 90), (900, 600), (0, 600)], fill=INK)
    pen.polygon(
        [(380, 600), (560, 600), (500, 420), (560, 330), (530, 235), (515, 240), (530, 330), (450, 420)], fill=PAPER
    )
    for x, y in ((120, 380), (230, 470), (690, 320), (790, 430), (640, 500)):
        pen.rectangle((x - 6, y, x + 6, y + 70), fill=PAPER)
        for dx, dy in ((-60, -20), (-45, -50), (45, -50), (60, -20)):
            pen.line((x, y, x + dx, y + dy), fill=RED, width=18)
    pen.ellipse((690, 20, 770, 100), fill=RED)


def _field(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((370, 60, 530, 220), fill=RED)
    for step in range(12):
        left = 450 + (step - 5.5) * 30
        pen.line((left, 300, 450 + (step - 5.5) * 150, 600), fill=INK, width=14)
    pen.line((0, 300, 900, 300), fill=INK, width=14)
    for step in range(9):
        x = 60 + step * 98
        pen.polygon([(x - 24, 300), (x, 240), (x + 24, 300)], fill=INK)


def _river(pen: ImageDraw.ImageDraw) -> None:
    for x in (90, 350, 620):
        pen.polygon([(x - 20, 250), (x + 90, 140), (x + 200, 250)], fill=RED)
        pen.rectangle((x, 250, x + 180, 430), fill=INK)
        pen.rectangle((x + 65, 310, x + 115, 430), fill=PAPER)
    for row in range(6):
        y = 400 + row * 34
        for step in range(-1, 10):
            x = step * 100 + (row % 2) * 50
            pen.arc((x, y - 24, x + 100, y + 24), 0, 180, fill=INK if row % 2 else RED, width=13)


def _assembly(pen: ImageDraw.ImageDraw) -> None:
    seats = ((450, 130), (610, 165), (720, 260), (700, 385), (580, 465), (320, 465), (200, 385), (180, 260), (290, 165))
    for number, (x, y) in enumerate(seats):
        pen.pieslice((x - 58, y + 12, x + 58, y + 128), 180, 360, fill=RED if number % 2 else INK)
        pen.ellipse((x - 28, y - 44, x + 28, y + 12), fill=INK)
    pen.ellipse((395, 285, 505, 345), outline=INK, width=12)


DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "road": _road, "field": _field, "river": _river, "assembly": _assembly,
}  # fmt: skip
