# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "mutirao.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declared acts and subscribed handlers take effect by being imported.
        from . import (  # noqa: PLC0415
            duties,  # noqa: F401
            finding,  # noqa: F401
            handlers,  # noqa: F401
            notifying,  # noqa: F401
            panels,  # noqa: F401
            permissions,  # noqa: F401
            sources,  # noqa: F401
            waiting,  # noqa: F401
        )
