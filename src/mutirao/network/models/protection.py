# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a network asks of its people's accounts, and how a lost second factor is undone."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models.people import Person


class AccountRules(TenantModel):
    """What a network asks of its people's accounts; where there is no row, the values written here."""

    GRACE_DAYS = 14
    RESET_HOURS = 24

    second_factor_roles = models.JSONField(default=list)
    second_factor_since = models.JSONField(default=dict, help_text="Role → the day (ISO) since when the rule names it")
    grace_days = models.PositiveSmallIntegerField(default=GRACE_DAYS)
    reset_wait_hours = models.PositiveSmallIntegerField(default=RESET_HOURS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network"], name="account_rules_once"),
            models.CheckConstraint(
                condition=models.Q(reset_wait_hours__gte=1) & models.Q(grace_days__lte=365),
                name="account_rules_within_reason",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.second_factor_roles)

    def wanted_since(self, role: str) -> dt.date:
        """Since when the rule names a role; the beginning of time where the network never decided."""
        day = self.second_factor_since.get(role)
        return dt.date.fromisoformat(day) if day else dt.date.min


class SecondFactorReset(TenantModel):
    """The undoing of a second factor that its owner lost: asked by one, confirmed by another, after a time to stop."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="second_factor_resets")
    reason = models.CharField(_("motivo"), max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "person"],
                condition=models.Q(stopped_at__isnull=True, done_at__isnull=True),
                name="second_factor_reset_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | (~models.Q(confirmed_by=models.F("asked_by")) & ~models.Q(confirmed_by=models.F("person"))),
                name="second_factor_reset_by_two",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("person")), name="second_factor_reset_by_others"
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(confirmed_by__isnull=False),
                name="second_factor_reset_confirmed_first",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_open(self) -> bool:
        """Whether it still waits: for a second person, or for its time."""
        return self.stopped_at is None and self.done_at is None
