# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "mutirao.admission"
    label = "admission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts, subscribed handlers, words of the trail and panels take effect by being imported.
        from . import duties, finding, handlers, notifying, panels, permissions  # noqa: F401, PLC0415
