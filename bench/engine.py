"""Measure the rule engine beside the fastest on PyPI: `python -m bench.engine`.

All get the same conditions and the same answers, and all agree on every set of answers before
anything is timed. There is a condition for each effect: `any` of the rules that have it. A full
assessment starts at the ticks and ends at the ranked findings, each with the answers behind it. The
peers only say which conditions hold; to be fair to them, the answers behind those conditions and
the ranking are then found by our own code.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import compress
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench.figures import Figure, Goal, over
from bench.peers import PEERS, MissingError, Peer, peers
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.conditions import CompiledCondition, compile_condition, find_reasons
from questionnaire.engine.evaluate import assess, compile_rulebook
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import AnyOf, Condition
from tests.support.nested_rulebook import nested_book, one_each
from tests.support.random_runners import ticks

SHIPPED = Path(__file__).parent.parent / "rules.yaml"
DAY = date(2026, 11, 23)
SETS, FEW = 500, 50
"""How many sets of answers: for a book of one chapter, and of many."""

ROUNDS, PASSES = 15, 5
CHAPTERS = (10, 100)
OURS = "ours"
FULL, FIRED = "full assessment", "which conditions hold"
FASTER = Goal(1, at_least=True)


@dataclass(frozen=True, slots=True)
class Task:
    """What to time: whose it is, what to call, with each of what, and what each round took."""

    whose: str
    call: Callable[[Any], object]
    inputs: Sequence[object]
    spent: list[float] = field(default_factory=list)

    def time(self) -> float:
        """Return the µs of CPU that a call takes, over all inputs."""
        call = self.call
        start = time.process_time()
        for one in self.inputs:
            call(one)
        return (time.process_time() - start) / len(self.inputs) * 1e6


@dataclass(frozen=True, slots=True)
class Contest:
    """The same work, done by ours, which comes first, and by each peer."""

    what: str
    goal: Goal | None
    tasks: list[Task]

    def time(self) -> None:
        """Time one round; the tasks take turns, and the fastest pass is the least disturbed."""
        passes = [[task.time() for task in self.tasks] for _ in range(PASSES)]
        for task, spent in zip(self.tasks, zip(*passes, strict=True), strict=True):
            task.spent.append(min(spent))

    def figures(self) -> Iterator[Figure]:
        """Yield ours beside each peer; of the forms of a peer's rules, the fastest counts."""
        ours, *theirs = self.tasks
        for name in PEERS:
            forms = (task for task in theirs if task.whose == name)
            best = min(forms, key=lambda task: median(task.spent))
            what = f"{self.what}, beside {name}"
            yield Figure(what, "µs", ours.spent, best.spent, self.goal, over)


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return every figure, or one that says which peer is missing."""
    try:
        contests = list(_contests())
    except MissingError as error:
        return [Figure("the rule engine", "µs", goal=FASTER, compare=over, missing=str(error))]
    for _ in range(rounds):
        for contest in contests:
            contest.time()
    return [figure for contest in contests for figure in contest.figures()]


def _contests() -> Iterator[Contest]:
    """Yield everything to time; raise MissingError if a peer is not installed."""
    dice = Random(7)  # noqa: S311  # a seed, so that a figure can be repeated
    shipped, nested = load_rulebook(SHIPPED), nested_book()
    yield from _one_book("the shipped rulebook", shipped, partial(ticks, shipped, dice))
    yield from _one_book("25 nested rules", nested, partial(one_each, nested, 0, dice))
    for chapters in CHAPTERS:
        book = nested_book(chapters, choices=2)
        answered = (one_each(book, dice.randrange(chapters), dice) for _ in range(FEW))
        answers = [Answers(ticked, DAY) for ticked in answered]
        what = f"{len(book.rules):,} nested rules: {FULL}"
        yield Contest(what, FASTER, _full(book, _peers(book), answers))


def _one_book(name: str, rulebook: Rulebook, answer: Callable[[], int]) -> Iterator[Contest]:
    answers = [Answers(answer(), DAY) for _ in range(SETS)]
    engines = _peers(rulebook)
    yield Contest(f"{name}: {FULL}", FASTER, _full(rulebook, engines, answers))
    ticked = [rulebook.drop_unasked(one.ticked) & rulebook.bits for one in answers]
    tasks = [Task(OURS, compile_rulebook(rulebook).index.fire, ticked)]
    tasks += [Task(one.name, one.holds, [one.read(bits) for bits in ticked]) for one in engines]
    yield Contest(f"{name}: {FIRED}", None, tasks)


def _full(rulebook: Rulebook, engines: list[Peer], answers: list[Answers]) -> list[Task]:
    """Return the tasks of a full assessment, proven to agree on these answers."""
    tasks = [Task(OURS, partial(assess, rulebook), answers)]
    tasks += [Task(one.name, _helped(rulebook, one), answers) for one in engines]
    for one in answers:
        wanted = assess(rulebook, one)
        for task in tasks:
            assert task.call(one) == wanted, f"{task.whose} finds something else for {one}"
    return tasks


def _conditions(rulebook: Rulebook) -> dict[int, Condition]:
    """Return the condition of each effect, by its number."""
    conditions: dict[int, list[Condition]] = {}
    for rule, effects in zip(rulebook.rules, compile_rulebook(rulebook).effects, strict=True):
        for effect in effects:
            conditions.setdefault(effect, []).append(rule.when)
    return {
        effect: parts[0] if len(parts) == 1 else AnyOf.model_construct(any=tuple(parts))
        for effect, parts in conditions.items()
    }


def _peers(rulebook: Rulebook) -> list[Peer]:
    return peers(list(_conditions(rulebook).values()), rulebook)


def _helped(rulebook: Rulebook, peer: Peer) -> Callable[[Answers], Assessment]:
    """Return a full assessment by a peer: it says what holds, and our code does the rest."""
    book, conditions = compile_rulebook(rulebook), _conditions(rulebook)
    reasons = {n: _reasons(compile_condition(when, rulebook)) for n, when in conditions.items()}

    def assessed(answers: Answers) -> Assessment:
        ticked = rulebook.drop_unasked(answers.ticked) & rulebook.bits
        holding = compress(reasons, peer.holds(peer.read(ticked)))
        return book.assessment({effect: reasons[effect](ticked) for effect in holding}, answers)

    return assessed


def _reasons(condition: CompiledCondition) -> Callable[[int], Any]:
    """Return the fastest function from ticks to the reasons of a rule that is known to hold."""
    if len(condition) > 1:
        return partial(find_reasons, condition)
    return condition[0].needs[0].__and__ if condition[0].needs_one_tick else condition[0].reasons


def main(rounds: int = ROUNDS) -> None:
    """Print a line for each figure, or what is missing."""
    for one in measure(rounds):
        print(f"{one.what}: {one.missing or f'{one.compared} {one.verdict}'}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
