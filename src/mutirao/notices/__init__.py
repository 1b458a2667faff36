# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people are told, by the ways that they chose: in the app, by e-mail, on the phone, in a digest."""
