# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an enterprise becomes a member, stays one, and ceases to be one."""
