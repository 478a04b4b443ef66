"""Compare two assessments: what is new, what is gone and what stayed the same."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.rulebook.content import MuscleGroup
from questionnaire.rulebook.model import Choice, Question, Rulebook


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The changes in the answers to one question."""

    question: Question
    gone: tuple[Choice, ...]
    stayed: tuple[Choice, ...]
    new: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """Earlier answers and the changes since; `stopped` if they raised a stop notice."""

    earlier: Answers
    stopped: bool
    answers: tuple[AnswerChange, ...]
    groups: tuple[GroupChange, ...]


def compare(rulebook: Rulebook, earlier: Assessment, now: Assessment) -> Comparison:
    """Return what changed from an earlier assessment to the one of now."""
    return Comparison(
        earlier=earlier.answers,
        stopped=bool(earlier.stops),
        answers=_answer_changes(rulebook, earlier.answers.ticked, now.answers.ticked),
        groups=_group_changes(rulebook, _claim_counts(earlier), _claim_counts(now)),
    )


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
    rulebook: Rulebook, before: dict[str, int], now: dict[str, int]
) -> tuple[GroupChange, ...]:
    return tuple(
        GroupChange(group, before.get(group.id, 0), now.get(group.id, 0))
        for group in rulebook.muscle_groups
        if group.id in before or group.id in now
    )


def _claim_counts(assessment: Assessment) -> dict[str, int]:
    return {finding.group.id: len(finding.matches) for finding in assessment.findings}
