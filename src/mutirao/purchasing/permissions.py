# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may do with purchase rounds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

TEAM = {r.COORDINATION, r.PURCHASING}

SEE_ROUNDS = declare(
    "purchasing.see", _("Ver rodadas de compra"), network_roles=r.EVERYBODY, enterprise_roles=r.ENTERPRISE_ROLES
)
SEE_ACCOUNTABILITY = declare(
    "purchasing.see_accountability",
    _("Ver a prestação de contas das rodadas"),
    network_roles=r.EVERYBODY,
    enterprise_roles=r.ENTERPRISE_ROLES,
)
RUN_ROUND = declare("purchasing.run_round", _("Abrir, prorrogar, fechar e cancelar rodadas"), network_roles=TEAM)
ENTER_NEEDS = declare(
    "purchasing.enter_needs",
    _("Informar o que o empreendimento precisa"),
    network_roles=TEAM,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
SEE_NEEDS_OF_ALL = declare("purchasing.see_needs", _("Ver os pedidos de todos"), network_roles=r.NETWORK_ROLES)
ENTER_QUOTES = declare("purchasing.enter_quotes", _("Cadastrar cotações"), network_roles=TEAM)
SEE_QUOTES = declare(
    "purchasing.see_quotes",
    _("Ver cotações"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
AWARD = declare("purchasing.award", _("Escolher de quem comprar"), network_roles=TEAM)
ORDER = declare("purchasing.order", _("Enviar pedidos aos fornecedores"), network_roles=TEAM)
RECEIVE = declare("purchasing.receive", _("Conferir e registrar o recebimento"), network_roles=TEAM)
CHARGE = declare("purchasing.charge", _("Repartir custos e cobrar uma rodada"), network_roles=TEAM | {r.TREASURY})
EDIT_SETTINGS = declare("purchasing.settings", _("Mudar as regras de compra da rede"), network_roles={r.COORDINATION})
