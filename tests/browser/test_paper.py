"""What comes out of a printer: one sheet, with everything on it, in black on white."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open
from tests.support.example_answers import ALL_STOPS, LARGEST, RESULTS, STOP, TEN_REASONS, TYPICAL

PAPER = ["A4", "Letter"]


def sheets(visit: Open, path: str, paper: str) -> list[str]:
    """The text of each printed page."""
    page = visit(path)
    printed = page.pdf(format=paper, prefer_css_page_size=True)
    texts = (one.extract_text() for one in PdfReader(io.BytesIO(printed)).pages)
    return [" ".join(unicodedata.normalize("NFKC", text).split()) for text in texts]


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("answers", [{}, TYPICAL, TEN_REASONS, STOP], ids=str)
def test_a_result_prints_on_one_sheet(
    visit: Open, result: Callable[..., str], answers: dict[str, str], paper: str
) -> None:
    assert len(sheets(visit, result(**answers), paper)) == 1


@pytest.mark.parametrize("paper", PAPER)
def test_the_longest_result_takes_two_with_no_finding_split(
    visit: Open, result: Callable[..., str], paper: str
) -> None:
    pages = sheets(visit, result(**LARGEST), paper)
    assert len(pages) == 2
    for group in ("1 Glutes", "2 Quads", "3 Hamstrings", "4 Core and abdominals", "4 Calves"):
        heading = re.compile(rf"{group} (\d of the|The) article’s")
        assert sum(bool(heading.search(page)) for page in pages) == 1
    for starts, ends in (
        ("1 Glutes 6", "Shin"),
        ("2 Quads 5", "lower back"),
        ("3 Hamstrings 3", "hip"),
    ):
        assert any(starts in page and ends in page for page in pages)


@pytest.mark.parametrize("paper", PAPER)
def test_a_stop_notice_prints_on_one_sheet_with_the_action_first(
    visit: Open, result: Callable[..., str], paper: str
) -> None:
    (page,) = sheets(visit, result(**ALL_STOPS), paper)
    assert page.index("Call an ambulance now.") < 40


def test_the_sheet_has_all_that_a_physio_wants(visit: Open, result: Callable[..., str]) -> None:
    path = result(**TYPICAL)
    (page,) = sheets(visit, path, "A4")
    code = path.removeprefix("/r/")
    for words in (
        "Name:",
        "I ran as planned, but with a problem",
        "1 to 6 weeks",
        "five-key-muscle-groups-for-stronger-running",
        "Notes",
        "-".join(code[start : start + 5] for start in range(0, 20, 5)),
    ):
        assert words in page.replace("- ", "-")
    for words in ("Change my answers", "Skip to the content"):
        assert words not in page


@pytest.mark.parametrize("paper", PAPER)
def test_the_empty_form_prints_with_boxes_to_tick(visit: Open, paper: str) -> None:
    (sheet,) = sheets(visit, "/", paper)
    assert "How long has it bothered you?" in sheet
    assert "type your answers into the form on the web" in sheet
    assert "think of the worst" in sheet
    assert len(sheets(visit, "/?from=City+Runners&training=distance", paper)) == 1
    page = visit("/")
    page.emulate_media(media="print")
    boxes = page.locator("input").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).borderTopStyle === 'solid').length"
    )
    assert boxes == page.locator("input").count()


@pytest.mark.parametrize("name", RESULTS)
def test_nothing_is_clipped_on_paper(visit: Open, result: Callable[..., str], name: str) -> None:
    page = visit(result(**RESULTS[name]), width=794)
    page.emulate_media(media="print")
    wide = page.evaluate(
        """[...document.querySelectorAll('main *')].filter(e => !e.closest('svg, .notes') &&
        e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').length"""
    )
    assert wide == 0


@pytest.mark.parametrize("paper", PAPER)
def test_what_this_is_prints_on_one_sheet(visit: Open, paper: str) -> None:
    (page,) = sheets(visit, "/about", paper)
    assert "This is not legal advice." in page


def test_paper_is_black_on_white_also_in_the_dark(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**TYPICAL), color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("paper", PAPER)
def test_the_research_prints_on_two_sheets_with_no_row_split(
    visit: Open, book: Rulebook, paper: str
) -> None:
    pages = sheets(visit, "/research", paper)
    assert len(pages) == 2
    assert "Open a result" not in " ".join(pages)
    for row in book.research:
        for study in row.studies:
            assert any(row.says[:30] in page and study.name in page for page in pages)


def test_paper_says_what_research_says_of_each_statement(
    visit: Open, result: Callable[..., str]
) -> None:
    (page,) = sheets(visit, result(**TYPICAL), "A4")
    assert "What research says: http://127.0.0.1" in page
    assert page.count("research: mixed") == 6
    assert "esearch" not in sheets(visit, result(**STOP), "A4")[0]


SMALL_TEXT = """() => {
  const small = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), holder = walker.currentNode.parentElement;
    if (!text || !holder.checkVisibility() || holder.closest("defs")) continue;
    const scale = holder.closest("svg") ? holder.getScreenCTM().a : 1;
    const points = parseFloat(getComputedStyle(holder).fontSize) * scale * 0.75;
    if (points < 8.99) small.push(`${points} ${text}`);
  }
  return small;
}"""
"""The text that is shorter than 9 points as it is printed, also in drawings."""


@pytest.mark.parametrize("name", RESULTS)
def test_no_text_of_a_result_is_smaller_than_nine_points(
    visit: Open, result: Callable[..., str], name: str
) -> None:
    page = visit(result(**RESULTS[name]), width=718)
    page.click(".share > summary >> nth=0")
    page.emulate_media(media="print")
    assert page.evaluate(SMALL_TEXT) == []


SIX_REASONS = {
    "lasting": TYPICAL
    | {"bothers": "knee shin", "noticed": "unwanted-movements", "effect": "could-not-run"},
    "long words": TYPICAL
    | {"bothers": "tight-front-thighs calf achilles elsewhere", "noticed": "weak-core glutes-off"},
    "three cautions": TYPICAL
    | {"bothers": "pelvis calf", "noticed": "weak-core", "health": "pregnancy pelvic low-energy"},
    "typical": TYPICAL,
}
"""Answers with at most six reasons whose sheets are long."""


@pytest.mark.parametrize(("paper", "script"), [("A4", True), ("Letter", False)])
@pytest.mark.parametrize("answers", SIX_REASONS.values(), ids=SIX_REASONS)
def test_six_reasons_and_the_qr_code_print_on_one_sheet(
    visit: Open, result: Callable[..., str], answers: dict[str, str], paper: str, script: bool
) -> None:
    path = result(**answers)
    page = visit(path, java_script_enabled=script)
    assert page.locator(".reasons > div").count() <= 6
    page.click(".share > summary >> nth=0")
    printed = page.pdf(format=paper, prefer_css_page_size=True)
    (sheet,) = [
        " ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(printed)).pages
    ]
    for words in (
        "For your answers the article names",
        "What to do with this",
        "research: ",
        "Ask a physio or coach:",
        "Side: left / right / both",
        "Since:",
        "Pain 0 to 10, worst:",
        "Worse with:",
        "Better with:",
        path,
    ):
        assert words in sheet
