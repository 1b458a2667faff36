# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing spreadsheets in: reading any file, understanding its columns, previewing, and writing all or nothing.

reading      bytes → sheets, safely (workbook_reader is the program that opens workbooks apart)
columns      what a column may hold, and how it is read and shown
registry     the kinds of import; each module registers its own in `<module>/importing.py`
layout       rows of a kind from a sheet: titles, mapping, numbers and dates of whole columns
plans        what an import would do: new, changed, unchanged, problems
staging      the file between preview and confirmation
operations   read again, plan again, write everything or nothing
"""
