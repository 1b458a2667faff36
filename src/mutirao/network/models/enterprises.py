# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enterprises, how they stand in their network, and whom to call at each."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.core import countries, standing, tax_ids
from mutirao.network.core.countries import NONE
from mutirao.network.models.networks import Municipality, Territory, ValueChain
from mutirao.network.models.people import Person


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
