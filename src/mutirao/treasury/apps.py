# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "mutirao.treasury"
    label = "treasury"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Subscribed handlers and panels take effect by being imported.
        from . import handlers, panels  # noqa: F401, PLC0415
