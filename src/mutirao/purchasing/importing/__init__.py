# SPDX-License-Identifier: AGPL-3.0-or-later
"""What spreadsheets bring into a purchase round; registered by being imported (see network.importing.registry)."""

from mutirao.purchasing.importing.needs import NEEDS
from mutirao.purchasing.importing.quotes import QUOTES

__all__ = ["NEEDS", "QUOTES"]
