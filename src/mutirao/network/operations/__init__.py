# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write of the network module."""

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
    choose_language,
    create_person,
    edit_own_data,
    end_role,
    grant_role,
)
from mutirao.network.operations.standing import (
    change_standing,
    close_founding,
    name_partner,
    recognise_founder,
)

__all__ = [
    "ContactData",
    "EnterpriseData",
    "Issued",
    "MunicipalitiesImported",
    "accept_invitation",
    "accept_with_new_account",
    "add_contact",
    "add_enterprise",
    "change_standing",
    "choose_language",
    "close_founding",
    "create_network",
    "create_person",
    "deactivate_enterprise",
    "edit_contact",
    "edit_enterprise",
    "edit_network",
    "edit_own_data",
    "end_role",
    "grant_role",
    "import_municipalities",
    "invite",
    "open_account",
    "name_partner",
    "reactivate_enterprise",
    "recognise_founder",
    "remove_contact",
    "revoke_invitation",
    "set_up",
    "territory_named",
    "value_chain_named",
]
