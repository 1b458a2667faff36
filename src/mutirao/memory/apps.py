# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MemoryConfig(AppConfig):
    name = "mutirao.memory"
    label = "memory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and registered panels take effect by being imported.
        from . import finding, notifying, panels, permissions, waiting, withholding  # noqa: F401, PLC0415
