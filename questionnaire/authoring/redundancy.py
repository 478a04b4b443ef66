"""The parts of a condition that do nothing, because they never hold or always do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from questionnaire.authoring.sat import FormSolver
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not
from questionnaire.rulebook.yaml_reader import YamlPath

WARNINGS = frozenset({"always-part", "always-shown", "covered", "neutral"})
"""The kinds of flaw that no runner meets."""

Literals = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A mistake in the logic: its kind, the path to its place in the file, and what is wrong.

    In the message `rule#3` stands for the line of the fourth rule.
    """

    kind: str
    path: YamlPath
    message: str

    @property
    def severity(self) -> str:
        """Return `error` or `warning`."""
        return "warning" if self.kind in WARNINGS else "error"


def redundant_parts(
    solver: FormSolver,
    condition: Condition,
    path: YamlPath,
    visible: Literals,
    context: Literals | None = None,
) -> Iterator[Flaw]:
    """Yield a flaw for each part of a condition that never or always holds.

    `visible` is what is true of the answers in which anybody sees what the rule does. `context`
    adds the other parts of each `all` around this one. It starts anew below a `not`: there an
    author may say a thing twice to be clear.
    """
    context = visible if context is None else context
    match condition:
        case AllOf():
            yield from _parts_of_all(solver, condition, path, visible, context)
        case AnyOf():
            yield from _parts_of_any(solver, condition, path, visible, context)
        case AnswerIs():
            yield from _choices(solver, condition, path, context)
        case Not(not_=part):
            anew = _with_stops(solver, visible)
            yield from redundant_parts(solver, part, (*path, "not"), visible, anew)
        case _:
            assert_never(condition)


def _parts_of_all(
    solver: FormSolver, condition: AllOf, path: YamlPath, visible: Literals, context: Literals
) -> Iterator[Flaw]:
    literals = [solver.literal(part) for part in condition.all]
    for n, part in enumerate(condition.all):
        part_path = (*path, "all", n)
        if solver.is_satisfiable(-literals[n], *visible):
            others = (*literals[:n], *literals[n + 1 :])
            yield from redundant_parts(solver, part, part_path, visible, (*context, *others))
        else:
            yield _always_true(solver, part_path, visible)


def _parts_of_any(
    solver: FormSolver, condition: AnyOf, path: YamlPath, visible: Literals, context: Literals
) -> Iterator[Flaw]:
    for n, part in enumerate(condition.any):
        part_path, literal = (*path, "any", n), solver.literal(part)
        if solver.is_satisfiable(literal, *context):
            yield from redundant_parts(solver, part, part_path, visible, context)
        else:
            yield _never_seen(solver, part_path, literal, context)


def _choices(
    solver: FormSolver, condition: AnswerIs, path: YamlPath, context: Literals
) -> Iterator[Flaw]:
    """Yield a flaw for each choice that does nothing; a single one is judged as the whole part."""
    if len(condition.choices) == 1:
        return
    for n, choice in enumerate(condition.choices):
        ticked = solver.variables[condition.question, choice]
        if not solver.is_satisfiable(ticked, *context):
            yield _never_seen(solver, (*path, condition.question, n), ticked, context)


def _always_true(solver: FormSolver, path: YamlPath, visible: Literals) -> Flaw:
    example = solver.example_text(*visible)
    return Flaw("always-part", path, f"this part always holds and can go (even {example})")


def _never_seen(solver: FormSolver, path: YamlPath, literal: int, context: Literals) -> Flaw:
    """Return the flaw of a part that never holds, or only where a stop replaces the result."""
    context = _with_stops(solver, context)
    if not solver.is_satisfiable(literal, *context):
        return Flaw("never", path, solver.explain_unsat(literal, *context))
    message = "nobody sees what this part does: a stop notice replaces the result whenever it holds"
    return Flaw("hidden", path, f"{message} ({solver.example_text(literal, *context)})")


def _with_stops(solver: FormSolver, literals: Literals) -> Literals:
    """Return the literals without the one that keeps stop notices out."""
    return tuple(literal for literal in literals if literal != solver.no_stop)
