"""Quote the line of a problem, with a mark under its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from questionnaire.rulebook.yaml_reader import Problem, read_lines
from questionnaire.text import printable

WIDTH = 90
"""The most characters of a line that are quoted."""
BEFORE = 60
"""The most of them that stand before the place."""


def quote_all(path: Path, problems: Sequence[Problem]) -> list[tuple[Problem, str]]:
    """Return the problems of a file, each with the line that it is about."""
    lines = _lines_of(path)
    return [(problem, "".join(_quote(lines, problem))) for problem in problems]


def _lines_of(path: Path) -> Sequence[str]:
    """Return the lines of a file as YAML counts them, or none if it cannot be read."""
    try:
        return read_lines(path.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError:
        return ()


def _quote(lines: Sequence[str], problem: Problem) -> Iterator[str]:
    """Yield the line of a problem, and a line with ^ under its place; a long line goes in part."""
    if not 0 < problem.line <= len(lines) or not lines[problem.line - 1].strip():
        return
    line, start = lines[problem.line - 1].replace("\t", " "), 0
    if len(line) > WIDTH:
        start = min(max(0, problem.column - BEFORE), len(line) - WIDTH)
    before, after = "…" * (start > 0), "…" * (start + WIDTH < len(line))
    yield f"    {before}{printable(line[start : start + WIDTH])}{after}\n"
    yield " " * (4 + len(before) + problem.column - 1 - start) + "^\n"
