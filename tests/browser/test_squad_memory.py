"""A coach keeps the cells of one month and pastes them above the chat of the next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open


def chat(book: Rulebook, month: int, **bothers: str) -> str:
    """What each runner sent in a month: the one answer, and a name before the link."""
    day = FIRST_DAY + timedelta(days=30 * month)
    choices = {choice.id: choice.bit for choice in book.question("bothers").choices}
    codes = {name: encode(book, Answers(choices[one], day)) for name, one in bothers.items()}
    return "\n".join(f"{name}: https://run.example.org/r/{code}" for name, code in codes.items())


def show(page: Page, text: str) -> None:
    page.fill("#text", text)
    with page.expect_navigation():
        page.click("[name=view][value=table]")


def told(page: Page) -> dict[str, str]:
    """What the last column but the notes says of each runner."""
    rows = page.locator("tbody tr").all()
    return {
        row.locator("th a bdi").first.inner_text(): row.locator("td").nth(-2).inner_text()
        for row in rows
    }


def test_last_months_file_is_the_memory_twice(visit: Open, book: Rulebook, tmp_path: Path) -> None:
    page = visit("/squad", accept_downloads=True)
    text, months = "", [{"Anna": "knee"}, {"Anna": "shin", "Ben": "hips"}, {"Ben": "hips"}]
    seen = []
    for number, month in enumerate(months):
        show(page, f"{text}\n{chat(book, number, **month)}")
        seen.append(told(page))
        with page.expect_download() as download:
            page.click("[name=view][value=csv]")
        download.value.save_as(tmp_path / "squad.csv")
        text = (tmp_path / "squad.csv").read_text("utf-8")
    assert seen[1:] == [
        {"Anna": "Gone: Knee; New: Shin", "Ben": ""},
        {"Anna": "1 January 2026: Gone: Knee; New: Shin", "Ben": "31 January 2026: No change"},
    ]


def test_the_copied_cells_are_pasted_again(visit: Open, book: Rulebook) -> None:
    page = visit("/squad", permissions=["clipboard-write"])
    show(page, chat(book, 0, Anna="knee", Ben="hips"))
    page.click("text=Copy for a spreadsheet")
    expect(page.locator(".actions [role=status]")).to_have_text(
        "Copied. Paste it into an empty sheet."
    )
    page.fill("#text", "")
    page.focus("#text")
    page.keyboard.press("Control+V")
    copied = page.input_value("#text")
    assert [line.split("\t")[0] for line in copied.splitlines()] == ["Name", "name", "Anna", "Ben"]
    with page.expect_navigation():
        page.click("[name=view][value=table]")
    expect(page.locator("tbody th bdi")).to_have_text(["Anna", "Ben"])


def test_without_script_the_cells_can_be_selected(visit: Open, book: Rulebook) -> None:
    page = visit("/squad", java_script_enabled=False)
    show(page, chat(book, 0, Anna="knee"))
    expect(page.locator("text=Copy for a spreadsheet")).to_be_hidden()
    page.click(".cells summary")
    expect(page.locator("#cells")).to_be_visible()
    assert "\nAnna\t" in page.locator("#cells").input_value()
