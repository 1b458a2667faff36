# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pure algorithms of joint purchasing: no database, no clock, no files, no words of any language."""
