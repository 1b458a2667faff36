# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person was told in a network, by which ways it goes out, and what they chose."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Person


class Notice(TenantModel):
    """One thing said to one person, in their language; always in the app. `key` keeps it from being said twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    path = models.CharField(max_length=300, blank=True, help_text="Where it leads, below this installation's address")
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    useful_until = models.DateTimeField(null=True, blank=True, help_text="From then on it is not sent any more")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["network", "person", "key"], name="notice_said_once")]
        indexes = [
            models.Index(fields=["network", "person"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["network", "person", "-created_at"], name="notice_by_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_stale(self, moment: dt.datetime) -> bool:
        """Whether what it says was to be done before is over."""
        return self.useful_until is not None and self.useful_until <= moment


class Delivery(TenantModel):
    """A notice on its way out of the app."""

    class Way(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PUSH = "push", _("no aparelho")
        DIGEST = "digest", _("no resumo")

    class State(models.TextChoices):
        WAITING = "waiting", _("na fila")
        SENDING = "sending", _("saindo")
        SENT = "sent", _("enviado")
        SKIPPED = "skipped", _("não foi preciso")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=6, choices=Way.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True, help_text="When somebody began to send it")
    taken_by = models.CharField(max_length=32, blank=True, help_text="The run that sends it")
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "way"], name="delivery_one_a_way")]
        indexes = [
            models.Index(
                fields=["network", "way", "due_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="delivery_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.way}"


class NoticeSettings(TenantModel):
    """What a person chose for all notices of a network."""

    class Digest(models.TextChoices):
        DAILY = "daily", _("todo dia")
        WEEKLY = "weekly", _("toda segunda-feira")
        NEVER = "never", _("nunca")

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_settings")
    digest = models.CharField(_("resumo por e-mail"), max_length=6, choices=Digest.choices, default=Digest.DAILY)
    is_email_off = models.BooleanField(_("nenhum e-mail"), default=False)
    quiet_from = models.TimeField(_("silêncio a partir de"), default=dt.time(21))
    quiet_until = models.TimeField(_("até"), default=dt.time(7))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "person"], name="notice_settings_one_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.digest}"


class Preference(TenantModel):
    """The ways a person chose for one kind."""

    class Email(models.TextChoices):
        NOW = "now", _("na hora")
        DIGEST = "digest", _("no resumo")
        NEVER = "never", _("não")

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    email = models.CharField(max_length=6, choices=Email.choices)
    push = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "person", "kind"], name="preference_one_a_kind")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}: {self.email}"


class Device(TenantModel):
    """A browser that takes web push for a person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_devices")
    endpoint = models.CharField(max_length=600)
    endpoint_hash = models.CharField(max_length=64)
    browser_key = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    reached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "person", "endpoint_hash"], name="device_once_a_person")
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class ShortLink(TenantModel):
    """A short address to a page of the network, for messages; opens after sign-in."""

    code = models.CharField(max_length=12, unique=True)
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "path"], name="short_link_one_a_page")]

    def __str__(self) -> str:
        return self.code
