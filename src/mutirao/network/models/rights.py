# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roles, and how one comes to act in them: invitations, delegations."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.errors import Words
from mutirao.kernel.tenancy import TenantModel
from mutirao.network import roles
from mutirao.network.models.enterprises import Enterprise
from mutirao.network.models.people import Person


class RoleAssignment(TenantModel):
    """A role that a person holds in the network or in one enterprise, from a day to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    role = models.CharField(_("papel"), max_length=30)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="assignments")
    since = models.DateField(_("desde"), default=clock.today)
    until = models.DateField(_("até"), null=True, blank=True, help_text="The first day it is no longer held")
    scope = models.CharField(
        _("partes do programa"), max_length=200, blank=True, help_text="Of a consultancy: codes of modules, by spaces"
    )
    task = models.CharField(_("o que faz"), max_length=200, blank=True)
    given_at = models.DateTimeField(
        default=clock.now, help_text="When it was written down, whatever day it is held from"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=roles.CONSULTANT)
                | (models.Q(until__isnull=False) & ~models.Q(scope="") & ~models.Q(task="")),
                name="role_consultancy_with_scope_and_end",
            ),
            # Two constraints: SQLite always takes two empty enterprises for different.
            models.UniqueConstraint(
                fields=["network", "person", "role", "enterprise"],
                condition=models.Q(until__isnull=True, enterprise__isnull=False),
                name="role_held_once_in_enterprise",
            ),
            models.UniqueConstraint(
                fields=["network", "person", "role"],
                condition=models.Q(until__isnull=True, enterprise__isnull=True),
                name="role_held_once_in_network",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role_label}"

    @staticmethod
    def held_on(day: dt.date) -> models.Q:
        """Roles held on a day, by people whose account is open."""
        started = models.Q(since__lte=day, person__is_active=True)
        return started & (models.Q(until__isnull=True) | models.Q(until__gt=day))

    def is_held_on(self, day: dt.date) -> bool:
        """Whether it is held on a day, as far as the account is open."""
        return self.since <= day and (self.until is None or day < self.until)

    @property
    def role_label(self) -> Words:
        """The role's name in the reader's language."""
        return roles.label(self.role)

    @property
    def parts(self) -> frozenset[str] | None:
        """The parts of the program it is bound to; None for a role without such bounds."""
        return frozenset(self.scope.split()) if self.scope else None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it is held."""
        return self.until - dt.timedelta(days=1) if self.until else None


class Invitation(TenantModel):
    """An invitation into a role by link; only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("nome"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("papel"), max_length=30)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="invitations")
    role_until = models.DateField(null=True, blank=True, help_text="The first day the role is no longer held")
    scope = models.CharField(max_length=200, blank=True)
    task = models.CharField(max_length=200, blank=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="None: the command")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name}: {self.role_label}" if self.name else str(self.role_label)

    def is_usable(self, moment: dt.datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and moment < self.expires_at

    @property
    def role_label(self) -> Words:
        """The role's name in the reader's language."""
        return roles.label(self.role)

    @property
    def parts(self) -> frozenset[str] | None:
        """The parts of the program that the role will be bound to; None for a role without such bounds."""
        return frozenset(self.scope.split()) if self.scope else None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which the role will be held."""
        return self.role_until - dt.timedelta(days=1) if self.role_until else None


class Delegation(TenantModel):
    """A role left to somebody while its holder is away; it points to the role and ends with it."""

    assignment = models.ForeignKey(RoleAssignment, models.CASCADE, related_name="delegations")
    to_person = models.ForeignKey(Person, models.PROTECT, related_name="delegations_received")
    since = models.DateField(_("de"))
    until = models.DateField(_("até"), help_text="The first day it is no longer in force")
    reason = models.CharField(_("motivo"), max_length=200)
    given_at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="delegation_lasts_a_day"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="delegation_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.to_person}"

    @staticmethod
    def in_force_on(day: dt.date) -> models.Q:
        """Delegations in force on a day, of roles that their holder still holds."""
        here = models.Q(since__lte=day, until__gt=day, taken_back_at__isnull=True, to_person__is_active=True)
        started = models.Q(assignment__since__lte=day, assignment__person__is_active=True)
        lasting = models.Q(assignment__until__isnull=True) | models.Q(assignment__until__gt=day)
        return here & started & lasting

    @property
    def last_day(self) -> dt.date:
        """The last day on which it is in force."""
        return self.until - dt.timedelta(days=1)
