# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a notice may ring, and how a push message is sealed: no Django, no clock, no files."""
