# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "mutirao.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and subscribed handlers take effect by being imported.
        from . import finding, handlers, permissions, trail  # noqa: F401, PLC0415
