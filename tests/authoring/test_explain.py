"""What `explain` says of answers: the rules that fired, the result, and why others did not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.authoring.test_commands import mistaken, run
from tests.conftest import ROOT


def test_explain_shows_the_rules_with_their_lines_and_the_order() -> None:
    result = run("explain", "knee, hips, glutes-off", "--rules", ROOT / "rules.yaml")
    lines = (ROOT / "rules.yaml").read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "{bothers: knee}, cites" in line)
    assert f"line {number}: knee → cites glutes-knee, quads-knees, hamstrings-knee" in result.stdout
    assert "1. glutes: 2 links, the firmest “stated”" in result.stdout
    assert "2. quads: 2 links, the firmest “can”, joint with hamstrings" in result.stdout
    assert "Required and not answered: any-warnings, training" in result.stdout


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ("G04020004VN0A5MD0", "Ticked: any-warnings:none, nothing, training:none"),
        (
            "http://127.0.0.1:8000/r/G04020004VN0A5MD0?from=A,B",
            "Ticked: any-warnings:none, nothing, training:none",
        ),
        (" g0402-0004v-n0a5m-d0", "Ticked: any-warnings:none, nothing, training:none"),
        ("Knee", "Ticked: knee"),
        ("a weak core", "Ticked: weak-core"),
        ("noticed:none", "Ticked: noticed:none"),
        ("knee, I ran as planned, but with a problem", "Ticked: knee, full-with-problem"),
        ("nothing, could-not-run", "Ignored, because not asked: could-not-run"),
        ("chest-now", "A stop notice replaces the result"),
        ("could-not-run, hips", "Cautions above the result"),
        ("", "No muscle group: no link is matched"),
    ],
)
def test_explain_reads_ids_words_and_results_codes(answers: str, line: str) -> None:
    assert line in run("explain", answers, "--rules", ROOT / "rules.yaml").stdout.splitlines()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("kneee", 'there is no choice "kneee"; did you mean "knee"?'),
        ("none", "a choice of several questions: write any-warnings:none or training:none"),
        ("kneee, hips", '"kneee"; did you mean "knee"?\n'),
        ("knee, nothing", '"nothing" of "bothers" excludes knee: leave out one side'),
        ("knee, full, reduced", '"effect" takes one answer only: full or reduced'),
        ("G04020004VN0A5MD1", "nor is it a results code: It has a wrong character"),
        ("http://x/r/G04020004VN0A5MD", "a part of it is missing. Copy the whole link again"),
        ("http://x/r/", "no “:”. Copy the whole link again"),
    ],
)
def test_explain_says_what_it_cannot_read(answers: str, message: str) -> None:
    result = run("explain", answers, "--rules", ROOT / "rules.yaml")
    assert message in result.stderr
    assert result.exit_code == 1


CYCLING = ROOT / "docs" / "examples" / "cycling.yaml"


@pytest.mark.parametrize("text", ["G04020004VN0A5MD0", "https://x/r/G04020004VN0A5MD0"])
def test_explain_says_that_a_result_is_of_another_rulebook(text: str) -> None:
    result = run("explain", text, "--rules", CYCLING)
    assert 'of another rulebook than "example-cycling": name its file by --rules' in result.stderr


def why(answers: str, name: str, rules: Path = ROOT / "rules.yaml") -> list[str]:
    """What is said of the rules, with N for each number of a line."""
    result = run("explain", answers, "--why", name, "--rules", rules)
    assert result.exit_code == 0, result.stderr
    lines = [
        line for line in result.stdout.splitlines() if not line.startswith(("Required", "Ignored"))
    ]
    return [re.sub(r"^Line \d+", "Line N", line) for line in lines[1:] if line]


@pytest.mark.parametrize(
    ("answers", "name", "expected"),
    [
        ("hips", "glutes-knee", ['needs knee ("bothers" is hips)']),
        ("", "glutes-knee", ['needs knee ("bothers" is not answered)']),
        ("nothing, distance", "nothing-to-flag", ["does not hold with distance"]),
        (
            "calf",
            "lasting",
            [
                "needs could-not-run or 6-weeks-to-3-months or over-3-months"
                ' ("effect" is not answered, "duration" is not answered)'
            ],
        ),
        (
            "nothing, could-not-run",
            "lasting",
            [
                "needs could-not-run or 6-weeks-to-3-months or over-3-months"
                ' ("effect" is not asked, "duration" is not asked)'
            ],
        ),
        ("any-warnings:none", "not-sure", ['needs any-warnings:some ("any-warnings" is none)']),
    ],
)
def test_explain_says_why_a_rule_did_not_fire(answers: str, name: str, expected: list[str]) -> None:
    head, *lacks = why(answers, name)
    assert head.endswith(") did not fire: it")
    assert [lack.strip() for lack in lacks] == expected


def test_explain_says_what_each_way_to_a_rule_lacks(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    run("new", path)
    ways = "{any: [{not: {bothers: calf}}, {all: [{bothers: elsewhere}, {bothers: nothing}]}]}"
    rule = f"  - {{when: {{all: [{{warnings: none}}, {ways}]}}, shows: not-covered}}\n"
    path.write_text(path.read_text("utf-8").replace("rules:\n", "rules:\n" + rule), "utf-8")
    expected = ["  either", "    does not hold with calf", "  or"]
    expected += [f'    needs {name} ("bothers" is calf)' for name in ("elsewhere", "nothing")]
    assert why("calf, warnings:none", "not-covered", path)[1:6] == expected
    _, *lacks = why("elsewhere", "not-covered", path)[:3]
    assert lacks[0] == '  needs none ("warnings" is not answered)'
    assert lacks[1].startswith("Line N"), "what holds is not listed"


def test_explain_says_which_of_the_rules_to_a_muscle_group_fired() -> None:
    lines = why("knee", "glutes")
    assert "Line N (cites glutes-knee, quads-knees, hamstrings-knee) fired: knee" in lines
    assert "Line N (cites glutes-shin) did not fire: it" in lines
    assert "Line N (shows already for glutes) did not fire: it" in lines
    assert not [line for line in lines if line.startswith("Line") and "glutes" not in line]


def test_explain_says_that_a_notice_hides_what_fired() -> None:
    assert why("chest-now, knee", "glutes-knee")[-1:] == [
        "A stop notice replaces the result: emergency"
    ]
    assert "A stop notice" not in " ".join(why("chest-now, knee", "emergency"))


def test_explain_knows_a_rule_by_its_line() -> None:
    lines = (ROOT / "rules.yaml").read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "{bothers: knee}, cites" in line)
    assert why("hips", str(number)) == why("hips", "glutes-knee")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("glute-knee", 'text or muscle group "glute-knee"; did you mean "glutes-knee"?'),
        ("quads-hips", 'no rule leads to "quads-hips"'),
        ("1", "no rule starts in line 1; the nearest starts in line 60"),
        ("9" * 5000, "the nearest starts in line"),
    ],
)
def test_explain_says_that_there_is_no_such_rule(tmp_path: Path, name: str, message: str) -> None:
    book = mistaken(tmp_path, "logic-link-not-cited")
    result = run("explain", "knee", "--why", name, "--rules", book)
    assert result.exit_code == 1
    assert message in result.stderr


def test_explain_refuses_a_broken_rulebook_with_its_problems(tmp_path: Path) -> None:
    result = run("explain", "knee", "--rules", mistaken(tmp_path, "ref-choice"))
    assert "62:22: error" in result.stderr
    assert result.exit_code == 1


def test_explain_says_that_nothing_matched(tmp_path: Path) -> None:
    path, text = tmp_path / "book.yaml", (ROOT / "rules.yaml").read_text("utf-8")
    path.write_text(text.replace("{all: [{bothers: nothing}, {matched: none}]}", "{matched: none}"))
    result = run("explain", "elsewhere", "--rules", path)
    assert "no link is matched → shows nothing-to-flag" in result.stdout
