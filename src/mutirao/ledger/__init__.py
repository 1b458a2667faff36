# SPDX-License-Identifier: AGPL-3.0-or-later
"""Double-entry books of the network and of each enterprise."""
