"""A result on a phone: the answer first, short, with a map that leads to the cards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support.example_answers import LARGEST, TYPICAL

PHONE = {"width": 360, "height": 740}
KNEE_AND_BACK = {"bothers": "knee lower-back", "training": "distance"}
everyday = pytest.mark.parametrize("answers", [TYPICAL, KNEE_AND_BACK], ids=["typical", "knee"])


@everyday
def test_the_answer_and_what_to_do_come_first(
    visit: Open, result: Callable[..., str], answers: dict[str, str]
) -> None:
    page = visit(result(**answers), **PHONE)
    for part in ("h1", ".day", ".steps"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 1.3 * PHONE["height"], part


def test_a_result_is_not_long(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**KNEE_AND_BACK), **PHONE)
    assert page.evaluate("document.documentElement.scrollHeight") <= 4.5 * PHONE["height"]


def test_the_labels_of_the_map_lead_to_the_cards(visit: Open, result: Callable[..., str]) -> None:
    page = visit(result(**TYPICAL), **PHONE)
    labels = page.locator(".map svg a")
    ranked = [one for one in labels.all() if (one.get_attribute("href") or "").startswith("#")]
    assert len(ranked) == page.locator(".finding").count() == 4
    for label in ranked:
        page.evaluate("scrollTo(0, 0)")
        group = label.get_attribute("href")
        label.click()
        expect(page.locator(f"{group} .name")).to_be_in_viewport()


def test_groups_after_the_third_place_open_on_a_phone(
    visit: Open, result: Callable[..., str]
) -> None:
    page = visit(result(**LARGEST), java_script_enabled=False, **PHONE)
    folded = page.locator(".finding:has(.fold)")
    assert folded.locator(".number").all_inner_texts() == ["4", "4"]
    for card in folded.all():
        expect(card.locator(".ask")).not_to_be_in_viewport()
        closed = card.bounding_box()
        card.locator("summary").first.click()
        opened = card.bounding_box()
        assert closed
        assert opened
        assert opened["height"] > closed["height"] + 50


def test_groups_after_the_third_place_are_open_on_a_wide_screen_and_on_paper(
    visit: Open, result: Callable[..., str]
) -> None:
    page = visit(result(**LARGEST))
    asks = page.locator(".finding .ask")
    assert asks.count() == 5
    for medium in ("screen", "print"):
        page.emulate_media(media="print" if medium == "print" else "screen")
        shown = asks.evaluate_all(
            "all => all.filter(one => one.checkVisibility({contentVisibilityAuto: true})).length"
        )
        assert shown == 5, medium


REFUSED = {
    "[data-copy]": "Not copied: the browser did not allow it.",
    "[data-share]": "Not shared.",
}


@pytest.mark.parametrize("button", REFUSED)
def test_a_refusal_is_said_and_raises_nothing(
    visit: Open, result: Callable[..., str], button: str
) -> None:
    """`visit` fails the test if the page raises an error that nobody catches."""
    page = visit("about:blank")
    page.add_init_script(
        """const refuse = () => Promise.reject(new DOMException("", "AbortError"));
        navigator.share = refuse;
        Object.defineProperty(navigator, "clipboard", { value: { writeText: refuse } });"""
    )
    page.goto(result(**TYPICAL))
    page.click(f".actions {button}")
    expect(page.locator(".actions [role=status]")).to_have_text(REFUSED[button])
