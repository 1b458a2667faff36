# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work of notices: thin wrappers that call an operation by id."""

from __future__ import annotations

from mutirao.notices import operations


def deliver(delivery_id: int) -> bool:
    """Send one delivery; may run any number of times."""
    return operations.deliver(delivery_id)


def send_digest(person_id: int) -> bool:
    """Send a person's digest; may run any number of times."""
    return operations.send_digest(person_id)
