# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which supplier delivers what: the split of goods among quotes with the least landed cost."""
