# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom admission tells what: requests, reviews, questions, decisions, certificates, measures, appeals, and their days.

What somebody does is told in the same transaction, to everybody but whoever did it; days that come near are looked at
a few times a day, and each speaks once at each stage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.admission import events, letters, queries
from mutirao.admission.models import (
    OPEN_STATES,
    AdmissionSettings,
    Appeal,
    Application,
    Certificate,
    Measure,
    Question,
    Reviewer,
)
from mutirao.kernel import clock, formats, periodic, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network.models import Enterprise, Network, Person
from mutirao.network.roles import COORDINATION, COUNCIL, ENTERPRISE_COORDINATOR
from mutirao.notices import kinds
from mutirao.notices.operations import Said, notify
from mutirao.notices.queries import people_of_enterprises, people_with_roles

REQUESTED = kinds.declare(
    "admission.requested", _("Pedido de entrada na rede, e seu prazo"), email=kinds.NOW, waits=True
)
REVIEWING = kinds.declare(
    "admission.reviewing", _("Pedido de entrada para você examinar"), email=kinds.NOW, push=True, waits=True
)
ASKED = kinds.declare(
    "admission.asked", _("Pergunta da rede ao seu empreendimento"), email=kinds.NOW, push=True, waits=True
)
ANSWERED = kinds.declare("admission.answered", _("Resposta de um grupo que quer entrar"))
DECIDED = kinds.declare("admission.decided", _("Decisão sobre um pedido de entrada"), email=kinds.NOW, push=True)
CERTIFICATE = kinds.declare(
    "admission.certificate", _("Certificado do seu empreendimento vencendo ou vencido"), email=kinds.NOW, waits=True
)
MEASURE = kinds.declare(
    "admission.measure", _("Suspensão ou exclusão do seu empreendimento"), email=kinds.NOW, push=True, waits=True
)
APPEAL = kinds.declare("admission.appeal", _("Recurso à assembleia, e seu prazo"), email=kinds.NOW, waits=True)

REMIND = "mutirao.admission.tasks.remind_of_days"
periodic.every(dt.timedelta(hours=6), REMIND)
SOON = dt.timedelta(days=7)
"""Before the last day of a review, of the time to appeal, of an appeal's decision; the last word on a certificate."""
HEARING_SOON = dt.timedelta(days=3)
SPEAKS_FOR = dt.timedelta(days=45)
"""What is overdue for longer is a matter for people to talk about."""

State, Vote = Application.State, Reviewer.Vote
CERTIFIED = (Certificate.State.VALID, Certificate.State.SUSPENDED)


# --- whom ------------------------------------------------------------------------------------------------------------


def _coordination() -> QuerySet[Person]:
    return people_with_roles({COORDINATION})


def _speakers(enterprise_id: int | None) -> QuerySet[Person]:
    """Who answers for an enterprise, a member or not."""
    return people_of_enterprises([enterprise_id] if enterprise_id else [], {ENTERPRISE_COORDINATOR})


def _applicants(application: Application) -> QuerySet[Person]:
    """The people of a group that have an account: those who answer for its enterprise."""
    return _speakers(application.enterprise_id)


def _working(application: Application) -> list[Person]:
    rows = Reviewer.objects.filter(application=application, released_at__isnull=True).select_related("person")
    return [row.person for row in rows]


def _deciders(appeal: Appeal) -> list[Person]:
    """Who may write down the assembly's decision, without those who decided before."""
    before = queries.deciders_before(appeal)
    people = people_with_roles({COORDINATION, COUNCIL})
    return [person for person in people if person.pk not in before]


def _tell(
    people: Iterable[Person],
    *,
    kind: str,
    key: str,
    about: Application | Enterprise | Appeal,
    title: Callable[[], str],
    body: Callable[[], str] = str,
    actor: Actor,
    view: str = "",
) -> int:
    return notify(
        people,
        kind=kind,
        key=f"admission.{key}",
        words=lambda: Said(title(), body()),
        path=_path(about, view),
        source=(about._meta.label_lower, about.pk),
        actor=actor,
    )


def _path(about: Application | Enterprise | Appeal, view: str) -> str:
    slug = about.network.slug
    if isinstance(about, Application):
        return reverse(view or "admission:request", kwargs={"slug": slug, "number": about.number})
    return reverse(
        "admission:appeal" if isinstance(about, Appeal) else "admission:standing", kwargs={"slug": slug, "pk": about.pk}
    )


def _application(pk: int) -> Application:
    rows: QuerySet[Application] = Application.objects.select_related("network", "enterprise")
    return rows.get(pk=pk)


def _enterprise(pk: int) -> Enterprise:
    rows: QuerySet[Enterprise] = Enterprise.objects.select_related("network")
    return rows.get(pk=pk)


# --- requests --------------------------------------------------------------------------------------------------------


@inside(events.ApplicationSubmitted)
def tell_submitted(event: events.ApplicationSubmitted) -> None:
    """The coordination hears of a request; the group gets a receipt where it gave an e-mail."""
    row = _application(event.application_id)
    by = row.decide_by
    _tell(
        _coordination(),
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
        _tell(
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
    _tell(
        _working(row) or _coordination(),
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
        _tell(_applicants(row), kind=kind, key=key, about=row.enterprise, title=title, body=body,
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
    _tell([*_working(row), *_coordination()], kind=DECIDED, key=key, about=row, title=title, body=body,
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
    _tell(
        [*_working(row), *_coordination()],
        kind=DECIDED,
        key=f"withdrawn:{row.pk}",
        about=row,
        title=lambda: _t("%(name)s retirou o pedido") % {"name": row.name},
        actor=acting(event.network_id),
    )


# --- certificates ----------------------------------------------------------------------------------------------------


@inside(events.CertificateExpiring)
def tell_expiring(event: events.CertificateExpiring) -> None:
    """The enterprise hears that the renewal is due."""
    _tell_expiring(Certificate.objects.select_related("enterprise__network").get(pk=event.certificate_id))


def _tell_expiring(row: Certificate) -> int:
    """Once when the network's days of notice begin, once a week before the end."""
    last_word = row.expires_on - clock.today() <= SOON
    return _tell(
        _speakers(row.enterprise_id),
        kind=CERTIFICATE,
        key=f"expiring:{row.pk}:{'last' if last_word else 'first'}",
        about=row.enterprise,
        title=lambda: _t("Renove o certificado de %(name)s") % {"name": row.enterprise.name},
        body=lambda: (
            _t("Ele vale até %(day)s. A renovação é curta: só o que mudou.") % {"day": formats.date(row.expires_on)}
        ),
        actor=_days(row.network_id),
    )


@inside(events.CertificateExpired)
def tell_expired(event: events.CertificateExpired) -> None:
    """The enterprise and the coordination hear that a certificate ran out."""
    row = Certificate.objects.select_related("enterprise__network").get(pk=event.certificate_id)
    _tell(
        [*_speakers(row.enterprise_id), *_coordination()],
        kind=CERTIFICATE,
        key=f"expired:{row.pk}",
        about=row.enterprise,
        title=lambda: _t("Certificado vencido: %(name)s") % {"name": row.enterprise.name},
        body=lambda: _t("O empreendimento continua membro; falta renovar o certificado."),
        actor=acting(event.network_id),
    )


# --- measures and appeals --------------------------------------------------------------------------------------------


def _about_measure(
    measure: Measure, stage: str, title: Callable[[], str], body: Callable[[], str], actor: Actor
) -> int:
    return _tell(
        _speakers(measure.enterprise_id),
        kind=MEASURE,
        key=f"measure:{measure.pk}:{stage}",
        about=measure.enterprise,
        title=title,
        body=body,
        actor=actor,
    )


def _measure(pk: int) -> Measure:
    rows: QuerySet[Measure] = Measure.objects.select_related("enterprise__network")
    return rows.get(pk=pk)


@inside(events.HearingOpened)
def tell_hearing(event: events.HearingOpened) -> None:
    """The enterprise hears why, and until when it may speak."""
    row, until = _measure(event.measure_id), dt.date.fromisoformat(event.hear_until)
    _about_measure(
        row,
        "hearing",
        lambda: _t("Propuseram excluir %(name)s da rede") % {"name": row.enterprise.name},
        lambda: (
            _t("Diga o que pensa até %(day)s. Motivo: %(reason)s") % {"day": formats.date(until), "reason": row.reason}
        ),
        acting(event.network_id),
    )


@inside(events.MeasureTaken)
def tell_measure(event: events.MeasureTaken) -> None:
    """The enterprise hears the decision, its reason, and until when it may appeal."""
    row, until = _measure(event.measure_id), dt.date.fromisoformat(event.appeal_until)
    excluded = row.kind == Measure.Kind.EXCLUSION
    _about_measure(
        row,
        "taken",
        lambda: (
            (_t("%(name)s foi excluído da rede") if excluded else _t("%(name)s está suspenso"))
            % {"name": row.enterprise.name}
        ),
        lambda: (
            _t("Dá para recorrer à assembleia até %(day)s. Motivo: %(reason)s")
            % {"day": formats.date(until), "reason": row.decision_reason}
        ),
        acting(event.network_id),
    )


@inside(events.MeasureEnded)
def tell_measure_ended(event: events.MeasureEnded) -> None:
    """The enterprise hears that it is over."""
    row = _measure(event.measure_id)
    _about_measure(
        row,
        f"ended:{row.state}",
        lambda: (
            _t("%(what)s de %(name)s: %(state)s")
            % {
                "what": str(row.get_kind_display()).capitalize(),
                "name": row.enterprise.name,
                "state": row.get_state_display(),
            }
        ),
        lambda: row.end_reason,
        acting(event.network_id),
    )


def _appeal(pk: int) -> Appeal:
    rows: QuerySet[Appeal] = Appeal.objects.select_related("network", "measure__enterprise__network", "application")
    return rows.get(pk=pk)


def _appellant(appeal: Appeal) -> str:
    return appeal.measure.enterprise.name if appeal.measure else str(appeal.application)


@inside(events.AppealFiled)
def tell_appeal(event: events.AppealFiled) -> None:
    """Those who take it to the assembly hear of it."""
    row = _appeal(event.appeal_id)
    _tell(
        _deciders(row),
        kind=APPEAL,
        key=f"appeal:{row.pk}:filed",
        about=row,
        title=lambda: _t("%(name)s recorreu à assembleia") % {"name": _appellant(row)},
        body=lambda: _t("A assembleia decide até %(day)s.") % {"day": formats.date(row.decide_by)},
        actor=acting(event.network_id),
    )


@inside(events.AppealDecided)
def tell_appeal_decided(event: events.AppealDecided) -> None:
    """Whoever appealed hears what the assembly decided: in the app, or by e-mail."""
    row = _appeal(event.appeal_id)
    enterprise_id = row.measure.enterprise_id if row.measure else row.application and row.application.enterprise_id
    if enterprise_id:
        _tell(
            _speakers(enterprise_id),
            kind=APPEAL,
            key=f"appeal:{row.pk}:decided",
            about=_enterprise(enterprise_id),
            title=lambda: (
                (_t("Recurso aceito: %(name)s") if event.upheld else _t("Recurso não aceito: %(name)s"))
                % {"name": _appellant(row)}
            ),
            body=lambda: row.decision_reason,
            actor=acting(event.network_id),
        )
    if row.application is not None and not event.upheld:  # upheld: the letter is that of the entry
        letters.send_later("appeal_rejected", row.application)


# --- days that come near ---------------------------------------------------------------------------------------------


def _days(network_id: int) -> Actor:
    return system(network_id, why="Lembrete do prazo")


def remind_of_days() -> int:
    """Tell of every day of admission that comes near or is over, in each network by its own calendar; returns how many
    people were told. May run any number of times: each day speaks once at each stage."""
    told = 0
    for network in Network.objects.all():
        with tenancy.activated(network), timezone.override(network.time_zone):
            today, rules = clock.today(), queries.settings_of(network.pk)
            told += _remind_reviews(today, rules) + _remind_certificates(today, rules)
            told += _remind_measures(today) + _remind_appeals(today)
    return told


def _remind_reviews(today: dt.date, rules: AdmissionSettings) -> int:
    told = 0
    rows = Application.objects.filter(
        state__in=(State.SUBMITTED, State.REVIEW), decide_by__lte=today + SOON, decide_by__gt=today - SPEAKS_FOR
    )
    by_vote = rules.decided_by == AdmissionSettings.DecidedBy.REVIEWERS
    for row in rows.select_related("network"):
        day, late = row.decide_by, row.decide_by < today
        key = f"{row.pk}:{day}:{'late' if late else 'near'}"
        waiting = Reviewer.objects.filter(application=row, released_at__isnull=True, vote="").select_related("person")
        if row.state == State.REVIEW and not late:
            told += _tell(
                [one.person for one in waiting if by_vote or not one.opinions.exists()],
                kind=REVIEWING, key=f"review:{key}", about=row, view="admission:review",
                title=lambda row=row: _t("Falta o seu parecer: %(name)s") % {"name": row.name},  # type: ignore[misc]
                body=lambda day=day: _t("O prazo para decidir termina em %(day)s.") % {"day": formats.date(day)},  # type: ignore[misc]
                actor=_days(row.network_id),
            )  # fmt: skip
        if late or row.state == State.SUBMITTED:
            told += _tell(
                _coordination(),
                kind=REQUESTED, key=f"request:{key}", about=row,
                title=lambda row=row, late=late: (  # type: ignore[misc]
                    _t("Passou o prazo do pedido de %(name)s") if late else _t("Pedido à espera: %(name)s")
                ) % {"name": row.name},
                body=lambda day=day: _t("Decidir até %(day)s.") % {"day": formats.date(day)},  # type: ignore[misc]
                actor=_days(row.network_id),
            )  # fmt: skip
    return told


def _remind_certificates(today: dt.date, rules: AdmissionSettings) -> int:
    """Also where the network changed its days of notice after a certificate was issued."""
    ahead = today + dt.timedelta(days=rules.reminder_days)
    rows = Certificate.objects.filter(state__in=CERTIFIED, expires_on__gte=today, expires_on__lte=ahead)
    rows = rows.exclude(enterprise__applications__state__in=OPEN_STATES).select_related("enterprise__network")
    return sum(_tell_expiring(row) for row in rows)


def _remind_measures(today: dt.date) -> int:
    """The time to be heard, and the time to appeal, is nearly over and nothing was said."""
    told = 0
    hearings = Measure.objects.filter(
        state=Measure.State.HEARING, heard_on__isnull=True, hear_until__gte=today, hear_until__lte=today + HEARING_SOON
    )
    for row in hearings.select_related("enterprise__network"):
        told += _about_measure(
            row, f"hearing_near:{row.hear_until}",
            lambda row=row: _t("Falta a palavra de %(name)s") % {"name": row.enterprise.name},  # type: ignore[misc]
            lambda row=row: _t("Diga o que pensa da exclusão proposta até %(day)s.")  # type: ignore[misc]
            % {"day": formats.date(row.hear_until)},
            _days(row.network_id),
        )  # fmt: skip
    taken = Measure.objects.filter(
        state=Measure.State.IN_FORCE, appeal__isnull=True, appeal_until__gte=today, appeal_until__lte=today + SOON
    )
    for row in taken.select_related("enterprise__network"):
        told += _about_measure(
            row, f"appeal_near:{row.appeal_until}",
            lambda row=row: _t("O prazo para recorrer está acabando: %(name)s") % {"name": row.enterprise.name},  # type: ignore[misc]
            lambda row=row: _t("Dá para recorrer à assembleia até %(day)s.")  # type: ignore[misc]
            % {"day": formats.date(row.appeal_until)},
            _days(row.network_id),
        )  # fmt: skip
    return told


def _remind_appeals(today: dt.date) -> int:
    """The assembly's day to decide is near, or over."""
    told = 0
    rows = Appeal.objects.filter(state=Appeal.State.OPEN, decide_by__lte=today + SOON, decide_by__gt=today - SPEAKS_FOR)
    for row in rows.select_related("network", "measure__enterprise", "application"):
        late = row.decide_by < today
        told += _tell(
            _deciders(row),
            kind=APPEAL, key=f"appeal:{row.pk}:{'late' if late else 'near'}:{row.decide_by}", about=row,
            title=lambda row=row, late=late: (  # type: ignore[misc]
                _t("Passou o prazo do recurso de %(name)s") if late else _t("Recurso à espera: %(name)s")
            ) % {"name": _appellant(row)},
            body=lambda row=row: _t("A assembleia decide até %(day)s.") % {"day": formats.date(row.decide_by)},  # type: ignore[misc]
            actor=_days(row.network_id),
        )  # fmt: skip
    return told
