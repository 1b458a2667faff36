# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the commands of the terminal share."""
