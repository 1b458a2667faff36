# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages load: small, whole, and nothing that the content policy forbids."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

import mutirao
from mutirao.site.menu import ENTRIES
from mutirao.site.templatetags.ui import ILLUSTRATIONS, TONE_ICONS

PACKAGE = Path(mutirao.__file__).parent
STATIC = PACKAGE / "site/static/mutirao"
CSS = (STATIC / "mutirao.css").read_text(encoding="utf-8")
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
DRAWINGS = sorted(STATIC.glob("**/*.svg"))


def test_the_first_load_stays_small() -> None:
    htmx = 13_000  # the wheel's minified file, compressed
    names = ("mutirao.css", "mutirao.js", "outbox.js", "icons.svg")
    own = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)
    assert own + htmx < 50_000
    assert len(gzip.compress(CSS.encode())) < 9_500
    assert len(CSS.encode()) < 45_000


def test_the_style_sheet_has_no_imports_shadows_or_gradients() -> None:
    assert "@import" not in CSS
    assert "gradient(" not in CSS
    assert "shadow:" not in CSS


def test_every_variable_that_is_used_is_set() -> None:
    both = (
        CSS + (STATIC / "print.css").read_text(encoding="utf-8") + (STATIC / "estilo.css").read_text(encoding="utf-8")
    )
    assert set(re.findall(r"var\(--([\w-]+)", both)) <= set(re.findall(r"--([\w-]+):", CSS))


def icons_named() -> Iterator[tuple[str, str]]:
    for path in TEMPLATES:
        for tag in re.findall(
            r"{%\s*(?:icon|button|menu|form_foot|status|notice)\b[^%]*%}", path.read_text(encoding="utf-8")
        ):
            named = re.match(r'{%\s*icon\s+"([\w-]+)"', tag)
            for name in ([named.group(1)] if named else []) + re.findall(r'\bicon="([\w-]+)"', tag):
                yield path.name, name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    named = list(icons_named())
    assert named
    assert [(place, name) for place, name in named if name not in SPRITE] == []
    assert set(TONE_ICONS.values()) <= SPRITE


def test_every_icon_of_the_menu_is_in_the_sprite() -> None:
    assert {entry.icon for entry in ENTRIES} <= SPRITE


def test_every_illustration_has_its_file_and_size() -> None:
    for name, (width, height) in ILLUSTRATIONS.items():
        root = ElementTree.parse(STATIC / f"art/{name}.svg").getroot()
        assert root.get("id") == "art"
        assert root.get("viewBox") == f"0 0 {width} {height}"
    assert {path.stem for path in (STATIC / "art").glob("*.svg")} == set(ILLUSTRATIONS)


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawings_are_whole_and_carry_no_script_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    ElementTree.fromstring(source)
    assert not re.search(r"<script|<style|style=|\bon\w+=|href=", source)


LEAVING = {
    "notices/templates/notices/letter.html",
    "notices/templates/notices/_letter_foot.html",
    "notices/templates/notices/digest.html",
    "notices/templates/notices/_digest_entry.html",
    "site/templates/keeping/person_file.html",
}
"""Letters and files that are read outside the app, where there is no style sheet."""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_have_nothing_inline_that_the_policy_forbids(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html" and str(path.relative_to(PACKAGE)) not in LEAVING:
        assert not re.search(r"<[^>]*\sstyle=", source)
        assert not re.search(r"<[^>]*\son[a-z]+=", source)
        assert not re.search(r"<[^>]*\shx-on", source)
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*json)", source)
        assert "<style" not in source


def test_the_manifest_names_icons_that_exist() -> None:
    manifest = json.loads((STATIC / "app.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        path = STATIC / icon["src"]
        assert path.exists()
        if path.suffix == ".png":
            with Image.open(path) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
