# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks, the people in them, the enterprises they bring together, and the roles that tie them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.errors import Words
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network import roles
from mutirao.network.core import countries, standing, tax_ids
from mutirao.network.core.countries import NONE


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
    language = models.CharField(_("idioma"), max_length=10, default="pt-br", help_text="For those who chose none")
    created_at = models.DateTimeField(default=clock.now)
    is_example = models.BooleanField(default=False)
    founding_closed_on = models.DateField(
        _("fundação encerrada em"), null=True, blank=True, help_text="From this day on nobody is recognised as founder"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def today(self) -> dt.date:
        """The present day where the network is."""
        return timezone.localdate(clock.now(), ZoneInfo(self.time_zone))


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

    class Standing(models.TextChoices):
        CANDIDATE = standing.CANDIDATE, _("candidato")
        MEMBER = standing.MEMBER, _("membro")
        SUSPENDED = standing.SUSPENDED, _("suspenso")
        EXCLUDED = standing.EXCLUDED, _("excluído")
        LEFT = standing.LEFT, _("saiu da rede")
        PARTNER = standing.PARTNER, _("parceiro")

    name = models.CharField(_("nome"), max_length=160)
    folded = FoldedField(sources=("name",))
    findable = FoldedField(sources=("name", "activity", "tax_id", "city"))
    legal_form = models.CharField(_("forma"), max_length=12, choices=LegalForm.choices)
    country = models.CharField(_("país"), max_length=2, default="BR", help_text="Two letters, ISO 3166-1")
    tax_id_kind = models.CharField(_("registro"), max_length=12, default=NONE, help_text="See core.countries")
    tax_id = models.CharField(
        _("número do registro"), max_length=countries.LONGEST, blank=True, help_text="Without punctuation"
    )
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
    city = models.CharField(_("cidade"), max_length=120, blank=True, help_text="Where there is no municipality")
    region = models.CharField(_("estado ou região"), max_length=80, blank=True)
    postal_code = models.CharField(_("código postal"), max_length=12, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    website = models.URLField(_("site"), max_length=200, blank=True)
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
                fields=["network", "country", "tax_id"], condition=~models.Q(tax_id=""), name="enterprise_one_tax_id"
            ),
            models.CheckConstraint(
                condition=models.Q(municipality__isnull=True) | models.Q(country="BR"),
                name="enterprise_municipality_of_brazil",
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
        return tax_ids.written(self.tax_id, self.tax_id_kind)

    @property
    def tax_id_name(self) -> str:
        """What the number is called in its country ("CNPJ", "SIRET"); empty where it has no name of its own."""
        return tax_ids.name_of(self.tax_id_kind)

    @property
    def place(self) -> str:
        """Where it is, in a few words: its municipality, or city and region; empty when nothing is known."""
        if self.municipality:
            return str(self.municipality)
        return ", ".join(part for part in (self.city, self.region) if part)

    @property
    def address_lines(self) -> list[str]:
        """Street, city and postal code, as its country writes them on a letter; without the country's name."""
        town = self.municipality
        last = countries.last_line(
            city=town.name if town else self.city,
            region=town.state if town else self.region,
            postal_code=self.postal_code,
            code=self.country,
        )
        return [line for line in (self.address, last) if line]

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
    scope = models.CharField(
        _("partes do programa"), max_length=200, blank=True, help_text="Of a consultancy: codes of modules, by spaces"
    )
    task = models.CharField(_("o que faz"), max_length=200, blank=True)

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
        return f"{self.person}: {self.role}"

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
        return f"{self.role} {self.created_at:%Y-%m-%d}"

    def is_usable(self, moment: dt.datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and moment < self.expires_at

    @property
    def role_label(self) -> Words:
        """The role's name in the reader's language."""
        return roles.label(self.role)


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
