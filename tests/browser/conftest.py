"""A real browser, Debian's Chromium, and the site that it visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from app import create_app
from tests.support.browser import FLAGS, chromium, result_path, served

Open = Callable[..., Page]
EXPECTED = ("status of 404", "status of 422")
"""What Chromium's console says about the error pages that the tests open on purpose."""

KEPT = """async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(one => one.name),
  ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map(one => one.scope),
]"""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the site, served while the tests run."""
    with served(create_app()) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Open a page; the test fails if the console speaks, or anything is kept or leaves the host."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((address, "data:", "about:")):
            complaints.append(f"left the host: {request.url}")

    def visit(path: str = "/", width: int = 1280, height: int = 800, **options: Any) -> Page:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(viewport=size, base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", watch)
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        complaints.extend(f"kept: {name}" for name in kept(context))
        context.close()
    assert not [one for one in complaints if not any(words in one for words in EXPECTED)]


def kept(context: BrowserContext) -> list[str]:
    """The names of all that the site left in this browser."""
    cookies = [str(one.get("name")) for one in context.cookies()]
    pages = [page for page in context.pages if page.url.startswith("http")]
    return cookies + [name for page in pages for name in page.evaluate(KEPT)]


@pytest.fixture(scope="session")
def result() -> Callable[..., str]:
    """The path of the results of these answers."""
    return result_path
