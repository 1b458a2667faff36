# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks, the people in them, the enterprises they bring together, and the roles that tie them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.errors import Words
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network import roles
from mutirao.network.core import standing, tax_ids


class PersonManager(BaseUserManager["Person"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(Folded, AbstractBaseUser):
    """Somebody who signs in; belongs to no network by itself, holds roles in several."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nome"), max_length=120)
    folded = FoldedField(sources=("name", "email"))
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    language = models.CharField(_("idioma"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False, help_text="Looks after the installation: networks, failed jobs")
    joined_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    # The framework's own permissions are not used: roles decide (see kernel.acts).
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Network(models.Model):
    """A solidarity network: the tenant, with its own rules, money, people and books."""

    is_tenant = True

    slug = models.SlugField(_("endereço curto"), unique=True, max_length=40)
    name = models.CharField(_("nome"), max_length=120)
    about = models.TextField(_("sobre a rede"), blank=True)
    country = models.CharField(_("país"), max_length=2, default="BR")
    currency = models.CharField(_("moeda"), max_length=3, default="BRL")
    time_zone = models.CharField(_("fuso horário"), max_length=40, default="America/Sao_Paulo")
    created_at = models.DateTimeField(default=clock.now)
    is_example = models.BooleanField(default=False)
    founding_closed_on = models.DateField(
        _("fundação encerrada em"), null=True, blank=True, help_text="From this day on nobody is recognised as founder"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality of Brazil by its IBGE code; public reference data, the same for every network."""

    ibge_code = models.PositiveIntegerField(_("código IBGE"), primary_key=True)
    name = models.CharField(_("nome"), max_length=80)
    folded = models.CharField(max_length=80, db_index=True, help_text="See core.places.fold_place; for finding")
    state = models.CharField(_("UF"), max_length=2)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        ordering = ["folded", "state"]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Territory(Folded, TenantModel):
    """A part of the country that a network organises itself by."""

    name = models.CharField(_("nome"), max_length=80)
    folded = FoldedField(sources=("name",))

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="territory_one_name")]

    def __str__(self) -> str:
        return self.name


class ValueChain(Folded, TenantModel):
    """A value chain (cadeia produtiva): honey, cassava, sewing…"""

    name = models.CharField(_("nome"), max_length=80)
    folded = FoldedField(sources=("name",))

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="value_chain_one_name")]

    def __str__(self) -> str:
        return self.name


class Enterprise(Folded, TenantModel):
    """A cooperative, association, informal group, family enterprise or company in a network."""

    is_enterprise = True

    class LegalForm(models.TextChoices):
        COOPERATIVE = "cooperative", _("cooperativa")
        ASSOCIATION = "association", _("associação")
        INFORMAL = "informal", _("grupo informal")
        FAMILY = "family", _("empreendimento familiar")
        COMPANY = "company", _("empresa")

    class TaxIdKind(models.TextChoices):
        CNPJ = "cnpj", "CNPJ"
        CPF = "cpf", "CPF"
        NONE = "none", _("sem registro")

    class Standing(models.TextChoices):
        CANDIDATE = standing.CANDIDATE, _("candidato")
        MEMBER = standing.MEMBER, _("membro")
        SUSPENDED = standing.SUSPENDED, _("suspenso")
        EXCLUDED = standing.EXCLUDED, _("excluído")
        LEFT = standing.LEFT, _("saiu da rede")
        PARTNER = standing.PARTNER, _("parceiro")

    name = models.CharField(_("nome"), max_length=160)
    folded = FoldedField(sources=("name",))
    findable = FoldedField(sources=("name", "activity", "tax_id"))
    legal_form = models.CharField(_("forma"), max_length=12, choices=LegalForm.choices)
    tax_id_kind = models.CharField(_("registro"), max_length=4, choices=TaxIdKind.choices, default=TaxIdKind.NONE)
    tax_id = models.CharField(_("número do registro"), max_length=14, blank=True, help_text="Without punctuation")
    activity = models.CharField(_("o que faz"), max_length=160, blank=True)
    value_chain = models.ForeignKey(
        ValueChain,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("cadeia produtiva"),
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name=_("território")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("município")
    )
    address = models.CharField(_("endereço"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    member_count = models.PositiveIntegerField(_("pessoas que participam"), null=True, blank=True)
    founded_on = models.DateField(_("começou em"), null=True, blank=True)
    notes = models.TextField(_("observações"), blank=True)
    joined_on = models.DateField(_("na rede desde"), default=clock.today)
    is_active = models.BooleanField(_("ativo"), default=True)
    # Changed by operations only: see operations.standing.
    standing = models.CharField(
        _("situação na rede"), max_length=10, choices=Standing.choices, default=Standing.CANDIDATE
    )
    standing_since = models.DateField(_("nesta situação desde"), default=clock.today)
    member_since = models.DateField(_("membro desde"), null=True, blank=True)
    founding_minutes_on = models.DateField(_("ata de fundação de"), null=True, blank=True)
    founding_minutes_kept = models.CharField(
        _("onde a ata está guardada"), max_length=200, blank=True, help_text="Only for founding members"
    )

    class Meta:
        ordering = ["folded"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(legal_form="company") | models.Q(standing=standing.PARTNER),
                name="enterprise_company_only_partner",
            ),
            models.CheckConstraint(
                condition=~models.Q(standing__in=(standing.MEMBER, standing.SUSPENDED))
                | models.Q(member_since__isnull=False),
                name="enterprise_member_since_a_day",
            ),
            models.UniqueConstraint(fields=["network", "folded"], name="enterprise_one_name"),
            models.UniqueConstraint(
                fields=["network", "tax_id"], condition=~models.Q(tax_id=""), name="enterprise_one_tax_id"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_id_kind="none", tax_id="")
                | (~models.Q(tax_id_kind="none") & ~models.Q(tax_id="")),
                name="enterprise_tax_id_with_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tax_id_written(self) -> str:
        """The registration number as people write it, with its punctuation; empty when there is none."""
        return tax_ids.written(self.tax_id)

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude in degrees, its own or its municipality's; None when neither is known."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        return (self.municipality.latitude, self.municipality.longitude) if self.municipality else None


class StandingChange(TenantModel):
    """How an enterprise came to stand as it does: from what to what, when, why and by whom."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="standing_changes")
    before = models.CharField(max_length=10, choices=Enterprise.Standing.choices, blank=True)
    after = models.CharField(max_length=10, choices=Enterprise.Standing.choices)
    on = models.DateField(default=clock.today)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.before} → {self.after}"


class Contact(TenantModel):
    """Somebody to call at an enterprise; needs no account."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts")
    name = models.CharField(_("nome"), max_length=120)
    duty = models.CharField(_("função"), max_length=80, blank=True)
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class RoleAssignment(TenantModel):
    """A role that a person holds in the network or in one enterprise, from a day to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    role = models.CharField(_("papel"), max_length=30)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="assignments")
    since = models.DateField(_("desde"), default=clock.today)
    until = models.DateField(_("até"), null=True, blank=True, help_text="The first day it is no longer held")

    class Meta:
        ordering = ["pk"]
        constraints = [
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
        return f"{self.person}: {self.role}"

    @staticmethod
    def held_on(day: dt.date) -> models.Q:
        """Roles held on a day, by people whose account is open."""
        started = models.Q(since__lte=day, person__is_active=True)
        return started & (models.Q(until__isnull=True) | models.Q(until__gt=day))

    @property
    def role_label(self) -> Words:
        """The role's name in the reader's language."""
        return roles.label(self.role)


class Invitation(TenantModel):
    """An invitation into a role by link; only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("nome"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("papel"), max_length=30)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="invitations")
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="None: the command")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.role} {self.created_at:%Y-%m-%d}"

    def is_usable(self, moment: dt.datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and moment < self.expires_at

    @property
    def role_label(self) -> Words:
        """The role's name in the reader's language."""
        return roles.label(self.role)
