"""A rulebook that is edited while the site runs under debug."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from questionnaire.authoring import commands
from questionnaire.rulebook.yaml_reader import Problem
from tests.support.mistakes import MISTAKES
from tests.support.runner_client import RunnerClient, read


@pytest.fixture
def rules(tmp_path: Path, site_rules: str) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(site_rules, "utf-8")
    return path


@pytest.fixture
def edited(rules: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    return create_app({"RULES": str(rules)})


def test_the_first_requests_may_come_all_at_once(edited: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: edited.test_client().get("/").status_code, range(8)))
    assert set(got) == {200}


def test_the_page_of_problems_has_its_stylesheet(edited: Flask, rules: Path) -> None:
    rules.write_bytes(MISTAKES["ref-choice"].file)
    client = edited.test_client()
    page = client.get("/").text
    assert "kneee" in page
    with edited.test_request_context():
        style = next(a for a in page.split('"') if a.endswith(".css") or ".css?" in a)
    assert client.get(style).status_code == 200


@pytest.mark.parametrize("path", ["/", "/rules", "/coach", "/squad", "/muscles", "/r", "/nowhere"])
def test_every_page_leads_to_the_problems_of_the_logic(
    edited: Flask, rules: Path, path: str
) -> None:
    logic = MISTAKES["logic-always"].file
    rules.write_bytes(logic.replace(b"text: Stretch.", b"text: TODO"))
    page = read(edited.test_client().get(path))
    assert page.status == (404 if path == "/nowhere" else 200)
    assert page.all(".preview summary") == ["1 error and 1 warning in rules.yaml"]
    error, warning = page.all(".preview li")
    assert error.startswith(f"{rules}:62:12: error: ")
    assert warning.startswith(f"{rules}:57:60: warning: ")
    line, mark = page.soup.select(".preview pre")[0].get_text().splitlines()
    assert line[mark.index("^") :].startswith("{bothers: [knee, hips, nothing]}")


def test_a_result_is_shown_while_the_logic_has_errors(edited: Flask, rules: Path) -> None:
    rules.write_bytes(MISTAKES["logic-always"].file)
    runner = RunnerClient(edited.test_client())
    page = runner.send({"warnings": "none", "bothers": "knee"})
    assert page.findings
    assert page.soup.select(".preview")


def test_a_rulebook_that_cannot_be_built_leaves_the_last_good_one(
    edited: Flask, rules: Path
) -> None:
    client = edited.test_client()
    before = read(client.get("/"))
    assert not before.soup.select(".preview")
    rules.write_text(rules.read_text("utf-8").replace("questions:", "questions: ["), "utf-8")
    after = read(client.get("/"))
    assert after.text == before.text
    assert after.all(".preview > p") == [
        "It cannot be shown so. This page shows the rulebook as it was before."
    ]


def test_without_debug_nobody_sees_the_problems(rules: Path) -> None:
    rules.write_bytes(MISTAKES["logic-always"].file)
    page = read(create_app({"RULES": str(rules)}).test_client().get("/"))
    assert not page.soup.select(".preview")


def test_a_file_that_comes_and_goes_is_followed(edited: Flask, rules: Path) -> None:
    client = edited.test_client()
    aside = rules.with_suffix(".aside")
    rules.rename(aside)
    assert "cannot be read" in client.get("/").text
    aside.rename(rules)
    os.utime(rules, ns=(1, 1))
    assert client.get("/").status_code == 200


def test_an_edit_of_the_rules_shows_at_once(edited: Flask, rules: Path) -> None:
    client, text = edited.test_client(), rules.read_text("utf-8")
    assert client.get("/").text.count('class="follow-ups"') == 2
    rules.write_text(text.replace("    asked_if: bothers\n", ""), "utf-8")
    os.utime(rules, ns=(1, 1))
    assert client.get("/").text.count('class="follow-ups"') == 1
    rules.write_text(text, "utf-8")
    os.utime(rules, ns=(2, 2))
    assert client.get("/").text.count('class="follow-ups"') == 2


def test_a_stylesheet_of_yesterday_may_be_the_first_thing_asked_for(edited: Flask) -> None:
    assert edited.test_client().get("/static/style.00000000.css").status_code == 404


def test_a_file_that_is_saved_while_it_is_read_has_its_problems_shown(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_rulebook = commands.check_rulebook

    def saved_again(path: Path) -> list[Problem]:
        problems = check_rulebook(path)
        rules.write_text("title: T", "utf-8")
        return problems

    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setattr(commands, "check_rulebook", saved_again)
    response = create_app({"RULES": str(rules)}).test_client().get("/")
    assert response.status_code == 500
    assert "questions" in response.text
