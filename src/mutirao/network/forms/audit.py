# SPDX-License-Identifier: AGPL-3.0-or-later
"""The filter of the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.models import AuditEntry
from mutirao.network import trail
from mutirao.network.models import Person, RoleAssignment

DATE = {"type": "date"}


def _people(_request: HttpRequest | None) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=RoleAssignment.objects.values("person")).order_by("folded")


class AuditFilter(django_filters.FilterSet):
    """By act, person, subject and dates."""

    act = django_filters.ChoiceFilter(label=_("O que foi feito"), choices=trail.act_choices, empty_label=_("Tudo"))
    person = django_filters.ModelChoiceFilter(
        label=_("Quem"), queryset=_people, method="by_person", empty_label=_("Todas as pessoas")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Sobre"), field_name="subject_kind", choices=trail.subject_choices, empty_label=_("Qualquer coisa")
    )
    since = django_filters.DateFilter(label=_("De"), method="from_day", widget=forms.DateInput(DATE, "%Y-%m-%d"))
    until = django_filters.DateFilter(label=_("Até"), method="to_day", widget=forms.DateInput(DATE, "%Y-%m-%d"))
    subject = django_filters.CharFilter(field_name="subject_id", widget=forms.HiddenInput)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_person(self, rows: QuerySet[AuditEntry], _name: str, value: Any) -> QuerySet[AuditEntry]:
        """What one person did."""
        return rows.filter(actor_person_id=value.pk)

    def from_day(self, rows: QuerySet[AuditEntry], _name: str, value: dt.date) -> QuerySet[AuditEntry]:
        """From a day's beginning, where the network is."""
        return rows.filter(at__gte=_beginning(value))

    def to_day(self, rows: QuerySet[AuditEntry], _name: str, value: dt.date) -> QuerySet[AuditEntry]:
        """To a day's end, where the network is."""
        return rows.filter(at__lt=_beginning(value + dt.timedelta(days=1)))


def _beginning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
