"""Every result in a paste stands under the right name, or under a number: never another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.message_headers import FORMATS, HeaderFormat, compiled, read_header
from questionnaire.squad.squad import parse_squad
from tests.support.squad_cases import CASES, Case, figures, right_rows, swapped, wrong_people

LINK = "https://run.example.org/r/"
PEOPLE = ("Anna Berg", "Ben Okafor", "Chloé Dubois", "Jonas Weiß", "Elif Yılmaz", "Mia O'Neill")
CHATTER = (
    "see you at the track",
    "my calf is fine again, thanks!",
    "who has the key?",
    "https://youtu.be/dQw4w9WgXcQ",
    "👍",
    "  ",
    "that was 12 km in 61 minutes",
    "<Media omitted>",
)
LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "export": lambda name, link: f"22/11/2026, 18:30 - {name}: {link}",
    "export, link below": lambda name, link: f"[22.11.26, 18:30:05] {name}: here is mine\n{link}",
    "web": lambda name, link: f"[6:30 PM, 11/22/2026] {name}: {link}",
    "telegram": lambda name, link: f"{name}, [22.11.2026 18:30]\n{link}\n",
    "discord": lambda name, link: f"{name} — Today at 18:30\n{link}",
    "mail": lambda name, link: f"From: {name} <a@example.org>\nSubject: mine\n\n{link}\n",
    "list": lambda name, link: f"- {name}: {link}",
    "columns": lambda name, link: f"{link}\t{name}",
    "name above": lambda name, link: f"{name}\n{link}\n",
    "name below": lambda name, link: f"{link}\n{name}\n",
}


@pytest.fixture(scope="session")
def codes(book: Rulebook) -> list[str]:
    """A code for each of the people, no two alike."""
    choices = book.question("bothers").choices
    pairs = product(choices, range(len(PEOPLE)))
    answers = (Answers(one.bit, FIRST_DAY + timedelta(days=n)) for one, n in pairs)
    return [encode(book, one) for one in answers][: len(PEOPLE)]


def named(book: Rulebook, text: str) -> dict[str, str]:
    """The name of each code in a text."""
    return {one.code: one.label for one in parse_squad(book, text).runners}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_row_comes_out_right(book: Rulebook, case: Case) -> None:
    squad = parse_squad(book, case.text)
    assert right_rows(case, squad) == len(case.rows) == len(squad.runners)
    assert not wrong_people(case, squad)


def test_the_figures_count_what_is_right(book: Rulebook) -> None:
    assert figures(book).splitlines() == [
        f"cases right in every row: {len(CASES)} of {len(CASES)}",
        f"rows right: {(rows := sum(len(case.rows) for case in CASES))} of {rows}",
        "wrong person: 0",
        "runners who do not exist: 0",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_cut_anywhere_names_nobody_else(book: Rulebook, case: Case) -> None:
    whole = case.text.encode()
    for place in range(0, len(whole), 10):
        for part in (whole[:place], whole[place:]):
            squad = parse_squad(book, part.decode(errors="ignore"))
            assert not swapped(case, squad), part


@pytest.mark.parametrize("header", FORMATS, ids=lambda one: one.example)
def test_every_format_reads_its_example(header: HeaderFormat) -> None:
    match = compiled(header.pattern).match(header.example)
    assert match is not None
    assert header.name(match["name"]) == "Anna Berg"
    read = read_header(header.example)
    assert read is not None
    assert (read.sender, read.quotes) == ("Anna Berg", header.quotes)


@given(st.data())
def test_the_order_of_messages_never_swaps_their_names(
    book: Rulebook, codes: list[str], data: st.DataObject
) -> None:
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))]
    people = data.draw(st.permutations(list(zip(PEOPLE, codes, strict=True))))
    text = "\n".join(layout(name, LINK + code) for name, code in people)
    assert named(book, text) == {code: name for name, code in people}


@given(st.data())
def test_messages_of_several_programs_keep_their_names(
    book: Rulebook, codes: list[str], data: st.DataObject
) -> None:
    headed = [one for one in LAYOUTS if one not in ("columns", "list", "name above", "name below")]
    messages = [
        LAYOUTS[data.draw(st.sampled_from(headed))](name, LINK + code)
        for name, code in zip(PEOPLE, codes, strict=True)
    ]
    text = "\n".join(data.draw(st.permutations(messages)))
    assert named(book, text) == dict(zip(codes, PEOPLE, strict=True))


@given(st.data())
def test_chatter_adds_and_renames_nobody(
    book: Rulebook, codes: list[str], data: st.DataObject
) -> None:
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))]
    blocks = [layout(name, LINK + code) for name, code in zip(PEOPLE, codes, strict=True)]
    lines = "\n".join(blocks).split("\n")
    for chatter in data.draw(st.lists(st.sampled_from(CHATTER), max_size=8)):
        lines.insert(data.draw(st.integers(0, len(lines))), chatter)
    squad = parse_squad(book, "\n".join(lines))
    assert {one.code: one.label for one in squad.runners} == dict(zip(codes, PEOPLE, strict=True))
    assert not squad.unread


@given(st.data())
def test_a_chat_cut_anywhere_names_nobody_else(
    book: Rulebook, codes: list[str], data: st.DataObject
) -> None:
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))]
    text = "\n".join(layout(name, LINK + code) for name, code in zip(PEOPLE, codes, strict=True))
    place = data.draw(st.integers(0, len(text)))
    rows = tuple(((name,), code) for name, code in zip(PEOPLE, codes, strict=True))
    for part in (text[:place], text[place:]):
        assert not swapped(Case("", part, rows), parse_squad(book, part))


@given(st.data())
def test_a_broken_link_loses_no_other_result(
    book: Rulebook, codes: list[str], data: st.DataObject
) -> None:
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))]
    kept = data.draw(st.lists(st.integers(1, 12), min_size=len(codes), max_size=len(codes)))
    broken = {code: code[:end] for code, end in zip(codes, kept, strict=True) if end < 9}
    text = "\n".join(
        layout(name, LINK + broken.get(code, code))
        for name, code in zip(PEOPLE, codes, strict=True)
    )
    squad = parse_squad(book, text)
    assert {one.code for one in squad.runners} == set(codes) - set(broken)
    assert len(squad.unread) == len(broken)
    rows = tuple(((name,), code) for name, code in zip(PEOPLE, codes, strict=True))
    assert not swapped(Case("", text, rows), squad)


@given(st.text(max_size=300))
def test_no_text_raises_or_makes_a_runner(book: Rulebook, text: str) -> None:
    assert not parse_squad(book, text).runners
