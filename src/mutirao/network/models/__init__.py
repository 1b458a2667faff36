# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks, the people in them, the enterprises they bring together, and the roles that tie them."""

from mutirao.network.models.enterprises import Contact, Enterprise, StandingChange
from mutirao.network.models.networks import Municipality, Network, Territory, ValueChain
from mutirao.network.models.people import Person, PersonManager
from mutirao.network.models.protection import AccountRules, SecondFactorReset
from mutirao.network.models.rights import Delegation, Invitation, RoleAssignment
from mutirao.network.models.tokens import AccessToken

__all__ = [
    "AccessToken",
    "AccountRules",
    "Contact",
    "Delegation",
    "Enterprise",
    "Invitation",
    "Municipality",
    "Network",
    "Person",
    "PersonManager",
    "RoleAssignment",
    "SecondFactorReset",
    "StandingChange",
    "Territory",
    "ValueChain",
]
