"""Compiled conditions agree with a plain walk, and the index tries only rules they can trigger."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from questionnaire.engine.assessment import Answers
from questionnaire.engine.conditions import (
    Clause,
    RuleIndex,
    compile_condition,
    find_reasons,
    keys_of,
)
from questionnaire.engine.evaluate import assess, fired_rules
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.rule import Condition, Rule
from tests.engine.test_engine import DAY, plain_reasons
from tests.support.nested_rulebook import QUESTIONS, nested_book, one_each

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
MANY = 6
QUESTION = Question(
    id="q",
    text="Q?",
    pick="several",
    choices=tuple(Choice(id=f"c{key}", key=key, text="C") for key in range(MANY)),
)
BOOK = Rulebook.model_construct(questions=(QUESTION,))
CHOICES = BOOK.choices
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
PART_WITHOUT_A_TRIGGER = CONDITION.validate_python(
    {"all": [{"q": ["c0", "c1"]}, {"any": [{"q": "c2"}, {"not": {"q": "c3"}}]}]}
)


@example(JOINED, 0b1101)
@example(EITHER, 0b1111)
@example(EITHER, 0b1101)
@given(conditions, st.integers(0, 2**MANY - 1))
def test_a_compiled_condition_agrees_with_a_plain_walk(condition: Condition, ticked: int) -> None:
    given = {pair for pair, choice in CHOICES.items() if choice.bit & ticked}
    pairs = plain_reasons(condition, given, BOOK)
    expected = None if pairs is None else sum(CHOICES[pair].bit for pair in pairs)
    assert find_reasons(compile_condition(condition, BOOK), ticked) == expected


@pytest.mark.parametrize(("ticked", "waits", "denies"), [(0b01, None, 0b01), (0b10, 0, None)])
def test_nothing_is_matched_where_no_rule_that_cites_holds(
    ticked: int, waits: int | None, denies: int | None
) -> None:
    rule = Rule.model_construct(when=CONDITION.validate_python({"q": "c0"}), cites=("a-link",))
    book = Rulebook.model_construct(questions=(QUESTION,), rules=(rule,))
    nothing = CONDITION.validate_python({"matched": "none"})
    assert find_reasons(compile_condition(nothing, book), ticked) == waits
    assert find_reasons(compile_condition(nothing, book, negated=True), ticked) == denies


def test_in_a_book_without_links_nothing_is_ever_matched() -> None:
    book = Rulebook.model_construct(questions=(QUESTION,), rules=())
    linked = {"not": {"matched": "none"}}
    never = CONDITION.validate_python({"all": [{"q": "c0"}, linked]})
    assert find_reasons(compile_condition(never, book), 1) is None
    assert find_reasons(compile_condition(never, book, negated=True), 1) == 0


@example([JOINED, EITHER], 0b1111)
@example([PART_WITHOUT_A_TRIGGER], 0b0001)
@given(st.lists(conditions, min_size=1, max_size=3), st.integers(0, 2**MANY - 1))
def test_the_index_fires_the_rules_whose_conditions_hold(
    rules: list[Condition], ticked: int
) -> None:
    compiled = [compile_condition(rule, BOOK) for rule in rules]
    reasons = {number: find_reasons(condition, ticked) for number, condition in enumerate(compiled)}
    holding = {number: bits for number, bits in reasons.items() if bits is not None}
    assert RuleIndex(enumerate(compiled)).fire(ticked) == holding


def test_only_rules_that_the_ticks_can_trigger_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = nested_book(chapters=3)
    tried: list[Clause] = []
    reasons = Clause.reasons

    def record(clause: Clause, ticked: int) -> int | None:
        tried.append(clause)
        return reasons(clause, ticked)

    monkeypatch.setattr(Clause, "reasons", record)
    answers = one_each(rulebook, 1, Random(1))  # noqa: S311
    assert assess(rulebook, Answers(answers, DAY)).findings
    chapter = sum(question.bits for question in rulebook.questions[QUESTIONS : 2 * QUESTIONS])
    masks = [mask for clause in tried for mask in (*clause.needs, clause.denied)]
    assert len(tried) > 5
    assert all(mask & chapter == mask for mask in masks)


def test_keys_are_the_positions_of_the_bits() -> None:
    assert keys_of(0) == []
    assert keys_of(1 << 0 | 1 << 1 | 1 << 7 | 1 << 4095) == [4095, 7, 1, 0]


def test_the_nested_book_says_nothing_to_nothing() -> None:
    assert fired_rules(nested_book(), Answers(0, DAY)) == []
