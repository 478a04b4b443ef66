"""Small promises of the pages to their readers, each with a test that fails when it is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook
from tests.serving.test_headers import EVERYWHERE
from tests.support.nginx_stack import ROOT
from tests.support.runner_client import NO_COMPLAINTS

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPT = (ROOT / "static" / "enhance.js").read_text("utf-8")
STYLE = (ROOT / "static" / "style.css").read_text("utf-8")
FIELD = re.compile(r"<textarea [^>]*>|<input type=\"(?:text|search|email|url|tel)\"[^>]*>")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
class TestTemplate:
    def test_a_new_tab_cannot_reach_back(self, template: Path) -> None:
        for link in re.findall(r"<a [^>]*_blank[^>]*>", template.read_text("utf-8")):
            assert 'rel="noopener"' in link

    def test_no_browser_keeps_what_was_typed(self, template: Path) -> None:
        for field in FIELD.findall(template.read_text("utf-8")):
            assert re.search('autocomplete="(off|organization)"|readonly', field), field

    def test_nothing_is_fetched_before_or_from_elsewhere(self, template: Path) -> None:
        text = template.read_text("utf-8")
        assert not re.search("preconnect|prefetch|prerender|preload|http-equiv|<iframe|<base", text)
        assert not re.search(r"(src|action|srcset|data|poster|ping)=\"(https?:)?//", text)


def test_the_script_leaves_nothing_behind() -> None:
    """Neither in the tab, which the next site can read, nor in its history."""
    left = r"window\.name|\.name\s*=[^=]|history|Storage|indexedDB|caches|cookie|BroadcastChannel"
    assert not re.search(left, SCRIPT)
    assert not re.search(r"sendBeacon|fetch\(|XMLHttp|WebSocket|EventSource|import\(", SCRIPT)


def test_the_style_fetches_nothing() -> None:
    assert not re.search(r"@import|url\((?!#)", STYLE)


@pytest.mark.parametrize("path", ["/?from=City", "/?bothers=knee", "/?x"])
def test_no_search_engine_keeps_a_form_with_a_query(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers.get("X-Robots-Tag") == "noindex"
    assert "X-Robots-Tag" not in client.get("/").headers


def test_a_page_that_is_still_right_comes_with_the_headers(client: FlaskClient) -> None:
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert {name: again.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert again.headers["Cache-Control"] == "no-cache"


def test_a_picture_is_sent_as_it_is(client: FlaskClient) -> None:
    [icon] = re.findall(r"/static/icon-180[^\"]+", client.get("/").text)
    response = client.get(icon, headers={"Accept-Encoding": "br, gzip"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_answers_that_are_no_longer_asked_are_shown(client: FlaskClient, book: Rulebook) -> None:
    for retired in book.retired:
        code = encode(book, Answers(retired.choice.bit, FIRST_DAY))
        page = client.get(f"/r/{code}").text
        assert retired.text in page
        assert "These answers are no longer asked." in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "which are about your health"),
        ("/", "18 and over"),
        ("/r/{}", "Nobody has checked your muscles"),
        ("/r/{}", "Open it again: "),
    ],
)
def test_a_page_says_what_it_must(client: FlaskClient, path: str, words: str) -> None:
    sent = client.post("/", data=NO_COMPLAINTS | {"bothers": "knee"})
    code = sent.location.removeprefix("/r/")
    assert words in client.get(path.format(code)).text
