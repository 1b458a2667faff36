# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joint purchasing: needs, quotes, award, orders, receipt, and the sharing of goods and costs."""
