"""The application starts from one command, refuses a broken rulebook, and logs no answers."""

from __future__ import annotations

import logging
import signal
import socket
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from tests.support.runner_client import NO_COMPLAINTS, read
from tests.support.server_process import ROOT, TIMEOUT, Server, free_port, start


def test_one_command_serves_the_form() -> None:
    port = free_port()
    server = Server(start({"FLASK_PORT": str(port)}), port)
    try:
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == (
            f"Open http://127.0.0.1:{port} in a browser. Ctrl+C stops it.\n"
        )
        server.wait_until_it_answers()
        assert "<h1>Five muscle groups: what one article says to runners</h1>" in server.ask("/")[1]
    finally:
        server.process.terminate()
        server.process.communicate(timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"FLASK_PORT": "abc"}, "FLASK_PORT is 'abc': give a number from 1 to 65535"),
        ({"FLASK_PORT": "99999"}, "FLASK_PORT is '99999'"),
        ({"FLASK_HOST": "no.such.host.invalid"}, "FLASK_HOST is 'no.such.host.invalid'"),
        ({"FLASK_RULES": "true"}, "true:1:1: error: the file cannot be read"),
    ],
)
def test_a_wrong_setting_stops_the_start(settings: dict[str, str], expected: str) -> None:
    output, _ = start(settings).communicate(timeout=TIMEOUT)
    assert expected in output
    assert "Traceback" not in output


def test_a_port_in_use_stops_the_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        output, _ = start({"FLASK_PORT": str(taken.getsockname()[1])}).communicate(timeout=TIMEOUT)
    assert "cannot be used (Address already in use)" in output
    assert "Open http" not in output


def test_ctrl_c_stops_the_server() -> None:
    port = free_port()
    server = Server(start({"FLASK_PORT": str(port)}), port)
    server.wait_until_it_answers()
    server.process.send_signal(signal.SIGINT)
    server.process.communicate(timeout=TIMEOUT)
    assert server.process.returncode == 0


def test_a_broken_rulebook_stops_the_start(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("title: T\nsubtitle: 5\n")
    server = start({"FLASK_RULES": str(broken)})
    output, _ = server.communicate(timeout=TIMEOUT)
    assert server.returncode != 0
    assert f'{broken}:1:1: error: the key "id" is missing' in output
    assert f"{broken}:2:11: error: expected text" in output
    assert "Traceback" not in output


def test_another_rulebook_can_be_served(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    rules = (ROOT / "rules.yaml").read_text("utf-8")
    other.write_text(rules.replace("Five muscle groups: what", "Another: what"), "utf-8")
    client = create_app({"RULES": str(other)}).test_client()
    assert read(client.get("/")).heading.startswith("Another: what")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Flask:
    def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    site = create_app()
    monkeypatch.setattr("questionnaire.web.results.assess", broken)
    return site


def test_an_unexpected_error_shows_a_page_and_logs_no_answers(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    client = failing.test_client()
    with caplog.at_level(logging.DEBUG):
        location = client.post("/", data=NO_COMPLAINTS | {"bothers": "knee"}).location
        response = client.get(location)
    assert response.status_code == 500
    assert "out of order" not in response.text
    page = read(response)
    assert "It is not your fault" in page.text
    code = location.removeprefix("/r/")
    assert "/r/<code>" in caplog.text
    assert code not in caplog.text
    assert "knee" not in caplog.text


def test_no_request_changes_anything_so_none_can_be_forged(site: Flask) -> None:
    """The form goes without a token (SECURITY.md) until the day a route keeps something."""
    writing = {
        (rule.rule, method)
        for rule in site.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("GET", "HEAD", "OPTIONS")
    }
    assert writing == {
        ("/", "POST"),
        ("/r", "POST"),
        ("/r/<code>/with", "POST"),
        ("/coach", "POST"),
        ("/squad", "POST"),
    }
    assert not site.secret_key
    client = site.test_client()
    first = client.post("/", data=NO_COMPLAINTS)
    assert client.post("/", data=NO_COMPLAINTS).location == first.location


def test_a_saved_rulebook_is_picked_up_at_once_under_debug(
    tmp_path: Path, site_rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    path = tmp_path / "rules.yaml"
    path.write_text(site_rules, "utf-8")
    client = create_app({"RULES": str(path)}).test_client()
    assert read(client.get("/")).heading.startswith("Five muscle groups")
    path.write_text(site_rules.replace("Five muscle groups: what", "Better: what"), "utf-8")
    assert read(client.get("/")).heading.startswith("Better")
    path.write_text(site_rules.replace("{bothers: knee}", "{bothers: kneee}"), "utf-8")
    broken = read(client.get("/"))
    assert broken.heading.startswith("Better"), "the last good rulebook is gone"
    assert 'did you mean "knee"?' in broken.all(".preview li")[0]
    path.unlink()
    assert "No such file" in client.get("/").text
    path.write_text(site_rules, "utf-8")
    assert client.get("/").status_code == 200
