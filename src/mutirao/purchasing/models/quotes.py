# SPDX-License-Identifier: AGPL-3.0-or-later
"""What suppliers were asked and what they offer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.kernel.uploads import kept_below
from mutirao.network.models import Person
from mutirao.purchasing.models.fields import quantity_field
from mutirao.purchasing.models.rounds import PurchaseRound, RoundGood


class Quote(TenantModel):
    """A supplier's offer for a round."""

    class Origin(models.TextChoices):
        TEAM = "team", _("pela equipe")
        SUPPLIER = "supplier", _("pelo fornecedor, por link")

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="quotes")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="quotes")
    minimum_order_minor = models.BigIntegerField(_("pedido mínimo"), default=0)
    freight_minor = models.BigIntegerField(_("frete fixo"), default=0)
    freight_per_kg = quantity_field(_("frete por quilo"), default=0, help_text="Major units per kilogram")
    free_freight_from_minor = models.BigIntegerField(_("frete grátis a partir de"), null=True, blank=True)
    valid_until = models.DateField(_("vale até"), null=True, blank=True)
    payment_terms = models.CharField(_("condições de pagamento"), max_length=120, blank=True)
    days_to_deliver = models.PositiveSmallIntegerField(_("prazo de entrega (dias)"), null=True, blank=True)
    notes = models.TextField(_("observações"), blank=True)
    received_on = models.DateField(_("recebida em"), default=clock.today)
    is_withdrawn = models.BooleanField(default=False)
    origin = models.CharField(_("quem cadastrou"), max_length=8, choices=Origin.choices, default=Origin.TEAM)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by",
        help_text="The version that the supplier corrected; it stays as it was sent",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=0, help_text="Grows with each change: stale edits are noticed")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "supplier"], condition=models.Q(is_withdrawn=False), name="quote_one_a_supplier"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_order_minor__gte=0, freight_minor__gte=0, freight_per_kg__gte=0),
                name="quote_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} @ {self.round_id}"


class QuoteLine(TenantModel):
    """One good of an offer, in packs of `pack_size`."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines")
    good = models.ForeignKey(RoundGood, models.CASCADE, related_name="quote_lines")
    brand = models.CharField(_("marca"), max_length=80, blank=True)
    pack_size = quantity_field(_("embalagem"), default=1)
    available = quantity_field(_("tem disponível"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "good", "brand", "pack_size"], name="quote_line_once"),
            models.CheckConstraint(condition=models.Q(pack_size__gt=0), name="quote_line_pack_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.good_id} @ {self.quote_id}"


class PriceBreak(TenantModel):
    """From `from_quantity` on, every unit of the line costs `unit_price`."""

    line = models.ForeignKey(QuoteLine, models.CASCADE, related_name="breaks")
    from_quantity = quantity_field(_("a partir de"), default=0)
    unit_price = quantity_field(_("preço por unidade"))

    class Meta:
        ordering = ["from_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["line", "from_quantity"], name="price_break_once"),
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0, from_quantity__gte=0), name="price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_quantity}: {self.unit_price}"


class QuoteRequest(TenantModel):
    """What one supplier is asked to quote in a round, by a link of its own that opens without an account."""

    class State(models.TextChoices):
        SENT = "sent", _("ainda não abriu")
        OPENED = "opened", _("abriu, falta responder")
        ANSWERED = "answered", _("respondeu")
        DECLINED = "declined", _("não fornece desta vez")
        REVOKED = "revoked", _("endereço cancelado")

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="quote_requests")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="quote_requests")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256; the token itself is nowhere kept")
    salt = models.CharField(max_length=32)
    issue = models.PositiveIntegerField(default=1, help_text="Grows with each new link, which ends the one before")
    answer_until = models.DateTimeField(_("responder até"))
    message = models.TextField(_("recado ao fornecedor"), blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=240, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, help_text="What was typed and not sent yet, as the form sends it")
    draft_at = models.DateTimeField(null=True, blank=True)
    mailing_at = models.DateTimeField(null=True, blank=True, help_text="When somebody began to send the e-mail")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When the e-mail with this link went out")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "supplier"], name="quote_request_one_a_supplier")]

    def __str__(self) -> str:
        return f"{self.supplier_id} @ {self.round_id}"

    @property
    def state(self) -> QuoteRequest.State:
        """Where the request stands."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.declined_at is not None:
            return self.State.DECLINED
        if self.answered_at is not None:
            return self.State.ANSWERED
        return self.State.SENT if self.opened_at is None else self.State.OPENED


class QuoteFile(TenantModel):
    """A price list or a photo that a supplier sent with its answer."""

    request = models.ForeignKey(QuoteRequest, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=kept_below("quotes"))
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes")
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
