# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "mutirao.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
