# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands behind ./mutirao. Only the standard library: it runs before the environment exists."""
