# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a purchase is split among suppliers, and its goods among enterprises."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.purchasing.models.fields import quantity_field
from mutirao.purchasing.models.quotes import QuoteLine
from mutirao.purchasing.models.rounds import Participation, PurchaseRound, RoundGood


class AwardScenario(TenantModel):
    """One way to split the purchase among suppliers, as it was computed; the chosen one binds."""

    class Kind(models.TextChoices):
        BEST = "best", _("melhor divisão")
        SINGLE = "single", _("melhor fornecedor único")
        MANUAL = "manual", _("divisão feita à mão")
        ALONE = "alone", _("cada um comprando sozinho")

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="scenarios")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=12, help_text="optimal, feasible, infeasible")
    gap = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True, help_text="0.01 is one percent")
    goods_minor = models.BigIntegerField(default=0)
    freight_minor = models.BigIntegerField(default=0)
    details = models.JSONField(default=dict, help_text="Reasons as codes with parameters; what each enterprise pays")
    computed_at = models.DateTimeField(default=clock.now)
    is_chosen = models.BooleanField(default=False)
    chosen_reason = models.TextField(_("por que esta"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="scenario_one_a_kind"),
            models.UniqueConstraint(fields=["round"], condition=models.Q(is_chosen=True), name="scenario_one_chosen"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} @ {self.round_id}"

    @property
    def total_minor(self) -> int:
        """Goods and freight."""
        return self.goods_minor + self.freight_minor


class AwardLine(TenantModel):
    """What a scenario buys on one quoted line."""

    scenario = models.ForeignKey(AwardScenario, models.CASCADE, related_name="lines")
    quote_line = models.ForeignKey(QuoteLine, models.CASCADE, related_name="+")
    packs = models.PositiveIntegerField()
    quantity = quantity_field()
    unit_price = quantity_field()
    cost_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quote_line_id}: {self.quantity}"


class Allocation(TenantModel):
    """How much of a good an enterprise is granted: as planned at the award, then as goods really came."""

    class Stage(models.TextChoices):
        PLANNED = "planned", _("previsto")
        RECEIVED = "received", _("recebido")

    good = models.ForeignKey(RoundGood, models.CASCADE, related_name="allocations")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="allocations")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    granted = quantity_field()
    from_tolerance = quantity_field(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["good", "participation", "stage"], name="allocation_once_a_stage"),
            models.CheckConstraint(condition=models.Q(granted__gte=0), name="allocation_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.good_id}/{self.participation_id}: {self.granted}"
