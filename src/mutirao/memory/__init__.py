# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network and its enterprises lived through, told by themselves."""
