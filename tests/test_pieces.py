"""Pieces are rendered once, filled for each page, and hold nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire import pieces as module
from questionnaire.model import Rulebook
from questionnaire.pieces import Html, Pieces, pieces
from tests.browser.serving import result_path

MISSING = '<li><a href="#{0.id}">{0.text}</a> {1}</li>'


@pytest.fixture
def made(site: Flask) -> Iterator[Pieces]:
    with site.test_request_context():
        yield pieces()


def problem(made: Pieces, message: str) -> Html:
    return made.fill("_problem.html", {"message": message}, question=None)


def test_what_fills_a_hole_is_escaped_unless_it_is_a_piece(made: Pieces) -> None:
    assert problem(made, "<b>“A” & B") == "<li>&lt;b&gt;&#8220;A&#8221; &amp; B</li>"
    assert problem(made, Html("<b>A</b>")) == "<li><b>A</b></li>"
    assert problem(made, problem(made, "<i>")) == "<li><li>&lt;i&gt;</li></li>"


@given(st.text())
def test_no_text_makes_a_hole_or_leaves_one(site: Flask, text: str) -> None:
    with site.test_request_context():
        filled = problem(pieces(), text)
    assert filled.isascii()
    assert ("<" in filled[4:-5]) is False


def test_a_hole_in_an_address_is_filled_too(made: Pieces) -> None:
    about = {"here": False, "comparable": True, "wrong": False}
    holes = {"code": "ABC", "site": "https://club.example"}
    onward = made.fill("_answers.html:onward", holes, **about)
    assert 'href="https://club.example/r/ABC"' in onward
    assert 'action="/r/ABC/with"' in onward
    assert 'src="/r/ABC/qr.svg"' in onward


def test_a_piece_is_rendered_once_for_each_thing_that_it_is_about(
    made: Pieces, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = book.questions[:2]
    made.fill("_problem.html", {"message": "A"}, question=one)
    made.fill("_problem.html", {"message": "A"}, question=other)
    monkeypatch.setattr(module, "_ascii", pytest.fail)
    for question, message in ((one, Html("B")), (other, Html("C"))):
        filled = made.fill("_problem.html", {"message": message}, question=question)
        assert filled == MISSING.format(question, message)


def test_a_rulebook_and_a_root_have_pieces_of_their_own(site: Flask) -> None:
    with site.test_request_context():
        here = pieces()
        assert pieces() is here
    with site.test_request_context(base_url="http://localhost/club"):
        assert pieces() is not here
    with create_app().test_request_context():
        assert pieces() is not here


def test_nothing_of_one_page_is_on_the_next(client: FlaskClient) -> None:
    path = result_path(bothers="knee")
    plain = [client.get(one).text for one in ("/?x", path, f"{path}/change")]
    named = [client.get(f"{one}?from=City", base_url="http://club.example") for one in ("/", path)]
    assert all("City" in page.text for page in named)
    sent = client.post("/", data={"bothers": ["knee", "nothing"], "marked": "“1”"})
    assert "marked" in sent.text
    assert [client.get(one).text for one in ("/?x", path, f"{path}/change")] == plain
    assert "club.example" not in plain[1]
    assert "localhost" in plain[1]


def test_under_debug_a_template_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    edited = create_app()
    with edited.test_request_context():
        edited.preprocess_request()
        assert pieces().fill("_sheet.html:map_title") == "Body map, front and back"
        source = "{% macro map_title() %}Edited{% endmacro %}"
        template = edited.jinja_env.from_string(source)
        monkeypatch.setattr(edited.jinja_env, "get_template", lambda _: template)
        assert pieces().fill("_sheet.html:map_title") == "Edited"
