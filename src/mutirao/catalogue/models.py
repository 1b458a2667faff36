# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is bought and made, and from whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.core.quantities import UNITS
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.core import tax_ids
from mutirao.network.core.countries import LONGEST, NONE
from mutirao.network.models import Enterprise, Municipality

UNIT_CHOICES = [(code, code) for code in UNITS]


class Category(Folded, TenantModel):
    """A shelf of the catalogue: flours, packaging, seeds…"""

    name = models.CharField(_("nome"), max_length=80)
    folded = FoldedField(sources=("name",))

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="category_one_name")]

    def __str__(self) -> str:
        return self.name


class Product(Folded, TenantModel):
    """A good that enterprises buy or make; needs, quotes and prices are in its unit."""

    name = models.CharField(_("nome"), max_length=160)
    folded = FoldedField(sources=("name",))
    findable = FoldedField(sources=("name", "description", "ncm"))
    unit = models.CharField(_("unidade"), max_length=4, choices=UNIT_CHOICES)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("categoria")
    )
    ncm = models.CharField(_("NCM"), max_length=8, blank=True, help_text="Mercosur goods code, 8 digits")
    description = models.CharField(_("descrição"), max_length=240, blank=True)
    weight_kg = models.DecimalField(
        _("peso de uma unidade (kg)"), max_digits=12, decimal_places=6, null=True, blank=True,
        help_text="For freight by weight, where the unit is not a weight",
    )  # fmt: skip
    is_active = models.BooleanField(_("em uso"), default=True)

    class Meta:
        ordering = ["folded", "unit"]
        constraints = [models.UniqueConstraint(fields=["network", "folded", "unit"], name="product_one_name_and_unit")]

    def __str__(self) -> str:
        return self.name


class Supplier(Folded, TenantModel):
    """Who sells to the network; may itself be one of the network's enterprises."""

    name = models.CharField(_("nome"), max_length=160)
    folded = FoldedField(sources=("name",))
    findable = FoldedField(sources=("name", "tax_id", "contact_name", "city"))
    country = models.CharField(_("país"), max_length=2, default="BR", help_text="Two letters, ISO 3166-1")
    tax_id_kind = models.CharField(_("registro"), max_length=12, default=NONE, help_text="See core.countries")
    tax_id = models.CharField(_("número do registro"), max_length=LONGEST, blank=True, help_text="Without punctuation")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("empreendimento da rede")
    )
    is_solidarity = models.BooleanField(_("da economia solidária"), default=False)
    is_local = models.BooleanField(_("do território"), default=False)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("município")
    )
    city = models.CharField(_("cidade"), max_length=120, blank=True, help_text="Where there is no municipality")
    contact_name = models.CharField(_("contato"), max_length=120, blank=True)
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    notes = models.TextField(_("observações"), blank=True)
    is_active = models.BooleanField(_("em uso"), default=True)

    class Meta:
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["network", "folded"], name="supplier_one_name"),
            models.UniqueConstraint(
                fields=["network", "country", "tax_id"], condition=~models.Q(tax_id=""), name="supplier_one_tax_id"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tax_id_written(self) -> str:
        """The registration number as people write it; empty when there is none."""
        return tax_ids.written(self.tax_id, self.tax_id_kind)

    @property
    def tax_id_name(self) -> str:
        """What the number is called in its country ("CNPJ", "SIRET"); empty where it has no name of its own."""
        return tax_ids.name_of(self.tax_id_kind)

    @property
    def place(self) -> str:
        """Where it is, in a few words; empty when nothing is known."""
        return str(self.municipality) if self.municipality else self.city
