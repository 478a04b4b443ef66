"""Back leads to the page as it was left, without the back-forward cache, which Firefox has.

Debian's headless Chromium keeps no page for Back, whatever its options, so it rebuilds each.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

CHOICES = (
    "[name=warnings][value=none]",
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
    page.click("[type=submit]")
    page.wait_for_url("**/r/*")
    page.go_back()
    expect(ticks).to_have_count(ticked_beforehand + len(CHOICES))
    for choice in CHOICES:
        expect(page.locator(choice)).to_be_checked()
