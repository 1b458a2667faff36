# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may do with the map of the territory and with its actors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_TERRITORY = declare(
    "territory.see",
    _("Ver quem produz o quê e onde"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES,
)
EDIT_CHAIN = declare(
    "territory.edit_chain",
    _("Dizer o que um empreendimento produz e usa"),
    network_roles={r.COORDINATION, r.PURCHASING, r.PRODUCTION, r.SALES},
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
SEE_PARTNERS = declare(
    "territory.see_actors",
    _("Ver os parceiros do território e o que foi combinado"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES,
)
SEE_PARTNER_PEOPLE = declare(
    "territory.see_actor_people",
    _("Ver com quem falar em cada parceiro"),
    network_roles=r.NETWORK_ROLES - {r.CONSULTANT},
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
EDITORS = frozenset({r.COORDINATION, r.ADMINISTRATION, r.PURCHASING, r.PRODUCTION, r.SALES, r.TRAINING})
"""Who keeps partners, and prepares proposals to public calls."""
EDIT_PARTNERS = declare(
    "territory.edit_actors",
    _("Cadastrar parceiros, conversas, combinados e chamadas públicas"),
    network_roles=EDITORS,
)
