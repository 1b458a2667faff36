# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person gives a program, so that it may act in their name through the API."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.network.models.people import Person


class AccessToken(models.Model):
    """A program's way in, in the name of one person: it works in that person's networks and by the roles held there
    at that moment. Of its secret only a digest is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="access_tokens")
    name = models.CharField(_("nome"), max_length=80, help_text="What it is for, in its owner's words")
    prefix = models.CharField(_("começa por"), max_length=16, help_text="The first signs of the secret, to know it by")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret, in hexadecimal")
    reads_only = models.BooleanField(_("só lê"), default=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(_("usado por último"), null=True, blank=True)
    ended_at = models.DateTimeField(_("encerrado em"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="access_token_ends_some_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def works_at(self, moment: dt.datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.ended_at is None and moment < self.expires_at
