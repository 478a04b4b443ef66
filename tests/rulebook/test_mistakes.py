"""Every kind of mistake gets exactly the report that it should, and right rulebooks get none."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml

from questionnaire.authoring.commands import check_rulebook
from tests.conftest import ROOT
from tests.support.mistakes import BOOK, MISTAKES
from tests.support.random_rulebooks import unusual_book

CORRECT = [ROOT / "rules.yaml", *sorted((ROOT / "docs" / "examples").glob("*.yaml"))]


def check(path: Path) -> list[str]:
    return [f"{p.line}:{p.column}: {p.severity}: {p.message}" for p in check_rulebook(path)]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mistakes") / "book.yaml"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_exactly_its_report(book: Path, name: str) -> None:
    book.write_bytes(MISTAKES[name].file)
    assert tuple(check(book)) == MISTAKES[name].report
    assert MISTAKES[name].report


SEVERAL = {
    *("form-counts-as", "form-example-answer-empty", "form-ids-without-a-letter"),
    *("form-choices-as-words", "logic-covered-in-part", "logic-example-advice"),
    *("logic-example-groups", "logic-example-nobody", "logic-example-notices", "ref-example"),
    *("ref-group-hurts-if", "ref-question-twice-and-a-typo", "ref-several-at-once"),
    *("text-days-to-come", "text-left-from-the-starter", "text-stand-ins"),
}
"""The entries that make several mistakes, each with a cause of its own."""
NO_KEY = {"form-key-not-a-word"}
"""A key in brackets is not known to be the one that is missing."""


def test_a_mistake_is_one_problem() -> None:
    found = {name for name, mistake in MISTAKES.items() if len(mistake.report) > 1}
    assert found == SEVERAL | NO_KEY


def test_there_are_enough_of_each_sort() -> None:
    sorts = [name.split("-")[0] for name in MISTAKES]
    enough = {"form": 150, "ref": 60, "logic": 50, "safety": 15, "text": 30}
    assert {sort: sorts.count(sort) >= enough[sort] for sort in set(sorts)} == dict.fromkeys(
        enough, True
    )


def test_the_book_without_a_mistake_has_no_problem(book: Path) -> None:
    book.write_text(BOOK, "utf-8")
    assert check(book) == []


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_a_right_rulebook_has_no_problem(path: Path) -> None:
    assert check(path) == []


@pytest.mark.parametrize("seeds", [range(n, n + 50) for n in range(0, 200, 50)])
def test_rulebooks_that_are_right_by_construction_have_no_problem(book: Path, seeds: range) -> None:
    for seed in seeds:
        random = Random(seed)  # noqa: S311  # a seed, so that a failure can be repeated
        text = yaml.dump(
            unusual_book(random),
            Dumper=yaml.CSafeDumper,
            sort_keys=random.random() < 0.2,
            default_flow_style=random.choice([None, True, False]),
            width=random.choice([60, 10_000]),
            allow_unicode=True,
        )
        book.write_text(text, "utf-8")
        assert check(book) == []
