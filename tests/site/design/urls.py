# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses for the tests of the design system: its own pages, and forms to be sent, refused and sent twice."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import engines
from django.urls import path

from mutirao.site import styleguide
from mutirao.site import urls as site_urls
from mutirao.site.templatetags.form_renderer import FormRenderer

RECEIVED: list[dict[str, str]] = []

KEPT = """{% extends "base.html" %}{% load ui %}
{% block title %}O que precisamos{% endblock %}
{% block page_head %}{% page_head "O que precisamos" %}{% endpage_head %}{% endblock %}
{% block content %}{% keepform "needs" %}<form class="form" method="post">{% csrf_token %}{% idempotency_key %}
{{ form }}
{% button "Calcular" kind="secondary" name="act" value="calculate" %}
{% form_foot "Enviar" %}</form>{% endkeepform %}{% endblock %}"""

PLAIN = KEPT.replace('{% keepform "needs" %}', "").replace("{% endkeepform %}", "")

FRAME = """{% extends "base.html" %}{% load ui %}{% block title %}Rodadas{% endblock %}
{% block page_head %}{% page_head "Rodadas" %}{% endpage_head %}{% endblock %}
{% block content %}<section><h2>Abertas</h2><p>Nenhuma.</p></section>{% endblock %}"""


class Need(forms.Form):
    """One quantity and one remark."""

    flour = forms.DecimalField(
        label="Farinha",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-suffix": "kg", "data-step": "0.5"}),
        localize=True,
    )
    note = forms.CharField(label="Recado", required=False)


def page(request: HttpRequest, source: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(source).render(context, request), status=status)


def form_view(request: HttpRequest, source: str) -> HttpResponse:
    form = Need(request.POST or None, initial={"flour": "2,5"}, renderer=FormRenderer())
    if request.POST.get("act") == "calculate":
        return page(request, source, {"form": form})
    if request.method == "POST":
        RECEIVED.append({key: request.POST[key] for key in ("flour", "note", "idempotency_key")})
        if form.is_valid():
            messages.success(request, "Necessidades enviadas.")
            return HttpResponseRedirect("/enviado/")
        return page(request, source, {"form": form}, status=422)
    return page(request, source, {"form": form})


def kept(request: HttpRequest) -> HttpResponse:
    return form_view(request, KEPT)


def plain(request: HttpRequest) -> HttpResponse:
    return form_view(request, PLAIN)


def frame(request: HttpRequest) -> HttpResponse:
    labels = [
        ("Início", "home"),
        ("Rodadas", "round"),
        ("Cobranças", "charge"),
        ("Livros", "ledger"),
        ("Regras", "settings"),
    ]
    items = [
        {"label": label, "icon": icon, "url": f"/{icon}/", "current": icon == "round", "primary_on_phone": at < 4}
        for at, (label, icon) in enumerate(labels)
    ]
    networks = [SimpleNamespace(name="Rede Raízes", slug="raizes"), SimpleNamespace(name="Rede da Serra", slug="serra")]
    person = SimpleNamespace(is_authenticated=True, pk=7, name="Dona Zefa", email="zefa@rede.exemplo")
    context = {"nav_items": items, "network": networks[0], "networks_of_person": networks, "user": person}
    return page(request, FRAME, context)


WORK = """{% load ui %}{% work_progress "/trabalho/" label value=value total=3 done=done every="200ms" %}"""
HTMX = """{% extends "base.html" %}{% load ui %}{% block content %}<h1>Trabalho</h1>
<div id="trabalho">{% work_progress "/trabalho/" "Lendo" value=0 total=3 every="200ms" %}</div>
<button class="button" type="button" hx-post="/contar/" hx-target="#conta">Contar</button>
<p id="conta"></p>{% endblock %}"""
ASKED: list[str] = []


def work(request: HttpRequest) -> HttpResponse:
    """Done after it was asked three times."""
    ASKED.append(request.headers.get("HX-Request", ""))
    done = len(ASKED) >= 3
    return page(request, WORK, {"value": len(ASKED), "done": done, "label": "Pronto" if done else "Lendo"})


def count(request: HttpRequest) -> HttpResponse:
    """Answers only to a form that carries the protection against forgery."""
    return HttpResponse("contado" if request.method == "POST" else "", status=200)


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "403":
        raise PermissionDenied
    if kind == "400":
        raise BadRequest
    raise RuntimeError("on purpose")


OWN = [
    path("", frame, name="home"),
    path("rede/<slug:slug>/", frame, name="network_home"),
    path("rede/<slug:slug>/procurar/", frame, name="search"),
    path("estilo/", styleguide.style_guide, name="style_guide"),
    path("aparencia/", styleguide.set_theme, name="theme"),
    path("conta/meus-dados/", plain, name="preferences"),
    path("guardado/", kept),
    path("simples/", plain),
    path("enviado/", lambda request: page(request, FRAME, {})),
    path("moldura/", frame),
    path("htmx/", lambda request: page(request, HTMX, {})),
    path("trabalho/", work),
    path("contar/", count),
    path("erro/<str:kind>/", refuse),
]
# What the frame of every page links to comes after; once more at the end, for names are looked up from there.
urlpatterns = [*OWN, *site_urls.urlpatterns, *OWN]


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
