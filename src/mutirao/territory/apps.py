# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "mutirao.territory"
    label = "territory"
    default_auto_field = "django.db.models.BigAutoField"
