# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of the kernel: the audit trail, background work and the outbox, dated legal parameters.

`network_id` is a plain number here and not a foreign key: the kernel knows no network, and the trail outlives rows.
0 stands for the installation itself.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.core.chain import Link, leaves, seal


class AuditHead(models.Model):
    """The end of one network's chain; the row that serialises its growth."""

    network_id = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.network_id}: {self.sequence}"


class AuditEntry(models.Model):
    """Who did what, when and why; immutable by database triggers, chained by hash.

    The words (`actor_name`, `subject_label`, `reason`, `data`) are sealed leaf by leaf: `salts` has each leaf's salt.
    Where a person's data was erased by law, `erased` keeps the leaf's seal in the salt's place (`kernel.erasing`); the
    triggers allow that change and no other.
    """

    network_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor_person_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_roles = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=20)
    act = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    salts = models.JSONField(default=dict)
    erased = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_id", "sequence"], name="audit_one_chain")]
        indexes = [
            models.Index(fields=["network_id", "subject_kind", "subject_id"], name="audit_by_subject"),
            models.Index(fields=["network_id", "-at"], name="audit_by_time"),
        ]
        ordering = ["network_id", "sequence"]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind} {self.subject_id}"

    def words(self) -> dict[str, Any]:
        """Path → value of everything that is said in words."""
        return leaves({"name": self.actor_name, "label": self.subject_label, "reason": self.reason, "data": self.data})

    def draw_salts(self) -> None:
        """Give each leaf its salt; once, before the entry is sealed."""
        self.salts = {path: secrets.token_urlsafe(12) for path in self.words()}

    def content(self) -> dict[str, Any]:
        """What the digest seals: numbers and codes as they are, words by their seals."""
        seals = {path: seal(self.salts.get(path, ""), value) for path, value in self.words().items()}
        seals |= {path: kept["seal"] for path, kept in self.erased.items()}
        return {
            "network": self.network_id,
            "sequence": self.sequence,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "person": self.actor_person_id,
            "roles": self.actor_roles,
            "via": self.via,
            "act": self.act,
            "kind": self.subject_kind,
            "id": self.subject_id,
            "seals": seals,
        }

    def link(self) -> Link:
        """The entry as a link of the chain."""
        return Link(self.sequence, self.content(), self.previous, self.digest)


class Job(models.Model):
    """A piece of background work or an event to deliver, written in the transaction that asked for it."""

    class State(models.TextChoices):
        READY = "ready", _("na fila")
        RUNNING = "running", _("em andamento")
        DONE = "done", _("feito")
        FAILED = "failed", _("falhou")

    network_id = models.BigIntegerField(null=True)
    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=40, default="default")
    key = models.CharField(max_length=120, null=True, unique=True, help_text="Idempotency key")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=6)
    last_error = models.TextField(blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_after"], name="job_ready", condition=models.Q(state="ready")),
            models.Index(fields=["lease_until"], name="job_running", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class BackupRun(models.Model):
    """How a backup of the installation went: what `./mutirao backup` leaves behind for whoever has to know."""

    at = models.DateTimeField()
    is_good = models.BooleanField()
    place = models.CharField(max_length=300, blank=True, help_text="The file made, or where it was to be made")
    size = models.BigIntegerField(default=0, help_text="Bytes")
    said = models.TextField(blank=True, help_text="Why it could not be made")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.place}"


class LegalParameter(models.Model):
    """A legal value in force from a date: limits, percentages, quorums; with its norm and article."""

    code = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="BR")
    valid_from = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=20, help_text="percent, BRL, days, people…")
    norm = models.CharField(max_length=120)
    article = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    checked_on = models.DateField(help_text="When somebody last held it against the norm")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code", "valid_from"], name="legal_one_a_date")]
        ordering = ["country", "code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.country} {self.code} {self.valid_from}"


class Submission(models.Model):
    """A form or message that was taken in, by the key its sender made: the same one sent again changes nothing."""

    network_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_id", "kind", "key"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
