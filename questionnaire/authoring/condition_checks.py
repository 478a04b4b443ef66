"""The parts of a condition that do nothing, because they never hold or always do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from questionnaire.authoring.sat import FormSolver
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched
from questionnaire.rulebook.yaml_reader import YamlPath

WARNINGS = frozenset({"absorbed", "always-part", "always-shown", "covered", "neutral"})
"""The kinds of flaw that no runner meets."""
HABIT = "habit"
"""The kind of what is not wrong for sure, but better otherwise: it is a warning too."""


Literals = tuple[int, ...]


class Flaw(NamedTuple):
    """A mistake in the logic: its kind, the path to its place in the file, and what is wrong.

    In the message `rule#3` stands for the line of the fourth rule, `rule#3+5` for those of two.
    What is wrong may begin some characters after the place: that is the offset.
    """

    kind: str
    path: YamlPath
    message: str
    offset: int = 0

    @property
    def severity(self) -> str:
        """Return `error` or `warning`."""
        return "warning" if self.kind in (*WARNINGS, HABIT) else "error"


def redundant_parts(
    solver: FormSolver, condition: Condition, path: YamlPath, visible: int
) -> Iterator[Flaw]:
    """Yield a flaw for each part of a condition that never or always holds.

    `visible` is the literal of the answers in which anybody sees what the rule does.
    """
    return _RedundantParts(solver, visible).flaws(condition, path, (visible,))


class _RedundantParts:
    def __init__(self, solver: FormSolver, visible: int) -> None:
        self.solver = solver
        self.visible = visible

    def flaws(self, condition: Condition, path: YamlPath, context: Literals) -> Iterator[Flaw]:
        """Yield the flaws of a condition where the literals of its context are true.

        The context grows by the other parts of each `all`. It starts anew below a `not`: there an
        author may say a thing twice to be clear.
        """
        match condition:
            case AllOf(all=parts):
                for n, part in enumerate(parts):
                    others = (self.solver.literal(other) for other in parts if other is not part)
                    yield from self._part_of_all(part, (*path, "all", n), (*context, *others))
            case AnyOf(any=parts):
                for n in range(len(parts)):
                    yield from self._part_of_any(parts, n, (*path, "any", n), context)
            case AnswerIs(question=question, choices=choices):
                for n, choice in enumerate(choices if len(choices) > 1 else ()):
                    ticked = self.solver.variables[question, choice]
                    if not self.solver.is_satisfiable(ticked, *context):
                        yield self._never_seen((*path, question, n), ticked, context)
            case Not(not_=part):
                yield from self.flaws(part, (*path, "not"), self._with_stops((self.visible,)))
            case NothingMatched():
                pass
            case _:
                assert_never(condition)

    def _part_of_all(self, part: Condition, path: YamlPath, context: Literals) -> Iterator[Flaw]:
        if self.solver.is_satisfiable(-self.solver.literal(part), self.visible):
            yield from self.flaws(part, path, context)
        else:
            example = self.solver.example_text(self.visible)
            message = f"this part always holds and can go (even {example})"
            yield Flaw("always-part", path, message)

    def _part_of_any(
        self, parts: tuple[Condition, ...], n: int, path: YamlPath, context: Literals
    ) -> Iterator[Flaw]:
        literal = self.solver.literal(parts[n])
        if not self.solver.is_satisfiable(literal, *context):
            yield self._never_seen(path, literal, context)
        elif self._is_absorbed(parts, n, context):
            message = "this part changes nothing: the part beside it holds whenever this one does"
            yield Flaw("absorbed", path, message)
        else:
            yield from self.flaws(parts[n], path, context)

    def _is_absorbed(self, parts: tuple[Condition, ...], n: int, context: Literals) -> bool:
        """Return True if another part holds whenever this one does; of equals, if it is first."""
        literals = [self.solver.literal(part) for part in parts]

        def covers(one: int, other: int) -> bool:
            return not self.solver.is_satisfiable(literals[other], -literals[one], *context)

        others = [m for m in range(len(parts)) if m != n]
        return any(covers(m, n) and (m < n or not covers(n, m)) for m in others)

    def _never_seen(self, path: YamlPath, literal: int, context: Literals) -> Flaw:
        """Return the flaw of a part that never holds, or only where a stop replaces the result."""
        literals = (literal, *self._with_stops(context))
        if not self.solver.is_satisfiable(*literals):
            return Flaw("never", path, self.solver.explain_unsat(*literals))
        message = "nobody sees what this part does: a stop notice replaces the result whenever"
        return Flaw("hidden", path, f"{message} it holds ({self.solver.example_text(*literals)})")

    def _with_stops(self, literals: Literals) -> Literals:
        """Return the literals without the one that keeps stop notices out."""
        return tuple(literal for literal in literals if literal != self.solver.no_stop)
