# SPDX-License-Identifier: AGPL-3.0-or-later
"""`mutirao solve allocate|award FILE`: the solvers for everyone, JSON in and JSON out, without a database."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mutirao.purchasing.core.reading import BadData, Node

_WORDS: dict[str, dict[str, str]] = {
    "pt": {
        "usage": "uso: mutirao solve allocate|award ARQUIVO [--time-limit SEGUNDOS]   (ARQUIVO - lê a entrada padrão)",
        "bad_option": "opção que não conheço: {option}",
        "bad_time_limit": "--time-limit pede um número de segundos maior que zero, não {option}",
        "no_such_file": "o arquivo não existe: {file}",
        "is_a_folder": "isto é uma pasta, não um arquivo: {file}",
        "no_permission": "sem permissão para ler: {file}",
        "unreadable": "não consegui ler {file}: {why}",
        "not_utf8": "o arquivo não está em UTF-8 (byte {position})",
        "empty": "não há nada para ler: a entrada está vazia",
        "not_json": "isto não é JSON: linha {line}, coluna {column}",
        "too_deep": "o JSON tem níveis demais um dentro do outro",
        "not_finite": "{value} não é um número que se possa usar",
        "field_twice": "o campo {field} aparece duas vezes no mesmo objeto",
        "not_an_object": "precisa ser um objeto, entre chaves {{ }}",
        "not_a_list": "precisa ser uma lista, entre colchetes [ ]",
        "missing_field": "falta o campo {field}",
        "not_text": "precisa ser um texto entre aspas",
        "blank": "está em branco",
        "text_too_long": "o texto passa de {limit} caracteres",
        "broken_text": "o texto tem caracteres quebrados",
        "not_a_choice": "precisa ser um destes: {choices}",
        "not_a_number": "precisa ser um número, como 12 ou \"12.50\"",
        "negative": "não pode ser negativo",
        "too_large": "precisa ser menor que {limit}",
        "too_many_places": "tem mais de {places} casas decimais",
        "not_positive": "precisa ser maior que zero",
        "not_whole": "precisa ser um número inteiro",
        "below_minimum": "precisa ser pelo menos {minimum}",
        "named_twice": "{name} já apareceu antes: junte as quantidades em uma linha só",
        "supplier_twice": "{name} já apareceu antes: junte as linhas em uma cotação só",
        "break_twice": "já há um preço a partir de {start}",
        "no_breaks": "falta pelo menos um preço",
        "ignored_field": "aviso: campo que não conheço, deixado de lado: {field}",
    },
    "en": {
        "usage": "usage: mutirao solve allocate|award FILE [--time-limit SECONDS]   (FILE - reads standard input)",
        "bad_option": "unknown option: {option}",
        "bad_time_limit": "--time-limit wants a number of seconds above zero, not {option}",
        "no_such_file": "there is no such file: {file}",
        "is_a_folder": "this is a folder, not a file: {file}",
        "no_permission": "no permission to read: {file}",
        "unreadable": "could not read {file}: {why}",
        "not_utf8": "the file is not in UTF-8 (byte {position})",
        "empty": "there is nothing to read: the input is empty",
        "not_json": "this is not JSON: line {line}, column {column}",
        "too_deep": "the JSON is nested too deeply",
        "not_finite": "{value} is not a number that can be used",
        "field_twice": "the field {field} stands twice in the same object",
        "not_an_object": "must be an object in braces {{ }}",
        "not_a_list": "must be a list in brackets [ ]",
        "missing_field": "the field {field} is missing",
        "not_text": "must be a text in quotes",
        "blank": "is blank",
        "text_too_long": "the text is longer than {limit} characters",
        "broken_text": "the text holds broken characters",
        "not_a_choice": "must be one of: {choices}",
        "not_a_number": "must be a number such as 12 or \"12.50\"",
        "negative": "must not be negative",
        "too_large": "must be less than {limit}",
        "too_many_places": "has more than {places} decimal places",
        "not_positive": "must be more than zero",
        "not_whole": "must be a whole number",
        "below_minimum": "must be at least {minimum}",
        "named_twice": "{name} has stood before: put the quantities together in one row",
        "supplier_twice": "{name} has stood before: put the lines together in one quote",
        "break_twice": "there is a price from {start} on already",
        "no_breaks": "at least one price is missing",
        "ignored_field": "warning: unknown field, left aside: {field}",
    },
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Answer on standard output and return 0; or say in one line on standard error what is wrong and return 1.

    `arguments` are those after `solve`. A wrong command line returns 2.
    """
    try:
        what, file, time_limit = _command_line(arguments)
    except BadData as wrong:
        return _complain(wrong, 2)
    if what == "help":
        print(_words("usage"))  # noqa: T201 - a command line speaks so
        return 0
    try:
        document = Node(_parse(_read(file)))
        answer = _solve(what, document, time_limit)
    except BadData as wrong:
        return _complain(wrong, 1)
    for path in document.ignored:
        _say(_words("ignored_field", field=path))
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()
    return 0


def run(arguments: Sequence[str]) -> int:
    """`main` as a program of its own: a broken pipe or Ctrl-C ends it at once and quietly."""
    for name in ("SIGINT", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    return main(arguments)


def _solve(what: str, document: Node, time_limit: float) -> dict[str, Any]:
    if what == "allocate":
        from mutirao.purchasing.core.allocation_json import solve_allocation  # noqa: PLC0415 - starts fast

        return solve_allocation(document)
    from mutirao.purchasing.core.award_json import solve_award  # noqa: PLC0415 - loads the solver only when needed

    return solve_award(document, time_limit=time_limit, clock=time.monotonic)


def _command_line(arguments: Sequence[str]) -> tuple[str, str, float]:
    time_limit, plain = 20.0, []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in {"-h", "--help"}:
            return "help", "", 0
        if word == "--time-limit" or word.startswith("--time-limit="):
            value = word.partition("=")[2] or (rest.pop(0) if rest else "")
            time_limit = _seconds(value)
        elif word.startswith("-") and word != "-":
            raise BadData("bad_option", "", option=_shown(word))
        else:
            plain.append(word)
    if len(plain) != 2 or plain[0] not in {"allocate", "award"}:
        raise BadData("usage", "")
    return plain[0], plain[1], time_limit


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise BadData("bad_time_limit", "", option=_shown(value))
    return seconds


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read()
        with open(file, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        raise BadData("no_such_file", "", file=_shown(file)) from None
    except IsADirectoryError:
        raise BadData("is_a_folder", "", file=_shown(file)) from None
    except PermissionError:
        raise BadData("no_permission", "", file=_shown(file)) from None
    except (OSError, ValueError) as why:
        reason = getattr(why, "strerror", None) or str(why)
        raise BadData("unreadable", "", file=_shown(file), why=reason) from None


def _parse(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadData("not_utf8", "", position=str(wrong.start)) from None
    if not text.strip():
        raise BadData("empty", "")
    try:
        return json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_doubles
        )
    except json.JSONDecodeError as wrong:
        raise BadData("not_json", "", line=str(wrong.lineno), column=str(wrong.colno)) from None
    except RecursionError:
        raise BadData("too_deep", "") from None


def _no_constant(value: str) -> None:
    raise BadData("not_finite", "", value=value)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadData("field_twice", "", field=next(name for name in names if names.count(name) > 1))
    return found


def _language() -> str:
    for name in ("MUTIRAO_LANG", "LC_ALL", "LANG"):
        if chosen := os.environ.get(name):
            return "en" if chosen.lower().startswith("en") else "pt"
    return "pt"


def _words(code: str, **params: str) -> str:
    shown = {name: value if name in {"choices", "why"} else _shown(value) for name, value in params.items()}
    return _WORDS[_language()][code].format(**shown)


def _shown(text: str) -> str:
    """One line, short, whatever the text holds."""
    short = text if len(text) <= 80 else text[:77] + "..."
    return "".join(character if character.isprintable() else "?" for character in short)


def _complain(wrong: BadData, code: int) -> int:
    where = f"{_shown(wrong.where)}: " if wrong.where else ""
    _say(where + _words(wrong.code, **wrong.params))
    return code


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - a command line speaks so
