# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actors of the territory: the list with what is due, one of them, and what is written down about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import version
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.uploads import serve
from mutirao.network.access import NetworkRequest
from mutirao.network.paging import page_of
from mutirao.network.queries import require_somewhere
from mutirao.territory import agenda, operations, permissions, queries
from mutirao.territory.forms.partners import (
    AgreementForm,
    CallForm,
    MeetingForm,
    NextStepForm,
    PartnerFilter,
    PartnerForm,
    PersonForm,
    StepDoneForm,
)
from mutirao.territory.models import Agreement, Meeting, Partner, PublicCall
from mutirao.territory.operations import CALL_FIELDS, STEP_FIELDS
from mutirao.territory.views.base import Page, confirm_page, form_page

MEETINGS_SHOWN = STRUCK_SHOWN = 20


@require_GET
def partners(request: NetworkRequest, slug: str) -> HttpResponse:
    """Who there is in the territory, what is to be done next, which calls are open."""
    require_somewhere(request.actor, permissions.SEE_PARTNERS)
    found = PartnerFilter(request.GET, queryset=queries.partners_visible_to(request.actor), request=request)
    context = {
        "filter": found,
        "page": page_of(request, found.qs),
        "calls": queries.open_calls(request.actor),
        "may_edit": request.actor.can(permissions.EDIT_PARTNERS),
        "today": clock.today(),
    }
    return render(request, "territory/partners.html", context)


@require_GET
def partner(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """One actor: the relationship, whom to talk to, what was agreed and said, calls, the next step."""
    require_somewhere(request.actor, permissions.SEE_PARTNERS)
    row = queries.partner_for(request.actor, pk)
    today = clock.today()
    agreements, talks = list(row.agreements.all()), row.meetings.all()
    calls = list(row.calls.order_by("-closes_on"))
    meetings = page_of(request, talks.filter(struck_at=None).select_related("step_by"), MEETINGS_SHOWN)
    struck: list[Any] = [
        one for one in (*agreements, *talks.exclude(struck_at=None)[:STRUCK_SHOWN], *calls) if one.is_struck
    ]
    changed = queries.last_changes([*agreements, *meetings, *calls, *struck])
    context = {
        "partner": row,
        "people": queries.people_of(row, request.actor),
        "enterprises": list(row.enterprises.filter(is_active=True)),
        "products": list(row.products.all()),
        "agreements": [_shown(one, changed) | {"over": one.is_over(today)} for one in agreements if not one.is_struck],
        "meetings": meetings,
        "talks": [_shown(one, changed) | {"reopens": _may_reopen(request, one, row)} for one in meetings],
        "calls": [_shown(one, changed) for one in calls if not one.is_struck],
        "struck": [_shown(one, changed) for one in sorted(struck, key=lambda one: one.struck_at, reverse=True)],
        "late": row.next_step_until is not None and row.next_step_until < today,
        "today": today,
        "may_edit": request.actor.can(permissions.EDIT_PARTNERS, row),
        "may_do_step": _may_do_step(request, row),
    }
    return render(request, "territory/partner.html", context)


def _shown(row: Agreement | Meeting | PublicCall, changed: Mapping[tuple[str, int], AuditEntry]) -> dict[str, Any]:
    """One of the things written down, with who changed it last."""
    kind = row._meta.model_name or ""
    return {"row": row, "kind": kind, "changed": changed.get((row._meta.label_lower, row.pk))}


def _may_reopen(request: NetworkRequest, talk: Meeting, row: Partner) -> bool:
    """A talk that ended a next step, for whoever may do the step, while no other waits."""
    if not talk.step or row.next_step:
        return False
    own = talk.step_by_id is not None and talk.step_by_id == request.actor.person_id
    return own or request.actor.can(permissions.EDIT_PARTNERS, row)


def _may_do_step(request: NetworkRequest, row: Partner) -> bool:
    """Whoever looks after partners, and whoever the next step was given to."""
    given = row.next_step_by_id is not None and row.next_step_by_id == request.actor.person_id
    return given or request.actor.can(permissions.EDIT_PARTNERS, row)


def _editable(request: NetworkRequest, pk: int) -> Partner:
    row = queries.partner_for(request.actor, pk)
    request.actor.require(permissions.EDIT_PARTNERS, row)
    return row


def _above(slug: str, row: Partner | None = None) -> list[tuple[str, str]]:
    found = [(_("Parceiros do território"), reverse("territory:actors", args=[slug]))]
    return [*found, (row.name, reverse("territory:actor", args=[slug, row.pk]))] if row else found


@require_http_methods(["GET", "POST"])
def partner_new(request: NetworkRequest, slug: str) -> HttpResponse:
    """Put an actor on the list."""
    request.actor.require(permissions.EDIT_PARTNERS, request.network)
    form = PartnerForm(request.POST or None, network=request.network, actor=request.actor)
    key = _key(request)

    def run() -> None:
        operations.add_partner(request.network, form.data_given(), actor=request.actor, key=key)

    page = Page(_("Cadastrar parceiro"), _above(slug), action=_("Cadastrar"))
    return form_page(request, form, page, run=run, done=_("Parceiro cadastrado."), key=key)


@require_http_methods(["GET", "POST"])
def partner_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is said about an actor."""
    row = _editable(request, pk)
    initial = PartnerForm.initial_for(row) | {"seen": operations.partner_version(row)}
    form = PartnerForm(request.POST or None, network=request.network, actor=request.actor, initial=initial)

    def run() -> None:
        operations.edit_partner(row, form.data_given(), actor=request.actor, seen=form.cleaned_data["seen"])

    return form_page(request, form, Page(_("Mudar os dados"), _above(slug, row)), run=run, done=_("Guardado."))


@require_http_methods(["GET", "POST"])
def partner_activity(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Take an actor off the list, or bring it back."""
    row = _editable(request, pk)
    title = _("Tirar %(name)s da lista?") if row.is_active else _("Trazer %(name)s de volta?")
    kept = _("O que foi combinado e conversado continua guardado.")
    return confirm_page(
        request,
        title % {"name": row.name},
        [kept],
        _("Tirar da lista") if row.is_active else _("Trazer de volta"),
        reverse("territory:actor", args=[slug, row.pk]),
        run=lambda: operations.set_partner_active(row, active=not row.is_active, actor=request.actor),
        done=_("Guardado."),
    )


def _key(request: NetworkRequest) -> str:
    """What makes the same form, sent twice, count once."""
    return request.POST.get("idempotency_key") or str(uuid.uuid4())


def _noted(
    request: NetworkRequest,
    pk: int,
    title: str,
    make_form: Callable[[Actor], forms.Form],
    run: Callable[[Partner, forms.Form], Any],
    key: str = "",
) -> HttpResponse:
    """A small form about one partner."""
    row = _editable(request, pk)
    form = make_form(request.actor)
    page = Page(title, _above(request.network.slug, row))
    return form_page(request, form, page, run=lambda: run(row, form), done=_("Guardado."), key=key)


@require_http_methods(["GET", "POST"])
def person_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Write down somebody to talk to."""

    key = _key(request)

    def run(row: Partner, form: Any) -> None:
        operations.add_partner_person(row, form.data_given(), actor=request.actor, key=key)

    return _noted(request, pk, _("Com quem falar"), lambda actor: PersonForm(request.POST or None), run, key)


@require_http_methods(["GET", "POST"])
def person_forget(request: NetworkRequest, slug: str, pk: int, person_pk: int) -> HttpResponse:
    """Erase somebody's data."""
    row = _editable(request, pk)
    person = get_object_or_404(row.people, pk=person_pk)
    return confirm_page(
        request,
        _("Apagar os dados de %(name)s?") % {"name": person.name},
        [_("Nome, função, telefone e e-mail desta pessoa são apagados e não voltam.")],
        _("Apagar"),
        reverse("territory:actor", args=[slug, row.pk]),
        run=lambda: operations.forget_partner_person(person, actor=request.actor),
        done=_("Apagado."),
    )


@require_http_methods(["GET", "POST"])
def agreement_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Write down what was agreed."""
    key = _key(request)

    def run(row: Partner, form: forms.Form) -> None:
        operations.add_agreement(row, actor=request.actor, key=key, **form.cleaned_data)

    def make(actor: Actor) -> forms.Form:
        return AgreementForm(request.POST or None, request.FILES or None, initial={"since": clock.today()})

    return _noted(request, pk, _("O que ficou combinado"), make, run, key)


@require_GET
def agreement_file(request: NetworkRequest, slug: str, pk: int, agreement_pk: int) -> HttpResponse:
    """The signed paper."""
    require_somewhere(request.actor, permissions.SEE_PARTNERS)
    row = queries.partner_for(request.actor, pk)
    agreement = get_object_or_404(row.agreements.exclude(file=""), pk=agreement_pk)
    answer: HttpResponse = serve(
        request, agreement.file, name=agreement.file_name, content_type=agreement.file_type, inline=True
    )
    return answer


@require_http_methods(["GET", "POST"])
def meeting_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Write down a talk."""
    key = _key(request)

    def run(row: Partner, form: forms.Form) -> None:
        operations.note_meeting(row, actor=request.actor, key=key, **form.cleaned_data)

    def make(actor: Actor) -> forms.Form:
        return MeetingForm(request.POST or None, initial={"held_on": clock.today(), "who": actor.name})

    return _noted(request, pk, _("Anotar uma conversa"), make, run, key)


@require_http_methods(["GET", "POST"])
def next_step(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Mark what comes next, or change it."""
    row = _editable(request, pk)
    initial = {"what": row.next_step, "until": row.next_step_until, "by": row.next_step_by_id}
    form = NextStepForm(
        request.POST or None, actor=request.actor, initial=initial | {"seen": version(row, STEP_FIELDS)}
    )
    page = Page(_("Mudar o próximo passo") if row.next_step else _("Próximo passo"), _above(slug, row))
    return form_page(
        request, form, page, run=lambda: operations.set_next_step(row, actor=request.actor, **form.cleaned_data),
        done=_("Guardado."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def next_step_done(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """It is done."""
    row = queries.partner_for(request.actor, pk)
    if not _may_do_step(request, row):
        request.actor.require(permissions.EDIT_PARTNERS, row)
    form = StepDoneForm(request.POST or None, initial={"seen": version(row, STEP_FIELDS)})

    def run() -> None:
        operations.finish_next_step(row, actor=request.actor, **form.cleaned_data)

    page = Page(_("Próximo passo feito"), _above(slug, row), lead=row.next_step)
    return form_page(request, form, page, run=run, done=_("Guardado."))


@require_http_methods(["GET", "POST"])
def call_new(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Write down a public call."""

    def run(row: Partner, form: Any) -> None:
        operations.add_call(row, form.data_given(), actor=request.actor)

    def make(actor: Actor) -> forms.Form:
        return CallForm(request.POST or None, currency=request.network.currency, is_new=True)

    return _noted(request, pk, _("Chamada pública"), make, run)


@require_http_methods(["GET", "POST"])
def call_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Change a public call, or say how it went."""
    call = queries.call_for(request.actor, pk)
    request.actor.require(permissions.EDIT_PARTNERS, call)
    if request.method != "POST":
        operations.require_standing(call)
    initial = {name: getattr(call, name) for name in CALL_FIELDS} | {"seen": version(call, CALL_FIELDS)}
    form = CallForm(request.POST or None, currency=call.currency, initial=initial)

    def run() -> None:
        said = {name: form.cleaned_data[name] for name in ("seen", "reason")}
        operations.edit_call(call, form.data_given(), actor=request.actor, **said)

    page = Page(_("Chamada %(number)s") % {"number": call.number}, _above(slug, call.partner))
    return form_page(request, form, page, run=run, done=_("Guardado."))


@require_GET
def deadlines(request: NetworkRequest, slug: str) -> HttpResponse:
    """Deadlines of public calls and next steps as a calendar file."""
    require_somewhere(request.actor, permissions.SEE_PARTNERS)
    body = agenda.calendar_of(request.actor, request.network, base=request.build_absolute_uri("/").rstrip("/"))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="prazos.ics"'
    return answer
