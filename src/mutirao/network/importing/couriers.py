# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of a list of couriers' co-operatives, as the CoopCycle federation publishes its own: name, city, country,
place on the map, site. It becomes one network, a federation of co-operatives of several countries (F6).

The list says no legal form. It is told by the name ("Coop…", "Scop", "Asso…") or by a site below .coop; where neither
tells it, co-operative: that is whom the federation admits. Those are named, so that somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel.core.text import fold
from mutirao.network import permissions
from mutirao.network.importing import enterprises
from mutirao.network.importing.abroad import CountryName, WebAddress
from mutirao.network.importing.columns import Number, Text
from mutirao.network.importing.plans import ImportPlan, Row
from mutirao.network.importing.registry import Column, Context, ImportKind, register
from mutirao.network.models import Enterprise

COLUMNS = (
    Column("name", gettext_lazy("Nome"), Text(160), ("cooperativa", "coop", "cooperative"), required=True),
    Column("municipality", gettext_lazy("Cidade"), Text(120), ("city", "ciudad", "ville"), required=True),
    Column("country", gettext_lazy("País"), CountryName(), ("pais", "pays", "country"), required=True),
    Column(
        "latitude", gettext_lazy("Latitude"), Number(Decimal(-90), Decimal(90), places=5, rounding=True), ("lat",),
    ),
    Column(
        "longitude", gettext_lazy("Longitude"), Number(Decimal(-180), Decimal(180), places=5, rounding=True),
        ("lon", "lng", "long"),
    ),
    Column("website", gettext_lazy("Site"), WebAddress(), ("url", "website", "site web", "sitio web")),
)  # fmt: skip
_DEFAULT = "cooperative"


def told_form(name: str, website: str) -> str:
    """The legal form that name or site tell; empty where neither does."""
    guessed = enterprises.guess_legal_form(name)
    if guessed in ("cooperative", "association"):
        return guessed
    host = urlsplit(website).hostname or ""
    return "cooperative" if host.endswith(".coop") else ""


def plan_couriers(rows: Sequence[Row], context: Context) -> ImportPlan:
    """What the list would add to the network; what people wrote about an enterprise that is there stays."""
    there = set(Enterprise.objects.values_list("folded", flat=True))
    untold: list[str] = []
    with translation.override(context.network.language):
        told = {"activity": _("entregas de bicicleta"), "value_chain": _("Entregas")}
    ready = []
    for row in rows:
        values: dict[str, Any] = dict(row.values)
        if fold(values["name"]) not in there:
            form = told_form(values["name"], values.get("website") or "")
            if not form:
                untold.append(values["name"])
            values |= {**told, "legal_form": form or _DEFAULT}
        ready.append(Row(row.number, values, row.titles, row.broken))
    plan = enterprises.plan_enterprises(ready, context)
    if untold:
        words = _(
            "Nem o nome nem o site dizem a forma de %(count)s; entram como cooperativa. Confira depois: %(names)s."
        )
        plan.remarks.append(words % {"count": len(untold), "names": ", ".join(untold)})
    if plan.new:
        plan.remarks.append(_("Entram como candidatas: quem decide a entrada é a rede."))
    return plan


COURIERS = register(
    ImportKind(
        code="couriers",
        label=gettext_lazy("Cooperativas de entregas"),
        purpose=gettext_lazy("Uma federação de cooperativas de entregas de vários países, da lista que ela publica."),
        columns=COLUMNS,
        plan=plan_couriers,
        apply=enterprises.apply_enterprises,
        acts=(permissions.ADD_ENTERPRISE, permissions.EDIT_ENTERPRISE),
        aliases=("entregas", "courier_coops"),
        order=70,
        left_aside={"instance": gettext_lazy("o endereço do sistema de entregas de cada uma, que não é trazido")},
        notes=(
            gettext_lazy("A forma vem do nome ou de um site .coop; onde nada diz, cooperativa."),
            gettext_lazy("Importar a lista de novo não duplica nada nem desfaz o que a rede corrigiu."),
        ),
    )
)
