# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round: what it buys, who takes part, what each needs."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product
from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.network.models import Enterprise, Person
from mutirao.purchasing.models.agreed import AllocationRule, DeliveryPlace, ShareRule
from mutirao.purchasing.models.fields import quantity_field


class PurchaseRound(TenantModel):
    """A joint purchase, decided in meeting and carried through to the accounts."""

    class State(models.TextChoices):
        DRAFT = "draft", _("em preparo")
        OPEN = "open", _("recebendo pedidos")
        QUOTING = "quoting", _("cotando")
        APPROVAL = "approval", _("em aprovação")
        APPROVED = "approved", _("aprovada")
        ORDERED = "ordered", _("encomendada")
        RECEIVED = "received", _("recebida")
        CHARGED = "charged", _("cobrada")
        SETTLED = "settled", _("encerrada")
        CANCELLED = "cancelled", _("cancelada")

    number = models.PositiveIntegerField(help_text="Running number in the network")
    title = models.CharField(_("nome da rodada"), max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    currency = models.CharField(max_length=3, default="BRL")
    opens_on = models.DateField(_("abre em"), null=True, blank=True)
    needs_until = models.DateTimeField(_("pedidos até"))
    deliver_on = models.DateField(_("entrega prevista"), null=True, blank=True)
    places = models.ManyToManyField(DeliveryPlace, related_name="rounds", verbose_name=_("locais de entrega"))
    allocation_rule = models.CharField(
        _("como repartir o que não dá para todos"), max_length=14, choices=AllocationRule.choices
    )
    freight_rule = models.CharField(_("como repartir o frete"), max_length=8, choices=ShareRule.choices)
    fee_rule = models.CharField(_("como repartir as taxas"), max_length=8, choices=ShareRule.choices)
    fees_minor = models.BigIntegerField(_("taxas da rodada"), default=0, help_text="Handling, fund; shared by fee_rule")
    fees_purpose = models.CharField(_("para que é a taxa"), max_length=160, blank=True)
    budget_minor = models.BigIntegerField(_("orçamento"), null=True, blank=True)
    decided_on = models.DateField(_("decidida na reunião de"), null=True, blank=True)
    decision_note = models.TextField(_("o que a reunião decidiu"), blank=True)
    notes = models.TextField(_("recado aos empreendimentos"), blank=True)
    link_token = models.CharField(
        max_length=24, unique=True, help_text="Short link to the needs list; opens after sign-in"
    )
    version = models.PositiveIntegerField(default=0, help_text="Grows with each change: stale edits are noticed")
    created_at = models.DateTimeField(default=clock.now)
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-needs_until", "-pk"]
        constraints = [models.UniqueConstraint(fields=["network", "number"], name="round_one_number")]
        indexes = [models.Index(fields=["network", "state"], name="round_by_state")]

    def __str__(self) -> str:
        return self.title

    def takes_needs(self, moment: dt.datetime) -> bool:
        """Whether needs are taken at that moment: the deadline holds even before anybody closed the round."""
        return self.state == self.State.OPEN and moment < self.needs_until

    @property
    def takes_quotes(self) -> bool:
        """Whether quotes may come in or change: from the opening until the purchase goes to approval."""
        return self.state in (self.State.OPEN, self.State.QUOTING)


class RoundGood(TenantModel):
    """A good that a round buys."""

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="goods")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    pack_size = quantity_field(
        _("vem em embalagens de"), default=1, help_text="Packs by which needs become an order; from the quotes"
    )
    minimum_packs = models.PositiveIntegerField(_("mínimo de embalagens"), default=0)
    last_price = quantity_field(
        _("último preço"), null=True, blank=True, help_text="Landed, per unit, from the last round"
    )
    note = models.CharField(_("observação"), max_length=160, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "product"], name="round_good_once"),
            models.CheckConstraint(condition=models.Q(pack_size__gt=0), name="round_good_pack_positive"),
        ]

    def __str__(self) -> str:
        return str(self.product)


class Participation(TenantModel):
    """An enterprise's answer to a round: whether it takes part, where it collects, who answered."""

    class State(models.TextChoices):
        INVITED = "invited", _("ainda não respondeu")
        ANSWERED = "answered", _("pediu")
        DECLINED = "declined", _("não vai participar desta vez")

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="participations")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="participations")
    place = models.ForeignKey(DeliveryPlace, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="First answer: the order of arrival")
    updated_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    told_by = models.CharField(
        _("quem pediu por telefone"), max_length=120, blank=True, help_text="Filled when the centre entered the needs"
    )
    remark = models.CharField(_("recado para a equipe"), max_length=240, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "enterprise"], name="participation_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} @ {self.round_id}"


class Need(TenantModel):
    """What one enterprise needs of one good: `quantity`, and up to `tolerance` more if that fills a pack."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="needs")
    good = models.ForeignKey(RoundGood, models.CASCADE, related_name="needs")
    quantity = quantity_field(_("quantidade"))
    tolerance = quantity_field(_("aceita até mais"), default=0)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "good"], name="need_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0, tolerance__gte=0), name="need_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.good_id}: {self.quantity}"
