"""The page of the form: a card for each question, and what is wrong with the answers."""

from __future__ import annotations

from markupsafe import Markup

from questionnaire.forms import BookForm
from questionnaire.model import Question
from questionnaire.pieces import Filled, Pieces, pieces


def form_page(form: BookForm, *, preset: int = 0, club: str) -> Markup:
    """Return the page of a form; `preset` are the ticks that come from a club's link."""
    kept = pieces()
    problems = [
        kept.piece("_card.html:problem", question, message=message)
        for question, message in form.problems()
    ]
    filled: Filled = {"problems": problems, "cards": _cards(kept, form, preset), "club": club}
    return kept.page("form.html", filled, wrong=bool(problems), shared=bool(club))


def _cards(
    kept: Pieces, form: BookForm, preset: int, before: Question | None = None
) -> list[Markup]:
    """Return the cards of the questions that follow up one."""
    cards = []
    for question in form.rulebook.follow_ups(before):
        field = form.of(question)
        error = field.errors[0] if field.errors else None
        card = kept.piece(
            "_card.html:card",
            question,
            bool(question.bits & preset),
            error,
            boxes=_boxes(kept, question, field.data, none=not field.data and not error),
            follow_ups=_cards(kept, form, preset, question),
        )
        cards.append(card)
    return cards


def _boxes(kept: Pieces, question: Question, ticked: int, *, none: bool) -> list[Markup]:
    """Return the boxes of a question; `none` says that no answer is what was answered."""
    boxes = [
        kept.piece("_card.html:box", question, choice, bool(choice.bit & ticked))
        for choice in question.choices
    ]
    if question.skippable:
        boxes.append(kept.piece("_card.html:no_answer", question, none))
    return boxes
