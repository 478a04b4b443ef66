"""Debian's Firefox and Chromium, and the site that both visit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from app import create_app
from tests.support.browser import FLAGS, chromium, served
from tests.support.firefox import PHONE, Firefox, firefox


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the site, served while the tests run."""
    with served(create_app()) as address:
        yield address


@pytest.fixture(scope="session")
def running() -> Iterator[Firefox]:
    with firefox() as browser:
        yield browser


@pytest.fixture
def browser(running: Firefox) -> Iterator[Firefox]:
    """Firefox as wide as a phone; the test fails if its console speaks."""
    running.resize(*PHONE)
    yield running
    said, running.logged[:] = list(running.logged), []
    assert not said


@pytest.fixture(scope="session")
def other_browser(address: str) -> Iterator[Page]:
    """Chromium, to compare with."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        width, height = PHONE
        yield browser.new_page(base_url=address, viewport={"width": width, "height": height})
        browser.close()
