"""The rule engine: from answers to an assessment with its reasons.

A rulebook is compiled once, and then only the rules that the answers can trigger are tried. Each
fired rule keeps the choices that satisfied it, so the page can say why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from questionnaire.engine.assessment import (
    Answers,
    Assessment,
    Finding,
    MatchedClaim,
    RaisedNotice,
    ShownAdvice,
)
from questionnaire.engine.conditions import (
    RuleIndex,
    compile_condition,
    keys_of,
    supporting_choices,
)
from questionnaire.rulebook.content import ClaimKind, Firmness, NoticeKind, Urgency
from questionnaire.rulebook.model import Choice, Rulebook
from questionnaire.rulebook.rule import Rule

AdviceSlot = tuple[str, str | None]
"""The id of an advice, and of the muscle group that it stands under, or None."""


def assess(rulebook: Rulebook, answers: Answers) -> Assessment:
    """Return all notices, findings and advice for some answers, with their reasons."""
    fired = _fired(rulebook, answers.ticked)
    return compile_rulebook(rulebook).assessment(fired, answers)


def has_stop(rulebook: Rulebook, ticked: int) -> bool:
    """Return True if these ticks raise a stop notice."""
    compiled = compile_rulebook(rulebook)
    if ticked & compiled.retired_stops:
        return True
    return not compiled.stop_rules.isdisjoint(_fired(rulebook, ticked))


def ticks_that_count(rulebook: Rulebook, ticked: int) -> int:
    """Return all ticks if they raise a stop notice, else those of questions that were asked.

    A warning sign must not be lost because another answer closed its question.
    """
    return ticked if has_stop(rulebook, ticked) else rulebook.drop_unasked(ticked)


def warning_questions(rulebook: Rulebook) -> frozenset[str]:
    """Return the ids of the questions in which a tick can raise a stop notice."""
    return compile_rulebook(rulebook).warning_questions


def fired_rules(rulebook: Rulebook, answers: Answers) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """Return the fired rules in the order of the file, each with the choices that satisfied it."""
    compiled, fired = compile_rulebook(rulebook), _fired(rulebook, answers.ticked)
    return [(compiled.rules[number], compiled.choices(fired[number])) for number in sorted(fired)]


def _fired(rulebook: Rulebook, ticked: int) -> dict[int, int]:
    """Return the fired rules by number, each with the ticked bits that are its reasons.

    Rules see only the ticks of questions that were asked, but a rule that raises a stop notice
    sees every tick. They see a retired choice as the one that it counts as, which is no reason.
    """
    compiled, seen = compile_rulebook(rulebook), ticked | rulebook.counterparts(ticked)
    asked = rulebook.drop_unasked(seen)
    fired = compiled.index.fire(asked & rulebook.bits)
    if asked != seen:
        by_all_ticks = compiled.index.fire(seen & rulebook.bits)
        stops = by_all_ticks.keys() & compiled.stop_rules
        fired |= {number: by_all_ticks[number] for number in stops}
    if seen != ticked:
        return {number: reasons & ticked for number, reasons in fired.items()}
    return fired


class Effects(NamedTuple):
    """The effects of a rule: the numbers of its links and of its notice, and its advice."""

    cites: tuple[int, ...]
    raises: int | None
    shows: AdviceSlot | None


class CompiledRulebook:
    """A rulebook prepared for many assessments: rules, links and notices go by number."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Index the rules, and number links and notices in the order of a result."""
        self.rules = rulebook.rules
        self.groups = {group.id: group for group in rulebook.muscle_groups}
        self.advice = {advice.id: advice for advice in rulebook.advice}
        self._prepare_choices(rulebook)
        self._prepare_links(rulebook)
        self._prepare_notices(rulebook)
        self.effects = list(self._effects())

    def _prepare_choices(self, rulebook: Rulebook) -> None:
        choices = {(q.id, choice.id): choice for q in rulebook.questions for choice in q.choices}
        self.index = RuleIndex(compile_condition(rule.when, choices) for rule in self.rules)
        self.all_choices = (*choices.values(), *(one.choice for one in rulebook.retired))
        self.positions = {choice.key: n for n, choice in enumerate(self.all_choices)}
        self.single_choices = {choice.bit: (choice,) for choice in self.all_choices}

    def _prepare_links(self, rulebook: Rulebook) -> None:
        groups = list(self.groups)
        links = [claim for claim in rulebook.claims if claim.kind is ClaimKind.LINK]
        self.links = sorted(links, key=lambda link: groups.index(link.about))
        self.firmness_ranks = [(link.firmness or Firmness.POSSIBLY).rank for link in self.links]

    def _prepare_notices(self, rulebook: Rulebook) -> None:
        """Sort the notices, the most urgent first, and note what raises a stop notice."""
        urgencies = list(Urgency)
        self.notices = sorted(rulebook.notices, key=lambda one: urgencies.index(one.urgency))
        numbers = {notice.id: number for number, notice in enumerate(self.notices)}
        self.notice_numbers = numbers
        stops = {notice.id for notice in self.notices if notice.kind is NoticeKind.STOP}
        self.stop_rules = {n for n, rule in enumerate(self.rules) if rule.raises in stops}
        self.warning_questions = frozenset(
            question
            for number in self.stop_rules
            for question, _ in supporting_choices(self.rules[number].when)
        )
        raising = [(one.choice, one.raises) for one in rulebook.retired if one.raises]
        self.retired = tuple((choice, numbers[notice]) for choice, notice in raising)
        self.retired_stops = sum(choice.bit for choice, notice in raising if notice in stops)

    def _effects(self) -> Iterator[Effects]:
        links = {link.id: number for number, link in enumerate(self.links)}
        for rule in self.rules:
            shows = (rule.shows, rule.for_) if rule.shows else None
            raises = self.notice_numbers[rule.raises] if rule.raises else None
            yield Effects(tuple(links[claim] for claim in rule.cites), raises, shows)

    def assessment(self, fired: Mapping[int, int], answers: Answers) -> Assessment:
        """Return the assessment that follows from fired rules, given by number with their reasons.

        Retired choices among the answers raise their notices too.
        """
        cited: dict[int, int] = {}
        raised: dict[int, int] = {}
        shown: dict[AdviceSlot, int] = {}
        for number in sorted(fired):
            reasons = fired[number]
            cites, raises, shows = self.effects[number]
            for link in cites:
                cited[link] = cited.get(link, 0) | reasons
            if raises is not None:
                raised[raises] = raised.get(raises, 0) | reasons
            if shows:
                shown[shows] = shown.get(shows, 0) | reasons
        for choice, notice in self.retired:
            if answers.ticked & choice.bit:
                raised[notice] = raised.get(notice, 0) | choice.bit
        notices = [RaisedNotice(self.notices[n], self.choices(raised[n])) for n in sorted(raised)]
        if stops := tuple([one for one in notices if one.notice.kind is NoticeKind.STOP]):
            return Assessment(answers, stops, cautions=(), findings=(), advice=())
        advice = self._advice_by_group(shown)
        findings = self._findings(cited, advice)
        texts = tuple(advice.get(None, ()))
        return Assessment(answers, (), tuple(notices), findings, texts)

    def choices(self, reasons: int) -> tuple[Choice, ...]:
        """Return the choices with these bits, in the order of the file."""
        if single := self.single_choices.get(reasons):
            return single
        positions = sorted([self.positions[key] for key in keys_of(reasons)])
        return tuple([self.all_choices[position] for position in positions])

    def _advice_by_group(
        self, shown: Mapping[AdviceSlot, int]
    ) -> dict[str | None, list[ShownAdvice]]:
        """Return the advice by the muscle group that it stands under, or None."""
        by_group: dict[str | None, list[ShownAdvice]] = {}
        for (name, group), reasons in shown.items():
            advice = ShownAdvice(self.advice[name], self.choices(reasons))
            by_group.setdefault(group, []).append(advice)
        return by_group

    def _findings(
        self, cited: Mapping[int, int], advice: Mapping[str | None, list[ShownAdvice]]
    ) -> tuple[Finding, ...]:
        """Return the findings: most links first, then the firmest link; ties share a rank."""
        matches: dict[str, list[MatchedClaim]] = {}
        firmest: dict[str, int] = {}
        for number in sorted(cited):
            link, firmness = self.links[number], self.firmness_ranks[number]
            match = MatchedClaim(link, self.choices(cited[number]))
            matches.setdefault(link.about, []).append(match)
            firmest[link.about] = min(firmness, firmest.get(link.about, firmness))
        tied: dict[tuple[int, int], list[str]] = {}
        for group, claims in matches.items():
            tied.setdefault((-len(claims), firmest[group]), []).append(group)
        findings: list[Finding] = []
        for standing in sorted(tied):
            rank = len(findings) + 1
            for group in tied[standing]:
                joint = tuple([self.groups[other] for other in tied[standing] if other != group])
                texts = tuple(advice.get(group, ()))
                findings.append(
                    Finding(self.groups[group], rank, joint, tuple(matches[group]), texts)
                )
        return tuple(findings)


@lru_cache(maxsize=16)
def compile_rulebook(rulebook: Rulebook) -> CompiledRulebook:
    """Return the compiled rulebook, cached for the next call with the same rulebook."""
    return CompiledRulebook(rulebook)
