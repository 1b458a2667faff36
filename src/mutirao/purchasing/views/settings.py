# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network's rules for its rounds, and its places of delivery."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.purchasing import permissions
from mutirao.purchasing.forms.rounds import PlainForm
from mutirao.purchasing.forms.settings import PlaceForm, SettingsForm
from mutirao.purchasing.models import DeliveryPlace
from mutirao.purchasing.operations import settings as operations
from mutirao.purchasing.queries.settings import settings_of
from mutirao.purchasing.views.base import address, confirm, done, sent, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def purchasing_settings(request: Any, slug: str) -> HttpResponse:
    """Rules and places on one page."""
    request.actor.require(permissions.EDIT_SETTINGS, request.network)
    rules = settings_of(request.network.pk)
    form = SettingsForm(sent(request), rules=rules, currency=request.network.currency)
    if form.is_valid():
        try:
            operations.edit_purchasing_settings(request.network, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Regras guardadas. Valem para as rodadas que começarem agora."), "settings")
    context = {"form": form, "places": DeliveryPlace.objects.select_related("municipality")}
    return render(request, "purchasing/settings/rules.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def new_place(request: Any, slug: str) -> HttpResponse:
    """Add a place."""
    request.actor.require(permissions.EDIT_SETTINGS, request.network)
    form = PlaceForm(sent(request), place=None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.add_place(request.network, name=given["name"], address=given["address"], actor=request.actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Local acrescentado."), "settings")
    context = {"form": form, "title": _("Novo local de entrega"), "place": None}
    return render(request, "purchasing/settings/place.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_place(request: Any, slug: str, place_id: int) -> HttpResponse:
    """Change a place, or say that it is no longer used."""
    request.actor.require(permissions.EDIT_SETTINGS, request.network)
    place = get_object_or_404(DeliveryPlace.objects, pk=place_id)
    form = PlaceForm(sent(request), place=place)
    if form.is_valid():
        try:
            operations.edit_place(place, municipality=place.municipality, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Guardado."), "settings")
    context = {"form": form, "title": place.name, "place": place}
    return render(request, "purchasing/settings/place.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_place(request: Any, slug: str, place_id: int) -> HttpResponse:
    """Delete a place that no round used."""
    request.actor.require(permissions.EDIT_SETTINGS, request.network)
    place = get_object_or_404(DeliveryPlace.objects, pk=place_id)
    form = PlainForm(sent(request), seen_version=0)
    if form.is_valid():
        try:
            operations.remove_place(place, actor=request.actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            return done(request, _("Local apagado."), "settings")
    return confirm(
        request,
        title=_("Apagar “%(place)s”") % {"place": place},
        what=[_("O local some da lista. Só dá para apagar o que nenhuma rodada usou.")],
        action=_("Apagar"),
        cancel_url=address(request, "place", place_id=place.pk),
        form=form,
    )
