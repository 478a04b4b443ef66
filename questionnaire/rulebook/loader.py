"""rules.yaml, read and checked: every problem at once, each with its line and its remedy."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from questionnaire.rulebook import structure
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.references import References
from questionnaire.rulebook.yaml_reader import Problem, Source, Steps, read
from questionnaire.text import printable

_STAND_IN = {
    "id": "x",
    "title": "x",
    "subtitle": "x",
    "article": {
        "title": "x",
        "site": "x",
        "link": "https://x",
        "published": 2000,
        "updated": "2000-01-01",
    },
}
"""Stands in for what is wrong at the top of a file, so that the rest can still be checked."""


class RulebookError(ValueError):
    """A rulebook cannot be used; the message lists every problem with its file and line."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by their place in the file."""
        self.path = path
        self.problems = sorted(set(problems))
        super().__init__("\n".join(describe(path, problem) for problem in self.problems))


def describe(path: Path, problem: Problem) -> str:
    """Return a problem as one line that an editor can jump to."""
    place = f"{path}:{problem.line}:{problem.column}"
    return f"{place}: {problem.severity}: {printable(problem.message)}"


def load(path: Path) -> Rulebook:
    """Return the rulebook in a file, without a look at its logic.

    Raises RulebookError, with every problem found, if it cannot be read or is not valid.
    """
    source, rulebook = opened(path)
    if rulebook is None or source.errors:
        raise RulebookError(path, source.errors)
    return rulebook


def opened(path: Path) -> tuple[Source, Rulebook | None]:
    """Return what stands in a file, its problems of form and reference, and the rulebook."""
    try:
        source = read(path)
    except OSError as error:
        remedy = "correct FLASK_RULES or the path that you gave, or let it be read"
        told = f"the file cannot be read: {error.strerror}: {remedy}"
        source = Source(problems=[Problem(1, 1, told)])
    return source, check(source)


def check(source: Source) -> Rulebook | None:
    """Return the rulebook in a source, or None if any of it is wrong; report all problems to it.

    Entries with a wrong structure are checked no further, so that one mistake hides no other.
    """
    if source.data is None:
        if not source.errors:
            source.report((), "the file is empty")
        return None
    rulebook = None
    try:
        rulebook = Rulebook.model_validate(source.data)
        _check_references(source, rulebook, set())
    except ValidationError as error:
        _check_without_wrong_entries(source, error.errors(include_url=False))
    source.drop_warnings_at_errors()
    return None if source.errors else rulebook


def _check_without_wrong_entries(source: Source, wrong: list[Any]) -> None:
    """Report what is wrong with the structure, and what refers wrongly among the other entries."""
    unread = {(problem.line, problem.column) for problem in source.errors}
    for one in wrong:
        if source.place(one["loc"]) not in unread:
            structure.report(source, one)
    if not source.errors:  # whatever is left out is an error, even if nothing can tell why
        source.report(wrong[0]["loc"], "this cannot be read")
    left_out: set[Steps] = {one["loc"][:2] for one in wrong}
    with contextlib.suppress(ValidationError):  # too little is left to go on
        rulebook = Rulebook.model_validate(_STAND_IN | _without(source.data, left_out))
        _check_references(source, rulebook, left_out)


def _check_references(source: Source, rulebook: Rulebook, left_out: set[Steps]) -> None:
    for steps, message in References(rulebook, source.data, left_out).problems():
        source.report(steps, message)


def _without(data: Any, left_out: set[Steps]) -> dict[str, object]:
    """Return the data of the file without the entries that are left out."""
    return {
        section: [one for n, one in enumerate(entries) if (section, n) not in left_out]
        if isinstance(entries, list)
        else entries
        for section, entries in (data.items() if isinstance(data, dict) else ())
        if (section,) not in left_out
    }
