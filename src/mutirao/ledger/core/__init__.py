# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pure parts of the books: accounts, entries that balance, balances, the text of Beancount."""
