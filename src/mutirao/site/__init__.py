# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings, root urls, home, menus, search, design system."""
