# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may put a motion, and who answers for an enterprise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles as r

SEE_MOTIONS = declare(
    "governance.see",
    _("Ver as decisões e o que cada empreendimento respondeu"),
    network_roles=r.NETWORK_ROLES,
    enterprise_roles=r.ENTERPRISE_ROLES,
)
PUT_MOTION = declare(
    "governance.put_motion", _("Levar uma decisão aos empreendimentos"), network_roles={r.COORDINATION, r.PURCHASING}
)
ANSWER_MOTION = declare(
    "governance.answer", _("Aprovar ou recusar em nome do empreendimento"), enterprise_roles={r.ENTERPRISE_COORDINATOR}
)
RECORD_ANSWER = declare(
    "governance.record_answer",
    _("Anotar a resposta que um empreendimento deu por telefone"),
    network_roles={r.COORDINATION, r.PURCHASING},
)
