# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network agreed about admission, and the criteria it asks for."""

from __future__ import annotations

import datetime as dt

from mutirao.admission import words
from mutirao.admission.core import criteria as core
from mutirao.admission.models import AdmissionSettings, Criterion
from mutirao.kernel import clock
from mutirao.kernel.legal import legal_values
from mutirao.kernel.models import LegalParameter
from mutirao.network.models import Network


def settings_of(network_id: int) -> AdmissionSettings:
    """What the network agreed, or what holds where it agreed nothing (not saved)."""
    found: AdmissionSettings | None = AdmissionSettings.objects.filter(network_id=network_id).first()
    return found or AdmissionSettings(network_id=network_id)


def legal_criteria(country: str, on: dt.date) -> dict[str, LegalParameter]:
    """The criteria of a country's law in force on a day, by code without prefix, in the order of the article."""
    latest = legal_values(core.LEGAL_PREFIX, on=on, country=country)
    return {code.removeprefix(core.LEGAL_PREFIX): row for code, row in latest.items() if row.value}


def criteria_of(network: Network) -> list[Criterion]:
    """The network's criteria in use; where it never touched them, those of its country's rule set (not saved)."""
    kept = list(Criterion.objects.filter(network=network))
    return [row for row in kept if row.is_active] if kept else default_criteria(network, on=clock.today())


def default_criteria(network: Network, *, on: dt.date) -> list[Criterion]:
    """The rule set of the network's country as rows not saved: law first, then what of the common ground is open."""
    legal = legal_criteria(network.country, on)
    return [
        Criterion(
            network=network,
            code=rule.code,
            source=rule.source,
            title=str(words.TITLES[rule.code]),
            text=legal[rule.code].note if rule.code in legal else str(words.TEXTS[rule.code]),
            proof=str(words.PROOFS.get(rule.code, "")),
            norm=legal[rule.code].norm if rule.code in legal else "",
            article=legal[rule.code].article if rule.code in legal else "",
            position=10 * (number + 1),
            is_required=rule.is_required,
        )
        for number, rule in enumerate(core.checklist(legal))
    ]
