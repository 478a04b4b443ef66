"""What a runner answers, and what a rulebook says to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from questionnaire.rulebook.model import Advice, Choice, Claim, MuscleGroup, Notice


@dataclass(frozen=True, slots=True)
class Answers:
    """What one runner ticked, as the sum of the choices' bits, and the day of it."""

    ticked: int
    day: date


class Match(NamedTuple):
    """A claim that counts, with the answers that matched it."""

    claim: Claim
    said: tuple[Choice, ...]


class Shown(NamedTuple):
    """An advice text with the answers that brought it up (none if it needed none)."""

    advice: Advice
    said: tuple[Choice, ...]


class Raised(NamedTuple):
    """A notice with the answers that raised it."""

    notice: Notice
    said: tuple[Choice, ...]


class Finding(NamedTuple):
    """A muscle group with the claims matched; `place` counts from 1 and ties share it."""

    group: MuscleGroup
    place: int
    joint_with: tuple[MuscleGroup, ...]
    matches: tuple[Match, ...]
    advice: tuple[Shown, ...]


class Assessment(NamedTuple):
    """What the rulebook says to one set of answers; with `stops` there is nothing else."""

    stops: tuple[Raised, ...]
    cautions: tuple[Raised, ...]
    findings: tuple[Finding, ...]
    advice: tuple[Shown, ...]

    @property
    def total(self) -> int:
        """Return how many statements of the article match."""
        return sum(len(finding.matches) for finding in self.findings)
