"""Make the picture of the README: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from app import create_app
from tests.support.browser import FLAGS, chromium, result_path, served
from tests.support.example_answers import TYPICAL

PICTURE = Path(__file__).parent / "pictures" / "results.png"


def main() -> None:
    """Save a picture of a typical result, with few colours so that the README loads fast."""
    with served(create_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1150})
        page.goto(address + result_path(**TYPICAL))
        page.screenshot(path=PICTURE)
        browser.close()
    Image.open(PICTURE).convert("RGB").quantize(64).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
