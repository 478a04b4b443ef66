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
        ("تیم می\u200cدوم", "تیم می\u200cدوم"),
        ("के.एस.ए रनर्स", "के.एस.ए रनर्स"),
        ("Run ❤\ufe0f & 1\ufe0f\u20e3", "Run ❤\ufe0f & 1\ufe0f\u20e3"),
        ("Club Paral·lel", "Club Paral·lel"),
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
        ("evil\u200d.com", "web address"),
        ("evil.c\u200dom", "web address"),
        ("www\ufe0f.evil", "web address"),
        ("h\u200cttps:\u200c//x", "web address"),
        ("evil.c\u0335om", "web address"),
        ("مُحَمَّد.نَت", "web address"),
        ("evil\u2024com", "web address"),
        ("evil\ua4f8com", "web address"),
        ("evil\u06d4com", "web address"),
        ("i❤.ws", "web address"),
        ("🏃.club", "web address"),
        ("coach\u200d@\u200dexample", "e-mail"),
        ("evil.c\u034fom", "U+034F"),
        ("evil\u3164.com", "U+3164"),
        ("evil\u2800.com", "U+2800"),
        ("St.\u200d Mary", "beside “.” in the name (U+200D)"),
        ("Run ❤\ufe0f. Fun", "beside “.” in the name (U+FE0F)"),
        ("Run\u200c/ Fun", "beside “/” in the name (U+200C)"),
        ("\u200d\ufe0f", "no letter that can be seen"),
    ],
)
def test_what_is_no_plain_name_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="name") as refused:
        clubs.club_name(text)
    assert reason in str(refused.value)
    assert clubs.known(text) == ""


UNSEEN = "\u200c\u200d\u034f\u180b\ufe00\ufe0e\ufe0f\U000e0100\u0335\u0338"
ADDRESSES = [
    "evil.com",
    "www.evil.com",
    "https://evil",
    "run24.de/join",
    "läufer.köln",
    "192.168.0.1",
]


@given(
    st.sampled_from(ADDRESSES), st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=4), st.data()
)
def test_nothing_unseen_makes_an_address_a_name(
    address: str, unseen: list[str], data: st.DataObject
) -> None:
    for one in unseen:
        place = data.draw(st.integers(0, len(address)))
        address = address[:place] + one + address[place:]
    with pytest.raises(ValueError, match=r"web address|invisible character"):
        clubs.club_name(address)


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
