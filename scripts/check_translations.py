# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check that every sentence of the code and the templates has its English: none missing, empty, doubtful or broken.

`python scripts/check_translations.py` checks; with `--update` it first writes the new sentences into the catalogue
(empty, to be translated) and takes out those that are gone. Needs Django and Babel, not gettext.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "mutirao"
CATALOGUES = sorted((SOURCE / "locale").glob("*/LC_MESSAGES/django.po")) or [
    SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
]
TEMPLATE_SUFFIXES = (".html", ".txt", ".xml", ".svg")

# What each function takes: c(ontext), s(ingular), p(lural), in this order.
FUNCTIONS = {
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0]*[\d.]*[a-zA-Z]|%[-+ #0]*[\d.]*[sdrfi]|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")
STRING = r"""[uU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL)
Key = tuple[str | None, str | tuple[str, str]]


@dataclass(frozen=True)
class Found:
    """One sentence to be translated, and where it stands."""

    key: Key
    path: Path
    line: int


def in_python(path: Path, source: str) -> Iterator[Found]:
    """The sentences of one Python file; a call with a variable is left to whoever marked the variable's values.

    Raises: SystemExit when a sentence is an f-string, which no catalogue can hold.
    """
    tree = ast.parse(source, str(path))
    names = {name: name for name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names.update({alias.asname or alias.name: alias.name for alias in node.names if alias.name in FUNCTIONS})
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        takes = FUNCTIONS.get(names.get(called, ""))
        if not takes:
            continue
        arguments = node.args[: len(takes)]
        if any(isinstance(argument, ast.JoinedStr) for argument in arguments):
            sys.exit(f"{path.relative_to(ROOT)}:{node.lineno}: an f-string cannot be translated")
        texts = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
        if len(texts) == len(takes) and all(isinstance(text, str) for text in texts):
            yield Found(key(takes, [str(text) for text in texts]), path, node.lineno)


def in_template(path: Path, source: str) -> Iterator[Found]:
    """The sentences of one template, by way of Django's own reader of its translation tags."""
    readable = templatize(source, str(path))
    for match in TEMPLATE_CALL.finditer(readable):
        name = "gettext" if match[1] == "_" else match[1]
        texts = [str(ast.literal_eval(text)) for text in re.findall(STRING, match[2], re.DOTALL)]
        takes = FUNCTIONS[name]
        if len(texts) >= len(takes):
            yield Found(key(takes, texts[: len(takes)]), path, readable.count("\n", 0, match.start()) + 1)


def key(takes: str, texts: list[str]) -> Key:
    context = texts[0] if takes[0] == "c" else None
    ids = texts[1:] if takes[0] == "c" else texts
    return context, (ids[0] if len(ids) == 1 else (ids[0], ids[1]))


def all_sentences() -> list[Found]:
    """Every sentence of the source, in the order of files and lines; the empty one, which is the header's, left out."""
    found: list[Found] = []
    for path in sorted(SOURCE.rglob("*.py")):
        found += in_python(path, path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.glob("*/templates/**/*")):
        if path.suffix in TEMPLATE_SUFFIXES:
            found += in_template(path, path.read_text(encoding="utf-8"))
    return [one for one in found if one.key[1]]


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=path.parent.parent.name, project="Mutirão", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file)


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {
        (message.context, tuple(message.id) if isinstance(message.id, list | tuple) else message.id): message
        for message in catalogue
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def problems(catalogue: Catalog, sentences: Iterable[Found]) -> Iterator[str]:
    """What keeps the catalogue from being complete, one line for each sentence."""
    entries = by_key(catalogue)
    seen = set()
    for one in sentences:
        if one.key in seen:
            continue
        seen.add(one.key)
        where = f"{one.path.relative_to(ROOT)}:{one.line}"
        entry = entries.get(one.key)
        if entry is None:
            yield f"{where}: missing: {one.key[1]!r}"
            continue
        strings = list(entry.string) if isinstance(entry.string, list | tuple) else [entry.string]
        if entry.fuzzy:
            yield f"{where}: fuzzy: {one.key[1]!r}"
        elif not all(strings) or (isinstance(one.key[1], tuple) and len(strings) < catalogue.num_plurals):
            yield f"{where}: empty: {one.key[1]!r}"
        elif wrong := wrong_placeholders(one.key[1], strings):
            yield f"{where}: placeholders {', '.join(sorted(wrong))} differ: {one.key[1]!r}"


def wrong_placeholders(sentence: str | tuple[str, str], strings: list[str]) -> set[str]:
    """Placeholders that a translation lacks or invents; a singular may leave the number out."""
    if isinstance(sentence, str):
        return placeholders(sentence) ^ placeholders(strings[0])
    known = placeholders(sentence[0]) | placeholders(sentence[1])
    invented = set().union(*(placeholders(text) for text in strings)) - known
    return invented | (placeholders(sentence[1]) ^ placeholders(strings[-1]))


def update(path: Path, sentences: Iterable[Found]) -> None:
    """Write the catalogue anew: what was translated stays, new sentences come in empty, unused ones go."""
    before = by_key(read(path))
    fresh = Catalog(locale=path.parent.parent.name, project="Mutirão", fuzzy=False)
    old = read(path)
    fresh.mime_headers = old.mime_headers
    for one in sentences:
        context, ids = one.key
        known = before.get(one.key)
        fresh.add(
            ids,
            string=known.string if known else ("" if isinstance(ids, str) else ("",) * fresh.num_plurals),
            locations=[(str(one.path.relative_to(ROOT)), one.line)],
            flags=known.flags if known else (),
            auto_comments=known.auto_comments if known else (),
            user_comments=known.user_comments if known else (),
            context=context,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=120, include_lineno=False, sort_by_file=True)


def main(arguments: list[str]) -> int:
    sentences = all_sentences()
    bad = 0
    for path in CATALOGUES:
        if "--update" in arguments:
            update(path, sentences)
        found = list(problems(read(path), sentences))
        for line in found:
            print(line)
        if found:
            print(f"{path.relative_to(ROOT)}: {len(found)} of {len({one.key for one in sentences})} sentences to mend")
        bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
