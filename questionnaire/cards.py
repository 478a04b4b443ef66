"""The page of the form: a card for each question, and what is wrong with the answers."""

from __future__ import annotations

from markupsafe import Markup

from questionnaire.forms import BookForm
from questionnaire.model import Question
from questionnaire.pieces import Filled, Pieces, pieces


def form_page(form: BookForm, *, preset: int = 0, club: str = "") -> Markup:
    """Return the page of a form; `preset` are the ticks that come from a club's link."""
    made = pieces()
    problems = [
        made.piece("_card.html:problem", question, message=message)
        for question, message in form.problems()
    ]
    filled: Filled = {"problems": problems, "cards": _cards(made, form, preset), "club": club}
    return made.page("form.html", filled, wrong=bool(problems), shared=bool(club))


def _cards(
    made: Pieces, form: BookForm, preset: int, before: Question | None = None
) -> list[Markup]:
    """Return the cards of the questions that follow up one."""
    cards = []
    for question in form.rulebook.follow_ups(before):
        field = form.of(question)
        error = field.errors[0] if field.errors else None
        card = made.piece(
            "_card.html:card",
            question,
            bool(question.bits & preset),
            error,
            boxes=_boxes(made, question, field.data),
            follow_ups=_cards(made, form, preset, question),
        )
        cards.append(card)
    return cards


def _boxes(made: Pieces, question: Question, ticked: int) -> list[Markup]:
    boxes = [
        made.piece("_card.html:box", question, choice, bool(choice.bit & ticked))
        for choice in question.choices
    ]
    if question.skippable:
        boxes.append(made.piece("_card.html:no_answer", question, not ticked))
    return boxes
