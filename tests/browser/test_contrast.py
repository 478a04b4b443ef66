"""All text of all pages has the contrast that WCAG asks for at level AAA."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open
from tests.browser.test_every_page import PAGES, show

ENHANCED = {"runOnly": ["color-contrast-enhanced"]}


@pytest.mark.parametrize("name", PAGES)
def test_text_has_a_contrast_of_seven(visit: Open, result: Callable[..., str], name: str) -> None:
    page = show(visit, result, name)
    for scheme in ("light", "dark"):
        for contrast in ("no-preference", "more"):
            page.emulate_media(color_scheme=scheme, contrast=contrast)
            found = Axe().run(page, options=ENHANCED)
            assert found.response["passes"], (scheme, contrast)
            assert not found.response["violations"], found.generate_report()
