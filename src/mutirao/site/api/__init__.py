# SPDX-License-Identifier: AGPL-3.0-or-later
"""The API: what other programs read and write, below /api/v1/. Nothing here imports the framework for it before the
first request comes (see docs/decisions/0019-api.md)."""
