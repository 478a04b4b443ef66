"""Measure the rule engine beside the fastest on PyPI: `python -m bench.engine`.

All get the same rules and the same answers, and all agree on every set of answers before anything
is timed. A full assessment starts at the ticks and ends at the ranked findings, each with the
answers behind it. The peers only say which rules hold; to be fair to them, the answers behind those
rules and the ranking are then found by our own code.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import compress
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

from bench.peers import MissingError, Peer, peers
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.conditions import (
    CompiledCondition,
    choices_in,
    compile_condition,
    find_reasons,
)
from questionnaire.engine.evaluate import assess, compile_rulebook
from questionnaire.rulebook.loader import load
from questionnaire.rulebook.model import Rulebook
from tests.support.nested_rulebook import nested_book, one_each
from tests.support.random_runners import ticks

SHIPPED = Path(__file__).parent.parent / "rules.yaml"
DAY = date(2026, 11, 23)
SETS, FEW = 500, 50
"""How many sets of answers: for one book, and for each of the books that grow."""

ROUNDS = 15
CHAPTERS = (1, 10, 100)
OURS = "ours"
FASTER = "faster than both"
GROWTH = "at most twice the time of 25 rules"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: µs of CPU for one set of answers, the median of all rounds.

    `ratios` are theirs over ours, the median of the rounds; `spread` is our fastest and our slowest
    round. A row without a goal is there for comparison only.
    """

    what: str
    ours: float
    peers: dict[str, float]
    goal: str
    reached: bool
    ratios: dict[str, float]
    spread: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Task:
    """What to time: whose it is, what to call, with each of what, and what each round took."""

    whose: str
    call: Callable[[Any], object]
    inputs: Sequence[object]
    spent: list[float] = field(default_factory=list)

    def time(self) -> None:
        """Time one round, in µs of CPU a call."""
        call = self.call
        start = time.process_time()
        for one in self.inputs:
            call(one)
        self.spent.append((time.process_time() - start) / len(self.inputs) * 1e6)


@dataclass(frozen=True, slots=True)
class Contest:
    """The tasks that make one row, ours first."""

    what: str
    goal: str
    tasks: list[Task]

    def row(self) -> Row:
        """Return the row; of the forms in which a peer was given the rules, the faster counts."""
        ours, *theirs = self.tasks
        best: dict[str, Task] = {}
        for task in sorted(theirs, key=lambda task: median(task.spent)):
            best.setdefault(task.whose, task)
        ratios = {
            name: median(a / b for a, b in zip(task.spent, ours.spent, strict=True))
            for name, task in best.items()
        }
        return Row(
            self.what,
            ours=median(ours.spent),
            peers={name: median(task.spent) for name, task in best.items()},
            goal=self.goal,
            reached=self.goal != FASTER or min(ratios.values()) > 1,
            ratios=ratios,
            spread=(min(ours.spent), max(ours.spent)),
        )


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Return every row; raise MissingError if a peer is not installed."""
    dice = Random(7)  # noqa: S311  # a seed, so that a figure can be repeated
    shipped, nested = load(SHIPPED), nested_book()
    contests = [
        *_one_book("the shipped rulebook", shipped, partial(ticks, shipped, dice)),
        *_one_book("25 nested rules", nested, partial(one_each, nested, 0, dice)),
        *_growth(),
    ]
    for _ in range(rounds):
        for contest in contests:
            for task in contest.tasks:
                task.time()
    return _with_growth([contest.row() for contest in contests])


def _one_book(name: str, rulebook: Rulebook, answer: Callable[[], int]) -> Iterator[Contest]:
    answers = [Answers(answer(), DAY) for _ in range(SETS)]
    engines = peers(rulebook)
    yield Contest(f"{name}: full assessment", FASTER, _full(rulebook, engines, answers))
    ticked = [rulebook.drop_unasked(one.ticked) & rulebook.bits for one in answers]
    tasks = [Task(OURS, compile_rulebook(rulebook).index.fire, ticked)]
    tasks += [Task(one.name, one.holds, [one.read(bits) for bits in ticked]) for one in engines]
    yield Contest(f"{name}: which rules hold, theirs without a trace", "", tasks)


def _growth() -> Iterator[Contest]:
    """Yield a contest for each size of a book, of which every runner answers the last chapter.

    That is the same work: the last chapter is alike in all, and so are the answers. In the last
    contest the chapter is picked by chance, so that few rules are in the CPU's cache.
    """
    for chapters in CHAPTERS:
        book, dice = nested_book(chapters, choices=2), Random(7)  # noqa: S311
        goal = GROWTH if chapters > 1 else ""
        yield _size(book, goal, [chapters - 1] * FEW, dice)
    contest = _size(book, FASTER, [dice.randrange(chapters) for _ in range(FEW)], dice)
    yield replace(contest, what=f"{contest.what}, any chapter")


def _size(rulebook: Rulebook, goal: str, answered: list[int], dice: Random) -> Contest:
    answers = [Answers(one_each(rulebook, chapter, dice), DAY) for chapter in answered]
    touched = mean(_touched(rulebook, one) for one in answers)
    what = f"{len(rulebook.rules):,} rules, {touched:.0f} of them touched: full assessment"
    return Contest(what, goal, _full(rulebook, peers(rulebook), answers))


def _touched(rulebook: Rulebook, answers: Answers) -> int:
    """Return how many rules mention a choice that is ticked."""
    ticked = {
        (question.id, choice.id)
        for question in rulebook.questions
        for choice in question.choices_in(answers.ticked)
    }
    return sum(not ticked.isdisjoint(choices_in(rule.when)) for rule in rulebook.rules)


def _with_growth(rows: list[Row]) -> list[Row]:
    """Return the rows, those that grow judged by the one before them."""
    grown = next(n for n, row in enumerate(rows) if row.goal == GROWTH)
    limit = 2 * rows[grown - 1].ours
    return [replace(r, reached=r.ours <= limit) if r.goal == GROWTH else r for r in rows]


def _full(rulebook: Rulebook, engines: list[Peer], answers: list[Answers]) -> list[Task]:
    """Return the tasks of a full assessment, proven to agree on these answers."""
    tasks = [Task(OURS, partial(assess, rulebook), answers)]
    tasks += [Task(one.name, _helped(rulebook, one), answers) for one in engines]
    for one in answers:
        wanted = assess(rulebook, one)
        for task in tasks:
            assert task.call(one) == wanted, f"{task.whose} finds something else for {one}"
    return tasks


def _helped(rulebook: Rulebook, peer: Peer) -> Callable[[Answers], Assessment]:
    """Return a full assessment by a peer: it says which rules hold, and our code does the rest."""
    book, numbers = compile_rulebook(rulebook), range(len(rulebook.rules))
    choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
    reasons = [_reasons(compile_condition(rule.when, choices)) for rule in rulebook.rules]

    def assessed(answers: Answers) -> Assessment:
        ticked = rulebook.drop_unasked(answers.ticked) & rulebook.bits
        holding = compress(numbers, peer.holds(peer.read(ticked)))
        return book.assessment({number: reasons[number](ticked) for number in holding}, answers)

    return assessed


def _reasons(condition: CompiledCondition) -> Callable[[int], Any]:
    """Return the fastest function from ticks to the reasons of a rule that is known to hold."""
    if len(condition) > 1:
        return partial(find_reasons, condition)
    return condition[0].needs[0].__and__ if condition[0].needs_one_tick else condition[0].reasons


def main(rounds: int = ROUNDS) -> None:
    """Print a line for each row, or what is missing."""
    try:
        rows = measure(rounds)
    except MissingError as error:
        sys.exit(str(error))
    for row in rows:
        print(f"{row.what}: {row.ours:.1f} µs ({row.spread[0]:.1f} to {row.spread[1]:.1f})")
        for name, spent in sorted(row.peers.items()):
            print(f"    {name} {spent:.1f} µs, {row.ratios[name]:.2f} times ours")
        if row.goal:
            print(f"    {row.goal}: {'reached' if row.reached else 'NOT REACHED'}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
