# SPDX-License-Identifier: AGPL-3.0-or-later
"""The municipality that somebody means in a spreadsheet: by IBGE code, by name and state, by name alone if only one."""

from __future__ import annotations

import difflib
from collections import defaultdict

from django.utils.translation import gettext as _

from mutirao.network.core.places import STATES, split_place
from mutirao.network.importing.plans import Problem, Row
from mutirao.network.models import Municipality

MAX_GUESSES = 40


class UnknownPlace(ValueError):
    """No single municipality is meant; the message says why, in the reader's language."""


class Places:
    """Every municipality, read once for a file."""

    def __init__(self) -> None:
        self._guesses = 0
        self.by_code: dict[int, Municipality] = {}
        self.by_name: dict[str, list[Municipality]] = defaultdict(list)
        for row in Municipality.objects.only("ibge_code", "name", "folded", "state").order_by("state"):
            self.by_code[row.ibge_code] = row
            self.by_name[row.folded].append(row)

    @property
    def is_empty(self) -> bool:
        """Whether nobody loaded the municipalities yet."""
        return not self.by_code

    def find(self, text: str, state: str = "") -> Municipality:
        """The municipality of "Lagoinha/SP", "Lagoinha - SP", an IBGE code, or a name with the state in another column.

        Raises: UnknownPlace.
        """
        if text.isascii() and text.isdigit():
            return self._by_code(text)
        name, own_state = split_place(text)
        state = own_state or state.strip().upper()
        if state and state not in STATES:
            raise UnknownPlace(_("“%(state)s” não é a sigla de um estado.") % {"state": state})
        named = self.by_name.get(name, [])
        fitting = [row for row in named if not state or row.state == state]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            choices = ", ".join(f"{row.name}/{row.state}" for row in fitting)
            raise UnknownPlace(
                _("“%(text)s” existe em mais de um estado: %(choices)s.") % {"text": text, "choices": choices}
            )
        if named:
            choices = ", ".join(f"{row.name}/{row.state}" for row in named)
            raise UnknownPlace(
                _("“%(text)s” não existe em %(state)s. Existe: %(choices)s.")
                % {"text": text, "state": state, "choices": choices}
            )
        raise UnknownPlace(self._unknown(text, name, state))

    def _by_code(self, text: str) -> Municipality:
        code = int(text)
        if code in self.by_code:
            return self.by_code[code]
        # Some tables leave the check digit out.
        short = [row for key, row in self.by_code.items() if len(text) == 6 and key // 10 == code]
        if len(short) == 1:
            return short[0]
        raise UnknownPlace(_("Nenhum município tem o código IBGE %(code)s.") % {"code": text})

    def _unknown(self, text: str, name: str, state: str) -> str:
        self._guesses += 1
        # Looking for what resembles a name among thousands is slow; a column full of nonsense is not worth it.
        near = difflib.get_close_matches(name, self.by_name, n=3, cutoff=0.8) if self._guesses <= MAX_GUESSES else []
        rows = [row for key in near for row in self.by_name[key] if not state or row.state == state][:3]
        if rows:
            meant = ", ".join(f"{row.name}/{row.state}" for row in rows)
            return _("Não conheço o município “%(text)s”. Seria %(meant)s?") % {"text": text, "meant": meant}
        return _("Não conheço o município “%(text)s”. Escreva, por exemplo, Lagoinha/SP.") % {"text": text}


class RowPlaces:
    """The municipality of each row's columns `municipality` and `state`; the list is read when first asked for."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._told = False
        # Sheets name the same few places over and over.
        self._found: dict[tuple[str, str], Municipality | str] = {}

    def of_row(self, row: Row, problems: list[Problem]) -> Municipality | None:
        """The municipality that a row means; None where it names none, or where a problem was added."""
        text = row.get("municipality")
        if not text:
            return None
        if self._places is None:
            self._places = Places()
        if self._places.is_empty:
            # Once for the file: it is not the rows that are wrong.
            if not self._told:
                self._told = True
                problems.append(Problem(not_loaded(), None, row.titles.get("municipality", "")))
            return None
        key = (text, row.get("state") or "")
        if key not in self._found:
            try:
                self._found[key] = self._places.find(*key)
            except UnknownPlace as unknown:
                self._found[key] = str(unknown)
        found = self._found[key]
        if isinstance(found, str):
            problems.append(row.problem("municipality", found))
            return None
        return found


def not_loaded() -> str:
    """What to say where municipalities are asked for and nobody loaded them."""
    return _(
        "A lista de municípios ainda não foi carregada nesta instalação. Quem cuida do servidor pode carregá-la com "
        "“./mutirao import municipalities ARQUIVO”; ou tire esta coluna e informe os municípios depois."
    )
