"""The rulebook as sentences and tables, for people who want to check it without the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from questionnaire.engine.conditions import Way, Ways, keys, union, ways
from questionnaire.rulebook.model import Choice, Claim, MuscleGroup, Rulebook
from questionnaire.rulebook.research import Research
from questionnaire.rulebook.rule import AllOf, AnyOf, Condition, Has, Not


@dataclass(frozen=True, slots=True)
class RuleTableRow:
    """An answer, or answers that are enough only together, with their links by muscle group."""

    answers: str
    links: dict[str, tuple[Claim, ...]]


@dataclass(frozen=True, slots=True)
class ResearchEntry:
    """A row of research with the statements it bears on; `place` is its id on the page."""

    row: Research
    place: str
    statements: tuple[str, ...]


def table(rulebook: Rulebook) -> tuple[RuleTableRow, ...]:
    """Return a row for each answer, and for answers together, that a rule turns into claims."""
    claims = {claim.id: claim for claim in rulebook.claims}
    choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
    cited: dict[Way, dict[str, Claim]] = {}
    for rule in rulebook.rules:
        for way in _each_alone(ways(rule.when, choices)) if rule.cites else ():
            cited.setdefault(way, {}).update({name: claims[name] for name in rule.cites})
    listed = tuple(choices.values())
    return tuple(
        RuleTableRow(_combination(way, listed), _by_group(rulebook.muscle_groups, cited[way]))
        for way in sorted(cited, key=lambda way: (_first(way, listed), not way.is_need))
    )


def _each_alone(found: Ways) -> Iterator[Way]:
    """Yield the ways to hold, with one for each answer that is enough by itself.

    Needs stand in the order of their keys, so that "A with B" and "B with A" become one row.
    """
    for way in found:
        if way.is_need:
            yield from (Way(needs=(1 << key,)) for key in keys(way.needs[0]))
        else:
            yield replace(way, needs=tuple(sorted(set(way.needs), key=lambda bits: bits & -bits)))


def _first(way: Way, choices: tuple[Choice, ...]) -> int:
    """Return the position of the first answer that it needs."""
    needed = union(way.needs)
    return next((n for n, choice in enumerate(choices) if choice.bit & needed), len(choices))


def _combination(way: Way, choices: tuple[Choice, ...]) -> str:
    """Return the answers that it takes, such as "Knee, together with Hips or Shin"."""
    needed = [_either(need, choices) for need in way.needs]
    for part in way.parts:
        needed.append(f"({'; or '.join(_combination(one, choices) for one in part)})")
    together = ", together with ".join(needed)
    if not way.denied:
        return together
    denied = _either(way.denied, choices)
    return f"{together}, unless {denied}" if together else f"not {denied}"


def _either(bits: int, choices: tuple[Choice, ...]) -> str:
    """Return the answers of these bits, such as "Knee, Hips or Shin"."""
    *names, last = [choice.spoken for choice in choices if choice.bit & bits]
    return f"{', '.join(names)} or {last}" if names else last


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
