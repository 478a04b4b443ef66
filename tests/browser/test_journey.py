"""From start to results by keyboard alone, on every screen, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.example_answers import TYPICAL

ANSWERS = [
    ("any-warnings", "none"),
    ("bothers", "knee"),
    ("bothers", "shin"),
    ("effect", "full"),
    ("training", "none"),
]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


SCREENS = [(320, "light", True), (320, "dark", False), (768, "dark", True), (1280, "light", False)]


@pytest.mark.parametrize(("width", "scheme", "script"), SCREENS)
def test_from_start_to_results_by_keyboard(
    visit: Open, width: int, scheme: str, script: bool
) -> None:
    page = visit("about:blank", width=width, color_scheme=scheme)
    if not script:
        # Not java_script_enabled=False: the test itself asks the page where its focus is.
        page.route("**/enhance.*.js", lambda route: route.fulfill(body=""))
    page.goto("/")
    for name, value in ANSWERS:
        if name in (
            "any-warnings",
            "effect",
        ):  # radio buttons are one stop of the Tab key; the arrows choose
            tab_to(page, f'[name="{name}"]')
            page.keyboard.press("ArrowDown")
        else:
            tab_to(page, f'[name="{name}"][value="{value}"]')
            page.keyboard.press("Space")
    tab_to(page, '.send [type="submit"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*")
    expect(page.locator("h1")).to_have_text("For your answers the article names your glutes")
    assert page.locator(".finding .name").all_inner_texts() == ["Glutes", "Quads", "Hamstrings"]
    tab_to(page, "a[href$='/change']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change")
    assert page.locator("input:checked:not([value=''])").count() == len(ANSWERS)


def test_without_any_script_at_all(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    page.check("[name=any-warnings][value=none]")
    page.check("[name=bothers][value=knee]")
    page.check("[name=training][value=none]")
    page.click(".send [type=submit]")
    expect(page.locator(".finding")).to_have_count(3)
    expect(page.locator("[data-print]")).to_be_hidden()


def test_follow_ups_appear_when_something_bothers(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    follow_ups = page.locator("#effect, #duration")
    expect(follow_ups.first).to_be_hidden()
    page.check("[name=bothers][value=nothing]")
    expect(follow_ups.first).to_be_hidden()
    page.check("[name=bothers][value=elsewhere]")
    expect(follow_ups.first).to_be_visible()
    expect(follow_ups.last).to_be_visible()


def test_none_unticks_the_rest_and_back(visit: Open) -> None:
    page = visit("/")
    page.check("[name=bothers][value=knee]")
    page.check("[name=bothers][value=shin]")
    page.check("[name=bothers][value=nothing]")
    assert page.locator("[name=bothers]:checked").count() == 1
    page.check("[name=bothers][value=hips]")
    expect(page.locator("[name=bothers][value=nothing]")).not_to_be_checked()


def test_the_indicator_counts_only_what_must_be_answered(visit: Open) -> None:
    page = visit("/")
    indicator = page.locator(".progress")
    expect(indicator).to_contain_text("Answered: 0 / 3")
    page.check("[name=bothers][value=knee]")
    expect(indicator).to_contain_text("Answered: 1 / 3")
    page.check("[name=time][value=some]")
    page.check("[name=effect][value=full]")
    expect(indicator).to_contain_text("Answered: 1 / 3")
    page.check("[name=training][value=none]")
    expect(indicator).to_contain_text("Answered: 2 / 3")


def test_the_indicator_counts_the_ticks_that_a_browser_brings_back(visit: Open) -> None:
    page = visit("/")
    page.check("[name=bothers][value=knee]")
    page.goto("/about")
    page.go_back()
    expect(page.locator("[name=bothers][value=knee]")).to_be_checked()
    expect(page.locator(".progress")).to_contain_text("Answered: 1 / 3")


def test_the_error_summary_takes_the_focus_and_leads_to_the_questions(visit: Open) -> None:
    page = visit("/")
    page.check("[name=bothers][value=knee]")
    page.click(".send [type=submit]")
    expect(page).to_have_title("Error: Five muscle groups: what one article says to runners")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("[name=bothers][value=knee]")).to_be_checked()
    page.click(".problems a[href='#training']")
    expect(page.locator("#training")).to_be_in_viewport()


def test_the_print_button_prints(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**TYPICAL))
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.click("[data-print]")
    expect(page).to_have_title("printed")


def test_refresh_and_back_keep_the_result(visit: Open, result: Callable[..., str]) -> None:
    page = visit("/")
    page.check("[name=any-warnings][value=some]")
    page.check("[name=warnings][value=joint]")
    page.click(".send [type=submit]")
    page.wait_for_url("**/r/*")
    here = page.url
    page.reload()
    assert page.url == here
    page.goto(result(**TYPICAL))
    page.go_back()
    assert page.url == here
    expect(page.locator("h1")).to_contain_text("Get this seen today")


@pytest.mark.parametrize("scripts", [True, False])
def test_none_of_these_never_clears_a_warning_sign(visit: Open, scripts: bool) -> None:
    page = visit("/", java_script_enabled=scripts)
    page.check("[name=any-warnings][value=some]")
    page.check("[value=chest-now]")
    page.check("[name=any-warnings][value=none]")
    assert page.is_checked("[value=chest-now]")
    expect(page.get_by_text("A warning sign counts, whatever else you tick.")).to_be_visible()
    page.click(".send [type=submit]")
    expect(page.locator("h1")).to_have_text("Call an ambulance now.")
    expect(page.locator(".contradicted")).to_contain_text("We have gone by the warning sign.")
