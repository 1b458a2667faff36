# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an edit changed, for the record; and whether somebody else edited first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from mutirao.kernel.errors import StaleEdit


def snapshot(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields as they stand; related rows by their words."""
    values: dict[str, Any] = {}
    for name in fields:
        value = getattr(row, name)
        values[name] = str(value) if isinstance(value, models.Model) else value
    return values


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after] for what differs."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def version(row: models.Model, fields: Iterable[str]) -> str:
    """A short digest of the named fields, to send along with a form and to compare when it comes back."""
    plain = json.dumps(snapshot(row, fields), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


def check_seen(row: models.Model, fields: Iterable[str], seen: str) -> None:
    """Compare a locked row with the version a form was filled from; an empty `seen` is not compared.

    Raises: StaleEdit when the row was changed since.
    """
    if seen and seen != version(row, fields):
        raise StaleEdit
