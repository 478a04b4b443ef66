"""What is asked for, and how much CPU it may take beside the constant page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.worker import Ask, Worker
from questionnaire.rulebook.model import Rulebook
from tests.browser.journeys import LARGEST, STOP, TEN_REASONS, TYPICAL
from tests.support.random_runners import chat

OURS, CONSTANT, BARE, TUTORIAL = "ours", "constant", "bare", "tutorial"
FORM, POST = "the form", "a post of the form"
TYPICAL_RESULT = "results, typical"
COACH = "/?from=City+Runners&training=distance"
SQUAD, SHEETS = 300, 60
"""How many results a coach pastes."""
LEAST = 3
"""At least how many requests make a measurement."""


@dataclass(frozen=True, slots=True)
class Page:
    """A request to one of the workers; `results` are counted each, if it shows many."""

    what: str
    ask: Ask
    at_most: float | None = None
    whose: str = OURS
    results: int = 1

    def spent(self, worker: Worker, requests: int) -> float:
        """Return the µs of CPU for one, from so many requests or fewer if it shows many."""
        return worker.spent(self.ask, max(LEAST, requests // self.results)) / self.results


def pages(workers: dict[str, Worker], book: Rulebook) -> list[Page]:
    """Return everything that is asked for in a round, in this order."""
    return [
        Page(FORM, Ask(), whose=BARE),
        *_tutorial(workers[TUTORIAL]),
        *_forms(workers[OURS], book),
        *_results(workers[OURS], book),
        *_squads(book),
    ]


def _forms(ours: Worker, book: Rulebook) -> Iterator[Page]:
    held = {"If-None-Match": ours.ask(Ask()).headers["ETag"]}
    post = _post(book, TYPICAL)
    wrong = Ask("/", "POST", 422, urlencode({"bothers": "knee"}))
    yield Page(FORM, Ask(), 1.1)
    yield Page(f"{FORM}, 304", Ask(status=304, headers=held), 1.1)
    yield Page(f"{FORM}, prefilled by a coach's link", Ask(COACH), 3)
    yield Page(f"{FORM}, filled again from a result", Ask(f"{_address(ours, post)}/change"), 3)
    yield Page(f"{FORM}, with errors", wrong, 3)
    yield Page(POST, post, 4)


def _results(ours: Worker, book: Rulebook) -> Iterator[Page]:
    shown = {
        "typical": TYPICAL,
        "ten reasons": TEN_REASONS,
        "the largest": LARGEST,
        "a warning sign": STOP,
    }
    for name, answers in shown.items():
        yield Page(f"results, {name}", Ask(_address(ours, _post(book, answers))), 3)


def _squads(book: Rulebook) -> Iterator[Page]:
    for name, view, size, at_most in (
        ("squad sheet", "table", SQUAD, 1),
        ("squad as CSV", "csv", SQUAD, None),
        ("own sheets", "sheets", SHEETS, None),
    ):
        sent = urlencode({"text": chat(book, size), "view": view, "order": "name"})
        what = f"{name} of {size}, each"
        yield Page(what, Ask("/squad", "POST", 200, sent), at_most, results=size)


def _tutorial(worker: Worker) -> Iterator[Page]:
    first = worker.ask(Ask())
    session = {"Cookie": first.headers["Set-Cookie"].split(";")[0]}
    [token] = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', first.body.decode())
    filled = {"warnings": "none", "bothers": ["knee", "shin"], "training": "distance"}
    sent = urlencode(filled | {"csrf_token": token, "submit": "Send"}, doseq=True)
    yield Page(FORM, Ask(headers=session), whose=TUTORIAL)
    yield Page(POST, Ask("/", "POST", 302, sent, session), whose=TUTORIAL)


def _post(book: Rulebook, answers: dict[str, str]) -> Ask:
    """Return the form with these answers, and nothing wrong where an answer is required."""
    filled = {q.id: q.exclusive for q in book.questions if q.required} | answers
    split = {name: str(value).split() for name, value in filled.items()}
    return Ask("/", "POST", 303, urlencode(split, doseq=True))


def _address(ours: Worker, post: Ask) -> str:
    return str(ours.ask(post).headers["Location"])
