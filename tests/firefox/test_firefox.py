"""The site in Firefox: on a phone, on paper, and after Back."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import result_path
from tests.support.example_answers import STOP, TYPICAL
from tests.support.firefox import PHONE, Firefox
from tests.support.server_process import TIMEOUT

COACHS_LINK = "/?from=City+Runners&training=distance"
PAGES = {
    "form": "/",
    "coach's link": COACHS_LINK,
    "result": result_path(**TYPICAL),
    "stop": result_path(**STOP),
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)

A4 = (21.0, 29.7)
UNPRINTABLE = 5 * 72 / 25.4
"""How many points from the edge of the paper many printers cannot print: 5 mm."""
MARKS = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>'
)

SHOWN = r"""(document.querySelectorAll("svg").forEach(e => e.remove()),
  document.body.innerText.replace(/\s+/g, ""))"""
"""The text that can be seen; white space, and the order in drawings, are a browser's own."""

CUT_OFF = """(width => [...document.querySelectorAll("body, body *")]
  .filter(e => !e.parentElement.closest("svg"))
  .filter(e => e.getBoundingClientRect().right > width + 1
    || getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.outerHTML.slice(0, 80)))(document.documentElement.clientWidth)"""
CHOICES = (
    "[name=any-warnings][value=none]",
    "[name=bothers][value=knee]",
    "[name=training][value=intensity]",
)
TICKED = """[...document.querySelectorAll("input:checked")]
  .filter(e => e.value).map(e => `${e.name}=${e.value}`)"""


@dataclass
class Print:
    """What is on the pages of a PDF."""

    pages: int
    letters: Counter[str]
    margin: float
    """How many points the outermost words are from the edge of the paper."""


def read_print(pdf: bytes, path: Path) -> Print:
    path.write_bytes(pdf)
    command = ["pdftotext", "-bbox", str(path), "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)  # noqa: S603
    sizes = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">', done.stdout)
    [(width, height)] = {(float(wide), float(high)) for wide, high in sizes}
    words = MARKS.findall(done.stdout)
    edges = [[float(edge) for edge in word[:4]] for word in words]
    margin = min(min(left, top, width - right, height - end) for left, top, right, end in edges)
    # Firefox prints ligatures, and breaks a long address in another place.
    letters = Counter(unicodedata.normalize("NFKC", "".join(word[4] for word in words)))
    return Print(len(sizes), letters, margin)


@every_page
def test_a_phone_shows_all_that_chromium_shows(
    browser: Firefox, other_browser: Page, address: str, path: str
) -> None:
    browser.open(address + path)
    other_browser.goto(path)
    assert browser.evaluate(SHOWN) == other_browser.evaluate(SHOWN)


@every_page
def test_nothing_is_cut_off_on_a_phone(browser: Firefox, address: str, path: str) -> None:
    browser.open(address + path)
    assert browser.evaluate(CUT_OFF) == []
    across = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, there = browser.evaluate(across)
    assert needed <= there <= PHONE[0]


@every_page
def test_one_page_has_all_that_chromium_prints(
    browser: Firefox, other_browser: Page, address: str, path: str, tmp_path: Path
) -> None:
    browser.open(address + path)
    other_browser.goto(path)
    here = read_print(browser.pdf(*A4), tmp_path / "firefox.pdf")
    there = other_browser.pdf(format="A4", prefer_css_page_size=True)
    expected = read_print(there, tmp_path / "chromium.pdf")
    assert (here.pages, expected.pages) == (1, 1)
    assert here.letters == expected.letters
    assert here.margin >= UNPRINTABLE


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("path", ["/", COACHS_LINK], ids=["form", "coach's link"])
def test_back_from_the_result_keeps_the_ticks(
    browser: Firefox, address: str, path: str, in_memory: bool
) -> None:
    browser.open(address + path)
    browser.evaluate("window.left = true")
    if not in_memory:  # Firefox keeps no page for Back that wants to hear when it is left
        browser.evaluate("addEventListener('unload', () => {})")
    before = browser.evaluate(TICKED)
    for choice in CHOICES:
        browser.click(choice)
    ticked = browser.evaluate(TICKED)
    assert len(ticked) == len(before) + len(CHOICES)
    browser.follow(".send [type=submit]")
    assert browser.evaluate("location.pathname").startswith("/r/")
    browser.back()
    assert browser.evaluate("location.href") == address + path
    assert browser.evaluate("window.left === true") is in_memory
    assert browser.evaluate(TICKED) == ticked
