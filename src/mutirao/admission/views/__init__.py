# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of admission: by private link, inside the network, and for anyone who checks a certificate."""
