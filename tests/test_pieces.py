"""Pieces are rendered once, filled for each page, and hold nothing of anybody."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import lru_cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from app import create_app
from questionnaire.rulebook.loader import load
from questionnaire.rulebook.model import (
    Advice,
    Choice,
    Claim,
    MuscleGroup,
    Notice,
    Question,
    Rulebook,
)
from questionnaire.web import pieces as module
from questionnaire.web.constant import Constant
from questionnaire.web.pages import use
from questionnaire.web.pieces import Piece, Pieces, pieces
from tests.browser.journeys import RESULTS
from tests.browser.serving import result_path
from tests.conftest import ROOT

PROBLEM = "_card.html:problem"
PARTS = {Advice, Choice, Claim, MuscleGroup, Notice, Question, bool, str, type(None)}
"""What a piece is about: one thing of the rulebook, yes or no, or one of a few messages."""


@pytest.fixture
def made(site: Flask) -> Iterator[Pieces]:
    with site.test_request_context():
        yield pieces()


def test_what_is_filled_in_is_escaped_unless_it_is_markup(made: Pieces) -> None:
    filled = made.piece(PROBLEM, None, message="<b>“A” & B")
    assert filled == "<li>&lt;b&gt;“A” &amp; B</li>\n"
    assert made.piece(PROBLEM, None, message=Markup("<b>A</b>")) == "<li><b>A</b></li>\n"
    both = [Markup("<b>A</b>"), Markup("<i>B</i>")]
    assert made.piece(PROBLEM, None, message=both) == "<li><b>A</b><i>B</i></li>\n"


@given(st.text())
def test_no_text_makes_a_place_or_is_lost(site: Flask, text: str) -> None:
    with site.test_request_context():
        filled = pieces().piece(PROBLEM, None, message=text)
    assert filled == f"<li>{escape(text)}</li>\n"


def test_a_code_is_filled_into_addresses_too(made: Pieces) -> None:
    filled = {"site": "https://club.example", "code": "ABC", "query": "", "problem": ""}
    onward = made.piece("_answers.html:onward", False, True, False, **filled, typed="")
    assert 'href="https://club.example/r/ABC"' in onward
    assert 'action="/r/ABC/with"' in onward
    assert 'src="/r/ABC/qr.svg"' in onward


def test_a_piece_is_rendered_once_for_each_thing_that_it_is_about(
    made: Pieces, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = book.questions[:2]
    for question in questions:
        made.piece(PROBLEM, question, message="A")
    monkeypatch.setattr(module, "Piece", pytest.fail)
    for question in questions:
        filled = made.piece(PROBLEM, question, message="B")
        assert f'<a href="#{question.id}">{question.text}</a> B' in filled


def test_everything_that_a_piece_shows_is_given_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jinja would show nothing for what is missing, and drop what is too much."""
    given: list[tuple[str, int, set[str]]] = []
    make = Pieces.piece

    def watched(self: Pieces, name: str, *about: object, **filled: str) -> Markup:
        given.append((name, len(about), set(filled)))
        return make(self, name, *about, **filled)

    monkeypatch.setattr(Pieces, "piece", watched)
    site = create_app()
    for answers in RESULTS.values():
        site.test_client().get(result_path(**answers))
    site.test_client().post("/", data={"bothers": ["knee", "nothing"]})
    assert given
    for name, about, filled in given:
        template, _, macro = name.partition(":")
        arguments = getattr(site.jinja_env.get_template(template).module, macro).arguments
        assert set(arguments[about:]) == filled, name


def test_a_plain_piece_has_nothing_to_fill(made: Pieces, book: Rulebook) -> None:
    box = ("_card.html:box", book.questions[0], book.questions[0].choices[0])
    assert made.plain(*box, True) is made.plain(*box, True)
    assert made.plain(*box, True) == made.piece(*box, True)
    assert made.plain(*box, True).replace(" checked", "") == made.plain(*box, False)
    with pytest.raises(KeyError, match="message"):
        made.plain(PROBLEM, None)


def test_a_rulebook_and_a_root_have_pieces_of_their_own(site: Flask) -> None:
    with site.test_request_context():
        here = pieces()
        assert pieces() is here
    with site.test_request_context(base_url="http://localhost/club"):
        assert pieces() is not here
    with create_app().test_request_context():
        assert pieces() is not here
    other = create_app()
    with other.test_request_context():
        before = pieces()
        use(other, load(ROOT / "docs" / "examples" / "cycling.yaml"))
        assert pieces() is not before


def test_no_two_answers_are_kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at the pieces cannot tell what anybody ticked with what."""
    seen: list[tuple[object, ...]] = []
    render = Pieces._render_piece

    def watched(self: Pieces, name: str, *about: object) -> Piece:
        seen.append(about)
        return render(self, name, *about)

    monkeypatch.setattr(Pieces, "_render_piece", watched)
    fresh = create_app().test_client()
    for answers in RESULTS.values():
        fresh.get(result_path(**answers))
        fresh.get(f"{result_path(**answers)}/change")
    fresh.post("/", data={"bothers": ["knee", "nothing"]})
    assert any(isinstance(part, Choice) for about in seen for part in about)
    for about in seen:
        assert {type(part) for part in about} <= PARTS
        assert sum(isinstance(part, Choice) for part in about) <= 1


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
        assert pieces().plain("_sheet.html:map_title") == "Body map, front and back"
        source = "{% macro map_title() %}Edited{% endmacro %}"
        template = edited.jinja_env.from_string(source)
        monkeypatch.setattr(edited.jinja_env, "get_template", lambda _: template)
        assert pieces().plain("_sheet.html:map_title") == "Edited"


def test_no_cache_holds_a_code_or_a_name(client: FlaskClient) -> None:
    path = result_path(bothers="knee hips", training="distance")
    code = path.removeprefix("/r/")
    for asked in (path, f"{path}/change", f"{path}/qr.svg", f"{path}/with/{code}"):
        client.get(asked, query_string={"from": "Zebra"}, headers={"Accept-Encoding": "gzip"})
    client.get("/coach?from=Zebra")
    client.get("/poster?from=Zebra")
    client.post(f"{path}/with", data={"earlier": code, "from": "Zebra"})
    client.post("/", data={"bothers": "zebra", "from": "Zebra"})
    client.post("/squad", data={"text": f"Zebra {code}"})
    gc.collect()
    held = [text for cache in caches() for text in texts_in(cache)]
    assert any("The article advises" in text for text in held), "the caches were not looked into"
    assert not [text for text in held if code in text or "zebra" in text.casefold()]


def caches() -> list[object]:
    """All caches of what serves: our own, and those of the packages below us."""
    found = [one for one in gc.get_objects() if isinstance(one, type(lru_cache(str)))]
    serving = ("questionnaire", "flask", "werkzeug", "jinja2", "wtforms", "urllib")
    return [one for one in found if one.__module__.startswith(serving)]


def texts_in(held: object) -> Iterator[str]:
    """All texts that can be reached from here by tuples, lists, dicts and our own pieces."""
    seen: set[int] = set()
    left = [held]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif id(one) not in seen:
            seen.add(id(one))
            if one is held or isinstance(one, tuple | list | dict | Piece | Pieces | Constant):
                left += gc.get_referents(one)
