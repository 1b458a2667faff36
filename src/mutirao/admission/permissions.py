# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees requests to join, who runs them, who speaks for an enterprise about its own standing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE = declare("admission.see", _("Ver os pedidos de entrada na rede"), network_roles=r.NETWORK_ROLES)
MANAGE = declare(
    "admission.manage",
    _("Conduzir pedidos de entrada: nomear quem examina, registrar decisões, emitir certificados"),
    network_roles={r.COORDINATION},
)
VISIT = declare("admission.visit", _("Relatar visita a um grupo que quer entrar"), network_roles=r.NETWORK_ROLES)
REFER = declare(
    "admission.refer",
    _("Dar referência de um grupo que quer entrar"),
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
SEE_STANDING = declare(
    "admission.see_standing",
    _("Ver a situação e o certificado do empreendimento na rede"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES | r.OUTSIDE_ROLES,
)
SPEAK = declare(
    "admission.speak",
    _("Responder pelo empreendimento sobre sua situação: ser ouvido, recorrer, renovar, sair"),
    enterprise_roles={r.ENTERPRISE_COORDINATOR, r.OUTSIDE_COORDINATOR},
)
SANCTION = declare(
    "admission.sanction", _("Suspender e excluir, com motivo e direito de defesa"), network_roles={r.COORDINATION}
)
RECORD_APPEAL = declare(
    "admission.record_appeal",
    _("Registrar o que a assembleia decidiu sobre um recurso"),
    network_roles={r.COORDINATION, r.COUNCIL},
)
EDIT_RULES = declare("admission.rules", _("Mudar as regras de entrada na rede"), network_roles={r.COORDINATION})
