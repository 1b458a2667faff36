# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may do with products and suppliers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_CATALOGUE = declare(
    "catalogue.see", _("Ver produtos e fornecedores"), network_roles=r.EVERYBODY, enterprise_roles=r.ENTERPRISE_ROLES
)
EDIT_CATALOGUE = declare(
    "catalogue.edit", _("Cadastrar produtos e fornecedores"), network_roles={r.COORDINATION, r.PURCHASING}
)
