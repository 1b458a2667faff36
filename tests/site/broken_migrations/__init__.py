# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kernel's migrations, and one more that breaks half-way."""

from mutirao.kernel import migrations

__path__ = [*__path__, *migrations.__path__]
