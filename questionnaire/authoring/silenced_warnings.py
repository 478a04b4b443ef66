"""Warnings that an author has answered: a comment `# silenced: why` in their line or above it.

A comment moves with its line when the file is edited, which a list of warnings would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from questionnaire.rulebook.yaml_reader import Problem

SILENCED = "silenced"
"""The severity of a warning that a comment answers: it counts as no problem."""

_COMMENT = re.compile(r"(?:^|\s)#\s*silenced:\s*(?P<why>.*)$")


def silence(problems: Iterable[Problem], lines: Sequence[str]) -> Iterator[Problem]:
    """Yield the problems, those warnings as silenced that a comment answers.

    A comment without a reason silences nothing, and one without a warning can go: a warning each.
    """
    comments = {n: found for n, line in enumerate(lines, 1) if (found := _COMMENT.search(line))}
    answered = {_line_meant(n, lines): n for n, found in comments.items() if found["why"]}
    idle = set(answered.values())
    has_errors = False
    for problem in problems:
        has_errors |= problem.severity == "error"
        if problem.severity == "warning" and problem.line in answered:
            idle.discard(answered[problem.line])
            yield replace(problem, severity=SILENCED)
        else:
            yield problem
    for n, found in comments.items():
        column = lines[n - 1].index("#", found.start()) + 1
        if not found["why"]:
            yield Problem(n, column, "say why, after `silenced:`", "warning")
        elif n in idle and not has_errors:  # errors can hide the warning
            yield Problem(n, column, "this silences nothing: take it out", "warning")


def _line_meant(number: int, lines: Sequence[str]) -> int:
    """Return the line that a comment is about: its own, or the next that is no comment."""
    while number < len(lines) and lines[number - 1].lstrip().startswith("#"):
        number += 1
    return number
