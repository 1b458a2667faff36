# SPDX-License-Identifier: AGPL-3.0-or-later
"""What admission has open for an enterprise, and how much waits for whom of the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mutirao.admission import permissions
from mutirao.admission.models import OPEN_STATES, AdmissionSettings, Appeal, Application, Measure, Reviewer
from mutirao.admission.queries import settings_of
from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.network import duties, workload
from mutirao.network.duties import Duty
from mutirao.network.models import Enterprise
from mutirao.network.roles import COORDINATION


def standing_under_way(enterprise: Enterprise) -> Iterator[Duty]:
    """A request that is examined, a hearing, an appeal: who is put away meanwhile could not answer."""
    slug = enterprise.network.slug
    standing = reverse("admission:standing", kwargs={"slug": slug, "pk": enterprise.pk})
    for row in Application.objects.filter(enterprise=enterprise, state__in=OPEN_STATES).order_by("number"):
        words = _t("Pedido nº %(number)s em andamento (%(state)s): decida, ou retire o pedido.")
        said = words % {"number": row.number, "state": row.get_state_display()}
        yield Duty(said, reverse("admission:request", kwargs={"slug": slug, "number": row.number}))
    for measure in Measure.objects.filter(enterprise=enterprise, state=Measure.State.HEARING):
        words = _t("Exclusão proposta, o empreendimento é ouvido até %(day)s: decida ou arquive.")
        yield Duty(words % {"day": formats.date(measure.hear_until) if measure.hear_until else "–"}, standing)
    open_appeals = Appeal.objects.filter(state=Appeal.State.OPEN)
    for appeal in open_appeals.filter(measure__enterprise=enterprise):
        words = _t("Recurso à espera da assembleia até %(day)s: registre a decisão.")
        url = reverse("admission:appeal", kwargs={"slug": slug, "pk": appeal.pk})
        yield Duty(words % {"day": formats.date(appeal.decide_by)}, url)


def reviews_waiting(actor: Actor) -> list[workload.Load]:
    """Reviews without opinion or vote, by who was named; requests without reviewers and appeals, for the
    coordination."""
    if not actor.can(permissions.SEE):
        return []
    rows = Reviewer.objects.filter(released_at__isnull=True, vote="", application__state=Application.State.REVIEW)
    if settings_of(actor.network_id or 0).decided_by == AdmissionSettings.DecidedBy.ASSEMBLY:
        rows = rows.filter(opinions__isnull=True)
    by_person = Counter(rows.values_list("person_id", flat=True))
    view = "admission:requests"
    sent = Application.objects.filter(state=Application.State.SUBMITTED).count()
    appeals = Appeal.objects.filter(state=Appeal.State.OPEN).count()
    return [
        workload.Load(COORDINATION, sent, _("pedidos de entrada sem quem examine"), view),
        workload.Load(COORDINATION, appeals, _("recursos à espera da assembleia"), view),
        *(
            workload.Load("", count, _("pedidos de entrada a examinar"), view, person_id)
            for person_id, count in sorted(by_person.items())
        ),
    ]


duties.register(standing_under_way, order=5)
workload.register(reviews_waiting)
