"""What must hold of every answer of the site, whatever was sent, and of every report on a file."""

from __future__ import annotations

import csv
import gzip
import io
import logging
import re
import zlib
from pathlib import Path
from typing import Any

import brotli
import html5lib
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from app import create_app
from questionnaire.authoring.commands import check_rulebook
from questionnaire.engine.codes import CodeError, decode, encode, find_answers
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.serving import log
from questionnaire.squad.spreadsheet import FORMULA_STARTS
from questionnaire.web import set_rulebook
from tests.fuzz.inputs import CANARY, Request, World

USUAL = {200, 301, 303, 304, 308, 400, 404, 405, 413, 414, 416, 422}
LINE_BREAK = re.compile(rb"\r\n|\r|\n|\xc2\x85|\xe2\x80[\xa8\xa9]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
OWN = re.compile(r"/(?![/\\])[!-~]*")
UNPACK: dict[str | None, Any] = {
    None: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
}
PROMISED = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOGGED = re.compile(r"[0-9a-f]{8} ([A-Z]+|-) (/[a-z.<>/]*|-) \d{3} \d+\.\d ms")
"""A line of the log: an id, a method, a route, a status and a time, and nothing that was sent."""
STRICT_EVERY = 200
"""One in how many pages a strict parser reads: it takes ten times as long as the page."""
LOUD: dict[str, object] = {"PROPAGATE_EXCEPTIONS": True}
BEHIND = {"PROXIES": "1", "TRUSTED_HOSTS": "run.example,127.0.0.1"}
"""The settings of a site behind a proxy."""


class Lines(logging.Handler):
    """Looks at every line that is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise AssertionError if the line may hold what was sent."""
        assert LOGGED.fullmatch(record.getMessage()), record.getMessage()

    @classmethod
    def listen(cls) -> None:
        """Look at what the site logs, instead of writing it."""
        log.LOG.handlers, log.LOG.propagate = [cls()], False


class Answer:
    """What came back to one request, read to its end."""

    def __init__(self, site: Flask, request: Request) -> None:
        """Send the request; an exception of the site comes through."""
        self.request = request
        chunks, status, self.headers = run_wsgi_app(site, request.environ(), buffered=True)
        self.status = int(status.split()[0])
        self.body = b"".join(chunks)

    @property
    def text(self) -> str:
        """Return the body as text, unpacked."""
        plain: bytes = UNPACK[self.headers.get("Content-Encoding")](self.body)
        return plain.decode()


class Checks:
    """The checks, with the site that they ask."""

    def __init__(self, folder: Path) -> None:
        """Check sites with the shipped rulebook, and one with rulebooks from this folder."""
        self.site = create_app(LOUD)
        self.behind = create_app(LOUD | BEHIND)
        self.another = create_app(LOUD)
        self.file = folder / "rules.yaml"
        self.world = World.of(self.site.extensions["rulebook"])
        self.statuses: dict[int, int] = {}
        self.pages = 0
        self.form_page = Answer(self.site, Request()).body

    def request(self, request: Request) -> Answer:
        """Send a request, and hold the answer to all that is promised of every answer."""
        answer = Answer(self.site, request)
        self._hold(answer)
        return answer

    def _hold(self, answer: Answer) -> None:
        request = answer.request
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        assert answer.status in USUAL, f"status {answer.status}"
        _headers(answer.headers, request)
        empty = request.method == "HEAD" or answer.status == 304
        assert not empty or not answer.body, "a body where none belongs"
        if "Content-Length" in answer.headers and not empty:
            assert int(answer.headers["Content-Length"]) == len(answer.body)
        if answer.body and answer.headers["Content-Type"].startswith("text/html"):
            self._page(answer)
        if request.path == "/squad" and answer.headers["Content-Type"].startswith("text/csv"):
            _table(answer)

    def _page(self, answer: Answer) -> None:
        text = answer.text
        self.pages += 1
        if answer.status < 300 or answer.status >= 400:  # werkzeug writes those of a redirect
            assert text.startswith("<!doctype html>")
            assert text.rstrip().endswith("</html>")
            if self.pages % STRICT_EVERY == 0:
                html5lib.HTMLParser(strict=True).parse(text)
                same = Answer(self.site, Request()).body == self.form_page
                assert same, "an earlier request changed the form"
        assert CANARY not in text, "typed text became markup"

    def header(self, request: Request) -> None:
        """Send a request with strange headers, also to a site behind a proxy."""
        self.request(request)
        self._hold(Answer(self.behind, request))

    def form(self, request: Request) -> None:
        """Send a form: it leads to a result that can be read, or comes back."""
        answer = self.request(request)
        if answer.status == 303:
            decode(self.world.book, answer.headers["Location"].split("/")[2].split("?")[0])
        else:
            assert answer.status in (413, 422), f"status {answer.status}"

    def code(self, request: Request, typed: str) -> None:
        """Send a code, and read it: it gives answers whose code gives the same, or a reason."""
        try:
            answers = find_answers(self.world.book, typed)
        except CodeError:
            pass
        else:
            assert decode(self.world.book, encode(self.world.book, answers)) == answers
        self.request(request)

    def rulebook(self, content: bytes) -> None:
        """Load a file: every problem has its place, or there is a book, whose pages show."""
        self.file.write_bytes(content)
        problems = check_rulebook(self.file)
        lines = len(LINE_BREAK.split(content))
        for problem in problems:
            assert 1 <= problem.line <= lines, f"line {problem.line} of {lines}: {problem.message}"
            assert problem.column >= 1
            assert problem.message
        if not any(problem.severity == "error" for problem in problems):
            set_rulebook(self.another, load_rulebook(self.file))
            for address in ("/", "/rules", "/muscles"):
                self._hold(Answer(self.another, Request(path=address)))


def _headers(headers: Headers, request: Request) -> None:
    """Hold the headers to what is promised of every answer."""
    for name, value in headers:
        assert not CONTROL.search(name + value), f"a control character in {name}"
        (name + value).encode("latin-1")
    assert "Set-Cookie" not in headers
    for name, value in PROMISED.items():
        assert headers.getlist(name) == [value], f"{name} is {headers.getlist(name)}"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert _may_be_kept(headers["Cache-Control"], headers, request)
    if location := headers.get("Location"):
        assert OWN.fullmatch(location), f"it leads to {location!r}"


def _may_be_kept(cache: str, headers: Headers, request: Request) -> bool:
    """Say whether a cache is told the right thing: nothing is kept that shows an answer."""
    if "immutable" in cache:
        return request.path.startswith("/static/")
    if cache == "no-cache" and request.path == "/":  # the form, as it is before a runner ticks
        return request.method != "POST"
    if cache == "no-cache":
        shared = request.path == "/r/" or not request.path.startswith("/r/")
        return shared and request.method != "POST" and not request.query and "ETag" in headers
    return cache == "no-store"


def _table(answer: Answer) -> None:
    """Hold a table for a spreadsheet to the promise that no cell is a formula."""
    for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row)
