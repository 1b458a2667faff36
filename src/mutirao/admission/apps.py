# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "mutirao.admission"
    label = "admission"
    default_auto_field = "django.db.models.BigAutoField"
