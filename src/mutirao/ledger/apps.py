# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mutirao.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and subscribed handlers take effect by being imported.
        from . import handlers, panels, permissions  # noqa: F401, PLC0415
