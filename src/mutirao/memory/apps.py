# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MemoryConfig(AppConfig):
    name = "mutirao.memory"
    label = "memory"
    default_auto_field = "django.db.models.BigAutoField"
