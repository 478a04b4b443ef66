"""A short run of the fuzzer finds nothing, and its checks would notice if it did."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Response

from tests.conftest import ROOT
from tests.fuzz.checks import Checks, Lines
from tests.fuzz.inputs import CANARY, Request


def test_a_short_run_finds_nothing() -> None:
    pytest.importorskip("atheris", reason="has wheels for 64-bit Intel Linux alone")
    command = [sys.executable, "-m", "tests.fuzz", "all", "--inputs", "500", "--seed", "1"]
    fixed = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=fixed, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "| all | 500 | 0 |" in done.stdout


def boom(_: Response) -> Response:
    raise ZeroDivisionError


def header(name: str, value: str) -> Callable[[Response], Response]:
    def change(response: Response) -> Response:
        response.headers[name] = value
        return response

    return change


def body(text: str) -> Callable[[Response], Response]:
    def change(response: Response) -> Response:
        response.set_data(text)
        return response

    return change


def status(code: int) -> Callable[[Response], Response]:
    def change(response: Response) -> Response:
        response.status_code = code
        return response

    return change


@pytest.mark.parametrize(
    "broken",
    [
        boom,
        status(500),
        header("Set-Cookie", "a=b"),
        header("Cache-Control", "public"),
        header("Cache-Control", "no-cache"),
        header("Referrer-Policy", "unsafe-url"),
        header("X-Frame-Options", "DENY"),
        header("Location", "//elsewhere.example"),
        body("<!doctype html>\n<p>cut sho"),
        body(f"<!doctype html>\n{CANARY}></html>"),
    ],
)
def test_a_broken_promise_is_noticed(
    tmp_path: Path, broken: Callable[[Response], Response]
) -> None:
    checks = Checks(tmp_path)
    request = Request(path="/coach", query="from=City")  # with a query it is not for everyone
    checks.request(request)
    checks.site.after_request_funcs[None].insert(0, broken)
    with pytest.raises((AssertionError, ZeroDivisionError)):
        checks.request(request)


@pytest.mark.parametrize("said", ["GET /r/G042 200 1.0 ms", "GET / 200 1.0 ms\nGET"])
def test_a_line_of_the_log_that_tells_too_much_is_noticed(said: str) -> None:
    Lines().handle(logging.makeLogRecord({"msg": "8fc5420b GET /r/<code> 200 1.9 ms"}))
    with pytest.raises(AssertionError):
        Lines().handle(logging.makeLogRecord({"msg": f"8fc5420b {said}"}))


def test_a_rulebook_without_a_place_for_its_problem_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = Checks(tmp_path)
    checks.rulebook(b"title: [")
    place = "questionnaire.rulebook.yaml_reader.YamlDocument.position"
    monkeypatch.setattr(place, lambda _document, _path: (99, 1))
    with pytest.raises(AssertionError):
        checks.rulebook(b"title: 1")
