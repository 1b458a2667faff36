# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pure parts of payments: Pix and bank codes, identifiers, statements of banks and what in them pays what."""
