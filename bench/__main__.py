"""Measure how fast everything is, and write docs/reports/performance.md: `make bench`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app import create_app
from bench import engine
from bench.chart import chart
from bench.figures import Figure
from bench.kept import kept
from bench.pages import OURS, TUTORIAL
from bench.peers import MissingError
from bench.report import TITLE, Results, report, summary
from bench.rounds import Rounds
from bench.weight import Visit, first_visit
from questionnaire.web.rendering import CODINGS
from tests.process import ROOT

REPORT = ROOT / "docs" / "reports" / "performance.md"
PICTURE = "../pictures/performance.svg"


def measured(rounds: int, requests: int, seconds: int) -> Results:
    """Return everything, measured in so many rounds."""
    site = create_app()
    alike = kept(site.test_client())
    run = Rounds(site.extensions["rulebook"], requests, seconds)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        run.measure([one.path for one in alike])
    visits: dict[tuple[str, str], Visit] = {}
    for name in (OURS, TUTORIAL):
        with closing(run.worker(name)) as worker:
            visits |= {(name, coding): first_visit(worker, "/", coding) for coding in CODINGS}
    return Results(list(run.limits()), alike, _engine(rounds), list(run.peers()), visits)


def write(results: Results, how: str, path: Path) -> None:
    """Write the report, and the picture beside it."""
    picture = path.parent / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(results, how, PICTURE), "utf-8")
    picture.write_text(chart(TITLE, list(filter(_drawn, results.limits))), "utf-8")


def _drawn(one: Figure) -> bool:
    return one.what.startswith("CPU") and one.goal is not None


def _engine(rounds: int) -> list[engine.Row] | str:
    try:
        return engine.measure(rounds)
    except MissingError as error:
        return str(error)


def _how(rounds: int, requests: int) -> str:
    return (
        f"`make bench` wrote this on {datetime.now(UTC):%-d %B %Y}, in {rounds} rounds of "
        f"{requests} requests of a kind (fewer of pages with many results), on {os.cpu_count()} "
        f"cores with Python {platform.python_version()}."
    )


def main() -> None:
    """Measure, write, and say what falls short."""
    if sys.platform != "linux":
        sys.exit("The bench reads CPU and memory from /proc, which only Linux has")
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often everything is measured")
    parser.add_argument("--requests", type=int, default=200, help="how many make a measurement")
    parser.add_argument("--seconds", type=int, default=2, help="how long wrk takes for a rate")
    parser.add_argument("--report", type=Path, default=REPORT, help="the file to write")
    given = parser.parse_args()
    results = measured(given.rounds, given.requests, given.seconds)
    write(results, _how(given.rounds, given.requests), given.report)
    print(f"\n{summary(results)}\n\nAll figures: {given.report}")


if __name__ == "__main__":
    main()
