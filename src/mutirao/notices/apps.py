# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mutirao.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Subscribed handlers take effect by being imported.
        from . import handlers  # noqa: F401, PLC0415
