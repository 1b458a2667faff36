# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping the installation: backup, restore, export, what is kept of a person, health."""
