"""The solver proves of a rulebook what trying every answer finds, no more and no less."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
import yaml

from questionnaire.authoring.proofs import prove
from questionnaire.authoring.redundancy import WARNINGS
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import read
from tests.brute import Brute, Data, result, sent, small_book, without
from tests.conftest import ROOT

KINDS = {"never", "hidden", "always", "stopped", "link", "group", "notice", "advice"}
KINDS |= {"unused", "required", "removes", "groundless", *WARNINGS}


BROKEN = ROOT / "tests" / "broken"
IDLE = {"never", "hidden", "always-part", "covered"}
"""The kinds of flaw whose rule or part does nothing, so that it can go."""


def book_of(seed: int) -> Data:
    return small_book(Random(seed))  # noqa: S311  # a seed, so that a failure can be repeated


@pytest.mark.parametrize("seed", range(100))
def test_the_proofs_agree_with_trying_every_answer(seed: int) -> None:
    book = Rulebook.model_validate(book_of(seed))
    flaws = prove(book)
    assert Counter((flaw.kind, flaw.path) for flaw in flaws) == Counter(Brute(book).found())


@pytest.mark.parametrize("seed", range(100))
def test_what_is_called_idle_can_go_and_nothing_changes(seed: int) -> None:
    data = book_of(seed)
    book = Rulebook.model_validate(data)
    for flaw in prove(book):
        less = without(data, flaw.path) if flaw.kind in IDLE else None
        for ticked in {*sent(book), *sent(less)} if less else ():
            assert result(less or book, ticked) == result(book, ticked), flaw


def test_those_books_have_every_kind_of_flaw() -> None:
    books = [Rulebook.model_validate(book_of(seed)) for seed in range(100)]
    assert {flaw.kind for book in books for flaw in prove(book)} == KINDS


@pytest.mark.parametrize(
    "rule",
    [
        "{when: {all: [{warnings: numb}, {not: {warnings: chest}}]}, raises: doctor}",
        "{when: {all: [{warnings: numb}, {bothers: [knee, hips, nothing]}]}, raises: doctor}",
        "{when: {not: {not: {bothers: hips}}}, cites: [new]}",
        "{when: {not: {all: [{not: {bothers: knee}}, {not: {bothers: hips}}]}}, cites: [new]}",
    ],
)
def test_a_part_that_matters_is_no_flaw(rule: str) -> None:
    data: Any = read(BROKEN / "logic-always.yaml").data
    data["rules"][2:3] = [yaml.safe_load(rule)]
    data["notices"].append({**data["notices"][0], "id": "doctor"})
    data["claims"].append({**data["claims"][0], "id": "new"})
    book = Rulebook.model_validate(data)
    assert [flaw for flaw in prove(book) if flaw.path[:2] == ("rules", 2)] == []
