# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that changes purchase rounds, by what it is about."""
