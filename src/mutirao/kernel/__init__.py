# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every module stands on: money, quantities, tenancy, audit, events, locks, errors, background work."""
