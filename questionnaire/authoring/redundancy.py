"""What is odd about one condition: parts that never or always hold, and what it denies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.authoring.sat import Space
from questionnaire.rulebook.rule import AllOf, AnyOf, Condition, Has, Not
from questionnaire.rulebook.yaml_reader import Steps

WARNINGS = frozenset({"always-part", "always-shown", "covered", "neutral"})
"""The kinds of flaw that no runner meets."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A mistake in the logic: its kind, the steps to its place in the file and what is wrong.

    In the message `rule#3` stands for the place of the fourth rule.
    """

    kind: str
    steps: Steps
    message: str

    @property
    def severity(self) -> str:
        """Return `error` or `warning`."""
        return "warning" if self.kind in WARNINGS else "error"


def odd_parts(
    space: Space,
    whole: Condition,
    place: Steps,
    seen: tuple[int, ...],
    beside: tuple[int, ...] | None = None,
) -> Iterator[Flaw]:
    """Yield the parts of a condition that never or always hold, given what stands beside them.

    `seen` are the literals of the answers in which anybody sees what the rule does. Below a `not`
    nothing stands beside: there a thing may be said twice to be clear.
    """
    beside = seen if beside is None else beside
    match whole:
        case AllOf():
            yield from _idle_parts(space, whole, place, seen, beside)
        case Not(not_=part):
            yield from odd_parts(space, part, (*place, "not"), seen, _stopped_too(space, seen))
    for step, choice, holds in _alternatives(space, whole):
        if not space.possible(holds, *beside):
            yield _in_vain(space, (*place, *step), holds, beside)
        elif choice:
            yield from odd_parts(space, choice, (*place, *step), seen, beside)


def _stopped_too(space: Space, literals: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one for one in literals if one != space.calm)


def _in_vain(space: Space, place: Steps, holds: int, beside: tuple[int, ...]) -> Flaw:
    """Return the flaw of a part that never holds, or only where a stop replaces the result."""
    stopped_too = _stopped_too(space, beside)
    if not space.possible(holds, *stopped_too):
        return Flaw("never", place, space.never(holds, *stopped_too))
    message = "nobody sees what this part does: a stop notice replaces the result whenever it holds"
    return Flaw("hidden", place, f"{message} ({space.tick(holds, *stopped_too)})")


def _alternatives(space: Space, whole: Condition) -> Iterator[tuple[Steps, Condition | None, int]]:
    """Yield what is enough for a condition: its steps, the part if it has parts, its literal."""
    match whole:
        case Has(question=name, choices=choices) if len(choices) > 1:
            for n, choice in enumerate(choices):
                yield (name, n), None, space.variables[name, choice]
        case AnyOf(any=parts):
            for n, part in enumerate(parts):
                yield ("any", n), part, space.literal(part)


def _idle_parts(
    space: Space, whole: AllOf, place: Steps, seen: tuple[int, ...], beside: tuple[int, ...]
) -> Iterator[Flaw]:
    literals = [space.literal(part) for part in whole.all]
    for n, part in enumerate(whole.all):
        here = (*place, "all", n)
        if space.possible(-literals[n], *seen):
            others = (*literals[:n], *literals[n + 1 :])
            yield from odd_parts(space, part, here, seen, (*beside, *others))
        else:
            message = f"this part always holds and can go (even {space.tick(*seen)})"
            yield Flaw("always-part", here, message)
