"""What a coach's link may carry: a plain name, and answers that somebody could give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from questionnaire.rulebook.model import Rulebook
from questionnaire.web import club as clubs


def link(sent: dict[str, list[str]]) -> MultiDict[str, str]:
    """The parameters of a link."""
    return MultiDict((name, value) for name, values in sent.items() for value in values)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("City Runners", "City Runners"),
        ("  City \r\n Runners ", "City Runners"),
        ("St. Mary's AC", "St. Mary's AC"),
        ("1.FC Köln & S.C. Ost", "1.FC Köln & S.C. Ost"),
        ("<b>Bold</b> =SUM(A1)", "<b>Bold</b> =SUM(A1)"),
        ("נבחרת الجري 走る会", "נבחרת الجري 走る会"),
        ("Women 🏃\u200d♀️", "Women 🏃\u200d♀️"),
        ("@cityrunners", "@cityrunners"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_plain_name_stays_as_it_is(text: str, name: str) -> None:
    assert clubs.club_name(text) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 61, "61 characters"),
        ("City\x00Runners", "U+0000"),
        ("City \u202esrennuR", "U+202E"),
        ("City \u2066Runners", "U+2066"),
        ("City\u200bRunners", "U+200B"),
        ("City\ufeff", "U+FEFF"),
        ("City \ufffe", "U+FFFE"),
        ("https://example.org", "web address"),
        ("javascript://x", "web address"),
        ("Join WWW.x", "web address"),
        ("City example.org/x", "web address"),
        ("run24.de", "web address"),
        ("läufer.köln", "web address"),
        ("ｅｖｉｌ．ｃｏｍ", "web address"),
        ("evil。com", "web address"),
        ("192.168.0.1", "web address"),
        ("coach@example", "e-mail"),
    ],
)
def test_what_is_no_plain_name_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="name") as refused:
        clubs.club_name(text)
    assert reason in str(refused.value)
    assert clubs.known(text) == ""


@given(st.text())
def test_a_name_that_was_accepted_is_accepted_again(text: str) -> None:
    name = clubs.known(text)
    assert clubs.known(name) == name
    assert len(name) <= clubs.LONGEST


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"training": ["distance", "frequency"]}, {"distance", "frequency"}),
        ({"training": ["distance", "distance"]}, {"distance"}),
        ({"training": ["distance", "speed", ""]}, {"distance"}),
        ({"training": ["none"]}, {"none"}),
        ({"training": ["none", "distance"]}, set()),
        ({"bothers": ["knee"], "warnings": ["joint"], "utm_source": ["x"]}, set()),
    ],
)
def test_only_answers_that_may_be_pre_set_are(
    book: Rulebook, sent: dict[str, list[str]], expected: set[str]
) -> None:
    ticked = clubs.preset(book, link(sent))
    assert book.asked(ticked) == ticked
    assert {one.id for q in book.questions for one in q.choices_in(ticked)} == expected


def test_a_link_says_again_what_it_was_made_from(book: Rulebook) -> None:
    sent = link({"training": ["intensity", "distance"]})
    made = clubs.parameters(book, "City Runners", clubs.preset(book, sent))
    assert made == {"from": ["City Runners"], "training": ["distance", "intensity"]}
    assert clubs.parameters(book, "", 0) == {}
