"""Say what an author did where a file is not YAML: libyaml tells only where it gave up."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from questionnaire.rulebook import quotation_marks as marks

_NO_ENTRY = "did not find expected '-'"
_REMEDIES = {
    "mapping values are not": 'a text with ": " in it needs quotes; or the indentation is wrong',
    "did not find expected key": "this line is indented unlike those above it, or a quote is open",
    _NO_ENTRY: "this line is indented unlike the list that it stands in",
    "block sequence entries": "a list starts in a line of its own, indented under its key",
    "could not find expected ':'": 'a ": " is missing after a key, or the indentation is wrong',
    "found unexpected (end of stream|document)": "a quotation mark is not closed",
    "did not find expected ','": "a comma or a closing bracket is missing",
    "found undefined alias": "no anchor has this name; a text that starts with * needs quotes",
    "found character that cannot|did not find expected (alphabetic|comment)|mapping keys are not": (
        "a text that starts with this character needs quotes"
    ),
    "found unknown escape": "a text with a \\ in it needs single quotes",
    "but found another document": "a rulebook is one document: remove this line of ---",
}
"""What to do about an error of libyaml, by the pattern with which its message begins."""
_OUT_OF_PLACE = ("did not find expected key", _NO_ENTRY, "mapping values are not")
"""The errors of a line that stands where it cannot."""
_BEGAN_BEFORE = ("could not find expected ':'", "found unexpected end of", "found unexpected doc")
"""The errors whose cause is where libyaml began to read, and not where it stopped."""
_TORN = ("mapping values are not", "did not find expected ','")
"""The errors that a comma or colon in a text between typographic marks leads to."""
_DASHES = ("\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}", "\N{BULLET}")
"""What a word processor makes of the - of a list."""


class Place(NamedTuple):
    """A place in a file, and what is wrong there."""

    line: int
    column: int
    message: str


class _Stop(NamedTuple):
    """Where libyaml gave up and why, with the lines of the file."""

    lines: list[str]
    number: int
    column: int
    reason: str

    @property
    def line(self) -> str:
        return self.lines[self.number - 1]

    @property
    def before(self) -> str:
        """The line up to there."""
        return self.line[: self.column - 1]


def explain_syntax_error(error: yaml.MarkedYAMLError, text: str, lines: list[str]) -> Place:
    """Return the place of what probably caused a syntax error, with its remedy."""
    stop = _stop(error, lines)
    for cause in _CAUSES:
        if place := cause(stop):
            return place if cause is _tab else place._replace(message=_not_yaml(place.message))
    number, column, reason = stop.number, stop.column, stop.reason
    remedies = (remedy for start, remedy in _REMEDIES.items() if re.match(start, reason))
    message = next(remedies, reason)
    if reason.startswith("did not find expected ','"):
        message += _in_brackets(error.context_mark, stop)
    torn_before = column - 1 if reason.startswith(_TORN) else 0
    if opened := _unclosed_quote(text, number):
        message = f"a quotation opens here and closes only in line {number}"
        (number, column), torn_before = opened, 0
    if found := marks.wrong_mark(lines[number - 1], torn_before):
        column, message = found
    return Place(number, column, _not_yaml(message))


def _in_brackets(opened: Any, stop: _Stop) -> str:
    """Return what is wrong in brackets: a second colon, or that those of a line above are open."""
    if stop.line[stop.column - 1 : stop.column] == ":":
        return '; or a text with ": " in it needs quotes'
    if opened and opened.line + 1 < stop.number:
        bracket = stop.lines[opened.line][opened.column]
        return f": the {bracket} in line {opened.line + 1} is not closed"
    return ""


def _not_yaml(message: str) -> str:
    return f"this is not YAML: {message}"


def _stop(error: yaml.MarkedYAMLError, lines: list[str]) -> _Stop:
    reason = str(error.problem or error.context)
    began = reason.startswith(_BEGAN_BEFORE) and error.context_mark
    mark: Any = began or error.problem_mark or error.context_mark
    number, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if number == len(lines):
        number, column = number - 1, len(lines[number - 2]) + 1
    return _Stop(lines, number, column, reason)


def _tab(stop: _Stop) -> Place | None:
    line = stop.line
    indent = _indent(line)
    if "\t" in line[:indent] or re.match("[ -]*-\t", line):
        return Place(stop.number, line.index("\t") + 1, "a tab cannot indent YAML: use spaces")
    return None


def _dash(stop: _Stop) -> Place | None:
    indent = _indent(stop.line)
    dash = stop.line[indent : indent + 1]
    if dash not in _DASHES:
        return None
    return Place(stop.number, indent + 1, f"{dash} is not the - that starts an entry of a list")


def _dash_without_space(stop: _Stop) -> Place | None:
    if found := re.match(r"\s*-(?=[{\[\w])", stop.line):
        return Place(stop.number, found.end(), "a space is missing after the -")
    return None


def _colon_without_space(stop: _Stop) -> Place | None:
    if found := re.match(r"\s*(?:- )?([a-z_]+):(?=[^\s/])", stop.line):
        return Place(
            stop.number, found.end(), f"a space is missing after the colon of `{found[1]}`"
        )
    return None


def _comment(stop: _Stop) -> Place | None:
    """Find a comment as other languages write it."""
    if found := re.match(r"\s*(//|/\*|;)", stop.line):
        return Place(stop.number, found.start(1) + 1, f"a comment starts with #, not {found[1]}")
    return None


def _bracket_too_many(stop: _Stop) -> Place | None:
    """Find a bracket where everything is closed already."""
    if stop.line[stop.column - 1 : stop.column] in ("}", "]") and stop.reason.startswith(
        ("did not find expected '-'", "did not find expected key", "did not find expected <doc")
    ):
        return Place(stop.number, stop.column, "a closing bracket too many")
    return None


def _comma_twice(stop: _Stop) -> Place | None:
    if stop.reason.startswith("did not find expected node") and (
        found := re.search(r",\s*,$", stop.line[: stop.column])
    ):
        return Place(stop.number, found.start() + 1, "two commas with nothing between them")
    return None


def _text_after_quotes(stop: _Stop) -> Place | None:
    """Find a text that starts in quotes and goes on after them."""
    found = re.search(r"(?:[-:,[{] +|[{\[])((['\"])(?:(?!\2).)*\2)\s*$", stop.before)
    rest = stop.line[stop.column - 1 :]
    if not found or not re.match(r"(?![a-z_]+:\s)[^\s,:}\]#]", rest):
        return None
    other = "single" if found[2] == '"' else "double"
    message = "a text that starts with a quotation mark ends with it"
    return Place(stop.number, found.start(1) + 1, f"{message}: put the whole in {other} quotes")


def _sign_before_text(stop: _Stop) -> Place | None:
    """Find a text that starts with a character that means something to YAML, before other words."""
    if found := re.search(r"(?:[-:,[{] +|[{\[])([*&!])[^\s,}\]]*\s+$", stop.before):
        message = "a text that starts with this character needs quotes"
        return Place(stop.number, found.start(1) + 1, message)
    return None


def _colon_missing_above(stop: _Stop) -> Place | None:
    """Find an entry of a list whose first key lacks its colon, in the line above."""
    above = stop.lines[stop.number - 2] if stop.number > 1 else ""
    found = re.fullmatch(r"(\s*- )[a-z_]+ [^:]*", above)
    if (
        not found
        or len(found[1]) != _indent(stop.line)
        or not stop.reason.startswith("mapping values are")
    ):
        return None
    return Place(stop.number - 1, len(found[1]) + 1, 'a ": " is missing after a key')


def _heading_missing(stop: _Stop) -> Place | None:
    """Find the first line of a section whose name is missing above it."""
    line, above = stop.line, stop.lines[: stop.number - 1]
    if re.match(r"\s*- ", line) and re.fullmatch(r"\s*(- \{?[a-z_]+)?", stop.before):
        outer = (one for one in reversed(above) if one.strip() and _indent(one) <= _indent(line))
        missing = re.match(r"\s*[a-z_]+: *[^ #]", next(outer, ""))
        what = "a list starts here"
    else:
        missing = re.match(r"\s+[a-z_]+: ", line) if above and not above[-1].strip() else None
        what = "this belongs to nothing above it"
    if not missing or not stop.reason.startswith(_OUT_OF_PLACE):
        return None
    return Place(stop.number, _indent(line) + 1, f"{what}: is a line with its name missing?")


def _too_deep(stop: _Stop) -> Place | None:
    """Find a key that stands deeper than the line above it, which has a value."""
    above = stop.lines[stop.number - 2] if stop.number > 1 else ""
    is_key = re.fullmatch(r"\s*[a-z_]+", stop.before) and stop.reason.startswith("mapping values")
    if not is_key or _indent(stop.line) <= len(above) - len(above.lstrip(" -")):
        return None
    message = "this line is indented deeper than the one above it"
    return Place(stop.number, _indent(stop.line) + 1, message)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


_CAUSES: tuple[Callable[[_Stop], Place | None], ...] = (
    *(
        _tab,
        _dash,
        _dash_without_space,
        _colon_without_space,
        _comment,
        _bracket_too_many,
        _comma_twice,
    ),
    *(_text_after_quotes, _sign_before_text, _colon_missing_above, _heading_missing),
    _too_deep,
)
"""What authors do, the surest first."""


def _unclosed_quote(text: str, last: int) -> tuple[int, int] | None:
    """Return where a quotation opens that closes in the line of an error and not in its own."""
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                start, end = _position(token.start_mark), _position(token.end_mark)
                if start[0] < end[0] == last:
                    return start
    return None


def _position(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1
