# SPDX-License-Identifier: AGPL-3.0-or-later
"""People and their roles; what each role may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.network import access, modules, operations, permissions, queries, recovery
from mutirao.network.access import NetworkRequest
from mutirao.network.forms.enterprises import ReasonForm
from mutirao.network.forms.people import PeopleFilter, RoleForm
from mutirao.network.models import SecondFactorReset
from mutirao.network.operations.people import require_granting
from mutirao.network.paging import page_of


@require_GET
def people(request: NetworkRequest, slug: str) -> HttpResponse:
    """The people of the network with their roles, and the invitations that are still open."""
    actor = request.actor
    queries.require_somewhere(actor, permissions.SEE_PEOPLE)
    found = PeopleFilter(request.GET, queryset=queries.people_visible_to(actor), actor=actor)
    page = page_of(request, found.qs)
    roles = queries.roles_of(actor, list(page.object_list))
    may_invite = bool(queries.grantable_roles(actor))
    context = {
        "filter": found,
        "page": page,
        "rows": [(person, roles[person.pk]) for person in page.object_list],
        "may_invite": may_invite,
        "invitations": list(queries.open_invitations_for(actor)[:50]) if may_invite else [],
        "expired": list(queries.expired_invitations_for(actor)[:50]) if may_invite else [],
    }
    return render(request, "network/people.html", context)


@require_http_methods(["GET", "POST"])
def person(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One person: how to reach them, the roles they hold; giving another role."""
    actor = request.actor
    queries.require_somewhere(actor, permissions.SEE_PEOPLE)
    someone = queries.person_for(actor, pk)
    offered = queries.grantable_roles(actor)
    form = RoleForm(request.POST or None, actor=actor, network=request.network) if offered else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            operations.grant_role(
                someone, role=data["role"], enterprise=data.get("enterprise"), bounds=form.bounds(), actor=actor
            )
        except DomainError as error:
            form.add_domain_error(error)
        else:
            messages.success(request, _("%(name)s tem agora esse papel.") % {"name": someone})
            return redirect("network:person", slug=slug, pk=pk)
    held = [(row, _may_end(request, row)) for row in queries.roles_of(actor, [someone])[someone.pk]]
    reset = queries.open_reset_in_network(actor, someone)
    context = {
        "person": someone,
        "held": held,
        "form": form,
        "may_audit": actor.can(permissions.SEE_AUDIT),
        "may_dismiss": actor.can(permissions.DISMISS) and someone.pk != actor.person_id,
        "may_protect": actor.can(permissions.PROTECT_ACCOUNTS) and someone.pk != actor.person_id,
        "has_second_factor": access.has_second_factor(someone),
        "reset": reset,
        "standing": _standing(request, reset),
    }
    return render(request, "network/person.html", context, status=422 if form and form.errors else 200)


def _standing(request: NetworkRequest, reset: SecondFactorReset | None) -> recovery.Standing | None:
    """How the reader stands to a reset that waits for a second person; None where it does not wait for them."""
    if reset is None or reset.confirmed_by_id or request.actor.person_id in (reset.asked_by_id, reset.person_id):
        return None
    if not request.actor.can(permissions.PROTECT_ACCOUNTS, reset):
        return None
    return recovery.standing_to_confirm(reset, request.actor.person_id)


def _may_end(request: NetworkRequest, row: object) -> bool:
    act = permissions.GRANT_ENTERPRISE_ROLES if row.enterprise_id else permissions.GRANT_NETWORK_ROLES  # type: ignore[attr-defined]
    return bool(request.actor.can(act, row))


@require_http_methods(["GET", "POST"])
def role_end(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """End a role, after asking once and for the reason."""
    queries.require_somewhere(request.actor, permissions.SEE_PEOPLE)
    row = get_object_or_404(queries.assignments_visible_to(request.actor).select_related("person", "enterprise"), pk=pk)
    require_granting(request.actor, request.network, row.role, row.enterprise)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_role(row, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("O papel foi encerrado."))
            return redirect("network:people", slug=slug)
    where = str(row.enterprise) if row.enterprise else str(request.network)
    context = {
        "title": _("Encerrar o papel de %(name)s?") % {"name": row.person},
        "what": [
            _("%(name)s deixa de ter o papel “%(role)s” em %(where)s, agora mesmo.")
            % {"name": row.person, "role": row.role_label, "where": where},
            _("O que essa pessoa fez continua no registro com o nome dela."),
        ],
        "undo": _("Você pode dar o papel de novo quando quiser."),
        "action": _("Sim, encerrar"),
        "form": form,
        "cancel_url": reverse("network:person", kwargs={"slug": slug, "pk": row.person_id}),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@require_GET
def roles(request: NetworkRequest, slug: str) -> HttpResponse:
    """What each role may do, from the same registry that the checks read; everybody in the network may look."""
    queries.require_somewhere(request.actor, permissions.SEE_NETWORK)
    matrix = queries.roles_matrix()
    groups = [(modules.label(code), rows) for code, rows in matrix.groups.items()]
    context = {
        "matrix": matrix,
        "groups": groups,
        "by_role": queries.acts_of_roles(matrix),
        "held": {grant.role for grant in request.actor.grants},
    }
    return render(request, "network/roles.html", context)
