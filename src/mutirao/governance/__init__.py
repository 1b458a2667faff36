# SPDX-License-Identifier: AGPL-3.0-or-later
"""Motions put to the enterprises, and what they said."""
