"""The log tells what was asked for and what went wrong, and nothing of what was sent."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from questionnaire.serving import log
from tests.support.runner_client import NO_COMPLAINTS, read
from tests.support.server_process import TIMEOUT, Server, running

CANARY = "Zq7Kx"
"""Stands in everything that is sent, and must stand nowhere in what is written."""
SENDER = "127.9.8.7"
CODE = "2J8AP3M1"
LINE = re.compile(r"[-:T0-9]{19}\.\d{3}Z (INFO|WARNING|ERROR|CRITICAL) [^\n]+")
FORM = "application/x-www-form-urlencoded"
DISPOSITION = f'Content-Disposition: form-data; name="{CANARY}"; filename="{CANARY}"'
PARTS = f"--x\r\n{DISPOSITION}\r\n\r\n{CANARY}\r\n--x--"
HEADERS = ("User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Authorization", CANARY)
BODIES = [
    ("", ""),
    (
        FORM,
        f"warnings={CANARY}&{CANARY}=1&code={CANARY}&earlier={CANARY}&text={CANARY}+/r/{CANARY}&from={CANARY}",
    ),
    ("multipart/form-data; boundary=x", PARTS),
    (f"multipart/form-data; boundary={CANARY}", PARTS),
    ("application/json", f'{{"{CANARY}": 1}}'),
    (f"{FORM}; charset={CANARY}", f"{CANARY}=%ff%fe{CANARY}"),
    (FORM, CANARY * 20_000),
]
BROKEN = [
    f"{CANARY} / HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET /{CANARY} HTTP/9.{CANARY}\r\n\r\n",
    f"GET /{CANARY}\x01 HTTP/1.1\r\nHost: {CANARY}\r\n\r\n",
    f"GET /{CANARY}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\n{CANARY}\r\n\r\n",
    f"GET /\xff{CANARY} HTTP/1.1\r\nHost: {CANARY}\xff\r\n\r\n",
    f"GET /{CANARY * 20_000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {CANARY}\r\n\r\n{CANARY}",
    f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{CANARY}",
    f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n",
    f"GET http://{CANARY}.example/{CANARY} HTTP/1.1\r\nHost: [{CANARY}\r\n\r\n",
]


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines that the log has written."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    handler.setFormatter(log.LogFormatter("json"))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line(client: FlaskClient, written: list[str]) -> None:
    assert client.get(f"/r/{CODE}?from=x").status_code == 404
    (line,) = written
    told = json.loads(line)
    assert re.fullmatch("[0-9a-f]{8}", told.pop("id"))
    assert re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert 0 <= told.pop("ms") < 60_000
    assert told == {"level": "INFO", "method": "GET", "route": "/r/<code>", "status": 404}


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/nowhere", ("GET", "-", 404)),
        ("HEAD", "/", ("HEAD", "/", 200)),
        ("PUT", "/", ("PUT", "-", 405)),
        ("A\nB", "/", ("-", "-", 405)),
        ("GET", "/static/style.css", ("GET", "/static/<name>", 404)),
        ("GET", "/healthz", ("GET", "/healthz", 200)),
    ],
)
def test_what_nobody_knows_is_a_dash(
    client: FlaskClient, written: list[str], method: str, path: str, told: tuple[str, str, int]
) -> None:
    client.open(path, method=method)
    (line,) = map(json.loads, written)
    assert (line["method"], line["route"], line["status"]) == told


@pytest.mark.parametrize("asked", [{"path": "/nowhere"}, {"path": "/", "headers": {"Host": ".."}}])
def test_an_error_page_shows_the_number_in_the_log(
    client: FlaskClient, written: list[str], asked: dict[str, object]
) -> None:
    text = client.get(**asked).text
    assert f"give this number: {json.loads(written[0])['id']}<" in text


def test_an_error_is_logged_with_its_number_and_its_place(written: list[str]) -> None:
    site = create_app()

    def fails(what: str) -> str:
        try:
            raise KeyError(what)
        except KeyError as error:
            raise RuntimeError(what) from error

    site.add_url_rule("/fails/<what>", view_func=fails)
    page = read(site.test_client().get(f"/fails/{CANARY}"))
    failed, answered = map(json.loads, written)
    assert failed["level"] == "ERROR"
    assert failed["id"] == answered["id"]
    assert failed["id"] in page.text
    assert failed["route"] == answered["route"] == "/fails/<what>"
    assert answered["status"] == 500
    first, cause = failed["error"].split("; after ")
    assert re.fullmatch(r"RuntimeError at .*, serving/test_log\.py:\d+:fails", first)
    assert re.fullmatch(r"KeyError at serving/test_log\.py:\d+:fails", cause)
    assert CANARY not in "".join(written)


def test_an_endless_recursion_is_a_short_line(site: Flask, written: list[str]) -> None:
    def deeper() -> None:
        deeper()

    with site.test_request_context("/"):
        try:
            deeper()
        except RecursionError as error:
            log.log_exception(error)
    assert "RecursionError" in written[0]
    assert len(written[0]) < 2_000


@pytest.mark.parametrize("style", ["text", "json"])
def test_of_what_a_library_says_only_the_place_is_written(style: str) -> None:
    record = logging.LogRecord("lib", 40, "/x/lib/code.py", 7, f"{CANARY} %s\n", (CANARY,), None)
    assert (
        log.LogFormatter(style)
        .format(record)
        .endswith(
            {"text": "ERROR lib at lib/code.py:7", "json": '"message": "lib at lib/code.py:7"}'}[
                style
            ]
        )
    )
    try:
        raise ValueError(CANARY)
    except ValueError:
        record.exc_info = sys.exc_info()
    line = log.LogFormatter(style).format(record)
    assert "ValueError at serving/test_log.py:" in line
    assert CANARY not in line


def send_everything(server: Server, site: Flask, code: str) -> None:
    """Send the mark to every route in every way."""
    headers = dict.fromkeys(HEADERS, f"{CANARY}=1")
    rules = {re.sub("<[^>]+>", "{0}", rule.rule) for rule in site.url_map.iter_rules()}
    odd = {f"/odd/{name}/{{0}}" for name in ("fails", "speaks", "breaks-off")}
    for rule in sorted({*rules, *odd, "/{0}", "/%ff{0}"}):
        for name in (CANARY, code):
            ask(server, f"{rule.format(name)}?{name}={CANARY}", "GET", b"", headers)
        for content_type, body in BODIES:
            typed = headers | {"Content-Type": content_type}
            ask(server, f"{rule.format(CANARY)}?{CANARY}", "POST", body.encode(), typed)
    for method in ("HEAD", "PUT", "OPTIONS", CANARY):
        ask(server, f"/r/{CANARY}?{CANARY}", method, b"", headers)
    ask(server, f"/{CANARY}", "GET", b"", {"Host": f"{CANARY}.."})
    for sent in BROKEN:
        address = ("127.0.0.1", server.port)
        with socket.create_connection(address, TIMEOUT, (SENDER, 0)) as connection:
            connection.sendall(sent.encode("latin-1"))
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(100)


def ask(server: Server, path: str, method: str, body: bytes, headers: dict[str, str]) -> None:
    with contextlib.suppress(OSError):  # an answer that breaks off, or that came too soon
        server.ask(path, method, body, sender=SENDER, **headers)


MISBEHAVING = "tests.support.misbehaving_app"
COMMANDS = {"app.py": ("-m", MISBEHAVING), "flask": ("-m", "flask", "run")}
LEVELS = [
    ("app.py", "DEBUG", "text"),
    ("app.py", "DEBUG", "json"),
    ("app.py", "INFO", "text"),
    ("app.py", "WARNING", "json"),
    ("app.py", "ERROR", "text"),
    ("flask", "DEBUG", "json"),
]


@pytest.mark.parametrize(("command", "level", "style"), LEVELS)
def test_nothing_that_was_sent_is_written(
    site: Flask, tmp_path: Path, command: str, style: str, level: str
) -> None:
    answered = site.test_client().post("/", data=NO_COMPLAINTS | {"bothers": "knee"})
    code = answered.location.removeprefix("/r/")
    path = tmp_path / "written"
    how = {"FLASK_LOG_FORMAT": style, "FLASK_LOG_LEVEL": level, "FLASK_APP": MISBEHAVING}
    with path.open("w") as file, running(how, command=COMMANDS[command], stdout=file) as server:
        send_everything(server, site, code)
        server.wait_until_it_answers()
    text = path.read_text("utf-8")
    for sent in (CANARY, code, SENDER):
        assert sent.lower() not in text.lower()
    assert "/odd/fails/<what>" in text
    assert ("/r/<code>" in text) is (level in ("DEBUG", "INFO"))
    assert ("WARNING" in text) is (level != "ERROR")
    if command == "app.py":
        shape = LINE if style == "text" else re.compile(r'{"time": ".*}')
        assert all(map(shape.fullmatch, text.splitlines()[1:]))
