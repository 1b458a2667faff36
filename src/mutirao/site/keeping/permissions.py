# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be done with all that a network keeps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.acts import declare
from mutirao.network import roles

EXPORT_NETWORK = declare(
    "network.export", _("Levar uma cópia de tudo o que a rede tem"), network_roles={roles.COORDINATION}
)
