"""Make the pictures of the README: `make screenshots`."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app import create_app
from tests.support.browser import FLAGS, chromium, result_path, served
from tests.support.example_answers import TYPICAL

PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    """Write form.png, results.png and sheet.png."""
    with served(create_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        phone.goto(address)
        phone.check("[name=bothers][value=knee]")
        phone.locator("#bothers legend").evaluate("one => one.scrollIntoView()")
        keep(phone.screenshot(), "form.png")
        results = browser.new_page(viewport={"width": 1200, "height": 1150})
        results.goto(address + result_path(**TYPICAL))
        keep(results.screenshot(), "results.png")
        keep(sheet(results), "sheet.png")
        browser.close()


def sheet(page: Page) -> bytes:
    """Return the first printed page as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"{folder}/sheet"
        page.pdf(path=f"{name}.pdf", format="A4", prefer_css_page_size=True)
        command = ["pdftoppm", "-png", "-r", "110", "-singlefile", f"{name}.pdf", name]
        subprocess.run(command, check=True)  # noqa: S603
        return Path(f"{name}.png").read_bytes()


def keep(picture: bytes, name: str) -> None:
    """Save a picture with few colours, so that the README loads fast."""
    path = PICTURES / name
    path.write_bytes(picture)
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
