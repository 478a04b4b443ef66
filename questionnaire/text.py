"""What a stranger sent, made fit to be shown in a message."""

import re

LONGEST = 40

_NONE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNFIT = re.compile(f"[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONE}]")
"""What no HTML page may hold, not even as a number."""


def printable(text: str) -> str:
    """Return the text with “�” for every character that cannot be printed."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def fit(text: str) -> str:
    """Return the text with a space for every character that no page may hold."""
    return _UNFIT.sub(" ", text)


def quoted(text: str | None) -> str:
    """Return the text in quotation marks, printable and at most 40 characters long."""
    shown = printable(text or "")
    return f"“{shown if len(shown) <= LONGEST else shown[:LONGEST] + '…'}”"
