# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving roles to somebody else while one is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import InvalidValue, NotAllowed, SecondFactorNeeded
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network import permissions, roles
from mutirao.network.errors import NotYoursToLeave, OversightDoesNotExecute, PersonNotHere
from mutirao.network.models import Delegation, Network, Person, RoleAssignment

LONGEST_DAYS = 180


@operation
def leave_roles(
    assignments: Sequence[RoleAssignment],
    *,
    to: Person,
    since: dt.date,
    until: dt.date,
    reason: str,
    actor: Actor,
) -> list[Delegation]:
    """Leave some of one's own roles to somebody of the network from one day until (not including) another.

    What one does not hold cannot be left, so what was left to oneself cannot be passed on. It ends by itself: on its
    day, with the role, or with the other's last role in the network.
    Raises: NotYoursToLeave, PersonNotHere, OversightDoesNotExecute, InvalidValue (days, reason, nothing chosen);
    SecondFactorNeeded for a role that allows nothing without it: nobody else's second factor stands in for one's own.
    """
    today = clock.today()
    reason = reason.strip()
    if not assignments:
        raise InvalidValue(_("Escolha ao menos um papel."), field="roles")
    if not reason:
        raise InvalidValue(_("Diga o motivo: férias, licença, viagem…"), field="reason")
    if until <= since or until <= today:
        raise InvalidValue(_("O último dia não pode ser antes do primeiro nem já ter passado."), field="until")
    if (until - since).days > LONGEST_DAYS:
        raise InvalidValue(_("Uma delegação dura no máximo %(days)s dias."), field="until", days=LONGEST_DAYS)
    if to.pk == actor.person_id:
        raise InvalidValue(_("Escolha outra pessoa."), field="to")
    held_by_other = {row.role for row in RoleAssignment.objects.filter(RoleAssignment.held_on(today), person=to)}
    if not held_by_other:
        raise PersonNotHere(person=to)
    if roles.COUNCIL in held_by_other:
        raise OversightDoesNotExecute(person=to)
    return [_leave(row, to, since, until, reason, actor) for row in sorted(assignments, key=lambda row: row.pk)]


def _leave(row: RoleAssignment, to: Person, since: dt.date, until: dt.date, reason: str, actor: Actor) -> Delegation:
    row = lock(row)
    ended = row.until is not None and row.until <= max(since, clock.today())
    if row.person_id != actor.person_id or row.role in roles.PERSONAL or ended:
        raise NotYoursToLeave(role=row.role_label)
    own = [grant for grant in actor.grants if grant.role == row.role and not grant.in_place_of]
    if any(grant.suspended for grant in own if grant.enterprise_id == row.enterprise_id):
        raise SecondFactorNeeded(act=_("Vou me ausentar"))
    same = Delegation.objects.filter(assignment=row, to_person=to, taken_back_at__isnull=True)
    overlapping: Delegation | None = same.filter(since__lt=until, until__gt=since).first()
    if overlapping is not None:
        raise InvalidValue(
            _("“%(role)s” já fica com %(person)s nesses dias."), field="roles", role=row.role_label, person=to
        )
    delegation: Delegation = Delegation.objects.create(
        network_id=row.network_id, assignment=row, to_person=to, since=since, until=until, reason=reason
    )
    record(
        actor,
        "network.role_left",
        delegation,
        reason=reason,
        person=str(to),
        role=row.role,
        enterprise=str(row.enterprise) if row.enterprise else None,
        since=since,
        until=until,
    )
    return delegation


@operation
def take_back(delegation: Delegation, *, actor: Actor, reason: str = "") -> Delegation:
    """End a delegation at once: by whose role it is, by whom it was left to, or by the coordination; twice is once.

    Raises: NotAllowed.
    """
    delegation = lock(delegation)
    if actor.person_id not in (delegation.assignment.person_id, delegation.to_person_id):
        network = Network.objects.get(pk=delegation.network_id)
        if not actor.can(permissions.GRANT_NETWORK_ROLES, network):
            raise NotAllowed(_("Só quem delegou, quem recebeu ou a coordenação encerra uma delegação."))
        actor.require(permissions.GRANT_NETWORK_ROLES, network)
    if delegation.taken_back_at is None:
        delegation.taken_back_at = clock.now()
        delegation.save(update_fields=["taken_back_at"])
        record(
            actor,
            "network.role_taken_back",
            delegation,
            reason=reason.strip(),
            person=str(delegation.to_person),
            role=delegation.assignment.role,
        )
    return delegation
