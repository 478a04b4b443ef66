"""A YAML file as plain data that remembers where everything stands.

Reading is stricter than YAML allows: duplicate keys, tags and looping anchors are problems, and
only `true` and `false` are truth values, so that an author's bare yes, no or on stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from questionnaire.rulebook import quotation_marks as marks

Steps = tuple[str | int, ...]
"""The way from the top of the file to a part of it: keys and places in lists."""

MOST_PARTS = 50_000
"""How many parts a file may have once its anchors are followed: 1,000 rules have 17,000."""
DEEPEST = 50
"""How many lists and mappings may stand inside each other."""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """Something wrong in a file, with its line and column (both counted from 1)."""

    line: int
    column: int
    message: str
    severity: str = "error"


@dataclass(slots=True)
class Source:
    """The data of a YAML file, where each part stands, and what was wrong on the way."""

    data: object = None
    problems: list[Problem] = field(default_factory=list)
    values: dict[Steps, tuple[int, int]] = field(default_factory=lambda: {(): (1, 1)})
    keys: dict[Steps, tuple[int, int]] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the file from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def drop_warnings_at_errors(self) -> None:
        """Drop the warnings about what an error is about already."""
        wrong = {(problem.line, problem.column) for problem in self.errors}
        self.problems = [
            problem
            for problem in self.problems
            if problem.severity == "error" or (problem.line, problem.column) not in wrong
        ]

    def report(
        self, steps: Steps, message: str, severity: str = "error", *, at_key: bool = False
    ) -> None:
        """Add a problem at the part of the file that these steps lead to, or nearest to it."""
        line, column = (at_key and self.keys.get(steps)) or self.place(steps)
        self.problems.append(Problem(line, column, message, severity))

    def place(self, steps: Steps) -> tuple[int, int]:
        """Return the line and column where a part of the file starts, or what is known of it."""
        return self.values[self.known(steps)]

    def known(self, steps: Steps) -> Steps:
        """Return the steps that lead to a part of the file, leaving out those that do not."""
        known: Steps = ()
        for step in steps:
            if (*known, step) in self.values:
                known = (*known, step)
        return known


class _Loader(yaml.CSafeLoader):
    """Knows no implicit types but those added below."""


_Loader.yaml_implicit_resolvers = {}


def _resolve(kind: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(pattern), list(first))


_resolve("bool", r"^(true|false)$", "tf")
_resolve("int", r"^-?(0|[1-9][0-9]*)$", "-0123456789")
_resolve("null", r"^(~|null|)$", "~n\0")
_Loader.yaml_implicit_resolvers[""] = _Loader.yaml_implicit_resolvers.pop("\0")


def read(path: Path) -> Source:
    """Return the data of a YAML file; what is wrong with it stands in the problems of the result.

    Raises OSError if the file cannot be read.
    """
    return parse(path.read_bytes())


def parse(content: bytes) -> Source:
    """Return the data of a YAML document, and what is wrong with it."""
    source = Source()
    try:
        text = content.decode("utf-8-sig")
        if _strangely_indented(text, source) or _too_deep(text, source):
            return source
        node = yaml.compose(text, Loader=_Loader)
        source.data = _Builder(source).whole(node) if node else None
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        source.problems.append(Problem(line, column, "this is not UTF-8 text: save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        source.problems.append(_syntax(error, text))
    except yaml.reader.ReaderError as error:
        before_it = text.encode()[: error.position].decode(errors="ignore")  # libyaml counts bytes
        line, column = before_it.count("\n") + 1, len(before_it) - before_it.rfind("\n")
        problem = f"the character U+{error.character:04X} may not stand in a YAML file"
        source.problems.append(Problem(line, column, problem))
    return source


def _lines(text: str) -> list[str]:
    """Return the lines as YAML counts them, and one more: it ends every file with a line break."""
    return [*re.split("\r\n|[\r\n\x85\u2028\u2029]", text), ""]


def _strangely_indented(text: str, source: Source) -> bool:
    """Report indentation by spaces that only look like spaces."""
    for n, line in enumerate(_lines(text), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if not indent.isascii():
            column, one = next((m, one) for m, one in enumerate(indent, 1) if not one.isascii())
            message = f"the character U+{ord(one):04X} cannot indent YAML: use spaces"
            source.problems.append(Problem(n, column, message))
    return bool(source.problems)


def _unquoted(event: yaml.ScalarEvent, lines: list[str], source: Source) -> None:
    """Report a text without quotes that a # cuts short, or whose quotes are no quotes in YAML."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return
    opened = marks.opens(event.value)
    cut = marks.CUT_QUOTATION if opened else marks.CUT
    after = cut.match(lines[end.line], end.column)
    if event.value and after:
        place = (end.line + 1, after.end() + 1)
        remedy = f'write " in place of {event.value[0]}' if opened else "put it in quotes"
        severity = "error" if opened else "warning"
        source.problems.append(Problem(*place, f"the text ends before #: {remedy}", severity))
    if marks.is_in_marks(event.value):
        place = (start.line + 1, start.column + 1)
        message = 'these quotation marks are shown as a part of the text: write " or none'
        source.problems.append(Problem(*place, message, "warning"))


def _without_braces(nodes: list[yaml.Node]) -> Iterator[yaml.Node]:
    """Yield nodes, and the key and value of a mapping that a colon in a text made of it."""
    for node in nodes:
        if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
            yield from node.value[0]
        else:
            yield node


def _torn(nodes: Iterable[yaml.Node]) -> Iterator[list[yaml.Node]]:
    """Yield the parts of each text in typographic marks that a comma or a colon tore apart."""
    parts: list[yaml.Node] = []
    for node in nodes:
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        if parts or (plain and marks.opens(node.value)):
            parts.append(node)
        if len(parts) > 1 and plain and marks.closes(node.value, parts[0].value):
            yield parts
            parts = []


def _too_deep(text: str, source: Source) -> bool:
    """Report explicit tags, and nesting that would overflow the stack of the composer."""
    depth, lines = 0, _lines(text)
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent) and not event.style:
            _unquoted(event, lines, source)
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if tag := getattr(event, "tag", None):
            source.problems.append(Problem(*place, f"tags such as {tag} are not used here"))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            source.problems.append(Problem(*place, "the file is nested too deeply here"))
            return True
    return False


_REMEDIES = {
    "mapping values are not": 'a text with ": " in it needs quotes; or the indentation is wrong',
    "did not find expected key": "this line is indented unlike those above it, or a quote is open",
    "did not find expected '-'": "this line is indented unlike the list that it stands in",
    "block sequence entries": "a list starts in a line of its own, indented under its key",
    "could not find expected ':'": 'a ": " is missing after a key, or the indentation is wrong',
    "found character that cannot": "a text that starts with this character needs quotes",
    "found unexpected end of stream": "a quotation mark is not closed",
    "found unexpected document": "a quotation mark is not closed",
    "did not find expected ','": "a comma or a closing bracket is missing",
    "found undefined alias": "no anchor has this name; a text that starts with * needs quotes",
    "did not find expected alphabetic": "a text that starts with this character needs quotes",
    "did not find expected comment": "a text that starts with this character needs quotes",
    "mapping keys are not allowed": "a text that starts with this character needs quotes",
    "found unknown escape": "a text with a \\ in it needs single quotes",
    "but found another document": "a rulebook is one document: remove this line of ---",
}
"""What libyaml finds, by its first words, and what to do about it."""
DASHES = ("\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}", "\N{BULLET}")
"""What a word processor makes of the - of a list."""

_BEGAN_BEFORE = ("could not find expected ':'", "found unexpected end of", "found unexpected doc")
"""The mistakes that stand where libyaml began to read, and not where it stopped."""

_TORN = ("mapping values are not", "did not find expected ','")
"""The mistakes that a comma or colon in a text between typographic marks comes to."""


def _syntax(error: yaml.MarkedYAMLError, text: str) -> Problem:
    said = str(error.problem or error.context)
    began = said.startswith(_BEGAN_BEFORE) and error.context_mark
    mark = began or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = _lines(text)
    if line == len(lines) - 1:
        line, column = line - 1, len(lines[line - 1])
    written = lines[line]
    indent = written[: len(written) - len(written.lstrip())]
    if "\t" in indent or re.match("[ -]*-\t", written):
        message = "a tab cannot indent YAML: use spaces"
        return Problem(line + 1, written.index("\t") + 1, message)
    if written[len(indent) : len(indent) + 1] in DASHES:
        message = f"{written[len(indent)]} is not the - that starts an entry of a list"
        return Problem(line + 1, len(indent) + 1, f"this is not YAML: {message}")
    if quote := _long_quote(text, line):
        return _wrong_mark(marks.CLOSED_BY_MARK.search(lines[quote.line - 1]), quote.line) or quote
    opening = said.startswith(_TORN) and marks.OPENED_BY_MARK.search(written, 0, column)
    if mistake := _wrong_mark(opening or marks.CLOSED_BY_MARK.search(written), line + 1):
        return mistake
    message = next((remedy for start, remedy in _REMEDIES.items() if said.startswith(start)), said)
    return Problem(line + 1, column + 1, f"this is not YAML: {message}")


def _wrong_mark(found: re.Match[str] | None, line: int) -> Problem | None:
    """Return the problem of a typographic mark that was found where a straight one has to be."""
    if not found:
        return None
    straight = found["straight"] or '"'
    message = f"this is not YAML: {found['mark']} is no quotation mark: write {straight} instead"
    return Problem(line, found.start("mark") + 1, message)


def _long_quote(text: str, last: int) -> Problem | None:
    """Return the problem of a quotation that ends in the line of an error and began before it."""
    try:
        for token in yaml.scan(text, Loader=_Loader):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                start, end = token.start_mark, token.end_mark
                if start.line < end.line == last:
                    message = f"a quotation opens here and closes only in line {end.line + 1}"
                    return Problem(start.line + 1, start.column + 1, f"this is not YAML: {message}")
    except yaml.YAMLError:
        pass
    return None


class _Builder:
    """Turns YAML nodes into plain data, and notes where each part stands."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: set[int] = set()
        self.parts = 0

    def whole(self, node: yaml.Node) -> object:
        """Return the data of the top node, or None if the aliases make it too large."""
        data = self.build(node, ())
        return None if self.parts > MOST_PARTS else data

    def build(self, node: yaml.Node, steps: Steps) -> object:
        """Return the data of a node, and report what the format does not allow."""
        self.parts += 1
        self.source.values.setdefault(steps, _place(node))
        if id(node) in self.open:
            self.source.report(steps, "this alias stands inside its own anchor")
            return None
        if self.parts > MOST_PARTS:
            if self.parts == MOST_PARTS + 1:
                self.source.report(steps, "the file is too large from here on, aliases followed")
            return None
        self.open.add(id(node))
        try:
            return self._data(node, steps)
        finally:
            self.open.remove(id(node))

    def _data(self, node: yaml.Node, steps: Steps) -> object:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, steps)
            case yaml.SequenceNode():
                rest = self._rest(node.value) if node.flow_style else set()
                items = [one for one in node.value if one not in rest]
                return [self.build(one, (*steps, n)) for n, one in enumerate(items)]
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str":
                return str(node.value)
            case "int" if node.value.lstrip("-").isdecimal():
                return int(node.value[:20])
            case "bool":
                return bool(node.value == "true")
        return None

    def _mapping(self, node: yaml.MappingNode, steps: Steps) -> dict[str, object]:
        data: dict[str, object] = {}
        rest = self._rest([one for pair in node.value for one in pair])
        for key, value in node.value:
            if key in rest:
                continue
            if not isinstance(key, yaml.ScalarNode):
                self.source.problems.append(Problem(*_place(key), "a key must be a single word"))
                continue
            name = self._key(key)
            here = (*steps, name)
            if name in data:
                first = self.source.keys[here][0]
                message = f'the key "{name}" stands here twice: first in line {first}'
                self.source.problems.append(Problem(*_place(key), message))
                continue
            self.source.keys[here] = _place(key)
            data[name] = self.build(value, here)
        return data

    def _key(self, node: yaml.ScalarNode) -> str:
        """Return a key, and report typographic marks around it: it goes without them."""
        if node.style or not marks.is_in_marks(node.value):
            return str(node.value)
        name = marks.without(node.value)
        message = marks.with_remedy(f'the key "{name}" has the wrong quotation marks', node.value)
        self.source.problems.append(Problem(*_place(node), message))
        return name

    def _rest(self, nodes: list[yaml.Node]) -> set[yaml.Node]:
        """Return what belongs to a text before it that was torn apart, and report that text."""
        rest: set[yaml.Node] = set()
        for first, *others in _torn(_without_braces(nodes)):
            message = (
                "a quotation mark opens here and closes in another text: "
                'write " or none, and put a text with a comma in quotes'
            )
            self.source.problems.append(Problem(*_place(first), message))
            rest.update(others)
        return rest


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
