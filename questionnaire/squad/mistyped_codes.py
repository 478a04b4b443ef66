"""What looks like a code that was mistyped, and not like a parcel, an account or a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from questionnaire.engine.codes import ALPHABET

SEPARATORS = " \u00a0\u2007\u2009\u202f.\\-\u2010-\u2015\u2212"
"""What stands between the groups of a code: a space, a dot or any dash."""

GROUP = re.compile(r"[0-9A-Za-z]+")
SQUEEZE = re.compile(f"[{SEPARATORS}]")

_MISTYPED = re.compile(
    rf"""(?<![^\W_])
    (?: [0-9A-Za-z]{{5}} (?: [{SEPARATORS}] [0-9A-Za-z]{{5}} )+
        (?: [{SEPARATORS}] [0-9A-Za-z]{{1,4}} (?![^\W_]) )?
      | [0-9A-Za-z]{{6,60}}
    ) (?![^\W_])""",
    re.VERBOSE,
)
_FEWEST_DIGITS = 2
_SHORTEST = 9
"""How many characters a code has that holds no answer."""
_ALIKE = str.maketrans("OIL", "011")
_ACCOUNT_OR_PARCEL = re.compile(r"[A-Z]{1,4}\d{5,}|[A-Z]{2}\d{2}[0-9A-Z]{11,30}", re.IGNORECASE)


def code_like(text: str, tag: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where something starts and ends that may be a code, and whether it surely is one.

    It is one, right or wrong, if it has the tag of the rulebook or is written as codes are.
    """
    for match in _MISTYPED.finditer(text):
        start = _first_group_with_a_digit(match)
        written = text[start : match.end()]
        code = SQUEEZE.sub("", written).upper()
        digits = sum(map(str.isdigit, code))
        tagged = tag in code.translate(_ALIKE)[1:]
        if _FEWEST_DIGITS <= digits < len(code) and (tagged or len(code) >= _SHORTEST):
            yield start, match.end(), tagged or _has_shape_of_a_code(code, written)


def _first_group_with_a_digit(match: re.Match[str]) -> int:
    """Return where a code may start in groups of five, of which the first can be a name."""
    groups = GROUP.finditer(match.string, match.start(), match.end())
    starts = (group.start() for group in groups if any(map(str.isdigit, group[0])))
    return next(starts, match.start())


def _has_shape_of_a_code(code: str, written: str) -> bool:
    if not set(code.translate(_ALIKE)) <= set(ALPHABET) or _ACCOUNT_OR_PARCEL.fullmatch(code):
        return False
    one_case = written in (written.upper(), written.lower())
    return one_case and len(code) > _SHORTEST and _changes(code) >= 3


def _changes(code: str) -> int:
    """Return how often a code goes from letters to digits or back."""
    kinds = [one.isdigit() for one in code]
    return sum(a != b for a, b in pairwise(kinds))
