"""A runner's answers, the assessment that a rulebook gives of them, and the comparison of two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from questionnaire.rulebook.content import Advice, Claim, MuscleGroup, Notice
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question


@dataclass(frozen=True, slots=True)
class Answers:
    """The choices that one runner ticked, as the sum of their bits, and the day."""

    ticked: int
    day: date


class MatchedClaim(NamedTuple):
    """A claim that counts in a result, with the choices that it rests on."""

    claim: Claim
    choices: tuple[Choice, ...]


class ShownAdvice(NamedTuple):
    """An advice text with the choices that led to it; they are empty if no tick was needed."""

    advice: Advice
    choices: tuple[Choice, ...]


class RaisedNotice(NamedTuple):
    """A notice with the choices that raised it."""

    notice: Notice
    choices: tuple[Choice, ...]


class Finding(NamedTuple):
    """A muscle group with its matched claims; `rank` counts from 1, and ties share it."""

    group: MuscleGroup
    rank: int
    joint_with: tuple[MuscleGroup, ...]
    matches: tuple[MatchedClaim, ...]
    advice: tuple[ShownAdvice, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the choices behind all its matches, each once."""
        return tuple(dict.fromkeys(choice for match in self.matches for choice in match.choices))


class Assessment(NamedTuple):
    """The result of some answers; if there are `stops`, all that follows them is empty."""

    answers: Answers
    stops: tuple[RaisedNotice, ...]
    cautions: tuple[RaisedNotice, ...]
    findings: tuple[Finding, ...]
    advice: tuple[ShownAdvice, ...]

    @property
    def total(self) -> int:
        """Return the number of matched claims."""
        return sum(len(finding.matches) for finding in self.findings)


class AnswerChange(NamedTuple):
    """The changes in the answers to one question, given in words; it may be asked no longer."""

    question: str
    is_asked: bool
    gone: tuple[Choice, ...]
    stayed: tuple[Choice, ...]
    new: tuple[Choice, ...]


class GroupChange(NamedTuple):
    """A muscle group with its number of claims in both assessments; 0 if it is not a finding."""

    group: MuscleGroup
    before: int
    now: int

    @property
    def how(self) -> str:
        """Return in a word how the number changed."""
        if not self.before:
            return "new"
        if not self.now:
            return "gone"
        if self.now == self.before:
            return "same"
        return "more" if self.now > self.before else "fewer"


class Trend(NamedTuple):
    """A question whose answers go from best to worst, with the answers of both times."""

    question: Question
    before: Choice
    now: Choice

    @property
    def how(self) -> str:
        """Return in a word how the answer changed."""
        before, now = map(self.question.choices.index, (self.before, self.now))
        if now == before:
            return "same"
        return "better" if now < before else "worse"


class Comparison(NamedTuple):
    """Earlier answers and the changes since; `stopped` if they raised a stop notice.

    `gone` and `new` are what was ticked in lists; a reworded answer is neither.
    """

    earlier: Answers
    same_answers: bool
    stopped: bool
    gone: tuple[Choice, ...]
    new: tuple[Choice, ...]
    trends: tuple[Trend, ...]
    answers: tuple[AnswerChange, ...]
    groups: tuple[GroupChange, ...]


def compare(rulebook: Rulebook, earlier: Assessment, now: Assessment) -> Comparison:
    """Return what changed from an earlier assessment to the one of now."""
    before, after = earlier.answers.ticked, now.answers.ticked
    return Comparison(
        earlier.answers,
        same_answers=before == after,
        stopped=bool(earlier.stops),
        gone=_only_in(rulebook, before, after),
        new=_only_in(rulebook, after, before),
        trends=_trends(rulebook, before, after),
        answers=_answer_changes(rulebook, before, after)
        + _retired_changes(rulebook, before, after),
        groups=_group_changes(rulebook, earlier, now),
    )


def _only_in(rulebook: Rulebook, ticked: int, others: int) -> tuple[Choice, ...]:
    """Return what is ticked in lists and not among other answers, in old words or in new ones."""
    meant = others | rulebook.counterparts(others)
    lists = (question for question in rulebook.questions if question.pick == "several")
    choices = [c for q in lists for c in q.choices_in(ticked & ~meant & ~q.exclusive_bit)]
    retired = rulebook.retired_in(ticked & ~others)
    choices += [r.choice for r in retired if not rulebook.counterparts(r.choice.bit) & meant]
    return tuple(choices)


def _trends(rulebook: Rulebook, before: int, now: int) -> tuple[Trend, ...]:
    """Return the questions that tell better from worse and were answered both times."""
    ordered = [question for question in rulebook.questions if question.best_first]
    answers = [(q, q.choices_in(before), q.choices_in(now)) for q in ordered]
    return tuple(
        Trend(question, *earlier, *later)
        for question, earlier, later in answers
        if earlier and later
    )


def _answer_changes(rulebook: Rulebook, before: int, now: int) -> tuple[AnswerChange, ...]:
    """Return the changes of each question in which something was ticked before or is now."""
    return tuple(
        AnswerChange(
            question.text,
            is_asked=True,
            gone=question.choices_in(before & ~now),
            stayed=question.choices_in(before & now),
            new=question.choices_in(now & ~before),
        )
        for question in rulebook.questions
        if (before | now) & question.bits
    )


def _retired_changes(rulebook: Rulebook, before: int, now: int) -> tuple[AnswerChange, ...]:
    """Return the changes of the answers that are no longer asked, by their question."""
    retired = rulebook.retired_in(before | now)
    return tuple(
        AnswerChange(
            question,
            is_asked=False,
            gone=_retired_choices(rulebook, question, before & ~now),
            stayed=_retired_choices(rulebook, question, before & now),
            new=_retired_choices(rulebook, question, now & ~before),
        )
        for question in dict.fromkeys(one.question for one in retired)
    )


def _retired_choices(rulebook: Rulebook, question: str, ticked: int) -> tuple[Choice, ...]:
    retired = rulebook.retired_in(ticked)
    return tuple(one.choice for one in retired if one.question == question)


def _group_changes(
    rulebook: Rulebook, earlier: Assessment, now: Assessment
) -> tuple[GroupChange, ...]:
    counts = [
        {finding.group.id: len(finding.matches) for finding in assessment.findings}
        for assessment in (earlier, now)
    ]
    changes = (
        GroupChange(group, *(count.get(group.id, 0) for count in counts))
        for group in rulebook.muscle_groups
    )
    return tuple(change for change in changes if change.before or change.now)
