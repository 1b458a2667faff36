# SPDX-License-Identifier: AGPL-3.0-or-later
"""Purchase rounds, from the need to the cost share. Quantities are in the product's unit, unit prices in major units
of the round's currency with up to six digits, every other amount in minor units."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product, Supplier
from mutirao.kernel import clock
from mutirao.kernel.tenancy import TenantModel
from mutirao.kernel.uploads import kept_below
from mutirao.network.models import Enterprise, Municipality, Person


def _quantity(label: object = None, **kwargs: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=6, **kwargs)  # type: ignore[arg-type]


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
    pack_size = _quantity(
        _("vem em embalagens de"), default=1, help_text="Packs by which needs become an order; from the quotes"
    )
    minimum_packs = models.PositiveIntegerField(_("mínimo de embalagens"), default=0)
    last_price = _quantity(_("último preço"), null=True, blank=True, help_text="Landed, per unit, from the last round")
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
    quantity = _quantity(_("quantidade"))
    tolerance = _quantity(_("aceita até mais"), default=0)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "good"], name="need_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0, tolerance__gte=0), name="need_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.good_id}: {self.quantity}"


class Quote(TenantModel):
    """A supplier's offer for a round."""

    class Origin(models.TextChoices):
        TEAM = "team", _("pela equipe")
        SUPPLIER = "supplier", _("pelo fornecedor, por link")

    round = models.ForeignKey(PurchaseRound, models.CASCADE, related_name="quotes")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="quotes")
    minimum_order_minor = models.BigIntegerField(_("pedido mínimo"), default=0)
    freight_minor = models.BigIntegerField(_("frete fixo"), default=0)
    freight_per_kg = _quantity(_("frete por quilo"), default=0, help_text="Major units per kilogram")
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
    pack_size = _quantity(_("embalagem"), default=1)
    available = _quantity(_("tem disponível"), null=True, blank=True)

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
    from_quantity = _quantity(_("a partir de"), default=0)
    unit_price = _quantity(_("preço por unidade"))

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
    quantity = _quantity()
    unit_price = _quantity()
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
    granted = _quantity()
    from_tolerance = _quantity(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["good", "participation", "stage"], name="allocation_once_a_stage"),
            models.CheckConstraint(condition=models.Q(granted__gte=0), name="allocation_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.good_id}/{self.participation_id}: {self.granted}"


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
    quantity = _quantity()
    unit_price = _quantity()
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
    received = _quantity(_("chegou"))
    damaged = _quantity(_("estragado"), default=0)
    returned = _quantity(_("devolvido"), default=0)
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
    quantity = _quantity()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.goods_minor}"
