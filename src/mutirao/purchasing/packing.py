# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a round says by what packs it buys a good."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.kernel import formats

BY_QUOTES = Decimal(1)
"""The pack of a good for which none was said: the smallest that suppliers quote."""


def pack_words(pack_size: Decimal, minimum_packs: int, unit: str) -> str:
    """As “de 3 em 3 kg, pelo menos 2 pacotes”; empty where the quotes decide and there is no minimum."""
    said = []
    if pack_size != BY_QUOTES:
        params = {"number": formats.number(pack_size), "quantity": formats.quantity(pack_size, unit)}
        said.append(_("de %(number)s em %(quantity)s") % params)
    if minimum_packs:
        words = ngettext("pelo menos %(count)s pacote", "pelo menos %(count)s pacotes", minimum_packs)
        said.append(words % {"count": formats.number(Decimal(minimum_packs))})
    return ", ".join(said)
