"""A runner's answers, and the assessment that a rulebook gives of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from questionnaire.rulebook.content import Advice, Claim, MuscleGroup, Notice
from questionnaire.rulebook.model import Choice


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
