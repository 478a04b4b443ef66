"""Every rulebook in tests/rulebook/broken gets exactly the report it expects, right ones none.

A file ends with its report, in comments: `# expect: line:column: severity: message`. Where that
would not do (an empty file, a wrong encoding) the comments stand in a file `.expect` beside it.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
import yaml
from click.testing import CliRunner, Result

from questionnaire.authoring.commands import rules
from tests.conftest import ROOT
from tests.support.random_rulebooks import correct_book

BROKEN = sorted((ROOT / "tests" / "rulebook" / "broken").glob("*.yaml"))
CORRECT = [ROOT / "rules.yaml", *sorted((ROOT / "docs" / "examples").glob("*.yaml"))]


def check(path: Path, *options: str) -> Result:
    return CliRunner().invoke(rules, ["check", *options, str(path)])


def expected(path: Path) -> list[str]:
    beside = path.with_suffix(".expect")
    text = (beside if beside.exists() else path).read_text("utf-8", errors="replace")
    return re.findall(r"^# expect: (.+)$", text, re.MULTILINE)


def found(result: Result) -> list[str]:
    """Return the problems of a report, without the lines quoted under them."""
    return [line for line in result.stdout.splitlines() if not line.startswith(" ")]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_rulebook_gets_exactly_the_report_it_expects(path: Path) -> None:
    wanted = [f"{path}:{line}" for line in expected(path)]
    result = check(path)
    assert wanted
    assert found(result) == sorted(wanted, key=lambda line: ": warning: " in line)
    assert result.exit_code == int(any(": error: " in line for line in wanted))
    assert check(path, "--strict").exit_code == 1


def test_there_are_enough_of_each_sort() -> None:
    sorts = [path.stem.split("-")[0] for path in BROKEN]
    enough = {"form": 20, "ref": 20, "logic": 20, "safety": 8, "text": 10}
    assert {sort: sorts.count(sort) >= enough[sort] for sort in set(sorts)} == dict.fromkeys(
        enough, True
    )


@pytest.mark.parametrize("path", CORRECT, ids=lambda path: path.stem)
def test_a_right_rulebook_has_no_problem(path: Path) -> None:
    assert check(path, "--strict").stdout == ""
    assert check(path, "--strict").exit_code == 0


@pytest.mark.parametrize("seeds", [range(n, n + 50) for n in range(0, 200, 50)])
def test_rulebooks_that_are_right_by_construction_have_no_problem(
    tmp_path: Path, seeds: range
) -> None:
    for seed in seeds:
        random = Random(seed)  # noqa: S311  # a seed, so that a failure can be repeated
        book = correct_book(random, random.randint(4, 10), random.randint(6, 25))
        path = tmp_path / f"{seed}.yaml"
        path.write_text(yaml.dump(book, Dumper=yaml.CSafeDumper, sort_keys=False), "utf-8")
        result = check(path, "--strict")
        assert (result.stdout, result.exit_code) == ("", 0)
