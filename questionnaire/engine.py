"""The rule engine: answers in, an assessment with its full trace out.

A rulebook is compiled once: its rules into an index by choice, so that the time follows the answers
given and not the size of the rulebook. The ticks that make a rule hold are its witness; what it
brings about carries them to the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import assert_never

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
from questionnaire.ways import Index, keys, ways

Text = tuple[str, str | None]
"""An advice and the muscle group that it stands under, or None."""


def assess(rulebook: Rulebook, answers: Answers) -> Assessment:
    """Return every notice, finding and advice that follows from the answers, with its reasons."""
    book = compiled(rulebook)
    return book.assessment(book.index.fire(rulebook.asked(answers.ticked) & rulebook.bits))


def stops(rulebook: Rulebook, ticked: int) -> bool:
    """Say whether these ticks raise a stop notice, without a look at the rest."""
    book = compiled(rulebook)
    return not book.stopping.isdisjoint(book.index.fire(rulebook.asked(ticked) & rulebook.bits))


def fired(rulebook: Rulebook, answers: Answers) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """Return the rules that hold, in the order of the file, each with the answers behind it."""
    book = compiled(rulebook)
    found = book.index.fire(rulebook.asked(answers.ticked) & rulebook.bits)
    return [(book.rules[number], book.said(found[number])) for number in sorted(found)]


class Compiled:
    """A rulebook made ready to be asked many times."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Index the rules, and number what they bring about in the order of a result."""
        choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
        self.choices = tuple(choices.values())
        self.numbers = {choice.key: n for n, choice in enumerate(self.choices)}
        self.single = {choice.bit: (choice,) for choice in self.choices}
        self.rules = rulebook.rules
        self.index = Index(ways(rule.when, choices) for rule in rulebook.rules)
        self.groups = {group.id: group for group in rulebook.muscle_groups}
        self.advice = {advice.id: advice for advice in rulebook.advice}
        self.notices = {notice.id: notice for notice in rulebook.notices}
        self.stopping = {
            number
            for number, rule in enumerate(rulebook.rules)
            if rule.raises and self.notices[rule.raises].kind is NoticeKind.STOP
        }
        self.links = {claim.id: claim for claim in rulebook.claims if claim.kind is Kind.LINK}
        self.tiers = {n: (c.firmness or Firmness.POSSIBLY).tier for n, c in self.links.items()}
        urgent = sorted(rulebook.notices, key=lambda one: list(Urgency).index(one.urgency))
        grouped = sorted(self.links.values(), key=lambda one: list(self.groups).index(one.about))
        self.urgency = {notice.id: n for n, notice in enumerate(urgent)}
        self.place = {link.id: n for n, link in enumerate(grouped)}

    def assessment(self, fired: Mapping[int, int]) -> Assessment:
        """Return what the rules that hold, by number and with their witnesses, lead to."""
        raised: dict[str, int] = defaultdict(int)
        cited: dict[str, int] = defaultdict(int)
        shown: dict[Text, int] = defaultdict(int)
        for number in sorted(fired):
            rule, witness = self.rules[number], fired[number]
            for claim in rule.cites:
                cited[claim] |= witness
            if rule.raises:
                raised[rule.raises] |= witness
            if rule.shows:
                shown[rule.shows, rule.for_] |= witness
        notices = self._raised(raised) if raised else ()
        if stops := tuple([one for one in notices if one.notice.kind is NoticeKind.STOP]):
            return Assessment(stops=stops, cautions=(), findings=(), advice=())
        advice = self._shown(shown)
        findings = self._ranked(self._matches(cited), advice)
        return Assessment((), notices, findings, tuple(advice.get(None, ())))

    def said(self, witness: int) -> tuple[Choice, ...]:
        """Return the choices of these bits, in the order of the file."""
        if single := self.single.get(witness):
            return single
        numbers = sorted([self.numbers[key] for key in keys(witness)])
        return tuple([self.choices[number] for number in numbers])

    def _raised(self, raised: Mapping[str, int]) -> tuple[Raised, ...]:
        """Return the notices, the most urgent first, then as in the file."""
        names = sorted(raised, key=self.urgency.__getitem__)
        return tuple([Raised(self.notices[name], self.said(raised[name])) for name in names])

    def _shown(self, shown: Mapping[Text, int]) -> dict[str | None, list[Shown]]:
        """Return the advice by the muscle group it stands under, or by None."""
        advice: dict[str | None, list[Shown]] = {}
        for (text, group), witness in shown.items():
            advice.setdefault(group, []).append(Shown(self.advice[text], self.said(witness)))
        return advice

    def _matches(self, cited: Mapping[str, int]) -> dict[str, list[Match]]:
        """Return the links by their muscle group, groups and links as in the file."""
        matches: dict[str, list[Match]] = {}
        for name in sorted(cited, key=self.place.__getitem__):
            link = self.links[name]
            matches.setdefault(link.about, []).append(Match(link, self.said(cited[name])))
        return matches

    def _ranked(
        self, matches: Mapping[str, list[Match]], advice: Mapping[str | None, list[Shown]]
    ) -> tuple[Finding, ...]:
        """Return the findings: most links first, then the firmest link; a tie shares its place."""
        tied: dict[tuple[int, int], list[str]] = {}
        for group, found in matches.items():
            firmest = min([self.tiers[match.claim.id] for match in found])
            tied.setdefault((-len(found), firmest), []).append(group)
        findings: list[Finding] = []
        for standing in sorted(tied):
            place = len(findings) + 1
            for name in tied[standing]:
                joint = tuple([self.groups[other] for other in tied[standing] if other != name])
                shown = tuple(advice.get(name, ()))
                findings.append(
                    Finding(self.groups[name], place, joint, tuple(matches[name]), shown)
                )
        return tuple(findings)


@lru_cache(maxsize=16)
def compiled(rulebook: Rulebook) -> Compiled:
    """Return a rulebook made ready, the same for the same rulebook."""
    return Compiled(rulebook)


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
