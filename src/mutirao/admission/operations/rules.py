# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network agrees about admission, and its own criteria beside those of law and principles."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutirao.admission import permissions, queries
from mutirao.admission.models import AdmissionSettings, Criterion
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.errors import InvalidValue
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Network

SETTINGS = ("takes_requests", "welcome", "decided_by", "reviewers_needed", "review_days", "certificate_months",
            "reminder_days", "hearing_days", "appeal_days", "appeal_decision_days", "appeal_suspends")  # fmt: skip
CRITERION = ("title", "text", "proof", "is_required", "is_active")
_LIMITS = {
    "reviewers_needed": (1, 15), "review_days": (1, 365), "certificate_months": (1, 120), "reminder_days": (1, 365),
    "hearing_days": (1, 180), "appeal_days": (1, 180), "appeal_decision_days": (1, 365),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionData:
    """A criterion in the network's words."""

    title: str
    text: str
    proof: str = ""
    is_required: bool = True
    is_active: bool = True


@operation
def edit_settings(network: Network, *, actor: Actor, seen: str = "", **wanted: Any) -> AdmissionSettings:
    """Change what was agreed; running requests keep the criteria, the days and the number they began with hold anew.

    Raises: NotAllowed, StaleEdit, InvalidValue.
    """
    actor.require(permissions.EDIT_RULES, network)
    lock(network)
    row = AdmissionSettings.objects.filter(network=network).first() or AdmissionSettings(network=network)
    check_seen(row, SETTINGS, seen)
    before = snapshot(row, SETTINGS)
    for name, value in wanted.items():
        if name not in SETTINGS:
            raise ValueError(name)
        low, high = _LIMITS.get(name, (None, None))
        if low is not None and high is not None and not low <= value <= high:
            raise InvalidValue(_("Informe um número de %(low)s a %(high)s."), field=name, low=low, high=high)
        setattr(row, name, value)
    if row.decided_by not in AdmissionSettings.DecidedBy.values:
        raise InvalidValue(field="decided_by")
    row.save()
    if changed := differences(before, snapshot(row, SETTINGS)):
        record(actor, "admission.settings_changed", network, changes=changed)
    return row


def _kept_criteria(network: Network) -> None:
    """The rule set becomes the network's own rows the first time it changes anything."""
    lock(network)
    if not Criterion.objects.filter(network=network).exists():
        Criterion.objects.bulk_create(queries.criteria_of(network))


@operation
def edit_criterion(network: Network, code: str, data: CriterionData, *, actor: Actor) -> Criterion:
    """Say a criterion in the network's own words; what the law asks cannot be switched off nor made optional.

    Raises: NotAllowed, InvalidValue; Criterion.DoesNotExist for an unknown code.
    """
    actor.require(permissions.EDIT_RULES, network)
    _check(data)
    _kept_criteria(network)
    row: Criterion = lock(Criterion.objects.get(code=code))
    if row.source == Criterion.Source.LAW and not (data.is_active and data.is_required):
        raise InvalidValue(_("O que a lei pede não se desliga aqui."), field="is_active")
    before = snapshot(row, CRITERION)
    for name in CRITERION:
        setattr(row, name, getattr(data, name))
    if changed := differences(before, snapshot(row, CRITERION)):
        row.save(update_fields=list(changed))
        record(actor, "admission.criterion_edited", row, changes=changed)
    return row


@operation
def add_criterion(network: Network, data: CriterionData, *, actor: Actor) -> Criterion:
    """Add a criterion of the network's own. Raises: NotAllowed, InvalidValue."""
    actor.require(permissions.EDIT_RULES, network)
    _check(data)
    _kept_criteria(network)
    last = Criterion.objects.filter(network=network).order_by("-position").first()
    row: Criterion = Criterion.objects.create(
        network=network, code=f"own_{secrets.token_hex(4)}", source=Criterion.Source.NETWORK, title=data.title.strip(),
        text=data.text.strip(), proof=data.proof.strip(), is_required=data.is_required, is_active=data.is_active,
        position=(last.position if last else 0) + 10,
    )  # fmt: skip
    record(actor, "admission.criterion_added", row, title=row.title, text=row.text)
    return row


def _check(data: CriterionData) -> None:
    for name in ("title", "text"):
        if not getattr(data, name).strip():
            raise InvalidValue(_("Escreva o critério."), field=name)
