# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may do with the memory of the network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_MEMORY = declare(
    "memory.see",
    _("Ver a memória da rede e de cada empreendimento"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES,
)
WRITE_MEMORY = declare(
    "memory.write",
    _("Contar um momento e anotar autorizações de imagem"),
    # The fiscal council and consultants read; they change nothing.
    network_roles=r.NETWORK_ROLES - {r.COUNCIL, r.CONSULTANT},
    enterprise_roles=r.ENTERPRISE_ROLES,
)
PUBLISHERS = frozenset({r.COORDINATION, r.ADMINISTRATION, r.TRAINING})
"""Who of the network's team publishes."""
PUBLISH_MEMORY = declare(
    "memory.publish",
    _("Publicar momentos na linha do tempo"),
    network_roles=PUBLISHERS,
    enterprise_roles={r.ENTERPRISE_COORDINATOR},
)
