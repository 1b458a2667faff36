# SPDX-License-Identifier: AGPL-3.0-or-later
"""What protects a person's account: devices, second factor, another e-mail address."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutirao.kernel import formats, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import access, operations, queries
from mutirao.network.account_forms import CloseAccountForm, EmailForm
from mutirao.network.core.devices import browser_and_system
from mutirao.network.models import Person
from mutirao.network.operations.protection import email_change_of, reset_of


def _person(request: HttpRequest) -> tuple[Person, Actor]:
    person = Person.objects.get(pk=request.user.pk or 0)
    return person, Actor(name=str(person), person_id=person.pk)


class Overview(IndexView):  # type: ignore[misc]
    """The page "Proteção da conta"."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person, _actor = _person(self.request)
        return {
            **context,
            "person": person,
            "has_second_factor": access.has_second_factor(person),
            "wanted": [
                (network, due)
                for network in access.networks_of(person)
                if (due := access.second_factor_due(access.actor_for(person, network))) is not None
            ],
            "resets": queries.open_resets_of(person),
        }


overview = never_cache(Overview.as_view())


def device_words(user_agent: str) -> str:
    """A device in plain words: "Chrome no Android"."""
    browser, device = browser_and_system(user_agent)
    if browser and device:
        return _("%(browser)s em %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("Aparelho que não se apresentou")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; a POST signs out everywhere else."""
    person, actor = _person(request)
    here = request.session.session_key
    if request.method == "POST":
        many = operations.end_other_sessions(person, current_key=here, actor=actor)
        messages.success(
            request,
            _("Pronto: só este aparelho continua dentro.") if many else _("Não havia outro aparelho dentro."),
        )
        return redirect("usersessions_list")
    rows = [
        {"session": one, "words": device_words(one.user_agent), "here": one.session_key == here}
        for one in UserSession.objects.purge_and_list(person)
    ]
    rows.sort(key=lambda row: (not row["here"], -row["session"].last_seen_at.timestamp()))
    return render(request, "account/devices.html", {"rows": rows, "others": sum(not row["here"] for row in rows)})


@login_required
@require_POST
def device_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out on one other device."""
    person, actor = _person(request)
    operations.end_session(person, session_id=pk, actor=actor)
    messages.success(request, _("Esse aparelho já não está dentro."))
    return redirect("usersessions_list")


@never_cache
@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address; one has to confirm first that one is oneself."""
    person, actor = _person(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_email_change(person, email=form.cleaned_data["email"], site=_site(request), actor=actor)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Mandamos um endereço para o e-mail novo. Abra-o de lá para confirmar."))
            return redirect("mfa_index")
    return render(request, "account/email.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@never_cache
@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close one's own account, after confirming that one is oneself and typing the address of the account."""
    person, actor = _person(request)
    form = CloseAccountForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            operations.close_own_account(actor=actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            logout(request)
            return redirect("account_closed")
    roles = [f"{row.network}: {row.role_label}" for row in queries.own_roles_everywhere(person)]
    context = {
        "title": _("Fechar sua conta?"),
        "what": [
            _("Você sai de todos os aparelhos, e ninguém mais entra com %(email)s.") % {"email": person.email},
            _("Seus papéis terminam hoje: %(roles)s.") % {"roles": "; ".join(roles)}
            if roles
            else _("Você não tem papel em nenhuma rede."),
            _("O que você fez nas redes continua no registro, com o seu nome."),
        ],
        "undo": _(
            "Só quem cuida desta instalação reabre a conta; os papéis são dados de novo, por convite. "
            "Para apagar seus dados, peça à coordenação da rede."
        ),
        "action": _("Fechar minha conta"),
        "cancel_url": reverse("mfa_index"),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """What somebody reads who has just closed their account."""
    return render(request, "account/closed.html")


@never_cache
@require_http_methods(["GET", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the letter to the new address."""
    person, new = email_change_of(token)
    if request.method == "POST":
        operations.change_email(token, actor=system(None, why=str(person), via="link"))
        messages.success(request, _("Seu e-mail agora é %(email)s.") % {"email": new})
        return redirect("home")
    context = {
        "title": _("Confirmar o e-mail novo?"),
        "what": [
            _("%(name)s passa a entrar com %(email)s.") % {"name": person, "email": new},
            _("O e-mail de antes deixa de servir, e recebe um aviso."),
        ],
        "action": _("Sim, é o meu e-mail"),
        "cancel_url": reverse("home"),
    }
    return render(request, "components/confirm_page.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def reset_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link by which the owner of an account stops what others asked for."""
    reset = reset_of(token)
    if request.method == "POST":
        owner = Actor(name=str(reset.person), person_id=reset.person_id, network_id=reset.network_id, via="link")
        with tenancy.activated(reset.network_id):
            operations.stop_second_factor_reset(reset, actor=owner)
        messages.success(request, _("O pedido foi parado. Sua confirmação em duas etapas continua como estava."))
        return redirect("home")
    if not reset.is_open:
        messages.info(request, _("Este pedido já não está em aberto."))
        return redirect("home")
    context = {
        "title": _("Parar o pedido?"),
        "what": [
            _("%(who)s pediu, em %(day)s, para refazer a sua confirmação em duas etapas na %(network)s.")
            % {"who": reset.asked_by, "day": formats.date(reset.asked_at.date()), "network": reset.network},
            _("Se você não pediu ajuda, pare o pedido agora: nada muda na sua conta."),
        ],
        "action": _("Parar o pedido"),
        "cancel_url": reverse("home"),
    }
    return render(request, "components/confirm_page.html", context)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
