"""The rule engine: answers in, an assessment with its full trace out.

A rulebook is compiled once: its rules into an index by choice, so that the time follows the rules
that the answers touch and not those in the rulebook. The ticks that make a rule hold are its
witness; what it brings about carries them to the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, assert_never

from questionnaire.engine.assessment import (
    Answers,
    Assessment,
    Finding,
    MatchedClaim,
    RaisedNotice,
    ShownAdvice,
)
from questionnaire.engine.conditions import Index, keys, ways
from questionnaire.rulebook.model import Choice, ClaimKind, Firmness, NoticeKind, Rulebook, Urgency
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, Rule

Text = tuple[str, str | None]
"""An advice and the muscle group that it stands under, or None."""


def assess(rulebook: Rulebook, answers: Answers) -> Assessment:
    """Return every notice, finding and advice that follows from the answers, with its reasons."""
    ticked = answers.ticked
    return compiled(rulebook).assessment(_holding(rulebook, ticked), ticked)


def has_stop(rulebook: Rulebook, ticked: int) -> bool:
    """Return True if these ticks raise a stop notice."""
    book = compiled(rulebook)
    retired = ticked & book.retired_stops
    return bool(retired) or not book.stopping.isdisjoint(_holding(rulebook, ticked))


def counted(rulebook: Rulebook, ticked: int) -> int:
    """Return the ticks that count: those of questions that were asked, or all beside a stop.

    A warning sign must not be lost because another answer closed its question.
    """
    return ticked if has_stop(rulebook, ticked) else rulebook.drop_unasked(ticked)


def warning_questions(rulebook: Rulebook) -> frozenset[str]:
    """Return the ids of the questions in which a tick can raise a stop notice."""
    return compiled(rulebook).warning_questions


def fired(rulebook: Rulebook, answers: Answers) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """Return the rules that hold, in the order of the file, each with the answers behind it."""
    book, found = compiled(rulebook), _holding(rulebook, answers.ticked)
    return [(book.rules[number], book.said(found[number])) for number in sorted(found)]


def _holding(rulebook: Rulebook, ticked: int) -> dict[int, int]:
    """Return the rules that hold for what was asked, by number, each with its witness.

    A rule that raises a stop notice holds for every tick, also of a question that was not asked.
    """
    book, asked = compiled(rulebook), rulebook.drop_unasked(ticked)
    fired = book.index.fire(asked & rulebook.bits)
    if asked != ticked:
        all_ticks = book.index.fire(ticked & rulebook.bits)
        fired |= {number: all_ticks[number] for number in all_ticks.keys() & book.stopping}
    return fired


class Effect(NamedTuple):
    """What a rule brings about, by the numbers of its links, its notice and its text."""

    cites: tuple[int, ...]
    raises: int | None
    shows: Text | None


class Compiled:
    """A rulebook made ready to be asked many times."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Index the rules, and number what they bring about in the order of a result."""
        choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
        retired = (one.choice for one in rulebook.retired)
        self.choices = (*choices.values(), *retired)
        self.numbers = {choice.key: n for n, choice in enumerate(self.choices)}
        self.single = {choice.bit: (choice,) for choice in self.choices}
        self.rules = rulebook.rules
        self.index = Index(ways(rule.when, choices) for rule in rulebook.rules)
        self.groups = {group.id: group for group in rulebook.muscle_groups}
        self.advice = {advice.id: advice for advice in rulebook.advice}
        order = list(self.groups)
        links = [claim for claim in rulebook.claims if claim.kind is ClaimKind.LINK]
        self.links = sorted(links, key=lambda link: order.index(link.about))
        self.ranks = [(link.firmness or Firmness.POSSIBLY).rank for link in self.links]
        self.notices = sorted(
            rulebook.notices, key=lambda notice: list(Urgency).index(notice.urgency)
        )
        notices = {notice.id: n for n, notice in enumerate(self.notices)}
        self.effects = list(self._effects(notices))
        stops = {notice.id for notice in rulebook.notices if notice.kind is NoticeKind.STOP}
        self.stopping = {n for n, rule in enumerate(rulebook.rules) if rule.raises in stops}
        self.warning_questions = frozenset(
            question for n in self.stopping for question, _ in helpful(self.rules[n].when)
        )
        self.retired = tuple(
            (one.choice, notices[one.raises]) for one in rulebook.retired if one.raises
        )
        self.retired_stops = sum(
            choice.bit for choice, n in self.retired if self.notices[n].kind is NoticeKind.STOP
        )

    def _effects(self, notices: Mapping[str, int]) -> Iterator[Effect]:
        links = {link.id: n for n, link in enumerate(self.links)}
        for rule in self.rules:
            shows = (rule.shows, rule.for_) if rule.shows else None
            raises = notices[rule.raises] if rule.raises else None
            yield Effect(tuple(links[claim] for claim in rule.cites), raises, shows)

    def assessment(self, fired: Mapping[int, int], ticked: int) -> Assessment:
        """Return what the rules that hold, by number and with their witnesses, lead to.

        Retired choices among the ticks raise their notices too.
        """
        raised: dict[int, int] = {}
        cited: dict[int, int] = {}
        shown: dict[Text, int] = {}
        for number in sorted(fired):
            witness = fired[number]
            cites, raises, shows = self.effects[number]
            for link in cites:
                cited[link] = cited.get(link, 0) | witness
            if raises is not None:
                raised[raises] = raised.get(raises, 0) | witness
            if shows:
                shown[shows] = shown.get(shows, 0) | witness
        for choice, notice in self.retired:
            if ticked & choice.bit:
                raised[notice] = raised.get(notice, 0) | choice.bit
        notices = [RaisedNotice(self.notices[n], self.said(raised[n])) for n in sorted(raised)]
        if stops := tuple([one for one in notices if one.notice.kind is NoticeKind.STOP]):
            return Assessment(stops=stops, cautions=(), findings=(), advice=())
        advice = self._shown(shown)
        findings = self._ranked(cited, advice)
        return Assessment((), tuple(notices), findings, tuple(advice.get(None, ())))

    def said(self, witness: int) -> tuple[Choice, ...]:
        """Return the choices of these bits, in the order of the file."""
        if single := self.single.get(witness):
            return single
        numbers = sorted([self.numbers[key] for key in keys(witness)])
        return tuple([self.choices[number] for number in numbers])

    def _shown(self, shown: Mapping[Text, int]) -> dict[str | None, list[ShownAdvice]]:
        """Return the advice by the muscle group it stands under, or by None."""
        advice: dict[str | None, list[ShownAdvice]] = {}
        for (text, group), witness in shown.items():
            advice.setdefault(group, []).append(ShownAdvice(self.advice[text], self.said(witness)))
        return advice

    def _ranked(
        self, cited: Mapping[int, int], advice: Mapping[str | None, list[ShownAdvice]]
    ) -> tuple[Finding, ...]:
        """Return the findings: most links first, then the firmest link; a tie shares its place."""
        matches: dict[str, list[MatchedClaim]] = {}
        firmest: dict[str, int] = {}
        for number in sorted(cited):
            link, rank = self.links[number], self.ranks[number]
            matches.setdefault(link.about, []).append(MatchedClaim(link, self.said(cited[number])))
            firmest[link.about] = min(rank, firmest.get(link.about, rank))
        tied: dict[tuple[int, int], list[str]] = {}
        for group, found in matches.items():
            tied.setdefault((-len(found), firmest[group]), []).append(group)
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
        case AnswerIs(question=question, choices=choices):
            yield from ((question, choice) for choice in choices)
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from mentions(part)
        case Not(not_=part):
            yield from mentions(part)
        case _:
            assert_never(condition)


def helpful(condition: Condition, *, denied: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the (question, choice) pairs whose tick can make a condition, or its opposite, hold."""
    match condition:
        case AnswerIs():
            yield from () if denied else mentions(condition)
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from helpful(part, denied=denied)
        case Not(not_=part):
            yield from helpful(part, denied=not denied)
        case _:
            assert_never(condition)
