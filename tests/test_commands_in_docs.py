"""The commands that the README and the guides show can be typed as they stand."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app import create_app
from questionnaire.authoring.commands import rules
from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers
from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.runner_client import RunnerClient
from tests.support.server_process import TIMEOUT, running

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
GUIDE = (ROOT / "docs" / "guides" / "rulebook.md").read_text("utf-8")
NEEDS_ANOTHER_MACHINE = re.compile(
    r"(sudo|cd|py|python3 -m venv|source|make|curl|git clone|docker) "
    r"|(sed|echo) .*(\| sudo |\.env$)|.*\bpip |activate$"
)
"""Root, a package index, Windows or a whole environment."""

LAST_RULE = "  - {when: {bothers: elsewhere}, shows: not-covered}\n"


def commands(document: Path) -> list[str]:
    """Return the commands of a document: the indented lines, and ours within a sentence."""
    text = FENCED.sub("", document.read_text("utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    lines += re.findall(r"`(python -m questionnaire \w[^`]*)`", text)
    return [re.sub(r"\.venv[/\\](bin|Scripts)[/\\]|\s*&&$", "", line) for line in lines]


COMMANDS = {document: commands(document) for document in DOCUMENTS}
FOR_AUTHORS = re.compile(r"python -m questionnaire ")
SERVES = re.compile(r"(\w+=\S+ )*python app\.py")
ALL = [command for shown in COMMANDS.values() for command in shown]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder that looks like the repository, and may be written to."""
    for name in ("app.py", "docs", "questionnaire", "rules.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, *shlex.split(command, comments=True)[1:]]
    return subprocess.run(  # noqa: S603 - the documents' own commands
        arguments, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )


def test_every_command_for_authors_is_shown() -> None:
    shown = {command.split()[3] for command in ALL if FOR_AUTHORS.match(command)}
    assert shown == set(rules.commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_commands_for_authors_run_one_after_the_other(copy: Path, document: Path) -> None:
    for command in filter(FOR_AUTHORS.match, COMMANDS[document]):
        if "before.yaml" in command:
            shutil.copy(copy / "mine.yaml", copy / "before.yaml")
        done = run(copy, command)
        assert (done.returncode, done.stderr.count("Error")) == (0, 0), (command, done.stderr)


@pytest.mark.parametrize("command", sorted(filter(SERVES.match, set(ALL))))
def test_the_commands_that_serve_do(copy: Path, command: str) -> None:
    run(copy, "python -m questionnaire new mine.yaml")
    words = shlex.split(command.replace("mine.yaml", str(copy / "mine.yaml")), comments=True)
    settings = dict(word.split("=", 1) for word in words if "=" in word)
    with running(settings, command=words[words.index("app.py") :]) as server:
        status, page = server.ask("/")
    assert status == 200
    assert ("A self-assessment in the making" in page) is ("mine.yaml" in command)


def test_the_guide_for_authors_has_no_comments_where_a_terminal_would_read_them() -> None:
    """To the terminals of Windows and macOS a # and what follows it are words like any other."""
    lines = FENCED.sub("", GUIDE).splitlines()
    assert [line for line in lines if line.startswith("    ") and "#" in line] == []


def test_what_is_not_run_here_needs_another_machine() -> None:
    patterns = (FOR_AUTHORS, SERVES, NEEDS_ANOTHER_MACHINE)
    assert [line for line in ALL if not any(one.match(line) for one in patterns)] == []


def test_the_files_and_targets_in_commands_are_there() -> None:
    text = "\n".join(ALL)
    named = set(re.findall(r"(?:deploy|docs)/[\w@./-]*\w|requirements[\w-]*\.txt|\w+\.py", text))
    assert named >= {"deploy/nginx.conf", "requirements.txt", "app.py"}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^make (\w+)", text, re.MULTILINE)
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_the_book_in_the_guide_is_right_and_says_what_the_guide_says(copy: Path) -> None:
    book = re.search(r"```yaml\n(id: three-sentences\n[^`]+)```", GUIDE)
    assert book
    (copy / "mine.yaml").write_text(book[1], "utf-8")
    done = run(copy, "python -m questionnaire check --strict mine.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    runner = RunnerClient(create_app({"RULES": str(copy / "mine.yaml")}).test_client())
    result = runner.send({"warnings": "none", "noticed": ["more", "knee"]})
    assert [name for name, _ in result.findings] == ["Calves", "Glutes"]
    assert "push you off the ground." not in result.text, "a role is in no result"
    assert "The calves push you off" in runner.get("/muscles/calves").text


def test_a_link_is_as_long_as_the_guide_says(book: Rulebook) -> None:
    said = re.findall(r"with (\d+) (?:its code|it) has (\d+)", GUIDE)
    assert len(said) == 2
    for highest, length in said:
        answers = Answers(1 << int(highest), date(2026, 11, 26))
        assert len(codes.encode(book, answers)) == int(length)


def test_check_says_of_the_rules_in_the_guide_what_the_guide_says(copy: Path) -> None:
    example = re.search(
        r"```yaml\nrules:\n([^`]+)```\n\nThen `check` says:\n\n```text\n([^`]+)```", GUIDE
    )
    assert example
    run(copy, "python -m questionnaire new mine.yaml")
    book = (copy / "mine.yaml").read_text("utf-8")
    assert LAST_RULE in book
    (copy / "mine.yaml").write_text(book.replace(LAST_RULE, LAST_RULE + example[1]), "utf-8")
    assert run(copy, "python -m questionnaire check mine.yaml").stdout == example[2]


def test_diff_says_of_the_edit_in_the_guide_what_the_guide_says(copy: Path) -> None:
    example = re.search(
        r"```yaml\nrules:\n(.+\n)```\n\nThen `diff` says:\n\n```text\n([^`]+)```", GUIDE
    )
    assert example
    run(copy, "python -m questionnaire new before.yaml")
    book = (copy / "before.yaml").read_text("utf-8")
    assert LAST_RULE in book
    (copy / "mine.yaml").write_text(book.replace(LAST_RULE, example[1]), "utf-8")
    assert run(copy, "python -m questionnaire diff before.yaml mine.yaml").stdout == example[2]


def test_the_shipped_settings_are_listed_as_the_guide_says() -> None:
    guide = (ROOT / "docs" / "guides" / "deploy.md").read_text("utf-8")
    command = re.search(r"`\((set -a; .*)\)`", guide)
    assert command
    here = command[1].replace("/etc/selfassessment", "./deploy/environment")
    here = here.replace(".venv/bin/python", shlex.quote(sys.executable))
    done = subprocess.run(  # noqa: S603 - the guide's own command
        ["/bin/sh", "-c", here],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=True,
    )
    assert "FLASK_TRUSTED_HOSTS=run.example.org" in done.stdout.splitlines()
