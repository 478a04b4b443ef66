"""On a phone the rows of a table are stacked, and a screen reader still hears a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.test_every_page import show


def roles(page: Page) -> Counter[str]:
    """How often Chromium gives each role to a part of the page."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return Counter(node["role"]["value"] for node in nodes if not node["ignored"])


@pytest.mark.parametrize("name", ["rules", "comparison", "squad table"])
def test_stacked_rows_are_still_rows_of_a_table(
    visit: Open, result: Callable[..., str], name: str
) -> None:
    page = show(visit, result, name, width=360)
    assert page.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == (
        "block"
    )
    heard = roles(page)
    assert heard["table"] == page.locator("table").count()
    assert heard["row"] == page.locator("tbody tr").count()
    assert heard["rowheader"] == page.locator("tbody th").count()
    assert heard["cell"] == page.locator("tbody td:not(:empty)").count()


@pytest.mark.parametrize("name", ["rules", "comparison", "squad table"])
def test_each_stacked_cell_says_its_column(
    visit: Open, result: Callable[..., str], name: str
) -> None:
    page = show(visit, result, name, width=360)
    said = page.locator("td").evaluate_all(
        """all => all.filter(one => one.getBoundingClientRect().height)
        .map(one => [one.dataset.group, getComputedStyle(one, '::before').content])"""
    )
    assert said
    assert [label for _, label in said] == [f'"{group}: "' for group, _ in said]
