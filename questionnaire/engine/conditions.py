"""The ways in which rules can hold, as bits, and the index that leads from ticks to them.

A `not` is carried down to the choices, so that what is denied twice keeps its witness; what stands
side by side is joined. Most conditions become a single way with a mask or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from questionnaire.rulebook.model import Choice
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not


@dataclass(frozen=True, slots=True)
class Way:
    """One way to hold: a tick in each of `needs`, none in `denied`, and a way of each of `parts`.

    A need is the bits of some choices, of which one tick is enough.
    """

    needs: tuple[int, ...] = ()
    denied: int = 0
    parts: tuple[Ways, ...] = ()

    def witness(self, ticked: int) -> int | None:
        """Return the ticked bits that make it hold, or None if it does not."""
        if ticked & self.denied:
            return None
        witness = 0
        for need in self.needs:
            met = ticked & need
            if not met:
                return None
            witness |= met
        for part in self.parts:
            found = any_witness(part, ticked)
            if found is None:
                return None
            witness |= found
        return witness

    @property
    def is_need(self) -> bool:
        """Say whether one tick is all it takes."""
        return len(self.needs) == 1 and not self.denied and not self.parts

    @property
    def prompt(self) -> int:
        """Return the fewest bits of which one must be ticked, or 0 if it may hold without."""
        prompts = [*self.needs, *(_prompt(part) for part in self.parts)]
        return min(filter(None, prompts), key=int.bit_count, default=0)

    def without(self, need: int) -> Way | None:
        """Return what it takes beside one of its needs, or None if that is all."""
        if self.is_need:
            return None
        place = self.needs.index(need)
        return replace(self, needs=self.needs[:place] + self.needs[place + 1 :])


Ways = tuple[Way, ...]
"""A condition as bits: it holds if one of its ways does."""


def any_witness(ways: Ways, ticked: int) -> int | None:
    """Return the ticked bits that make any of these ways hold, or None if none does."""
    found = None
    for way in ways:
        witness = way.witness(ticked)
        if witness is not None:
            found = (found or 0) | witness
    return found


Lead = tuple[int, int, Way | None]
"""The number of a rule, the bit of the tick that leads there, if needed, and what else it takes."""


class Index:
    """The rules by the ticks that they need, so that only those which ticks touch are tried."""

    def __init__(self, rules: Iterable[Ways]) -> None:
        """File each way of each rule under the keys of its prompt."""
        numbered = [(number, way) for number, found in enumerate(rules) for way in found]
        self.prompts = union(way.prompt for _, way in numbered)
        self.leads: dict[int, list[Lead]] = {key: [] for key in keys(self.prompts)}
        self.unprompted: list[Lead] = [(n, 0, way) for n, way in numbered if not way.prompt]
        for number, way in numbered:
            needed = way.prompt in way.needs
            rest = way.without(way.prompt) if needed else way
            for key in keys(way.prompt):
                self.leads[key].append((number, 1 << key if needed else 0, rest))

    def fire(self, ticked: int) -> dict[int, int]:
        """Return the rules that hold, by number, each with its witness."""
        leads = self.unprompted.copy()
        for key in keys(ticked & self.prompts):
            leads += self.leads[key]
        fired: dict[int, int] = {}
        for number, witness, rest in leads:
            if rest is not None:
                found = rest.witness(ticked)
                if found is None:
                    continue
                witness |= found
            fired[number] = fired.get(number, 0) | witness
        return fired


def ways(
    condition: Condition, choices: Mapping[tuple[str, str], Choice], *, denied: bool = False
) -> Ways:
    """Return the ways in which a condition, or its opposite, can hold."""
    match condition:
        case AnswerIs(question=question, choices=names):
            bits = union(choices[question, name].bit for name in names)
            return (Way(denied=bits) if denied else Way(needs=(bits,)),)
        case AllOf(all=parts) | AnyOf(any=parts):
            found = [ways(part, choices, denied=denied) for part in parts]
            return _any(found) if isinstance(condition, AllOf) is denied else _all(found)
        case Not(not_=part):
            return ways(part, choices, denied=not denied)
        case _:
            assert_never(condition)


def union(masks: Iterable[int]) -> int:
    """Return the bits that are in any of these masks."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def keys(bits: int) -> Iterator[int]:
    """Yield the keys of the choices whose bits these are, the lowest first.

    It shifts what it has seen away, so that few ticks in a large rulebook take little time.
    """
    key = -1
    while bits:
        step = (bits & -bits).bit_length()
        key += step
        yield key
        bits >>= step


def _any(parts: list[Ways]) -> Ways:
    """Return the ways of all these parts; those that one tick is enough for become one."""
    found = [way for part in parts for way in part]
    need = union(way.needs[0] for way in found if way.is_need)
    others = tuple(way for way in found if not way.is_need)
    return (Way(needs=(need,)), *others) if need else others


def _all(parts: list[Ways]) -> Ways:
    """Return the one way that joins these parts; one that can hold in several stays a part."""
    joined = [part[0] for part in parts if len(part) == 1]
    inner = [part for way in joined for part in way.parts]
    way = Way(
        needs=tuple(need for way in joined for need in way.needs),
        denied=union(way.denied for way in joined),
        parts=(*inner, *(part for part in parts if len(part) > 1)),
    )
    return (way,)


def _prompt(part: Ways) -> int:
    """Return the bits of which one must be ticked for any of these ways, or 0."""
    prompts = [way.prompt for way in part]
    return union(prompts) if all(prompts) else 0
