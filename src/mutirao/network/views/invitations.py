# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations: made by whoever may give the role, accepted by whoever holds the link."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import segno
from allauth.account import views as account_views
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mutirao.kernel import clock, formats
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.kernel.limits import limited
from mutirao.network import access, operations, permissions, queries, roles
from mutirao.network.access import NetworkRequest
from mutirao.network.account_forms import RequestLoginCodeForm
from mutirao.network.errors import AccountExists
from mutirao.network.forms.people import InviteForm, NewAccountForm, enterprise_named
from mutirao.network.languages import as_read_in
from mutirao.network.models import Invitation, Person
from mutirao.network.operations.invitations import Issued, invitation_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: NetworkRequest, slug: str) -> HttpResponse:
    """Make an invitation; its link, QR code and message are shown once, here."""
    actor = request.actor
    if not queries.grantable_roles(actor):
        queries.require_somewhere(actor, permissions.GRANT_ENTERPRISE_ROLES)
    old = _run_out(request)
    initial = _as_before(old) if old else _initial(request)
    form = InviteForm(request.POST or None, initial=initial, actor=actor, network=request.network)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            issued = operations.invite(
                request.network,
                role=data["role"],
                enterprise=data.get("enterprise"),
                name=data["name"],
                email=data["email"],
                days=data["days"],
                bounds=form.bounds(),
                actor=actor,
                key=key,
                replaces=old,
            )
        except DomainError as error:
            form.add_domain_error(error)
        else:
            return render(request, "network/invitation_made.html", _made(request, issued))
    context = {"form": form, "key": key, "old": old}
    return render(request, "network/invite.html", context, status=422 if form.errors else 200)


def _run_out(request: NetworkRequest) -> Invitation | None:
    """The invitation that ran out and is made again, when the address names one that the actor may make."""
    again = request.GET.get("again", "")
    if not (again.isascii() and again.isdigit()):
        return None
    return queries.expired_invitations_for(request.actor).filter(pk=int(again[:18])).first()


def _as_before(old: Invitation) -> dict[str, Any]:
    """The form as it was filled in then; an end that has passed meanwhile is asked for anew."""
    ends = old.role_until
    return {
        "name": old.name,
        "email": old.email,
        "role": old.role,
        "enterprise": enterprise_named(old.enterprise) if old.enterprise else None,
        "last_day": ends - dt.timedelta(days=1) if ends and ends > clock.today() else None,
        "task": old.task,
        "parts": old.scope.split(),
    }


def _initial(request: NetworkRequest) -> dict[str, Any]:
    """Coming from an enterprise's page, or belonging to one only, the enterprise stands there already."""
    actor = request.actor
    allowed = queries.enterprises_to_name(actor, permissions.GRANT_ENTERPRISE_ROLES)
    chosen = request.GET.get("enterprise", "")
    if chosen.isascii() and chosen.isdigit():
        row = allowed.filter(pk=int(chosen[:18])).first()
        return {"enterprise": enterprise_named(row), "role": roles.ENTERPRISE_COORDINATOR if row else None}
    if not actor.can(permissions.GRANT_ENTERPRISE_ROLES) and len(rows := list(allowed[:2])) == 1:
        return {"enterprise": enterprise_named(rows[0])}
    return {}


def _made(request: NetworkRequest, issued: Issued) -> dict[str, Any]:
    invitation = issued.invitation
    url = request.build_absolute_uri(reverse("invitation", kwargs={"token": issued.token}))
    words = {
        "name": invitation.name,
        "network": request.network,
        "role": invitation.role_label,
        "enterprise": invitation.enterprise,
        "url": url,
        "until": formats.date(invitation.expires_at.date()),
    }
    hello = _("Olá, %(name)s!") if invitation.name else _("Olá!")
    body = (
        _("Aqui está seu convite para participar da %(network)s por %(enterprise)s (%(role)s).")
        if invitation.enterprise
        else _("Aqui está seu convite para participar da %(network)s (%(role)s).")
    )
    end = _("Abra este endereço no celular para aceitar, até %(until)s: %(url)s")
    return {
        "invitation": invitation,
        "url": url,
        "text": " ".join(part % words for part in (hello, body, end)),
        "qr": SafeString(segno.make(url, error="m").svg_inline(omitsize=True, border=0)),
    }


@require_POST
def invitation_revoke(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation.objects.select_related("enterprise"), pk=pk)
    operations.revoke_invitation(invitation, actor=request.actor)
    messages.success(request, _("O convite foi cancelado: o link já não vale."))
    return redirect("network:people", slug=slug)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@limited("invitation", most=20, seconds=600)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link: accept as who is signed in, or with a new account."""
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, token)
    found = invitation_of(token)
    with as_read_in(found.network, request):
        return _invited(request, token, found)


def _invited(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    context = {"invitation": found, "token": token, "purpose": roles.ROLES[found.role].purpose}
    if request.user.is_authenticated:
        return render(request, "network/invitation.html", context)
    form = NewAccountForm(request.POST or None, initial={"name": found.name, "email": found.email})
    if found.email:
        form.fields["email"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            return _with_new_account(request, token, form)
        except AccountExists as error:
            add_to_form(form, error)
            context["account_exists"] = True
        except DomainError as error:
            add_to_form(form, error)
    context["form"] = form
    return render(request, "network/invitation.html", context, status=422 if form.errors else 200)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    found = operations.invitations.network_of(token)
    person = Person.objects.get(pk=request.user.pk or 0)
    operations.accept_invitation(token, actor=access.actor_for(person, found, via="link"))
    return _welcome(request, found)


def _welcome(request: HttpRequest, network: Any) -> HttpResponse:
    messages.success(request, _("Boas-vindas à %(network)s!") % {"network": network})
    return redirect("network_home", slug=network.slug)


def _with_new_account(request: HttpRequest, token: str, form: NewAccountForm) -> HttpResponse:
    data = form.cleaned_data
    who = {"name": data["name"], "email": data["email"], "phone": data["phone"], "language": get_language() or ""}
    if data["way"] == "code":
        operations.open_account(token, **who)
        # The address is proved by the code; then the person comes back here and accepts.
        asked = request.POST.copy()
        asked["email"], asked["next"] = data["email"], request.path
        request.POST = asked  # type: ignore[assignment]
        return account_views.RequestLoginCodeView.as_view(form_class=RequestLoginCodeForm)(request)  # type: ignore[no-any-return]
    person = operations.accept_with_new_account(token, password=data["password"], **who)
    login(request, person, backend=BACKEND)
    return _welcome(request, operations.invitations.network_of(token))
