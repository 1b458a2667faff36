# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entry of the launcher: run by ./mutirao with the system's Python, before any package is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from launcher.cli import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
