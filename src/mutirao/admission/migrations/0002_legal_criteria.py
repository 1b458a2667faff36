# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Brazilian law asks of an enterprise of the solidarity economy, as dated parameters: the text is in the note.

Checked against the text published at planalto.gov.br. A value of 1 means that the criterion is asked for; a later row
with 0 would take it back. Who finds a difference adds a dated row; nothing here is overwritten.
"""

import datetime as dt
from decimal import Decimal

from django.db import migrations

CHECKED = dt.date(2026, 11, 22)
LAW = "Lei 15.068/2024"
PUBLISHED = dt.date(2024, 12, 24)
PREFIX = "admission.criterion."

VALUES = [
    (
        "self_management",
        "art. 4º, I",
        "Ser organização autogestionária, cujos membros exerçam coletivamente a gestão das atividades econômicas e a "
        "decisão sobre a partilha dos seus resultados, por meio da administração transparente e democrática, da "
        "soberania assemblear e da singularidade de voto dos associados.",
    ),
    ("members_work", "art. 4º, II", "Ter seus membros diretamente envolvidos na consecução de seu objetivo social."),
    ("fair_trade", "art. 4º, III", "Praticar o comércio de bens ou prestação de serviços de forma justa e solidária."),
    (
        "shared_results",
        "art. 4º, IV",
        "Distribuir os resultados financeiros da atividade econômica de acordo com a deliberação de seus membros, "
        "considerada a proporcionalidade das operações e atividades econômicas realizadas individual e coletivamente.",
    ),
    (
        "purpose_of_surplus",
        "art. 4º, V",
        "Destinar o resultado operacional líquido, quando houver, à consecução de suas finalidades, bem como ao auxílio "
        "a outros empreendimentos equivalentes que estejam em situação precária de constituição ou consolidação, e ao "
        "desenvolvimento comunitário ou à qualificação profissional e social de seus integrantes.",
    ),
    (
        "no_labour_intermediation",
        "art. 4º, § 3º",
        "Não ter como atividade econômica a intermediação de mão de obra subordinada. (Resumo do § 3º: confira a letra "
        "da lei antes de recusar um grupo por este critério.)",
    ),
]


def insert(apps, schema_editor):
    parameter = apps.get_model("kernel", "LegalParameter")
    for code, article, note in VALUES:
        parameter.objects.create(
            code=PREFIX + code,
            country="BR",
            valid_from=PUBLISHED,
            value=Decimal(1),
            unit="criterion",
            norm=LAW,
            article=article,
            note=note,
            checked_on=CHECKED,
        )


def remove(apps, schema_editor):
    apps.get_model("kernel", "LegalParameter").objects.filter(code__startswith=PREFIX).delete()


class Migration(migrations.Migration):
    dependencies = [("admission", "0001_initial"), ("kernel", "0002_legal_parameters")]
    operations = [migrations.RunPython(insert, remove)]
