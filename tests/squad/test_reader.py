"""More formats and habits than the cases have, which results are one runner's, and the bounds."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.pasted_text import redirect_target
from questionnaire.squad.runner_names import sort_key
from questionnaire.squad.sheet_blocks import stop_notices
from questionnaire.squad.squad import SquadError, parse_squad

FORMATS = Path(__file__).with_name("formats.txt").read_bytes().decode()
BLOCKS = re.findall(r"^=== (.*)\n([\s\S]*?)\n--- (.*)$", FORMATS, re.MULTILINE)
LINK = "https://run.example.org/r/800290420004VN0A9BSV"
OTHER = "https://run.example.org/r/C4HG20004VN0A9GDE"
STOP = "https://run.example.org/r/24VN0A9XFG"
OLD = "https://run.example.org/r/6GG4A0004VN09404A"


def names(book: Rulebook, text: str) -> list[str | None]:
    return [one.name if one.named else None for one in parse_squad(book, text).runners]


@pytest.mark.parametrize(("text", "wanted"), [b[1:] for b in BLOCKS], ids=[b[0] for b in BLOCKS])
def test_names_come_from_where_people_put_them(book: Rulebook, text: str, wanted: str) -> None:
    assert names(book, text) == [None if name == "-" else name for name in wanted.split("|")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Anna {LINK}\nBen {LINK}", ["Anna", "Ben"]),
        (f"{LINK}\n{LINK}", [None, None]),
        (f"{LINK}\nAnna {LINK}", ["Anna"]),
        (f"Anna B. {LINK}\nAnna Berg {LINK}\nanna berg {OLD}", ["Anna Berg"]),
        (f"Anna B. {LINK}\nAnna Berg {OTHER}", ["Anna B.", "Anna Berg"]),
        (f"Ana B. {LINK}\nAna Berg {LINK}\nAna Bo {LINK}", ["Ana B.", "Ana Berg", "Ana Bo"]),
        (f"Anna {LINK}\nANNA {OLD}", ["Anna"]),
        (f"Zo\u00eb {LINK}\nZoe\u0308 {OLD}", ["Zo\u00eb"]),
    ],
)
def test_which_results_are_one_runner(book: Rulebook, text: str, wanted: list[str | None]) -> None:
    assert names(book, text) == wanted


@pytest.mark.parametrize("lines", [(OLD, LINK), (LINK, OLD)])
def test_the_newest_day_counts_whatever_the_order(book: Rulebook, lines: tuple[str, str]) -> None:
    (runner,) = parse_squad(book, "\n".join(f"Anna {link}" for link in lines)).runners
    assert LINK.endswith(runner.code)
    assert [code for code, _ in runner.older] == [OLD.rpartition("/")[2]]


@pytest.mark.parametrize("lines", [(STOP, LINK), (LINK, STOP)])
def test_a_stop_of_the_same_day_stays_in_view(book: Rulebook, lines: tuple[str, str]) -> None:
    squad = parse_squad(book, "\n".join(f"Anna {link}" for link in lines))
    (runner,) = squad.runners
    assert lines[1].endswith(runner.code)
    assert STOP.endswith(runner.shown.code)
    assert [code for code, _ in runner.older] == [LINK.rpartition("/")[2]]
    assert runner.stopped
    assert not runner.findings
    assert [runners for _, runners in stop_notices(book, squad)] == [[runner]]


def test_same_answers_of_two_people_are_marked(book: Rulebook) -> None:
    text = f"Anna {LINK}\nBen {LINK}\n{STOP}\nCleo {OTHER}"
    anna, ben, nameless, cleo = parse_squad(book, text).runners
    assert (anna.same_answers, ben.same_answers) == (("Ben",), ("Anna",))
    assert (nameless.label, nameless.same_answers) == ("Runner 1 (line 3)", ())
    assert cleo.same_answers == ()


def test_what_others_sent_on_is_no_named_runners_with_the_same_answers(book: Rulebook) -> None:
    said = ["Gus: for Hana", "Ana:", "Lee: my wife's", "Ana: and"]
    text = "\n".join(f"22/11/2026, 18:3{n} - {one} {STOP}" for n, one in enumerate(said))
    found = [(one.label, one.same_answers) for one in parse_squad(book, text).runners]
    gus, lee = "Runner 1 (line 1, sent by Gus)", "Runner 2 (line 3, sent by Lee)"
    assert found == [(gus, ("Ana", lee)), ("Ana", (gus, lee)), (lee, (gus, "Ana"))]


def test_nobody_without_a_stop_is_said_to_have_the_answers_of_one(book: Rulebook) -> None:
    text = f"Anna {STOP}\nAnna {LINK}\nBen {LINK}\nCleo {STOP}"
    squad = parse_squad(book, text)
    assert [one.same_answers for one in squad.runners] == [("Cleo",), (), ("Anna",)]


def test_who_sent_another_persons_result_is_told_beside_its_number(book: Rulebook) -> None:
    text = f"22/11/2026, 18:30 - Anna Berg: {LINK} from Zoe\n\n{OTHER}"
    labels = [one.label for one in parse_squad(book, text).runners]
    assert labels == ["Runner 1 (line 1, sent by Anna Berg)", "Anna Berg"]
    assert names(book, f"{labels[0]} {LINK}") == [None]


@pytest.mark.parametrize("words", [" and also ", "\nAnd the other one\n"])
def test_a_second_result_after_other_words_is_not_surely_the_senders(
    book: Rulebook, words: str
) -> None:
    message = f"22/11/2026, 18:30 - Anna Berg: {LINK}"
    assert names(book, f"{message}{words}{OTHER}") == ["Anna Berg", None]
    assert names(book, f"{message}{words}{LINK}") == ["Anna Berg"]


def test_names_sort_as_a_reader_expects() -> None:
    people = ["Zoe", "Åsa", "Élodie", "anna", "Öykü", "Ben", "Łucja", "Lea"]
    wanted = ["anna", "Åsa", "Ben", "Élodie", "Lea", "Łucja", "Öykü", "Zoe"]
    assert sorted(people, key=sort_key) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "https://youtu.be/dQw4w9WgXcQ",
        "https://www.reddit.com/r/running/comments/1abc/x",
        "DE89370400440532013000",
        "+447700900123",
        "550e8400-e29b-41d4-a716-446655440000",
        "JJD000390007712345678",
        "w/r/t the 10 km on 22.11.2026 at 18:30",
    ],
)
def test_other_numbers_and_links_are_no_mistyped_codes(book: Rulebook, line: str) -> None:
    squad = parse_squad(book, line)
    assert not squad.unread
    assert squad.chatter == 1


@pytest.mark.parametrize(
    "mistyped",
    [
        "24VN0A9XF2",
        "80029-04200-04VN0-A9BS2",
        "80029 04200 04VN0 A9BS2",
        "https://run.example.org/r/24VN0A",
        "https://run.example.org/r/",
        "ACWA0A3RS0",
    ],
)
def test_what_looks_like_a_result_is_counted_with_its_name(book: Rulebook, mistyped: str) -> None:
    squad = parse_squad(book, f"Jonas {mistyped}\n{LINK}")
    assert [(one.line, one.name) for one in squad.unread] == [(1, "Jonas")]
    assert [one.named for one in squad.runners] == [False]


def test_an_address_of_our_own_is_no_redirect() -> None:
    own = f"{LINK}?from=https://club.example.org/r/x"
    assert redirect_target(own) == own


# fmt: off
HOSTILE = [
    "/r/A ", "4VN0A9 ", "4VN0A9XFG ", "24VN0A9XFG\n", "x ", "Anna Berg hello there\n", "<a ",
    "<a href='", '<a href="> ', "<a>", "<!--", "<tr><td>x", "&amp;", "=3D", "=\n", ',"\n', '"a\n',
    "> ", ">\n", "https://a.b/?url=https%3A%2F%2Fb.c%2Fr%2F ", "%2F", "a.a.", "On 1, ", "18:30 ",
    "22/11/26, 18:30 - Anna: hi\n", "Anna\n", "a,b;", "|", "a\t", "\n", "((((", "[a](", "\u200d",
    "wrote: ", "1. ", "AB123 CD456 ", "1AB23-", "https://u.example/r/24VN0A\n", "=C3=A9\n",
    f"Anna {LINK}\n", "=?u?Q?x?=", "p. m. ", "1 1 ", "https://u.example/r/x/with/y ", "_", "'\"",
    "https://urldefense.com/v3/__",
    f'",{"x" * 48},"\n',
]
# fmt: on


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_time_grows_with_the_length_alone(book: Rulebook, piece: str) -> None:
    text = (piece * (1_000_000 // len(piece)))[:1_000_000]
    start = time.process_time()
    with suppress(SquadError):
        parse_squad(book, text)
    assert time.process_time() - start < 3  # less than one on a machine that does nothing else


def test_a_thousand_results_are_read_and_no_more(book: Rulebook) -> None:
    knee = book.question("bothers").choices[5].bit
    codes = [encode(book, Answers(knee, FIRST_DAY + timedelta(days=n))) for n in range(1001)]
    text = "".join(f"Anna {code}\n" for code in codes[:1000])
    (anna,) = parse_squad(book, text * 2).runners
    assert len(anna.older) == 999
    with pytest.raises(SquadError, match="1,000 different links or codes"):
        parse_squad(book, f"{text}Anna {codes[1000]}")


@pytest.mark.parametrize("piece", [f"Anna {LINK}\n", f"{STOP} ", "24VN0A9XFG, ", "24VN0A9XF2 "])
def test_links_that_repeat_are_counted_once_but_not_without_end(book: Rulebook, piece: str) -> None:
    """The file of last month holds each result three times, so that of three months holds many."""
    squad = parse_squad(book, piece * 5000)
    assert len(squad.runners) + len(squad.unread) == 1
    with pytest.raises(SquadError, match="5,000 links or codes"):
        parse_squad(book, piece * 10_001)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{LINK}\n" * 10_000, "5,000 links or codes"),
        ("AB1CD2EF3GH\n" * 10_001, "5,000 links or codes"),
        ("a\n" * 20_001, "20,000 lines"),
        ("<b>a</b>" * 10_001, "20,000 HTML tags"),
        ("".join(f"R{n} {LINK}\n" for n in range(301)), "300 results"),
    ],
    ids=["links", "mistyped", "lines", "tags", "runners"],
)
def test_what_no_squad_can_have_sent_is_refused(book: Rulebook, text: str, words: str) -> None:
    with pytest.raises(SquadError, match=words):
        parse_squad(book, text)


@pytest.mark.parametrize(("names_above", "wanted"), [(1_998, ["Zoe"]), (2_000, [None])])
def test_a_link_far_below_thousands_of_names_has_none(
    book: Rulebook, names_above: int, wanted: list[str | None]
) -> None:
    assert names(book, "Anna\n" * names_above + f"Zoe\n{LINK}\n") == wanted
