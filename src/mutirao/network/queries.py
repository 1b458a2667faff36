# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the network module; each takes the actor it reads for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from mutirao.kernel import acts, clock, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, NotFound, Words
from mutirao.kernel.models import AuditEntry
from mutirao.kernel.search import Terms
from mutirao.network import permissions, roles, workload
from mutirao.network.core import tax_ids
from mutirao.network.core.places import fold_place, split_place
from mutirao.network.models import (
    Contact,
    Delegation,
    Enterprise,
    Invitation,
    Municipality,
    Person,
    RoleAssignment,
    SecondFactorReset,
)

EXPIRED_SHOWN = dt.timedelta(days=90)
"""How long an invitation that ran out is listed, to be made again."""


def require_somewhere(actor: Actor, act: str) -> None:
    """For pages of the whole network: whoever may do the act in it or in any enterprise. Raises: NotAllowed."""
    if not actor.can_somewhere(act):
        raise NotAllowed(act=acts.label(act))


# --- enterprises -----------------------------------------------------------------------------------------------------


def enterprises_visible_to(actor: Actor) -> QuerySet[Enterprise]:
    """The active network's enterprises; everybody who takes part in the network sees them all."""
    rows: QuerySet[Enterprise] = Enterprise.objects.select_related("municipality", "territory", "value_chain")
    return rows if actor.can_somewhere(permissions.SEE_NETWORK) else rows.none()


def enterprise_for(actor: Actor, pk: int) -> Enterprise:
    """One enterprise. Raises: NotFound when it is not there for this person."""
    found = enterprises_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def find_enterprises(rows: QuerySet[Enterprise], terms: Terms) -> QuerySet[Enterprise]:
    """Those that have every word in name, activity, registration or municipality; names that begin so come first."""
    if not terms:
        return rows
    condition = terms.within("findable", "municipality__folded")
    if looks_like_tax_id(terms):
        condition |= Q(tax_id__startswith=terms.compact.upper())
    begins = Case(When(folded__startswith=" ".join(terms.words), then=Value(0)), default=Value(1))
    return rows.filter(condition).order_by(begins, "folded")


def enterprise_countries() -> list[str]:
    """The countries in which the active network has enterprises, in one query."""
    return sorted(Enterprise.objects.order_by().values_list("country", flat=True).distinct())


def looks_like_tax_id(terms: Terms) -> bool:
    """Whether somebody typed (the beginning of) a CNPJ or CPF, with or without its punctuation."""
    return len(terms.compact) >= 5 and sum(mark.isdigit() for mark in terms.compact) >= 4


def enterprises_to_name(actor: Actor, act: str) -> QuerySet[Enterprise]:
    """Active enterprises for which the actor may do something, to be chosen by name."""
    rows: QuerySet[Enterprise] = Enterprise.objects.filter(is_active=True)
    if actor.can(act):
        return rows
    return rows.filter(pk__in=_own_enterprises(actor, act))


def shows_private_data_of(actor: Actor, enterprise: Enterprise) -> bool:
    """Whether a CPF and the people's e-mail addresses are shown: to the network's team and to the enterprise itself."""
    return actor.can(permissions.SEE_PEOPLE, enterprise)


def contacts_visible_to(actor: Actor, enterprise: Enterprise) -> QuerySet[Contact]:
    """Whom to call at an enterprise: shown to the network's team and to whoever coordinates an enterprise."""
    rows: QuerySet[Contact] = Contact.objects.filter(enterprise=enterprise)
    visible = actor.can_somewhere(permissions.SEE_PEOPLE) or enterprise.pk in actor.enterprise_ids
    return rows if visible else rows.none()


def tax_id_words(actor: Actor, enterprise: Enterprise) -> str:
    """The registration as the actor may see it: of a CPF only the middle for those who need not know it."""
    if shows_private_data_of(actor, enterprise):
        return enterprise.tax_id_written
    return tax_ids.veiled(enterprise.tax_id, enterprise.tax_id_kind)


# --- people ----------------------------------------------------------------------------------------------------------


def assignments_visible_to(actor: Actor) -> QuerySet[RoleAssignment]:
    """Roles held today: all for the network's team; for coordinators of enterprises their own and the team's."""
    rows: QuerySet[RoleAssignment] = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()))
    if actor.can(permissions.SEE_PEOPLE):
        return rows
    if not actor.can_somewhere(permissions.SEE_PEOPLE):
        return rows.none()
    own = _own_enterprises(actor, permissions.SEE_PEOPLE)
    return rows.filter(Q(enterprise__isnull=True) | Q(enterprise__in=own))


def _own_enterprises(actor: Actor, act: str) -> list[int]:
    """The enterprises in which the actor holds a role that allows the act; asks no database."""
    network_id = actor.network_id or 0
    return [pk for pk in actor.enterprise_ids if actor.can(act, Enterprise(pk=pk, network_id=network_id))]


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """People who hold a role that the actor may see."""
    held = assignments_visible_to(actor).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(held)).order_by("folded")


def person_for(actor: Actor, pk: int) -> Person:
    """One person of the network. Raises: NotFound."""
    found = people_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def roles_of(actor: Actor, people: Sequence[Person]) -> dict[int, list[RoleAssignment]]:
    """The visible roles of some people, by person, in one query: network roles first."""
    found: dict[int, list[RoleAssignment]] = {person.pk: [] for person in people}
    rows = assignments_visible_to(actor).filter(person__in=list(found)).select_related("enterprise", "person")
    for row in sorted(rows, key=lambda row: (row.enterprise is not None, str(row.enterprise or ""), row.pk)):
        found[row.person_id].append(row)
    return found


def people_of(enterprise: Enterprise, actor: Actor) -> list[RoleAssignment]:
    """Who holds a role in an enterprise today, for those who may see its people."""
    if not (actor.can(permissions.SEE_PEOPLE, enterprise) or enterprise.pk in actor.enterprise_ids):
        return []
    rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), enterprise=enterprise)
    return list(rows.select_related("person").order_by("role", "person__folded"))


def grantable_roles(actor: Actor) -> list[roles.Role]:
    """The roles that the actor may give to somebody."""
    network_wide = actor.can(permissions.GRANT_NETWORK_ROLES)
    somewhere = actor.can_somewhere(permissions.GRANT_ENTERPRISE_ROLES)
    return [role for role in roles.ROLES.values() if (somewhere if role.of_enterprise else network_wide)]


def open_invitations_for(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that can still be accepted and that the actor may take back."""
    return _invitations_of(actor).filter(expires_at__gt=clock.now())


def expired_invitations_for(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that ran out unanswered in the last months and that the actor may make again, the latest first."""
    now = clock.now()
    return (
        _invitations_of(actor).filter(expires_at__lte=now, expires_at__gt=now - EXPIRED_SHOWN).order_by("-expires_at")
    )


def _invitations_of(actor: Actor) -> QuerySet[Invitation]:
    rows: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at__isnull=True, revoked_at__isnull=True
    ).select_related("enterprise", "invited_by")
    if not actor.can(permissions.GRANT_NETWORK_ROLES):
        rows = rows.filter(enterprise__isnull=False)
    if not actor.can(permissions.GRANT_ENTERPRISE_ROLES):
        own = _own_enterprises(actor, permissions.GRANT_ENTERPRISE_ROLES)
        rows = rows.filter(enterprise__in=own)
    return rows


def own_roles_everywhere(person: Person) -> list[RoleAssignment]:
    """The roles that a person holds today, in every network: for the person's own pages."""
    with tenancy.unscoped("a person's own memberships"):
        rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person=person)
        return list(rows.select_related("network", "enterprise").order_by("network__name", "pk"))


# --- roles left to somebody, lost second factors ---------------------------------------------------------------------


def own_roles_to_leave(actor: Actor) -> list[RoleAssignment]:
    """The actor's own roles that may be left to somebody else while away."""
    rows = RoleAssignment.objects.filter(RoleAssignment.held_on(clock.today()), person_id=actor.person_id or 0)
    return list(rows.exclude(role__in=roles.PERSONAL).select_related("enterprise"))


def people_to_leave_to(actor: Actor) -> QuerySet[Person]:
    """Who may take over from the actor: whoever the actor may see, and the people of the actor's own enterprises."""
    today = RoleAssignment.held_on(clock.today())
    near = RoleAssignment.objects.filter(today, enterprise__in=actor.enterprise_ids, person=OuterRef("pk"))
    seen = assignments_visible_to(actor).filter(person=OuterRef("pk"))
    rows = Person.objects.filter(Exists(near) | Exists(seen)).exclude(pk=actor.person_id or 0)
    return rows.order_by("folded")


def delegations_of(actor: Actor) -> list[Delegation]:
    """What the actor left to others and others to the actor, in force or still to come."""
    mine = Q(assignment__person_id=actor.person_id or 0) | Q(to_person_id=actor.person_id or 0)
    rows = Delegation.objects.filter(mine, taken_back_at__isnull=True, until__gt=clock.today())
    return list(rows.select_related("assignment__person", "assignment__enterprise", "to_person"))


def delegation_for(actor: Actor, pk: int) -> Delegation:
    """One delegation that the actor may end. Raises: NotFound; NotAllowed for somebody else's."""
    rows = Delegation.objects.select_related("assignment__person", "assignment__enterprise", "to_person")
    found: Delegation | None = rows.filter(pk=pk, taken_back_at__isnull=True).first()
    if found is None:
        raise NotFound
    if actor.person_id not in (found.assignment.person_id, found.to_person_id):
        actor.require(permissions.GRANT_NETWORK_ROLES)
    return found


def open_resets_of(person: Person) -> list[SecondFactorReset]:
    """What is asked for just now about a person's second factor, in any network; for the person."""
    with tenancy.unscoped("a person's own account"):
        rows = SecondFactorReset.objects.filter(person=person, stopped_at__isnull=True, done_at__isnull=True)
        return list(rows.select_related("network", "asked_by", "confirmed_by"))


def open_reset_in_network(actor: Actor, person: Person) -> SecondFactorReset | None:
    """What is asked for about a person's second factor in this network, for those who may stop it."""
    if not actor.can(permissions.STOP_RESET):
        return None
    rows = SecondFactorReset.objects.filter(person=person, stopped_at__isnull=True, done_at__isnull=True)
    found: SecondFactorReset | None = rows.select_related("asked_by", "confirmed_by").first()
    return found


# --- the technical team ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a sector: the role, who stands in while they are away, and what waits for them by name."""

    assignment: RoleAssignment
    delegations: list[Delegation]
    waiting: list[workload.Load]


@dataclass(frozen=True, slots=True)
class Sector:
    """One role of the network: who holds it, and what waits for it."""

    role: roles.Role
    members: list[Member]
    waiting: list[workload.Load]


def team(actor: Actor) -> list[Sector]:
    """Who does what in the network today, role by role, with what waits for each. Raises: NotAllowed."""
    require_somewhere(actor, permissions.SEE_TEAM)
    today = clock.today()
    rows = RoleAssignment.objects.filter(RoleAssignment.held_on(today), enterprise__isnull=True)
    standing_in: dict[int, list[Delegation]] = {}
    for one in Delegation.objects.filter(Delegation.in_force_on(today)).select_related("to_person", "assignment"):
        standing_in.setdefault(one.assignment_id, []).append(one)
    loads = workload.loads_for(actor)
    by_role: dict[str, list[Member]] = {}
    shown: set[int] = set()
    for row in rows.select_related("person").order_by("person__folded", "pk"):
        # What waits whatever the role is shown once, where the person is named first.
        wanted = {row.role} if row.person_id in shown else {row.role, ""}
        shown.add(row.person_id)
        named = [load for load in loads if load.person_id == row.person_id and load.role in wanted]
        by_role.setdefault(row.role, []).append(Member(row, standing_in.get(row.pk, []), named))
    shared = _of_roles(loads, shown)
    return [
        Sector(role, by_role.get(role.code, []), [load for load in shared if load.role == role.code])
        for role in roles.ROLES.values()
        if not role.of_enterprise
    ]


def _of_roles(loads: list[workload.Load], shown: set[int]) -> list[workload.Load]:
    """What waits for roles; what waits for people who hold none in the team is added where the coordination sees it."""
    summed: dict[tuple[str, str], workload.Load] = {}
    for load in loads:
        if load.person_id in shown:
            continue
        key = (load.role or roles.COORDINATION, f"{load.view} {load.label}")
        count = load.count + (summed[key].count if key in summed else 0)
        summed[key] = replace(load, role=key[0], count=count, person_id=None)
    return list(summed.values())


# --- what each role may do -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An act and, for each role: "all" (anywhere in the network), "own" (its enterprise), "agreed" (where it was agreed
    that a consultancy reads) or ""."""

    act: acts.Act
    by_role: list[tuple[roles.Role, str]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What each role may do, read from the same registry as the permission checks."""

    roles: list[roles.Role]
    groups: dict[str, list[MatrixRow]] = field(default_factory=dict)


def roles_matrix() -> Matrix:
    """Acts by module, with what each role may do."""
    matrix = Matrix(list(roles.ROLES.values()))
    for act in acts.all_acts():
        row = MatrixRow(act, [(role, _reach(act, role)) for role in matrix.roles])
        matrix.groups.setdefault(act.code.split(".")[0], []).append(row)
    return matrix


def _reach(act: acts.Act, role: roles.Role) -> str:
    if role.code == roles.CONSULTANT and role.code in act.network_roles and not act.basic:
        return "agreed" if act.reads else ""
    if role.code in act.network_roles:  # acts open to everybody name the roles of enterprises here too
        return "all"
    return "own" if role.of_enterprise and role.code in act.enterprise_roles else ""


def acts_of_roles(matrix: Matrix) -> list[tuple[roles.Role, list[tuple[Words, str]]]]:
    """The same matrix the other way round: for each role what it may do, and how far."""
    rows = [row for group in matrix.groups.values() for row in group]
    return [
        (role, [(row.act.label, reach) for row in rows for other, reach in row.by_role if other is role and reach])
        for role in matrix.roles
    ]


# --- municipalities --------------------------------------------------------------------------------------------------


def municipalities_named(text: str) -> list[Municipality]:
    """The municipalities that a typed name can mean: by IBGE code, by name and state, or all of that name."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and len(typed) == 7:
        return list(Municipality.objects.filter(pk=int(typed)))
    name, state = split_place(typed)
    rows = Municipality.objects.filter(folded=name) if name else Municipality.objects.none()
    return list(rows.filter(state=state) if state else rows)


def municipalities_like(text: str, limit: int = 12) -> list[Municipality]:
    """Municipalities whose name begins so, then those that have it inside."""
    name, state = split_place(text)
    if len(name) < 2:
        return []
    rows = Municipality.objects.filter(folded__contains=name)
    if state:
        rows = rows.filter(state=state)
    begins = Case(When(folded__startswith=name, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.order_by(begins, "folded", "state")[:limit])


def municipality_names_like(text: str) -> list[Municipality]:
    """For a wrong name: what was perhaps meant, by its longest word."""
    words = sorted(fold_place(text).split(), key=len, reverse=True)
    return municipalities_like(words[0], limit=6) if words else []


# --- the trail -------------------------------------------------------------------------------------------------------


def audit_entries_for(actor: Actor) -> QuerySet[AuditEntry]:
    """The trail of the actor's network, latest first, for those who may read it. Raises: NotAllowed."""
    actor.require(permissions.SEE_AUDIT)
    return AuditEntry.objects.filter(network_id=actor.network_id or 0).order_by("-sequence")
