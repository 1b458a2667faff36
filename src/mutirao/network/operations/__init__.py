# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write of the network module."""

from mutirao.network.operations.delegations import leave_roles, take_back
from mutirao.network.operations.devices import end_other_sessions, end_session
from mutirao.network.operations.enterprises import (
    ContactData,
    EnterpriseData,
    add_contact,
    add_enterprise,
    deactivate_enterprise,
    edit_contact,
    edit_enterprise,
    reactivate_enterprise,
    remove_contact,
    territory_named,
    value_chain_named,
)
from mutirao.network.operations.invitations import (
    Issued,
    accept_invitation,
    accept_with_new_account,
    invite,
    open_account,
    revoke_invitation,
)
from mutirao.network.operations.municipalities import MunicipalitiesImported, import_municipalities
from mutirao.network.operations.networks import create_network, edit_network, set_up
from mutirao.network.operations.people import (
    Bounds,
    choose_language,
    close_account,
    create_person,
    dismiss,
    edit_own_data,
    end_role,
    grant_role,
)
from mutirao.network.operations.protection import (
    ask_email_change,
    ask_second_factor_reset,
    change_email,
    confirm_second_factor_reset,
    edit_account_rules,
    stop_second_factor_reset,
    undo_second_factor,
)
from mutirao.network.operations.standing import (
    change_standing,
    close_founding,
    name_partner,
    recognise_founder,
)

__all__ = [
    "Bounds",
    "ContactData",
    "EnterpriseData",
    "Issued",
    "MunicipalitiesImported",
    "accept_invitation",
    "accept_with_new_account",
    "add_contact",
    "add_enterprise",
    "ask_email_change",
    "ask_second_factor_reset",
    "change_email",
    "change_standing",
    "choose_language",
    "close_account",
    "close_founding",
    "confirm_second_factor_reset",
    "create_network",
    "create_person",
    "deactivate_enterprise",
    "dismiss",
    "edit_account_rules",
    "edit_contact",
    "edit_enterprise",
    "edit_network",
    "edit_own_data",
    "end_other_sessions",
    "end_role",
    "end_session",
    "grant_role",
    "import_municipalities",
    "invite",
    "leave_roles",
    "name_partner",
    "open_account",
    "reactivate_enterprise",
    "recognise_founder",
    "remove_contact",
    "revoke_invitation",
    "set_up",
    "stop_second_factor_reset",
    "take_back",
    "territory_named",
    "undo_second_factor",
    "value_chain_named",
]
