"""The banner of an author's preview, as it is read, used and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from app import create_app
from tests.support.browser import served
from tests.support.mistakes import MISTAKES


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Page]:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    rules = tmp_path / "rules.yaml"
    rules.write_bytes(MISTAKES["logic-covered-in-part"].file)
    with served(create_app({"RULES": str(rules)})) as address:
        page = browser.new_page(base_url=address, viewport={"width": 320, "height": 640})
        page.goto("/")
        yield page
        page.close()


def test_the_banner_opens_with_the_keyboard_and_is_not_printed(page: Page) -> None:
    page.keyboard.press("Tab")  # the link that skips to the content
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".preview li").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
    page.emulate_media(media="print")
    assert not page.locator(".preview").is_visible()
