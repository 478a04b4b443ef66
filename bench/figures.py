"""A figure: two measurements of each round, compared, with the goal of the comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import sub, truediv
from statistics import median

REACHED, SHORT, MISSING = "reached", "falls short", "missing"
Comparison = Callable[[float, float], float]


def over(ours: float, theirs: float) -> float:
    """Return how many times ours theirs is."""
    return theirs / ours


SIGNS = {truediv: "x", over: "x", sub: ""}
"""What follows a ratio and a difference."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must not exceed, or must at least reach."""

    limit: float
    at_least: bool = False

    def reached(self, score: float) -> bool:
        """Return True if this is good enough."""
        return score >= self.limit if self.at_least else score <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """Two measurements of each round, compared; `missing` says what would bring them."""

    what: str
    unit: str
    ours: Sequence[float] = ()
    theirs: Sequence[float] = ()
    goal: Goal | None = None
    compare: Comparison = truediv
    missing: str = ""

    @property
    def scores(self) -> list[float]:
        """Return the comparison of each round."""
        return list(map(self.compare, self.ours, self.theirs))

    @property
    def verdict(self) -> str:
        """Return what to say of the figure and its goal, which every round must reach."""
        if self.missing:
            return MISSING
        if self.goal is None:
            return ""
        return REACHED if all(map(self.goal.reached, self.scores)) else SHORT

    @property
    def compared(self) -> str:
        """Return the median of the comparisons with the lowest and the highest."""
        return spread(self.scores, SIGNS.get(self.compare) or f" {self.unit}")

    @property
    def wanted(self) -> str:
        """Return the goal as text."""
        if self.goal is None:
            return ""
        sign = SIGNS.get(self.compare) or f" {self.unit}"
        return f"{self.goal.limit:g}{sign} or {'more' if self.goal.at_least else 'less'}"


def number(value: float) -> str:
    """Return a number with about three digits."""
    return f"{value:,.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def spread(values: Sequence[float], unit: str) -> str:
    """Return the median with the lowest and the highest round."""
    low, high = number(min(values)), number(max(values))
    return f"{number(median(values))}{unit} ({low} to {high})"
