# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's notices in a network, how they want to be told, and stopping e-mails by the link in a letter."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError
from mutirao.network import access
from mutirao.network.access import NetworkRequest
from mutirao.network.models import Network, Person
from mutirao.notices import kinds, letters, operations, queries
from mutirao.notices.errors import ShortLinkUnknown, StopLinkUnknown
from mutirao.notices.forms import WaysForm
from mutirao.notices.keys import public_text
from mutirao.notices.models import Device, Notice, ShortLink

PAGE = 30


@require_safe
def inbox(request: NetworkRequest, slug: str) -> HttpResponse:
    """What the person was told, the newest first."""
    only_unread = request.GET.get("ver") != "todos"
    rows = queries.inbox(request.actor)
    unread = queries.unread_count(request.actor.person_id or 0)
    url = reverse("notices:inbox", kwargs={"slug": slug})
    shown = rows.filter(read_at__isnull=True) if only_unread else rows
    context = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "unread": unread,
        "only_unread": only_unread,
        "tabs": [
            {"label": _("Por ler"), "url": url, "current": only_unread, "count": unread},
            {"label": _("Todos"), "url": url + "?ver=todos", "current": not only_unread},
        ],
    }
    return render(request, "notices/inbox.html", context)


@require_POST
def open_notice(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    row = get_object_or_404(Notice, pk=pk, person=request.actor.person_id)
    operations.mark_read([row.pk], actor=request.actor)
    safe = row.path and url_has_allowed_host_and_scheme(row.path, allowed_hosts=None)
    return redirect(row.path if safe else reverse("notices:inbox", kwargs={"slug": slug}))


@require_POST
def mark_all_read(request: NetworkRequest, slug: str) -> HttpResponse:
    """Mark everything as read."""
    operations.mark_read(None, actor=request.actor)
    return redirect("notices:inbox", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: NetworkRequest, slug: str) -> HttpResponse:
    """How the person wants to be told."""
    person_id = request.actor.person_id or 0
    own, choices = queries.settings_of(person_id), queries.choices_of(request.actor)
    form = WaysForm(request.POST if request.method == "POST" else None, own=own, choices=choices)
    if form.is_valid():
        operations.choose_ways(**form.chosen(), actor=request.actor)
        messages.success(request, _("Suas escolhas foram guardadas."))
        return redirect("notices:settings", slug=slug)
    context = {
        "form": form,
        "devices": queries.devices_of(request.actor),
        "push_key": public_text(),
        "email": request.user.email,  # type: ignore[union-attr]
    }
    return render(request, "notices/settings.html", context, status=422 if form.errors else 200)


@require_POST
def test(request: NetworkRequest, slug: str) -> HttpResponse:
    """Send the person a notice to see whether it arrives."""
    operations.send_test(
        actor=request.actor,
        words=lambda: operations.Said(
            _("Aviso de teste"), _("Se você está lendo isto, os avisos chegam. Foi você quem pediu este teste.")
        ),
        path=reverse("notices:inbox", kwargs={"slug": slug}),
    )
    messages.success(request, _("O aviso de teste está a caminho: no aplicativo, por e-mail e nos aparelhos ligados."))
    return redirect("notices:settings", slug=slug)


@require_POST
def add_device(request: NetworkRequest, slug: str) -> HttpResponse:
    """Let this browser ring; sent by its script."""
    given = request.POST
    try:
        device = operations.add_device(
            endpoint=given.get("endpoint", ""), browser_key=given.get("key", ""), auth=given.get("auth", ""),
            name=given.get("name", ""), actor=request.actor,
        )  # fmt: skip
    except DomainError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    return JsonResponse({"id": device.pk})


@require_POST
def remove_device(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Let a browser ring no more."""
    device = get_object_or_404(Device, pk=pk, person=request.actor.person_id)
    operations.remove_device(device, actor=request.actor)
    messages.success(request, _("Este aparelho não toca mais."))
    return redirect("notices:settings", slug=slug)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mails by the signed link of a letter. Looking changes nothing (mail programs look by themselves); one tap,
    or the mail program's own button (RFC 8058), stops. The signature is the right: there is no cookie to protect."""
    person_id, network_id, scope = letters.read_stop(token)
    person = Person.objects.filter(pk=person_id).first()
    network = Network.objects.filter(pk=network_id).first()
    if person is None or network is None:
        raise StopLinkUnknown
    stopped = request.method == "POST"
    wanted = letters.ALL if request.POST.get("scope") == letters.ALL else scope
    if stopped:
        with tenancy.activated(network):
            actor = Actor(name=str(person), person_id=person.pk, network_id=network.pk, via="link")
            operations.stop_emails(person, scope=wanted, actor=actor)
    about = None if scope in (letters.DIGEST_SCOPE, letters.ALL) else kinds.kind(scope).label
    context = {
        "of": network,
        "about": about,
        "stopped": stopped,
        "all": stopped and wanted == letters.ALL,
        "only_all": scope == letters.ALL,
        "choose": reverse("notices:settings", kwargs={"slug": network.slug}),
    }
    answer = render(request, "notices/stop.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Go to the page that a short address stands for; strangers learn nothing, not even whether there is one."""
    if not request.user.is_authenticated:
        return access.sign_in_first(request)
    with tenancy.unscoped("a short address names no network"):
        row = ShortLink.objects.filter(code=code, expires_at__gt=clock.now()).select_related("network").first()
    if row is None or access.enter_network(request.user, row.network.slug) is None:
        raise ShortLinkUnknown
    return redirect(row.path)
