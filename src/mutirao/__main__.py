# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m mutirao`: the solvers answer without Django; every other command is Django's."""

from __future__ import annotations

import os
import sys

OWNERS = ("backup", "migrate", "prepare", "restore")
"""What only the role that owns the tables may do, where the program itself connects as another (docs/servidor.md)."""


def main() -> int:
    """Run the command named on the command line and return its exit code."""
    if sys.argv[1:2] == ["solve"]:
        from mutirao.solve import run  # noqa: PLC0415 - either path loads only what it needs

        return run(sys.argv[2:])
    owner = os.environ.get("MUTIRAO_OWNER_DATABASE_URL")
    if owner and sys.argv[1:] and sys.argv[1] in OWNERS:
        os.environ["DATABASE_URL"] = owner
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutirao.site.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["mutirao", *sys.argv[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
