"""Measure how fast everything is, and write docs/reports/performance.md: `make bench`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import engine
from bench.report import Results, report, summary
from bench.rounds import Rounds
from questionnaire.rulebook.loader import load_rulebook
from tests.support.server_process import ROOT

REPORT = ROOT / "docs" / "reports" / "performance.md"


def measured(rounds: int, requests: int, seconds: int) -> Results:
    """Return everything, measured in so many rounds."""
    run = Rounds(load_rulebook(ROOT / "rules.yaml"), requests, seconds)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        run.measure()
    return Results(list(run.figures()), engine.measure(rounds), run.sizes())


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
    how = _how(given.rounds, given.requests)
    given.report.write_text(report(results, how), "utf-8")
    print(f"\n{summary(results)}\n\nAll figures: {given.report}")


if __name__ == "__main__":
    main()
