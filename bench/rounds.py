"""All that is measured together: each round measures everything once, so that all drift alike."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from operator import sub

from bench.figures import Figure, Goal, over
from bench.pages import BARE, CONSTANT, FORM, OURS, POST, TUTORIAL, TYPICAL_RESULT, Page, pages
from bench.worker import Ask, Worker, rate
from questionnaire.rulebook.model import Rulebook

COMMANDS = {OURS: ["app.py"]} | {
    name: ["-m", "bench.subjects", name] for name in (CONSTANT, BARE, TUTORIAL)
}
RATED = {FORM: 0.9, TYPICAL_RESULT: None}
"""Of which pages wrk asks, and which part of the constant page's rate is wanted."""
START, MEMORY, RATE = "start to first byte", "memory of a warm worker", "requests a second"


def without_rate(cores: int) -> str:
    """Return what keeps wrk from working beside a server, and the remedy; nothing if it can."""
    if not shutil.which("wrk"):
        return "wrk is not installed: `apt install wrk` brings it"
    if cores < 2:
        return "the server needs one core and wrk another: a machine with two brings it"
    return ""


class Rounds:
    """What was measured in each round.

    A round starts new workers: where a process happens to lie in memory makes it up to a tenth
    faster or slower for as long as it lives.
    """

    def __init__(self, book: Rulebook, requests: int, seconds: int) -> None:
        """Measure so many requests of a kind, and a rate for so many seconds."""
        self.book, self.requests, self.seconds = book, requests, seconds
        self.cores = sorted(os.sched_getaffinity(0))
        self.measured: dict[tuple[str, str], list[float]] = defaultdict(list)

    def measure(self, alike: Iterable[str]) -> None:
        """Measure everything once more; the pages at these paths are the same for everyone."""
        with ExitStack() as started:
            workers = {name: started.enter_context(closing(self.worker(name))) for name in COMMANDS}
            for name in (BARE, OURS):
                self._add(START, name, workers[name].first_byte)
            for path in alike:
                workers[OURS].ask(Ask(path))
            asked = pages(workers, self.book)
            for page in asked:  # until all that is kept was made; as often the constant page
                for one in (page, Page(CONSTANT, Ask(), whose=CONSTANT)):
                    one.spent(workers[one.whose], self.requests // 2)
            for page in asked:
                if page.whose == OURS:
                    beside = workers[CONSTANT].spent(Ask(), self.requests)
                    self._add(page.what, CONSTANT, beside)
                spent = page.spent(workers[page.whose], self.requests)
                self._add(page.what, page.whose, spent)
            for name in (BARE, OURS, TUTORIAL):
                self._add(MEMORY, name, workers[name].memory())
            self.pages = asked
            if not without_rate(len(self.cores)):
                self._rates(workers)

    def _rates(self, workers: dict[str, Worker]) -> None:
        """Measure how many pages a second wrk gets, each time beside the constant page."""
        for page in self.pages:
            if page.what in RATED and page.whose == OURS:
                for name, path in ((CONSTANT, "/"), (OURS, page.ask.path)):
                    found = rate(workers[name].port, path, self.seconds, self.cores[0])
                    self._add(f"{RATE} of {page.what}", name, found)

    def worker(self, name: str) -> Worker:
        """Start one of the servers, on the last core."""
        return Worker(*COMMANDS[name], core=self.cores[-1])

    def limits(self) -> Iterator[Figure]:
        """Return the figures beside the constant page and the bare application."""
        for page in self.pages:
            if page.whose == OURS:
                goal = Goal(page.at_most) if page.at_most else None
                beside = self._beside(CONSTANT, page.what, "µs", goal)
                yield replace(beside, what=f"CPU: {page.what}")
        start = self._beside(BARE, START, "ms", Goal(2.5))
        memory = self._beside(BARE, MEMORY, "MiB", Goal(25))
        yield replace(start, what=f"{START}, beside a bare application")
        yield replace(memory, what=f"{MEMORY}, over a bare application", compare=sub)
        for what, share in RATED.items():
            goal = Goal(share, at_least=True) if share else None
            rates = self._beside(CONSTANT, f"{RATE} of {what}", "/s", goal)
            yield replace(rates, missing=without_rate(len(self.cores)))

    def peers(self) -> Iterator[Figure]:
        """Return the tutorial's figures beside ours."""
        for what, unit in ((FORM, "µs"), (POST, "µs"), (MEMORY, "MiB")):
            ours, theirs = self.measured[what, OURS], self.measured[what, TUTORIAL]
            yield Figure(what, unit, ours, theirs, compare=over)

    def _beside(self, whose: str, what: str, unit: str, goal: Goal | None) -> Figure:
        return Figure(what, unit, self.measured[what, OURS], self.measured[what, whose], goal)

    def _add(self, what: str, whose: str, value: float) -> None:
        self.measured[what, whose].append(value)
