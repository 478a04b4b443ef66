"""A comment with its reason silences the warnings of its line, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaire.authoring.commands import rules
from tests.support.mistakes import MISTAKES

LINE = "  - {when: {bothers: knee}, cites: [glutes-knee]}"
WARNED = "the rule in line 63 does the same"
TEXT = MISTAKES["logic-covered-in-part"].file.decode()


def check(path: Path, line: str, *options: str) -> Result:
    path.write_text(TEXT.replace(LINE, line), "utf-8")
    assert line in path.read_text("utf-8")
    return CliRunner().invoke(rules, ["check", *options, str(path)])


@pytest.mark.parametrize(
    "line",
    [
        f"{LINE}   # silenced: the one below may go",
        f"  # silenced: the one below may go\n{LINE}",
        f"  # silenced: the one below may go\n  # and more\n{LINE}",
        f"{LINE}  #silenced: so be it",
    ],
)
def test_it_silences_the_warnings_of_one_line(tmp_path: Path, line: str) -> None:
    before, after = check(tmp_path / "a.yaml", LINE), check(tmp_path / "a.yaml", line)
    assert before.stdout.count("warning:") == 2
    assert after.stdout.count("warning:") == 1
    assert "citing this here" in after.stdout
    assert "0 errors, 1 warning, 1 silenced" in after.stderr


def test_strict_counts_it_as_no_problem_and_json_names_it(tmp_path: Path) -> None:
    path, silenced = tmp_path / "a.yaml", f"{LINE}   # silenced: it will go"
    text = TEXT.replace("quads-hips, glutes-knee]}", "quads-hips, glutes-knee]}  # silenced: so")
    path.write_text(text.replace(LINE, silenced), "utf-8")
    strict = CliRunner().invoke(rules, ["check", "--strict", str(path)])
    assert strict.exit_code == 0
    assert strict.stdout == ""
    assert strict.stderr == f"{path}: no problem found, 2 silenced\n"
    listed = json.loads(CliRunner().invoke(rules, ["check", "--json", str(path)]).stdout)
    assert [one["severity"] for one in listed["problems"]] == ["silenced", "silenced"]


def test_it_needs_a_reason(tmp_path: Path) -> None:
    result = check(tmp_path / "a.yaml", f"{LINE}  # silenced:")
    assert WARNED in result.stdout
    assert "62:52: warning: say why, after `silenced:`" in result.stdout


def test_it_cannot_silence_an_error(tmp_path: Path) -> None:
    line = "  - {when: {bothers: kneee}, cites: [glutes-knee]}   # silenced: I like it so"
    result = check(tmp_path / "a.yaml", line)
    assert "62:22: error:" in result.stdout
    assert "silences nothing" not in result.stdout, "an error may hide what it silences"


def test_one_with_nothing_to_silence_can_go(tmp_path: Path) -> None:
    result = check(tmp_path / "a.yaml", f"# silenced: an old matter\n\n{LINE}")
    assert "62:1: warning: this silences nothing: take it out" in result.stdout
