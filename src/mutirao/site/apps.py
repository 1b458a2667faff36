# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "mutirao.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What is declared takes effect by being imported.
        from .keeping import declared, upkeep, watching  # noqa: F401, PLC0415

        declared.declare_all()
