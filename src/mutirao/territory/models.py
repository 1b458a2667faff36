# SPDX-License-Identifier: AGPL-3.0-or-later
"""What enterprises make and use, and who else there is in the territory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product
from mutirao.kernel import clock, formats
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel
from mutirao.kernel.uploads import kept_below
from mutirao.network.models import Enterprise, Municipality, Person

MONTHS = tuple(range(1, 13))


def months_to_mask(months: Iterable[int]) -> int:
    """Months (1 to 12) as one number, a bit each; every month and none are both 0: the whole year."""
    mask = 0
    for month in months:
        mask |= 1 << (month - 1)
    return 0 if mask == 0xFFF else mask


class ChainLink(TenantModel):
    """An enterprise makes a product of the catalogue, or uses it. Quantities are in the product's unit."""

    class Direction(models.TextChoices):
        MAKES = "makes", _("produz")
        USES = "uses", _("usa")

    class Per(models.TextChoices):
        MONTH = "month", _("por mês")
        YEAR = "year", _("por ano")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="chain_links")
    product = models.ForeignKey(Product, models.PROTECT, related_name="chain_links")
    direction = models.CharField(max_length=5, choices=Direction.choices)
    quantity = models.DecimalField(_("quantidade"), max_digits=18, decimal_places=6, null=True, blank=True)
    per = models.CharField(max_length=5, choices=Per.choices, default=Per.MONTH)
    season = models.PositiveSmallIntegerField(_("meses"), default=0, help_text="A bit a month, 0 for the whole year")
    sold_to = models.CharField(_("quem compra"), max_length=160, blank=True)
    note = models.CharField(_("observação"), max_length=240, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["enterprise__folded", "direction", "product__folded"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "product", "direction"], name="chain_link_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gt=0), name="chain_link_above_zero"
            ),
            models.CheckConstraint(condition=models.Q(season__lt=0xFFF), name="chain_link_season_of_twelve"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_direction_display()} {self.product}"

    @property
    def months(self) -> list[int]:
        """The months of the season; empty for the whole year."""
        return [month for month in MONTHS if self.season >> (month - 1) & 1]

    @property
    def yearly(self) -> Decimal | None:
        """How much in a year: monthly quantities count for the months of the season."""
        if self.quantity is None or self.per == self.Per.YEAR:
            return self.quantity
        return self.quantity * (len(self.months) or 12)


class Partner(Folded, TenantModel):
    """An actor of the territory: union, church, university, council, city hall, programme, incubator, buyer…"""

    class Kind(models.TextChoices):
        UNION = "union", _("sindicato")
        MOVEMENT = "movement", _("movimento social")
        CHURCH = "church", _("igreja ou pastoral")
        UNIVERSITY = "university", _("universidade ou escola")
        INCUBATOR = "incubator", _("incubadora")
        COUNCIL = "council", _("conselho")
        CITY_HALL = "city_hall", _("prefeitura ou órgão público")
        PROGRAMME = "programme", _("programa público")
        BUYER = "buyer", _("quem compra")
        FORUM = "forum", _("fórum ou rede")
        FUNDER = "funder", _("quem financia")
        OTHER = "other", _("outro")

    name = models.CharField(_("nome"), max_length=160)
    folded = FoldedField(sources=("name",))
    findable = FoldedField(sources=("name", "relationship", "city"))
    kind = models.CharField(_("o que é"), max_length=12, choices=Kind.choices)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("município")
    )
    city = models.CharField(_("cidade"), max_length=120, blank=True, help_text="Where there is no municipality")
    phone = models.CharField(_("telefone da casa"), max_length=30, blank=True, help_text="As core.phones keeps it")
    email = models.EmailField(_("e-mail da casa"), blank=True)
    site = models.URLField(_("página na internet"), blank=True)
    relationship = models.TextField(_("nossa relação"), blank=True)
    enterprises = models.ManyToManyField(Enterprise, related_name="partners", blank=True)
    products = models.ManyToManyField(Product, related_name="partners", blank=True, help_text="What it buys")
    next_step = models.CharField(_("próximo passo"), max_length=240, blank=True)
    next_step_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    next_step_until = models.DateField(_("até"), null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="partner_one_name")]
        indexes = [models.Index(fields=["network", "next_step_until"], name="partner_by_next_step")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where it is, in a few words; empty when nothing is known."""
        return str(self.municipality) if self.municipality else self.city


class PartnerPerson(TenantModel):
    """Somebody at a partner; what reaches this person is kept only with why it is kept."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="people")
    name = models.CharField(_("nome"), max_length=120)
    duty = models.CharField(_("função"), max_length=80, blank=True)
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    kept_because = models.CharField(_("por que guardamos o contato"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phone="", email="") | ~models.Q(kept_because=""),
                name="partner_person_kept_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Struck(models.Model):
    """What was written down by mistake is struck out with a reason and stays readable; it counts nowhere any more."""

    struck_at = models.DateTimeField(null=True, blank=True)
    struck_because = models.CharField(_("motivo"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_struck(self) -> bool:
        """Whether it was struck out."""
        return self.struck_at is not None


def _struck_for_a_reason(name: str) -> models.CheckConstraint:
    stands = models.Q(struck_at__isnull=True, struck_because="")
    return models.CheckConstraint(
        condition=stands | (models.Q(struck_at__isnull=False) & ~models.Q(struck_because="")), name=name
    )


class Agreement(Struck, TenantModel):
    """What was agreed with a partner."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="agreements")
    text = models.TextField(_("o que ficou combinado"))
    since = models.DateField(_("desde"))
    until = models.DateField(_("até"), null=True, blank=True)
    file = models.FileField(upload_to=kept_below("agreements"), blank=True)
    file_name = models.CharField(max_length=160, blank=True, help_text="As it was called by whoever sent it")
    file_type = models.CharField(max_length=40, blank=True, help_text="Content type")

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="agreement_ends_after_it_begins",
            ),
            _struck_for_a_reason("agreement_struck_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def is_over(self, today: dt.date) -> bool:
        """Whether it has ended."""
        return self.until is not None and self.until < today


class Meeting(Struck, TenantModel):
    """A talk with a partner: when, who was there, what was said; with the next step that it was the end of."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="meetings")
    held_on = models.DateField(_("quando"))
    who = models.CharField(_("quem foi"), max_length=240)
    what = models.TextField(_("o que se conversou"))
    step = models.CharField(max_length=240, blank=True, help_text="The next step that this talk ended")
    step_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    step_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [_struck_for_a_reason("meeting_struck_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.partner}, {formats.date(self.held_on)}"


class PublicCall(Folded, Struck, TenantModel):
    """A public call (chamada pública) of a buyer, with its deadline."""

    class Outcome(models.TextChoices):
        WATCHING = "watching", _("avaliando")
        PREPARING = "preparing", _("preparando a proposta")
        SENT = "sent", _("proposta enviada")
        WON = "won", _("ganhamos")
        LOST = "lost", _("não ganhamos")
        PASSED = "passed", _("não vamos participar")

    UNDECIDED = (Outcome.WATCHING, Outcome.PREPARING)

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="calls")
    number = models.CharField(_("número"), max_length=40)
    title = models.CharField(_("o que se compra"), max_length=200)
    findable = FoldedField(sources=("number", "title"))
    opens_on = models.DateField(_("abre em"), null=True, blank=True)
    closes_on = models.DateField(_("propostas até"))
    value_minor = models.BigIntegerField(_("valor"), null=True, blank=True)
    currency = models.CharField(max_length=3, default="BRL")
    goods = models.TextField(_("produtos pedidos"), blank=True)
    link = models.URLField(_("edital"), blank=True)
    outcome = models.CharField(_("como está"), max_length=10, choices=Outcome.choices, default=Outcome.WATCHING)
    revision = models.PositiveIntegerField(
        default=0, help_text="How often it was changed: calendars follow the highest"
    )

    class Meta:
        ordering = ["closes_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "number"],
                condition=models.Q(struck_at__isnull=True),
                name="public_call_one_number",
            ),
            _struck_for_a_reason("public_call_struck_for_a_reason"),
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True) | models.Q(closes_on__gte=models.F("opens_on")),
                name="public_call_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(value_minor__isnull=True) | models.Q(value_minor__gte=0),
                name="public_call_value_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["network", "closes_on"], name="public_call_by_deadline")]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"
