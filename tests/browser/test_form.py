"""The form: the gate before the warning signs, the body map, and how soon the questions start."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open

PHONE = {"width": 360, "height": 740}
YES, NO = "[name=any-warnings][value=some]", "[name=any-warnings][value=none]"
OVERRULED = "A warning sign counts, whatever else you tick."
scripts = pytest.mark.parametrize("script", [True, False])


@scripts
def test_yes_opens_the_list_of_signs_and_no_keeps_it_closed(visit: Open, script: bool) -> None:
    page = visit("/", java_script_enabled=script)
    signs = page.locator("#warnings")
    expect(signs).to_be_hidden()
    page.check(NO)
    expect(signs).to_be_hidden()
    page.check(YES)
    expect(signs).to_be_visible()
    page.check(NO)
    expect(signs).to_be_hidden()


@scripts
def test_a_ticked_sign_stays_in_sight_whatever_the_gate_says(visit: Open, script: bool) -> None:
    page = visit("/", java_script_enabled=script)
    page.check(YES)
    page.check("[value=heel-pop]")
    expect(page.get_by_text(OVERRULED)).to_be_hidden()
    page.check(NO)
    expect(page.locator("[value=heel-pop]")).to_be_visible()
    expect(page.locator("[value=heel-pop]")).to_be_checked()
    expect(page.get_by_text(OVERRULED)).to_be_visible()


def test_the_way_out_is_in_the_window_where_the_tick_is(visit: Open) -> None:
    page = visit("/", **PHONE)
    way_out = page.get_by_role("button", name="See what to do now")
    expect(way_out).not_to_be_visible()
    page.check(YES)
    page.evaluate("document.querySelector('[value=leg-swollen]').scrollIntoView({block: 'center'})")
    expect(way_out).to_be_in_viewport(ratio=1)
    page.check("[value=leg-swollen]")
    expect(way_out).to_be_in_viewport(ratio=1)
    way_out.click()
    expect(page.locator("h1")).to_contain_text("Speak to a doctor or a medical helpline today.")


def test_yes_alone_leads_to_advice_today(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    page.check(YES)
    page.get_by_role("button", name="See what to do now").click()
    expect(page.locator("h1")).to_contain_text("Get advice today")


def old_browser(visit: Open) -> Page:
    """The form in a browser that does not know :has()."""

    def without_has(route: Route) -> None:
        sheet = route.fetch().text()
        rules = re.sub(r"@supports selector\(:has.*?\n}\n", "", sheet, flags=re.DOTALL)
        rules = re.sub(r"^[^\n{}]*:has\([^{}]*{[^{}]*}$", "", rules, flags=re.MULTILINE)
        assert ":has(" not in rules
        route.fulfill(body=rules, content_type="text/css")

    page = visit("about:blank")
    page.route("**/style.*.css", without_has)
    page.goto("/")
    return page


def test_a_browser_without_has_shows_every_question_and_the_focus(
    visit: Open, book: Rulebook
) -> None:
    page = old_browser(visit)
    for question in book.questions:
        expect(page.locator(f"#{question.id}")).to_be_visible()
    expect(page.get_by_role("button", name="See what to do now")).to_be_visible()
    expect(page.locator(".condition:visible")).to_have_count(2)
    page.focus(YES)
    page.keyboard.press("ArrowUp")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def spots(page: Page) -> list[tuple[str, int]]:
    """Every shape of the map: the spot, and which of its shapes."""
    found = page.locator(".spot").evaluate_all(
        """all => all.flatMap(spot => [...spot.children].map(
            (shape, number) => [spot.classList[1].slice(5), number]))"""
    )
    return [(name, number) for name, number in found]


def tap(page: Page, name: str, number: int) -> None:
    """Click in the middle of a shape."""
    shape = page.locator(f".spot-{name} > *").nth(number)
    shape.scroll_into_view_if_needed()
    box = shape.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def ticked(page: Page) -> list[str | None]:
    boxes = page.locator("input:checked:not([value=''])")
    return [boxes.nth(number).get_attribute("data-spot") for number in range(boxes.count())]


@pytest.mark.parametrize("width", [360, 1280])
def test_every_spot_of_the_map_ticks_its_box_and_only_that(
    visit: Open, book: Rulebook, width: int
) -> None:
    page = visit("/", width=width, height=740, java_script_enabled=False)
    shapes = spots(page)
    choices = [choice for question in book.questions for choice in question.choices]
    assert {name for name, _ in shapes} == {one.spot for one in choices if one.spot}
    assert len(shapes) == 16
    for name, number in shapes:
        tap(page, name, number)
        assert ticked(page) == [name]
        tap(page, name, number)
        assert ticked(page) == []


def test_a_ticked_box_marks_its_spot(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    fill = "one => getComputedStyle(one).fill + getComputedStyle(one).fillOpacity"
    boxes = page.locator("input[data-spot]")
    for number in range(boxes.count()):
        box = boxes.nth(number)
        shape = page.locator(f".spot-{box.get_attribute('data-spot')} > *").first
        others = page.locator(".spot > *")
        before = others.evaluate_all(f"all => all.map({fill})")
        plain = shape.evaluate(fill)
        box.check()
        assert shape.evaluate(fill) != plain
        box.uncheck()
        page.mouse.move(0, 0)
        assert others.evaluate_all(f"all => all.map({fill})") == before


def test_the_map_is_neither_heard_nor_in_the_order_of_tab(visit: Open) -> None:
    page = visit("/")
    page.locator(".spot-map").evaluate(
        """map => {
            const all = [...map.querySelectorAll('*')];
            map.dataset.focusable = all.filter(one => one.tabIndex >= 0).length;
        }"""
    )
    expect(page.locator(".spot-map")).to_have_attribute("data-focusable", "0")
    heard = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    map_ids = inner_ids(page)
    assert not [
        one for one in heard if not one["ignored"] and one.get("backendDOMNodeId") in map_ids
    ]


def inner_ids(page: Page) -> set[int]:
    """The ids of the nodes of the body map, as the accessibility tree has them."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    wanted = {"nodeId": root, "selector": ".spot-map, .spot-map *"}
    found = session.send("DOM.querySelectorAll", wanted)["nodeIds"]
    assert found
    nodes = (session.send("DOM.describeNode", {"nodeId": one})["node"] for one in found)
    return {node["backendNodeId"] for node in nodes}


def test_each_box_has_the_name_of_its_entry_in_the_list(visit: Open, book: Rulebook) -> None:
    page = visit("/")
    question = book.question("bothers")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = [one["name"]["value"] for one in tree if one.get("role", {}).get("value") == "checkbox"]
    texts = [choice.text for choice in question.choices]
    start = names.index(texts[0])
    assert names[start : start + len(texts)] == texts


@scripts
def test_back_brings_the_ticks_of_the_folded_questions_into_sight(
    visit: Open, script: bool
) -> None:
    page = visit("/", java_script_enabled=script)
    extra = page.locator("[name=strengthens][value=core]")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(extra).not_to_be_visible()
    page.click(".extras > summary")
    extra.check()
    for choice in (NO, "[name=bothers][value=knee]", "[name=training][value=none]"):
        page.check(choice)
    page.click(".send [type=submit]")
    page.wait_for_url("**/r/*")
    page.go_back()
    expect(extra).to_be_checked()
    box = extra.bounding_box()
    assert box
    assert box["height"] > 10


def test_the_first_question_about_running_comes_soon(visit: Open) -> None:
    page = visit("/", **PHONE)
    legend = page.locator("#bothers legend").bounding_box()
    assert legend
    assert legend["y"] <= 1.5 * PHONE["height"]


def test_the_form_is_short(visit: Open) -> None:
    assert len(visit("/", **PHONE).locator("form").inner_text().split()) <= 330


def test_a_result_takes_nine_taps(visit: Open) -> None:
    page = visit("/", has_touch=True, **PHONE)
    choices = {
        "any-warnings": ["none"],
        "bothers": ["knee", "lower-back"],
        "effect": ["full-with-problem"],
        "duration": ["1-to-6-weeks"],
        "training": ["distance"],
    }
    taps = [f"[name={name}][value='{one}']" for name, values in choices.items() for one in values]
    taps.append(".send [type=submit]")
    for wanted in taps:
        page.tap(wanted)
    page.wait_for_url("**/r/*")
    assert len(taps) <= 9
