"""What a coach's link may carry: a plain name, and answers that somebody could give."""

from __future__ import annotations

import itertools
import re
import unicodedata
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from questionnaire.rulebook.model import Rulebook
from questionnaire.web import links
from questionnaire.web.club_name import MAX_CLUB_NAME, club_name, club_name_or_empty
from tests.support.runner_client import NO_COMPLAINTS, RunnerClient, read


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
        ("City Runners 2024-25", "City Runners 2024-25"),
        ("Under 18 2024/25", "Under 18 2024/25"),
        ("Runners 2024 – 2025", "Runners 2024 – 2025"),
        ("Laufgruppe 1974-2024", "Laufgruppe 1974-2024"),
        ("Runners 2024\u22122025", "Runners 2024\u22122025"),
        ("Parkrun 5, 10 & 21.1 km", "Parkrun 5, 10 & 21.1 km"),
        ("Group 12 34 56", "Group 12 34 56"),
        ("تیم می\u200cدوم", "تیم می\u200cدوم"),
        ("के.एस.ए रनर्स", "के.एस.ए रनर्स"),
        ("Run ❤\ufe0f & 1\ufe0f\u20e3", "Run ❤\ufe0f & 1\ufe0f\u20e3"),
        ("Club Paral·lel", "Club Paral·lel"),
    ],
)
def test_a_plain_name_stays_as_it_is(text: str, name: str) -> None:
    assert club_name(text) == name


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
        ("NHS emergency line 0906 123 4567", "11 digits in a row"),
        ("1234567", "7 digits in a row"),
        ("0906-1234567", "11 digits in a row"),
        ("+44 (0)7700.900/123", "13 digits in a row"),
        ("0906\u2013123\u22124567", "11 digits in a row"),
        ("0906\u2022123_4567", "11 digits in a row"),
        ("٠٩٠٦ ١٢٣ ٤٥٦٧", "11 digits in a row"),
        ("०९०६१२३४५६७", "11 digits in a row"),
        ("０９０６１２３", "7 digits in a row"),
        ("①②③④⑤⑥⑦", "7 digits in a row"),
        ("❶❷❸❹❺❻❼", "7 digits in a row"),
        ("〇九〇六一二三", "7 digits in a row"),
        ("0\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e36\ufe0f\u20e3123", "7 digits in a row"),
        ("0906 2024-25 123", "13 digits in a row"),
        ("2012-34 567", "9 digits in a row"),
        ("22/11/2026", "8 digits in a row"),
        ("2026-11-22", "8 digits in a row"),
    ],
)
def test_what_is_no_plain_name_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="name") as refused:
        club_name(text)
    assert reason in str(refused.value)
    assert club_name_or_empty(text) == ""


BETWEEN = ["", "  ", " & ", " 📞 ", "\ufe0f\u20e3", *" -./()+,:_·\u00a0\u200d\u2022\uff0d\uff0e"]
BETWEEN += "\u2010\u2011\u2013\u2014\u2212"
"""What people put between the digits of a phone number, and what an attacker may."""

ZEROS = "0\u0660\u06f0\u0966\uff10\U0001d7ce"
"""Zero in several scripts; the other digits of each follow it."""


@given(st.data())
def test_no_phone_number_is_a_name(data: st.DataObject) -> None:
    digits = "0906" + data.draw(st.text("0123456789", min_size=3, max_size=11))
    zero = ord(data.draw(st.sampled_from(ZEROS)))
    between = st.sampled_from(BETWEEN)
    number = "".join(chr(zero + int(one)) + data.draw(between) for one in digits)
    before, after = data.draw(st.sampled_from([("NHS ", ""), ("", " call now"), ("", "")]))
    with pytest.raises(ValueError, match=r"digits in a row|web address|invisible character|60"):
        club_name(before + number + after)


@given(st.integers(1900, 2098), st.sampled_from(["-", "/", " – ", "\u2011", " & "]), st.booleans())
def test_every_season_may_stand_in_a_name(year: int, between: str, short: bool) -> None:
    name = f"City Runners {year}{between}{str(year + 1)[2 * short :]}"
    assert club_name(name) == name


@given(st.text(), st.text("0123456789 -./()٣", max_size=30))
def test_no_name_has_seven_digits_without_a_letter_between(text: str, number: str) -> None:
    name = unicodedata.normalize("NFKC", club_name_or_empty(text + number))
    for is_letter, row in itertools.groupby(name, str.isalpha):
        digits = "".join(one for one in row if one.isdecimal())
        years = re.search("(19|20)[0-9]{2}", digits)
        assert is_letter or len(digits) < 7 or years


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
        club_name(address)


@given(st.text())
def test_a_name_that_was_accepted_is_accepted_again(text: str) -> None:
    name = club_name_or_empty(text)
    assert club_name_or_empty(name) == name
    assert len(name) <= MAX_CLUB_NAME


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
    ticked = links.preset(book, link(sent))
    assert book.drop_unasked(ticked) == ticked
    assert {one.id for q in book.questions for one in q.choices_in(ticked)} == expected


def test_a_link_says_again_what_it_was_made_from(book: Rulebook) -> None:
    sent = link({"training": ["intensity", "distance"]})
    made = links.parameters(book, "City Runners", links.preset(book, sent))
    assert made == {"from": ["City Runners"], "training": ["distance", "intensity"]}
    assert links.parameters(book, "", 0) == {}


PHONE = "NHS emergency line 0906 123 4567"


def test_a_phone_number_in_a_link_shows_on_no_page(runner: RunnerClient) -> None:
    query = urlencode({"from": PHONE})
    codes = [runner.answer(bothers="knee").code, runner.answer(warnings="chest-now").code]
    paths = ["/", "/r", "/coach", "/poster", "/squad", "/rules", "/about", "/nowhere", "/r/ABC"]
    for code in codes:
        paths += [f"/r/{code}", f"/r/{code}/change", f"/r/{code.lower()}"]
    paths.append(f"/r/{codes[0]}/with/{codes[1]}")
    for path in paths:
        page = runner.get(f"{path}?{query}")
        assert "0906" not in page.response.text, path
    sent = runner.client.post("/", data=NO_COMPLAINTS | {"from": PHONE})
    assert "0906" not in sent.location
    assert "0906" not in runner.send({"from": PHONE}).response.text


def test_a_coach_is_told_what_is_wrong_with_a_name_and_may_mend_it(runner: RunnerClient) -> None:
    page = read(runner.client.post("/coach", data={"from": PHONE}))
    assert page.status == 422
    assert page.all("#from--error") == [
        "The name has 11 digits in a row, as a phone number has."
        " Use at most 6. A season such as 2024-25 is fine."
    ]
    (box,) = page.soup.select("input[name=from]")
    assert box["value"] == PHONE
