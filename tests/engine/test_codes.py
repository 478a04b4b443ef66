"""Answers survive the way into a code and back, also through edits of the rulebook."""

from __future__ import annotations

import copy
import random
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import (
    ALPHABET,
    FIRST_DAY,
    CodeError,
    decode,
    encode,
    group_digits,
)
from questionnaire.rulebook.content import MAX_KEY
from questionnaire.rulebook.model import Rulebook
from tests.support.strategies import EDITS, answers_to, book_data, rulebooks

KEPT = Path(__file__).parent.parent / "data" / "codes.txt"


@given(st.data())
def test_answers_survive_the_way_into_a_code_and_back(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    assert decode(book, encode(book, answers)) == answers


@given(st.data())
def test_codes_outlive_edits(data: st.DataObject) -> None:
    before = data.draw(book_data())
    after = copy.deepcopy(before)

    @st.composite
    def edited(draw: st.DrawFn) -> None:
        for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)):
            edit(draw, after)

    data.draw(edited())
    old, new = Rulebook.model_validate(before), Rulebook.model_validate(after)
    answers = data.draw(answers_to(old))
    read = decode(new, encode(old, answers))
    assert read == answers
    words = {choice.key: choice.text for q in old.questions for choice in q.choices}
    still_asked = [c for q in new.questions for c in q.choices_in(read.ticked)]
    retired = new.retired_in(read.ticked)
    named = {c.key: c.text for c in still_asked} | {one.key: one.text for one in retired}
    assert named == {key: text for key, text in words.items() if answers.ticked >> key & 1}


def _longest(book: Rulebook) -> str:
    return encode(book, Answers(ticked=book.bits, day=date(2115, 9, 18)))


def test_codes_are_short(book: Rulebook) -> None:
    assert len(_longest(book)) <= 24


@given(st.data())
def test_every_slip_of_the_pen_is_found(book: Rulebook, data: st.DataObject) -> None:
    code = encode(book, data.draw(answers_to(book)))
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(CodeError):
                decode(book, code[:place] + wrong + code[place + 1 :])
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(CodeError):
                decode(book, swapped)


def test_how_often_two_slips_and_a_misread_letter_are_missed(book: Rulebook) -> None:
    """SECURITY.md says one in 3,400 and one in 120; these are bounds for one code."""
    chance = random.Random(18)  # noqa: S311
    code = encode(book, Answers(ticked=1 << 16 | 1 << 22 | 1 << 39, day=date(2026, 11, 4)))
    slips = []
    for _ in range(20_000):
        typed = list(code)
        for place in chance.sample(range(len(code)), 2):
            typed[place] = chance.choice(ALPHABET.replace(code[place], ""))
        slips.append("".join(typed))
    assert sum(map(partial(_is_read, book), slips)) < 20_000 / 1_000
    twice = [letter for letter in set(code) if code.count(letter) > 1]
    misread = [code.replace(one, other) for one in twice for other in ALPHABET if one != other]
    assert sum(map(partial(_is_read, book), misread)) <= max(1, len(misread) / 30)


def _is_read(book: Rulebook, code: str) -> bool:
    try:
        return bool(decode(book, code))
    except CodeError:
        return False


def test_no_code_is_longer_than_with_the_last_key(book: Rulebook) -> None:
    longest = encode(book, Answers(1 << MAX_KEY, FIRST_DAY))
    with pytest.raises(CodeError, match="does not know"):
        decode(book, longest)
    with pytest.raises(CodeError, match=f"too long: {len(longest) + 1} characters"):
        decode(book, f"0{longest}")


def test_a_cut_code_is_found(book: Rulebook) -> None:
    code = _longest(book)
    for length in range(1, len(code)):
        with pytest.raises(CodeError, match="wrong character, or a part of it is missing"):
            decode(book, code[:length])


@pytest.mark.parametrize(
    "spelling",
    [
        str.lower,
        group_digits,
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: code.replace("0", "O").replace("1", "I"),
    ],
)
def test_a_code_can_be_written_by_hand(book: Rulebook, spelling: object) -> None:
    assert callable(spelling)
    code = encode(book, Answers(ticked=1 << 16 | 1 << 22 | 1 << 39, day=date(2026, 11, 4)))
    assert {"0", "1"} <= set(code)
    assert decode(book, spelling(code)) == decode(book, code)


def test_answers_that_were_not_asked_are_dropped(book: Rulebook) -> None:
    forged = encode(book, Answers(ticked=1 << 16 | 1 << 27 | 1 << 35, day=date(2026, 11, 22)))
    assert decode(book, forged).ticked == 1 << 16 | 1 << 27


def test_a_code_of_another_rulebook_is_told_apart(book: Rulebook) -> None:
    other = book.model_copy(update={"id": "another-article"})
    code = encode(other, Answers(ticked=1 << 16, day=date(2026, 11, 22)))
    with pytest.raises(CodeError, match="another questionnaire"):
        decode(book, code)


@pytest.mark.parametrize(
    ("ticked", "reason"),
    [
        (1 << 600, "does not know"),
        (1 << 62, "does not know"),
        (1 << 27 | 1 << 22, "contradict each other"),
        (1 << 28 | 1 << 29, "contradict each other"),
    ],
)
def test_a_forged_code_is_not_guessed_at(book: Rulebook, ticked: int, reason: str) -> None:
    with pytest.raises(CodeError, match=reason):
        decode(book, encode(book, Answers(ticked=ticked, day=date(2026, 11, 22))))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2115, 9, 20)])
def test_a_day_that_does_not_fit_is_refused(book: Rulebook, day: date) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(book, Answers(ticked=0, day=day))


@pytest.mark.parametrize("line", KEPT.read_text().splitlines())
def test_codes_that_were_given_out_decode_for_ever(book: Rulebook, line: str) -> None:
    code, day, *keys = line.split()
    expected = Answers(ticked=sum(1 << int(key) for key in keys), day=date.fromisoformat(day))
    assert decode(book, code) == expected
