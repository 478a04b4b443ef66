"""The commands for authors: what they print, when they refuse, and that they need no site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from questionnaire.authoring.commands import SCHEMA, rules
from questionnaire.authoring.schema import schema
from questionnaire.rulebook.content import RulebookModel
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.messages import MODELS, yaml_keys
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import parse_yaml
from tests.conftest import ROOT
from tests.support.mistakes import MISTAKES

VALID = [ROOT / "rules.yaml", ROOT / "questionnaire" / "authoring" / "starter.yaml"]
VALID += sorted((ROOT / "docs" / "examples").glob("*.yaml"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [str(one) for one in arguments])


def mistaken(folder: Path, name: str) -> Path:
    """Return a new file with a mistake."""
    path = folder / f"{name}.yaml"
    path.write_bytes(MISTAKES[name].file)
    return path


def test_they_work_while_the_rulebook_of_the_site_is_broken(tmp_path: Path) -> None:
    broken = mistaken(tmp_path, "ref-choice")
    command = [sys.executable, "-m", "questionnaire", "check"]
    result = subprocess.run(  # noqa: S603
        command,
        env=os.environ | {"FLASK_RULES": str(broken)},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.returncode == 1
    assert '62:22: error: the question "bothers" has no choice "kneee"' in result.stdout
    started = subprocess.run(  # noqa: S603
        [*command[:3], "new", tmp_path / "mine.yaml"],
        env=os.environ | {"FLASK_RULES": str(broken)},
        check=True,
        cwd=ROOT,
        capture_output=True,
    )
    assert not started.stderr


def test_check_prints_json_for_tools(tmp_path: Path) -> None:
    result = run("check", "--json", mistaken(tmp_path, "logic-covered-in-part"))
    found = json.loads(result.stdout)
    assert [(one["line"], one["severity"]) for one in found["problems"]] == [
        (62, "warning"),
        (64, "warning"),
    ]
    assert result.exit_code == 0


def test_check_quotes_the_line_with_a_mark_under_its_place(tmp_path: Path) -> None:
    near = run("check", mistaken(tmp_path, "ref-choice")).stdout.splitlines()
    assert near[1] == "      - {when: {bothers: kneee}, cites: [glutes-knee]}"
    assert near[2].index("^") == near[1].index("kneee")
    path, end = tmp_path / "long.yaml", ", text: " + "x" * 150 + ", colour: blue}"
    path.write_text(MISTAKES["ref-choice"].file.decode().replace(", text: Knee}", end))
    far = run("check", path).stdout.splitlines()
    [number] = [n for n, line in enumerate(far) if 'unknown key "colour"' in line]
    assert far[number + 1].startswith("    …")
    assert far[number + 1].endswith("colour: blue}")
    assert far[number + 2].index("^") == far[number + 1].index("colour")
    assert max(len(line) for line in far if line.startswith(" ")) < 100


def test_check_quotes_a_tab_as_a_space(tmp_path: Path) -> None:
    path = tmp_path / "tab.yaml"
    path.write_text("id: x\n\ttitle: y\n", "utf-8")
    assert run("check", path).stdout.splitlines()[1:] == ["     title: y", "    ^"]


def test_check_counts_what_it_found(tmp_path: Path) -> None:
    assert "1 error, 0 warnings" in run("check", mistaken(tmp_path, "logic-always")).stderr


def test_check_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in run("check", tmp_path / "none.yaml").stdout


def test_check_says_when_there_is_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "questionnaire.authoring.checks",
        "questionnaire.authoring.safety_checks",
        "questionnaire.authoring.rule_checks",
        "questionnaire.authoring.condition_checks",
        "questionnaire.authoring.sat",
    ):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    result = run("check", ROOT / "rules.yaml")
    assert '1:1: error: the logic cannot be checked: the package "pysat' in result.stdout
    assert result.exit_code == 1


def test_new_writes_a_valid_rulebook_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert run("new", path).exit_code == 0
    assert run("check", "--strict", path).exit_code == 0
    assert load_rulebook(path).questions
    schema_named = path.read_text("utf-8").splitlines()[0].partition("$schema=")[2]
    assert (tmp_path / schema_named).resolve() == SCHEMA
    path.write_text("mine", "utf-8")
    again = run("new", path)
    assert "exists already" in again.stderr
    assert again.exit_code == 1
    assert path.read_text("utf-8") == "mine"


def test_the_schema_in_the_tree_is_that_of_the_models() -> None:
    printed = run("schema").stdout
    assert SCHEMA.read_text("utf-8") == printed, "run: python -m questionnaire schema > " + str(
        SCHEMA.relative_to(ROOT)
    )


@pytest.mark.parametrize("model", [Rulebook, *MODELS.values()], ids=lambda model: model.__name__)
def test_the_schema_has_every_key_with_a_description(model: type[RulebookModel]) -> None:
    root = schema()
    definitions = {**root["$defs"], "Rulebook": root}
    assert list(definitions[model.__name__]["properties"]) == yaml_keys(model)
    assert [name for name, field in model.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_rulebooks_fit_the_schema(path: Path) -> None:
    errors = Draft202012Validator(schema()).iter_errors(parse_yaml(path.read_bytes()).data)
    assert [error.message for error in errors] == []


WRONG_BY_SCHEMA = [
    "form-unknown-key",
    "form-missing-key",
    "form-number-as-text",
    "form-markup",
    "form-id-capital",
    "form-two-effects",
    "form-condition-of-two",
    "form-condition-no-choice",
    "form-pick-two",
    "form-cites-nothing",
    "form-link-without-firmness",
    "form-firmness-of-a-role",
    "form-private-stop",
    "form-for-without-shows",
    "ref-exclusive-of-one",
    "ref-region",
    "ref-claim-cited-twice",
    "form-research-bears",
    "form-research-claims-and-idea",
    "form-research-day-of-a-find",
    "form-research-nothing-without-a-day",
    "form-research-without-studies",
    "form-example-expects-nothing",
    "form-example-without-answers",
    "form-study-address-as-doi",
    "form-study-two-numbers",
    "ref-research-claim-twice",
]


@pytest.mark.parametrize("name", WRONG_BY_SCHEMA)
def test_the_schema_underlines_mistakes_of_form(name: str) -> None:
    data = parse_yaml(MISTAKES[name].file).data
    assert list(Draft202012Validator(schema()).iter_errors(data))


@pytest.mark.parametrize(
    "condition",
    [
        {"bothers": "knee"},
        {"bothers": ["knee", "hips"]},
        {"all": [{"bothers": "knee"}, {"not": {"any": [{"effect": ["full"]}]}}]},
    ],
)
def test_the_schema_knows_conditions_as_authors_write_them(condition: object) -> None:
    data = parse_yaml((ROOT / "rules.yaml").read_bytes()).data
    assert isinstance(data, dict)
    data["rules"] = [{"when": condition, "raises": "lasting"}]
    assert Draft202012Validator(schema()).is_valid(data)
    data["rules"] = [{"when": {"not": [condition]}, "raises": "lasting"}]
    assert not Draft202012Validator(schema()).is_valid(data)
