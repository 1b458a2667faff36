# SPDX-License-Identifier: AGPL-3.0-or-later
"""Import of enterprises, with somebody to call at each (N1).

An enterprise is the same by its registration, else by its name whatever accents and capitals. Empty cells leave what
is there as it is. Several rows of one enterprise bring several contacts.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from mutirao.network import permissions
from mutirao.network.importing.enterprises.columns import COLUMNS, CONTACT_COLUMNS, guess_legal_form
from mutirao.network.importing.enterprises.planning import Wanted, plan_enterprises
from mutirao.network.importing.enterprises.writing import write_enterprises
from mutirao.network.importing.plans import ImportPlan
from mutirao.network.importing.registry import Context, ImportKind, register

__all__ = [
    "COLUMNS",
    "CONTACT_COLUMNS",
    "ENTERPRISES",
    "Wanted",
    "apply_enterprises",
    "guess_legal_form",
    "plan_enterprises",
    "write_enterprises",
]


def apply_enterprises(plan: ImportPlan, context: Context) -> None:
    """Write the plan."""
    write_enterprises(context.network, changes=[*plan.new, *plan.changed], actor=context.actor)


ENTERPRISES = register(
    ImportKind(
        code="enterprises",
        label=gettext_lazy("Empreendimentos"),
        purpose=gettext_lazy("Cooperativas, associações e grupos da rede, com quem chamar em cada um."),
        columns=COLUMNS,
        plan=plan_enterprises,
        apply=apply_enterprises,
        acts=(permissions.ADD_ENTERPRISE, permissions.EDIT_ENTERPRISE),
        aliases=("empreendimentos", "enterprise"),
        order=10,
        notes=(
            gettext_lazy("Um empreendimento é o mesmo pelo número do registro; sem ele, pelo nome."),
            gettext_lazy("Célula vazia não apaga nada: o que já está cadastrado fica."),
        ),
    )
)
