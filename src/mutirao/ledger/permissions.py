# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who reads and who writes the books."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_NETWORK_BOOK = declare("ledger.see_network", _("Ler os livros da rede"), network_roles=r.NETWORK_ROLES)
SEE_ENTERPRISE_BOOK = declare(
    "ledger.see_enterprise",
    _("Ler os livros de um empreendimento"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES | r.OUTSIDE_ROLES,
)
POST_ENTRIES = declare("ledger.post", _("Lançar e estornar nos livros"), network_roles={r.ACCOUNTANT})
CLOSE_PERIOD = declare("ledger.close_period", _("Fechar e reabrir o mês"), network_roles={r.ACCOUNTANT})
EDIT_ACCOUNTS = declare("ledger.edit_accounts", _("Criar, renomear e fechar contas"), network_roles={r.ACCOUNTANT})
