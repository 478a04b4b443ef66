"""What stands behind the results: /rules, /research and /about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import assert_never

from flask import Blueprint, g, render_template
from markupsafe import Markup

from questionnaire.engine.conditions import (
    Clause,
    CompiledCondition,
    compile_condition,
    keys_of,
    union,
)
from questionnaire.rulebook.content import Claim, MuscleGroup
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice
from questionnaire.rulebook.research import Research
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched
from questionnaire.web.caching import cached_page
from questionnaire.web.wording import and_list, filled, gettext

bp = Blueprint("about", __name__)


@bp.get("/rules")
@cached_page
def rules() -> str:
    """Show every rule as a sentence, and which answers lead to which muscle groups."""
    return render_template(
        "about/rules.html",
        table=rule_table(g.rulebook),
        sentence=condition_sentence,
        groups={group.id: group for group in g.rulebook.muscle_groups},
    )


@bp.get("/research")
@cached_page
def research() -> str:
    """Show what research says about the article, statement by statement."""
    subjects = (Claim.EVERYONE, *(group.id for group in g.rulebook.muscle_groups))
    return render_template(
        "about/research.html",
        ideas=research_on_ideas(g.rulebook),
        about={name: research_about(g.rulebook, name) for name in subjects},
    )


@bp.get("/about")
@cached_page
def show() -> str:
    """Say what this is, what it is not, and what happens to the answers."""
    return render_template("about/about.html")


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


def rule_table(rulebook: Rulebook) -> tuple[RuleTableRow, ...]:
    """Return a row for each answer, and for answers together, that a rule turns into claims."""
    claims = {claim.id: claim for claim in rulebook.claims}
    cited: dict[Clause, dict[str, Claim]] = {}
    for rule in rulebook.rules:
        for clause in _each_alone(compile_condition(rule.when, rulebook)) if rule.cites else ():
            cited.setdefault(clause, {}).update({name: claims[name] for name in rule.cites})
    listed = tuple(rulebook.choices.values())
    return tuple(
        RuleTableRow(_combination(clause, listed), _by_group(rulebook.muscle_groups, cited[clause]))
        for clause in sorted(cited, key=lambda one: (_first(one, listed), not one.needs_one_tick))
    )


def _each_alone(condition: CompiledCondition) -> Iterator[Clause]:
    """Yield the clauses of a condition, with one for each answer that is enough by itself.

    Needs stand in the order of their keys, so that "A with B" and "B with A" become one row.
    """
    for clause in condition:
        if clause.needs_one_tick:
            yield from (Clause(needs=(1 << key,)) for key in keys_of(clause.needs[0]))
        else:
            needs = sorted(set(clause.needs), key=lambda bits: bits & -bits)
            yield replace(clause, needs=tuple(needs))


def _first(clause: Clause, choices: tuple[Choice, ...]) -> int:
    """Return the position of the first answer that it needs."""
    needed = union(clause.needs)
    return next((n for n, choice in enumerate(choices) if choice.bit & needed), len(choices))


def _combination(clause: Clause, choices: tuple[Choice, ...]) -> Markup:
    """Return the answers that it takes, such as "Knee, together with Hips or Shin"."""
    needed = [_either(need, choices) for need in clause.needs]
    for part in clause.parts:
        ways = _chained([_combination(one, choices) for one in part], _or_ways)
        needed.append(filled("(%(answers)s)", answers=ways))
    together = _chained(needed, _together)
    if not clause.denied:
        return together
    denied = _either(clause.denied, choices)
    if not together:
        return filled(gettext("not %(answers)s"), answers=denied)
    return filled(gettext("%(answers)s, unless %(others)s"), answers=together, others=denied)


Joint = Callable[[Markup, Markup], Markup]
"""What makes one phrase of two."""


def _chained(phrases: Iterable[Markup], joint: Joint) -> Markup:
    """Return several phrases as one, nothing for none."""
    listed = list(phrases)
    return reduce(joint, listed) if listed else Markup()


def _together(first: Markup, second: Markup) -> Markup:
    return filled(gettext("%(first)s, together with %(second)s"), first=first, second=second)


def _or_ways(first: Markup, second: Markup) -> Markup:
    return filled(gettext("%(first)s; or %(second)s"), first=first, second=second)


def _and(first: Markup, second: Markup) -> Markup:
    return filled(gettext("%(first)s and %(second)s"), first=first, second=second)


def _or(first: Markup, second: Markup) -> Markup:
    return filled(gettext("%(first)s or %(second)s"), first=first, second=second)


def _either(bits: int, choices: tuple[Choice, ...]) -> Markup:
    """Return the answers of these bits, such as "Knee, Hips or Shin"."""
    return and_list((choice.spoken for choice in choices if choice.bit & bits), "or")


def _by_group(
    groups: tuple[MuscleGroup, ...], claims: dict[str, Claim]
) -> dict[str, tuple[Claim, ...]]:
    return {
        group.id: tuple(claim for claim in claims.values() if claim.about == group.id)
        for group in groups
    }


def research_on_ideas(rulebook: Rulebook) -> list[ResearchEntry]:
    """Return what research says about ideas that are no claims, in the order of the file."""
    return [ResearchEntry(row, row.id, (row.idea,)) for row in rulebook.research if row.idea]


def research_about(rulebook: Rulebook, about: str) -> list[ResearchEntry]:
    """Return what research says about the claims about a muscle group, or about everyone."""
    said = {claim.id: claim.says for claim in rulebook.claims if claim.about == about}
    return [
        ResearchEntry(
            row, row.place(about), tuple(text for name, text in said.items() if name in row.claims)
        )
        for row in rulebook.research
        if not said.keys().isdisjoint(row.claims)
    ]


def condition_sentence(rulebook: Rulebook, condition: Condition) -> Markup:
    """Return a condition as the opening of a sentence, from "If" or "Unless" on."""
    wanted: list[Condition] = []
    exceptions: list[Condition] = []
    for part in condition.all if isinstance(condition, AllOf) else (condition,):
        match part:
            case Not(not_=AllOf() | AnyOf() as exception):
                exceptions.append(exception)
            case _:
                wanted.append(part)
    held, unless = _joined(rulebook, wanted, _and), _joined(rulebook, exceptions, _or)
    if not wanted:
        return filled(gettext("Unless %(conditions)s"), conditions=unless)
    if not exceptions:
        return filled(gettext("If %(conditions)s"), conditions=held)
    pattern = gettext("If %(conditions)s, unless %(exceptions)s")
    return filled(pattern, conditions=held, exceptions=unless)


def _joined(
    rulebook: Rulebook, parts: Sequence[Condition], joint: Joint, *, denied: bool = False
) -> Markup:
    """Return several conditions, or their opposites, as phrases with brackets where needed."""
    phrases = [_phrase(rulebook, part, denied=denied) for part in parts]
    if len(parts) > 1:
        phrases = [
            phrase if _is_simple(part) else filled("(%(phrase)s)", phrase=phrase)
            for part, phrase in zip(parts, phrases, strict=True)
        ]
    return _chained(phrases, joint)


def _is_simple(condition: Condition) -> bool:
    """Return True if a condition is one phrase without "and" or "or"."""
    negated = isinstance(condition, Not) and _is_simple(condition.not_)
    return negated or isinstance(condition, (AnswerIs, NothingMatched))


def _phrase(rulebook: Rulebook, condition: Condition, *, denied: bool = False) -> Markup:
    """Return a condition, or its opposite, as a phrase; a `not` is carried to the answers."""
    match condition:
        case AnswerIs():
            return _ticked(rulebook, condition, denied=denied)
        case Not(not_=part):
            return _phrase(rulebook, part, denied=not denied)
        case AllOf(all=parts) | AnyOf(any=parts):
            joint = _or if isinstance(condition, AllOf) is denied else _and
            return _joined(rulebook, parts, joint, denied=denied)
        case NothingMatched():
            if denied:
                return Markup(gettext("a statement of the article matches the answers"))  # noqa: S704
            return Markup(gettext("no statement of the article matches the answers"))  # noqa: S704
        case _:
            assert_never(condition)


def _ticked(rulebook: Rulebook, condition: AnswerIs, *, denied: bool) -> Markup:
    """Return that one of these answers is ticked, or that none is."""
    question = rulebook.question(condition.question)
    if len(condition.choices) == len(question.choices):
        nothing = gettext("nothing is ticked under “%(question)s”")
        anything = gettext("anything is ticked under “%(question)s”")
        return filled(nothing if denied else anything, question=question.text)
    spoken = {choice.id: choice.spoken for choice in question.choices}
    quoted = [filled(gettext("“%(answer)s”"), answer=spoken[name]) for name in condition.choices]
    answers = Markup(", ").join(quoted)
    if len(condition.choices) == 1:
        pattern = gettext("%(answer)s is not ticked") if denied else gettext("%(answer)s is ticked")
        return filled(pattern, answer=answers)
    none = gettext("none of %(answers)s is ticked")
    some = gettext("one or more of %(answers)s are ticked")
    return filled(none if denied else some, answers=answers)
