# SPDX-License-Identifier: AGPL-3.0-or-later
"""Countries by name, in the reader's language to choose from and in any of several languages to be recognised."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import InvalidValue
from mutirao.network.core import countries

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
_READ_IN = ("pt_BR", "es", "fr", "en", "de", "it", "ca", "pt_PT")
_ALSO = {
    "uk": "GB", "great britain": "GB", "england": "GB", "inglaterra": "GB", "angleterre": "GB", "scotland": "GB",
    "usa": "US", "eua": "US", "eeuu": "US", "ee uu": "US", "estados unidos da america": "US",
    "estados unidos de america": "US", "holanda": "NL", "brasil": "BR",
}  # fmt: skip


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """The two letters of every country."""
    return frozenset(
        code
        for code in map(str, Locale("en").territories)
        if len(code) == 2 and code.isalpha() and code.isascii() and code not in _NO_COUNTRIES
    )


def choices() -> list[tuple[str, str]]:
    """Every country with its name in the reader's language, in the order of the names."""
    return sorted(((code, formats.country_name(code)) for code in known()), key=lambda pair: fold(pair[1]))


def founding_choices() -> list[tuple[str, str]]:
    """The countries whose money and clock are known here: where a network can begin."""
    return sorted(((code, formats.country_name(code)) for code in countries.codes()), key=lambda pair: fold(pair[1]))


def currency_choices() -> list[tuple[str, str]]:
    """The currencies of those countries with their names in the reader's language."""
    named = ((code, f"{formats.currency_name(code)} ({code})") for code in countries.currencies())
    return sorted(named, key=lambda pair: fold(pair[1]))


def time_zone_choices(country: str, current: str = "") -> list[tuple[str, str]]:
    """The clocks of a country by their cities, with the one in use."""
    zones = {zone for zone, territory in get_global("zone_territories").items() if territory == country}
    zones &= available_timezones()
    zones |= {countries.country(country).time_zone} | ({current} if current else set())
    return [(zone, zone.replace("_", " ").replace("/", " / ")) for zone in sorted(zones)]


def require_country(code: str) -> str:
    """The code, in capitals. Raises: InvalidValue for what is no country."""
    capitals = code.strip().upper()
    if capitals not in known():
        raise InvalidValue(_("Escolha o país na lista."), field="country")
    return capitals


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found = {_folded(name): code for name, code in _ALSO.items()}
    for language in _READ_IN:
        names = Locale.parse(language).territories
        found |= {_folded(names[code]): code for code in known() if code in names}
    return found


def _folded(name: str) -> str:
    return " ".join("".join(mark if mark.isalnum() else " " for mark in fold(name)).split())


def find(text: str) -> str | None:
    """The country of a name in one of several languages, or of its two letters; None for anything else."""
    typed = text.strip()
    if typed.upper() in known():
        return typed.upper()
    return _by_name().get(_folded(typed))
