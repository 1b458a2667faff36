# SPDX-License-Identifier: AGPL-3.0-or-later
"""What spreadsheets bring into the catalogue; registered by being imported (see network.importing.registry)."""

from mutirao.catalogue.importing import products, school_meals, suppliers

__all__ = ["products", "school_meals", "suppliers"]
