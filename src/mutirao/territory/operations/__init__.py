# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write of the territory module."""

from mutirao.territory.operations.calls import CALL_FIELDS, CallData, add_call, edit_call
from mutirao.territory.operations.chain import (
    LINK_FIELDS,
    LinkData,
    LinkWanted,
    add_link,
    edit_link,
    remove_link,
    save_links,
)
from mutirao.territory.operations.partners import (
    PartnerData,
    PersonData,
    add_partner,
    add_partner_person,
    edit_partner,
    forget_partner_person,
    partner_version,
    set_partner_active,
)
from mutirao.territory.operations.steps import (
    STEP_FIELDS,
    drop_next_step,
    finish_next_step,
    reopen_next_step,
    set_next_step,
)
from mutirao.territory.operations.striking import bring_back, require_standing, strike_out
from mutirao.territory.operations.talks import (
    AGREEMENT_FIELDS,
    MEETING_FIELDS,
    add_agreement,
    edit_agreement,
    edit_meeting,
    note_meeting,
)

__all__ = [
    "AGREEMENT_FIELDS",
    "CALL_FIELDS",
    "LINK_FIELDS",
    "MEETING_FIELDS",
    "STEP_FIELDS",
    "CallData",
    "LinkData",
    "LinkWanted",
    "PartnerData",
    "PersonData",
    "add_agreement",
    "add_call",
    "add_link",
    "add_partner",
    "add_partner_person",
    "bring_back",
    "drop_next_step",
    "edit_agreement",
    "edit_call",
    "edit_link",
    "edit_meeting",
    "edit_partner",
    "finish_next_step",
    "forget_partner_person",
    "note_meeting",
    "partner_version",
    "remove_link",
    "reopen_next_step",
    "require_standing",
    "save_links",
    "set_next_step",
    "set_partner_active",
    "strike_out",
]
