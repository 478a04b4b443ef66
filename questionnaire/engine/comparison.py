"""Two results side by side: what is new, what is gone and what stayed."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Choice, MuscleGroup, Question, Rulebook


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What changed in the answers to one question."""

    question: Question
    gone: tuple[Choice, ...]
    stayed: tuple[Choice, ...]
    new: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A muscle group with its number of statements in both results; 0 if it is not named."""

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
    """An earlier result and what changed since."""

    earlier: Answers
    stopped: bool
    answers: tuple[AnswerChange, ...]
    groups: tuple[GroupChange, ...]


def compare(rulebook: Rulebook, earlier: Answers, now: Answers) -> Comparison:
    """Return what changed from the earlier answers to those of now."""
    before, after = earlier.ticked, now.ticked
    changes = (
        AnswerChange(
            question,
            gone=question.choices_in(before & ~after),
            stayed=question.choices_in(before & after),
            new=question.choices_in(after & ~before),
        )
        for question in rulebook.questions
    )
    then = assess(rulebook, earlier)
    counted, counts = _counts(then), _counts(assess(rulebook, now))
    return Comparison(
        earlier=earlier,
        stopped=bool(then.stops),
        answers=tuple(one for one in changes if one.gone or one.stayed or one.new),
        groups=tuple(
            GroupChange(group, counted.get(group.id, 0), counts.get(group.id, 0))
            for group in rulebook.muscle_groups
            if group.id in counted or group.id in counts
        ),
    )


def _counts(assessment: Assessment) -> dict[str, int]:
    return {finding.group.id: len(finding.matches) for finding in assessment.findings}
