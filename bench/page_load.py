"""Measure what a first visit loads and when it stands still: `python -m bench.page_load`."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, sync_playwright

from app import create_app
from tests.browser.journeys import LARGEST, TYPICAL
from tests.browser.serving import FLAGS, chromium, result_path, served

ROUNDS = 9
OBSERVE = """
new Promise(done => {
  let paint = 0, shift = 0;
  const watch = (type, see) => new PerformanceObserver(l => l.getEntries().forEach(see))
    .observe({type, buffered: true});
  watch('largest-contentful-paint', one => { paint = one.startTime; });
  watch('layout-shift', one => { shift += one.value; });
  setTimeout(() => done([paint, shift]), 300);
})
"""


def visit(browser: Browser, address: str) -> tuple[int, int, float, float]:
    """Return bytes, requests, largest contentful paint in ms and layout shift of a first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    seen = []
    page.on("requestfinished", lambda request: seen.append(request))
    page.goto(address, wait_until="networkidle")
    weight = sum(
        s["responseBodySize"] + s["responseHeadersSize"] for s in (r.sizes() for r in seen)
    )
    paint, shift = page.evaluate(OBSERVE)
    requests = len({one.url for one in seen})
    context.close()
    return weight, requests, paint, shift


def main() -> None:
    """Print one line for each page."""
    pages = {"form": "/", "typical": result_path(**TYPICAL), "largest": result_path(**LARGEST)}
    with served(create_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, path in pages.items():
            rounds = [visit(browser, address + path) for _ in range(ROUNDS)]
            paints = sorted(one[2] for one in rounds)
            print(
                f"{name}: {rounds[0][0]} bytes in {rounds[0][1]} requests, "
                f"largest contentful paint {statistics.median(paints):.0f} ms "
                f"({paints[0]:.0f} to {paints[-1]:.0f}), "
                f"layout shift {max(one[3] for one in rounds)}"
            )
        browser.close()


if __name__ == "__main__":
    main()
