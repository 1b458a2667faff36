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
    CONFIRM_AFTER_DAYS = 30

    second_factor_roles = models.JSONField(default=list)
    second_factor_since = models.JSONField(default=dict, help_text="Role → the day (ISO) since when the rule names it")
    grace_days = models.PositiveSmallIntegerField(default=GRACE_DAYS)
    reset_wait_hours = models.PositiveSmallIntegerField(default=RESET_HOURS)
    confirm_after_days = models.PositiveSmallIntegerField(default=CONFIRM_AFTER_DAYS)
    stricter = models.JSONField(
        default=dict, help_text="What held before it was loosened, and the day (ISO) until it still does"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network"], name="account_rules_once"),
            models.CheckConstraint(
                condition=models.Q(reset_wait_hours__gte=1, grace_days__lte=365, confirm_after_days__gte=1),
                name="account_rules_within_reason",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.second_factor_roles)

    def wanted_since(self, role: str) -> dt.date:
        """Since when the rule names a role; the beginning of time where the network never decided."""
        day = self.second_factor_since.get(role)
        return dt.date.fromisoformat(day) if day else dt.date.min

    @property
    def stricter_until(self) -> dt.date | None:
        """The first day on which what was loosened holds; None where nothing was."""
        return dt.date.fromisoformat(self.stricter["until"]) if self.stricter else None

    @property
    def still_stricter(self) -> bool:
        """Whether what was loosened does not hold yet."""
        return self.stricter_until is not None and clock.today() < self.stricter_until

    def recovery_on(self, day: dt.date) -> tuple[int, int]:
        """Hours that a reset waits, and days of coordinating that it takes to ask or confirm one. What was loosened
        holds only after the days that it took before: whoever may loosen it could otherwise do so and reset at once."""
        hours, days = self.reset_wait_hours, self.confirm_after_days
        if self.stricter_until and day < self.stricter_until:
            return max(hours, self.stricter["hours"]), max(days, self.stricter["days"])
        return hours, days


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
