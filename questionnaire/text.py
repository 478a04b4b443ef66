"""Text that strangers send, made safe to show; and sentences that pages translate."""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_QUOTE = 40
_NONCHARACTERS = "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNFIT = re.compile(f"[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")
"""What no HTML page may hold, not even as a number."""

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Marks, letters and symbols that cannot be seen although they are printable."""

JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""What some scripts and most emoji need, and what cannot turn the words around."""

UNSEEN = f"[{JOINERS}\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
"""A joiner or a variation selector."""

_INVISIBLE = re.compile(f"[{BLANK}]|{UNSEEN}")


def printable(text: str) -> str:
    """Return the text with “�” for every character that cannot be printed."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def fit(text: str) -> str:
    """Return the text with a space for every character that no page may hold."""
    return _UNFIT.sub(" ", text)


def quoted(text: str | None) -> str:
    """Return the text in quotation marks, printable and at most 40 characters long."""
    shown = printable((text or "")[: MAX_QUOTE + 1])
    return f"“{shown if len(shown) <= MAX_QUOTE else shown[:MAX_QUOTE] + '…'}”"


def is_visible(text: str) -> bool:
    """Return True if every character can be seen, or is a space."""
    return text.isprintable() and not _INVISIBLE.search(text)


def gettext_noop(text: str) -> str:
    """Return a text as it is: the name tells the extraction that pages translate it."""
    return text


class Message(str):
    """A sentence in English that a page can translate: with its pattern and the values in it."""

    __slots__ = ("pattern", "values")
    pattern: str
    values: Mapping[str, str | int]

    def __new__(cls, pattern: str, **values: str | int) -> Message:
        """Fill the values into the pattern, numbers with commas."""
        shown = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
        message = super().__new__(cls, pattern % shown if shown else pattern)
        message.pattern, message.values = pattern, values
        return message
