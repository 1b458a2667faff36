# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of the network module."""
