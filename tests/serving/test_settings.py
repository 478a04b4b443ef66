"""A wrong or misspelt setting stops the start with a sentence; a command lists them all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.serving.settings import (
    RETIRED,
    SETTINGS,
    SettingsError,
    load_settings,
    require_loopback,
    retired_settings,
)
from tests.support.server_process import ROOT, TIMEOUT, running, start


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HOST", "::1", "::1"),
        ("PORT", "80", 80),
        ("RULES", "123", "123"),
        ("RULES", "true", "true"),
        ("RULES", '{"a": 1}', '{"a": 1}'),
        ("PUBLIC_URL", "", ""),
        ("PUBLIC_URL", "https://run.example.org", "https://run.example.org"),
        ("PUBLIC_URL", "http://[::1]:8000/", "http://[::1]:8000/"),
        ("PUBLIC_URL", "https://läufer.example", "https://läufer.example"),
        ("PUBLIC_URL", "https://a.example/b/c-d/", "https://a.example/b/c-d/"),
        ("OPERATOR", "", ""),
        (
            "OPERATOR",
            " City Runners, https://run.example.org. ",
            "City Runners, https://run.example.org",
        ),
        ("OPERATOR", "Łódź ü 走" * 22, "Łódź ü 走" * 22),
        ("REVIEWED_BY", "Dr Ada Stone", "Dr Ada Stone"),
        ("EMERGENCY", "", ""),
        ("EMERGENCY", "15", "15"),
        ("EMERGENCY", "0800 111 222", "0800 111 222"),
        ("EMERGENCY", "123456789012345", "123456789012345"),
        ("TRUSTED_HOSTS", "", None),
        ("TRUSTED_HOSTS", "Run.example.org, .club.example", ["run.example.org", ".club.example"]),
        ("TRUSTED_HOSTS", '["run.example.org", "10.0.0.1"]', ["run.example.org", "10.0.0.1"]),
        ("PROXIES", "2", 2),
        ("FRAME_ANCESTORS", "none", "'none'"),
        ("FRAME_ANCESTORS", "'self'", "'self'"),
        ("FRAME_ANCESTORS", "self https://a.example/ ", "'self' https://a.example"),
        ("FRAME_ANCESTORS", "https://*.a.example:8443", "https://*.a.example:8443"),
        ("LOG_FORMAT", "json", "json"),
        ("LOG_LEVEL", "ERROR", "ERROR"),
    ],
)
def test_a_right_value_is_taken(name: str, text: str, value: object) -> None:
    assert getattr(load_settings({}, {f"FLASK_{name}": text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("HOST", " ", "a name or number of this machine"),
        ("PORT", "", "a number from 1 to 65535"),
        ("PORT", "0", "a number from 1 to 65535"),
        ("PORT", "65536", "a number from 1 to 65535"),
        ("PORT", "-1", "a number from 1 to 65535"),
        ("PORT", "８０", "a number from 1 to 65535"),
        ("PORT", "9" * 5000, "a number from 1 to 65535"),
        ("RULES", "", "the path of a rulebook"),
        (
            "PUBLIC_URL",
            "run.example.org",
            "an address such as https://run.example.org",
        ),
        ("PUBLIC_URL", "ftp://run.example.org", "an address such as"),
        ("PUBLIC_URL", "https://", "an address such as"),
        ("PUBLIC_URL", "https://run.example.org/club?", "an address such as"),
        ("PUBLIC_URL", "https://run.example.org:99999", "an address such as"),
        ("PUBLIC_URL", "https://run.example.org:0", "an address such as"),
        ("PUBLIC_URL", "https://.-..", "an address such as"),
        ("PUBLIC_URL", "https://[:::::]", "an address such as"),
        ("PUBLIC_URL", "https://[::1%<b>]", "an address such as"),
        ("PUBLIC_URL", "https://me:secret@run.example.org", "an address such as"),
        ("PUBLIC_URL", "https://run.example.org?from=x", "an address such as"),
        ("OPERATOR", "a\nb", "a name and a contact in one line of at most 200 characters"),
        ("OPERATOR", "a\x1bb", "a name and a contact in one line"),
        ("OPERATOR", "a\N{ZERO WIDTH SPACE}b", "a name and a contact in one line"),
        ("OPERATOR", "a\N{RIGHT-TO-LEFT OVERRIDE}b", "a name and a contact in one line"),
        ("OPERATOR", "\N{HANGUL FILLER}", "a name and a contact in one line"),
        ("OPERATOR", "a\N{VARIATION SELECTOR-16}b", "a name and a contact in one line"),
        ("OPERATOR", "a" * 201, "a name and a contact in one line of at most 200 characters"),
        ("OPERATOR", "HTTP://run.example.org", "characters, web addresses with https"),
        ("REVIEWED_BY", "Dr\tStone", "the name of a person in one line of at most 100 characters"),
        ("REVIEWED_BY", "\N{BRAILLE PATTERN BLANK}", "the name of a person"),
        *(
            ("REVIEWED_BY", word, "the name of a person")
            for word in ("pending", "Not yet", "N/A", "-")
        ),
        ("EMERGENCY", "112 999", "one number, such as 112"),
        ("EMERGENCY", "00", "one number, such as 112"),
        ("REVIEWED_BY", "a" * 101, "the name of a person in one line"),
        ("EMERGENCY", "1", "one number, such as 112, of at most 15 digits and spaces"),
        ("EMERGENCY", " 112", "one number, such as 112"),
        ("EMERGENCY", "1  12", "one number, such as 112"),
        ("EMERGENCY", "1\N{NO-BREAK SPACE}12", "one number, such as 112"),
        ("EMERGENCY", "1\N{ZERO WIDTH SPACE}12", "one number, such as 112"),
        ("EMERGENCY", "１１２", "one number, such as 112"),
        ("EMERGENCY", "1234567890123456", "one number, such as 112"),
        ("EMERGENCY", "112, 999", "one number, such as 112"),
        ("EMERGENCY", "+44112", "one number, such as 112"),
        ("EMERGENCY", "112;ext=1", "one number, such as 112"),
        ("EMERGENCY", "112\n", "one number, such as 112"),
        ("TRUSTED_HOSTS", "https://run.example.org", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "run.example.org:80", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "a.example b.example", "names such as run.example.org"),
        ("TRUSTED_HOSTS", ",", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "[]", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "[", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "*", "names such as run.example.org"),
        ("TRUSTED_HOSTS", "a" * 64, "names such as run.example.org"),
        ("PROXIES", "-1", "a number from 0 to 10"),
        ("FRAME_ANCESTORS", "", "give none, self or addresses such as https://club.example"),
        ("FRAME_ANCESTORS", "none https://a.example", "give none, self or addresses"),
        ("FRAME_ANCESTORS", "*", "give none, self or addresses"),
        ("FRAME_ANCESTORS", "http://a.example", "give none, self or addresses"),
        ("FRAME_ANCESTORS", "https://a.example; script-src *", "give none, self or addresses"),
        ("FRAME_ANCESTORS", "https://a.example,https://b.example", "give none, self or addresses"),
        ("LOG_FORMAT", "xml", "give text or json"),
        ("LOG_LEVEL", "loud", "give DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(name: str, text: str, remedy: str) -> None:
    for given_, environ in (({}, {f"FLASK_{name}": text}), ({name: text}, {})):
        with pytest.raises(SettingsError) as raised:
            load_settings(given_, environ)
        assert str(raised.value).startswith(f"FLASK_{name} is {text!r}: give ")
        assert remedy in str(raised.value)


@given(st.sampled_from([*SETTINGS]), st.text(max_size=40) | st.from_regex(r"https?://[^ ]*( .*)?"))
def test_any_text_is_a_value_or_a_problem_of_one_line(name: str, text: str) -> None:
    try:
        settings = load_settings({name: text}, {})
    except SettingsError as problem:
        assert len(str(problem).splitlines()) == 1  # noqa: PT017
    else:
        assert not set(";,\r\n") & set(settings.FRAME_ANCESTORS)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("FLASK_PUBLIC_URI", "FLASK_PUBLIC_URL"),
        ("FLASK_PROT", "FLASK_PORT"),
        ("FLASK_port", "FLASK_PORT"),
        ("FLASK_TRUSTED_HOST", "FLASK_TRUSTED_HOSTS"),
        ("FLASK_FRAME_ANCESTOR", "FLASK_FRAME_ANCESTORS"),
        ("FLASK_LOGLEVEL", "FLASK_LOG_LEVEL"),
        ("FLASK_RULE", "FLASK_RULES"),
        ("FLASK_RULEBOOK", "FLASK_RULES"),
        ("FLASK_PROXY", "FLASK_PROXIES"),
        ("FLASK_LOG", "FLASK_LOG_LEVEL"),
        ("FLASK_URL", "FLASK_PUBLIC_URL"),
    ],
)
def test_a_misspelt_name_is_named_with_the_right_one(wrong: str, right: str) -> None:
    with pytest.raises(SettingsError, match=f"{wrong} is not a setting: rename it to {right}, or"):
        load_settings({}, {wrong: "1"})


@pytest.mark.parametrize(
    "name", ["APP", "ENV", "DEBUG", "RUN_HOST", "RUN_PORT", "WTF_CSRF_ENABLED"]
)
def test_what_is_not_ours_is_left_alone(name: str) -> None:
    load_settings({}, {f"FLASK_{name}": "1"})


@pytest.mark.parametrize("name", [*Flask.default_config, *create_app().config])
def test_no_setting_of_flask_or_its_extensions_is_taken_for_one_of_ours(name: str) -> None:
    if name not in SETTINGS:
        load_settings({}, {f"FLASK_{name}": "1"})


def test_a_setting_within_a_setting_is_none() -> None:
    output, _ = start({"FLASK_MAX_CONTENT_LENGTH__X": "1"}).communicate(timeout=TIMEOUT)
    assert output == "FLASK_MAX_CONTENT_LENGTH__X is not a setting: unset it\n"


def test_every_problem_is_told_at_once() -> None:
    output, _ = start({"FLASK_PROT": "1", "FLASK_PORT": "x", "FLASK_PROXIES": "x"}).communicate(
        timeout=TIMEOUT
    )
    assert sorted(line.split()[0] for line in output.splitlines()) == [
        "FLASK_PORT",
        "FLASK_PROT",
        "FLASK_PROXIES",
    ]


def test_a_setting_of_an_earlier_release_is_ignored_with_a_warning(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, running({"FLASK_WORKERS": "many"}, stdout=log):
        pass
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in lines if "WORKERS" in line] == [
        "WARNING FLASK_WORKERS is no longer a setting and is ignored: one process serves, "
        "and docs/guides/deploy.md says how to run more behind nginx"
    ]


def test_a_program_may_say_that_any_host_is_trusted() -> None:
    site = create_app({"TRUSTED_HOSTS": None})
    assert site.test_client().get("/", headers={"Host": "a.example"}).status_code == 200


def test_the_settings_given_by_a_program_are_checked_too() -> None:
    with pytest.raises(SettingsError, match="FLASK_PUBLIC_URL is 'x'"):
        create_app({"PUBLIC_URL": "x"})


def test_a_program_may_give_numbers_and_lists() -> None:
    settings = load_settings({"PORT": 80, "TRUSTED_HOSTS": ["Run.example.org"]}, {})
    assert (settings.PORT, settings.TRUSTED_HOSTS) == (80, ["run.example.org"])
    with pytest.raises(SettingsError) as raised:
        load_settings({"TRUSTED_HOSTS": ["a b"]}, {})
    assert str(raised.value).startswith("""FLASK_TRUSTED_HOSTS is '["a b"]': give names such as""")


RETIRE_PORTS = """
from questionnaire.serving.settings import RETIRED
RETIRED["PORTS"] = "set FLASK_PORT"
import app
"""


def test_a_retired_setting_is_ignored_with_one_warning_at_the_start() -> None:
    process = start({"FLASK_PORTS": "x"}, command=["-c", RETIRE_PORTS])
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    warning = "FLASK_PORTS is no longer a setting and is ignored: set FLASK_PORT"
    assert re.fullmatch(rf"\S+Z WARNING {warning}\n", output)


def test_a_retired_setting_is_no_misspelling(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="rename it to FLASK_PORT"):
        load_settings({}, {"FLASK_PORTS": "x"})
    monkeypatch.setitem(RETIRED, "PORTS", "set FLASK_PORT")
    load_settings({}, {"FLASK_PORTS": "x"})
    assert retired_settings({"FLASK_PORT": "80"}) == []


@pytest.mark.parametrize("word", ["0", "false", "no"])
def test_debug_is_off_whichever_word_says_so(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("FLASK_DEBUG", word)
    assert not create_app().debug


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("127.0.0.1", False),
        ("127.3.2.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),  # noqa: S104
        ("::", True),
        ("192.168.1.5", True),
        ("run.example.org", True),
        ("", True),
    ],
)
def test_debug_is_for_this_computer_only(host: str, refused: bool) -> None:
    try:
        require_loopback(host)
    except SettingsError:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (["app.py"], {"FLASK_DEBUG": "1", "FLASK_HOST": "0.0.0.0"}),  # noqa: S104
        (["-m", "flask", "--debug", "run", "--host", "0.0.0.0"], {}),  # noqa: S104
        (["-m", "flask", "--debug", "run", "--host", ""], {}),
        (["-m", "flask", "run"], {"FLASK_DEBUG": "1", "FLASK_RUN_HOST": "0.0.0.0"}),  # noqa: S104
    ],
)
def test_debug_is_not_served_to_strangers(command: list[str], settings: dict[str, str]) -> None:
    process = start(settings, command=command)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1
    assert re.search("FLASK_DEBUG is set and others may reach '(0.0.0.0)?': unset it", output)
    assert "Traceback" not in output


def test_the_command_lists_the_settings_even_if_the_rulebook_is_broken(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("title: T\n")
    done = subprocess.run(
        [sys.executable, "-m", "questionnaire", "settings"],
        cwd=ROOT,
        env=os.environ | {"FLASK_RULES": str(rules), "FLASK_TRUSTED_HOSTS": "a.example,b.example"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert [line.split("=")[0] for line in lines[::2]] == [f"FLASK_{name}" for name in SETTINGS]
    assert f"FLASK_RULES={rules}" in lines
    assert "FLASK_TRUSTED_HOSTS=a.example,b.example" in lines
    for field, line in zip(SETTINGS.values(), lines[1::2], strict=True):
        assert line == f"    {field.description} Default: {field.default or 'empty'}."


def test_the_command_refuses_wrong_settings_as_the_start_does() -> None:
    process = start({"FLASK_PORT": "x"}, command=["-m", "questionnaire", "settings"])
    output, _ = process.communicate(timeout=TIMEOUT)
    assert output == "FLASK_PORT is 'x': give a number from 1 to 65535\n"
    assert process.returncode == 1


def test_the_documentation_has_the_same_list() -> None:
    rows = [
        f"| `FLASK_{name}` | {default} | {field.description} |"
        for name, field in SETTINGS.items()
        for default in [f"`{Path(field.default).name}`" if field.default else ""]
    ]
    text = (ROOT / "docs" / "guides" / "settings.md").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `FLASK_")] == rows
