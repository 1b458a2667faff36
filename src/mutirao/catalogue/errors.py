# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with products and suppliers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError


class ProductAlreadyThere(DomainError):
    code = "product_already_there"
    field = "name"
    message = _("Já existe o produto “%(name)s” em %(unit)s.")
    next_step = _("Use o que já existe, ou dê outro nome ou outra unidade.")


class SupplierAlreadyThere(DomainError):
    """A supplier with that name or registration is in the network already; `message` says which."""

    code = "supplier_already_there"
    next_step = _("Procure na lista de fornecedores; talvez ele só esteja fora de uso.")
