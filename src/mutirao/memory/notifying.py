# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the memory tells what: a draft that waits to be published, a leave that was taken back.

Notices name no one who is shown: whoever took the leave back wants to be seen less, not more.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, periodic, tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.memory.events import LeaveTakenBack, MomentWritten
from mutirao.memory.models import Moment
from mutirao.memory.permissions import PUBLISHERS
from mutirao.network.models import Network, Person
from mutirao.network.roles import COORDINATION, ENTERPRISE_COORDINATOR
from mutirao.notices import kinds
from mutirao.notices.operations import Said, notify
from mutirao.notices.queries import people_of_enterprises, people_with_roles

TO_PUBLISH = kinds.declare("memory.to_publish", _("Rascunho da memória à espera de publicação"), waits=True)
WITHDRAWN = kinds.declare(
    "memory.consent_withdrawn", _("Autorização de imagem retirada"), email=kinds.NOW, push=True, waits=True
)

REMIND = "mutirao.memory.tasks.remind_of_drafts"
periodic.every(dt.timedelta(hours=12), REMIND)
STILL_WAITS, SPEAKS_FOR = dt.timedelta(days=7), dt.timedelta(days=30)


def _publishers(moment: Moment) -> QuerySet[Person]:
    """Those nearest: the enterprise's coordination for its own memory, the network's team for the whole network's."""
    own = people_of_enterprises([moment.enterprise_id] if moment.enterprise_id else [], {ENTERPRISE_COORDINATOR})
    return own if own.exists() else people_with_roles(PUBLISHERS)


def _path(moment: Moment) -> str:
    return reverse("memory:moment", kwargs={"slug": moment.network.slug, "pk": moment.pk})


def _tell_draft(moment: Moment, stage: str, actor: Actor) -> int:
    return notify(
        _publishers(moment).exclude(pk=moment.written_by_id or 0),
        kind=TO_PUBLISH,
        key=f"memory.draft:{moment.pk}:{stage}",
        words=lambda: Said(
            _t("Para ler e publicar: %(title)s") % {"title": moment.title},
            _t("%(person)s contou um momento; ele espera quem publique.") % {"person": moment.written_by}
            if moment.written_by
            else "",
        ),
        path=_path(moment),
        source=("memory.moment", moment.pk),
        actor=actor,
    )


@inside(MomentWritten)
def tell_written(event: MomentWritten) -> None:
    """Those who may publish hear of a draft by somebody who may not."""
    if not event.publishes:
        moment = Moment.objects.select_related("network", "written_by").get(pk=event.moment_id)
        _tell_draft(moment, "written", acting(event.network_id))


@inside(LeaveTakenBack)
def tell_withdrawn(event: LeaveTakenBack) -> None:
    """The coordination hears at once: what was printed or passed on has to be looked for by people."""
    moment = Moment.objects.select_related("network").get(pk=event.moment_id)
    own = people_of_enterprises([moment.enterprise_id] if moment.enterprise_id else [], {ENTERPRISE_COORDINATOR})
    notify(
        [*people_with_roles({COORDINATION}), *own],
        kind=WITHDRAWN,
        key=f"memory.withdrawn:{event.portrayal_id}:{clock.now():%Y%m%d%H%M%S}",
        words=lambda: Said(
            _t("Autorização retirada: %(title)s") % {"title": moment.title},
            _t("Já não aparece no sistema. Veja se há cópias impressas ou enviadas, e recolha."),
        ),
        path=_path(moment),
        source=("memory.moment", moment.pk),
        actor=acting(event.network_id),
    )


def remind_of_drafts() -> int:
    """Remind once of drafts that nobody published for a week; returns how many people were told. May run any number of
    times."""
    told = 0
    for network in Network.objects.all():
        with tenancy.activated(network):
            now = clock.now()
            rows = Moment.objects.filter(
                state=Moment.State.DRAFT, written_at__lte=now - STILL_WAITS, written_at__gt=now - SPEAKS_FOR
            )
            for row in rows.select_related("network", "written_by"):
                told += _tell_draft(row, "waits", system(network.pk, why="Lembrete"))
    return told
