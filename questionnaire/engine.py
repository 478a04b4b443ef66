"""The rule engine: answers in, an assessment with its full trace out.

A rulebook is compiled once. Each condition becomes a function from the ticked bits to the
bits that made it hold (its witness), or to None. An index leads from each choice to the rules
that mention it, so that the time follows the answers given and not the size of the rulebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar, assert_never

from questionnaire.model import (
    AllOf,
    Answers,
    AnyOf,
    Assessment,
    Choice,
    Condition,
    Finding,
    Firmness,
    Has,
    Kind,
    Match,
    Not,
    NoticeKind,
    Raised,
    Rule,
    Rulebook,
    Shown,
    Urgency,
)

K = TypeVar("K")
Test = Callable[[int], int | None]
Fired = list[tuple[Rule, int]]
"""The rules that hold, each with its witness: the ticked bits that made it hold."""


def assess(rulebook: Rulebook, answers: Answers) -> Assessment:
    """Return every notice, finding and advice that follows from the answers, with its reasons."""
    book = _compile(rulebook)
    fired = book.fire(rulebook.asked(answers.ticked) & rulebook.bits)
    raised = book.raised(fired)
    stops = tuple(one for one in raised if one.notice.kind is NoticeKind.STOP)
    if stops:
        return Assessment(stops=stops, cautions=(), findings=(), advice=())
    shown = book.shown(fired)
    return Assessment(
        stops=(),
        cautions=tuple(raised),
        findings=book.ranked(book.matches(fired), shown),
        advice=shown.get(None, ()),
    )


def fired(rulebook: Rulebook, answers: Answers) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """Return the rules that hold, in the order of the file, each with the answers behind it."""
    book = _compile(rulebook)
    ticked = rulebook.asked(answers.ticked) & rulebook.bits
    return [(rule, book.said(witness)) for rule, witness in book.fire(ticked)]


class _Compiled:
    """A rulebook made ready to be asked many times."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Compile every condition, and index the rules by the bits that they mention."""
        choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
        self.rulebook = rulebook
        self.choices = {choice.bit: (n, choice) for n, choice in enumerate(choices.values())}
        self.claims = {claim.id: claim for claim in rulebook.claims if claim.kind is Kind.LINK}
        self.advice = {advice.id: advice for advice in rulebook.advice}
        self.tests = [_test(rule.when, choices) for rule in rulebook.rules]
        self.untouched = [n for n, test in enumerate(self.tests) if test(0) is not None]
        self.touched: dict[int, list[int]] = {}
        for number, rule in enumerate(rulebook.rules):
            for bit in {choices[named].bit for named in mentions(rule.when)}:
                self.touched.setdefault(bit, []).append(number)

    def fire(self, ticked: int) -> Fired:
        """Return the rules that hold, in the order of the file, each with its witness.

        A rule that no tick touches holds exactly if it holds for no ticks at all.
        """
        candidates = set(self.untouched)
        for bit in _each(ticked):
            candidates.update(self.touched.get(bit, ()))
        found = ((number, self.tests[number](ticked)) for number in sorted(candidates))
        return [(self.rulebook.rules[n], witness) for n, witness in found if witness is not None]

    def said(self, witness: int) -> tuple[Choice, ...]:
        """Return the choices of these bits, in the order of the file."""
        return tuple(choice for _, choice in sorted(self.choices[bit] for bit in _each(witness)))

    def raised(self, fired: Fired) -> list[Raised]:
        """Return the notices of these rules, the most urgent first, then as in the file."""
        found = _merge((rule.raises, witness) for rule, witness in fired if rule.raises)
        return [
            Raised(notice, self.said(found[notice.id]))
            for urgency in Urgency
            for notice in self.rulebook.notices
            if notice.urgency is urgency and notice.id in found
        ]

    def shown(self, fired: Fired) -> dict[str | None, tuple[Shown, ...]]:
        """Return the advice of these rules by the muscle group it stands under, or by None."""
        shown: dict[str | None, tuple[Shown, ...]] = {}
        texts = _merge(((r.shows, r.for_), witness) for r, witness in fired if r.shows)
        for (text, group), witness in texts.items():
            shown[group] = (*shown.get(group, ()), Shown(self.advice[text], self.said(witness)))
        return shown

    def matches(self, fired: Fired) -> dict[str, tuple[Match, ...]]:
        """Return the distinct links that these rules cite, by muscle group."""
        found = _merge((claim, witness) for rule, witness in fired for claim in rule.cites)
        matches: dict[str, tuple[Match, ...]] = {}
        for name, claim in self.claims.items():
            if name in found:
                match = Match(claim, self.said(found[name]))
                matches[claim.about] = (*matches.get(claim.about, ()), match)
        return matches

    def ranked(
        self,
        matches: Mapping[str, tuple[Match, ...]],
        shown: Mapping[str | None, tuple[Shown, ...]],
    ) -> tuple[Finding, ...]:
        """Return the findings: most links first, then the firmest link; a tie shares its place."""
        standing = {group: _standing(found) for group, found in matches.items()}
        groups = [group for group in self.rulebook.muscle_groups if group.id in matches]
        groups.sort(key=lambda group: standing[group.id])
        order = [standing[group.id] for group in groups]
        return tuple(
            Finding(
                group=group,
                place=order.index(standing[group.id]) + 1,
                joint_with=tuple(
                    other
                    for other in groups
                    if other is not group and standing[other.id] == standing[group.id]
                ),
                matches=matches[group.id],
                advice=shown.get(group.id, ()),
            )
            for group in groups
        )


@lru_cache(maxsize=16)
def _compile(rulebook: Rulebook) -> _Compiled:
    return _Compiled(rulebook)


def _standing(matches: tuple[Match, ...]) -> tuple[int, int]:
    firmest = min((m.claim.firmness or Firmness.POSSIBLY).tier for m in matches)
    return -len(matches), firmest


def _each(bits: int) -> Iterator[int]:
    while bits:
        bit = bits & -bits
        yield bit
        bits ^= bit


def _merge(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    merged: dict[K, int] = {}
    for name, witness in pairs:
        merged[name] = merged.get(name, 0) | witness
    return merged


def mentions(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield the (question, choice) pairs that a condition asks about, in its order."""
    match condition:
        case Has(question=question, choices=choices):
            yield from ((question, choice) for choice in choices)
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from mentions(part)
        case Not(not_=part):
            yield from mentions(part)
        case _:
            assert_never(condition)


def _test(
    condition: Condition, choices: Mapping[tuple[str, str], Choice], *, denied: bool = False
) -> Test:
    """Return the test of a condition, or of its opposite.

    A `not` is carried down to the ticks, so that what is denied twice keeps its witness.
    """
    match condition:
        case Has(question=question, choices=names):
            mask = sum(choices[question, name].bit for name in set(names))
            if denied:
                return lambda ticked: None if ticked & mask else 0
            return lambda ticked: ticked & mask or None
        case AllOf(all=parts) | AnyOf(any=parts):
            tests = [_test(part, choices, denied=denied) for part in parts]
            return _any(tests) if isinstance(condition, AllOf) is denied else _all(tests)
        case Not(not_=part):
            return _test(part, choices, denied=not denied)
        case _:
            assert_never(condition)


def _all(tests: list[Test]) -> Test:
    def test(ticked: int) -> int | None:
        witness = 0
        for one in tests:
            found = one(ticked)
            if found is None:
                return None
            witness |= found
        return witness

    return test


def _any(tests: list[Test]) -> Test:
    def test(ticked: int) -> int | None:
        witness = None
        for one in tests:
            found = one(ticked)
            if found is not None:
                witness = (witness or 0) | found
        return witness

    return test
