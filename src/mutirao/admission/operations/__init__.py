# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write of admission."""

from mutirao.admission.operations.applications import (
    answer_question,
    correct_application,
    drop_stale_draft,
    edit_application,
    link_enterprise,
    say_for_criterion,
    submit,
    welcome_in,
    withdraw,
)
from mutirao.admission.operations.beginning import (
    ApplicationData,
    Started,
    issue_new_link,
    propose,
    start_application,
    start_renewal,
)
from mutirao.admission.operations.certificates import expire_certificate, issue_certificate, remind_of_renewal
from mutirao.admission.operations.evidence import (
    add_evidence,
    remove_evidence,
)
from mutirao.admission.operations.measures import (
    decide_appeal,
    decide_exclusion,
    file_appeal,
    leave,
    lift_suspension,
    open_exclusion,
    say_in_hearing,
    suspend,
)
from mutirao.admission.operations.review import (
    ask,
    decide_by_assembly,
    declare_conflict,
    give_opinion,
    name_reviewers,
    vote,
    withdraw_question,
)
from mutirao.admission.operations.rules import CriterionData, add_criterion, edit_criterion, edit_settings

__all__ = [
    "ApplicationData",
    "CriterionData",
    "Started",
    "add_criterion",
    "add_evidence",
    "answer_question",
    "ask",
    "correct_application",
    "decide_appeal",
    "decide_by_assembly",
    "decide_exclusion",
    "declare_conflict",
    "drop_stale_draft",
    "edit_application",
    "edit_criterion",
    "edit_settings",
    "expire_certificate",
    "file_appeal",
    "give_opinion",
    "issue_certificate",
    "issue_new_link",
    "leave",
    "lift_suspension",
    "link_enterprise",
    "name_reviewers",
    "open_exclusion",
    "propose",
    "remind_of_renewal",
    "remove_evidence",
    "say_for_criterion",
    "say_in_hearing",
    "start_application",
    "start_renewal",
    "submit",
    "suspend",
    "vote",
    "welcome_in",
    "withdraw",
    "withdraw_question",
]
