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
            for page in asked:  # until all that is kept was made
                page.spent(workers[page.whose], self.requests // 2)
            for page in asked:
                spent = page.spent(workers[page.whose], self.requests)
                self._add(page.what, page.whose, spent)
            for name in (BARE, OURS, TUTORIAL):
                self._add(MEMORY, name, workers[name].memory())
            if not without_rate(len(self.cores)):
                for name in (CONSTANT, OURS):
                    self._add(RATE, name, rate(workers[name].port, self.seconds, self.cores[0]))
            self.pages = asked

    def worker(self, name: str) -> Worker:
        """Start one of the servers, on the last core."""
        return Worker(*COMMANDS[name], core=self.cores[-1])

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
