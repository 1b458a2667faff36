# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "mutirao.purchasing"
    label = "purchasing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and subscribed handlers take effect by being imported.
        from . import duties, handlers, panels, permissions  # noqa: F401, PLC0415
        from .handlers import outside  # noqa: F401, PLC0415
