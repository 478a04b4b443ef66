"""What must hold of every page: no accessibility violation, no sideways scroll, little to load."""

from __future__ import annotations

import gzip
import io
import itertools
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.support.example_answers import RESULTS, TYPICAL

OTHER = {
    "form": "/",
    "bad code": "/r/ABC",
    "no page": "/nowhere",
    "rules": "/rules",
    "research": "/research",
    "about": "/about",
    "box": "/r",
    "squad": "/squad",
    "shared form": "/?from=City+Runners&training=distance",
    "coach": "/coach",
    "link": "/coach?from=City+Runners&training=distance",
    "wrong link": "/coach?from=www.example.org&training=none&training=distance",
    "poster": f"/poster?from={'Laufgemeinschaft' * 3}",
    "muscles": "/muscles",
    "muscle": "/muscles/glutes",
}
SQUADS = {"squad table": "table", "squad sheets": "sheets", "squad errors": "csv"}
PAGES = [*OTHER, "errors", "change", "comparison", "wrong code", *SQUADS, *RESULTS]


def show(visit: Open, result: Callable[..., str], name: str, **options: object) -> Page:
    """Open a page by its name in PAGES."""
    if name == "errors":
        page = visit("/", **options)
        page.check("[name=bothers][value=nothing]")
        page.click(".send [type=submit]")
        page.wait_for_selector(".problems")
        return page
    if name == "comparison":
        earlier = result(bothers="hips shin").removeprefix("/r/")
        return visit(f"{result(**TYPICAL)}/with/{earlier}", **options)
    if name == "wrong code":
        page = visit(result(**TYPICAL), **options)
        page.click(".share > summary >> nth=1")
        page.fill("#earlier", "ABC")
        page.click("button:text-is('Compare')")
        page.wait_for_selector("#earlier--error")
        return page
    if name in SQUADS:
        page = visit("/squad", **options)
        if name != "squad errors":
            page.fill(
                "#text",
                "\n".join(
                    [*(f"{key} " + result(**one) for key, one in RESULTS.items()), "/r/" + "W" * 70]
                ),
            )
        page.click(f"[name=view][value={SQUADS[name]}]")
        page.wait_for_selector(".unread, .problems")
        return page
    if name == "change":
        return visit(result(**TYPICAL) + "/change", **options)
    return visit(OTHER[name] if name in OTHER else result(**RESULTS[name]), **options)


CONTRAST = {"runOnly": ["color-contrast-enhanced"]}
"""Seven to one, level AAA: all that a dark page can do worse than the same page in the light."""
ALL = {"rules": {"color-contrast-enhanced": {"enabled": True}}}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit: Open, result: Callable[..., str], name: str) -> None:
    page = show(visit, result, name, color_scheme="light")
    found = Axe().run(page, options=ALL)
    assert "color-contrast-enhanced" in {one["id"] for one in found.response["passes"]}
    assert not found.response["violations"], found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options=CONTRAST)
    assert found.response["passes"]
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_small_screen_can_use_it(visit: Open, result: Callable[..., str], name: str) -> None:
    """At 320 px, which is what 400 % zoom leaves of 1280: no sideways scroll, large targets."""
    page = show(visit, result, name, width=320, height=256, device_scale_factor=4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    over = "[...document.body.querySelectorAll('*')].filter(e => !e.closest('.skip, svg') &&"
    assert page.evaluate(f"{over} e.getBoundingClientRect().right > 320.5).length") == 0
    sizes = page.evaluate(
        """[...document.querySelectorAll('.choice, button, .onward a')]
        .map(e => e.getBoundingClientRect()).filter(r => r.height).map(r => r.height)"""
    )
    assert min(sizes, default=44) >= 44


@pytest.mark.parametrize("name", ["form", "typical", "stop", "errors"])
def test_forced_colours_keep_what_matters(
    visit: Open, result: Callable[..., str], name: str
) -> None:
    page = show(visit, result, name, forced_colors="active")
    assert page.locator("h1").is_visible()
    assert not Axe().run(page).response["violations"]


def test_the_first_visit_is_light(visit: Open) -> None:
    page = visit("about:blank")
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    total = sum(
        one.sizes()["responseBodySize"] + one.sizes()["responseHeadersSize"] for one in requests
    )
    assert len({one.url for one in requests}) <= 4
    assert total <= 30_000


def test_the_results_page_is_light(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**RESULTS["largest"]))
    assert len(gzip.compress(page.content().encode())) <= 9_000, "as a proxy sends it"


def test_what_this_is_stands_on_one_screen(visit: Open) -> None:
    """What a visitor wants to know; what follows is for those who run a copy."""
    page = visit("/about")
    lowest = (
        page.locator(".two")
        .first.locator("p")
        .evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().bottom))")
    )
    assert lowest <= 800


SHIFT = """
new Promise(done => {
  let total = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) total += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(total), 300);
})
"""


@pytest.mark.parametrize("name", ["form", "typical", "stop", "errors"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_shifts_while_a_page_loads(
    visit: Open, result: Callable[..., str], name: str, width: int
) -> None:
    page = show(visit, result, name, width=width)
    assert page.evaluate(SHIFT) == 0


def luminance(page: Page, shade: str) -> float:
    """How light the map's shade is on average, from 0 to 1, as the page draws it."""
    page.evaluate(
        """shade => {
            const svg = document.querySelector('.map svg[role]');
            svg.querySelector('#swatch')?.remove();
            const add = (tag, attributes, parent) => {
              const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
              for (const name in attributes) made.setAttribute(name, attributes[name]);
              parent.append(made);
              return made;
            };
            const group = add('g', {id: 'swatch', class: 'region ' + shade}, svg);
            add('rect', {x: 110, y: 20, width: 60, height: 60, 'stroke-width': 0}, group);
        }""",
        shade,
    )
    image = Image.open(io.BytesIO(page.locator("#swatch rect").screenshot())).convert("L")
    inner = image.crop((6, 6, image.width - 6, image.height - 6))
    values = inner.tobytes()
    return sum(values) / len(values) / 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shades_of_the_map_differ_in_grey(
    visit: Open, result: Callable[..., str], scheme: str
) -> None:
    page = visit(result(**TYPICAL), color_scheme=scheme)
    shades = [luminance(page, f"rank-{place}") for place in (1, 2, 3, 4)]
    plain = luminance(page, "")
    print(shades, plain)
    away = [abs(shade - plain) for shade in shades]
    assert away == sorted(away, reverse=True)
    assert away[0] > 0.4
    assert all(first - second > 0.02 for first, second in itertools.pairwise(away))


def test_the_map_tells_a_screen_reader_what_it_shows(
    visit: Open, result: Callable[..., str]
) -> None:
    page = visit(result(bothers="knee"))
    name = "Body map, front and back: 1 Glutes, 2 Quads, 2 Hamstrings"
    picture = page.get_by_role("group", name=name)
    assert picture.get_by_role("link").all_text_contents() == [
        "2 Quads",
        "1 Glutes",
        "2 Hamstrings",
    ]
