"""Who asks for more contrast gets no less: seven to one, which is level AAA of WCAG."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open
from tests.browser.test_every_page import CONTRAST, show

PAGES = ["form", "errors", "largest", "stop", "comparison", "squad table", "link", "poster"]
"""All colours that a wish for contrast changes."""


@pytest.mark.parametrize("name", PAGES)
def test_text_keeps_its_contrast_where_more_is_wanted(
    visit: Open, result: Callable[..., str], name: str
) -> None:
    page = show(visit, result, name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, contrast="more")
        found = Axe().run(page, options=CONTRAST)
        assert found.response["passes"], scheme
        assert not found.response["violations"], found.generate_report()
