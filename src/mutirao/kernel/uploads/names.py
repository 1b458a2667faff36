# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of files: made harmless for showing, and made here for keeping."""

from __future__ import annotations

import re
import secrets
import unicodedata
from pathlib import PurePosixPath
from typing import Any

from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

from mutirao.kernel import clock
from mutirao.kernel.uploads.kinds import EXTENSIONS

LONGEST_NAME = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Control, format (also the marks that turn writing around: "ata\u202efdp.exe" is shown as "ataexe.pdf"), …"""


def safe_name(name: str) -> str:
    """A file's name for showing and saving: no folders, control or direction marks, hidden or reserved names."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(mark for mark in bare if unicodedata.category(mark) not in _INVISIBLE)
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%;]', "_", kept)).strip(" .")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) > LONGEST_NAME:
        suffix = PurePosixPath(plain).suffix
        suffix = suffix if len(suffix) < 12 else ""
        plain = plain[: LONGEST_NAME - len(suffix)] + suffix
    return plain or _("arquivo")


@deconstructible(path="mutirao.kernel.uploads.kept_below")
class kept_below:
    """`upload_to` of every FileField: `<folder>/<year>/<month>/<random>.<extension>`, never a name somebody chose.

    A name is never used twice, so that a kept file never changes: backups rely on it.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: Any, filename: str) -> str:
        extension = PurePosixPath(filename).suffix.lower()
        known = {f".{one}" for several in EXTENSIONS.values() for one in several}
        month = f"{clock.today():%Y/%m}"
        return f"{self.folder}/{month}/{secrets.token_urlsafe(18)}{extension if extension in known else ''}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, kept_below) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)
