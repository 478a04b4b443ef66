"""Measure the squad sheet of 300 results and the own sheets of 60: `python -m bench.squad`."""

from __future__ import annotations

import random
import statistics
import time

from flask.testing import FlaskClient

from app import create_app
from questionnaire.codes import FIRST_DAY, encode
from questionnaire.model import Answers, Rulebook

ROUNDS = 15


def ticks(book: Rulebook, dice: random.Random) -> int:
    """Return the bits of a runner's answers: one to three to each question that is asked."""
    ticked = 0
    for question in book.questions:
        if book.is_asked(question, ticked):
            several = [one for one in question.choices if one.bit != question.exclusive_bit]
            many = dice.randint(1, 3) if question.pick == "several" else 1
            chosen = dice.sample(several, min(many, len(several)))
            if question.exclusive and dice.random() < (
                0.8 if question is book.questions[0] else 0.2
            ):
                chosen = [one for one in question.choices if one.bit == question.exclusive_bit]
            ticked |= sum(one.bit for one in chosen)
    return book.asked(ticked)


def chat(book: Rulebook, size: int) -> str:
    """Return a group chat in which that many runners sent their links."""
    dice = random.Random(5)  # noqa: S311 - a bench, not a secret
    codes = (encode(book, Answers(ticks(book, dice), FIRST_DAY)) for _ in range(size))
    lines = enumerate(codes, 1)
    return "\n".join(f"Runner {n}: https://example.org/r/{code}" for n, code in lines)


def measure(client: FlaskClient, view: str, text: str) -> tuple[list[float], int]:
    """Return the milliseconds of CPU of each round, and the bytes of the page."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        response = client.post("/squad", data={"text": text, "view": view, "order": "name"})
        spent.append((time.process_time() - start) * 1000)
        assert response.status_code == 200
    return sorted(spent), len(response.data)


def main() -> None:
    """Print one line for each view."""
    site = create_app()
    book: Rulebook = site.extensions["rulebook"]
    client = site.test_client()
    for view, size in (("table", 300), ("csv", 300), ("sheets", 60)):
        spent, weight = measure(client, view, chat(book, size))
        print(
            f"{view} of {size}: {statistics.median(spent):.0f} ms of CPU "
            f"({spent[0]:.0f} to {spent[-1]:.0f}), {weight / 1000:.0f} KB"
        )


if __name__ == "__main__":
    main()
