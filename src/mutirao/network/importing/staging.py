# SPDX-License-Identifier: AGPL-3.0-or-later
"""The uploaded file between preview and confirmation: kept for a day below the installation's data, for the person
and the network that sent it and for nobody else. Never in a hidden field: what is confirmed is what was previewed.

Two files each: <token>.json says whose it is and how to read it, <token>.bin is the file. The JSON is written last and
deleted first, so that one without the other is never taken for an upload.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network.importing.errors import UploadGone
from mutirao.network.importing.layout import Options

KEPT = dt.timedelta(hours=24)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for confirmation."""

    token: str
    kind: str
    name: str
    network_id: int
    person_id: int
    at: str
    """When it was sent, ISO 8601."""
    target: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def sent_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)

    @property
    def reading(self) -> Options:
        """How the person said to read it."""
        return Options.from_dict(self.options)


def keep(content: bytes, *, kind: str, name: str, target: str, actor: Actor) -> Upload:
    """Keep a file for a day; what others left behind for longer is swept away."""
    sweep()
    upload = Upload(
        token=secrets.token_urlsafe(16),
        kind=kind,
        name=_plain_name(name),
        network_id=actor.network_id or 0,
        person_id=actor.person_id or 0,
        at=clock.now().isoformat(),
        target=target,
    )
    _write(_folder() / f"{upload.token}.bin", content)
    _save(upload)
    return upload


def find(token: str, actor: Actor) -> Upload:
    """The person's own upload. Raises: UploadGone for another's, for an old one and for none."""
    try:
        if not _TOKEN.fullmatch(token):
            raise UploadGone
        upload = Upload(**json.loads((_folder() / f"{token}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        raise UploadGone from None
    if (upload.network_id, upload.person_id) != (actor.network_id, actor.person_id):
        raise UploadGone
    if clock.now() - upload.sent_at > KEPT:
        drop(upload)
        raise UploadGone
    return upload


def content_of(upload: Upload) -> bytes:
    """The bytes of an upload. Raises: UploadGone."""
    try:
        return (_folder() / f"{upload.token}.bin").read_bytes()
    except OSError:
        raise UploadGone from None


def read_differently(upload: Upload, options: Options) -> Upload:
    """Remember how the person wants the file to be read."""
    changed = replace(upload, options=options.as_dict())
    _save(changed)
    return changed


def drop(upload: Upload) -> None:
    """Forget an upload; one that is gone already is no matter."""
    for suffix in (".json", ".bin"):
        (_folder() / f"{upload.token}{suffix}").unlink(missing_ok=True)


def sweep() -> int:
    """Delete what was kept for longer than a day; returns how many files went."""
    gone, oldest = 0, (clock.now() - KEPT - dt.timedelta(hours=1)).timestamp()
    for path in _folder().iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                gone += 1
        except OSError:
            continue
    return gone


def _folder() -> Path:
    folder = Path(settings.DATA) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _save(upload: Upload) -> None:
    _write(_folder() / f"{upload.token}.json", json.dumps(asdict(upload), ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by the program only."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _plain_name(name: str) -> str:
    """The file's name for showing: no folders, no line breaks, not too long."""
    bare = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    return "".join(mark for mark in bare if mark.isprintable())[-120:] or "planilha"
