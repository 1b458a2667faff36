# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where money meets the books: what is charged, paid and owed is posted as it happens."""
