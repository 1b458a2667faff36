# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue's acts as the trail says them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.network.trail import Subject, describe

describe(
    acts={
        "catalogue.product_added": _("Cadastrou um produto"),
        "catalogue.product_edited": _("Mudou um produto"),
        "catalogue.product_retired": _("Tirou um produto de uso"),
        "catalogue.product_reused": _("Voltou a usar um produto"),
        "catalogue.category_added": _("Criou uma categoria"),
        "catalogue.supplier_added": _("Cadastrou um fornecedor"),
        "catalogue.supplier_edited": _("Mudou um fornecedor"),
        "catalogue.supplier_retired": _("Tirou um fornecedor de uso"),
        "catalogue.supplier_reused": _("Voltou a usar um fornecedor"),
    },
    fields={
        "unit": _("unidade"), "category": _("categoria"), "ncm": _("NCM"), "description": _("descrição"),
        "weight_kg": _("peso de uma unidade (kg)"), "is_solidarity": _("da economia solidária"),
        "is_local": _("do território"), "contact_name": _("com quem falar"),
    },
    subjects={
        "catalogue.product": Subject(_("produto"), "catalogue:product"),
        "catalogue.supplier": Subject(_("fornecedor"), "catalogue:supplier"),
        "catalogue.category": Subject(_("categoria")),
    },
)  # fmt: skip
