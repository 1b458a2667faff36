# SPDX-License-Identifier: AGPL-3.0-or-later
"""The memory as a printed booklet (A5), with what everybody shown allowed for it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats, pdf
from mutirao.kernel.actors import Actor
from mutirao.kernel.uploads import Kind, accept
from mutirao.memory import queries
from mutirao.memory.core.periods import by_period
from mutirao.memory.errors import NothingForBooklet
from mutirao.memory.models import Keepsake, Moment
from mutirao.network.models import Enterprise, Network

PRINTED_SIDE = 1200
"""Pixels of a photo's longer side: 258 to the inch over the 118 mm of a column; larger files could not be sent on."""
TEMPLATE = Path(__file__).parent / "print" / "booklet.typ"
MOST_MOMENTS, MOST_PHOTOS = 300, 120
"""Beyond it a booklet is no booklet; the credits say that there is more."""


def when(moment: Moment) -> str:
    """The day as exactly as it is remembered, to begin a line: "3 de março de 2012", "Março de 2012", "2012", "Década
    de 1980"."""
    return capfirst(when_words(moment.day.year, moment.day.month, moment.precision) or formats.date(moment.day, "long"))


def when_words(year: int, month: int, precision: str) -> str:
    """Words for what is known to the month, year or decade; empty for a day."""
    if precision == Moment.Precision.DECADE:
        return _("década de %(year)s") % {"year": year - year % 10}
    if precision == Moment.Precision.YEAR:
        return str(year)
    if precision == Moment.Precision.MONTH:
        return _("%(month)s de %(year)s") % {"month": MONTHS[month], "year": year}
    return ""


def period_title(year: int, is_decade: bool) -> str:
    """The heading above a period."""
    return _("Década de %(year)s") % {"year": year} if is_decade else str(year)


def booklet_pdf(
    network: Network, *, actor: Actor, enterprise: Enterprise | None, horizons: Collection[str], foreword: str = ""
) -> bytes:
    """The booklet of a network or of one enterprise, for the horizons chosen, in the network's language.

    Raises: NothingForBooklet.
    """
    pages, has_more = queries.booklet_pages(actor, enterprise=enterprise, horizons=horizons, most=MOST_MOMENTS)
    if not pages:
        raise NothingForBooklet
    # The stories are told in the network's language, whoever prints them: the words around them are too.
    with translation.override(network.language):
        files: dict[str, bytes] = {}
        data = _laid_out(network, pages, files, enterprise=enterprise, horizons=horizons, foreword=foreword)
        data["credits"] = _credits(
            pages, network, more_moments=has_more, more_photos=sum(len(page.photos) for page in pages) > MOST_PHOTOS
        )
        return pdf.render(TEMPLATE, data, made_at=clock.now(), files=files)


def _laid_out(
    network: Network,
    pages: Collection[queries.Page],
    files: dict[str, bytes],
    *,
    enterprise: Enterprise | None,
    horizons: Collection[str],
    foreword: str,
) -> dict[str, Any]:
    told = {page.moment.pk: _moment(page, files, whole_network=enterprise is None) for page in pages}
    periods = by_period((page.moment.day, page.moment.precision, page.moment.pk) for page in pages)  # type: ignore[misc]
    owner = enterprise.name if enterprise else network.name
    names = [str(label) for code, label in Moment.Horizon.choices if code in horizons]
    return {
        "lang": network.language.split("-")[0],
        "author": network.name,
        "kicker": network.name,
        "title": _("Memória: %(name)s") % {"name": owner},
        "subtitle": ", ".join(names).capitalize(),
        "made": _("Feito em %(day)s por quem viveu.") % {"day": formats.date(clock.today(), "long")},
        "foreword": foreword,
        "periods": [
            {"title": period_title(one.year, one.is_decade), "moments": [told[pk] for pk in one.items]}
            for one in reversed(periods)
        ],
        "words": {"credits": _("Quem fez e quem aparece")},
    }


def _moment(page: queries.Page, files: dict[str, bytes], *, whole_network: bool) -> dict[str, Any]:
    moment = page.moment
    parts = [when(moment), moment.place]
    if whole_network and moment.enterprise is not None:
        parts.append(moment.enterprise.name)
    return {
        "when": " · ".join(part for part in parts if part),
        "title": moment.title,
        "text": [line.strip() for line in moment.text.splitlines() if line.strip()],
        "photos": [
            _photo(photo, files)
            for photo in page.photos
            if len(files) < MOST_PHOTOS and photo.file.storage.exists(str(photo.file.name))
        ],
        "others": [_other(one) for one in page.others],
    }


def _photo(photo: Keepsake, files: dict[str, bytes]) -> dict[str, str]:
    name = f"{photo.pk}.jpg"
    with photo.file.open("rb") as handle:
        files[name] = accept(handle, [Kind.IMAGE], longest_side=PRINTED_SIDE).content
    names = ", ".join(one.name for one in photo.portrayals.all())
    caption = " ".join(part for part in (_sentence(photo.description), _sentence(names)) if part)
    return {"file": name, "alt": photo.description, "caption": caption}


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def _other(keepsake: Keepsake) -> dict[str, str]:
    text = keepsake.description
    if keepsake.transcription:
        text = f"{_sentence(text)} “{' '.join(keepsake.transcription.split())}”"
    return {"label": str(keepsake.get_kind_display()).capitalize(), "text": text}


def _credits(pages: Collection[queries.Page], network: Network, *, more_moments: bool, more_photos: bool) -> list[str]:
    writers = sorted({str(page.moment.written_by) for page in pages if page.moment.written_by})
    people = sorted({name for page in pages for name in page.people})
    owners = sorted({one.credit for page in pages for one in (*page.photos, *page.others) if one.credit})
    lines = []
    if writers:
        lines.append(_("Contaram: %(names)s.") % {"names": ", ".join(writers)})
    if people:
        lines.append(_("Aparecem, com autorização: %(names)s.") % {"names": ", ".join(people)})
    if owners:
        lines.append(_("Fotos, documentos e áudios de: %(names)s.") % {"names": ", ".join(owners)})
    if more_moments:
        lines.append(_("Há mais momentos na linha do tempo da rede."))
    if more_photos:
        lines.append(_("Há mais fotos na linha do tempo da rede."))
    lines.append(
        _("%(network)s guarda esta memória. Quem aparece pode pedir para sair, a qualquer hora.")
        % {"network": network.name}
    )
    return lines
