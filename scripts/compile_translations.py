# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile the .po files named on the command line into .mo files beside them; only checked translations go in."""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    fresh = source.with_suffix(f".{os.getpid()}.mo")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(source.with_suffix(".mo"))  # whole or not at all, whoever else reads or writes it


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))
