# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may do with a network, its people and its enterprises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

OFFICE = {r.COORDINATION, r.ADMINISTRATION, r.PURCHASING}
"""Who keeps the network's registers."""

SEE_NETWORK = declare(
    "network.see",
    _("Ver a rede e seus empreendimentos"),
    network_roles=r.EVERYBODY,
    enterprise_roles=r.ENTERPRISE_ROLES,
    basic=True,
)
SEE_TEAM = declare(
    "network.see_team",
    _("Ver a equipe técnica: quem faz o quê e como falar com cada pessoa"),
    network_roles=r.EVERYBODY,
    enterprise_roles=r.ENTERPRISE_ROLES,
    basic=True,
)
EDIT_NETWORK = declare("network.edit", _("Mudar os dados e as regras da rede"), network_roles={r.COORDINATION})
ADD_ENTERPRISE = declare("network.add_enterprise", _("Cadastrar empreendimentos"), network_roles=OFFICE)
EDIT_ENTERPRISE = declare(
    "network.edit_enterprise",
    _("Mudar os dados de um empreendimento"),
    network_roles=OFFICE,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
RECOGNISE_FOUNDERS = declare(
    "network.recognise_founders",
    _("Reconhecer fundadores pela ata, e encerrar a fundação"),
    network_roles={r.COORDINATION},
)
GRANT_NETWORK_ROLES = declare(
    "network.grant_network_roles", _("Dar e tirar papéis na rede"), network_roles={r.COORDINATION}, personal=True
)
GRANT_ENTERPRISE_ROLES = declare(
    "network.grant_enterprise_roles",
    _("Convidar pessoas para um empreendimento"),
    network_roles=OFFICE,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
    personal=True,
)
SEE_PEOPLE = declare(
    "network.see_people",
    _("Ver as pessoas da rede e seus papéis"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
SEE_AUDIT = declare(
    "network.see_audit",
    _("Ler o registro de tudo o que foi feito"),
    network_roles={r.COORDINATION, r.COUNCIL, r.ACCOUNTANT},
)
IMPORT_DATA = declare("network.import", _("Importar planilhas"), network_roles=OFFICE)
DISMISS = declare(
    "network.dismiss", _("Desligar uma pessoa da rede, na hora"), network_roles={r.COORDINATION}, personal=True
)
PROTECT_ACCOUNTS = declare(
    "network.protect_accounts",
    _("Decidir que papéis pedem a confirmação em duas etapas, e refazer a de quem a perdeu (sempre duas pessoas)"),
    network_roles={r.COORDINATION},
    personal=True,
)
STOP_RESET = declare(
    "network.stop_reset",
    _("Parar o pedido de refazer a confirmação em duas etapas de alguém"),
    network_roles={r.COORDINATION, r.COUNCIL},
)
