# SPDX-License-Identifier: AGPL-3.0-or-later
"""Legal values that the network's work rests on, each with norm, article and the day it was checked."""

import datetime as dt
from decimal import Decimal

from django.db import migrations

CHECKED = dt.date(2026, 11, 21)
COOP_LAW = "Lei 5.764/1971"

# code, in force from, value, unit, norm, article, note
VALUES = [
    (
        "cooperative.reserve_fund.min_share",
        dt.date(1971, 12, 16),
        "10",
        "percent",
        COOP_LAW,
        "art. 28, I",
        "Fundo de Reserva: parte mínima das sobras líquidas do exercício.",
    ),
    (
        "cooperative.fates.min_share",
        dt.date(1971, 12, 16),
        "5",
        "percent",
        COOP_LAW,
        "art. 28, II",
        "FATES: parte mínima das sobras líquidas do exercício.",
    ),
    (
        "pnae.family_farming.min_share",
        dt.date(2009, 6, 16),
        "30",
        "percent",
        "Lei 11.947/2009",
        "art. 14",
        "Parte mínima dos recursos do FNDE para a agricultura familiar.",
    ),
    (
        "pnae.family_farming.min_share",
        dt.date(2026, 1, 1),
        "45",
        "percent",
        "Lei 15.226/2025",
        "altera a Lei 11.947/2009, art. 14",
        "Parte mínima dos recursos do FNDE para a agricultura familiar desde 2026.",
    ),
]


def insert(apps, schema_editor):
    parameter = apps.get_model("kernel", "LegalParameter")
    for code, valid_from, value, unit, norm, article, note in VALUES:
        parameter.objects.create(
            code=code,
            country="BR",
            valid_from=valid_from,
            value=Decimal(value),
            unit=unit,
            norm=norm,
            article=article,
            note=note,
            checked_on=CHECKED,
        )


def remove(apps, schema_editor):
    apps.get_model("kernel", "LegalParameter").objects.filter(code__in={row[0] for row in VALUES}).delete()


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(insert, remove)]
