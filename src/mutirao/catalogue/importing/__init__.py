# SPDX-License-Identifier: AGPL-3.0-or-later
"""What spreadsheets bring into the catalogue; registered by being imported (see network.importing.registry)."""

from mutirao.catalogue.importing.products import PRODUCTS
from mutirao.catalogue.importing.school_meals import SCHOOL_MEALS
from mutirao.catalogue.importing.suppliers import SUPPLIERS

__all__ = ["PRODUCTS", "SCHOOL_MEALS", "SUPPLIERS"]
