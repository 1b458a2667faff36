# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of the program as people call them, by the first word of an act's code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import Words

_labels: dict[str, Words] = {
    "network": _("Rede e pessoas"),
    "catalogue": _("Produtos e fornecedores"),
    "governance": _("Decisões"),
    "ledger": _("Livros"),
    "payments": _("Cobranças e pagamentos"),
    "purchasing": _("Compras coletivas"),
    "admission": _("Admissão e associação"),
    "territory": _("Território"),
    "memory": _("Memória"),
    "notices": _("Avisos"),
}


def name(code: str, label: Words) -> None:
    """Give a part of the program its name; called once by a module that is not in the list above."""
    _labels[code] = label


def label(code: str) -> Words:
    """What a part of the program is called; its code when nobody named it."""
    return _labels.get(code, code)


def codes() -> list[str]:
    """The codes of all parts that have a name, by name."""
    return sorted(_labels, key=lambda code: str(_labels[code]).lower())
