"""Read YAML into plain data, with the line and column of every value.

Duplicate keys, tags and recursive anchors are errors, and only `true` and `false` are booleans:
an author's bare yes, no or on stays a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from questionnaire.rulebook import quotation_marks as marks
from questionnaire.rulebook.yaml_errors import explain_syntax_error

YamlPath = tuple[str | int, ...]
"""The way from the top of the file to a value: keys and places in lists."""
Position = tuple[int, int]
"""A line and a column, both counted from 1."""

MAX_VALUES = 50_000
"""The most values that a file may have once its aliases are followed: 1,000 rules have 17,000."""
MAX_DEPTH = 50
"""The most lists and mappings that may stand inside each other."""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """Something wrong in a file, with its line and column (both counted from 1)."""

    line: int
    column: int
    message: str
    severity: str = "error"

    @property
    def position(self) -> Position:
        """Its line and column."""
        return self.line, self.column


@dataclass(slots=True)
class YamlDocument:
    """The data of a YAML file, the position of each key and value, and the problems found."""

    data: object = None
    problems: list[Problem] = field(default_factory=list)
    values: dict[YamlPath, Position] = field(default_factory=lambda: {(): (1, 1)})
    keys: dict[YamlPath, Position] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    lost_ids: set[str] = field(default_factory=set)

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the file from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def add(self, position: Position, message: str, severity: str = "error") -> None:
        """Add a problem at a position."""
        self.problems.append(Problem(*position, message, severity))

    def report(self, path: YamlPath, message: str, severity: str = "error") -> None:
        """Add a problem at the value that a path leads to, or the nearest one around it."""
        self.add(self.position(path), message, severity)

    def position(self, path: YamlPath) -> Position:
        """Return the position of the value that a path leads to, or the nearest one around it."""
        return self.values[self.nearest_path(path)]

    def starts_with(self, character: str, path: YamlPath) -> bool:
        """Return True if the value that a path leads to is written with this character first."""
        line, column = self.position(path)
        return self.lines[line - 1 : line] != [] and self.lines[line - 1].startswith(
            character, column - 1
        )

    def nearest_path(self, path: YamlPath) -> YamlPath:
        """Return a path without the steps that lead to nothing in the file."""
        nearest: YamlPath = ()
        for step in path:
            if (*nearest, step) in self.values:
                nearest = (*nearest, step)
        return nearest


class _LimitExceededError(Exception):
    """The file is nested too deeply or too large; the problem has been added."""


class _Loader(yaml.CSafeLoader):
    """Resolves no implicit types but those added below."""


_OTHER_FORMATS = (b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"%PDF")
"""How the files of word processors begin, and those of PDF."""
_TAG = "tag:yaml.org,2002:"
_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(f"{_TAG}bool", re.compile("^(true|false)$"), "tf")
_Loader.add_implicit_resolver(f"{_TAG}int", re.compile("^-?(0|[1-9][0-9]*)$"), "-0123456789")
_Loader.add_implicit_resolver(f"{_TAG}null", re.compile("^(~|null|)$"), ["~", "n", ""])


def parse_yaml(content: bytes) -> YamlDocument:
    """Return the data of a YAML document, and what is wrong with it."""
    document = YamlDocument()
    if content.startswith(_OTHER_FORMATS):
        remedy = "save it as plain text, in UTF-8"
        document.report((), f"this is the file of a program such as Word, and no text: {remedy}")
        return document
    try:
        text = _decode(content)
        document.lines = read_lines(text)
        _check_indentation(document)
        if not document.problems:
            _check_events(text, document)
            node = yaml.compose(text, Loader=_Loader)
            document.data = _Builder(document).build(node, ()) if node else None
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        document.add(_end_of(before), "this is not UTF-8 text: save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        line, column, message = explain_syntax_error(error, text, document.lines)
        document.add((line, column), message)
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")  # libyaml counts bytes
        message = f"the character U+{error.character:04X} may not stand in a YAML file"
        document.add(_end_of(before), message)
    except _LimitExceededError:
        pass
    return document


def _decode(content: bytes) -> str:
    """Return the text of a file; raise UnicodeDecodeError for UTF-16, which is half NUL bytes."""
    if content.count(0) * 4 > len(content):
        raise UnicodeDecodeError("utf-8", content, 0, 1, "UTF-16")
    return content.decode("utf-8-sig")


def _end_of(text: str) -> Position:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _position(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def read_lines(text: str) -> list[str]:
    """Return the lines as YAML counts them, and one more: it ends every file with a line break."""
    return [*re.split("\r\n|[\r\n\x85\u2028\u2029]", text), ""]


def _check_indentation(document: YamlDocument) -> None:
    """Report indentation by characters that only look like spaces."""
    for number, line in enumerate(document.lines, 1):
        if found := re.match(r"\s*?([^\S\0-\x7f])", line):
            name = " (a non-breaking space)" * (found[1] == "\xa0")
            message = f"the character U+{ord(found[1]):04X}{name} cannot indent YAML: use spaces"
            document.add((number, found.end()), message)


def _check_events(text: str, document: YamlDocument) -> None:
    """Report explicit tags, and nesting that would overflow the stack of the composer."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent) and not event.style:
            _check_plain_scalar(event, document)
        if tag := getattr(event, "tag", None):
            is_text = tag.startswith("!")
            message = f"tags such as {tag} are not used here"
            remedy = ": a text that starts with ! needs quotes" if is_text else ""
            document.add(_position(event.start_mark), message + remedy)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            document.add(_position(event.start_mark), "the file is nested too deeply here")
            raise _LimitExceededError


def _check_plain_scalar(event: yaml.ScalarEvent, document: YamlDocument) -> None:
    """Report a text without quotes that a # cuts short, or in typographic quotation marks."""
    text, (line, column) = event.value, _position(event.end_mark)
    opens = marks.opens(text)
    cut = marks.CUT_QUOTATION if opens else marks.CUT
    if text and (rest := cut.match(document.lines[line - 1], column - 1)):
        remedy = f'write " in place of {text[0]}' if opens else "put it in quotes"
        severity = "error" if opens else "warning"
        document.add((line, rest.end() + 1), f"the text ends before #: {remedy}", severity)
    if marks.is_in_marks(text):
        message = 'these quotation marks are shown as a part of the text: write " or none'
        document.add(_position(event.start_mark), message, "warning")


_KEY_AND_VALUE = re.compile(r"[\w-]+:[^/\s]")
"""What YAML takes for one word, as no space follows the colon."""


class _Builder:
    """Turns YAML nodes into plain data, and notes the position of each value."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.ancestors: set[int] = set()

    def build(self, node: yaml.Node, path: YamlPath) -> object:
        """Return the data of a node, and report what the format does not allow."""
        self.document.values.setdefault(path, _position(node.start_mark))
        if id(node) in self.ancestors:
            self.document.report(path, "this alias stands inside its own anchor")
            return None
        if len(self.document.values) > MAX_VALUES:
            self.document.report(path, "the file is too large from here on, aliases followed")
            raise _LimitExceededError
        self.ancestors.add(id(node))
        data = self._data(node, path)
        self.ancestors.remove(id(node))
        return data

    def _data(self, node: yaml.Node, path: YamlPath) -> object:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode():
                torn = self._torn_off(node.value, in_list=True) if node.flow_style else set()
                items = [item for item in node.value if item not in torn]
                return [self.build(item, (*path, n)) for n, item in enumerate(items)]
        match node.tag.removeprefix(_TAG):
            case "str":
                return str(node.value)
            case "int" if node.value.lstrip("-").isdecimal():
                return int(node.value[:20])
            case "bool":
                return bool(node.value == "true")
        return None

    def _mapping(self, node: yaml.MappingNode, path: YamlPath) -> dict[str, object]:
        data: dict[str, object] = {}
        torn = self._torn_off([part for pair in node.value for part in pair])
        torn |= self._without_space(node)
        for key, value in node.value:
            position = _position(key.start_mark)
            if key in torn:
                continue
            if not isinstance(key, yaml.ScalarNode):
                self.document.add(position, "a key must be a single word")
            elif (name := self._key(key)) in data:
                lost_dash = name == "id" and bool(path) and not node.flow_style
                self._report_twice(position, (*path, name), lost_dash=lost_dash)
                if lost_dash:  # all that follows is of the new entry
                    self.document.lost_ids.add(str(value.value))
                    break
            else:
                self.document.keys[*path, name] = position
                data[name] = self.build(value, (*path, name))
        return data

    def _report_twice(self, position: Position, path: YamlPath, *, lost_dash: bool) -> None:
        first, _ = self.document.keys[path]
        hint = ": if a new entry starts here, write - before it" if lost_dash else ""
        message = f'the key "{path[-1]}" stands here twice: first in line {first}{hint}'
        self.document.add(position, message)

    def _without_space(self, node: yaml.MappingNode) -> set[yaml.Node]:
        """Return the keys with their value stuck to them, and report the first of them."""
        keys = [
            key
            for key, value in node.value
            if value.value == "" and not key.style and _KEY_AND_VALUE.match(key.value)
        ]
        if keys:
            spaced = ": ".join(keys[0].value.split(":", 1))
            message = f'write "{spaced}" with a space after each colon'
            self.document.add(_position(node.start_mark), message)
        return set(keys)

    def _key(self, node: yaml.ScalarNode) -> str:
        """Return a key, and report typographic marks around it: it goes without them."""
        if node.style or not marks.is_in_marks(node.value):
            return str(node.value)
        name = marks.without(node.value)
        message = marks.with_remedy(f'the key "{name}" has the wrong quotation marks', node.value)
        self.document.add(_position(node.start_mark), message)
        return name

    def _torn_off(self, nodes: list[yaml.Node], *, in_list: bool = False) -> set[yaml.Node]:
        """Return what belongs to a text before it that was torn apart, and report that text.

        What commas tore apart in a list is put together again: the text is as it was meant.
        """
        rest: set[yaml.Node] = set()
        for parts in marks.torn_texts(nodes):
            mended = in_list and all(type(one) is yaml.ScalarNode and one in nodes for one in parts)
            if mended:
                parts[0].value = ", ".join(part.value for part in parts)
            severity = "warning" if mended else "error"
            self.document.add(_position(parts[0].start_mark), marks.TORN_TEXT, severity)
            rest.update(parts[1:])
        return rest
