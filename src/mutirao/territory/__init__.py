# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who produces what where, what is missing in the chains, and the actors around the network."""
