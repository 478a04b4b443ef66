"""All answers that the form of a rulebook can send, as clauses for a SAT solver.

Every choice is a variable. The clauses say what the form allows: one answer where one is picked,
an exclusive choice alone, follow-ups only where they are asked, and required questions answered
unless a stop notice fires. So a yes or a no of the solver is a proof over every runner, not a
sample. Old links, whose required questions may be empty because they came later, are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, count
from typing import assert_never

from pysat.solvers import Minisat22

from questionnaire.authoring.explain import choice_names
from questionnaire.rulebook.model import Choice, Question, Rulebook
from questionnaire.rulebook.rule import AllOf, AnyOf, Condition, Has, Not

Variables = dict[tuple[str, str], int]
"""The variable of each (question, choice)."""


class Space:
    """The answers that are possible, and the conditions on them as literals.

    Each kind of constraint has a guard, so that a proof can name the constraints it rests on. The
    literal `waived` leaves required questions free, as a stop rule does if it comes to hold.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        """Encode what the form allows."""
        self.rulebook = rulebook
        self.guards: dict[int, str] = {}
        self._numbers = count(1)
        self._clauses: list[list[int]] = []
        self._solver = Minisat22()
        self._literals: dict[tuple[int, int], int] = {}
        self.waived = self.fresh()
        self.variables = self._choice_variables()
        self.stop = self._encode()
        for guard in self.guards:
            self._solver.add_clause([guard])

    def possible(self, *literals: int) -> bool:
        """Say whether some answers make all these literals true."""
        return bool(self._solver.solve(assumptions=self._sent(literals)))

    def example(self, *literals: int) -> frozenset[int]:
        """Return the variables ticked in answers to these literals, none of them in vain."""
        return self._fewest(self._solver, self._sent(literals))

    def holding(self, literals: Iterable[int]) -> list[bool]:
        """Say which of these literals are true in the answers found possible last."""
        model = self._solver.get_model() or ()
        return [model[abs(one) - 1] == one for one in literals]

    def ticked(self, among: Variables, *literals: int) -> frozenset[int]:
        """Return the choices that are ticked among other variables when these are true."""
        self._solver.solve(assumptions=self._sent(literals))
        true = set(_true(self._solver, among.values()))
        return frozenset(self.variables[pair] for pair, one in among.items() if one in true)

    def _sent(self, literals: tuple[int, ...]) -> tuple[int, ...]:
        return literals if self.waived in literals else (*literals, -self.waived)

    @property
    def calm(self) -> int:
        """The literal that is true if no stop notice fires, so that there is a result."""
        return -self.stop

    def tick(self, *literals: int) -> str:
        """Return an example of answers that make these literals true, in words."""
        return self.spell(self.example(*literals))

    def spell(self, variables: frozenset[int]) -> str:
        """Return ticks in words."""
        bits = sum(
            choice.bit
            for question in self.rulebook.questions
            for choice in question.choices
            if self.variables[question.id, choice.id] in variables
        )
        return f"tick: {choice_names(self.rulebook, bits)}" if bits else "tick nothing"

    def never(self, *literals: int) -> str:
        """Return why these literals cannot be true together, in words."""
        reasons = self.reasons(*literals)
        if not reasons:
            return "this can never hold: it contradicts itself or what stands beside it"
        wish = self.spell(self.wish(*literals))
        return f"this can never hold: {' and '.join(reasons)}; nobody can do this ({wish})"

    def reasons(self, *literals: int) -> list[str]:
        """Return a smallest set of constraints that keeps these literals from being true."""
        with Minisat22(bootstrap_with=self._clauses) as solver:
            literals = self._sent(literals)
            solver.solve(assumptions=[*self.guards, *literals])
            core = [guard for guard in solver.get_core() or () if guard in self.guards]
            for guard in tuple(core):
                fewer = [one for one in core if one != guard]
                if not solver.solve(assumptions=[*fewer, *literals]):
                    core = fewer
        return [self.guards[guard] for guard in core]

    def wish(self, *literals: int) -> frozenset[int]:
        """Return ticks that make these literals true if the form would allow anything."""
        with Minisat22(bootstrap_with=self._clauses) as solver:
            return self._fewest(solver, literals)

    def literal(self, condition: Condition, among: Variables | None = None) -> int:
        """Return the literal that is true exactly if the condition holds for these variables."""
        key = id(condition), id(among)  # both live as long as the space
        if key not in self._literals:
            self._literals[key] = self._literal(condition, among)
        return self._literals[key]

    def _literal(self, condition: Condition, among: Variables | None) -> int:
        match condition:
            case Has(question=question, choices=choices):
                variables = self.variables if among is None else among
                return self.either([variables[question, choice] for choice in choices])
            case AllOf(all=parts):
                return -self.either([-self.literal(part, among) for part in parts])
            case AnyOf(any=parts):
                return self.either([self.literal(part, among) for part in parts])
            case Not(not_=part):
                return -self.literal(part, among)
            case _:
                assert_never(condition)

    def either(self, literals: Iterable[int]) -> int:
        """Return the literal that is true exactly if one of these is."""
        parts = list(dict.fromkeys(literals))
        if len(parts) == 1:
            return parts[0]
        whole = next(self._numbers)
        self.add([-whole, *parts])
        for part in parts:
            self.add([whole, -part])
        return whole

    def add(self, clause: list[int]) -> None:
        """Add a clause that holds whatever is answered."""
        self._clauses.append(clause)
        self._solver.add_clause(clause)

    def fresh(self) -> int:
        """Return a new variable."""
        return next(self._numbers)

    def _choice_variables(self) -> Variables:
        questions = self.rulebook.questions
        return {(q.id, choice.id): self.fresh() for q in questions for choice in q.choices}

    def of(self, question: Question, choices: Iterable[Choice]) -> list[int]:
        """Return the variables of some choices of a question."""
        return [self.variables[question.id, choice.id] for choice in choices]

    def opens(self, question: Question) -> int:
        """Return the literal that is true if the follow-ups of a question are asked."""
        return self.either(self.of(question, question.choices_in(question.opening_bits)))

    def stopped(self, among: Variables | None = None) -> int:
        """Return the literal that is true if a stop notice replaces the result."""
        stops = {notice.id for notice in self.rulebook.notices if notice.kind == "stop"}
        rules = [rule for rule in self.rulebook.rules if rule.raises in stops]
        return self.either([self.literal(rule.when, among) for rule in rules])

    def one_more(self) -> Variables:
        """Return the variables of the same answers with at most one further tick.

        The tick is in a question that takes several and was asked; it is not the exclusive choice.
        """
        after, more = dict(self.variables), []
        for question in self.rulebook.questions:
            if question.pick == "one":
                continue
            asked = question.asked_if and self.opens(self.rulebook.question(question.asked_if))
            alone = self.of(question, question.choices_in(question.exclusive_bit))
            for choice in question.choices_in(question.opening_bits):
                before = self.variables[question.id, choice.id]
                ticked, new = self.fresh(), self.fresh()
                after[question.id, choice.id] = ticked
                more.append(new)
                clauses = [
                    [-before, ticked],
                    [-ticked, before, new],
                    [-new, -before],
                    [-new, ticked],
                ]
                clauses += [[-new, -one] for one in alone]
                clauses += [[-new, asked]] if asked else []
                for clause in clauses:
                    self.add(clause)
        self._at_most_one(more)
        return after

    def _at_most_one(self, literals: list[int]) -> None:
        """Let each literal forbid those after it, by a chain of variables: "one came before"."""
        before = None
        for literal in literals:
            now = self.fresh()
            self.add([-literal, now])
            if before:
                self.add([-before, now])
                self.add([-before, -literal])
            before = now

    def _encode(self) -> int:
        stop = self.stopped()
        for question in self.rulebook.questions:
            for reason, clauses in self._constraints(question, stop):
                guard = self.fresh()
                self.guards[guard] = reason
                for clause in clauses:
                    self.add([-guard, *clause])
        return stop

    def _constraints(self, question: Question, stop: int) -> Iterator[tuple[str, list[list[int]]]]:
        mine = self.of(question, question.choices)
        if question.pick == "one":
            yield (
                f'"{question.id}" takes one answer only',
                [[-a, -b] for a, b in combinations(mine, 2)],
            )
        for alone in self.of(question, question.choices_in(question.exclusive_bit)):
            yield (
                f'"{question.exclusive}" excludes the other answers to "{question.id}"',
                [[-alone, -other] for other in mine if other != alone],
            )
        asked: list[int] = []
        if question.asked_if:
            before = self.rulebook.question(question.asked_if)
            opened = self.opens(before)
            asked = [-opened]
            yield (
                f'"{question.id}" is not asked {_unless(before)}',
                [[-one, opened] for one in mine],
            )
        if question.required:
            yield f'"{question.id}" must be answered', [[*asked, stop, self.waived, *mine]]

    def _fewest(self, solver: Minisat22, literals: tuple[int, ...]) -> frozenset[int]:
        """Return the ticks of answers from which none can be left out; others may have fewer."""
        choices = list(self.variables.values())
        solver.set_phases([-one for one in choices])
        solver.solve(assumptions=literals)
        ticked = _true(solver, choices)
        empty = sorted({-one for one in choices} - {-one for one in ticked})
        for one in sorted(ticked, reverse=True):
            if one in ticked and solver.solve(assumptions=[*literals, *empty, -one]):
                before, ticked = ticked, _true(solver, ticked)
                empty += [-gone for gone in before if gone not in ticked]
        return frozenset(ticked)


def _true(solver: Minisat22, variables: Iterable[int]) -> list[int]:
    model = solver.get_model() or ()
    return [one for one in variables if model[one - 1] > 0]


def _unless(before: Question) -> str:
    other = f'another answer than "{before.exclusive}"' if before.exclusive else "an answer"
    return f'unless "{before.id}" has {other}'
