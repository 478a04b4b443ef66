"""Conditions compiled to bit masks, indexed by the choices that can trigger them.

A compiled condition is a disjunction of clauses. Compiling carries each `not` down to the choices,
so that a condition negated twice keeps its reasons, and flattens what it can: most conditions
become a single clause with one or two masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    Not,
    NothingMatched,
    walk,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A conjunction: one tick in each of `needs`, none in `denied`, and all `parts` satisfied.

    A need is the mask of one or more choices, and a tick in any of them satisfies it.
    """

    needs: tuple[int, ...] = ()
    denied: int = 0
    parts: tuple[CompiledCondition, ...] = ()

    def reasons(self, ticked: int) -> int | None:
        """Return the ticked bits that satisfy the clause, or None if they do not."""
        if ticked & self.denied:
            return None
        reasons = 0
        for need in self.needs:
            met = ticked & need
            if not met:
                return None
            reasons |= met
        for part in self.parts:
            part_reasons = find_reasons(part, ticked)
            if part_reasons is None:
                return None
            reasons |= part_reasons
        return reasons

    @property
    def needs_one_tick(self) -> bool:
        """Return True if a single tick is enough and nothing else matters."""
        return len(self.needs) == 1 and not self.denied and not self.parts

    @property
    def trigger(self) -> int:
        """Return the smallest mask in which something must be ticked, or 0 if there is none."""
        triggers = [*self.needs, *(_trigger(part) for part in self.parts)]
        return min(filter(None, triggers), key=int.bit_count, default=0)


CompiledCondition = tuple[Clause, ...]
"""A disjunction: it holds if at least one of its clauses does."""


def find_reasons(condition: CompiledCondition, ticked: int) -> int | None:
    """Return the ticked bits of all clauses that are satisfied, or None if none is."""
    reasons = None
    for clause in condition:
        clause_reasons = clause.reasons(ticked)
        if clause_reasons is not None:
            reasons = (reasons or 0) | clause_reasons
    return reasons


Entry = tuple[int, int, Clause | None]
"""A number, and the bit of a tick that is enough by itself, or 0 and a clause to try."""


class RuleIndex:
    """Numbered conditions by the choices that can trigger them, so that no other is tried."""

    def __init__(self, conditions: Iterable[tuple[int, CompiledCondition]]) -> None:
        """File each clause of the numbered conditions under the keys of its trigger."""
        self.always_tried: list[Entry] = []
        self.entries: dict[int, list[Entry]] = {}
        self.triggers = 0
        for number, clause in ((n, clause) for n, condition in conditions for clause in condition):
            trigger = clause.trigger
            self.triggers |= trigger
            if not trigger:
                self.always_tried.append((number, 0, clause))
            for key in keys_of(trigger):
                entry = (number, 1 << key, None) if clause.needs_one_tick else (number, 0, clause)
                self.entries.setdefault(key, []).append(entry)

    def fire(self, ticked: int) -> dict[int, int]:
        """Return the numbers of the conditions that hold, each with the ticks that are reasons."""
        entries = self.always_tried.copy()
        for key in keys_of(ticked & self.triggers):
            entries += self.entries[key]
        fired: dict[int, int] = {}
        for number, bit, clause in entries:
            reasons = bit if clause is None else clause.reasons(ticked)
            if number not in fired and reasons is not None:
                fired[number] = reasons
            elif reasons:
                fired[number] |= reasons
        return fired


def compile_condition(
    condition: Condition, rulebook: Rulebook, *, negated: bool = False
) -> CompiledCondition:
    """Return a condition, or its negation, as bit masks of the choices of a rulebook."""
    match condition:
        case AnswerIs(question=question, choices=names):
            bits = union(rulebook.choices[question, name].bit for name in names)
            return (Clause(denied=bits) if negated else Clause(needs=(bits,)),)
        case AllOf(all=parts) | AnyOf(any=parts):
            compiled = [compile_condition(part, rulebook, negated=negated) for part in parts]
            # By De Morgan's law, `all` negated is `any` of its negated parts.
            is_any = isinstance(condition, AllOf) is negated
            return _any_of(compiled) if is_any else _all_of(compiled)
        case Not(not_=part):
            return compile_condition(part, rulebook, negated=not negated)
        case NothingMatched():
            return compile_condition(rulebook.any_link, rulebook, negated=not negated)
        case _:
            assert_never(condition)


def choices_in(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield the (question, choice) pairs that a condition names, in its order."""
    for _, part in walk(condition):
        if isinstance(part, AnswerIs):
            yield from ((part.question, choice) for choice in part.choices)


def supporting_choices(condition: Condition, *, negated: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the (question, choice) pairs whose ticks can satisfy a condition, or its negation.

    What `matched: none` depends on is left out: it stands in the rules that cite.
    """
    match condition:
        case AnswerIs(question=question, choices=choices):
            yield from (() if negated else ((question, choice) for choice in choices))
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from supporting_choices(part, negated=negated)
        case Not(not_=part):
            yield from supporting_choices(part, negated=not negated)
        case NothingMatched():
            pass
        case _:
            assert_never(condition)


def union(masks: Iterable[int]) -> int:
    """Return the bits that are in any of these masks."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def keys_of(bits: int) -> list[int]:
    """Return the keys of the choices with these bits, the highest first.

    Taking the highest bit away keeps it fast for a few ticks among the keys of a large rulebook.
    """
    keys = []
    while bits:
        key = bits.bit_length() - 1
        keys.append(key)
        bits ^= 1 << key
    return keys


def _any_of(conditions: list[CompiledCondition]) -> CompiledCondition:
    """Return the disjunction of some conditions, with all clauses of one tick joined into one."""
    clauses = [clause for condition in conditions for clause in condition]
    need = union(clause.needs[0] for clause in clauses if clause.needs_one_tick)
    others = tuple(clause for clause in clauses if not clause.needs_one_tick)
    return (Clause(needs=(need,)), *others) if need else others


def _all_of(conditions: list[CompiledCondition]) -> CompiledCondition:
    """Return the conjunction of some conditions: those of several clauses become its parts."""
    if not all(conditions):  # one has no clauses: in a rulebook without links it never holds
        return ()
    single = [condition[0] for condition in conditions if len(condition) == 1]
    parts = [part for clause in single for part in clause.parts]
    clause = Clause(
        needs=tuple(need for clause in single for need in clause.needs),
        denied=union(clause.denied for clause in single),
        parts=(*parts, *(condition for condition in conditions if len(condition) > 1)),
    )
    return (clause,)


def _trigger(condition: CompiledCondition) -> int:
    """Return a mask in which something must be ticked for a condition to hold, or 0."""
    triggers = [clause.trigger for clause in condition]
    return union(triggers) if all(triggers) else 0
