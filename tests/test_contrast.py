"""The colours of the stylesheet: small text has a contrast of 7 : 1, and lines of 3 : 1."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

CSS = (ROOT / "static" / "style.css").read_text("utf-8").partition("@media print")[0]
ROOTS = re.compile(r"(?:@media ([^{}]+) \{\s*)?^ *:root \{([^}]*)\}", re.MULTILINE)
COLOUR = re.compile(r"--([\w-]+): (#(?:[0-9a-f]{3}){1,2});")
DARK, MORE = "(prefers-color-scheme: dark)", "screen and (prefers-contrast: more)"
SCHEMES = {
    "light": ("",),
    "dark": ("", DARK),
    "light, more contrast": ("", MORE),
    "dark, more contrast": ("", DARK, MORE, f"{MORE} and {DARK}"),
}
"""The media queries whose colours count in each scheme, the later ones before the earlier."""

TEXT = [
    *(("ink", ground) for ground in ("paper", "card", "tint", "warn-tint")),
    *(("soft", ground) for ground in ("paper", "card", "tint", "warn-tint")),
    *(("accent", ground) for ground in ("paper", "card", "tint")),
    ("error", "card"),
    ("on-accent", "accent"),
]
"""Each colour of text with what it stands on."""

LINES = [
    *(("edge", ground) for ground in ("paper", "card")),
    *((line, ground) for line in ("accent", "error", "soft") for ground in ("card", "skin")),
]
"""Each colour of lines that mean something, with what they stand on."""


def colours(scheme: str) -> dict[str, str]:
    """The custom properties of a colour scheme."""
    blocks: dict[str, dict[str, str]] = {}
    for media, content in ROOTS.findall(CSS):
        blocks.setdefault(media, {}).update(COLOUR.findall(content))
    return {name: value for media in SCHEMES[scheme] for name, value in blocks[media].items()}


def luminance(colour: str) -> float:
    """How bright a colour such as #0a5953 is, from 0 to 1, as WCAG works it out."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    values = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in values]
    return sum(part * one for part, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_worked_out_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000", "#fff") == pytest.approx(4.0, abs=0.005)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_by_eyes_that_see_little(scheme: str) -> None:
    shown = colours(scheme)
    found = {(text, on): contrast(shown[text], shown[on]) for text, on in TEXT}
    found |= {("white", on): contrast("#fff", shown[on]) for on in ("stop", "now")}
    assert not {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 7}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_that_mean_something_can_be_seen(scheme: str) -> None:
    shown = colours(scheme)
    found = {(line, on): contrast(shown[line], shown[on]) for line, on in LINES}
    assert not {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 3}


@pytest.mark.parametrize("scheme", [one for one in SCHEMES if "more" in one])
def test_more_contrast_is_black_and_white(scheme: str) -> None:
    shown = colours(scheme)
    assert {shown[name] for name in ("ink", "soft", "edge", "line")} <= {"#000", "#fff"}
    assert contrast(shown["soft"], shown["tint"]) == pytest.approx(21)
    assert all(contrast(shown[text], shown[on]) >= 10 for text, on in TEXT)
