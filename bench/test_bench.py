"""The bench compares like with like, and says what falls short and what it could not measure."""

from __future__ import annotations

import gzip
import re
from contextlib import closing
from dataclasses import replace
from operator import sub
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import peers
from bench.engine import FASTER
from bench.figures import MISSING, REACHED, SHORT, Figure, Goal, over
from bench.report import Results, report, summary
from bench.rounds import COMMANDS, CONSTANT, MEMORY, OURS, RATE, START, without_rate
from bench.worker import Answer, Ask, Worker
from questionnaire.rulebook.model import Rulebook

ONES = {"etag", "content-length", "content-encoding", "date"}
"""Headers whose value is that of one page."""
CPU = Figure("CPU: the form", "µs", [210, 300, 660], [200, 300, 600], Goal(1.1))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, Path]]:
    """Return the page of ours and the constant one, each with its log."""
    found = {}
    for name in (OURS, CONSTANT):
        log = tmp_path_factory.mktemp(name) / "log"
        with closing(Worker(*COMMANDS[name], log=log)) as worker:
            found[name] = worker.ask(Ask()), log
    return found


def test_the_constant_page_has_our_headers(answers: dict[str, tuple[Answer, Path]]) -> None:
    ours, theirs = ([*answers[name][0].headers.items()] for name in (OURS, CONSTANT))
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    assert {one for one in ours if one[0].lower() not in ONES} <= set(theirs)
    assert len(gzip.decompress(answers[CONSTANT][0].body)) > 10_000


@pytest.mark.parametrize("name", [OURS, CONSTANT])
def test_each_request_has_one_line_in_the_log(
    answers: dict[str, tuple[Answer, Path]], name: str
) -> None:
    lines = answers[name][1].read_text("utf-8").splitlines()
    assert len(lines) == 2  # the first is the start's
    assert all(re.fullmatch(r"\S+Z INFO [0-9a-f]{8} GET / 200 [\d.]+ ms", one) for one in lines)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (CPU, REACHED),
        (replace(CPU, goal=Goal(1.09)), SHORT),
        (replace(CPU, goal=Goal(1.06, at_least=True)), SHORT),
        (replace(CPU, goal=Goal(1, at_least=True)), REACHED),
        (replace(CPU, goal=Goal(60), compare=sub), REACHED),
        (replace(CPU, goal=Goal(59), compare=sub), SHORT),
        (replace(CPU, goal=Goal(1), compare=over), REACHED),
        (replace(CPU, goal=Goal(0.99), compare=over), SHORT),
        (replace(CPU, goal=None), ""),
        (replace(CPU, ours=[], theirs=[], missing="no wrk"), MISSING),
    ],
)
def test_every_round_is_judged(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_the_report_says_what_falls_short_and_what_is_missing() -> None:
    site = [replace(CPU, goal=Goal(1)), replace(CPU, what="rate", missing="no wrk"), CPU]
    engine = Figure("a book", "µs", [9], [8], FASTER, over)
    assert summary(Results(site, [engine], {})).splitlines() == [
        *("## What falls short", ""),
        "- CPU: the form: 1.05x (1.00 to 1.10), wanted 1x or less",
        "- a book: 0.89x (0.89 to 0.89), wanted 1x or more",
        *("", "## What is missing", ""),
        "- rate: no wrk",
    ]
    text = report(Results(site, [engine], {"CPU: the form": 12_345}), "Today.")
    assert "| reached | 300 µs (210 to 660) | 300 µs (200 to 600) | 12,345 |" in text
    assert "| a book | 0.89x (0.89 to 0.89) | 1x or more | **falls short** | 9.00 µs" in text


@pytest.mark.parametrize(
    ("wrk", "cores", "said"),
    [(None, 2, "wrk is not installed"), ("wrk", 1, "the server needs one core"), ("wrk", 2, "$")],
)
def test_what_keeps_wrk_from_working_is_said(
    monkeypatch: pytest.MonkeyPatch, wrk: str | None, cores: int, said: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: wrk)
    assert re.match(said, without_rate(cores))


def test_a_peer_that_is_not_installed_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "PEERS", {"some-engine": "no_such_module"})
    with pytest.raises(peers.MissingError, match="missing: some-engine: pip install -r bench/"):
        peers.peers([], Rulebook.model_construct())


def test_a_short_run_reports_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(peers, "PEERS", {"some-engine": "no_such_module"})
    text = report(bench.measured(rounds=1, requests=1, seconds=0), "Today.")
    for what in ("the form", "the form, 304", "results, typical", "squad sheet of 300, each"):
        assert re.search(rf"^\| CPU: {what} \| [\d.]+x .* \| [\d,]+ \|$", text, re.MULTILINE), what
    for what in (START, MEMORY):
        assert re.search(rf"^\| {what}, [^|]* \| [\d.]+", text, re.MULTILINE), what
    assert f"- {RATE} of the form: wrk is not installed: `apt install wrk` brings it" in text
    assert f"| the rule engine | {MISSING} | 1x or more |" in text
