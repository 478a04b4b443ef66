"""Links that somebody loses by ticking one answer more: nobody expects that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaire.authoring.condition_checks import Flaw
from questionnaire.authoring.sat import FormSolver, Variables
from questionnaire.engine.conditions import supporting_choices
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import Rule


def lost_links(solver: FormSolver, numbers: Iterable[int]) -> Iterator[Flaw]:
    """Yield those of the rules with these numbers whose link one more answer takes away."""
    rules = solver.rulebook.rules
    doubtful = [number for number in numbers if _may_lose(solver.rulebook, rules[number])]
    if not doubtful:
        return
    after = _with_one_more_tick(solver)
    rules_after = [(rule, solver.literal(rule.when, after)) for rule in rules]
    stays = (solver.no_stop, -solver.any_stop(after))
    for number in doubtful:
        holds = solver.literal(rules[number].when)
        for claim in rules[number].cites:
            not_cited = [-literal for other, literal in rules_after if claim in other.cites]
            lost = (*stays, holds, *not_cited)
            if solver.is_satisfiable(*lost):
                yield Flaw(
                    "removes", ("rules", number, "when"), _message(solver, claim, after, lost)
                )
                break


def _may_lose(rulebook: Rulebook, rule: Rule) -> bool:
    """Return True if a rule needs a choice to be unticked in a question that takes several."""
    denied = supporting_choices(rule.when, negated=True) if rule.cites else ()
    questions = ((rulebook.question(name), choice) for name, choice in denied)
    return any(asked.pick == "several" and asked.exclusive != one for asked, one in questions)


def _message(solver: FormSolver, claim: str, after: Variables, lost: tuple[int, ...]) -> str:
    ticked = solver.example(*lost)
    choices = solver.variables.values()
    solver.is_satisfiable(*(one if one in ticked else -one for one in choices), *lost)
    true = set(solver.true_among(after.values()))
    added = {solver.variables[pair] for pair, later in after.items() if later in true} - ticked
    more = solver.ticks_text(added).removeprefix("tick: ")
    message = f'ticking "{more}" as well takes away the link "{claim}"'
    return f"{message} ({solver.ticks_text(ticked)}; then: {more})"


def _with_one_more_tick(solver: FormSolver) -> Variables:
    """Return variables for the same answers with at most one tick more.

    The tick is in a question that takes several answers and is asked; it is not the exclusive
    choice, and that choice is not ticked.
    """
    after, added = dict(solver.variables), []
    for question in solver.rulebook.questions:
        if question.pick == "one":
            continue
        exclusive = solver.variables_of(question.choices_in(question.exclusive_bit))
        conditions = [-one for one in exclusive]
        if question.asked_if:
            conditions.append(solver.is_asked(question))
        for choice in question.choices_in(question.opening_bits):
            pair = question.id, choice.id
            after[pair], new = _tick_later(solver, solver.variables[pair], conditions)
            added.append(new)
    _add_at_most_one(solver, added)
    return after


def _tick_later(solver: FormSolver, before: int, conditions: list[int]) -> tuple[int, int]:
    """Return two variables of a choice: ticked afterwards, and ticked only afterwards."""
    after, new = solver.new_variable(), solver.new_variable()
    solver.add([-before, after], [-after, before, new], [-new, -before], [-new, after])
    solver.add(*([-new, condition] for condition in conditions))
    return after, new


def _add_at_most_one(solver: FormSolver, literals: list[int]) -> None:
    """Let at most one literal be true, by a chain of variables "this one or one before it"."""
    previous = None
    for literal in literals:
        so_far = solver.new_variable()
        solver.add([-literal, so_far])
        if previous:
            solver.add([-previous, so_far], [-previous, -literal])
        previous = so_far
