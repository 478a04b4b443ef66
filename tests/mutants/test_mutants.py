"""The edits of `make mutants` are still edits of this project."""

from __future__ import annotations

from collections import Counter

from tests.conftest import ROOT
from tests.mutants.data import mutants

MUTANTS = mutants()


def test_there_are_as_many_as_promised() -> None:
    assert len([one for one in MUTANTS if not one.harmless]) >= 150


def test_what_is_replaced_stands_in_its_file_once() -> None:
    texts = {name: (ROOT / name).read_text("utf-8") for name in {one.file for one in MUTANTS}}
    wrong = [f"{one.file}: {one.promise}" for one in MUTANTS if texts[one.file].count(one.old) != 1]
    assert wrong == []


def test_each_changes_something_and_once() -> None:
    assert [one.promise for one in MUTANTS if one.old == one.new] == []
    edits = Counter((one.file, one.old, one.new) for one in MUTANTS)
    assert [edit for edit, number in edits.items() if number > 1] == []


def test_the_tests_that_must_notice_are_there() -> None:
    named = {name.partition("::") for one in MUTANTS for name in one.tests}
    files = {file: (ROOT / file).read_text("utf-8") for file, _, _ in named}
    lost = [name for file, _, name in sorted(named) if f"def {name}" not in files[file]]
    assert lost == []
    assert all(one.tests for one in MUTANTS)


def test_each_says_what_it_breaks() -> None:
    assert [one.promise for one in MUTANTS if len(one.promise.split()) < 3] == []
    assert [one.promise for one in MUTANTS if one.promise.endswith(".")] == []
