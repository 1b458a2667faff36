# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading dated legal parameters."""

from __future__ import annotations

import datetime as dt

from mutirao.kernel.models import LegalParameter


def legal_values(prefix: str, *, on: dt.date, country: str = "BR") -> dict[str, LegalParameter]:
    """The parameters in force on a day whose codes begin so, by code, each with its norm and article, the oldest first.

    What is not known for that day is not there: the law then has to be looked up, not guessed.
    """
    rows = LegalParameter.objects.filter(country=country, code__startswith=prefix, valid_from__lte=on)
    return {row.code: row for row in rows.order_by("valid_from", "pk")}
