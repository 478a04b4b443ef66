"""The first lines of a command: what is said when Python, a package or a character is missing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from questionnaire import startup
from questionnaire.authoring.commands import SCHEMA
from questionnaire.rulebook.loader import RulebookError, load_rulebook
from tests.conftest import ROOT
from tests.support.mistakes import MISTAKES
from tests.support.server_process import TIMEOUT, running

COMMANDS = [("-m", "questionnaire", "check"), ("app.py",)]


def run(
    *arguments: object, folder: Path = ROOT, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={"PYTHONIOENCODING": encoding},
        capture_output=True,
        encoding=encoding,
        timeout=TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_its_packages_a_command_says_in_a_line_what_to_do(command: tuple[str, ...]) -> None:
    done = run("-S", *command)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith('the package "click" is missing; ')
    assert "requirements.txt" in line or ".venv" in line


def test_what_to_do_depends_on_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "orig_argv", ["python3", "app.py", "--rules", "my book.yaml"])
    monkeypatch.chdir(tmp_path)
    install = ".venv/bin/python -m pip install --require-hashes -r requirements.txt"
    none = startup.missing_package("click")
    assert none.endswith(f"install what is needed: python3 -m venv .venv, then {install}")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    another = startup.missing_package("click")
    assert another.endswith("that has it: .venv/bin/python app.py --rules 'my book.yaml'")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    assert startup.missing_package("click").endswith(f"install what is needed: {install}")


def test_an_old_python_can_read_the_line_that_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("app.py", "questionnaire/__main__.py", "questionnaire/__init__.py"):
        ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    first = compile((ROOT / "questionnaire" / "__init__.py").read_text("utf-8"), "x", "exec")
    with pytest.raises(SystemExit, match=r"This needs Python 3\.11 or newer"):
        exec(first, {})  # noqa: S102 - our own


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_gets_only_characters_that_it_has(encoding: str) -> None:
    told = run("-m", "questionnaire", "explain", "knee", "--rules", "rules.yaml", encoding=encoding)
    assert (told.returncode, told.stderr) == (0, "")
    assert "knee -> cites glutes-knee" in told.stdout


def test_the_mark_stands_under_its_place_whatever_the_characters(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(MISTAKES["form-curly-advice-with-a-comma"].file)
    found = run("-m", "questionnaire", "check", path, encoding="ascii").stdout.splitlines()
    expected = run("-m", "questionnaire", "check", path).stdout.splitlines()
    assert [line.find("^") for line in found] == [line.find("^") for line in expected]
    assert [len(line) for line in found] == [len(line) for line in expected]


def test_json_stays_json_whatever_the_characters() -> None:
    printed = run("-m", "questionnaire", "schema", encoding="cp1252").stdout
    assert json.loads(printed) == json.loads(SCHEMA.read_text("utf-8"))


def test_the_commands_work_in_another_folder(tmp_path: Path) -> None:
    assert run(ROOT / "questionnaire", "new", "mine.yaml", folder=tmp_path).returncode == 0
    done = run(ROOT / "questionnaire", "check", "mine.yaml", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "mine.yaml: no problem found\n")


def test_a_reader_that_goes_away_gets_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "questionnaire", "schema"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.wait(TIMEOUT)
    process.stderr.close()


def test_ctrl_c_while_a_command_starts_gives_no_traceback() -> None:
    program = "from questionnaire import startup; startup.prepare(); raise KeyboardInterrupt"
    assert run("-c", program).stderr == ""
    bug = run("-c", program.replace("KeyboardInterrupt", "ValueError('a bug of ours')"))
    assert bug.stderr.endswith("ValueError: a bug of ours\n")


def test_the_options_of_the_site_name_its_rulebook_and_show_its_problems(tmp_path: Path) -> None:
    assert "--rules FILE" in run("app.py", "--help").stdout
    mine = tmp_path / "mine.yaml"
    mine.write_bytes(MISTAKES["logic-always"].file)
    with running({}, command=("app.py", "--rules", str(mine), "--preview")) as server:
        page = server.ask("/")[1]
    assert "A broken rulebook" in page
    assert "1 error in mine.yaml" in page


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "this is a folder: name a file in it; there is cycling.yaml"),
        ("cycle.yaml", "No such file or directory: correct FLASK_RULES or the path that you gave"),
        ("cycle.yaml", "; there is cycling.yaml"),
        ("cycling.yaml/mine.yaml", "Not a directory: correct FLASK_RULES"),
        ("none/mine.yaml", "that you gave"),
    ],
)
def test_a_path_that_is_no_rulebook_is_answered_with_those_that_are_near(
    path: str, expected: str
) -> None:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(ROOT / "docs" / "examples" / path)
    assert expected in str(refused.value)
