"""A file is chosen, shown and refused in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Open
from tests.support.browser import result_path
from tests.support.example_answers import TYPICAL
from tests.support.zip_files import CHAT, zip_of


def test_a_chosen_file_is_read_and_goes_on_in_the_box(visit: Open) -> None:
    page = visit("/squad")
    text = f"[22.11.26, 18:30:05] Zoë: {page.url.removesuffix('/squad')}{result_path(**TYPICAL)}"
    sent: FilePayload = {
        "name": "chat.zip",
        "mimeType": "application/zip",
        "buffer": zip_of((CHAT, text)),
    }
    page.set_input_files("#file", sent)
    page.fill("#text", "see you")
    page.click("[value=table]")
    for order in ("name", "group"):  # the browser sends no file with the second form
        expect(page.get_by_role("link", name="Zoë", exact=True)).to_be_visible()
        expect(page.locator("#text")).to_have_value(re.compile(r"Zoë: .*\n[\s\S]*\nsee you"))
        page.check(f"[name=order][value={order}]")
        page.click("[value=table]")


def test_a_file_that_is_too_large_is_not_sent(visit: Open) -> None:
    page = visit("/squad")
    page.fill("#text", "see you")
    sent: FilePayload = {"name": "chat.txt", "mimeType": "text/plain", "buffer": b""}
    for size, well in ((1_000_000, True), (1_000_001, False)):
        sent["buffer"] = b"a" * size
        page.set_input_files("#file", sent)
        assert page.eval_on_selector("#file", "box => box.checkValidity()") is well
    page.click("[value=table]")
    message = page.eval_on_selector("#file", "box => box.validationMessage")
    assert message == "This file is larger than 1 MB. Export the chat without media."
    expect(page.locator("#problems, tbody")).to_have_count(0)
