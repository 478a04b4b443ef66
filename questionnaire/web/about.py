"""The rulebook as sentences and tables, for people who want to check it without the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from questionnaire.engine.evaluate import helpful
from questionnaire.rulebook.model import Choice, Claim, MuscleGroup, Question, Rulebook
from questionnaire.rulebook.research import Research
from questionnaire.rulebook.rule import AllOf, AnyOf, Condition, Has, Not


@dataclass(frozen=True, slots=True)
class RuleTableRow:
    """One answer with the links it can match, by muscle group."""

    question: Question
    choice: Choice
    links: dict[str, tuple[Claim, ...]]


@dataclass(frozen=True, slots=True)
class ResearchEntry:
    """A row of research with the statements it bears on; `place` is its id on the page."""

    row: Research
    place: str
    statements: tuple[str, ...]


def table(rulebook: Rulebook) -> tuple[RuleTableRow, ...]:
    """Return a row for every answer that a rule turns into a statement of the article."""
    claims = {claim.id: claim for claim in rulebook.claims}
    cited: dict[tuple[str, str], dict[str, Claim]] = {}
    for rule in rulebook.rules:
        for answer in helpful(rule.when):
            cited.setdefault(answer, {}).update({name: claims[name] for name in rule.cites})
    return tuple(
        RuleTableRow(
            question, choice, _by_group(rulebook.muscle_groups, cited[question.id, choice.id])
        )
        for question in rulebook.questions
        for choice in question.choices
        if cited.get((question.id, choice.id))
    )


def _by_group(
    groups: tuple[MuscleGroup, ...], claims: dict[str, Claim]
) -> dict[str, tuple[Claim, ...]]:
    return {
        group.id: tuple(claim for claim in claims.values() if claim.about == group.id)
        for group in groups
    }


def ideas(rulebook: Rulebook) -> list[ResearchEntry]:
    """Return what research says about ideas that are no claims, in the order of the file."""
    return [ResearchEntry(row, row.id, (row.idea,)) for row in rulebook.research if row.idea]


def research(rulebook: Rulebook, about: str) -> list[ResearchEntry]:
    """Return what research says about the claims about a muscle group, or about everyone."""
    said = {claim.id: claim.says for claim in rulebook.claims if claim.about == about}
    return [
        ResearchEntry(
            row, row.place(about), tuple(text for name, text in said.items() if name in row.claims)
        )
        for row in rulebook.research
        if not said.keys().isdisjoint(row.claims)
    ]


def sentence(rulebook: Rulebook, condition: Condition) -> str:
    """Return a condition as the words that follow "if"."""
    match condition:
        case Has():
            verb = "is ticked" if len(condition.choices) == 1 else "are ticked"
            many = "" if len(condition.choices) == 1 else "one or more of "
            return f"{many}{_answers(rulebook, condition)} {verb}"
        case Not(not_=Has() as has):
            one = len(has.choices) == 1
            return f"{'' if one else 'none of '}{_answers(rulebook, has)} is {'not ' * one}ticked"
        case Not(not_=part):
            return f"it is not so that ({sentence(rulebook, part)})"
        case AllOf(all=parts):
            return " and ".join(_inner(rulebook, part) for part in parts)
        case AnyOf(any=parts):
            return " or ".join(_inner(rulebook, part) for part in parts)
        case _:
            assert_never(condition)


def _inner(rulebook: Rulebook, condition: Condition) -> str:
    words = sentence(rulebook, condition)
    return words if isinstance(condition, Has | Not) else f"({words})"


def _answers(rulebook: Rulebook, has: Has) -> str:
    chosen = {c.id: c for c in rulebook.question(has.question).choices}
    return ", ".join(f"“{chosen[name].spoken}”" for name in has.choices)
