# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed pages take whatever people write."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import typst

from mutirao.kernel import pdf

WHEN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
TEMPLATE = """#let d = json(bytes(sys.inputs.data))
#set document(title: "x")
#set text(font: "Libertinus Serif")
#for line in d.lines [#line.text ]
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    (tmp_path / "page.typ").write_text(TEMPLATE)
    return tmp_path / "page.typ"


def printed(template: Path, *lines: str) -> bytes:
    return pdf.render(template, {"lines": [{"text": line} for line in lines]}, made_at=WHEN)


@pytest.mark.parametrize(
    "text",
    [
        "Festa 🎉🎊 do mel 👩‍🌾 ❤️",
        "日本の協同組合 きゅうり",
        "한국 협동조합",
        "\x07 campainha",
        "العربية हिन्दी",
        "a\u202eb",
        "\ufeffcolado",
    ],
)
def test_whatever_is_written_can_be_printed(template: Path, text: str) -> None:
    assert printed(template, "Antes", text, "depois").startswith(b"%PDF-")


def test_ordinary_letters_print_the_same_everywhere(template: Path) -> None:
    assert printed(template, "São João, ½ → ✓") == printed(template, "São João, ½ → ✓")


def test_a_letter_that_no_font_has_is_a_square_and_an_emoji_goes(template: Path) -> None:
    assert pdf._without({"a": ["x日🎉"]}, {"日", "🎉"}) == {"a": ["x" + pdf.NO_LETTER]}


def test_a_wrong_template_is_still_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.typ").write_text("#nothing-of-the-kind")
    with pytest.raises(typst.TypstError):
        printed(tmp_path / "page.typ", "x")
