# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of admission, each for an actor or for whoever holds a link."""

from mutirao.admission.queries.duties import (
    Duty,
    duties_of,
)
from mutirao.admission.queries.requests import (
    application_for,
    application_of,
    applications_visible_to,
    hash_of,
    linkable,
    may_refer,
    missing_to_submit,
    own_reviews,
    review_of,
    twin_of,
    with_counts,
)
from mutirao.admission.queries.review import (
    Progress,
    conflicts_of,
    counted_reviewers,
    possible_reviewers,
    progress_of,
    progress_of_all,
)
from mutirao.admission.queries.rules import (
    criteria_of,
    default_criteria,
    legal_criteria,
    settings_of,
)
from mutirao.admission.queries.standing import (
    Verification,
    appeals_visible_to,
    certificate_in_force,
    deciders_before,
    standing_for,
    verify,
)

__all__ = [
    "Duty",
    "Progress",
    "Verification",
    "appeals_visible_to",
    "application_for",
    "application_of",
    "applications_visible_to",
    "certificate_in_force",
    "conflicts_of",
    "counted_reviewers",
    "criteria_of",
    "deciders_before",
    "default_criteria",
    "duties_of",
    "hash_of",
    "legal_criteria",
    "linkable",
    "may_refer",
    "missing_to_submit",
    "own_reviews",
    "possible_reviewers",
    "progress_of",
    "progress_of_all",
    "review_of",
    "settings_of",
    "standing_for",
    "twin_of",
    "verify",
    "with_counts",
]
