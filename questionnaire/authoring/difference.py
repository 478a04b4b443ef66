"""What an edit of a rulebook changes, and for whom: two versions compared.

Choices are the same if they have the same permanent key. The results of both versions are compared
by a SAT solver over all answers that the new form allows, and over all old links, which hold the
answers that the old form allowed. So "nobody" is a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from questionnaire.authoring.explain import choice_names
from questionnaire.authoring.lost_keys import LostKeys
from questionnaire.authoring.sat import FormSolver
from questionnaire.authoring.sat_result import (
    Item,
    SymbolicLink,
    SymbolicResult,
    Ticks,
    counterpart_keys,
)
from questionnaire.authoring.text_changes import TextChanges, asked_choices, match_parts
from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import YamlDocument

SEARCH_SECONDS = 2.0
"""How long to look for answers that change the order, which is harder than the rest."""
MAX_EXAMPLES = 20
"""How many changes of a list get an example: in a large form each takes a while."""

LINK = Item("", "", "link")
"""What an old link is that cannot be opened any more."""

NOUNS = {
    "stop": "the stop notice",
    "caution": "the caution",
    "group": "the muscle group",
    "statement": "the statement",
    "text": "the text",
}
SENTENCES = {
    ("link", False): "some old links cannot be opened any more",
    ("result", True): "some get a result in place of a stop notice",
    ("result", False): "some get a stop notice in place of a result",
}


class Change(NamedTuple):
    """What some runners gain or lose: those for whose answers the literals are true."""

    item: Item
    gained: bool
    literals: tuple[int, ...]


class OrderChange(NamedTuple):
    """Whether the order of muscle groups changes where the literals are true; None: not known."""

    found: bool | None
    literals: tuple[int, ...] = ()


class View:
    """The results of the old and the new version for the same answers."""

    def __init__(self, solver: FormSolver, old: SymbolicResult, new: SymbolicResult) -> None:
        """Compare two results; a link that the new version cannot open has none."""
        self.solver = solver
        self.old = old
        self.new = new
        self.unreadable = [new.unreadable] if isinstance(new, SymbolicLink) else []
        self.readable = tuple(-literal for literal in self.unreadable)
        self.shown = (*self.readable, -old.stop, -new.stop)

    @cached_property
    def changes(self) -> list[Change]:
        """Everything that some runners gain or lose: stop notices first, what is lost first."""
        kinds = ["stop", "result", "caution", "group", "statement", "text"]
        items = sorted(
            {*self.old.items, *self.new.items},
            key=lambda item: (kinds.index(item.kind), item.name, item.under or ""),
        )
        closed = self._change(LINK, False, *self.unreadable) if self.unreadable else []
        return closed + [change for item in items for change in self._changes_of(item)]

    @cached_property
    def lost_stops(self) -> list[Change]:
        """The stop notices that some runners lose."""
        stops = sorted(item for item in self.old.items if item.kind == "stop")
        changes = (change for item in stops for change in self._changes_of(item))
        return [change for change in changes if not change.gained]

    def _changes_of(self, item: Item) -> Iterator[Change]:
        """Yield what becomes of an item.

        A stop notice hides all else, and a muscle group what stands under it. So what comes and
        goes with these is not a change of its own.
        """
        before, after = self.old.literal(item), self.new.literal(item)
        if before == after:
            return
        where = self.readable if item.kind in ("stop", "result") else self.shown
        if item.under:
            where = (*where, self.old.group(item.under), self.new.group(item.under))
        yield from self._change(item, False, *where, before, -after)
        yield from self._change(item, True, *where, -before, after)

    def _change(self, item: Item, gained: bool, *literals: int) -> list[Change]:
        """Return the change that these literals make, or nothing if no answers make them true."""
        possible = self.solver.is_satisfiable(*literals)
        return [Change(item, gained, literals)] if possible else []

    @cached_property
    def order(self) -> OrderChange:
        """Whether two muscle groups of both results change places."""
        swaps = list(self._swaps())
        if not swaps:
            return OrderChange(found=False)
        literals = (*self.shown, self.solver.any_of(swaps))
        found = self.solver.is_satisfiable_within(SEARCH_SECONDS, *literals)
        return OrderChange(found, literals)

    def _swaps(self) -> Iterator[int]:
        """Yield the literals of each two muscle groups that do not rank as before."""
        before, after, both = self.old.standings, self.new.standings, self.solver.both
        for group, other in combinations(sorted({*before} & {*after}), 2):
            if (before[group], before[other]) == (after[group], after[other]):
                continue
            found = [
                both(result.group(group), result.group(other)) for result in (self.old, self.new)
            ]
            for pair in ((group, other), (other, group)):
                was, is_now = (result.is_before(*pair) for result in (self.old, self.new))
                differs = self.solver.any_of([both(was, -is_now), both(-was, is_now)])
                yield both(both(*found), differs)

    @property
    def summary(self) -> tuple[object, ...]:
        """What changes, without the examples."""
        return self.order.found, *((change.item, change.gained) for change in self.changes)

    def lines(self, how: str) -> list[str]:
        """Return a line for each change, with an example, and what does not change."""
        lines = [
            f"{_sentence(change)} ({self.example(change, how)})"
            for change in self.changes[:MAX_EXAMPLES]
        ]
        lines += [_sentence(change) for change in self.changes[MAX_EXAMPLES:]]
        lines.append(f"nobody gains or loses {'anything else' if lines else 'anything'}")
        if self.order.found:
            example = self.example(self.order, how)
            return [*lines, f"the order of the muscle groups changes for some ({example})"]
        if self.order.found is None:
            looked = f"in {SEARCH_SECONDS:g} seconds of searching"
            return [*lines, f"no change in the order of the muscle groups was found {looked}"]
        return [*lines, "the order of the muscle groups stays the same for everyone"]

    def example(self, change: Change | OrderChange, how: str) -> str:
        """Return the fewest ticks that show a change, in words; `how` says who ticks them."""
        ticked = self.solver.smallest_example(*change.literals)
        names = choice_names(self.solver.rulebook, ticked)
        return f"{how}: {names}" if names else f"{how} nothing"


def _sentence(change: Change) -> str:
    """Return a change as a sentence."""
    kind = change.item.kind
    if kind not in NOUNS:
        return SENTENCES[kind, change.gained]
    under = f' under "{change.item.under}"' if change.item.under else ""
    verb = "gain" if change.gained else "lose"
    return f'some {verb} {NOUNS[kind]} "{change.item.name}"{under}'


class Difference:
    """Everything that differs between two versions of a rulebook."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        """Compare two versions that are right in form and references."""
        self.old = old
        self.new = new
        self.names = match_parts(old, new)
        self.text = TextChanges(old, new, self.names)
        self.lost_keys = LostKeys(old, new, self.names)

    @cached_property
    def form(self) -> View:
        """The results of the answers that the new form allows.

        A choice that replaces a retired one stands for it in the old version.
        """
        ticks = _ticks_of_form(solver := FormSolver(self.new))
        before = _known_ticks(solver, self.old, ticks)
        for retired, target in counterpart_keys(self.new).items():
            if retired in before and target not in before:
                before[retired] = ticks[target]
        old = SymbolicResult(solver, self.old, before, self.names)
        new = SymbolicResult(solver, self.new, _known_ticks(solver, self.new, ticks))
        return View(solver, old, new)

    @cached_property
    def links(self) -> View | None:
        """The results of the answers that the old form allowed, read from their links.

        None if no link can be opened.
        """
        if self.old.id != self.new.id:
            return None
        solver = self._old_solver
        ticks = _ticks_of_form(solver)
        after = _known_ticks(solver, self.new, ticks)
        unknown = [tick for key, tick in ticks.items() if key not in after]
        return View(solver, self._old_result, SymbolicLink(solver, self.new, after, unknown))

    @cached_property
    def asked_anew(self) -> View:
        """The results of the answers that the old form allowed, as far as the new form asks."""
        solver = self._old_solver
        ticks = _ticks_of_form(solver)
        after = _known_ticks(solver, self.new, ticks)
        for retired, target in counterpart_keys(self.new).items():
            after[target] = solver.any_of([after[target], after[retired]])
        after |= {retired.key: solver.any_of(()) for retired in self.new.retired}
        return View(solver, self._old_result, SymbolicResult(solver, self.new, after))

    @cached_property
    def _old_solver(self) -> FormSolver:
        return FormSolver(self.old)

    @cached_property
    def _old_result(self) -> SymbolicResult:
        solver = self._old_solver
        return SymbolicResult(
            solver, self.old, _known_ticks(solver, self.old, _ticks_of_form(solver)), self.names
        )

    @cached_property
    def lost_stops(self) -> list[tuple[str, str]]:
        """The stop notices that some runners had and do not get, each with a sentence."""
        lost: dict[str, str] = {}
        views = [(self.form, "tick"), (self.asked_anew, "ticked in the old form")]
        if self.links:
            views.insert(1, (self.links, "ticked in an old link"))
        for view, how in views:
            for change in view.lost_stops:
                if change.item.name not in lost:
                    lost[change.item.name] = f"some ({view.example(change, how)})"
        for name, text in self._stops_of_retired():
            lost.setdefault(name, f'old links with the retired choice "{text}"')
        return [
            (name, f'the stop notice "{name}" is lost for {whom}') for name, whom in lost.items()
        ]

    def _stops_of_retired(self) -> Iterator[tuple[str, str]]:
        """Yield the stop notices that retired choices no longer raise, with their words."""
        for retired in self.old.retired:
            before, after = (
                assess(rulebook, Answers(1 << retired.key, date.min)).stops
                for rulebook in (self.old, self.new)
            )
            kept = {raised.notice.id for raised in after}
            for raised in before:
                name = self.names.get(("notices", raised.notice.id), raised.notice.id)
                if name not in kept:
                    yield name, retired.text

    def report(self, old: YamlDocument, new: YamlDocument) -> list[str]:
        """Return the lines about all that changed; none if nothing did."""
        sections = self.text.sections(old, new)
        loud = [f"STOP NOTICE LOST: {sentence}" for _, sentence in self.lost_stops]
        loud += [f"error: {message}" for _, message in self.lost_keys.problems()]
        if not loud and not any(sections.values()):
            return []
        sections["Results, over all answers that the new form allows"] = self.form.lines("tick")
        if self.links:
            alike = self.form.changes and self.links.summary == self.form.summary
            lines = ["the same as above"] if alike else self.links.lines("ticked")
            sections["Old links, over all that the old form allowed"] = lines
        found = ((heading, lines) for heading, lines in sections.items() if lines)
        blocks = (["", heading, *(f"  {line}" for line in lines)] for heading, lines in found)
        lines = [*loud, *(line for block in blocks for line in block)]
        return lines if loud else lines[1:]


def _ticks_of_form(solver: FormSolver) -> Ticks:
    """Return the literals of the choices of a form by their keys."""
    return {one.key: solver.variables[pair] for pair, one in solver.rulebook.choices.items()}


def _known_ticks(solver: FormSolver, rulebook: Rulebook, ticks: Ticks) -> Ticks:
    """Return the literals of all keys that a rulebook knows; nobody can tick the other keys."""
    keys = [*asked_choices(rulebook), *(retired.key for retired in rulebook.retired)]
    nothing = solver.any_of(())
    return {key: ticks.get(key, nothing) for key in keys}
