"""HTML on the clipboard is pasted where its plain text has lost the links, and only there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.browser import result_path
from tests.support.example_answers import TYPICAL

PASTE = """([html, plain]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", plain);
  if (html) clipboardData.setData("text/html", html);
  const box = document.getElementById("text");
  box.focus();
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return box.dispatchEvent(event);
}"""
"""Paste as a browser does; true if the browser is left to paste the plain text."""


def copied(page: Page, html: str) -> None:
    """Select some HTML, copy it, and paste it into the box, by the keys."""
    page.evaluate(
        """html => {
          const shown = document.createElement("div");
          shown.innerHTML = html;
          document.querySelector("main").append(shown);
          document.activeElement.blur();
          getSelection().selectAllChildren(shown);
        }""",
        html,
    )
    page.keyboard.press("Control+C")
    page.focus("#text")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+V")


def test_a_link_behind_a_name_is_pasted_with_the_name(visit: Open) -> None:
    page = visit("/squad")
    link = page.url.removesuffix("/squad") + result_path(**TYPICAL)
    page.fill("#text", "Hello\n")
    copied(
        page,
        f'<p class="a"><a href="{link}" class="b">Zoë</a></p><p>see you</p>',
    )
    value = page.input_value("#text")
    assert value.startswith("Hello\n<")
    assert f'<a href="{link}">Zoë</a>' in value
    assert "style" not in value
    page.click("[value=table]")
    expect(page.get_by_role("link", name="Zoë", exact=True)).to_be_visible()


def test_a_link_that_can_be_read_is_pasted_as_text(visit: Open) -> None:
    page = visit("/squad")
    link = page.url.removesuffix("/squad") + result_path(**TYPICAL)
    copied(page, f'<p>Zoë <a href="{link}">{link}</a></p>')
    assert page.input_value("#text").strip() == f"Zoë {link}"


SAFE = "https://eur01.safelinks.example/?url=https%3A%2F%2Frun.example%2Fr%2F24VN0A9XFG&amp;data=05"


@pytest.mark.parametrize(
    ("html", "plain", "left"),
    [
        ("", "Zoë https://run.example/r/24VN0A9XFG", True),
        ("<b>Zoë</b>", "Zoë", True),
        ('<a href="https://run.example/muscles">Zoë</a>', "Zoë", True),
        ('<a href="https://run.example/R/24vn0a9xfg">a</a>', "/r/24VN0A9XFG", True),
        (f'<a href="{SAFE}">run.example/r/24VN0A9XFG</a>', "run.example/r/24VN0A9XFG", True),
        (f'<a href="{SAFE}">Zoë</a>', "Zoë", False),
        ('<a href="https://run.example/r/24VN0A9XFG">Zoë</a>', "Zoë", False),
    ],
)
def test_html_is_taken_only_for_results_that_the_text_lost(
    visit: Open, html: str, plain: str, left: bool
) -> None:
    page = visit("/squad")
    assert page.evaluate(PASTE, [html, plain]) is left
    assert ("href=" in page.input_value("#text")) is not left


def test_pasted_html_runs_and_loads_nothing(visit: Open) -> None:
    page = visit("/squad")
    html = (
        "<script>document.title = 'ran'</script><style>a { color: red }</style>"
        "<img src='https://other.example/a.png' onerror='document.title = \"ran\"'>"
        "<a href='https://run.example/r/24VN0A9XFG' onclick='alert(1)'>Zoë</a>"
    )
    assert page.evaluate(PASTE, [html, "Zoë"]) is False
    value = page.input_value("#text")
    assert value == '<a href="https://run.example/r/24VN0A9XFG">Zoë</a>'
    assert page.title() != "ran"
