"""Back leads to the page as it was left, without the back-forward cache, which Firefox has.

Debian's headless Chromium keeps no page for Back, whatever its options, so it rebuilds each.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support.browser import result_path
from tests.support.example_answers import TYPICAL

CHOICES = (
    "[name=any-warnings][value=none]",
    "[name=bothers][value=knee]",
    "[name=training][value=intensity]",
)


@pytest.mark.parametrize("path", ["/", "/?from=City+Runners&training=distance"])
def test_back_from_the_result_keeps_the_ticks(visit: Open, path: str) -> None:
    page = visit(path)
    ticks = page.locator("input:checked:not([value=''])")
    ticked_beforehand = ticks.count()
    for choice in CHOICES:
        page.check(choice)
    page.click(".send [type=submit]")
    page.wait_for_url("**/r/*")
    page.go_back()
    expect(ticks).to_have_count(ticked_beforehand + len(CHOICES))
    for choice in CHOICES:
        expect(page.locator(choice)).to_be_checked()


def test_a_runners_result_leaves_the_squad_sheet_open(visit: Open) -> None:
    """Back to the sheet would ask to send the text again, which nobody keeps."""
    page = visit("/squad")
    page.fill("#text", f"Anna {result_path(**TYPICAL)}")
    page.click("[value=table]")
    name = page.get_by_role("link", name="Anna", exact=True)
    expect(name).to_have_accessible_description("Each name opens its result in a new tab.")
    with page.expect_popup() as opened:
        name.click()
    expect(opened.value.locator(".finding")).not_to_have_count(0)
    expect(name).to_have_attribute("rel", "noopener")
    expect(name).to_be_visible()
