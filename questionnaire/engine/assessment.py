"""A runner's answers, the assessment that a rulebook gives of them, and the comparison of two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from questionnaire.rulebook.content import Advice, Claim, MuscleGroup, Notice
from questionnaire.rulebook.model import Choice, Question, Rulebook


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
    """The changes in the answers to one question."""

    question: Question
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


class Comparison(NamedTuple):
    """Earlier answers and the changes since; `stopped` if they raised a stop notice."""

    earlier: Answers
    stopped: bool
    answers: tuple[AnswerChange, ...]
    groups: tuple[GroupChange, ...]


def compare(rulebook: Rulebook, earlier: Assessment, now: Assessment) -> Comparison:
    """Return what changed from an earlier assessment to the one of now."""
    answers = _answer_changes(rulebook, earlier.answers.ticked, now.answers.ticked)
    groups = _group_changes(rulebook, earlier, now)
    return Comparison(earlier.answers, bool(earlier.stops), answers, groups)


def _answer_changes(rulebook: Rulebook, before: int, now: int) -> tuple[AnswerChange, ...]:
    """Return the changes of each question in which something was ticked before or is now."""
    return tuple(
        AnswerChange(
            question,
            gone=question.choices_in(before & ~now),
            stayed=question.choices_in(before & now),
            new=question.choices_in(now & ~before),
        )
        for question in rulebook.questions
        if (before | now) & question.bits
    )


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
