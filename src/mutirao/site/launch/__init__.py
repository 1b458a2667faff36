# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last step of ./mutirao up: the server itself."""
