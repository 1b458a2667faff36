# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enterprises: list, page, forms, contacts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import changes, sheets
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form, decimal_comma
from mutirao.network import exporting, operations, panels, permissions, queries
from mutirao.network.access import NetworkRequest
from mutirao.network.core import phones
from mutirao.network.duties import open_duties
from mutirao.network.forms.enterprises import ContactForm, EnterpriseFilter, EnterpriseForm, ReasonForm
from mutirao.network.models import Contact
from mutirao.network.operations.enterprises import ENTERPRISE_FIELDS
from mutirao.network.paging import options, page_of


@require_GET
def enterprises(request: NetworkRequest, slug: str) -> HttpResponse:
    """The list, filtered and in pages."""
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    found = EnterpriseFilter(request.GET, queryset=queries.enterprises_visible_to(request.actor), request=request)
    context = {
        "filter": found,
        "page": page_of(request, found.qs),
        "may_add": request.actor.can(permissions.ADD_ENTERPRISE),
        "may_import": request.actor.can(permissions.IMPORT_DATA),
    }
    return render(request, "network/enterprises.html", context)


@require_GET
def enterprises_file(request: NetworkRequest, slug: str, kind: str) -> HttpResponse:
    """The list as filtered, with everything that is known of each, as a spreadsheet."""
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    found = EnterpriseFilter(request.GET, queryset=queries.enterprises_visible_to(request.actor), request=request)
    names, lines = exporting.columns(), exporting.rows(found.qs, request.actor)
    if kind == "xlsx":
        body = sheets.write_xlsx([(_("Empreendimentos"), names, lines)])
        answer = HttpResponse(body, content_type=sheets.XLSX_TYPE)
    else:
        body = sheets.write_csv(names, lines, decimal_comma=decimal_comma())
        answer = HttpResponse(body, content_type=sheets.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{_("empreendimentos")}.{kind}"'
    return answer


@require_GET
def enterprise(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One enterprise: what is known, whom to call, who belongs to it, and what upper modules have to show."""
    actor = request.actor
    row = queries.enterprise_for(actor, pk)
    context = {
        "enterprise": row,
        "tax_id": queries.tax_id_words(actor, row),
        "contacts": queries.contacts_visible_to(actor, row),
        "sees_contacts": actor.can_somewhere(permissions.SEE_PEOPLE) or row.pk in actor.enterprise_ids,
        "people": queries.people_of(row, actor),
        "panels": panels.rendered("enterprise", request, row),
        "may_edit": actor.can(permissions.EDIT_ENTERPRISE, row),
        "may_remove": actor.can(permissions.ADD_ENTERPRISE, row),
        "may_invite": row.is_active and actor.can(permissions.GRANT_ENTERPRISE_ROLES, row),
        "may_audit": actor.can(permissions.SEE_AUDIT),
    }
    return render(request, "network/enterprise.html", context)


@require_http_methods(["GET", "POST"])
def enterprise_new(request: NetworkRequest, slug: str) -> HttpResponse:
    """Bring an enterprise in."""
    request.actor.require(permissions.ADD_ENTERPRISE, request.network)
    form = EnterpriseForm(request.POST or None, network=request.network)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.add_enterprise(request.network, form.data_given(), actor=request.actor, key=key)
        except DomainError as error:
            add_to_form(form, error)
        else:
            words = _("“%(name)s” foi cadastrado. Situação na rede: %(standing)s.")
            messages.success(request, words % {"name": row.name, "standing": row.get_standing_display()})
            return redirect("network:enterprise", slug=slug, pk=row.pk)
    context = {"form": form, "key": key, "keep": "enterprise-new"}
    return render(request, "network/enterprise_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def enterprise_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change an enterprise's data."""
    row = queries.enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_ENTERPRISE, row)
    initial = EnterpriseForm.initial_for(row) | {"seen": changes.version(row, ENTERPRISE_FIELDS)}
    form = EnterpriseForm(request.POST or None, initial=initial, network=request.network)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            operations.edit_enterprise(row, form.data_given(), actor=request.actor, seen=seen)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Os dados foram guardados."))
            return redirect("network:enterprise", slug=slug, pk=pk)
    context = {"form": form, "enterprise": row, "keep": f"enterprise-{pk}"}
    return render(request, "network/enterprise_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def enterprise_activity(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Take an enterprise out of new rounds, or bring it back; asks once and says what will happen."""
    row = queries.enterprise_for(request.actor, pk)
    request.actor.require(permissions.ADD_ENTERPRISE, row)
    leaving = row.is_active
    if leaving and (duties := open_duties(row)):
        title = _("“%(name)s” ainda tem o que resolver na rede") % {"name": row}
        context = {"title": title, "enterprise": row, "duties": duties}
        status = 409 if request.method == "POST" else 200
        return render(request, "network/enterprise_duties.html", context, status=status)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = operations.deactivate_enterprise if leaving else operations.reactivate_enterprise
        try:
            act(row, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O empreendimento saiu.") if leaving else _("O empreendimento voltou."))
            return redirect("network:enterprise", slug=slug, pk=pk)
    what = (
        [_("Ele não aparece mais nas próximas rodadas."), _("O histórico, as cobranças e os livros ficam como estão.")]
        if leaving
        else [_("Ele volta a aparecer nas próximas rodadas.")]
    )
    context = {
        "title": (_("Tirar “%(name)s” das rodadas?") if leaving else _("Trazer “%(name)s” de volta?")) % {"name": row},
        "what": what,
        "undo": _("Você pode trazê-lo de volta quando quiser.") if leaving else "",
        "action": _("Sim, tirar") if leaving else _("Sim, trazer de volta"),
        "form": form,
        "cancel_url": row_url(slug, pk),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


def row_url(slug: str, pk: int) -> str:
    """The address of an enterprise's page."""
    return reverse("network:enterprise", kwargs={"slug": slug, "pk": pk})


@require_http_methods(["GET", "POST"])
def contact(request: NetworkRequest, slug: str, pk: int, contact_pk: int | None = None) -> HttpResponse:
    """Note somebody to call, or change a contact."""
    row = queries.enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_ENTERPRISE, row)
    known = get_object_or_404(Contact, enterprise=row, pk=contact_pk) if contact_pk else None
    initial = {name: getattr(known, name) for name in ("name", "duty", "email")} if known else {}
    initial["phone"] = phones.shown(known.phone, row.country) if known else ""
    form = ContactForm(request.POST or None, initial=initial)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        try:
            if known:
                operations.edit_contact(known, form.data_given(), actor=request.actor)
            else:
                operations.add_contact(row, form.data_given(), actor=request.actor, key=key)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O contato foi guardado."))
            return redirect("network:enterprise", slug=slug, pk=pk)
    context = {"form": form, "enterprise": row, "contact": known, "key": key}
    return render(request, "network/contact_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def contact_remove(request: NetworkRequest, slug: str, pk: int, contact_pk: int) -> HttpResponse:
    """Forget a contact, after asking once."""
    row = queries.enterprise_for(request.actor, pk)
    request.actor.require(permissions.EDIT_ENTERPRISE, row)
    known = get_object_or_404(Contact, enterprise=row, pk=contact_pk)
    if request.method == "POST":
        operations.remove_contact(known, actor=request.actor)
        messages.success(request, _("O contato foi apagado."))
        return redirect("network:enterprise", slug=slug, pk=pk)
    context = {
        "title": _("Apagar o contato %(name)s?") % {"name": known},
        "what": [_("O nome e o telefone deixam de aparecer nesta página.")],
        "action": _("Sim, apagar"),
        "cancel_url": row_url(slug, pk),
    }
    return render(request, "components/confirm_page.html", context)


@require_GET
def municipalities(request: NetworkRequest, slug: str) -> HttpResponse:
    """Suggestions while somebody types a municipality."""
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    typed = request.GET.get("municipality", "")[:100]
    return options(str(row) for row in queries.municipalities_like(typed))


@require_GET
def enterprise_names(request: NetworkRequest, slug: str) -> HttpResponse:
    """Suggestions while somebody types an enterprise's name."""
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    rows = queries.enterprises_visible_to(request.actor).filter(is_active=True)
    typed = queries.Terms.of(request.GET.get("enterprise", "")[:100])
    return options(row.name for row in rows.filter(typed.within("folded"))[:12]) if typed else options(())
