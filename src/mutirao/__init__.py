# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mutirão: the operating system of solidarity networks."""

__version__ = "0.1.0"
