"""The page of the form: a card for each question, and what is wrong with the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaire.forms import NO_ANSWER
from questionnaire.model import Question, Rulebook
from questionnaire.pieces import Html, Pieces, joined, pieces

CHECKED = Html(" checked")


def form_page(
    book: Rulebook,
    ticked: int = 0,
    *,
    preset: int = 0,
    club: str = "",
    wrong: Mapping[str, str] | None = None,
    strange: Sequence[str] = (),
) -> Html:
    """Return the page of the form.

    `preset` are the ticks that come from a club's link; `wrong` is what to say beside a question,
    by its id; `strange` is wrong with no question.
    """
    made, wrong = pieces(), wrong or {}
    problems = [made.fill("_problem.html", {"message": one}, question=None) for one in strange]
    problems += [
        made.fill("_problem.html", {"message": wrong[question.id]}, question=question)
        for question in book.questions
        if question.id in wrong
    ]
    cards = _cards(made, book, None, ticked, preset, wrong)
    holes = {"club": club, "problems": joined(problems), "cards": cards}
    return made.fill("form.html", holes, wrong=bool(problems), shared=bool(club))


def _cards(
    made: Pieces,
    book: Rulebook,
    before: Question | None,
    ticked: int,
    preset: int,
    wrong: Mapping[str, str],
) -> Html:
    """Return the cards of the questions that follow up one, or nothing."""
    cards = []
    for question in book.follow_ups(before):
        chosen = question.choices_in(ticked)
        holes = {one.id: CHECKED for one in chosen}
        if not chosen and question.id not in wrong:
            holes[NO_ANSWER] = CHECKED
        holes["follow_ups"] = _cards(made, book, question, ticked, preset, wrong)
        about = {"wrong": wrong.get(question.id), "preset": bool(question.bits & preset)}
        cards.append(made.fill("_card.html", holes, question=question, **about))
    return joined(cards)
