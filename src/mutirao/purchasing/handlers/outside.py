# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the territory what rounds bought outside the network."""

from __future__ import annotations

from mutirao.purchasing.queries.outside import bought_outside
from mutirao.territory import outside

outside.register(bought_outside)
