# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applications of groups that want to join, what proves the criteria, who reviews, certificates, measures, appeals.

An application keeps the group's own words; an enterprise is made of it only when it is admitted.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.core import countries
from mutirao.network.models import Enterprise, Municipality, Person


class AdmissionSettings(TenantModel):
    """What a network agreed about admission. The figures are its own rule, not law."""

    class DecidedBy(models.TextChoices):
        REVIEWERS = "reviewers", _("voto de quem examina o pedido")
        ASSEMBLY = "assembly", _("assembleia, com a ata")

    takes_requests = models.BooleanField(_("recebe pedidos pela internet"), default=True)
    welcome = models.TextField(_("recado para quem quer entrar"), blank=True)
    decided_by = models.CharField(
        _("quem decide"), max_length=10, choices=DecidedBy.choices, default=DecidedBy.REVIEWERS
    )
    reviewers_needed = models.PositiveSmallIntegerField(_("pessoas que examinam"), default=3)
    review_days = models.PositiveSmallIntegerField(_("dias para decidir um pedido"), default=45)
    certificate_months = models.PositiveSmallIntegerField(_("meses de validade do certificado"), default=24)
    reminder_days = models.PositiveSmallIntegerField(_("dias de antecedência para lembrar da renovação"), default=60)
    hearing_days = models.PositiveSmallIntegerField(_("dias para ser ouvido antes da exclusão"), default=15)
    appeal_days = models.PositiveSmallIntegerField(_("dias para recorrer"), default=30)
    appeal_decision_days = models.PositiveSmallIntegerField(_("dias para a assembleia decidir o recurso"), default=60)
    appeal_suspends = models.BooleanField(_("o recurso suspende a medida até ser decidido"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network"], name="admission_settings_once")]

    def __str__(self) -> str:
        return f"{self.network_id}"


class Criterion(TenantModel):
    """A criterion of the network's checklist: from the law of the country, the co-operative principles, or its own."""

    class Source(models.TextChoices):
        LAW = "law", _("lei")
        PRINCIPLE = "principle", _("princípio do cooperativismo")
        NETWORK = "network", _("regra da rede")

    code = models.CharField(max_length=60)
    source = models.CharField(_("de onde vem"), max_length=10, choices=Source.choices)
    title = models.CharField(_("em poucas palavras"), max_length=120)
    text = models.TextField(_("o que se pede"))
    proof = models.TextField(_("como se mostra"), blank=True)
    norm = models.CharField(_("norma"), max_length=120, blank=True)
    article = models.CharField(_("artigo"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(_("sem ele não se entra"), default=True)
    is_active = models.BooleanField(_("em uso"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["network", "code"], name="criterion_one_code")]

    def __str__(self) -> str:
        return self.title


class Application(Folded, TenantModel):
    """A group that asks to join, or a member that renews: what it says of itself and how far it is."""

    class Kind(models.TextChoices):
        ENTRY = "entry", _("entrada")
        RENEWAL = "renewal", _("renovação")

    class State(models.TextChoices):
        DRAFT = "draft", _("rascunho")
        SUBMITTED = "submitted", _("enviado")
        REVIEW = "review", _("em exame")
        ADMITTED = "admitted", _("aceito")
        REFUSED = "refused", _("recusado")
        WITHDRAWN = "withdrawn", _("retirado")

    number = models.PositiveIntegerField(_("número"))
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ENTRY)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the private link's token")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="applications")
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    name = models.CharField(_("nome do grupo"), max_length=160)
    folded = FoldedField(sources=("name",))
    legal_form = models.CharField(_("forma"), max_length=12, choices=Enterprise.LegalForm.choices)
    tax_id = models.CharField(
        _("número do registro"), max_length=countries.LONGEST, blank=True, help_text="Without punctuation"
    )
    member_count = models.PositiveIntegerField(_("pessoas que participam"), null=True, blank=True)
    activity = models.CharField(_("o que faz"), max_length=160, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("município")
    )
    city = models.CharField(_("cidade"), max_length=120, blank=True, help_text="Where there is no municipality")
    contact_name = models.CharField(_("com quem falar"), max_length=120)
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    about = models.TextField(_("como o grupo trabalha"), blank=True)

    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateField(_("decidir até"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=10, choices=AdmissionSettings.DecidedBy.choices, blank=True)
    decision_recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(_("por quê"), blank=True)
    minutes_on = models.DateField(_("ata de"), null=True, blank=True)
    minutes_kept = models.CharField(_("onde está a ata"), max_length=200, blank=True)
    appeal_until = models.DateField(_("recorrer até"), null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="application_one_number"),
            models.CheckConstraint(
                condition=~models.Q(legal_form="company", state__in=("review", "admitted")),
                name="application_company_never_admitted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="admitted") | models.Q(enterprise__isnull=False),
                name="application_admitted_has_enterprise",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(state__in=("draft", "submitted", "review")),
                name="application_one_open_an_enterprise",
            ),
        ]
        indexes = [models.Index(fields=["network", "state"], name="application_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def country(self) -> str:
        """Whose numbers and telephones are written: the enterprise's own country, the network's for a new group."""
        return self.enterprise.country if self.enterprise else self.network.country

    @property
    def may_still_enter(self) -> bool:
        """Whether somebody may yet decide that it enters: while it is open, or its refusal is appealed against. Who
        renews is in."""
        if self.kind != Application.Kind.ENTRY:
            return False
        return self.is_open or Appeal.objects.filter(application=self, state=Appeal.State.OPEN).exists()

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state in OPEN_STATES

    @property
    def is_decided(self) -> bool:
        """Whether it was admitted or refused."""
        return self.state in (self.State.ADMITTED, self.State.REFUSED)


OPEN_STATES = (Application.State.DRAFT, Application.State.SUBMITTED, Application.State.REVIEW)


class ChecklistItem(TenantModel):
    """A criterion as it was when the group asked: later changes of the rules do not touch a running review."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="items")
    code = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=Criterion.Source.choices)
    title = models.CharField(max_length=120)
    text = models.TextField()
    proof = models.TextField(blank=True)
    norm = models.CharField(max_length=120, blank=True)
    article = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)
    answer = models.TextField(_("o que o grupo diz"), blank=True)
    is_refusal_ground = models.BooleanField(default=False, help_text="Named as not met by the decision")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="checklist_one_code")]

    def __str__(self) -> str:
        return self.title


def _evidence_folder(evidence: Evidence, filename: str) -> str:
    return f"admission/{evidence.network_id}/{evidence.application_id}/{filename}"


class Evidence(TenantModel):
    """What shows that criteria are met: a document or photo, a reference by a member, a report of a visit."""

    class Kind(models.TextChoices):
        STATUTE = "statute", _("estatuto ou regimento")
        MINUTES = "minutes", _("ata")
        MEMBER_LIST = "member_list", _("lista de quem participa")
        DECLARATION = "declaration", _("declaração assinada por quem participa")
        REFERENCE = "reference", _("referência de um membro da rede")
        VISIT = "visit", _("relato de visita")
        OTHER = "other", _("outro documento ou foto")

    application = models.ForeignKey(Application, models.CASCADE, related_name="evidence")
    items = models.ManyToManyField(ChecklistItem, blank=True, related_name="evidence")
    kind = models.CharField(_("o que é"), max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True)
    file = models.FileField(upload_to=_evidence_folder, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file as kept")
    by_enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: the group by its link"
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "by_enterprise"],
                condition=models.Q(kind="reference"),
                name="reference_once_an_enterprise",
            ),
            models.CheckConstraint(condition=~models.Q(text="", file=""), name="evidence_shows_something"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Conflict(TenantModel):
    """Kinship or interest that somebody declared (or that was declared of them): they do not review."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(_("qual é a ligação"), max_length=200)
    declared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "person"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason}"


class Reviewer(TenantModel):
    """Somebody named to review an application, and how they voted."""

    class Vote(models.TextChoices):
        YES = "yes", _("aceitar")
        NO = "no", _("recusar")

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviewers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True, help_text="Steps back, or has a conflict of interest")
    vote = models.CharField(max_length=3, choices=Vote.choices, blank=True)
    reason = models.TextField(_("por quê"), blank=True)
    voted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "person"], name="reviewer_once")]

    def __str__(self) -> str:
        return str(self.person)


class Opinion(TenantModel):
    """What one reviewer thinks of one criterion."""

    class Verdict(models.TextChoices):
        MET = "met", _("atende")
        UNCLEAR = "unclear", _("falta esclarecer")
        NOT_MET = "not_met", _("não atende")

    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="opinions")
    item = models.ForeignKey(ChecklistItem, models.CASCADE, related_name="opinions")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reviewer", "item"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.verdict}"


class Question(TenantModel):
    """A question to the group, and its answer; both sides see both."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="questions")
    text = models.TextField(_("pergunta"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(_("resposta"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Certificate(TenantModel):
    """That an enterprise is a member, from a day to another; anyone who has its code can check it."""

    class State(models.TextChoices):
        VALID = "valid", _("válido")
        SUSPENDED = "suspended", _("suspenso")
        EXPIRED = "expired", _("vencido")
        REVOKED = "revoked", _("cancelado")
        REPLACED = "replaced", _("substituído por outro")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="certificates")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="certificates")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=24, unique=True, help_text="Unguessable; on the paper and in its QR code")
    state = models.CharField(max_length=10, choices=State.choices, default=State.VALID)
    enterprise_name = models.CharField(max_length=160)
    network_name = models.CharField(max_length=120)
    issued_on = models.DateField(default=clock.today)
    expires_on = models.DateField(help_text="The last day it is valid")
    ended_on = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the certificate says (core.certificates)")
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="certificate_one_number"),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(state__in=("valid", "suspended")),
                name="certificate_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def state_on(self, day: dt.date) -> str:
        """How it stands on a day: a valid one is expired the day after its last, marked or not."""
        if self.state in (self.State.VALID, self.State.SUSPENDED) and day > self.expires_on:
            return str(self.State.EXPIRED)
        return str(self.state)


class Measure(TenantModel):
    """Suspension or exclusion of a member: reasons, the right to be heard, the decision."""

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("suspensão")
        EXCLUSION = "exclusion", _("exclusão")

    class State(models.TextChoices):
        HEARING = "hearing", _("ouvindo o empreendimento")
        IN_FORCE = "in_force", _("em vigor")
        ON_HOLD = "on_hold", _("parada pelo recurso")
        DROPPED = "dropped", _("arquivada")
        LIFTED = "lifted", _("encerrada")
        OVERTURNED = "overturned", _("desfeita pela assembleia")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField(_("motivo"))
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField(default=clock.today)
    hear_until = models.DateField(_("ser ouvido até"), null=True, blank=True)
    heard_text = models.TextField(_("o que o empreendimento diz"), blank=True)
    heard_on = models.DateField(null=True, blank=True)
    standing_before = models.CharField(max_length=10, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    appeal_until = models.DateField(_("recorrer até"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(state="hearing"),
                name="measure_one_heard",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(state="on_hold"),
                name="measure_one_on_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.enterprise}"


class Appeal(TenantModel):
    """An appeal to the assembly, against a measure or a refusal; decided by people who did not decide before."""

    class State(models.TextChoices):
        OPEN = "open", _("espera a assembleia")
        UPHELD = "upheld", _("aceito")
        REJECTED = "rejected", _("não aceito")
        DROPPED = "dropped", _("encerrado: o empreendimento saiu da rede")

    measure = models.OneToOneField(Measure, models.PROTECT, null=True, blank=True, related_name="appeal")
    application = models.OneToOneField(Application, models.PROTECT, null=True, blank=True, related_name="appeal")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    text = models.TextField(_("por que recorre"))
    filed_on = models.DateField(default=clock.today)
    filed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: the group by its link"
    )
    decide_by = models.DateField(_("decidir até"))
    suspends = models.BooleanField(default=False)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    minutes_on = models.DateField(null=True, blank=True)
    minutes_kept = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure__isnull=True, application__isnull=False)
                | models.Q(measure__isnull=False, application__isnull=True),
                name="appeal_against_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filed_on}: {self.get_state_display()}"
