"""Keeping and sharing a result, on the screen, on paper and inside a club's own page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from app import create_app
from tests.browser.conftest import Open
from tests.serving.test_headers import DENIED_FEATURES
from tests.support.browser import served
from tests.support.example_answers import TYPICAL


def test_the_copy_button_copies_the_link(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**TYPICAL), permissions=["clipboard-write"])
    page.click(".share > summary >> nth=0")
    page.click(".share [data-copy]")
    expect(page.locator(".share [role=status]")).to_have_text("Copied")
    page.click(".share > summary >> nth=1")
    page.focus("#earlier")
    page.keyboard.press("Control+V")
    expect(page.locator("#earlier")).to_have_value(page.url)


def test_what_the_browser_cannot_do_is_not_offered(visit: Open, result: Callable[..., str]) -> None:
    page = visit("about:blank")
    page.add_init_script(
        "for (const name of ['clipboard', 'share'])"
        " Object.defineProperty(navigator, name, { value: undefined })"
    )
    page.goto(result(**TYPICAL))
    page.click(".share > summary >> nth=0")
    assert page.locator(".qr").is_visible()
    assert page.locator(".share button:visible").count() == 0


def test_a_wrong_code_to_compare_with_has_the_focus(
    visit: Open, result: Callable[..., str]
) -> None:
    page = visit(result(**TYPICAL), width=360)
    page.click(".share > summary >> nth=1")
    page.fill("#earlier", "ABC")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#earlier")).to_be_focused()
    expect(page.locator("#earlier--error")).to_be_in_viewport()


def test_the_browser_knows_and_keeps_the_policy(visit: Open) -> None:
    policy = visit("/").evaluate_handle("document.featurePolicy")
    assert set(DENIED_FEATURES) <= set(policy.evaluate("policy => policy.features()"))
    allowed = set(policy.evaluate("policy => policy.allowedFeatures()"))
    assert "clipboard-write" in allowed
    assert not set(DENIED_FEATURES) & allowed


def test_a_coach_copies_the_link_to_post(visit: Open) -> None:
    page = visit("/coach?from=City+Runners", permissions=["clipboard-write"])
    page.click("[data-copy]")
    expect(page.locator(".to-post + .onward [role=status]")).to_have_text("Copied")
    page.fill("#from", "")
    page.keyboard.press("Control+V")
    expect(page.locator("#from")).to_have_value(page.locator(".to-post a").inner_text())


def test_a_coach_copies_the_message_as_it_was_changed(visit: Open) -> None:
    page = visit("/coach?from=City+Runners", permissions=["clipboard-write"])
    message = page.locator("#message")
    changed = message.input_value().replace("Sunday", "Friday")
    message.fill(changed)
    page.click("[data-copy-from]")
    expect(page.locator("#message + .onward [role=status]")).to_have_text("Copied")
    message.fill("")
    message.press("Control+V")
    expect(message).to_have_value(changed)
    assert "by Friday" in changed


def test_the_share_sheet_gets_the_link(visit: Open, result: Callable[..., str]) -> None:
    page = visit("about:blank")
    page.add_init_script("navigator.share = what => { document.title = what.url }")
    page.goto(result(**TYPICAL))
    page.click(".share > summary >> nth=0")
    page.click(".share [data-share]")
    assert page.title() == page.url


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("opened", [False, True])
def test_the_qr_code_is_on_paper_only_if_that_part_was_opened(
    visit: Open, result: Callable[..., str], opened: bool, paper: str
) -> None:
    page = visit(result(**TYPICAL))
    if opened:
        page.click(".share > summary >> nth=0")
    page.emulate_media(media="print")
    assert page.locator(".qr").is_visible() is opened
    printed = PdfReader(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    text = " ".join(printed.pages[0].extract_text().split())
    assert ("Anyone with this link" in text) is opened


def test_a_comparison_prints_with_the_result(visit: Open, result: Callable[..., str]) -> None:
    earlier = result(bothers="hips shin").removeprefix("/r/")
    page = visit(f"{result(**TYPICAL)}/with/{earlier}")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    text = printed.pages[0].extract_text()
    assert text.index("Name:") < text.index("Compared with an earlier result: ")
    assert "For your answers the article names" in text


def test_a_club_can_show_the_form_inside_its_own_page(browser: Browser) -> None:
    """With cookies blocked; and nobody else can."""
    club = Flask("club")
    with served(club) as home, served(create_app({"FRAME_ANCESTORS": home})) as address:
        club.add_url_rule("/", view_func=lambda: f'<title>Club</title><iframe src="{address}/">')
        context = browser.new_context()
        page = context.new_page()
        page.goto(home)
        expect(page.frame_locator("iframe").locator("h1")).to_contain_text("Five muscle groups")
        page.goto(home.replace("127.0.0.1", "localhost"))
        expect(page.frame_locator("iframe").locator("legend")).to_have_count(0)
        assert not context.cookies()
        context.close()
