# SPDX-License-Identifier: AGPL-3.0-or-later
"""Motions put to enterprises and their answers. Knows no rounds: what a motion is about is an opaque source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Enterprise, Person


class Motion(Folded, TenantModel):
    """A question with a yes or no, put to named enterprises, one answer each."""

    class State(models.TextChoices):
        OPEN = "open", _("em votação")
        PASSED = "passed", _("aprovada")
        REJECTED = "rejected", _("recusada")
        WITHDRAWN = "withdrawn", _("retirada")

    class Rule(models.TextChoices):
        MAJORITY_OF_ALL = "majority_of_all", _("mais da metade dos que podem responder")
        TWO_THIRDS_OF_ALL = "two_thirds_of_all", _("dois terços dos que podem responder")
        EVERYONE = "everyone", _("todos os que podem responder")

    title = models.CharField(_("assunto"), max_length=200)
    folded = FoldedField(sources=("title",))
    text = models.TextField(_("texto"), blank=True)
    rule = models.CharField(_("regra"), max_length=20, choices=Rule.choices, default=Rule.MAJORITY_OF_ALL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    answer_until = models.DateTimeField(_("responder até"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    put_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.TextField(blank=True)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source_kind", "source_id"],
                condition=models.Q(state="open"),
                name="motion_one_open_a_source",
            )
        ]
        indexes = [models.Index(fields=["network", "state", "answer_until"], name="motion_by_deadline")]

    def __str__(self) -> str:
        return self.title


class Entitlement(TenantModel):
    """An enterprise that may answer a motion, and what it answered."""

    class Answer(models.TextChoices):
        YES = "yes", _("sim")
        NO = "no", _("não")
        ABSTAIN = "abstain", _("abstenção")

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="entitlements")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    reason = models.TextField(_("por quê"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_for = models.CharField(
        _("quem disse"), max_length=120, blank=True, help_text="Where the centre wrote down an answer given by phone"
    )
    via = models.CharField(max_length=20, blank=True, help_text="The way the answer came in: screen, phone, link…")

    class Meta:
        ordering = ["enterprise__folded"]
        constraints = [models.UniqueConstraint(fields=["motion", "enterprise"], name="one_enterprise_one_answer")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.answer or '…'}"


class GivenAnswer(TenantModel):
    """Every answer ever given to a motion: who changed their mind stays to be read."""

    entitlement = models.ForeignKey(Entitlement, models.CASCADE, related_name="given")
    answer = models.CharField(max_length=8, choices=Entitlement.Answer.choices)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_for = models.CharField(max_length=120, blank=True)
    via = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entitlement_id}: {self.answer}"
