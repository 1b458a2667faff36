# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.conf import settings


class KernelConfig(AppConfig):
    name = "mutirao.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django's own announcements about databases, not about rows.
        from django.db.backends.signals import connection_created  # noqa: PLC0415
        from django.db.models.signals import post_migrate  # noqa: PLC0415

        from mutirao.kernel import row_security  # noqa: PLC0415

        if settings.BROKER:
            import mutirao.kernel.broker  # noqa: F401, PLC0415 - tells Celery of jobs from now on

        connection_created.connect(row_security.tell_network)
        post_migrate.connect(row_security.protect_after_migrating, sender=self)
