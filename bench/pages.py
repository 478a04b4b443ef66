"""What is asked for, and how much CPU it may take beside the constant page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.figures import Goal
from bench.worker import Ask, Worker
from questionnaire.rulebook.model import Rulebook
from tests.support.example_answers import LARGEST, STOP, TEN_REASONS, TYPICAL
from tests.support.random_runners import chat

CACHED = ("/rules", "/research", "/about", "/coach", "/muscles", "/squad", "/r")
"""Pages that are cached beside the form."""
FORM, TYPICAL_RESULT = "the form", "results, typical"
COACH = "/?from=City+Runners&training=distance"
SQUAD, SHEETS = 300, 60
"""How many results a coach pastes."""
EVERYBODYS, POST, PERSONAL, LARGE, SHEET = map(Goal, (1.1, 3, 5, 7, 1))
"""How many times the constant page's CPU each kind of page may take."""


@dataclass(frozen=True, slots=True)
class Page:
    """A request to our server; `results` are counted each, if it shows many."""

    what: str
    ask: Ask
    goal: Goal | None = None
    results: int = 1

    def spent(self, worker: Worker, requests: int) -> float:
        """Return the µs of CPU for one, from so many requests or fewer if it shows many."""
        return worker.spent(self.ask, max(1, requests // self.results)) / self.results


def pages(ours: Worker, book: Rulebook) -> Iterator[Page]:
    """Yield everything that is asked for in a round, in this order."""
    yield from _forms(ours, book)
    yield from _results(ours, book)
    yield from _squads(book)


def _forms(ours: Worker, book: Rulebook) -> Iterator[Page]:
    held = {"If-None-Match": ours.ask(Ask()).headers["ETag"]}
    post = _post(book, TYPICAL)
    wrong = Ask("/", "POST", 422, urlencode({"bothers": "knee"}))
    filled = Ask(f"{_address(ours, post)}/change")
    yield Page(FORM, Ask(), EVERYBODYS)
    yield Page(f"{FORM}, 304", Ask(status=304, headers=held), EVERYBODYS)
    yield Page(f"{FORM}, prefilled by a coach's link", Ask(COACH), PERSONAL)
    yield Page(f"{FORM}, filled again from a result", filled, PERSONAL)
    yield Page(f"{FORM}, with errors", wrong, PERSONAL)
    yield Page(f"a post of {FORM}", post, POST)


def _results(ours: Worker, book: Rulebook) -> Iterator[Page]:
    for what, answers, goal in (
        (TYPICAL_RESULT, TYPICAL, PERSONAL),
        ("results, ten reasons", TEN_REASONS, PERSONAL),
        ("results, the largest", LARGEST, LARGE),
        ("results, a warning sign", STOP, PERSONAL),
    ):
        yield Page(what, Ask(_address(ours, _post(book, answers))), goal)


def _squads(book: Rulebook) -> Iterator[Page]:
    for name, view, size, goal in (
        ("squad sheet", "table", SQUAD, SHEET),
        ("squad as CSV", "csv", SQUAD, None),
        ("own sheets", "sheets", SHEETS, None),
    ):
        sent = urlencode({"text": chat(book, size), "view": view, "order": "name"})
        what = f"{name} of {size}, each"
        yield Page(what, Ask("/squad", "POST", 200, sent), goal, results=size)


def _post(book: Rulebook, answers: dict[str, str]) -> Ask:
    """Return the form with these answers, and nothing wrong where an answer is required."""
    nothing = {q.id: q.exclusive or q.choices[-1].id for q in book.questions if q.required}
    filled = nothing | answers
    split = {name: str(value).split() for name, value in filled.items()}
    return Ask("/", "POST", 303, urlencode(split, doseq=True))


def _address(ours: Worker, post: Ask) -> str:
    return str(ours.ask(post).headers["Location"])
