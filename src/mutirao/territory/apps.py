# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "mutirao.territory"
    label = "territory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and registered panels take effect by being imported.
        from . import finding, notifying, panels, permissions, waiting  # noqa: F401, PLC0415
