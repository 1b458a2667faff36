# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that is read from purchase rounds, by what it is about."""
