# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a network agreed about its purchases: the rules of sharing, the places of delivery."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Municipality


class AllocationRule(models.TextChoices):
    """How goods are shared when they do not fill every need. Names as in purchasing.core.allocation."""

    PROPORTIONAL = "proportional", _("proporcional ao pedido de cada um")
    EQUAL = "equal", _("partes iguais, até o pedido de cada um")
    CHRONOLOGICAL = "chronological", _("por ordem de chegada dos pedidos")


class ShareRule(models.TextChoices):
    """How freight and fees are shared. Names as in purchasing.core.costs."""

    BY_VALUE = "value", _("pelo valor do que cada um leva")
    BY_WEIGHT = "weight", _("pelo peso do que cada um leva")
    EQUALLY = "equal", _("em partes iguais")


class PurchasingSettings(TenantModel):
    """A network's standing choices for its rounds; each round may choose otherwise."""

    allocation_rule = models.CharField(
        _("como repartir o que não dá para todos"), max_length=14, choices=AllocationRule.choices,
        default=AllocationRule.PROPORTIONAL,
    )  # fmt: skip
    freight_rule = models.CharField(
        _("como repartir o frete"), max_length=8, choices=ShareRule.choices, default=ShareRule.BY_VALUE
    )
    fee_rule = models.CharField(
        _("como repartir as taxas"), max_length=8, choices=ShareRule.choices, default=ShareRule.BY_VALUE
    )
    solidarity_preference = models.PositiveSmallIntegerField(
        _("preferência à economia solidária (%)"), default=0, validators=[MaxValueValidator(50)],
        help_text="Whole percent by which such a supplier's goods count as cheaper than they are",
    )  # fmt: skip
    local_preference = models.PositiveSmallIntegerField(
        _("preferência a quem é do território (%)"), default=0, validators=[MaxValueValidator(50)]
    )
    supplier_cost_minor = models.BigIntegerField(
        _("custo de lidar com mais um fornecedor"), default=0, help_text="Minor units, weighed in the award only"
    )
    max_suppliers = models.PositiveSmallIntegerField(_("no máximo tantos fornecedores"), null=True, blank=True)
    approval_rule = models.CharField(_("quem aprova a compra"), max_length=20, default="majority_of_all")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network"], name="purchasing_settings_one_a_network")]

    def __str__(self) -> str:
        return str(_("Regras de compra"))


class DeliveryPlace(TenantModel):
    """Where suppliers deliver and enterprises collect."""

    name = models.CharField(_("nome"), max_length=120)
    address = models.CharField(_("endereço"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("município")
    )
    is_active = models.BooleanField(_("em uso"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "name"], name="delivery_place_one_name")]

    def __str__(self) -> str:
        return self.name
