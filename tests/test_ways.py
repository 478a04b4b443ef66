"""Conditions as bits, and the index by which only rules that the ticks touch are tried."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bench import peers
from questionnaire.engine.assessment import Answers
from questionnaire.engine.conditions import Index, Way, keys, ways
from questionnaire.engine.evaluate import assess, fired
from questionnaire.rulebook.model import Choice
from questionnaire.rulebook.rule import Condition
from tests.support.nested_rulebook import QUESTIONS, nested_book, one_each
from tests.test_engine import DAY, witness

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
MANY = 6
CHOICES = {("q", f"c{key}"): Choice(id=f"c{key}", key=key, text="C") for key in range(MANY)}
has = st.lists(st.sampled_from([name for _, name in CHOICES]), min_size=1, max_size=3)
conditions: st.SearchStrategy[Condition] = st.recursive(
    has.map(lambda names: {"q": names}),
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        part.map(lambda one: {"not": one}),
    ),
    max_leaves=12,
).map(CONDITION.validate_python)


C0_NOT_C1 = {"all": [{"q": "c0"}, {"not": {"q": "c1"}}]}
JOINED = CONDITION.validate_python(
    {"all": [{"all": [{"q": "c0"}, {"any": [{"q": "c1"}, {"not": {"q": "c2"}}]}]}, {"q": "c3"}]}
)
EITHER = CONDITION.validate_python(
    {"all": [{"any": [C0_NOT_C1, {"all": [{"q": "c2"}, {"q": "c3"}]}]}, {"not": {"q": "c4"}}]}
)


@example([JOINED], 0b1101)
@example([EITHER], 0b1111)
@given(st.lists(conditions, min_size=1, max_size=3), st.integers(0, 2**MANY - 1))
def test_rules_fire_with_the_ticks_that_make_them_hold(rules: list[Condition], ticked: int) -> None:
    given = {pair for pair, choice in CHOICES.items() if choice.bit & ticked}
    found = {number: witness(rule, given) for number, rule in enumerate(rules)}
    assert Index(ways(rule, CHOICES) for rule in rules).fire(ticked) == {
        number: sum(CHOICES[pair].bit for pair in pairs)
        for number, pairs in found.items()
        if pairs is not None
    }


def test_only_rules_that_the_ticks_touch_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    book = nested_book(chapters=3)
    tried: list[Way] = []
    witness = Way.witness

    def noted(way: Way, ticked: int) -> int | None:
        tried.append(way)
        return witness(way, ticked)

    monkeypatch.setattr(Way, "witness", noted)
    answers = one_each(book, 1, Random(1))  # noqa: S311
    assert assess(book, Answers(answers, DAY)).findings
    chapter = sum(question.bits for question in book.questions[QUESTIONS : 2 * QUESTIONS])
    masks = [mask for way in tried for mask in (*way.needs, way.denied)]
    assert len(tried) > 5
    assert all(mask & chapter == mask for mask in masks)


def test_keys_are_the_places_of_the_bits() -> None:
    assert list(keys(0)) == []
    assert list(keys(1 << 0 | 1 << 1 | 1 << 7 | 1 << 4095)) == [0, 1, 7, 4095]


def test_the_nested_book_says_nothing_to_nothing() -> None:
    assert fired(nested_book(), Answers(0, DAY)) == []


def test_a_peer_that_is_not_installed_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "PEERS", {"some-engine": "no_such_module"})
    with pytest.raises(peers.MissingError, match="missing: some-engine: pip install -r bench/"):
        peers.peers(nested_book())
