# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests to join or to renew, each for an actor or for whoever holds the private link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mutirao.admission import permissions
from mutirao.admission.errors import NotAReviewer, UnknownLink
from mutirao.admission.models import Application, ChecklistItem, Evidence, Reviewer
from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import NotFound
from mutirao.network.core import standing
from mutirao.network.models import Enterprise


def hash_of(token: str) -> str:
    """What is kept of a private link's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def application_of(token: str) -> Application:
    """The application of a private link, looked up across networks. Raises: UnknownLink."""
    with tenancy.unscoped("a private link names no network"):
        rows = Application.objects.select_related("network", "enterprise", "municipality")
        found: Application | None = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise UnknownLink
    return found


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """All for the network's team; else those that the person was named to review."""
    rows: QuerySet[Application] = Application.objects.select_related("municipality", "enterprise")
    if actor.can(permissions.SEE):
        return rows
    return rows.filter(Exists(own_reviews(actor).filter(application=OuterRef("pk"))))


def own_reviews(actor: Actor) -> QuerySet[Reviewer]:
    """The reviews that the actor was named to and did not step back from."""
    rows: QuerySet[Reviewer] = Reviewer.objects.filter(person_id=actor.person_id or 0, released_at__isnull=True)
    return rows


def with_counts(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with how many review, how many voted and how many questions wait (`named`, `voted`, `open`)."""
    working = Q(reviewers__released_at__isnull=True)
    return rows.annotate(
        named=Count("reviewers", filter=working, distinct=True),
        voted=Count("reviewers", filter=working & ~Q(reviewers__vote=""), distinct=True),
        asked=Count("questions", filter=Q(questions__answered_at__isnull=True), distinct=True),
    ).order_by("-number")


def linkable() -> QuerySet[Enterprise]:
    """Registered enterprises that a request may be of: no members now, and no companies, who never become members."""
    working = [code for code in Enterprise.Standing.values if standing.may(code, standing.HOLD_ROLE)]
    rows: QuerySet[Enterprise] = Enterprise.objects.exclude(standing__in=working)
    return rows.exclude(legal_form=Enterprise.LegalForm.COMPANY)


def twin_of(application: Application) -> Enterprise | None:
    """Whoever has the name or the registration of a request that is of no registered enterprise."""
    if application.enterprise_id:
        return None
    same = Q(folded=fold(application.name))
    if application.tax_id:
        same |= Q(tax_id=application.tax_id, country=application.country)
    found: Enterprise | None = Enterprise.objects.filter(same).order_by("pk").first()
    return found


def application_for(actor: Actor, number: int) -> Application:
    """One application. Raises: NotFound, NotAReviewer for who reviews it no more."""
    found = applications_visible_to(actor).filter(number=number).first()
    if found is None:
        if Reviewer.objects.filter(person_id=actor.person_id or 0, application__number=number).exists():
            raise NotAReviewer  # stepped back, and comes by the address of the notice
        raise NotFound
    return found


def review_of(actor: Actor, application: Application) -> Reviewer | None:
    """The actor's own review of an application; None for whoever does not review it."""
    return own_reviews(actor).filter(application=application).first()


def may_refer(actor: Actor, application: Application) -> list[Enterprise]:
    """The members for which the actor may give a reference and that gave none yet."""
    given = Evidence.objects.filter(application=application, kind=Evidence.Kind.REFERENCE)
    rows = Enterprise.objects.filter(pk__in=actor.enterprise_ids, standing="member")
    rows = rows.exclude(pk__in=given.values("by_enterprise"))
    return [row for row in rows if actor.can(permissions.REFER, row)]


def missing_to_submit(application: Application, items: Iterable[ChecklistItem]) -> list[str]:
    """What the request lacks before it can be sent, in words: data, and criteria with neither answer nor proof."""
    in_brazil = application.country == "BR"
    missing = [
        str(label)
        for value, label in (
            (application.member_count, _("quantas pessoas participam")),
            (application.activity, _("o que o grupo faz")),
            (application.municipality_id or application.city, _("o município") if in_brazil else _("a cidade")),
            (application.phone or application.email, _("um telefone ou e-mail")),
        )
        if not value
    ]
    shown = set(Evidence.items.through.objects.filter(evidence__application=application).values_list(
        "checklistitem_id", flat=True
    ))  # fmt: skip
    missing += [f"“{item.title}”" for item in items if item.is_required and not item.answer and item.pk not in shown]
    return missing
