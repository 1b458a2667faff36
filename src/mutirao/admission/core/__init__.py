# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pure parts of admission: which criteria, how votes count, what a certificate says. No Django, no clock, no files."""
