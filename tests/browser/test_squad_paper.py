"""What a coach prints: the squad on a sheet on its side, or every runner's own sheet."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from questionnaire.engine.codes import FIRST_DAY
from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open
from tests.support.browser import result_path
from tests.support.example_answers import LARGEST, RESULTS
from tests.support.random_runners import chat


def printed(page: Page, paper: str) -> tuple[list[str], bool]:
    """The text of each page, and whether the paper lies on its side."""
    pages = PdfReader(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=True))).pages
    wide = {float(one.mediabox.width) > float(one.mediabox.height) for one in pages}
    assert len(wide) == 1
    return [one.extract_text() for one in pages], wide.pop()


def squad(visit: Open, text: str, view: str) -> Page:
    page = visit("/squad")
    page.fill("#text", text)
    with page.expect_navigation():
        page.click(f"[name=view][value={view}]")
    return page


@pytest.mark.parametrize(("paper", "sizes"), [("A4", (1, 25, 60, 300)), ("Letter", (25, 60))])
def test_a_squad_prints_on_its_side(
    visit: Open, book: Rulebook, paper: str, sizes: tuple[int, ...]
) -> None:
    counts = {}
    for size in sizes:
        pages, wide = printed(squad(visit, chat(book, size), "table"), paper)
        assert wide
        counts[size] = len(pages)
        with_rows = [page for page in pages if page.count("1 January 2026") > 1]
        assert all("Hamstrings" in page and "Notes" in page for page in with_rows)
        assert "Paste only" not in " ".join(pages)
        assert "These are other people’s health answers." in pages[0]
    assert counts.pop(300, 8) in range(7, 13)
    assert counts == {size: 1 if size <= 25 else 2 for size in counts}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_what_changed_takes_a_page_more(visit: Open, book: Rulebook, paper: str) -> None:
    month = FIRST_DAY + timedelta(days=30)
    for size, count in ((25, 2), (60, 3)):
        text = f"{chat(book, size)}\n{chat(book, size, month)}"
        pages, _ = printed(squad(visit, text, "table"), paper)
        assert len(pages) == count
        assert "Since 1 January 2026" in " ".join(pages[0].split())


def test_the_title_is_printed_as_typed(visit: Open, book: Rulebook) -> None:
    page = squad(visit, chat(book, 2), "table")
    page.fill("[name=club]", "City Runners")
    page.fill("[name=session]", "Hills, Tuesday")
    (text,), _ = printed(page, "A4")
    assert "City Runners" in text
    assert "Hills, Tuesday" in text
    assert "Copy for a spreadsheet" not in text


@pytest.mark.parametrize(("paper", "size"), [("A4", 12), ("Letter", 4)])
def test_every_runner_gets_one_page(visit: Open, book: Rulebook, paper: str, size: int) -> None:
    pages, wide = printed(squad(visit, chat(book, size), "sheets"), paper)
    assert not wide
    assert len(pages) == size
    for number, page in enumerate(pages, 1):
        assert page.startswith(f"Runner {number}\n")
        assert page.count("Your answers of 1 January 2026") == 1


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_each_kind_of_result_gets_one_page(visit: Open, paper: str) -> None:
    kinds = {name: one for name, one in RESULTS.items() if one is not LARGEST}
    text = "\n".join(f"{name}: {result_path(**one)}" for name, one in kinds.items())
    pages, _ = printed(squad(visit, text, "sheets"), paper)
    assert [page.partition("\n")[0] for page in pages] == list(kinds)


def test_a_long_result_does_not_run_into_the_next(visit: Open, book: Rulebook) -> None:
    long = f"Longest {result_path(**LARGEST)}\n"
    pages, _ = printed(squad(visit, long + chat(book, 1) + "\n" + long[:-1] + "x", "sheets"), "A4")
    assert len(pages) == 3
    assert pages[0].startswith("Longest")
    assert pages[2].startswith("Runner 1")
