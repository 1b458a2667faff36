# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doing a thing once though it is sent twice: a phone on a weak connection repeats itself."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from mutirao.kernel import clock
from mutirao.kernel.models import Submission


def first_time(kind: str, key: str, *, network_id: int) -> bool:
    """Whether this submission is new; call it first inside an operation, it is remembered with the operation.

    `key` is made by the sender (a UUID in the form); an empty key is always new. At most 80 characters count.
    """
    if not key:
        return True
    try:
        with transaction.atomic():
            Submission.objects.create(network_id=network_id, kind=kind, key=key[:80], at=clock.now())
    except IntegrityError:
        return False
    return True
