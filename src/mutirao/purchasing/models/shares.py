# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each enterprise owes for a round."""

from __future__ import annotations

from django.db import models

from mutirao.kernel.tenancy import TenantModel
from mutirao.purchasing.models.fields import quantity_field
from mutirao.purchasing.models.orders import OrderLine
from mutirao.purchasing.models.rounds import Participation, PurchaseRound


class CostShare(TenantModel):
    """What one enterprise owes for a round, in parts that add up to its charge."""

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="shares")
    participation = models.OneToOneField(Participation, models.PROTECT, related_name="share")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    alone_minor = models.BigIntegerField(null=True, blank=True, help_text="What buying alone would have cost")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.total_minor}"

    @property
    def total_minor(self) -> int:
        """Goods, freight and fees."""
        return self.goods_minor + self.freight_minor + self.fees_minor

    @property
    def saved_minor(self) -> int | None:
        """What buying together saved; None where buying alone was not possible."""
        return None if self.alone_minor is None else self.alone_minor - self.total_minor


class CostShareLine(TenantModel):
    """One good of a share: what was granted, from which order line, at which part of its cost."""

    share = models.ForeignKey(CostShare, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+")
    quantity = quantity_field()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.goods_minor}"
