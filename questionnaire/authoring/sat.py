"""The answers that the form of a rulebook can send, as clauses for a SAT solver.

Each choice is a variable, true if it is ticked. The clauses are the constraints of the form: one
answer where one is picked, an exclusive choice alone, a follow-up only where it is asked, and
required questions answered unless a stop notice fires. So "satisfiable" and "unsatisfiable" are
proofs about every runner. Old links are not covered: a question that was added later, and is
required now, is empty in them.

A literal is a number: that of a variable, or its negative for "not". A model is an assignment of
true or false to the variables under which every clause holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations, count
from threading import Timer
from typing import assert_never

from pysat.solvers import Minisat22

from questionnaire.authoring.explain import choice_names
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import AskedIf, Choice, Question
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched

Variables = dict[tuple[str, str], int]
"""The variable of each (question, choice)."""

Clause = list[int]
"""Literals of which at least one is true."""

MAX_COUNTED = 12
"""The most ticks up to which the smallest example is looked for: counting more takes long."""


class FormSolver:
    """A SAT solver that knows the constraints of one form.

    Each constraint has a selector: a variable that is assumed to be true to switch it on. So an
    unsatisfiable core names the constraints that it rests on. The literal `required_waived` lets
    required questions be empty, as they may be once a stop rule holds: what a stop rule needs is
    judged with it.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        """Add the constraints of the form."""
        self.rulebook = rulebook
        self.stops = {notice.id for notice in rulebook.notices if notice.kind == "stop"}
        self._numbers = count(1)
        self._clauses: list[Clause] = []
        self._solver = Minisat22()
        self._disjunctions: dict[frozenset[int], int] = {}
        self._selectors: dict[int, str] = {}
        self.required_waived = self.new_variable()
        self.variables = {pair: self.new_variable() for pair in rulebook.choices}
        self._bits = {self.variables[pair]: one.bit for pair, one in rulebook.choices.items()}
        self._by_bit = {bit: variable for variable, bit in self._bits.items()}
        self.stop = self.any_stop()
        self._add_constraints()
        for selector in self._selectors:
            self._solver.add_clause([selector])

    @property
    def no_stop(self) -> int:
        """The literal that is true if no stop notice fires, so that there is a result."""
        return -self.stop

    def is_satisfiable(self, *literals: int) -> bool:
        """Return True if some answers make all these literals true."""
        return bool(self._solver.solve(assumptions=self._assumptions(literals)))

    def is_satisfiable_within(self, seconds: float, *literals: int) -> bool | None:
        """Return what `is_satisfiable` does, or None if it is not known after so many seconds."""
        timer = Timer(seconds, self._solver.interrupt)
        timer.start()
        try:
            found = self._solver.solve_limited(self._assumptions(literals), expect_interrupt=True)
        finally:
            timer.cancel()
            timer.join()
            self._solver.clear_interrupt()
        return None if found is None else bool(found)

    def values(self, literals: Iterable[int]) -> list[bool]:
        """Return whether each literal is true in the latest model."""
        model = self._solver.get_model() or ()
        return [model[abs(literal) - 1] == literal for literal in literals]

    def example(self, *literals: int) -> frozenset[int]:
        """Return the variables ticked in a minimal model of these literals."""
        return self._minimal_model(self._solver, self._assumptions(literals))

    def smallest_example(self, *literals: int) -> int:
        """Return the bits of the fewest ticks that make these literals true.

        Of more than MAX_COUNTED ticks none can be left out, but others may be fewer.
        """
        ticked = self.example(*literals)
        while 0 < len(ticked) <= MAX_COUNTED:
            fewer = -self._tick_counts[len(ticked) - 1]
            if not self.is_satisfiable(*literals, fewer):
                break
            ticked = self.example(*literals, fewer)
        return self.bits(ticked)

    @cached_property
    def _tick_counts(self) -> list[int]:
        return self.at_least(self.variables.values(), MAX_COUNTED)

    def example_text(self, *literals: int) -> str:
        """Return the ticks of a minimal model of these literals, in words."""
        return self.ticks_text(self.example(*literals))

    def true_among(self, variables: Iterable[int]) -> list[int]:
        """Return those of these variables that are true in the latest model."""
        return _true(self._solver, variables)

    def _assumptions(self, literals: tuple[int, ...]) -> tuple[int, ...]:
        """Return the literals; required questions must be answered unless they say otherwise."""
        return literals if self.required_waived in literals else (*literals, -self.required_waived)

    def ticks_text(self, variables: Iterable[int]) -> str:
        """Return the choices of these variables in words."""
        bits = self.bits(variables)
        return f"tick: {choice_names(self.rulebook, bits)}" if bits else "tick nothing"

    def bits(self, variables: Iterable[int]) -> int:
        """Return the bits of the choices of these variables."""
        return sum(self._bits[variable] for variable in variables)

    def explain_unsat(self, *literals: int) -> str:
        """Return why these literals cannot be true together, in words."""
        core = self._minimal_core(*literals)
        if not core:
            return "this can never hold: it contradicts itself or what stands beside it"
        with Minisat22(bootstrap_with=self._clauses) as unconstrained:
            example = self.ticks_text(self._minimal_model(unconstrained, literals))
        return f"this can never hold: {' and '.join(core)}; nobody can do this ({example})"

    def _minimal_core(self, *literals: int) -> list[str]:
        """Return the constraints of a minimal unsatisfiable core: each of them is needed."""
        with Minisat22(bootstrap_with=self._clauses) as solver:
            assumptions = self._assumptions(literals)
            solver.solve(assumptions=[*self._selectors, *assumptions])
            core = [literal for literal in solver.get_core() or () if literal in self._selectors]
            for selector in tuple(core):
                smaller = [other for other in core if other != selector]
                if not solver.solve(assumptions=[*smaller, *assumptions]):
                    core = smaller
        return [self._selectors[selector] for selector in core]

    def _minimal_model(self, solver: Minisat22, literals: tuple[int, ...]) -> frozenset[int]:
        """Return the variables ticked in a model from which no tick can be left out.

        Minimal is not smallest: another model may have fewer ticks.
        """
        choices = list(self.variables.values())
        solver.set_phases([-choice for choice in choices])
        solver.solve(assumptions=literals)
        ticked = _true(solver, choices)
        unticked = sorted({-choice for choice in choices} - {-choice for choice in ticked})
        for choice in sorted(ticked, reverse=True):
            if choice in ticked and solver.solve(assumptions=[*literals, *unticked, -choice]):
                before, ticked = ticked, _true(solver, ticked)
                unticked += [-other for other in before if other not in ticked]
        return frozenset(ticked)

    def literal(
        self,
        condition: Condition,
        variables: Variables | None = None,
        rulebook: Rulebook | None = None,
    ) -> int:
        """Return the literal that is true exactly if a condition of a rulebook holds.

        It holds for these variables; they and the rulebook are the solver's own if none are given.
        """
        known = self.variables if variables is None else variables
        book = rulebook or self.rulebook

        def literal(part: Condition) -> int:
            return self.literal(part, known, book)

        match condition:
            case AnswerIs(question=question, choices=choices):
                return self.any_of([known[question, choice] for choice in choices])
            case AllOf(all=parts):
                return -self.any_of([-literal(part) for part in parts])
            case AnyOf(any=parts):
                return self.any_of([literal(part) for part in parts])
            case Not(not_=part):
                return -literal(part)
            case NothingMatched():
                return -literal(book.any_link)
            case _:
                assert_never(condition)

    def any_of(self, literals: Iterable[int]) -> int:
        """Return the literal that is true exactly if one of these is (Tseitin's encoding).

        Equal disjunctions have one literal, so that what is equal needs no proof.
        """
        disjuncts = frozenset(literals)
        if len(disjuncts) == 1:
            return next(iter(disjuncts))
        if disjuncts not in self._disjunctions:
            disjunction = self._disjunctions[disjuncts] = self.new_variable()
            self.add([-disjunction, *disjuncts])
            self.add(*([disjunction, -disjunct] for disjunct in disjuncts))
        return self._disjunctions[disjuncts]

    def any_stop(self, variables: Variables | None = None) -> int:
        """Return the literal that is true if a stop notice replaces the result."""
        rules = [rule for rule in self.rulebook.rules if rule.raises in self.stops]
        return self.any_of([self.literal(rule.when, variables) for rule in rules])

    def both(self, literal: int, other: int) -> int:
        """Return the literal that is true exactly if these two are."""
        return -self.any_of([-literal, -other])

    def at_least(self, literals: Iterable[int], most: int) -> list[int]:
        """Return the literals of "at least one of these is true", "at least two" and so on."""
        counts: list[int] = []
        for literal in literals:
            reached = [literal, *(self.both(count, literal) for count in counts[: most - 1])]
            counts = [self.any_of([*counts[n : n + 1], new]) for n, new in enumerate(reached)]
        return counts

    def is_asked(self, follow_up: Question) -> int:
        """Return the literal that is true if what a follow-up waits for is ticked."""
        return self.any_of(self.variables_of(self.rulebook.opening_choices(follow_up)))

    def variables_of(self, choices: Iterable[Choice]) -> list[int]:
        """Return the variables of these choices."""
        return [self._by_bit[choice.bit] for choice in choices]

    def new_variable(self) -> int:
        """Return a variable that no clause has yet."""
        return next(self._numbers)

    def add(self, *clauses: Clause) -> None:
        """Add clauses that hold whatever is assumed."""
        for clause in clauses:
            self._clauses.append(clause)
            self._solver.add_clause(clause)

    def _add_constraints(self) -> None:
        for question in self.rulebook.questions:
            for description, clauses in self._constraints(question):
                selector = self.new_variable()
                self._selectors[selector] = description
                self.add(*([-selector, *clause] for clause in clauses))

    def _constraints(self, question: Question) -> Iterator[tuple[str, list[Clause]]]:
        """Yield what the form asks of the answers to a question, in words and as clauses."""
        ticks = self.variables_of(question.choices)
        if question.pick == "one":
            yield (
                f'"{question.id}" takes one answer only',
                [[-tick, -other] for tick, other in combinations(ticks, 2)],
            )
        for exclusive in self.variables_of(question.choices_in(question.exclusive_bit)):
            yield (
                f'"{question.exclusive}" excludes the other answers to "{question.id}"',
                [[-exclusive, -tick] for tick in ticks if tick != exclusive],
            )
        not_asked: list[int] = []
        if question.asked_if:
            asked = self.is_asked(question)
            not_asked = [-asked]
            yield (
                f'"{question.id}" is not asked {self._unless(question.asked_if)}',
                [[-tick, asked] for tick in ticks],
            )
        if question.required:
            excused = [*not_asked, self.stop, self.required_waived]
            yield f'"{question.id}" must be answered', [[*excused, *ticks]]

    def _unless(self, awaited: AskedIf) -> str:
        exclusive = self.rulebook.question(awaited.question).exclusive
        other = f'another answer than "{exclusive}"' if exclusive else "an answer"
        if awaited.choice:
            other = f'the answer "{awaited.choice}"'
        return f'unless "{awaited.question}" has {other}'


def _true(solver: Minisat22, variables: Iterable[int]) -> list[int]:
    """Return the variables that are true in the latest model of a solver."""
    model = solver.get_model() or ()
    return [variable for variable in variables if model[variable - 1] > 0]
