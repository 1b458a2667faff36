# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charges to enterprises, what they paid, what they hold in credit; bills of suppliers. Knows no rounds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Enterprise, Person


class PaymentSettings(TenantModel):
    """How a network is paid: its static Pix key and the names printed on the code; elsewhere its bank account, or what
    it says in words."""

    pix_key = models.CharField(_("chave Pix"), max_length=77, blank=True)
    merchant_name = models.CharField(_("nome de quem recebe"), max_length=25, blank=True)
    merchant_city = models.CharField(_("cidade"), max_length=15, blank=True)
    bank_holder = models.CharField(_("titular da conta"), max_length=70, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True, help_text="Without blanks")
    bic = models.CharField("BIC", max_length=11, blank=True)
    instructions = models.TextField(_("como pagar"), max_length=1000, blank=True)
    days_to_pay = models.PositiveSmallIntegerField(_("dias para pagar"), default=7)
    last_charge_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network"], name="payment_settings_one_a_network")]

    def __str__(self) -> str:
        return self.pix_key


class Charge(Folded, TenantModel):
    """What an enterprise owes the network for something; `txid` finds it again on a bank statement."""

    class State(models.TextChoices):
        OPEN = "open", _("em aberto")
        PAID = "paid", _("paga")
        WRITTEN_OFF = "written_off", _("baixada")
        CANCELLED = "cancelled", _("cancelada")

    number = models.PositiveIntegerField(help_text="Runs on within the network")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="charges")
    title = models.CharField(max_length=160)
    folded = FoldedField(sources=("title",))
    amount_minor = models.BigIntegerField()
    settled_minor = models.BigIntegerField(default=0, help_text="Paid, covered by credit or written off so far")
    currency = models.CharField(max_length=3, default="BRL")
    issued_on = models.DateField(default=clock.today)
    due_on = models.DateField()
    txid = models.CharField(max_length=25, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    cancelled_on = models.DateField(null=True, blank=True)
    cancellation_reason = models.TextField(blank=True)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "number"], name="charge_one_number"),
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


class CreditAccount(TenantModel):
    """What an enterprise holds in credit now: the sum of its movements, never below zero.

    The row is also the one lock that every operation on an enterprise's charges takes first.
    """

    enterprise = models.OneToOneField(Enterprise, models.PROTECT, related_name="credit_account")
    balance_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="BRL")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(balance_minor__gte=0), name="credit_never_negative")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.balance_minor}"


class BankStatement(TenantModel):
    """A bank's export as it was sent in: first looked through, then taken in whole or not at all."""

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    taken_in_at = models.DateTimeField(null=True, blank=True, help_text="When payments were last taken from it")

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["network", "digest"], name="bank_statement_once")]

    def __str__(self) -> str:
        return self.file_name


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
    statement = models.ForeignKey(
        BankStatement, models.PROTECT, null=True, blank=True, related_name="payments", help_text="Where it was read"
    )
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            # A payment that was a mistake gives its bank line free, to be taken in rightly.
            models.UniqueConstraint(
                fields=["network", "reference"],
                condition=models.Q(reversed_at__isnull=True, reference__isnull=False),
                name="payment_taken_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.amount_minor}"


class Settlement(TenantModel):
    """How part of a charge was settled: by a payment, by credit held, or written off with a reason.

    Reversals are rows of their own with a negative amount: the sum of a charge's rows is its `settled_minor`.
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
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="settlement_not_zero"),
            models.CheckConstraint(
                condition=models.Q(kind="payment", payment__isnull=False)
                | (~models.Q(kind="payment") & models.Q(payment__isnull=True)),
                name="settlement_with_its_payment",
            ),
        ]

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
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="credit_not_zero"),
            models.UniqueConstraint(
                fields=["network", "source_kind", "source_id", "enterprise"],
                condition=models.Q(source_id__isnull=False),
                name="credit_one_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.amount_minor}"


class Bill(Folded, TenantModel):
    """What the network owes a supplier.

    After a return it may have paid more than the bill now says: the supplier owes the difference (`owed_back_minor`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("a pagar")
        PAID = "paid", _("paga")
        CANCELLED = "cancelled", _("cancelada")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bills")
    title = models.CharField(max_length=160)
    folded = FoldedField(sources=("title", "document"))
    document = models.CharField(max_length=60, blank=True, help_text="The supplier's document number")
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="BRL")
    registered_on = models.DateField(default=clock.today)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "source_kind", "source_id", "supplier"],
                condition=~models.Q(state="cancelled") & models.Q(source_id__isnull=False),
                name="bill_one_a_source",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0, paid_minor__gte=0), name="bill_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "due_on"], name="bill_by_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def open_minor(self) -> int:
        """What is still to be paid, in minor units."""
        return max(0, self.amount_minor - self.paid_minor)

    @property
    def owed_back_minor(self) -> int:
        """What the supplier owes the network, in minor units: paid before the bill became smaller."""
        return max(0, self.paid_minor - self.amount_minor)


class BillPayment(TenantModel):
    """Money that went out to a supplier for a bill; negative rows are money given back, offset or reversed."""

    class Method(models.TextChoices):
        PIX = "pix", "Pix"
        TRANSFER = "transfer", _("transferência")
        CASH = "cash", _("dinheiro")
        OFFSET = "offset", _("encontro de contas")

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    paid_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.PIX)
    note = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", help_text="The mistake it undoes"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="bill_payment_not_zero")]

    def __str__(self) -> str:
        return f"{self.bill_id}: {self.amount_minor}"
