# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading dated legal parameters."""

from __future__ import annotations

import datetime as dt

from mutirao.kernel.models import LegalParameter


def legal_value(code: str, *, on: dt.date, country: str = "BR") -> LegalParameter:
    """The parameter in force on a day, with its norm and article.

    Raises: LookupError when none is known for that day: the law then has to be looked up, not guessed.
    """
    row = LegalParameter.objects.filter(country=country, code=code, valid_from__lte=on).order_by("-valid_from").first()
    if row is None:
        raise LookupError(f"no legal value {country} {code} on {on}")
    return row
