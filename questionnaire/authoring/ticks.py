"""Ticks as authors write and read them: `knee, hips`, or `noticed:none` for an id used twice."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from questionnaire.rulebook.model import Choice, Question, Rulebook


def spell(rulebook: Rulebook, ticked: int) -> str:
    """Return the names of these ticks, in the order of the file."""
    ids = [choice.id for question in rulebook.questions for choice in question.choices]
    return ", ".join(
        choice.id if ids.count(choice.id) == 1 else f"{question.id}:{choice.id}"
        for question in rulebook.questions
        for choice in question.choices_in(ticked)
    )


def read(rulebook: Rulebook, text: str) -> int:
    """Return the ticks named in a text: ids or words of choices, with commas between them.

    Raises ValueError for a name that no choice has, and for one that several have.
    """
    ticked = 0
    for name in _names(rulebook, text):
        ticked |= _choice(rulebook, name).bit
    return ticked


def contradiction(rulebook: Rulebook, ticked: int) -> str | None:
    """Return why nobody can tick these together, or None if somebody can."""
    for question in rulebook.questions:
        mine = question.choices_in(ticked)
        if not question.contradicts(ticked):
            continue
        if question.pick == "one":
            either = " or ".join(choice.id for choice in mine)
            return f'"{question.id}" takes one answer only: {either}'
        others = ", ".join(choice.id for choice in mine if choice.id != question.exclusive)
        return f'"{question.exclusive}" of "{question.id}" excludes {others}: leave out one side'
    return None


def _names(rulebook: Rulebook, text: str) -> Iterator[str]:
    """Split a text at its commas, but for those in the words of a choice."""
    with_commas = {
        words.casefold()
        for _, choice in _choices(rulebook)
        for words in (choice.text, choice.spoken)
        if "," in words
    }
    parts = text.split(",")
    while parts:
        many = next(
            (n for n in range(len(parts), 1, -1) if _joined(parts[:n]).casefold() in with_commas), 1
        )
        if name := _joined(parts[:many]):
            yield name
        del parts[:many]


def _joined(parts: list[str]) -> str:
    return ",".join(parts).strip()


def _choice(rulebook: Rulebook, name: str) -> Choice:
    question, _, rest = (part.strip() for part in name.partition(":"))
    found = [one for one in _choices(rulebook) if _is(one, name)] or [
        one for one in _choices(rulebook) if one[0].id == question and _is(one, rest)
    ]
    if len(found) == 1:
        return found[0][1]
    if found:
        several = " or ".join(f"{q.id}:{choice.id}" for q, choice in found)
        raise ValueError(f'"{name}" is a choice of several questions: write {several}')
    near = difflib.get_close_matches(name, [choice.id for _, choice in _choices(rulebook)], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise ValueError(f'there is no choice "{name}"{hint}')


def _is(one: tuple[Question, Choice], name: str) -> bool:
    _, choice = one
    return name.casefold() in {word.casefold() for word in (choice.id, choice.text, choice.spoken)}


def _choices(rulebook: Rulebook) -> Iterator[tuple[Question, Choice]]:
    return ((q, choice) for q in rulebook.questions for choice in q.choices)
