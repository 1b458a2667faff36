# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was ordered, and what came."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Person
from mutirao.purchasing.models.fields import quantity_field
from mutirao.purchasing.models.quotes import Quote, QuoteLine
from mutirao.purchasing.models.rounds import PurchaseRound, RoundGood


class PurchaseOrder(TenantModel):
    """The order to one supplier, frozen as it was sent."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("pronto para enviar")
        SENT = "sent", _("enviado")
        RECEIVED = "received", _("recebido")
        CANCELLED = "cancelled", _("cancelado")

    round = models.ForeignKey(PurchaseRound, models.PROTECT, related_name="orders")
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_how = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="order_one_number"),
            models.UniqueConstraint(
                fields=["round", "supplier"], condition=~models.Q(state="cancelled"), name="order_one_a_supplier"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(TenantModel):
    """One good of an order."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    good = models.ForeignKey(RoundGood, models.PROTECT, related_name="order_lines")
    quote_line = models.ForeignKey(QuoteLine, models.PROTECT, related_name="+")
    packs = models.PositiveIntegerField()
    quantity = quantity_field()
    unit_price = quantity_field()
    cost_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.good_id}: {self.quantity}"


class Receipt(TenantModel):
    """What a supplier really delivered, with its document. One for each order; corrected until costs are shared."""

    order = models.OneToOneField(PurchaseOrder, models.PROTECT, related_name="receipt")
    received_on = models.DateField(_("recebido em"), default=clock.today)
    received_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    document_number = models.CharField(_("número da nota"), max_length=60, blank=True)
    access_key = models.CharField(_("chave de acesso"), max_length=44, blank=True)
    freight_minor = models.BigIntegerField(_("frete cobrado"), default=0)
    other_minor = models.BigIntegerField(_("outras despesas da nota"), default=0)
    notes = models.TextField(_("observações"), blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.received_on}"


class ReceiptLine(TenantModel):
    """One good as it came: `received` counts what arrived, of which `damaged` is unusable and `returned` goes back.

    What can be shared is received − damaged − returned. What was damaged or returned and not billed away becomes a
    credit with the supplier (`credited_minor`).
    """

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="lines")
    order_line = models.OneToOneField(OrderLine, models.PROTECT, related_name="receipt_line")
    received = quantity_field(_("chegou"))
    damaged = quantity_field(_("estragado"), default=0)
    returned = quantity_field(_("devolvido"), default=0)
    billed_minor = models.BigIntegerField(_("valor na nota"))
    credited_minor = models.BigIntegerField(_("crédito do fornecedor"), default=0)
    note = models.CharField(_("o que houve"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    damaged__gte=0, returned__gte=0, received__gte=models.F("damaged") + models.F("returned")
                ),
                name="receipt_line_within",
            ),
            models.CheckConstraint(
                condition=models.Q(credited_minor__gte=0, credited_minor__lte=models.F("billed_minor")),
                name="receipt_credit_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.received}"


class ReceiptPhoto(TenantModel):
    """A photo taken at the door."""

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="receipts/%Y/%m/")
    caption = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or str(self.image.name)
