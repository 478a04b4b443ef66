"""All that is measured together: each round measures everything once, so that all drift alike."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from operator import sub

from bench.figures import Figure, Goal
from bench.pages import BARE, CONSTANT, FORM, OURS, POST, TUTORIAL, pages
from bench.worker import Ask, Worker, rate
from questionnaire.model import Rulebook

COMMANDS = {OURS: ["app.py"]} | {
    name: ["-m", "bench.subjects", name] for name in (CONSTANT, BARE, TUTORIAL)
}
START, MEMORY, RATE = "start to first byte", "memory of a warm worker", "requests a second"
WARM = 10
"""How often each constant page is asked for before the first round."""


def without_rate(cores: int) -> str:
    """Return what keeps wrk from working beside a server, and the remedy; nothing if it can."""
    if not shutil.which("wrk"):
        return "wrk is not installed: `apt install wrk` brings it"
    if cores < 2:
        return "the server needs one core and wrk another: a machine with two brings it"
    return ""


class Rounds:
    """The workers, and what was measured of them in each round."""

    def __init__(self, book: Rulebook, requests: int, seconds: int) -> None:
        """Start the workers; a measurement is of so many requests, a rate of so many seconds."""
        self.requests, self.seconds = requests, seconds
        self.cores = sorted(os.sched_getaffinity(0))
        self.measured: dict[tuple[str, str], list[float]] = defaultdict(list)
        with ExitStack() as started:
            self.workers = {
                name: started.enter_context(closing(self._worker(name))) for name in COMMANDS
            }
            self.pages = pages(self.workers, book)
            self.close = started.pop_all().close

    def warm(self, paths: Iterable[str]) -> None:
        """Ask for all pages, and for these, until all that is kept was made."""
        for ask in [Ask(path) for path in paths] * WARM:
            self.workers[OURS].ask(ask)
        for page in self.pages:
            page.spent(self.workers[page.whose], self.requests // 2)

    def measure(self) -> None:
        """Measure everything once more."""
        for page in self.pages:
            self._add(page.what, page.whose, page.spent(self.workers[page.whose], self.requests))
        for name in (BARE, OURS, TUTORIAL):
            self._add(MEMORY, name, self.workers[name].memory())
        for name in (BARE, OURS):
            with closing(self._worker(name)) as fresh:
                self._add(START, name, fresh.first_byte)
        if not without_rate(len(self.cores)):
            for name in (CONSTANT, OURS):
                self._add(RATE, name, rate(self.workers[name].port, self.seconds, self.cores[0]))

    def limits(self) -> Iterator[Figure]:
        """Return the figures beside the constant page and the bare application."""
        constant = self.measured[FORM, CONSTANT]
        for page in self.pages:
            if page.whose == OURS:
                goal = Goal(page.at_most) if page.at_most else None
                spent = self.measured[page.what, OURS]
                yield Figure(f"CPU: {page.what}", "µs", spent, constant, goal)
        start = self._beside(BARE, START, "ms", Goal(2.5))
        memory = self._beside(BARE, MEMORY, "MiB", Goal(25))
        rates = self._beside(CONSTANT, RATE, "/s", Goal(0.9, at_least=True))
        yield replace(start, what=f"{START}, beside a bare application")
        yield replace(memory, what=f"{MEMORY}, over a bare application", compare=sub)
        yield replace(rates, what=f"{RATE} of the form", missing=without_rate(len(self.cores)))

    def peers(self) -> Iterator[Figure]:
        """Return the tutorial's figures beside ours."""
        for what, unit in ((FORM, "µs"), (POST, "µs"), (MEMORY, "MiB")):
            theirs, ours = self.measured[what, TUTORIAL], self.measured[what, OURS]
            yield Figure(what, unit, theirs, ours)

    def _beside(self, whose: str, what: str, unit: str, goal: Goal) -> Figure:
        return Figure(what, unit, self.measured[what, OURS], self.measured[what, whose], goal)

    def _add(self, what: str, whose: str, value: float) -> None:
        self.measured[what, whose].append(value)

    def _worker(self, name: str) -> Worker:
        return Worker(*COMMANDS[name], core=self.cores[-1])
