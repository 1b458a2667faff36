# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of the memory a network does not take along: pictures and recordings whose leave was taken back."""

from __future__ import annotations

from collections.abc import Iterator

from mutirao.memory.models import Keepsake
from mutirao.network import personal


@personal.withholds
def withdrawn_files() -> Iterator[str]:
    """The files of keepsakes in which somebody shown took the leave back, and their smaller photos."""
    rows = Keepsake.objects.filter(portrayals__withdrawn_at__isnull=False).distinct()
    for names in rows.values_list("file", "preview"):
        yield from filter(None, names)
