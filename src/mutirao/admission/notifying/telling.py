# SPDX-License-Identifier: AGPL-3.0-or-later
"""What admission tells of, and whom; nobody hears of their own doing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutirao.admission import queries
from mutirao.admission.models import Appeal, Application, Reviewer
from mutirao.kernel.actors import Actor, system
from mutirao.network.models import Enterprise, Person
from mutirao.network.roles import COORDINATION, COUNCIL, ENTERPRISE_COORDINATOR
from mutirao.notices import kinds
from mutirao.notices.operations import Said, notify
from mutirao.notices.queries import people_of_enterprises, people_with_roles

REQUESTED = kinds.declare(
    "admission.requested", _("Pedido de entrada na rede, e seu prazo"), email=kinds.NOW, waits=True, team=True
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


def coordination() -> QuerySet[Person]:
    """Who coordinates the network today."""
    return people_with_roles({COORDINATION})


def speakers(enterprise_id: int | None) -> QuerySet[Person]:
    """Who answers for an enterprise, a member or not."""
    return people_of_enterprises([enterprise_id] if enterprise_id else [], {ENTERPRISE_COORDINATOR})


def working(application: Application) -> list[Person]:
    """Who reviews an application."""
    rows = Reviewer.objects.filter(application=application, released_at__isnull=True).select_related("person")
    return [row.person for row in rows]


def deciders(appeal: Appeal) -> list[Person]:
    """Who may write down the assembly's decision, without those who decided before."""
    before = queries.deciders_before(appeal)
    people = people_with_roles({COORDINATION, COUNCIL})
    return [person for person in people if person.pk not in before]


def tell(
    people: Iterable[Person],
    *,
    kind: str,
    key: str,
    about: Application | Enterprise | Appeal,
    title: Callable[[], str],
    body: Callable[[], str] = str,
    actor: Actor,
    view: str = "",
    last_day: dt.date | None = None,
) -> int:
    """One notice to each of the people but the actor, said once by its key; returns how many there were. What is to be
    done by a last day is not sent when that is over."""
    return notify(
        people,
        kind=kind,
        key=f"admission.{key}",
        words=lambda: Said(title(), body()),
        path=_path(about, view),
        source=(about._meta.label_lower, about.pk),
        actor=actor,
        until=about.network.end_of(last_day) if last_day else None,
    )


def _path(about: Application | Enterprise | Appeal, view: str) -> str:
    slug = about.network.slug
    if isinstance(about, Application):
        return reverse(view or "admission:request", kwargs={"slug": slug, "number": about.number})
    return reverse(
        "admission:appeal" if isinstance(about, Appeal) else "admission:standing", kwargs={"slug": slug, "pk": about.pk}
    )


def by_the_calendar(network_id: int) -> Actor:
    """Nobody does it: a day has come."""
    return system(network_id, why="Lembrete do prazo")


def appellant(appeal: Appeal) -> str:
    """Who appeals, by name."""
    return appeal.measure.enterprise.name if appeal.measure else str(appeal.application)
