"""The sheets about muscle groups on paper: one page each, in letters that can be read."""

from __future__ import annotations

import pytest

from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open
from tests.browser.test_paper import PAPER, sheets

SMALLEST = """() => Math.min(...[...document.body.querySelectorAll('*')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(one => one.getClientRects().length)
  .map(one => parseFloat(getComputedStyle(one).fontSize) * (one.getScreenCTM?.().a ?? 1)))"""
"""The smallest letters that are shown, in pixels."""


@pytest.mark.parametrize("paper", PAPER)
def test_every_sheet_is_one_page_with_research_and_the_question(
    visit: Open, book: Rulebook, paper: str
) -> None:
    for group in book.muscle_groups:
        (sheet,) = sheets(visit, f"/muscles/{group.id}", paper)
        assert "What research says" in sheet
        assert f"Ask a physio or coach {group.ask}" in sheet


def test_nothing_on_a_sheet_is_smaller_than_nine_points(visit: Open, book: Rulebook) -> None:
    for group in book.muscle_groups:
        page = visit(f"/muscles/{group.id}", width=700)  # of a page between its margins
        page.emulate_media(media="print")
        assert page.evaluate(SMALLEST) >= 9 / 72 * 96 - 0.01
