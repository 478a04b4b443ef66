"""The difference between two versions is what trying every answer finds, and says so plainly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaire.authoring.commands import rules
from questionnaire.authoring.difference import Difference, View
from questionnaire.authoring.sat import FormSolver
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.random_edits import BruteDifference, random_versions

SEEDS = range(300)
VIEWS = ("form", "links", "asked_anew")


def versions(seed: int) -> tuple[Rulebook, Rulebook]:
    old, new = random_versions(seed)
    return Rulebook.model_validate(old), Rulebook.model_validate(new)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", VIEWS)
def test_the_proofs_agree_with_trying_every_answer(seed: int, name: str) -> None:
    old, new = versions(seed)
    view: View = getattr(Difference(old, new), name)
    shown, order = BruteDifference(old, new).changes(name)
    found = {(change.item, change.gained): change for change in view.changes}
    assert found.keys() == shown.keys()
    for key, change in found.items():
        assert_is_smallest(view.solver.smallest_example(*change.literals), shown[key])
    assert view.order.found is bool(order)
    if order:
        assert_is_smallest(view.solver.smallest_example(*view.order.literals), order)
    lost_stops = {change.item for change in view.lost_stops}
    assert lost_stops == {item for item, gained in shown if item.kind == "stop" and not gained}


def assert_is_smallest(ticked: int, shown: list[int]) -> None:
    assert ticked in shown
    assert ticked.bit_count() == min(map(int.bit_count, shown))


def test_those_versions_differ_in_every_way() -> None:
    seen = {
        (change.item.kind, change.gained)
        for seed in SEEDS
        for name in VIEWS
        for change in getattr(Difference(*versions(seed)), name).changes
    }
    kinds = ("stop", "result", "caution", "group", "statement", "text")
    assert seen == {(kind, gained) for kind in kinds for gained in (True, False)} | {
        ("link", False)
    }


def test_a_search_that_takes_too_long_is_given_up() -> None:
    solver = FormSolver(load_rulebook(STARTER))
    holes = [[solver.new_variable() for _ in range(11)] for _ in range(12)]
    in_a_hole = [solver.any_of(row) for row in holes]
    alone = [-solver.at_least(column, 2)[1] for column in zip(*holes, strict=True)]
    assert solver.is_satisfiable_within(0.05, *in_a_hole, *alone) is None
    assert solver.is_satisfiable_within(5, *in_a_hole) is True
    assert solver.is_satisfiable_within(5, *in_a_hole, -in_a_hole[0]) is False


STARTER = ROOT / "questionnaire" / "authoring" / "starter.yaml"
CALF = "      - {id: calf, key: 3, text: Calf}\n"
CALF_RULE = "  - {when: {bothers: calf}, cites: [calves-sudden-load]}\n"
STOP_RULE = "  - {when: {warnings: chest-pain}, raises: emergency}\n"
HEEL_RULE = "  - {when: {bothers: heel}, shows: not-covered}\n"
HEEL = "      - {id: heel, key: 9, text: Heel}\n"
RETIRED = '{key: 9, question: "Signs?", text: A faint%s}'


def diff(folder: Path, *edits: tuple[str, str], before: tuple[tuple[str, str], ...] = ()) -> Result:
    """Compare the starter, edited as `before` says, with the same after some more edits.

    It goes without its examples, which most edits would make wrong.
    """
    text = re.sub(r"(?ms)^examples:\n.*?\n\n", "", STARTER.read_text("utf-8"))
    assert "examples:" not in text
    for name, replacements in (("old.yaml", before), ("new.yaml", edits)):
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        (folder / name).write_text(text, "utf-8")
    return CliRunner().invoke(rules, ["diff", str(folder / "old.yaml"), str(folder / "new.yaml")])


def test_a_comment_changes_nothing(tmp_path: Path) -> None:
    result = diff(tmp_path, ("rules:\n", "rules: # all of them\n"))
    assert (result.stdout, result.exit_code) == ("nothing changed\n", 0)


def test_a_file_that_cannot_be_used_gets_its_report(tmp_path: Path) -> None:
    result = diff(tmp_path, ("{bothers: calf}", "{bothers: calv}"))
    assert "new.yaml:" in result.stderr
    assert 'has no choice "calv"' in result.stderr
    assert result.exit_code == 2
    missing = CliRunner().invoke(rules, ["diff", str(tmp_path / "none.yaml"), str(STARTER)])
    assert "none.yaml:1:1: error: the file cannot be read" in missing.stderr
    assert missing.exit_code == 2


TEXTS = {
    'the notice "emergency": `action` was "Call an ambulance now." and is "Call 112."': (
        ("action: Call an ambulance now.", "action: Call 112."),
    ),
    'the question "bothers": `required` was true and is false': (
        ("required: true\n    exclusive: nothing", "required: false\n    exclusive: nothing"),
    ),
    '"elsewhere" of "bothers": `text` was "Somewhere else" and is "Foot"': (
        ("text: Somewhere else", "text: Foot"),
    ),
    '"heel" of "bothers" is new: Heel': ((CALF, CALF + HEEL), (CALF_RULE, CALF_RULE + HEEL_RULE)),
    "the rule in line 72 of the new file is new: bothers is heel: shows not-covered": (
        (CALF, CALF + HEEL),
        (CALF_RULE, CALF_RULE + HEEL_RULE),
    ),
    "the rule in line 70 of the old file is gone: bothers is calf: cites calves-sudden-load": (
        (CALF_RULE, ""),
    ),
    'the texts: `groups` was "Areas" and is "Places"': (
        ("retired: []", "texts: {groups: Places}\nretired: []"),
    ),
    "the article: `published` was 2020 and is 2019": (("published: 2020", "published: 2019"),),
    "the rule in line 70 of the new file is new: (not (bothers is one of calf, nothing) and "
    "warnings is none): shows not-covered": (
        (
            CALF_RULE,
            "  - {when: {all: [{not: {bothers: [calf, nothing]}}, {warnings: none}]}, "
            "shows: not-covered}\n",
        ),
    ),
    "the order of the rules changed": ((STOP_RULE, ""), (CALF_RULE, CALF_RULE + STOP_RULE)),
    '"calf" of "bothers" is retired: in old links it counts as bothers: elsewhere': (
        (CALF, ""),
        (CALF_RULE, ""),
        (
            "retired: []",
            "retired: [{key: 3, question: Q, text: C, counts_as: {bothers: elsewhere}}]",
        ),
    ),
    'the notice "emergency": `kind` was "stop" and is "caution"': (
        ("kind: stop", "kind: caution"),
    ),
    'the advice "other": `id` was "not-covered" and is "other"': (
        ("id: not-covered", "id: other"),
        ("shows: not-covered", "shows: other"),
    ),
}


@pytest.mark.parametrize("line", TEXTS)
def test_what_an_edit_changes_is_said_in_a_line(tmp_path: Path, line: str) -> None:
    result = diff(tmp_path, *TEXTS[line])
    assert result.stdout.strip() == result.stdout.removesuffix("\n")
    assert f"  {line}" in result.stdout.splitlines()
    assert result.exit_code == 1


def test_other_ids_change_nobodys_result(tmp_path: Path) -> None:
    result = diff(
        tmp_path,
        ("id: emergency", "id: help"),
        ("raises: emergency", "raises: help"),
        ("id: calf,", "id: lower-leg,"),
        ("bothers: calf", "bothers: lower-leg"),
    )
    assert result.stdout.count("nobody gains or loses anything\n") == 2
    assert "LOST" not in result.stdout
    assert "Rules" not in result.stdout.splitlines()


def test_a_lost_stop_notice_comes_first(tmp_path: Path) -> None:
    result = diff(tmp_path, (STOP_RULE, ""))
    first = 'STOP NOTICE LOST: the stop notice "emergency" is lost for some (tick: chest-pain, '
    assert result.stdout.startswith(first)


def test_a_sign_that_is_no_longer_asked_is_a_lost_stop_notice(tmp_path: Path) -> None:
    sign = (
        "      - {id: chest-pain,",
        "      - {id: cold, key: 8, text: Cold}\n      - {id: chest-pain,",
    )
    result = diff(
        tmp_path,
        ("      - {id: chest-pain, key: 1, text: Chest pain}\n", ""),
        (STOP_RULE, ""),
        ("retired: []", "retired: [{key: 1, question: Q, text: C, raises: emergency}]"),
        before=(sign,),
    )
    lost = 'the stop notice "emergency" is lost for some (ticked in the old form: chest-pain)'
    assert result.stdout.splitlines()[0] == f"STOP NOTICE LOST: {lost}"
    assert result.stdout.splitlines()[-2] == "  nobody gains or loses anything"


def test_a_retired_sign_that_stops_nobody_is_a_lost_stop_notice(tmp_path: Path) -> None:
    result = diff(
        tmp_path,
        (RETIRED % ", raises: emergency", RETIRED % ""),
        before=(("retired: []", f"retired: [{RETIRED % ', raises: emergency'}]"),),
    )
    lost = 'the stop notice "emergency" is lost for old links with the retired choice "A faint"'
    assert result.stdout.splitlines()[0] == f"STOP NOTICE LOST: {lost}"


ERRORS = {
    'the choice "calf" of "bothers" is gone and not retired: add {key: 3, question: "What '
    'bothers you?", text: "Calf"} to `retired`': ((CALF, ""), (CALF_RULE, "")),
    'the retired choice "A faint" (key 9) is gone': ((f"[{RETIRED % ''}]", "[]"),),
    'key 9 was that of "A faint", now retired': (
        (f"[{RETIRED % ''}]", "[]"),
        (CALF, CALF + HEEL),
        (CALF_RULE, CALF_RULE + HEEL_RULE),
    ),
    "the permanent `id` was": (("id: my-rulebook", "id: another"),),
}


@pytest.mark.parametrize("message", ERRORS)
def test_what_makes_old_links_unreadable_is_an_error(tmp_path: Path, message: str) -> None:
    before = (("retired: []", f"retired: [{RETIRED % ''}]"),)
    result = diff(tmp_path, *ERRORS[message], before=before)
    assert result.stdout.splitlines()[0].startswith(f"error: {message}")
    assert result.exit_code == 1


def test_an_unfinished_search_for_another_order_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FormSolver, "is_satisfiable_within", lambda *_: None)
    book = ROOT / "docs" / "examples" / "cycling.yaml"
    edited = tmp_path / "new.yaml"
    text = book.read_text("utf-8")
    edited.write_text(text.replace("firmness: can", "firmness: possibly"), "utf-8")
    result = CliRunner().invoke(rules, ["diff", str(book), str(edited)])
    line = "  no change in the order of the muscle groups was found in 2 seconds of searching"
    assert result.stdout.splitlines().count(line) == 2


def test_two_choices_that_swapped_their_keys_are_an_error_each(tmp_path: Path) -> None:
    swapped = (("calf, key: 3", "calf, key: 0"), ("elsewhere, key: 4", "elsewhere, key: 3"))
    found = check_against(tmp_path, *swapped, ("calf, key: 0", "calf, key: 4")).stdout
    for key, was, now in ((3, "calf", "elsewhere"), (4, "elsewhere", "calf")):
        assert f'error: key {key} was that of "{was}" and is now "{now}"' in found


def test_examples_that_changed_are_counted_with_their_lines(tmp_path: Path) -> None:
    old, new = (
        f"examples: [{{answers: {{bothers: {one}}}, notices: []}}]\nretired: []"
        for one in ("calf", "elsewhere")
    )
    result = diff(tmp_path, (old, new), before=(("retired: []", old),))
    lines = [line for line in result.stdout.splitlines() if "example" in line]
    assert [line.split(" (")[0] for line in lines] == ["  1 example gone", "  1 example new"]


def check_against(folder: Path, *edits: tuple[str, str]) -> Result:
    """Check the edited starter against the starter."""
    diff(folder, *edits)
    return CliRunner().invoke(
        rules, ["check", str(folder / "new.yaml"), "--against", str(folder / "old.yaml")]
    )


def test_check_reports_a_choice_that_vanished_at_its_question(tmp_path: Path) -> None:
    result = check_against(tmp_path, (CALF, ""), (CALF_RULE, ""))
    found = 'new.yaml:42:5: error: the choice "calf" of "bothers" is gone and not retired'
    assert found in result.stdout
    assert result.exit_code == 1


def test_check_warns_of_a_lost_stop_notice_at_its_line(tmp_path: Path) -> None:
    milder = STOP_RULE.replace(
        "warnings: chest-pain", "all: [{warnings: chest-pain}, {bothers: calf}]"
    )
    result = check_against(tmp_path, (STOP_RULE, milder))
    found = (
        'new.yaml:54:5: warning: the stop notice "emergency" is lost for some (tick: chest-pain, '
    )
    assert found in result.stdout
    assert result.exit_code == 0


def test_check_finds_nothing_against_the_same_file(tmp_path: Path) -> None:
    result = check_against(tmp_path)
    assert (result.stdout, result.exit_code) == ("", 0)


def test_check_refuses_an_old_version_that_cannot_be_used(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.yaml")
    result = CliRunner().invoke(rules, ["check", str(STARTER), "--against", missing])
    assert "none.yaml:1:1: error: the file cannot be read" in result.stderr
    assert result.exit_code == 2
