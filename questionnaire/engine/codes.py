"""Answers and their day, as the short code in a results link.

A code is one integer in Crockford's base 32 (digits and letters without I, L, O and U, read in
capitals or small letters, hyphens and spaces ignored). From its lowest end it holds a check of
15 bits, the day, a tag of the rulebook, and above them one bit for every choice, at the choice's
permanent key. So a code depends on nothing in the rulebook but its id and its keys.

The check is the rest modulo a prime below 2**15: it finds every single wrong character and every
two that changed places, and all but one in 32,749 of other mistakes. Codes made by this module
must decode for ever: a new layout needs a check of its own, and tests/data/codes.txt.
"""

from __future__ import annotations

import re
import zlib
from datetime import date, timedelta

from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import counted, has_stop
from questionnaire.rulebook.content import MAX_KEY
from questionnaire.rulebook.model import Rulebook
from questionnaire.text import quoted

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
"""How many characters stand together when a code is printed."""

_READ = dict(zip(ALPHABET, "0123456789abcdefghijklmnopqrstuv", strict=True))
_READ |= {"I": "1", "L": "1", "O": "0"}
_READ |= {character.lower(): digit for character, digit in _READ.items()}
"""What each character is to `int`, which reads base 32 with other letters."""
_DIGITS = str.maketrans(_READ)
_LINK = re.compile(r"/r/([0-9A-Za-z-]+)")
_AROUND = ".,;:()[]{}<>«»“”‘’\"'\u200b\ufeff"
"""What people, chats and keyboards put around a code."""
_SPACING = re.compile(r"[\s\u00ad\u2010-\u2015-]+")
"""White space, and whatever a phone makes of a hyphen."""
_FIELD = 15
_LOW = (1 << _FIELD) - 1
_PRIME = 32_749
FIRST_DAY = date(2026, 1, 1)
_LONGEST = (MAX_KEY + 1 + 3 * _FIELD + 4) // 5


class CodeError(ValueError):
    """A results code cannot be read; the message says why, for the reader of the page."""


def encode(rulebook: Rulebook, answers: Answers) -> str:
    """Return the code of these answers.

    Raises ValueError for a day outside 2026-01-01 to 2115-09-19.
    """
    days = (answers.day - FIRST_DAY).days
    if not 0 <= days <= _LOW:
        raise ValueError(f"{answers.day} does not fit into a results code")
    rest = (answers.ticked << _FIELD | _tag(rulebook)) << _FIELD | days
    return _spell(rest << _FIELD | rest % _PRIME)


def decode(rulebook: Rulebook, code: str) -> Answers:
    """Return the answers in a code, those to retired choices among them.

    Raises CodeError if it is not a code of this rulebook, or was cut or mistyped.
    """
    rest, check = divmod(_value(code), 1 << _FIELD)
    if rest % _PRIME != check or not rest:
        raise CodeError("It has a wrong character, or a part of it is missing.")
    rest, days = divmod(rest, 1 << _FIELD)
    ticked, tag = divmod(rest, 1 << _FIELD)
    if tag != _tag(rulebook):
        raise CodeError("It belongs to another questionnaire.")
    known = ticked & (rulebook.bits | rulebook.retired_bits)
    if not has_stop(rulebook, known):  # a warning sign counts whatever stands beside it
        if known != ticked:
            raise CodeError("It holds an answer that this copy of the questionnaire does not know.")
        if any(question.contradicts(ticked) for question in rulebook.questions):
            raise CodeError("It holds answers that contradict each other.")
    return Answers(counted(rulebook, known), day=FIRST_DAY + timedelta(days=days))


def find(text: str) -> str:
    """Return the code in what somebody typed or pasted: a code, or a link that holds one."""
    link = _LINK.search(text)
    return link[1] if link else text.strip().strip(_AROUND)


def grouped(code: str) -> str:
    """Return the code in groups of five characters, for paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _tag(rulebook: Rulebook) -> int:
    return zlib.crc32(rulebook.id.encode()) & _LOW


def _spell(value: int) -> str:
    digits = []
    while value:
        value, digit = divmod(value, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _value(code: str) -> int:
    plain = _SPACING.sub("", code)
    if not plain:
        raise CodeError("There is no code.")
    if len(plain) > _LONGEST:
        raise CodeError(f"It is too long: {len(plain)} characters.")
    for character in plain:
        if character not in _READ:
            raise CodeError(f"A code has only letters and digits, and no {quoted(character)}.")
    return int(plain.translate(_DIGITS), 32)
