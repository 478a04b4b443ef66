"""The page of the form: a card for each question, and what is wrong with the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from questionnaire.rulebook.model import Question, Rulebook
from questionnaire.web.pieces import Filled, Pieces, pieces

NONE: Mapping[str, str] = MappingProxyType({})


def form_page(
    book: Rulebook,
    ticked: int,
    club: str,
    *,
    preset: int = 0,
    wrong: Mapping[str, str] = NONE,
    strange: Sequence[str] = (),
) -> Markup:
    """Return the page of the form, with these answers ticked.

    `preset` are the ticks that come from a club's link; `wrong` is what to say beside a question,
    by its id; `strange` is what is wrong beside none.
    """
    kept = pieces()
    asked = [question for question in book.questions if question.id in wrong]
    problems = [kept.piece("_card.html:problem", None, message=message) for message in strange] + [
        kept.piece("_card.html:problem", question, message=wrong[question.id]) for question in asked
    ]
    cards = _cards(kept, book, ticked, preset, wrong)
    filled: Filled = {"problems": problems, "cards": cards, "club": club}
    return kept.page("form.html", filled, wrong=bool(problems), shared=bool(club))


def _cards(
    kept: Pieces,
    book: Rulebook,
    ticked: int,
    preset: int,
    wrong: Mapping[str, str],
    before: Question | None = None,
) -> list[Markup]:
    """Return the cards of the questions that follow up one."""
    return [
        kept.piece(
            "_card.html:card",
            question,
            bool(question.bits & preset),
            wrong.get(question.id),
            boxes=_boxes(kept, question, ticked, answered=question.id not in wrong),
            follow_ups=_cards(kept, book, ticked, preset, wrong, question),
        )
        for question in book.follow_ups(before)
    ]


def _boxes(kept: Pieces, question: Question, ticked: int, *, answered: bool) -> list[Markup]:
    """Return the boxes of a question; nothing ticked is no answer only if it was `answered`."""
    boxes = [
        with_tick if bit & ticked else without
        for bit, without, with_tick in kept.choices("_card.html:box", question)
    ]
    if question.skippable:
        none = answered and not ticked & question.bits
        boxes.append(kept.plain("_card.html:no_answer", question, none))
    return boxes
