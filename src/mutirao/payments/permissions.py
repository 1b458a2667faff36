# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees and who moves money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_CHARGES = declare(
    "payments.see",
    _("Ver cobranças e pagamentos"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES | r.OUTSIDE_ROLES,
)
ISSUE_CHARGES = declare(
    "payments.issue", _("Emitir e cancelar cobranças"), network_roles={r.COORDINATION, r.PURCHASING, r.TREASURY}
)
RECORD_PAYMENTS = declare(
    "payments.record", _("Registrar pagamentos e baixar extratos do banco"), network_roles={r.TREASURY}
)
GRANT_CREDIT = declare(
    "payments.grant_credit",
    _("Dar crédito a um empreendimento, com motivo"),
    network_roles={r.COORDINATION, r.PURCHASING, r.TREASURY},
)
WRITE_OFF = declare("payments.write_off", _("Dar baixa em cobrança sem pagamento"), network_roles={r.COORDINATION})
SEE_BILLS = declare("payments.see_bills", _("Ver contas a pagar"), network_roles=r.NETWORK_ROLES)
REGISTER_BILLS = declare(
    "payments.register_bills",
    _("Lançar e corrigir contas a pagar"),
    network_roles={r.COORDINATION, r.PURCHASING, r.TREASURY},
)
PAY_BILLS = declare("payments.pay_bills", _("Pagar fornecedores"), network_roles={r.TREASURY})
EDIT_SETTINGS = declare("payments.settings", _("Mudar a chave Pix da rede"), network_roles={r.COORDINATION, r.TREASURY})
