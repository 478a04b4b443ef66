"""Runners who are made up, and what they send to their coach."""

from __future__ import annotations

import random
from datetime import date

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook


def ticks(book: Rulebook, dice: random.Random) -> int:
    """Return the bits of a runner's answers: one to three to each question that is asked."""
    ticked = 0
    for question in book.questions:
        if book.is_asked(question, ticked):
            several = [one for one in question.choices if one.bit != question.exclusive_bit]
            many = dice.randint(1, 3) if question.pick == "several" else 1
            chosen = dice.sample(several, min(many, len(several)))
            if question is book.questions[0] and dice.random() < 0.8:
                chosen = list(question.choices[-1:])  # no warning sign
            if question.exclusive and dice.random() < 0.2:
                chosen = [one for one in question.choices if one.bit == question.exclusive_bit]
            ticked |= sum(one.bit for one in chosen)
    return book.drop_unasked(ticked)


def chat(book: Rulebook, size: int, day: date = FIRST_DAY) -> str:
    """Return a group chat in which that many runners sent their links of a day."""
    dice = random.Random(5 + (day - FIRST_DAY).days)  # noqa: S311 - made-up runners, no secret
    codes = (encode(book, Answers(ticks(book, dice), day)) for _ in range(size))
    lines = enumerate(codes, 1)
    return "\n".join(f"Runner {n}: https://example.org/r/{code}" for n, code in lines)
