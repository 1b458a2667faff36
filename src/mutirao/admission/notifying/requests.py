# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests: sent, reviewed, asked about, answered, decided, taken back."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from mutirao.admission import events, letters
from mutirao.admission.models import Application, Question, Reviewer
from mutirao.admission.notifying.telling import (
    ANSWERED,
    ASKED,
    DECIDED,
    REQUESTED,
    REVIEWING,
    coordination,
    speakers,
    tell,
    working,
)
from mutirao.kernel import clock, formats
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting


def _application(pk: int) -> Application:
    rows: QuerySet[Application] = Application.objects.select_related("network", "enterprise")
    return rows.get(pk=pk)


@inside(events.ApplicationSubmitted)
def tell_submitted(event: events.ApplicationSubmitted) -> None:
    """The coordination hears of a request; the group gets a receipt where it gave an e-mail."""
    row = _application(event.application_id)
    by = row.decide_by
    tell(
        coordination(),
        kind=REQUESTED,
        key=f"submitted:{row.pk}:{row.submitted_at:%Y%m%d%H%M%S}",
        about=row,
        title=lambda: (
            (
                _t("%(name)s quer renovar o certificado")
                if row.kind == Application.Kind.RENEWAL
                else _t("%(name)s quer entrar na rede")
            )
            % {"name": row.name}
        ),
        body=lambda: _t("Nomeie quem examina. Decidir até %(day)s.") % {"day": formats.date(by)} if by else "",
        actor=acting(event.network_id),
    )
    letters.send_later("received", row)


@inside(events.ReviewersNamed)
def tell_reviewers(event: events.ReviewersNamed) -> None:
    """Whoever is named to review hears of it."""
    row = _application(event.application_id)
    by = row.decide_by
    named = Reviewer.objects.filter(application=row, person__in=event.person_ids).select_related("person")
    for one in named:  # named again after stepping back: told again
        tell(
            [one.person],
            kind=REVIEWING,
            key=f"named:{one.pk}:{clock.now():%Y%m%d%H%M%S}",
            about=row,
            view="admission:review",
            title=lambda: _t("Examine o pedido de %(name)s") % {"name": row.name},
            body=lambda: _t("Dê seu parecer até %(day)s.") % {"day": formats.date(by)} if by else "",
            actor=acting(event.network_id),
        )


@inside(events.QuestionAsked)
def tell_asked(event: events.QuestionAsked) -> None:
    """The group hears what it is asked: in the app where it has an account, else by e-mail."""
    row = _application(event.application_id)
    question = Question.objects.get(pk=event.question_id)
    _tell_own(row, ASKED, f"asked:{question.pk}", lambda: _t("A rede pergunta a %(name)s") % {"name": row.name},
               lambda: question.text, event.network_id)  # fmt: skip
    letters.send_later("asked", row, question)


@inside(events.QuestionAnswered)
def tell_answered(event: events.QuestionAnswered) -> None:
    """Those who review hear the answer; the coordination while nobody does."""
    row = _application(event.application_id)
    question = Question.objects.get(pk=event.question_id)
    tell(
        working(row) or coordination(),
        kind=ANSWERED,
        key=f"answered:{question.pk}:{question.answered_at:%Y%m%d%H%M%S}",
        about=row,
        title=lambda: _t("%(name)s respondeu") % {"name": row.name},
        body=lambda: question.answer,
        actor=acting(event.network_id),
    )


def _tell_own(
    row: Application, kind: str, key: str, title: Callable[[], str], body: Callable[[], str], network_id: int
) -> None:
    """To those who answer for the group's enterprise, when it has one."""
    if row.enterprise is not None:
        tell(speakers(row.enterprise_id), kind=kind, key=key, about=row.enterprise, title=title, body=body,
              actor=acting(network_id))  # fmt: skip


def _decided(event: events.ApplicationAdmitted | events.ApplicationRefused) -> None:
    row = _application(event.application_id)
    came_in = isinstance(event, events.ApplicationAdmitted)
    moment = row.decided_at or clock.now()

    def title() -> str:
        if row.kind == Application.Kind.RENEWAL:
            said = _t("Certificado renovado: %(name)s") if came_in else _t("Renovação recusada: %(name)s")
        else:
            said = _t("%(name)s entrou na rede") if came_in else _t("Pedido recusado: %(name)s")
        return said % {"name": row.name}

    def body() -> str:
        until = row.appeal_until
        if came_in or until is None:
            return row.decision_reason
        return row.decision_reason + "\n" + _t("Dá para recorrer até %(day)s.") % {"day": formats.date(until)}

    key = f"decided:{row.pk}:{moment:%Y%m%d%H%M%S}"
    _tell_own(row, DECIDED, key, title, body, event.network_id)
    tell([*working(row), *coordination()], kind=DECIDED, key=key, about=row, title=title, body=body,
          actor=acting(event.network_id))  # fmt: skip
    letters.send_later("admitted" if came_in else "refused", row)


@inside(events.ApplicationAdmitted)
def tell_admitted(event: events.ApplicationAdmitted) -> None:
    """The group, those who reviewed and the coordination hear that it is in."""
    _decided(event)


@inside(events.ApplicationRefused)
def tell_refused(event: events.ApplicationRefused) -> None:
    """The group hears the refusal with its reason and until when it may appeal."""
    _decided(event)


@inside(events.ApplicationWithdrawn)
def tell_withdrawn(event: events.ApplicationWithdrawn) -> None:
    """Those who review need not go on."""
    row = _application(event.application_id)
    if row.submitted_at is None:
        return  # nobody had seen it
    tell(
        [*working(row), *coordination()],
        kind=DECIDED,
        key=f"withdrawn:{row.pk}",
        about=row,
        title=lambda: _t("%(name)s retirou o pedido") % {"name": row.name},
        actor=acting(event.network_id),
    )
