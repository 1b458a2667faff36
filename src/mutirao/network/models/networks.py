# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks, the tenants, and the places they organise themselves by."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField
from mutirao.kernel.tenancy import TenantModel


class Network(models.Model):
    """A solidarity network: the tenant, with its own rules, money, people and books."""

    is_tenant = True

    slug = models.SlugField(_("endereço curto"), unique=True, max_length=40)
    name = models.CharField(_("nome"), max_length=120)
    about = models.TextField(_("sobre a rede"), blank=True)
    country = models.CharField(_("país"), max_length=2, default="BR")
    currency = models.CharField(_("moeda"), max_length=3, default="BRL")
    time_zone = models.CharField(_("fuso horário"), max_length=40, default="America/Sao_Paulo")
    language = models.CharField(_("idioma"), max_length=10, default="pt-br", help_text="For those who chose none")
    created_at = models.DateTimeField(default=clock.now)
    is_example = models.BooleanField(default=False)
    founding_closed_on = models.DateField(
        _("fundação encerrada em"), null=True, blank=True, help_text="From this day on nobody is recognised as founder"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def today(self) -> dt.date:
        """The present day where the network is."""
        return timezone.localdate(clock.now(), ZoneInfo(self.time_zone))

    def end_of(self, day: dt.date) -> dt.datetime:
        """The moment at which a day is over where the network is."""
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=ZoneInfo(self.time_zone))


class Municipality(models.Model):
    """A municipality of Brazil by its IBGE code; public reference data, the same for every network."""

    ibge_code = models.PositiveIntegerField(_("código IBGE"), primary_key=True)
    name = models.CharField(_("nome"), max_length=80)
    folded = models.CharField(max_length=80, db_index=True, help_text="See core.places.fold_place; for finding")
    state = models.CharField(_("UF"), max_length=2)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        ordering = ["folded", "state"]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Territory(Folded, TenantModel):
    """A part of the country that a network organises itself by."""

    name = models.CharField(_("nome"), max_length=80)
    folded = FoldedField(sources=("name",))

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="territory_one_name")]

    def __str__(self) -> str:
        return self.name


class ValueChain(Folded, TenantModel):
    """A value chain (cadeia produtiva): honey, cassava, sewing…"""

    name = models.CharField(_("nome"), max_length=80)
    folded = FoldedField(sources=("name",))

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["network", "folded"], name="value_chain_one_name")]

    def __str__(self) -> str:
        return self.name
