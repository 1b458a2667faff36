# SPDX-License-Identifier: AGPL-3.0-or-later
"""Charges, payments, credits; knows no rounds or orders."""
