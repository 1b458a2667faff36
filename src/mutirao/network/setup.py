# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one-time link that prepares an empty installation: its token is kept in the installation's data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from mutirao.network.models import Network


def _file() -> Path:
    return Path(settings.DATA) / "setup_token"


def is_needed() -> bool:
    """Whether the installation has no network yet."""
    return not Network.objects.exists()


def token() -> str:
    """The token of the set-up link, made when there is none yet; readable by the installation's owner only."""
    path = _file()
    with suppress(FileNotFoundError):
        if kept := path.read_text().strip():
            return kept
        path.unlink()  # a start that was stopped while writing
    made = secrets.token_urlsafe(24)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # somebody else just made it
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
    return made


def is_right(given: str) -> bool:
    """Whether a token is the one of the set-up link."""
    try:
        kept = _file().read_text().strip()
    except FileNotFoundError:
        return False
    return bool(kept) and constant_time_compare(kept, given)


def forget() -> None:
    """Throw the token away once the installation is prepared."""
    _file().unlink(missing_ok=True)


def link_path() -> str:
    """The path of the set-up page, with its token."""
    return reverse("set_up", kwargs={"token": token()})
