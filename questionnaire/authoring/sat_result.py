"""The result that a rulebook gives, as literals over the answers in a SAT solver.

It does symbolically what engine/evaluate.py does with one set of answers, and engine/codes.py with
one results link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from questionnaire.authoring.sat import FormSolver
from questionnaire.rulebook.content import Claim, Firmness
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question

Ticks = dict[int, int]
"""The literal of each permanent key: true if the choice with that key is ticked."""

Names = Mapping[tuple[str, str], str]
"""What the other rulebook calls a part, by its section and its id; the same if it is not here."""


class Item(NamedTuple):
    """A part of a result: its section, its id, its kind, and the muscle group it stands under."""

    section: str
    name: str
    kind: str
    under: str | None = None


RESULT = Item("", "", "result")
"""What those have who are not stopped."""


class SymbolicResult:
    """The result of one rulebook for the answers in a solver."""

    def __init__(
        self, solver: FormSolver, rulebook: Rulebook, ticks: Ticks, names: Names | None = None
    ) -> None:
        """Encode the assessment of these ticks."""
        self.solver = solver
        self.rulebook = rulebook
        self.names = names or {}
        self.ticks = ticks
        self.seen = self._by_id(self._with_counterparts(ticks))
        self.asked = self._by_id(drop_unasked(solver, rulebook, self._with_counterparts(ticks)))
        self._stops = {notice.id for notice in rulebook.notices if notice.kind == "stop"}
        self.items = {item: solver.any_of(causes) for item, causes in self._causes().items()}
        stops = [literal for item, literal in self.items.items() if item.kind == "stop"]
        self.stop = solver.any_of(stops)
        self.items[RESULT] = -self.stop

    def _by_id(self, ticks: Ticks) -> dict[tuple[str, str], int]:
        return {pair: ticks[choice.key] for pair, choice in self.rulebook.choices.items()}

    def _with_counterparts(self, ticks: Ticks) -> Ticks:
        """Return the ticks with those that retired choices count as."""
        seen = dict(ticks)
        for retired, target in counterpart_keys(self.rulebook).items():
            seen[target] = self.solver.any_of([seen[target], ticks[retired]])
        return seen

    def _causes(self) -> dict[Item, list[int]]:
        """Return the literals of which one must be true for each item to be in the result."""
        causes: dict[Item, list[int]] = {}
        for retired in self.rulebook.retired:
            if retired.raises:
                causes.setdefault(self._notice(retired.raises), []).append(self.ticks[retired.key])
        for rule in self.rulebook.rules:
            literals = [self.solver.literal(rule.when, self.asked, self.rulebook)]
            if rule.raises in self._stops:
                literals.append(self.solver.literal(rule.when, self.seen, self.rulebook))
            if rule.raises:
                causes.setdefault(self._notice(rule.raises), []).extend(literals)
            if rule.shows:
                under = self._name("muscle_groups", rule.for_) if rule.for_ else None
                text = Item("advice", self._name("advice", rule.shows), "text", under)
                causes.setdefault(text, []).extend(literals)
            for name in rule.cites:
                claim = self._claims[name]
                causes.setdefault(self._group(claim.about), []).extend(literals)
                causes.setdefault(self._statement(claim), []).extend(literals)
        return causes

    @cached_property
    def _claims(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self.rulebook.claims}

    def _name(self, section: str, name: str) -> str:
        return self.names.get((section, name), name)

    def _notice(self, name: str) -> Item:
        kind = "stop" if name in self._stops else "caution"
        return Item("notices", self._name("notices", name), kind)

    def _group(self, name: str) -> Item:
        return Item("muscle_groups", self._name("muscle_groups", name), "group")

    def _statement(self, claim: Claim) -> Item:
        under = self._name("muscle_groups", claim.about)
        return Item("claims", self._name("claims", claim.id), "statement", under)

    def literal(self, item: Item) -> int:
        """Return the literal that is true if a result without a stop notice has the item."""
        return self.items.get(item) or self.solver.any_of(())

    def group(self, name: str) -> int:
        """Return the literal that is true if a muscle group is among the findings."""
        return self.literal(Item("muscle_groups", name, "group"))

    @cached_property
    def standings(self) -> dict[str, tuple[list[int], list[int]]]:
        """What orders the muscle groups: the counts of their links, and the firmest wording."""
        links: dict[str, list[tuple[int, int]]] = {}
        for claim in self._claims.values():
            if claim.firmness and (literal := self.items.get(self._statement(claim))):
                group = self._name("muscle_groups", claim.about)
                links.setdefault(group, []).append((literal, claim.firmness.rank))
        return {group: self._standing(sorted(found)) for group, found in links.items()}

    def _standing(self, links: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """Return the literals of "at least so many links", and of "at least so firm"."""
        counts = self.solver.at_least([literal for literal, _ in links], len(links))
        ranks = range(Firmness.POSSIBLY.rank)
        firm = [self.solver.any_of(link for link, rank in links if rank <= n) for n in ranks]
        return counts, firm

    def is_before(self, group: str, other: str) -> int:
        """Return the literal that is true if one muscle group ranks before another."""
        (counts, firmness), (other_counts, other_firmness) = (
            self.standings[group],
            self.standings[other],
        )
        fewer = self._exceeds(other_counts, counts)
        firmer = self.solver.both(self._exceeds(firmness, other_firmness), -fewer)
        return self.solver.any_of([self._exceeds(counts, other_counts), firmer])

    def _exceeds(self, levels: list[int], others: list[int]) -> int:
        """Return the literal that is true if more of the levels are reached than of the others."""
        both, beyond = zip(levels, others, strict=False), levels[len(others) :]
        return self.solver.any_of(
            [*(self.solver.both(level, -other) for level, other in both), *beyond]
        )


def counterpart_keys(rulebook: Rulebook) -> dict[int, int]:
    """Return the keys of the retired choices that count as another, with the key of that."""
    return {
        retired.key: rulebook.choices[pair].key
        for retired in rulebook.retired
        for pair in (retired.counts_as or {}).items()
    }


def drop_unasked(solver: FormSolver, rulebook: Rulebook, ticks: Ticks) -> Ticks:
    """Return the ticks without those of questions that were not asked because of them."""
    kept = dict(ticks)
    retired = solver.any_of(ticks[choice.key] for choice in rulebook.retired)
    for question in rulebook.questions:
        if question.asked_if:
            opening = [kept[choice.key] for choice in rulebook.opening_choices(question)]
            before = rulebook.question(question.asked_if.question)
            unticked = -solver.any_of(kept[choice.key] for choice in before.choices)
            asked = solver.any_of([*opening, solver.both(retired, unticked)])
            kept |= {c.key: solver.both(kept[c.key], asked) for c in question.choices}
    return kept


class SymbolicLink(SymbolicResult):
    """The result that a rulebook gives for a results link with these ticks.

    `unreadable` is true if the link is refused instead.
    """

    def __init__(
        self, solver: FormSolver, rulebook: Rulebook, ticks: Ticks, unknown: list[int]
    ) -> None:
        """Encode the decoding of a link; the rulebook does not know the ticks in `unknown`."""
        stop = SymbolicResult(solver, rulebook, ticks).stop
        kept = drop_unasked(solver, rulebook, ticks)
        counted = {  # what is kept anyway stays as it is, and so is shared with the old version
            key: tick if kept[key] == tick else solver.both(tick, solver.any_of([stop, kept[key]]))
            for key, tick in ticks.items()
        }
        super().__init__(solver, rulebook, counted)
        wrong = [*unknown]
        for question in rulebook.questions:
            wrong += _contradictions(solver, question, ticks)
        self.unreadable = solver.both(solver.any_of(wrong), -stop)


def _contradictions(solver: FormSolver, question: Question, ticks: Ticks) -> Iterator[int]:
    """Yield the literals of each two answers to a question that nobody can give together."""
    for choice, other in combinations(question.choices, 2):
        if question.pick == "one" or question.exclusive_bit & (choice.bit | other.bit):
            yield solver.both(ticks[choice.key], ticks[other.key])
