"""Load rules.yaml: a Rulebook, or every problem at once with its line and its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from questionnaire.rulebook.messages import misnamed_keys, report_error, without_consequences
from questionnaire.rulebook.missing_headings import report_missing_heading
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.references import References
from questionnaire.rulebook.suggestions import FEW, listed
from questionnaire.rulebook.yaml_reader import Problem, YamlDocument, YamlPath, parse_yaml
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
"""Replaces what is wrong at the top of a file, so that the rest can still be checked."""


class RulebookError(ValueError):
    """A rulebook cannot be used; the message lists every problem with its file and line."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by their position in the file."""
        self.path = path
        self.problems = sorted(set(problems))
        super().__init__("\n".join(format_problem(path, problem) for problem in self.problems))


def format_problem(path: Path, problem: Problem) -> str:
    """Return a problem as one line that an editor can jump to."""
    position = f"{path}:{problem.line}:{problem.column}"
    return f"{position}: {problem.severity}: {printable(problem.message)}"


def load_rulebook(path: Path) -> Rulebook:
    """Return the rulebook in a file, its logic unchecked; raise RulebookError if it is wrong."""
    document, rulebook = read_rulebook(path)
    if rulebook is None:
        raise RulebookError(path, document.errors)
    return rulebook


def read_rulebook(path: Path) -> tuple[YamlDocument, Rulebook | None]:
    """Return a file with its problems, and the rulebook in it or None if there are errors."""
    document = read_document(path)
    return document, validate(document)


def read_document(path: Path) -> YamlDocument:
    """Return the data of a file, and what is wrong with it as YAML or keeps it from being read."""
    try:
        return parse_yaml(path.read_bytes())
    except OSError as error:
        document = YamlDocument()
        document.report((), f"the file cannot be read: {_why_unreadable(path, error)}")
        return document


def _why_unreadable(path: Path, error: OSError) -> str:
    """Return why a file cannot be read and what to do, with the rulebooks that are near."""
    if path.is_dir():  # for Windows that is "Permission denied"
        return f"this is a folder: name a file in it{_rulebooks_in(path)}"
    remedy = "correct FLASK_RULES or the path that you gave"
    if isinstance(error, FileNotFoundError):
        return f"{error.strerror}: {remedy}{_rulebooks_in(path.parent)}"
    return f"{error.strerror}: {remedy}, or let it be read"


def _rulebooks_in(folder: Path) -> str:
    """Return the rulebooks of a folder to choose from, or nothing if it has none or many."""
    try:
        names = sorted(path.name for path in folder.iterdir() if ".y" in path.name)
    except OSError:
        return ""
    return f"; there is {' and '.join(names)}" if 0 < len(names) <= FEW else ""


def validate(document: YamlDocument) -> Rulebook | None:
    """Return the rulebook in a document, or None; report every error of structure or reference."""
    if document.data is None:
        if not document.errors:
            document.report((), "the file is empty")
        return None
    if not document.errors and report_missing_heading(document):
        return None
    left_out: set[YamlPath] = set()
    try:
        rulebook: Rulebook | None = Rulebook.model_validate(document.data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        _report_errors(document, errors)
        left_out = {error["loc"][:2] for error in errors}
        rulebook = _without(document.data, left_out)
    if rulebook:
        _report_references(document, References(rulebook, document, left_out).problems())
    wrong = {error.position for error in document.errors}
    warnings = [problem for problem in document.problems if problem.position not in wrong]
    document.problems = document.errors + warnings
    return None if document.errors else rulebook


def _report_references(document: YamlDocument, problems: Iterable[tuple[YamlPath, str]]) -> None:
    """Report the problems; one that is the same in several places once, at the first of them."""
    places: dict[str, set[tuple[int, int]]] = {}
    for path, message in problems:
        places.setdefault(message, set()).add(document.position(path))
    for message, positions in places.items():
        first, *others = sorted(positions)
        if message.endswith("here"):
            for position in positions:
                document.add(position, message)
            continue
        lines = [str(line) for line in sorted({line for line, _ in others} - {first[0]})]
        also = f" (and in line{'s' * (len(lines) > 1)} {listed(lines, 'and')})" if lines else ""
        document.add(first, message + also)


def _report_errors(document: YamlDocument, errors: list[Any]) -> None:
    """Report pydantic's errors, but for what could not be read as YAML and is reported already."""
    reported = {problem.position for problem in document.errors}
    meant = misnamed_keys(errors)
    for error in without_consequences(errors, meant):
        if document.position(error["loc"]) not in reported:
            report_error(document, error, meant.get(error["loc"]))
    if not document.errors:  # whatever is left out is an error, even if nothing can tell why
        document.report(errors[0]["loc"], "this cannot be read")


def _without(data: Any, left_out: set[YamlPath]) -> Rulebook | None:
    """Return the rulebook without these entries, or None if too little is left to go on."""
    sections = data.items() if isinstance(data, dict) else ()
    rest = {key: _right(key, part, left_out) for key, part in sections if (key,) not in left_out}
    try:
        return Rulebook.model_validate(_STAND_IN | rest)
    except ValidationError:
        return None


def _right(section: str, part: Any, left_out: set[YamlPath]) -> Any:
    """Return a section without the entries or keys that are left out."""
    if isinstance(part, list):
        return [entry for n, entry in enumerate(part) if (section, n) not in left_out]
    if isinstance(part, dict):
        return {key: value for key, value in part.items() if (section, key) not in left_out}
    return part
