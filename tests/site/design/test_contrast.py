# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every text can be read: the tokens of both schemes are measured against WCAG AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mutirao import site

CSS = (Path(site.__file__).parent / "static/mutirao/mutirao.css").read_text(encoding="utf-8")

GROUNDS = ("paper", "paper-2", "paper-3")
TONES = ("action", "done", "waiting", "info", "danger")
# Body text needs 4.5 to 1.
TEXT = [
    *[("ink", ground) for ground in GROUNDS],
    *[("ink-2", ground) for ground in GROUNDS],
    ("action-ink", "paper"),
    ("action-ink", "paper-2"),
    ("done-ink", "paper"),
    ("waiting-ink", "paper"),
    ("danger-ink", "paper"),
    ("paper", "ink"),
    ("on-block", "block"),
    ("on-block-hot", "block"),
    *[(f"on-{tone}", tone) for tone in TONES],
    *[(f"{tone}-ink", f"{tone}-soft") for tone in TONES],
    *[("ink", f"{tone}-soft") for tone in TONES],
]
# Edges of controls, marks and figures need 3 to 1 against what is beside them.
EDGES = [
    ("line-strong", "paper"),
    ("line-strong", "paper-2"),
    ("focus", "paper"),
    ("focus", "paper-2"),
    ("action", "paper"),
    ("done", "paper"),
    ("info", "paper"),
    ("danger", "paper"),
    ("art", "paper"),
]


def tokens_of(selector: str) -> dict[str, str]:
    """The colours that a rule of the token layer sets."""
    found = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", CSS)
    assert found, f"no rule {selector}"
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", found.group(1)))


LIGHT = tokens_of(':root, [data-theme="light"]')
DARK = tokens_of('\n    [data-theme="dark"]')
DARK_BY_DEVICE = tokens_of(":root:not([data-theme])")


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("scheme", "tokens"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_reaches_aa(scheme: str, tokens: dict[str, str], text: str, ground: str) -> None:
    assert contrast(tokens[text], tokens[ground]) >= 4.5, f"{text} on {ground}, {scheme}"


@pytest.mark.parametrize(("scheme", "tokens"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(scheme: str, tokens: dict[str, str], edge: str, ground: str) -> None:
    assert contrast(tokens[edge], tokens[ground]) >= 3, f"{edge} on {ground}, {scheme}"


def test_dark_is_the_same_whether_chosen_or_by_the_device() -> None:
    assert DARK == DARK_BY_DEVICE
    assert set(DARK) == set(LIGHT)


def test_colours_are_written_only_in_the_tokens() -> None:
    elsewhere = CSS[CSS.index("@layer reset {") :]
    allowed = {"#fff", "#fffaf0"}  # white around a QR code, the word on a pressed button
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", elsewhere)) <= allowed


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_word_on_a_pressed_button_can_be_read(tokens: dict[str, str]) -> None:
    assert (
        ".button.primary:hover { background: var(--action-deep); border-color: var(--action-deep); color: #fffaf0; }"
        in CSS
    )
    assert contrast("#fffaf0", tokens["action-deep"]) >= 4.5
