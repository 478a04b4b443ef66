"""The rule engine: from answers to an assessment with its reasons.

A rulebook is compiled once, and then only the rules that the answers can trigger are tried. Each
effect of a fired rule keeps the choices that satisfied the rule, so the page can say why.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from questionnaire.engine.assessment import (
    Answers,
    Assessment,
    Finding,
    MatchedClaim,
    RaisedNotice,
    ShownAdvice,
)
from questionnaire.engine.conditions import (
    Clause,
    CompiledCondition,
    RuleIndex,
    compile_condition,
    keys_of,
    supporting_choices,
)
from questionnaire.rulebook.content import Firmness, NoticeKind, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice
from questionnaire.rulebook.rule import Rule


def assess(rulebook: Rulebook, answers: Answers) -> Assessment:
    """Return all notices, findings and advice for some answers, with their reasons."""
    compiled = compile_rulebook(rulebook)
    fired = compiled.fire(compiled.index, compiled.stops, answers.ticked)
    return compiled.assessment(fired, answers)


def has_stop(rulebook: Rulebook, ticked: int) -> bool:
    """Return True if these ticks raise a stop notice."""
    compiled = compile_rulebook(rulebook)
    fired = compiled.fire(compiled.index, compiled.stops, ticked)
    return any(effect in compiled.stops for effect in fired)


def ticks_that_count(rulebook: Rulebook, ticked: int) -> int:
    """Return all ticks if they raise a stop notice, else those of questions that were asked.

    A warning sign must not be lost because another answer closed its question.
    """
    return ticked if has_stop(rulebook, ticked) else rulebook.drop_unasked(ticked)


@lru_cache(maxsize=16)
def warning_questions(rulebook: Rulebook) -> frozenset[str]:
    """Return the ids of the questions in which a tick can raise a stop notice."""
    compiled = compile_rulebook(rulebook)
    conditions = [rulebook.rules[number].when for number in compiled.stop_rules]
    return frozenset(name for when in conditions for name, _ in supporting_choices(when))


def overruled_choices(rulebook: Rulebook, ticked: int) -> list[Choice]:
    """Return the ticked choices that deny a warning sign which is ticked as well.

    They are exclusive choices, and the answers after which its question would not be asked.
    """
    overruled: list[Choice] = []
    for question in rulebook.questions:
        if question.id not in warning_questions(rulebook) or not ticked & question.bits:
            continue
        if question.contradicts(ticked):
            overruled += question.choices_in(ticked & question.exclusive_bit)
        if question.asked_if and not rulebook.is_asked(question, ticked):
            overruled += rulebook.question(question.asked_if.question).choices_in(ticked)
    return overruled


def fired_rules(rulebook: Rulebook, answers: Answers) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """Return the fired rules in the order of the file, each with the choices that satisfied it."""
    compiled = compile_rulebook(rulebook)
    index = RuleIndex(enumerate(compiled.conditions))
    fired = compiled.fire(index, compiled.stop_rules, answers.ticked)
    return [(rulebook.rules[number], compiled.choices(fired[number])) for number in sorted(fired)]


AdviceSlot = tuple[str, str | None]
"""The id of an advice, and of the muscle group that it stands under, or None."""


class CompiledRulebook:
    """A rulebook prepared for many assessments: what its rules bring about goes by number.

    These effects are numbered in the order of a result: stop notices, cautions, links by muscle
    group, and then advice, where each rule that shows some has a number of its own.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        """Give each effect its number, and index them by the choices that can trigger them."""
        self.rulebook = rulebook
        self._prepare_choices()
        self._sort_notices()
        self._sort_links()
        self.first_advice = self.first_link + len(self.links)
        self.advice = {advice.id: advice for advice in rulebook.advice}
        self.slots: dict[int, AdviceSlot] = {
            number: (rule.shows, rule.for_)
            for number, rule in enumerate(rulebook.rules, self.first_advice)
            if rule.shows
        }
        self.effects = [self._effects(n, rule) for n, rule in enumerate(rulebook.rules)]
        self.stop_rules = {n for n, effects in enumerate(self.effects) if effects[0] in self.stops}
        self.index = RuleIndex(self._conditions_of_effects())

    def _prepare_choices(self) -> None:
        rulebook = self.rulebook
        self.conditions = [compile_condition(rule.when, rulebook) for rule in rulebook.rules]
        self.all_choices = [
            *rulebook.choices.values(),
            *(retired.choice for retired in self.rulebook.retired),
        ]
        self.positions = {choice.key: n for n, choice in enumerate(self.all_choices)}
        self.single_choices = {choice.bit: (choice,) for choice in self.all_choices}
        self.retired_bits = self.rulebook.retired_bits

    def _sort_notices(self) -> None:
        """Sort the notices: those that stop come first, then the most urgent."""
        urgencies, notices = list(Urgency), self.rulebook.notices
        by_urgency = sorted(notices, key=lambda notice: urgencies.index(notice.urgency))
        self.notices = sorted(by_urgency, key=lambda notice: notice.kind is not NoticeKind.STOP)
        self.notice_numbers = {notice.id: n for n, notice in enumerate(self.notices)}
        self.first_caution = sum(notice.kind is NoticeKind.STOP for notice in self.notices)
        self.stops = range(self.first_caution)

    def _sort_links(self) -> None:
        """Sort the links by muscle group, each with the number of its group and its firmness."""
        self.groups = self.rulebook.muscle_groups
        links = [
            (link, number, (link.firmness or Firmness.POSSIBLY).rank)
            for number, group in enumerate(self.groups)
            for link in self.rulebook.links_about(group)
        ]
        self.first_link = len(self.notices)
        self.links = dict(enumerate(links, self.first_link))
        self.link_numbers = {link.id: n for n, (link, _, _) in self.links.items()}

    def _effects(self, number: int, rule: Rule) -> list[int]:
        """Return the numbers of the effects of a rule."""
        if rule.raises:
            return [self.notice_numbers[rule.raises]]
        if rule.shows:
            return [self.first_advice + number]
        return [self.link_numbers[claim] for claim in rule.cites]

    def _conditions_of_effects(self) -> Iterator[tuple[int, CompiledCondition]]:
        """Yield the effects with their conditions; a retired choice can raise a notice too."""
        for effects, condition in zip(self.effects, self.conditions, strict=True):
            yield from ((effect, condition) for effect in effects)
        for retired in self.rulebook.retired:
            if retired.raises:
                yield self.notice_numbers[retired.raises], (Clause(needs=(retired.choice.bit,)),)

    def fire(self, index: RuleIndex, stops: Container[int], ticked: int) -> dict[int, int]:
        """Return the numbers that fire in an index, each with the ticks that are its reasons.

        Rules see only the ticks of questions that were asked, but a rule that raises a stop notice
        sees every tick. They see a retired choice as the one that it counts as, which is no reason.
        """
        seen = ticked
        if ticked & self.retired_bits:
            seen |= self.rulebook.counterparts(ticked)
        asked = self.rulebook.drop_unasked(seen)
        fired = index.fire(asked)
        if asked != seen:
            for number, reasons in index.fire(seen).items():
                if number in stops:
                    fired[number] = fired.get(number, 0) | reasons
        if seen != ticked:
            return {number: reasons & ticked for number, reasons in fired.items()}
        return fired

    def assessment(self, fired: Mapping[int, int], answers: Answers) -> Assessment:
        """Return the assessment that follows from effects, each given with its reasons."""
        stops: list[RaisedNotice] = []
        cautions: list[RaisedNotice] = []
        links: list[int] = []
        shown: dict[AdviceSlot, int] = {}
        for number in sorted(fired):
            if number >= self.first_advice:
                slot = self.slots[number]
                shown[slot] = shown.get(slot, 0) | fired[number]
            elif number >= self.first_link:
                links.append(number)
            else:
                notices = cautions if number >= self.first_caution else stops
                notices.append(RaisedNotice(self.notices[number], self.choices(fired[number])))
        if stops:
            return Assessment(answers, tuple(stops), cautions=(), findings=(), advice=())
        advice = self._advice_by_group(shown)
        findings = self._findings(links, fired, advice)
        return Assessment(answers, (), tuple(cautions), findings, tuple(advice.get(None, ())))

    def choices(self, reasons: int) -> tuple[Choice, ...]:
        """Return the choices with these bits, in the order of the file."""
        if reasons in self.single_choices:
            return self.single_choices[reasons]
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
        self,
        links: list[int],
        fired: Mapping[int, int],
        advice: Mapping[str | None, list[ShownAdvice]],
    ) -> tuple[Finding, ...]:
        """Return the findings: most links first, then the firmest link; ties share a rank."""
        matches: dict[int, list[MatchedClaim]] = {}
        firmest: dict[int, int] = {}
        for number in links:
            link, group, firmness = self.links[number]
            match = MatchedClaim(link, self.choices(fired[number]))
            if group not in matches:
                matches[group], firmest[group] = [match], firmness
                continue
            matches[group].append(match)
            if firmness < firmest[group]:
                firmest[group] = firmness
        ties: dict[tuple[int, int], list[int]] = {}
        for group, claims in matches.items():
            ties.setdefault((-len(claims), firmest[group]), []).append(group)
        findings: list[Finding] = []
        for _, tie in sorted(ties.items()):
            rank = len(findings) + 1
            for number in tie:
                joint = tuple([self.groups[other] for other in tie if other != number])
                texts = tuple(advice.get(self.groups[number].id, ()))
                findings.append(
                    Finding(self.groups[number], rank, joint, tuple(matches[number]), texts)
                )
        return tuple(findings)


@lru_cache(maxsize=16)
def compile_rulebook(rulebook: Rulebook) -> CompiledRulebook:
    """Return the compiled rulebook, cached for the next call with the same rulebook."""
    return CompiledRulebook(rulebook)
