"""The bench compares like with like, and says what falls short and what it could not measure."""

from __future__ import annotations

import gzip
import re
from contextlib import closing
from dataclasses import replace
from operator import sub
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask, Response, request

from bench import __main__ as bench
from bench import tutorial
from bench.engine import Row
from bench.figures import MISSING, REACHED, SHORT, Figure, Goal
from bench.kept import Kept, kept
from bench.pages import CONSTANT, FORM, OURS, TUTORIAL
from bench.peers import MissingError
from bench.report import Results, missing, report, short
from bench.rounds import COMMANDS, MEMORY, RATE, START, without_rate
from bench.weight import Link, Visit, links
from bench.worker import Answer, Ask, Worker
from questionnaire.web.rendering import CODINGS
from tests.test_log import LINE

ONES = {"etag", "content-length", "content-encoding", "date"}
"""Headers whose value is that of one page."""
CPU = Figure("CPU: the form", "µs", [210, 300, 660], [200, 300, 600], Goal(1.1))
ROW = Row("a book", 9.5, {"peer": 10}, "faster than both", True, {"peer": 1.05}, (9, 10))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, Path]]:
    """The page of ours and the constant one, each with its log."""
    found = {}
    for name in (OURS, CONSTANT):
        log = tmp_path_factory.mktemp(name) / "log"
        with closing(Worker(*COMMANDS[name], log=log)) as worker:
            found[name] = worker.ask(Ask()), log
    return found


def test_the_constant_page_has_our_headers(answers: dict[str, tuple[Answer, Path]]) -> None:
    ours, theirs = ([*answers[name][0].headers.items()] for name in (OURS, CONSTANT))
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    assert {one for one in ours if one[0] not in ONES} <= set(theirs)
    assert len(gzip.decompress(answers[CONSTANT][0].body)) > 10_000


@pytest.mark.parametrize("name", [OURS, CONSTANT])
def test_each_request_has_one_line_in_the_log(
    answers: dict[str, tuple[Answer, Path]], name: str
) -> None:
    lines = answers[name][1].read_text("utf-8").splitlines()
    assert len([line for line in lines if LINE.fullmatch(line)]) == 2  # the first is the start's
    assert all(re.search(r" INFO [0-9a-f]{8} GET / 200 [\d.]+ ms$", one) for one in lines)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (CPU, REACHED),
        (replace(CPU, goal=Goal(1.04)), SHORT),
        (replace(CPU, goal=Goal(1.06, at_least=True)), SHORT),
        (replace(CPU, goal=Goal(1.05, at_least=True)), REACHED),
        (replace(CPU, goal=Goal(10), compare=sub), REACHED),
        (replace(CPU, goal=Goal(9), compare=sub), SHORT),
        (replace(CPU, goal=None), ""),
        (replace(CPU, ours=[], theirs=[], missing="no wrk"), MISSING),
    ],
)
def test_the_median_of_the_rounds_is_judged(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_the_report_says_what_falls_short_and_what_is_missing() -> None:
    limits = [replace(CPU, goal=Goal(1)), replace(CPU, what="rate", missing="no wrk")]
    slow = [Kept("/squad", {"gzip": 9}, kept=False), Kept("/", {"br": 9}, kept=True)]
    results = Results(limits, slow, [ROW, replace(ROW, what="slow", reached=False)], [], {})
    assert short(results) == [
        "CPU: the form: 1.05x, wanted 1x or less",
        "`/squad` is not kept ready",
        "engine, slow: 9.50 µs, wanted faster than both",
    ]
    assert missing(results) == ["rate: no wrk"]
    assert missing(replace(results, engine="no peers"))[-1] == "the rule engine: no peers"


@pytest.mark.parametrize(
    ("wrk", "cores", "said"),
    [(None, 2, "wrk is not installed"), ("wrk", 1, "the server needs one core"), ("wrk", 2, "$")],
)
def test_what_keeps_wrk_from_working_is_said(
    monkeypatch: pytest.MonkeyPatch, wrk: str | None, cores: int, said: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: wrk)
    assert re.match(said, without_rate(cores))


def test_a_short_run_reports_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_rounds: int) -> None:
        raise MissingError("missing: a peer")

    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("bench.engine.measure", measure)
    results = bench.measured(rounds=1, requests=1, seconds=0)
    bench.write(results, "Today.", tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text("utf-8")
    for what in ("the form, 304", "results, typical", "squad sheet of 300, each", MEMORY, START):
        assert re.search(rf"^\| (CPU: )?{what}[^|]*\| [\d.]+", text, re.MULTILINE), what
    assert f"- {RATE} of the form: wrk is not installed: `apt install wrk` brings it" in text
    assert f"**{MISSING}**: missing: a peer" in text
    assert re.search(r"^\| `/about` \| [\d,]+ \| [\d,]+ \| yes \|", text, re.MULTILINE)
    assert re.search(r"^\| a post of the form .* \| 5 to 7 ms \|", text, re.MULTILINE)
    drawn = ElementTree.parse(tmp_path / bench.PICTURE).getroot()  # noqa: S314 - our own
    assert {one.tag.split("}")[1] for one in drawn} == {"title", "pattern", "rect", "text", "path"}
    assert not [name for one in drawn.iter() for name in one.attrib if name.endswith("href")]


def test_the_report_compares_engines_and_weights() -> None:
    visits = {(name, coding): Visit(100, 2) for name in (OURS, TUTORIAL) for coding in CODINGS}
    text = report(
        Results([CPU], [], [ROW], [replace(CPU, what=FORM)], visits), "Today.", "picture.svg"
    )
    assert "| a book | 1.05x | faster than both | reached | 9.50 (9.00 to 10.0) | 10.0 |" in text
    assert "| a first visit of the form, br | 1.00x | 100 B | 100 B | 103 KB |" in text


def test_what_is_compressed_for_every_request_is_found() -> None:
    site = Flask(__name__, static_folder=None)
    once = gzip.compress(b"page")

    @site.get("/")
    @site.get("/again")
    def page() -> Response:
        if request.accept_encodings.best == "identity":
            return Response("<a href=/again></a><a href=/?a=1></a><a href=/gone></a>")
        content = gzip.compress(b"page", mtime=0) if request.path == "/again" else once
        response = Response(content, headers={"Content-Encoding": "gzip", "ETag": '"1"'})
        response.make_conditional(request)
        return response

    found = [(one.path, one.weights, one.kept) for one in kept(site.test_client())]
    assert found == [("/", {"gzip": len(once)}, True), ("/again", {"gzip": len(once)}, False)]


def test_links_say_what_a_browser_loads() -> None:
    found = links("<link rel=stylesheet href=/a><link rel=next href=/b><script src=/c></script>")
    assert found[0] == Link("link", "stylesheet", "/a")
    assert [link.address for link in found if link.loaded] == ["/a", "/c"]


def test_the_tutorial_has_our_questions_and_leads_on() -> None:
    client = tutorial.create_app().test_client()
    page = client.get("/").text
    [token] = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert len(re.findall("<ul", page)) == 9
    filled = {"warnings": "none", "bothers": "knee", "training": "none", "csrf_token": token}
    assert client.post("/", data=filled).location == "/done"
    assert client.get("/done").text == "Thank you."
    assert "required" in client.post("/", data={"csrf_token": token}).text
    assert client.post("/", data=filled | {"csrf_token": "x"}).status_code == 200
