"""The solver proves of a rulebook what trying every answer finds, no more and no less."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
import yaml

from questionnaire.authoring.condition_checks import WARNINGS
from questionnaire.authoring.rule_checks import prove
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import parse_yaml
from tests.support.brute_force import BruteForce, Data, result, sendable, small_rulebook, without
from tests.support.mistakes import MISTAKES

KINDS = {"never", "hidden", "always", "stopped", "link", "group", "notice", "advice"}
KINDS |= {"unused", "required", "removes", "groundless", *WARNINGS}

REDUNDANT = {"never", "hidden", "always-part", "absorbed", "covered"}
"""The kinds of flaw whose rule or part does nothing, so that it can go."""


def random_data(seed: int) -> Data:
    return small_rulebook(Random(seed))  # noqa: S311  # a seed, so that a failure can be repeated


@pytest.mark.parametrize("seed", range(100))
def test_the_proofs_agree_with_trying_every_answer(seed: int) -> None:
    rulebook = Rulebook.model_validate(random_data(seed))
    flaws = Counter((flaw.kind, flaw.path) for flaw in prove(rulebook))
    assert flaws == Counter(BruteForce(rulebook).flaws())


@pytest.mark.parametrize("seed", range(100))
def test_a_redundant_part_can_go_and_nothing_changes(seed: int) -> None:
    data = random_data(seed)
    rulebook = Rulebook.model_validate(data)
    for flaw in prove(rulebook):
        less = without(data, flaw.path) if flaw.kind in REDUNDANT else None
        for ticked in {*sendable(rulebook), *sendable(less)} if less else ():
            assert result(less or rulebook, ticked) == result(rulebook, ticked), flaw


def test_those_rulebooks_have_every_kind_of_flaw() -> None:
    rulebooks = [Rulebook.model_validate(random_data(seed)) for seed in range(100)]
    assert {flaw.kind for rulebook in rulebooks for flaw in prove(rulebook)} == KINDS


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
    data: Any = parse_yaml(MISTAKES["logic-always"].file).data
    data["rules"][2:3] = [yaml.safe_load(rule)]
    data["notices"].append({**data["notices"][0], "id": "doctor"})
    data["claims"].append({**data["claims"][0], "id": "new"})
    rulebook = Rulebook.model_validate(data)
    assert [flaw for flaw in prove(rulebook) if flaw.path[:2] == ("rules", 2)] == []
