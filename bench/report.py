"""The report of all figures, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.figures import MISSING, SHORT, Figure, spread

HOW = """\
Each round starts new servers and measures everything once, each page in turns with the constant
one. A ratio is the median of the ratios of the rounds, with the lowest and the highest round in
brackets; a goal is reached if every round reaches it. CPU is that of the server's process, with all
of its threads. The constant page is a Flask view of 10 KB with our headers and our line in the log,
and nothing to work out or to compress. The bare application is Flask and nothing else, under the
same server. Bytes are those of the body, for a client that accepts Brotli and gzip: a page of one
runner leaves the server uncompressed, and nginx compresses it.

Requests are sequential, so each figure includes waking an idle thread. A busy server spends less on
each request, and the ratios grow: wrk measures that, in the rates at the end of the table."""
ENGINE = """\
A full assessment, with the answers behind every finding, by our engine and by the fastest on PyPI,
which all find the same. CPU for one set of answers, in the fastest of five passes; a ratio is
theirs over ours. The peers only say which conditions hold, and our code finds the answers behind
them and ranks the findings. The lines without a goal compare only which conditions hold: ours with
the answers behind them, theirs without."""


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured: the site, the engine, and the bytes of each page."""

    site: Sequence[Figure]
    engine: Sequence[Figure]
    sizes: dict[str, int]

    def short(self) -> list[str]:
        """Return a sentence for each figure that falls short of its goal."""
        return [
            f"{one.what}: {one.compared}, wanted {one.wanted}"
            for one in (*self.site, *self.engine)
            if one.verdict == SHORT
        ]

    def missing(self) -> list[str]:
        """Return a sentence for each figure that is missing, with what would bring it."""
        return [f"{one.what}: {one.missing}" for one in (*self.site, *self.engine) if one.missing]


def summary(results: Results) -> str:
    """Return what falls short and what is missing."""
    return "\n\n".join(
        f"## What {head}\n\n" + ("\n".join(f"- {one}" for one in found) or "Nothing.")
        for head, found in (("falls short", results.short()), ("is missing", results.missing()))
    )


def report(results: Results, how: str) -> str:
    """Return the whole report; `how` says how it was measured."""
    head = ["", "compared", "wanted", "", "ours", "theirs"]
    site = ([*_row(one), _bytes(results.sizes.get(one.what))] for one in results.site)
    parts = [
        f"# How fast it is\n\n{how}\n\n{HOW}",
        summary(results),
        f"## Beside a constant page\n\n{_table([*head, 'bytes'], site)}",
        f"## The rule engine\n\n{ENGINE}\n\n{_table(head, map(_row, results.engine))}",
    ]
    return "\n\n".join(parts) + "\n"


def _row(one: Figure) -> list[str]:
    if one.missing:
        return [one.what, MISSING, one.wanted, f"**{MISSING}**", "", ""]
    said = f"**{one.verdict}**" if one.verdict == SHORT else one.verdict
    measured = [spread(values, f" {one.unit}") for values in (one.ours, one.theirs)]
    return [one.what, one.compared, one.wanted, said, *measured]


def _bytes(size: int | None) -> str:
    return "" if size is None else f"{size:,}"


def _table(head: list[str], lines: Iterable[list[str]]) -> str:
    rows = [head, ["---", *["--:" for _ in head[1:]]], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
