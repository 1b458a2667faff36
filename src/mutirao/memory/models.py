# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moments that a network or an enterprise lived through, what is kept of them, and who is shown with whose leave."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.kernel.uploads import kept_below
from mutirao.memory.core import consent
from mutirao.memory.core.periods import horizon_of
from mutirao.network.models import Enterprise, Person


class Moment(Folded, TenantModel):
    """Something to remember, of the whole network or of one enterprise."""

    class Kind(models.TextChoices):
        FOUNDATION = "foundation", _("começo")
        STRUGGLE = "struggle", _("luta")
        CONQUEST = "conquest", _("conquista")
        PEOPLE = "people", _("gente")
        WORK = "work", _("trabalho")
        FEAST = "feast", _("festa")
        LEARNING = "learning", _("aprendizado")
        LOSS = "loss", _("perda")

    class Horizon(models.TextChoices):
        SHORT = "short", _("memória curta")
        MIDDLE = "middle", _("memória média")
        LONG = "long", _("memória longa")

    class Precision(models.TextChoices):
        DAY = "day", _("o dia certo")
        MONTH = "month", _("o mês")
        YEAR = "year", _("o ano")
        DECADE = "decade", _("a década")

    class State(models.TextChoices):
        DRAFT = "draft", _("rascunho")
        PUBLISHED = "published", _("publicado")

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="moments", help_text="None: the whole network"
    )
    title = models.CharField(_("título"), max_length=140)
    text = models.TextField(_("o que aconteceu"), blank=True)
    findable = FoldedField(sources=("title", "text", "place"))
    kind = models.CharField(_("o que foi"), max_length=10, choices=Kind.choices)
    horizon = models.CharField(
        _("memória"), max_length=6, choices=Horizon.choices, blank=True, help_text="Empty: by how far back it lies"
    )
    day = models.DateField(_("quando"), help_text="The first day of what is remembered; see precision")
    precision = models.CharField(max_length=6, choices=Precision.choices, default=Precision.DAY)
    place = models.CharField(_("onde"), max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["network", "state", "-day"], name="moment_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at__isnull=True)
                | models.Q(state="published", published_at__isnull=False),
                name="moment_published_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def horizon_words(self) -> str:
        """Short, middle or long memory today: what is new grows old, unless somebody said otherwise."""
        return str(self.Horizon(self.horizon or horizon_of(self.day, clock.today())).label)


class Keepsake(TenantModel):
    """A photo, document or recording of a moment."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("foto")
        DOCUMENT = "document", _("documento")
        AUDIO = "audio", _("áudio")

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="keepsakes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.FileField(upload_to=kept_below("memory"))
    preview = models.FileField(upload_to=kept_below("memory"), blank=True, help_text="A smaller photo, for lists")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=40)
    description = models.CharField(_("o que se vê ou se ouve"), max_length=300)
    transcription = models.TextField(_("transcrição"), blank=True)
    credit = models.CharField(_("de quem é"), max_length=120, blank=True)
    shows_nobody = models.BooleanField(_("ninguém pode ser reconhecido"), default=False)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(description=""), name="keepsake_is_described")]

    def __str__(self) -> str:
        return self.description[:80]

    @property
    def reach(self) -> int:
        """How far it may go (`core.consent`); reads `portrayals`, to be fetched before."""
        return consent.reach([one.scope_now for one in self.portrayals.all()], shows_nobody=self.shows_nobody)

    @property
    def is_withdrawn(self) -> bool:
        """Whether somebody shown took the leave back: then nobody sees it any more."""
        return any(one.withdrawn_at is not None for one in self.portrayals.all())


class Portrayal(TenantModel):
    """Somebody shown in a keepsake, or named in a moment's story (no keepsake), and the leave given for it."""

    class How(models.TextChoices):
        PAPER = "paper", _("assinou um papel")
        MESSAGE = "message", _("escreveu uma mensagem")
        VOICE = "voice", _("gravou em áudio")
        ASSEMBLY = "assembly", _("disse em assembleia, com ata")
        SPOKEN = "spoken", _("disse de viva voz, com testemunha")

    class Scope(models.TextChoices):
        INSIDE = "inside", _("só dentro da rede")
        BOOKLET = "booklet", _("na rede e no livreto")
        PUBLIC = "public", _("em todo lugar")

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="portrayals")
    keepsake = models.ForeignKey(Keepsake, models.CASCADE, null=True, blank=True, related_name="portrayals")
    name = models.CharField(_("nome"), max_length=120)
    is_minor = models.BooleanField(_("tem menos de 18 anos"), default=False)
    guardian = models.CharField(_("responsável que autorizou"), max_length=120, blank=True)
    how = models.CharField(_("como autorizou"), max_length=8, choices=How.choices, blank=True)
    given_on = models.DateField(_("quando autorizou"), null=True, blank=True)
    scope = models.CharField(_("até onde pode ir"), max_length=7, choices=Scope.choices, blank=True)
    evidence = models.CharField(_("onde está a prova"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope="", how="", given_on__isnull=True)
                | (~models.Q(scope="") & ~models.Q(how="") & models.Q(given_on__isnull=False)),
                name="consent_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=models.Q(is_minor=False) | models.Q(scope="") | ~models.Q(guardian=""),
                name="consent_of_a_minor_by_the_guardian",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_now(self) -> str:
        """What is allowed today: nothing before leave is given and after it was taken back."""
        return "" if self.withdrawn_at is not None else self.scope
