"""What was measured, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.engine import Row
from bench.figures import MISSING, SHORT, Figure, number, spread
from bench.kept import Kept
from bench.pages import FORM, OURS, POST, TUTORIAL
from bench.rounds import MEMORY
from bench.weight import Visit
from questionnaire.web.rendering import CODINGS

TITLE = "CPU for a request"
HOW = """\
Each round starts new servers and measures everything once, each page beside the constant one. A
ratio is the median of the ratios of the rounds; brackets hold the lowest and the highest round. CPU
is that of the threads of one worker of granian. The constant page is a Flask view of 10 KB with our
headers and our line in the log, and without anything to work out or to compress; the form is 3 KB
on the wire. The bare application is Flask and nothing else.

Requests come one at a time, so what they take holds the waking of an idle worker. One that is never
idle takes less for each, and then the ratios are larger: the rates at the end of the table, which
wrk asks for, show that for the form and for a result."""
CALLS = """\
Linked pages and files that are the same for everyone, with their bytes in each coding. Kept ready
means: sent alike again, with no call of a compressor, and answered 304 to who has it."""
ENGINE = """\
A full assessment, with the answers behind every finding, by our engine and by the fastest on PyPI,
which all find the same. In µs of CPU for one set of answers, measured in as many rounds after the
others; a ratio is theirs over ours. The books of 25, 250 and 2,500 rules have one chapter in
common, and it alone is answered: the same rules are touched, and the same hold. While a book has no
other chapter, datalogic-py takes about as long as ours."""
SAME_WORK = """\
A form of the same eight questions. Ours is the same for everyone, and kept ready. The tutorial's is
plain Flask-WTF with widgets and a CSRF token, rendered for each visitor and served alike; it has no
styles, script or icon (browsers ask for one all the same), no headers and no log, and its post
works nothing out. That of the ONS (eq-questionnaire-runner) has one question a page; its figures
are **published, not measured here**, as the issue for this bench gave them, and that of its weight
is of one page. A ratio is the tutorial's over ours."""
VISIT, REQUESTS = "a first visit of the form", "its requests"
PUBLISHED = {FORM: "21 to 26 ms", POST: "5 to 7 ms", MEMORY: "102 MB", VISIT: "103 KB"}


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured; `engine` says what keeps it from being measured, if anything does."""

    limits: Sequence[Figure]
    kept: Sequence[Kept]
    engine: Sequence[Row] | str
    peers: Sequence[Figure]
    visits: dict[tuple[str, str], Visit]


def short(results: Results) -> list[str]:
    """Return a sentence for each figure that falls short of its goal."""
    return [
        *(
            f"{one.what}: {number(one.score)}{one.sign}, wanted {one.wanted}"
            for one in results.limits
            if one.verdict == SHORT
        ),
        *(f"`{one.path}` is not kept ready" for one in results.kept if not one.kept),
        *(
            f"engine, {one.what}: {number(one.ours)} µs, wanted {one.goal}"
            for one in _rows(results)
            if not one.reached
        ),
    ]


def missing(results: Results) -> list[str]:
    """Return a sentence for each figure that could not be measured, with what would bring it."""
    found = [f"{one.what}: {one.missing}" for one in results.limits if one.missing]
    return found + ([f"the rule engine: {results.engine}"] * isinstance(results.engine, str))


def summary(results: Results) -> str:
    """Return what falls short and what is missing."""
    parts = []
    for head, ones in (("falls short", short(results)), ("is missing", missing(results))):
        listed = "\n".join(f"- {one}" for one in ones) or "Nothing."
        parts.append(f"## What {head}\n\n{listed}")
    return "\n\n".join(parts)


def report(results: Results, how: str, picture: str) -> str:
    """Return the whole report; `how` says how it was measured."""
    parts = [
        f"# How fast it is\n\n{how}\n\n{HOW}",
        summary(results),
        f"## Beside a constant page\n\n![{TITLE}, times the constant page's]({picture})",
        _table(["", "compared", "wanted", "", "ours", "theirs"], map(_limit, results.limits)),
        f"## What is compressed once\n\n{CALLS}",
        _table(["", *CODINGS, "kept ready"], map(_kept, results.kept)),
        f"## The rule engine\n\n{ENGINE}",
        _engine(results),
        f"## The same work\n\n{SAME_WORK}",
        _table(["", "ratio", "ours", "tutorial", "ONS, published"], _same_work(results)),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(results: Results) -> Sequence[Row]:
    return () if isinstance(results.engine, str) else results.engine


def _limit(one: Figure) -> list[str]:
    if one.missing:
        return [one.what, MISSING, one.wanted, f"**{MISSING}**", "", ""]
    said = f"**{one.verdict}**" if one.verdict == SHORT else one.verdict
    measured = [spread(values, f" {one.unit}") for values in (one.ours, one.theirs)]
    return [one.what, spread(one.scores, one.sign), one.wanted, said, *measured]


def _kept(one: Kept) -> list[str]:
    weights = [f"{one.weights[name]:,}" if name in one.weights else "-" for name in CODINGS]
    return [f"`{one.path}`", *weights, "yes" if one.kept else f"**no, {SHORT}**"]


def _engine(results: Results) -> str:
    if isinstance(results.engine, str):
        return f"**{MISSING}**: {results.engine}"
    names = sorted(results.engine[0].peers)
    lines = (
        [
            row.what,
            *(f"{number(row.ratios[name])}x" for name in names),
            row.goal,
            "" if not row.goal else "reached" if row.reached else f"**{SHORT}**",
            f"{number(row.ours)} ({number(row.spread[0])} to {number(row.spread[1])})",
            *(number(row.peers[name]) for name in names),
        ]
        for row in results.engine
    )
    return _table(["", *(f"{name}, ratio" for name in names), "wanted", "", OURS, *names], lines)


def _same_work(results: Results) -> Iterator[list[str]]:
    for one in results.peers:
        measured = [spread(values, f" {one.unit}") for values in (one.ours, one.theirs)]
        yield [one.what, spread(one.scores, one.sign), *measured, PUBLISHED[one.what]]
    for coding in CODINGS:
        ours, theirs = (results.visits[name, coding].weight for name in (OURS, TUTORIAL))
        measured = [f"{theirs / ours:.2f}x", f"{ours:,} B", f"{theirs:,} B"]
        yield [f"{VISIT}, {coding}", *measured, PUBLISHED[VISIT]]
    ours, theirs = (results.visits[name, CODINGS[0]].requests for name in (OURS, TUTORIAL))
    yield [REQUESTS, f"{theirs / ours:.2f}x", str(ours), str(theirs), "not published"]


def _table(head: list[str], lines: Iterator[list[str]] | map[list[str]]) -> str:
    rows = [head, ["---", *["--:" for _ in head[1:]]], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
