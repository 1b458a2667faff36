# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charges to enterprises, what they paid, what they hold in credit; bills of suppliers. Knows no rounds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Enterprise


class PaymentSettings(TenantModel):
    """How a network is paid: its static Pix key and the names printed on the code."""

    pix_key = models.CharField(_("chave Pix"), max_length=77, blank=True)
    merchant_name = models.CharField(_("nome de quem recebe"), max_length=25, blank=True)
    merchant_city = models.CharField(_("cidade"), max_length=15, blank=True)
    days_to_pay = models.PositiveSmallIntegerField(_("dias para pagar"), default=7)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network"], name="payment_settings_one_a_network")]

    def __str__(self) -> str:
        return self.pix_key


class Charge(TenantModel):
    """What an enterprise owes the network for something; `txid` finds it again on a bank statement."""

    class State(models.TextChoices):
        OPEN = "open", _("em aberto")
        PAID = "paid", _("paga")
        WRITTEN_OFF = "written_off", _("baixada")
        CANCELLED = "cancelled", _("cancelada")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="charges")
    title = models.CharField(max_length=160)
    amount_minor = models.BigIntegerField()
    settled_minor = models.BigIntegerField(default=0, help_text="Paid, covered by credit or written off so far")
    currency = models.CharField(max_length=3, default="BRL")
    issued_on = models.DateField(default=clock.today)
    due_on = models.DateField()
    txid = models.CharField(max_length=25, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source_kind", "source_id", "enterprise"],
                condition=~models.Q(state="cancelled") & models.Q(source_id__isnull=False),
                name="charge_one_a_source",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor__gt=0, settled_minor__gte=0, settled_minor__lte=models.F("amount_minor")
                ),
                name="charge_settled_within",
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "due_on"], name="charge_by_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def open_minor(self) -> int:
        """What is still owed, in minor units."""
        return self.amount_minor - self.settled_minor if self.state == self.State.OPEN else 0


class Payment(TenantModel):
    """Money that came in from an enterprise."""

    class Method(models.TextChoices):
        PIX = "pix", "Pix"
        TRANSFER = "transfer", _("transferência")
        CASH = "cash", _("dinheiro")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="BRL")
    received_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method.choices)
    reference = models.CharField(
        max_length=120, null=True, blank=True, help_text="The bank line's own id: the same line is taken in once"
    )
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "reference"], name="payment_taken_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.amount_minor}"


class Settlement(TenantModel):
    """How part of a charge was settled: by a payment, by credit held, or written off with a reason.

    Reversals are rows of their own with a negative amount.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("pagamento")
        CREDIT = "credit", _("crédito")
        WRITE_OFF = "write_off", _("baixa")

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="settlements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="settlements")
    amount_minor = models.BigIntegerField()
    on = models.DateField(default=clock.today)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class CreditMovement(TenantModel):
    """What an enterprise holds in credit with the network: a positive amount adds, a negative one uses."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="credit_movements")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="BRL")
    on = models.DateField(default=clock.today)
    reason = models.CharField(max_length=200)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="credit_movements")
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, blank=True, related_name="credit_movements")
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="credit_not_zero")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.amount_minor}"


class Bill(TenantModel):
    """What the network owes a supplier."""

    class State(models.TextChoices):
        OPEN = "open", _("a pagar")
        PAID = "paid", _("paga")
        CANCELLED = "cancelled", _("cancelada")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bills")
    title = models.CharField(max_length=160)
    document = models.CharField(max_length=60, blank=True, help_text="The supplier's document number")
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="BRL")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0, paid_minor__gte=0, paid_minor__lte=models.F("amount_minor")),
                name="bill_paid_within",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BillPayment(TenantModel):
    """Money that went out to a supplier for a bill."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    paid_on = models.DateField()
    method = models.CharField(max_length=10, choices=Payment.Method.choices, default=Payment.Method.PIX)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="bill_payment_positive")]

    def __str__(self) -> str:
        return f"{self.bill_id}: {self.amount_minor}"
