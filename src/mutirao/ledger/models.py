# SPDX-License-Identifier: AGPL-3.0-or-later
"""Double-entry books in integer minor units: one of the network and one of each enterprise.

What must never be false is held by database triggers (see migration 0002): an entry is born a draft; a posted
one has two legs at least, adds up to zero, lies in an open period, carries the next number of its book, and never
changes again.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Enterprise


class Book(TenantModel):
    """The books of one owner: of an enterprise, or of the network itself where `enterprise` is None."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="books")
    name = models.CharField(_("nome"), max_length=160)
    currency = models.CharField(max_length=3, default="BRL")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "enterprise"], name="book_one_an_enterprise"),
            models.UniqueConstraint(
                fields=["network"], condition=models.Q(enterprise__isnull=True), name="book_one_a_network"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Account(TenantModel):
    """An account of a book's chart; codes are hierarchical ("1.1.2")."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("ativo")
        LIABILITY = "liability", _("passivo")
        EQUITY = "equity", _("patrimônio")
        INCOME = "income", _("receita")
        EXPENSE = "expense", _("despesa")

    book = models.ForeignKey(Book, models.PROTECT, related_name="accounts")
    code = models.CharField(_("código"), max_length=20)
    name = models.CharField(_("nome"), max_length=120)
    kind = models.CharField(_("grupo"), max_length=10, choices=Kind.choices)
    purpose = models.CharField(
        max_length=40, null=True, blank=True, help_text="What modules know it by (core/chart.py), whatever its code"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="account_one_code"),
            models.UniqueConstraint(fields=["book", "purpose"], name="account_one_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Period(TenantModel):
    """A month of a book; entries are posted only into open ones."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["book", "starts_on"], name="period_one_start"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="period_ends_after"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m}"

    @property
    def is_closed(self) -> bool:
        """Whether entries are no longer taken."""
        return self.closed_at is not None


class Entry(TenantModel):
    """One transaction of a book: lines that add up to zero."""

    class State(models.TextChoices):
        DRAFT = "draft", _("rascunho")
        POSTED = "posted", _("lançado")

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    number = models.BigIntegerField(null=True, blank=True, help_text="Running number in the book, given when posted")
    date = models.DateField(_("data"))
    memo = models.CharField(_("histórico"), max_length=240)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=120, null=True, blank=True, help_text="Idempotency key within the book")
    created_at = models.DateTimeField(default=clock.now)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="entry_one_number"),
            models.UniqueConstraint(fields=["book", "key"], name="entry_posted_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(number__isnull=False, posted_at__isnull=False),
                name="entry_posted_has_number",
            ),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__gte=1), name="entry_from_1"
            ),
        ]
        indexes = [
            models.Index(fields=["network", "source_kind", "source_id"], name="entry_by_source"),
            models.Index(fields=["book", "date", "number"], name="entry_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.memo}"

    @property
    def is_posted(self) -> bool:
        """Whether it stands in the books for good."""
        return self.state == self.State.POSTED


class Line(TenantModel):
    """One leg of an entry: positive minor units are debit, negative credit.

    The act type keeps trade between the cooperative and its members apart from all other trade. Source: Lei
    5.764/71, art. 79 (what a cooperative act is) and art. 87 (results with non-members are booked apart).
    """

    class ActType(models.TextChoices):
        COOPERATIVE = "cooperative", _("ato cooperativo")
        NON_COOPERATIVE = "non_cooperative", _("ato não cooperativo")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount_minor = models.BigIntegerField(_("valor"))
    act_type = models.CharField(_("tipo de ato"), max_length=16, choices=ActType.choices)
    partner = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+", help_text="Whom the amount concerns"
    )
    memo = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="line_not_zero")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor}"
