"""All that is measured together: each round measures everything once, so that all drift alike."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from operator import sub
from statistics import median

from bench.figures import Figure, Goal
from bench.pages import CACHED, FORM, TYPICAL_RESULT, Page, pages
from bench.worker import Ask, Worker, rate
from questionnaire.rulebook.model import Rulebook

OURS, CONSTANT, BARE = "ours", "constant", "bare"
COMMANDS = {OURS: ["app.py"]} | {name: ["-m", "bench.subjects", name] for name in (CONSTANT, BARE)}
RATED = {FORM: Goal(0.9, at_least=True), TYPICAL_RESULT: None}
"""Of which pages wrk asks, and which part of the constant page's rate is wanted."""
TURNS = 10
START, MEMORY, RATE = "start to first byte", "memory of a warm server", "requests a second"


def without_rate(cores: int) -> str:
    """Return what keeps wrk from working beside a server, and the remedy; nothing if it can."""
    if not shutil.which("wrk"):
        return "wrk is not installed: `apt install wrk` brings it"
    if cores < 2:
        return "the server needs one core and wrk another: a machine with two brings it"
    return ""


class Rounds:
    """What was measured in each round.

    A round starts new servers: where a process happens to lie in memory makes it up to a tenth
    faster or slower for as long as it lives.
    """

    def __init__(self, book: Rulebook, requests: int, seconds: int) -> None:
        """Measure so many requests of a kind, and a rate for so many seconds."""
        self.book, self.requests, self.seconds = book, requests, seconds
        self.cores = sorted(os.sched_getaffinity(0))
        self.measured: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.pages: list[Page] = []

    def measure(self) -> None:
        """Measure everything once more."""
        with ExitStack() as started:
            workers = {name: started.enter_context(closing(self._start(name))) for name in COMMANDS}
            for path in CACHED:
                workers[OURS].ask(Ask(path))
            self.pages = list(pages(workers[OURS], self.book))
            self._warm_up(workers)
            self._pages(workers[OURS], workers[CONSTANT])
            for name in (OURS, BARE):
                self._add(START, name, workers[name].first_byte)
                self._add(MEMORY, name, workers[name].memory())
            if not without_rate(len(self.cores)):
                self._rates(workers)

    def _start(self, name: str) -> Worker:
        """Start one of the servers, on the last core."""
        return Worker(*COMMANDS[name], core=self.cores[-1])

    def _warm_up(self, workers: dict[str, Worker]) -> None:
        """Ask for everything, and as often for the constant page."""
        enough = self.requests // 2 + 1
        for page in self.pages:
            page.spent(workers[OURS], enough)
            workers[CONSTANT].spent(Ask(), enough)
        workers[BARE].spent(Ask(), self.requests)

    def _pages(self, ours: Worker, constant: Worker) -> None:
        """Measure each page in turn with the constant one; a busy moment spoils few turns."""
        few = self.requests // TURNS + 1
        for page in self.pages:
            turns = [(constant.spent(Ask(), few), page.spent(ours, few)) for _ in range(TURNS)]
            for name, spent in zip((CONSTANT, OURS), zip(*turns, strict=True), strict=True):
                self._add(page.what, name, median(spent))

    def _rates(self, workers: dict[str, Worker]) -> None:
        """Measure how many pages a second wrk gets, each time beside the constant page."""
        for page in self.pages:
            if page.what in RATED:
                for name, path in ((CONSTANT, "/"), (OURS, page.ask.path)):
                    found = rate(workers[name].port, path, self.seconds, self.cores[0])
                    self._add(f"{RATE} of {page.what}", name, found)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each page."""
        with closing(self._start(OURS)) as worker:
            return {f"CPU: {page.what}": len(worker.ask(page.ask).body) for page in self.pages}

    def figures(self) -> Iterator[Figure]:
        """Return the figures beside the constant page and the bare application."""
        for page in self.pages:
            beside = self._beside(CONSTANT, page.what, "µs", page.goal)
            yield replace(beside, what=f"CPU: {page.what}")
        start = self._beside(BARE, START, "ms", Goal(2))
        memory = self._beside(BARE, MEMORY, "MiB", Goal(25))
        yield replace(start, what=f"{START}, beside a bare application")
        yield replace(memory, what=f"{MEMORY}, over a bare application", compare=sub)
        for what, goal in RATED.items():
            rates = self._beside(CONSTANT, f"{RATE} of {what}", "/s", goal)
            yield replace(rates, missing=without_rate(len(self.cores)))

    def _beside(self, whose: str, what: str, unit: str, goal: Goal | None) -> Figure:
        return Figure(what, unit, self.measured[what, OURS], self.measured[what, whose], goal)

    def _add(self, what: str, whose: str, value: float) -> None:
        self.measured[what, whose].append(value)
