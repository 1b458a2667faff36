# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "mutirao.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and subscribed handlers take effect by being imported.
        from . import duties, finding, handlers, notifying, panels, permissions, waiting  # noqa: F401, PLC0415
