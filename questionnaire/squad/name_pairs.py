"""Which name belongs to which link: all pair off in one direction, or none gets a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


def name_beside(
    gaps: Sequence[str], before: Sequence[str | None], after: Sequence[str | None]
) -> str | None:
    """Return the name before the only link of a line, or after it, if that is not in doubt."""
    if before[0] and after[1] and gaps[0].rstrip().endswith((",", ";", "|", ")")):
        return None  # a list of names after links, of which the first link was cut off
    return before[0] or after[1]


def names_of_run(
    before: Sequence[str | None], after: Sequence[str | None]
) -> list[str | None] | None:
    """Return the name of each of several links in a line, or None if they do not pair off.

    Both lists have an entry for the text before each link and one for the text after the last:
    `before` the name in it for the link that follows, `after` that for the link it follows.
    """
    if all(before[:-1]) and not after[-1]:
        return list(before[:-1])
    if all(after[1:]) and not before[0]:
        return list(after[1:])
    return None


_MOST_LINES = 2_000
"""More names and links than a squad has: to look at each of them would take long."""


@dataclass(slots=True)
class PairedLines(Generic[T]):
    """Names and links that stand on lines of their own, to be paired off with each other."""

    _lines: list[str | T] = field(default_factory=list)
    _possible: bool = True

    def add(self, line: str | T) -> None:
        """Add a line that is a name, or a link without a name on its line."""
        self._lines.append(line)
        self._possible &= len(self._lines) <= _MOST_LINES

    @property
    def is_possible(self) -> bool:
        """Return True if there may still be pairs."""
        return self._possible

    def add_barrier(self) -> None:
        """Add a line that has both: no name leads past it to a link."""
        self._possible &= len(self._lines) % 2 == 0

    def pairs(self) -> Iterator[tuple[T, str]]:
        """Yield each link with the name above it, or each with the one below, or nothing."""
        if not self._lines:
            return
        firsts, seconds = self._lines[::2], self._lines[1::2]
        if not self._possible or len(firsts) != len(seconds):
            return
        lines = list(zip(firsts, seconds, strict=True))
        above = [(link, name) for name, link in lines if isinstance(name, str)]
        below = [(link, name) for link, name in lines if isinstance(name, str)]
        for pairs in (above, below):
            if len(pairs) == len(lines):
                yield from ((link, name) for link, name in pairs if not isinstance(link, str))
