"""The box for a code reads what people really paste: chats, mails, paper and other links."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import CodeError, decode, encode, find_answers, group_digits
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import RunnerClient, read
from tests.support.strategies import answers_to

LINK = "https://club.example/r/"
INVISIBLE = [
    *"\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}\ufeff\N{WORD JOINER}",
    *"\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT OVERRIDE}\N{LEFT-TO-RIGHT ISOLATE}",
]
PASTED: dict[str, Callable[[str], str]] = {
    "a link": lambda code: LINK + code,
    "a link in capitals": lambda code: (LINK + code).upper(),
    "a link in small letters": lambda code: (LINK + code).lower(),
    "the line on paper": lambda code: f"Open it again: {LINK}{code} Code: {group_digits(code)}",
    "the code as printed": lambda code: f"Code: {group_digits(code)}",
    "the code as typed": lambda code: f"code {group_digits(code).lower()}",
    "a phone's dashes": lambda code: f"Code: {group_digits(code).replace('-', '–')}",
    "a wrapped link": lambda code: f"{LINK}{code[:7]}\r\n{code[7:]}\r\nSee you",
    "a link wrapped twice": lambda code: f"{LINK}\n{code[:5]}\n{code[5:9]}\n{code[9:]}",
    "a quoted mail": lambda code: f"> Hi\n> {LINK}{code[:7]}\n> {code[7:]}\n> Anna",
    "a pasted break": lambda code: f"{LINK}{code[:7]} {code[7:]} is mine",
    "words behind it": lambda code: f"{LINK}{code} see you there",
    "a dash behind it": lambda code: f"{LINK}{code}—see you",
    "a wrong link before it": lambda code: f"{LINK}ABC {LINK}{code}",
    "a cut link and its code": lambda code: f"{LINK}{code[:-2]}… Code: {group_digits(code)}",
}


def code_of(book: Rulebook, day: date = date(2026, 11, 26)) -> str:
    return encode(book, Answers(1 << 16 | 1 << 22 | 1 << 39, day))


@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("path", ["/r", "/r/{code}/with"])
def test_both_boxes_read_what_is_pasted(
    runner: RunnerClient, book: Rulebook, pasted: str, path: str
) -> None:
    code = code_of(book)
    sent = PASTED[pasted](code)
    address = path.format(code=code)
    answered = runner.client.post(address, data={"code": sent, "earlier": sent})
    assert answered.status_code == 303, read(answered).all(".error")
    assert answered.location == (f"/r/{code}/with/{code}" if "with" in path else f"/r/{code}")


@given(st.data())
def test_what_cannot_be_seen_does_not_matter(book: Rulebook, data: st.DataObject) -> None:
    answers = data.draw(answers_to(book))
    pasted = data.draw(st.sampled_from([LINK, "Code: ", ""])) + encode(book, answers)
    start = len(pasted) - len(encode(book, answers))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(start, len(pasted)))
        pasted = pasted[:place] + data.draw(st.sampled_from(INVISIBLE)) + pasted[place:]
    assert find_answers(book, pasted) == answers


def test_the_invisible_characters_of_these_tests_are_so() -> None:
    assert {unicodedata.category(one) for one in INVISIBLE} == {"Cf"}


def test_of_several_codes_the_latest_is_opened(book: Rulebook) -> None:
    days = [date(2026, 5, 3), date(2026, 11, 26), date(2026, 6, 1)]
    old, new, middle = (code_of(book, day) for day in days)
    for text in (
        f"{LINK}{new}/with/{old}",
        f"{LINK}{old}/with/{new}",
        f"{LINK}{old} {LINK}{new} {LINK}{middle}",
        f"Code: {old}\nCode: {group_digits(new)}",
    ):
        assert find_answers(book, text) == decode(book, new)


def test_of_one_day_the_first_is_opened(book: Rulebook) -> None:
    code, day = code_of(book), date(2026, 11, 26)
    other = encode(book, Answers(1 << 12, day))
    assert find_answers(book, f"{LINK}{other}/with/{code}") == decode(book, other)
    assert find_answers(book, f"{LINK}{code}/with/{other}") == decode(book, code)


@pytest.mark.parametrize(
    "text", ["Code: ABC", f"{LINK}ABC", f"{LINK}ABC Code: ABC", "\N{ZERO WIDTH SPACE}ABC"]
)
def test_a_wrong_code_is_told_without_its_surroundings(book: Rulebook, text: str) -> None:
    with pytest.raises(CodeError, match="a part of it is missing"):
        find_answers(book, text)


def test_nothing_but_invisible_characters_is_no_code(book: Rulebook) -> None:
    with pytest.raises(CodeError, match=r"There is no code\."):
        find_answers(book, "".join(INVISIBLE))


@pytest.mark.parametrize(
    "part", ["/r/", "/r/A ", "code:", "code: A\n", "code ", " ", "> ", "A", "A ", "-"]
)
def test_a_text_of_any_shape_takes_little_time(book: Rulebook, part: str) -> None:
    start = time.process_time()
    with pytest.raises(CodeError):
        find_answers(book, part * (100_000 // len(part)))
    assert time.process_time() - start < 1
