"""Typographic quotation marks, which quote nothing in YAML, and what comes of a text in them."""

from __future__ import annotations

import re

_DOUBLE = "“”„‟«»‹›＂"
_SINGLE = "‘’‚‛＇"
MARKS = _DOUBLE + _SINGLE

_IN_MARKS = re.compile(f"[{MARKS}][^{_DOUBLE}]+[{MARKS}\"']")

CUT = re.compile(r"\s+(?=#[^\s#])")
CUT_QUOTATION = re.compile(f'\\s+(?=#.*[{MARKS}"])')
"""What follows a text that a # cuts short, and one that opened with a typographic mark."""

OPENED_BY_MARK = re.compile(f"(?:^|[-:,[{{]) *(?P<straight>)(?P<mark>[{MARKS}])")
CLOSED_BY_MARK = re.compile(
    f"(?:^|[-:,[{{]) *(?P<straight>[\"'])[^\"']*(?P<mark>[{MARKS}]) *(?:$|[:,}}\\]])"
)
"""A typographic mark where a text starts, and one where a text ends that a straight one opened."""


def is_in_marks(text: str) -> bool:
    """Return True if typographic marks stand around a text, one of them perhaps a straight one."""
    return bool(_IN_MARKS.fullmatch(text))


def without(text: str) -> str:
    """Return a text without the quotation marks around it, whatever they are."""
    return text.strip(MARKS + "\"'")


def with_remedy(message: str, value: object) -> str:
    """Return a message, with what to do about typographic quotation marks around the value."""
    ends = (value[:1], value[-1:]) if isinstance(value, str) else ()
    marks = " and ".join(dict.fromkeys(end for end in ends if end and end in MARKS))
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
