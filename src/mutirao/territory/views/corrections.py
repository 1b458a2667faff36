# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correcting what was written down about a partner, striking it out, bringing it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutirao.kernel import formats
from mutirao.kernel.changes import version
from mutirao.network.access import NetworkRequest
from mutirao.territory import operations, permissions, queries
from mutirao.territory.forms.partners import AgreementForm, MeetingForm, ReasonForm
from mutirao.territory.models import Agreement, Meeting, Partner, PublicCall
from mutirao.territory.operations import AGREEMENT_FIELDS, CALL_FIELDS, MEETING_FIELDS, STEP_FIELDS
from mutirao.territory.views.base import Page, confirm_page, form_page

KINDS: dict[str, tuple[Any, tuple[str, ...], Any, Any]] = {
    "agreement": (
        Agreement, AGREEMENT_FIELDS, gettext_lazy("Riscar este combinado?"),
        gettext_lazy("Trazer de volta este combinado?"),
    ),
    "meeting": (
        Meeting, MEETING_FIELDS, gettext_lazy("Riscar esta conversa?"), gettext_lazy("Trazer de volta esta conversa?"),
    ),
    "call": (
        PublicCall, CALL_FIELDS, gettext_lazy("Riscar esta chamada?"), gettext_lazy("Trazer de volta esta chamada?"),
    ),
}  # fmt: skip
"""What can be struck out: its rows, the fields that a reason speaks of, the two questions."""


def _entry(request: NetworkRequest, model: Any, pk: int) -> Any:
    row = queries.entry_for(request.actor, model, pk)
    request.actor.require(permissions.EDIT_PARTNERS, row)
    return row


def _standing(request: NetworkRequest, model: Any, pk: int) -> Any:
    """What is not struck out: else no form is shown. What was typed meanwhile is refused by the operation, and kept."""
    row = _entry(request, model, pk)
    if request.method != "POST":
        operations.require_standing(row)
    return row


def _above(slug: str, row: Partner) -> list[tuple[str, str]]:
    return [
        (_("Parceiros do território"), reverse("territory:actors", args=[slug])),
        (row.name, reverse("territory:actor", args=[slug, row.pk])),
    ]


@require_http_methods(["GET", "POST"])
def agreement_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Correct what was agreed."""
    row = _standing(request, Agreement, pk)
    initial = {"text": row.text, "since": row.since, "until": row.until, "seen": version(row, AGREEMENT_FIELDS)}
    form = AgreementForm(request.POST or None, request.FILES or None, agreement=row, initial=initial)
    page = Page(_("Corrigir o combinado"), _above(slug, row.partner))
    return form_page(
        request, form, page, run=lambda: operations.edit_agreement(row, actor=request.actor, **form.cleaned_data),
        done=_("Guardado."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def meeting_edit(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Correct a talk."""
    row = _standing(request, Meeting, pk)
    initial = {name: getattr(row, name) for name in MEETING_FIELDS} | {"seen": version(row, MEETING_FIELDS)}
    form = MeetingForm(request.POST or None, initial=initial)
    page = Page(_("Corrigir a conversa"), _above(slug, row.partner))
    return form_page(
        request, form, page, run=lambda: operations.edit_meeting(row, actor=request.actor, **form.cleaned_data),
        done=_("Guardado."),
    )  # fmt: skip


def _words(row: Agreement | Meeting | PublicCall) -> str:
    """What it is about, shortly."""
    if isinstance(row, PublicCall):
        return f"{row.number}: {row.title}"
    text, day = (row.text, row.since) if isinstance(row, Agreement) else (row.what, row.held_on)
    shown = f"{text[:160].rstrip()}…" if len(text) > 160 else text
    return f"{formats.date(day)}: {shown}"


@require_http_methods(["GET", "POST"])
def strike(request: NetworkRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """Strike out what was written down by mistake."""
    model, fields, question, _back = KINDS[kind]
    row = _standing(request, model, pk)
    form = ReasonForm(request.POST or None, initial={"seen": version(row, fields)})
    what = [_words(row), _("Fica riscado na página do parceiro, com o motivo e quem riscou.")]
    if kind == "call":
        what.append(_("Sai da página inicial, dos lembretes e da agenda; quem prepara propostas é avisado."))
    return confirm_page(
        request,
        str(question),
        what,
        _("Riscar"),
        _above(slug, row.partner)[1][1],
        run=lambda: operations.strike_out(row, actor=request.actor, fields=fields, **form.cleaned_data),
        done=_("Riscado."),
        form=form,
        undo=_("Dá para trazer de volta."),
    )


@require_http_methods(["GET", "POST"])
def bring_back(request: NetworkRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """Bring back what was struck out."""
    model, _fields, _strike, question = KINDS[kind]
    row = _entry(request, model, pk)
    return confirm_page(
        request,
        str(question),
        [_words(row), _("Foi riscado porque: %(why)s") % {"why": row.struck_because}],
        _("Trazer de volta"),
        _above(slug, row.partner)[1][1],
        run=lambda: operations.bring_back(row, actor=request.actor),
        done=_("Trazido de volta."),
    )


@require_http_methods(["GET", "POST"])
def step_drop(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """Take away a next step that is not to be done."""
    row = queries.partner_for(request.actor, pk)
    request.actor.require(permissions.EDIT_PARTNERS, row)
    form = ReasonForm(request.POST or None, initial={"seen": version(row, STEP_FIELDS)})
    form.fields["reason"].help_text = _("Fica no registro da rede.")
    return confirm_page(
        request,
        _("Retirar o próximo passo?"),
        [row.next_step, _("Sai dos lembretes e da agenda; quem estava com ele é avisado.")],
        _("Retirar"),
        _above(slug, row)[1][1],
        run=lambda: operations.drop_next_step(row, actor=request.actor, **form.cleaned_data),
        done=_("Retirado."),
        form=form,
    )


@require_http_methods(["GET", "POST"])
def step_reopen(request: NetworkRequest, slug: str, pk: int) -> HttpResponse:
    """A next step was not done after all."""
    row = queries.entry_for(request.actor, Meeting, pk)
    if row.step_by_id is None or row.step_by_id != request.actor.person_id:
        request.actor.require(permissions.EDIT_PARTNERS, row)
    form = ReasonForm(request.POST or None)
    del form.fields["seen"]
    return confirm_page(
        request,
        _("Reabrir o próximo passo?"),
        [row.step, _("Volta a esperar, com o mesmo prazo; a conversa que dizia que foi feito fica riscada.")],
        _("Reabrir"),
        _above(slug, row.partner)[1][1],
        run=lambda: operations.reopen_next_step(row, actor=request.actor, **form.cleaned_data),
        done=_("Reaberto."),
        form=form,
    )
