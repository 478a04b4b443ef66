"""Find typographic quotation marks, which quote nothing in YAML, and say what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

_DOUBLE = "“”„‟«»‹›＂"
_SINGLE = "‘’‚‛＇"
_MARKS = _DOUBLE + _SINGLE

_IN_MARKS = re.compile(f"[{_MARKS}][^{_DOUBLE}]+[{_MARKS}\"']")

CUT = re.compile(r"\s+(?=#[^\s#])")
CUT_QUOTATION = re.compile(f'\\s+(?=#.*[{_MARKS}"])')
"""What follows a text that a # cuts short, and one that opened with a typographic mark."""

_OPENED_BY_MARK = re.compile(f"(?:^|[-:,[{{]) *(?P<straight>)(?P<mark>[{_MARKS}])")
_CLOSED_BY_MARK = re.compile(
    f"(?:^|[-:,[{{]) *(?P<straight>[\"'])[^\"']*(?P<mark>[{_MARKS}]) *(?:$|[:,}}\\]])"
)
"""A typographic mark where a text starts, and one where a text ends that a straight one opened."""

TORN_TEXT = (
    "a quotation mark opens here and closes in another text: "
    'write " or none, and put a text with a comma in quotes'
)


def is_in_marks(text: str) -> bool:
    """Return True if typographic marks stand around a text, one of them perhaps a straight one."""
    return bool(_IN_MARKS.fullmatch(text))


def without(text: str) -> str:
    """Return a text without the quotation marks around it, whatever they are."""
    return text.strip(_MARKS + "\"'")


def wrong_mark(line: str, torn_before: int) -> tuple[int, str] | None:
    """Return the column of a typographic mark that YAML needs straight, and what to write.

    A mark that opens a text counts only before the column at which the text was torn apart.
    """
    found = _OPENED_BY_MARK.search(line, 0, torn_before) or _CLOSED_BY_MARK.search(line)
    if not found:
        return None
    straight = found["straight"] or '"'
    message = f"{found['mark']} is no quotation mark: write {straight} instead"
    return found.start("mark") + 1, message


def with_remedy(message: str, value: object) -> str:
    """Return a message, with what to do about typographic quotation marks around the value."""
    ends = (value[:1], value[-1:]) if isinstance(value, str) else ()
    marks = " and ".join(dict.fromkeys(end for end in ends if end and end in _MARKS))
    if not marks:
        return message
    remedy = f'write " or none in place of {marks}'
    return f"{message} {remedy.capitalize()}" if message.endswith("?") else f"{message}: {remedy}"


def _odd_marks(text: str) -> bool:
    """Return True if a text has an odd number of double marks, those side by side as one."""
    return len(re.findall(f'[{_DOUBLE}"]+', text)) % 2 == 1


def opens(text: str) -> bool:
    """Return True if a text starts with a typographic mark that does not close in it."""
    if text.startswith(tuple(_SINGLE)):
        return not text.endswith(tuple(_SINGLE))
    return text.startswith(tuple(_DOUBLE)) and _odd_marks(text)


def closes(text: str, opening: str) -> bool:
    """Return True if a text closes a quotation that this text opened before it."""
    if opening.startswith(tuple(_SINGLE)):
        return text.endswith(tuple(_SINGLE)) and not text.startswith(tuple(_SINGLE))
    return _odd_marks(text)


def torn_texts(nodes: list[yaml.Node]) -> Iterator[list[yaml.Node]]:
    """Yield the parts of each text in typographic marks that a comma or a colon tore apart."""
    parts: list[yaml.Node] = []
    for node in _without_braces(nodes):
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        if parts or (plain and opens(node.value)):
            parts.append(node)
        if len(parts) > 1 and plain and closes(node.value, parts[0].value):
            yield parts
            parts = []


def _without_braces(nodes: list[yaml.Node]) -> Iterator[yaml.Node]:
    """Yield nodes, and the key and value of a mapping that a colon in a text made of it."""
    for node in nodes:
        if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
            yield from node.value[0]
        else:
            yield node
