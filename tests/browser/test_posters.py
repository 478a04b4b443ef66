"""Posters and sheets as they come out of a printer, and QR codes as a phone reads them."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open
from tests.browser.test_paper import PAPER, sheets

SHORT = "?from=City+Runners&training=distance&training=frequency"
LONG = f"?from={quote_plus('Läuferinnen ' * 5)[:-1]}&training=distance"
NAMES = {"without a name": "", "short": SHORT, "long": LONG}


def read_codes(image: Image.Image) -> list[str]:
    """What a phone's camera reads in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(image)]


def rendered(folder: Path, dots: int) -> Path:
    """The first page of poster.pdf in a folder as a picture, at so many dots per inch."""
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-r", str(dots), "-png", "-singlefile", "poster.pdf", "poster"],  # noqa: S607
        cwd=folder,
        check=True,
    )
    return folder / "poster.png"


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("query", NAMES.values(), ids=NAMES)
def test_a_poster_is_one_sheet(visit: Open, query: str, paper: str) -> None:
    (sheet,) = sheets(visit, f"/poster{query}", paper)
    assert "It takes 3 minutes. We keep nothing." in sheet
    assert "FLASK_PUBLIC_URL" not in sheet


@pytest.mark.parametrize("paper", PAPER)
def test_a_muscle_group_is_one_sheet(visit: Open, book: Rulebook, paper: str) -> None:
    for group in book.muscle_groups if paper == "Letter" else book.muscle_groups[:1]:
        (sheet,) = sheets(visit, f"/muscles/{group.id}", paper)
        assert sheet.startswith(group.name)
        assert "What it does not say" in sheet
        assert book.article.title in sheet


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/coach", "/poster"])
def test_a_phone_reads_the_code_on_the_screen(
    visit: Open, address: str, path: str, scheme: str
) -> None:
    page = visit(path + SHORT, width=360, color_scheme=scheme)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    assert read_codes(picture) == [f"{address}/{SHORT}"]


@pytest.mark.parametrize("query", [SHORT, LONG], ids=["short", "long"])
def test_a_phone_reads_the_code_on_the_paper(
    visit: Open, address: str, tmp_path: Path, query: str
) -> None:
    page = visit(f"/poster{query}")
    page.pdf(path=tmp_path / "poster.pdf", format="A4", prefer_css_page_size=True)
    with Image.open(rendered(tmp_path, 60)) as picture:
        assert read_codes(picture) == [f"{address}/{query}"]


def test_from_the_coach_to_the_runner_to_the_squad(visit: Open) -> None:
    page = visit("/coach")
    page.fill("[name=from]", "City Runners")
    page.check("[name=training][value=distance]")
    page.click(".send [type=submit]")
    page.wait_for_selector(".to-post")
    coach = page.url
    page.click(".to-post a")
    expect(page.locator(".shared")).to_have_text("Shared by: City Runners")
    expect(page.locator("[name=training][value=distance]")).to_be_checked()
    page.check("[name=any-warnings][value=none]")
    page.check("[name=bothers][value=nothing]")
    page.click(".send [type=submit]")
    page.wait_for_url("**/r/*?from=City+Runners")
    expect(page.locator(".shared")).to_have_text("Shared by: City Runners")
    expect(page.locator(".finding .name")).to_have_text(["Calves"])
    shared = page.locator(".share .link").get_attribute("href")
    page.goto(coach)
    page.click(".numbered a[href^='/squad']")
    page.fill("#text", f"Anna: {shared}")
    page.click("[name=view][value=table]")
    expect(page.locator("tbody th")).to_have_text(["Anna"])
    expect(page.locator("[data-group=Calves]")).to_have_text(["1 (1)"])
    expect(page.locator(".session")).to_contain_text("Calves: 1 / 1")


def test_a_phone_reads_the_code_of_a_result_from_screen_and_paper(
    visit: Open, address: str, result: Callable[..., str], tmp_path: Path
) -> None:
    path = result(bothers="knee")
    page = visit(path)
    page.click(".share > summary >> nth=0")
    page.locator("img.qr").evaluate("image => image.decode()")  # it is drawn only now
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    assert read_codes(picture) == [address + path]
    page.pdf(path=tmp_path / "poster.pdf", format="A4", prefer_css_page_size=True)
    with Image.open(rendered(tmp_path, 150)) as paper:
        assert read_codes(paper) == [address + path]
