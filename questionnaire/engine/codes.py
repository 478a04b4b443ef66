"""Encode answers and their day as the short code in a results link, and decode it.

A code is one integer in Crockford's base 32: digits and letters without I, L, O and U. Capitals,
small letters, hyphens and spaces make no difference. From its lowest bit, the integer holds four
fields: a check of 15 bits, the day in 15, a tag of the rulebook in 15, and one bit for every
choice, at the choice's permanent key. So a code depends only on the rulebook's id and its keys.

The check is the other fields modulo a prime below 2**15. It finds every single wrong character and
every two that were swapped. It misses one in 3,000 of two wrong characters, and one in 100 where
a letter was misread throughout. Codes made by this module must decode for ever: a new layout needs
a check of its own, and tests/data/codes.txt.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import accumulate, islice

from questionnaire.engine.assessment import Answers
from questionnaire.engine.evaluate import has_stop, ticks_that_count
from questionnaire.rulebook.content import MAX_KEY
from questionnaire.rulebook.model import Rulebook
from questionnaire.text import Message, quoted

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP_SIZE = 5
"""The number of characters in a group when a code is printed."""

_DIGIT_OF = dict(zip(ALPHABET, "0123456789abcdefghijklmnopqrstuv", strict=True))
_DIGIT_OF |= {"I": "1", "L": "1", "O": "0"}
_DIGIT_OF |= {character.lower(): digit for character, digit in _DIGIT_OF.items()}
"""Each character as the digit that `int(text, 32)` reads: Python's base 32 has other letters."""
_DIGITS = str.maketrans(_DIGIT_OF)
_AROUND = ".,;:()[]{}<>«»“”‘’\"'"
"""What people, chats and keyboards put around a code."""
_BEFORE = r"(?:/r/|/with/|\bcode\b:?)"
"""What stands before a code in a link, in the link of a comparison, and on paper."""
_DASHES = r"\u2010-\u2015-"
"""The characters that a phone turns a hyphen into, and the hyphen."""
_FIRST_CODE = re.compile(rf"{_BEFORE}\s*([0-9A-Za-z{_DASHES}]+)", re.IGNORECASE)
_PART = r"[0-9A-Za-z]+"
_PARTS = re.compile(rf"{_BEFORE}(?=((?:[\s>{_DASHES}]*{_PART}){{1,60}}))", re.IGNORECASE)
"""A code with what follows it, which may be the rest of a link that was wrapped over lines."""
_MOST_LINKS = 20
"""How many links and codes of one text are tried."""
_SPACING = re.compile(rf"[\s\u00ad{_DASHES}]+")
_FIELD_BITS = 15
_FIELD_MASK = (1 << _FIELD_BITS) - 1
_PRIME = 32_749
FIRST_DAY = date(2026, 1, 1)
_MAX_CHARACTERS = (MAX_KEY + 1 + 3 * _FIELD_BITS + 4) // 5


class CodeError(ValueError):
    """A results code cannot be read; the message says why, for the reader of the page."""

    @property
    def reason(self) -> Message:
        """Return why."""
        reason: Message = self.args[0]
        return reason


class ForeignCodeError(CodeError):
    """A results code is whole, and of another rulebook."""


def encode(rulebook: Rulebook, answers: Answers) -> str:
    """Return the code of these answers.

    Raises ValueError for a day outside 2026-01-01 to 2115-09-19.
    """
    days = (answers.day - FIRST_DAY).days
    if not 0 <= days <= _FIELD_MASK:
        raise ValueError(f"{answers.day} does not fit into a results code")
    fields = (answers.ticked << _FIELD_BITS | _rulebook_tag(rulebook)) << _FIELD_BITS | days
    return _to_base32(fields << _FIELD_BITS | fields % _PRIME)


def decode(rulebook: Rulebook, code: str) -> Answers:
    """Return the answers in a code, including retired choices.

    Raises CodeError if it was cut or mistyped, ForeignCodeError if it is of another rulebook.
    """
    fields, check = divmod(_from_base32(code), 1 << _FIELD_BITS)
    if fields % _PRIME != check or not fields:
        raise CodeError(Message("It has a wrong character, or a part of it is missing."))
    upper_fields, days = divmod(fields, 1 << _FIELD_BITS)
    ticked, tag = divmod(upper_fields, 1 << _FIELD_BITS)
    if tag != _rulebook_tag(rulebook):
        raise ForeignCodeError(Message("It belongs to another questionnaire."))
    known = ticked & (rulebook.bits | rulebook.retired_bits)
    if not has_stop(rulebook, known):  # a warning sign counts whatever stands beside it
        if known != ticked:
            raise CodeError(
                Message("It holds an answer that this copy of the questionnaire does not know.")
            )
        if any(question.contradicts(ticked) for question in rulebook.questions):
            raise CodeError(Message("It holds answers that contradict each other."))
    return Answers(ticks_that_count(rulebook, known), day=FIRST_DAY + timedelta(days=days))


def find_answers(rulebook: Rulebook, text: str) -> Answers:
    """Return the answers in a pasted text with codes or links, the latest if it has several.

    Raises CodeError, about the first code, if none can be read.
    """
    found = []
    for code in _possible_codes(_visible(text)):
        with suppress(CodeError):
            found.append(decode(rulebook, code))
    if not found:
        return decode(rulebook, find_code(text))
    return max(found, key=lambda answers: answers.day)


def find_code(text: str) -> str:
    """Return the first code in a typed or pasted text, or what stands where one should be."""
    seen = _visible(text)
    first = _FIRST_CODE.search(seen)
    return first[1] if first else seen.strip().strip(_AROUND)


def _visible(text: str) -> str:
    """Return the text with a space for every character that cannot be seen."""
    return "".join(" " if unicodedata.category(one) == "Cf" else one for one in text)


def _possible_codes(text: str) -> Iterator[str]:
    """Yield what may be a code: all of the text, and each link alone and with what follows it."""
    yield text.strip().strip(_AROUND)
    for match in islice(_PARTS.finditer(text), _MOST_LINKS):
        yield from accumulate(re.findall(_PART, match[1]))


def group_digits(code: str) -> str:
    """Return a code in groups of five characters, to be read from paper."""
    return "-".join(code[start : start + GROUP_SIZE] for start in range(0, len(code), GROUP_SIZE))


def _rulebook_tag(rulebook: Rulebook) -> int:
    """Return 15 bits that tell the code of one rulebook from that of another."""
    return zlib.crc32(rulebook.id.encode()) & _FIELD_MASK


def _to_base32(value: int) -> str:
    """Return a number in Crockford's base 32."""
    digits = []
    while value:
        value, digit = divmod(value, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _from_base32(code: str) -> int:
    """Return the number that a code spells; raise CodeError if it is none."""
    plain = _SPACING.sub("", code)
    if not plain:
        raise CodeError(Message("There is no code."))
    if len(plain) > _MAX_CHARACTERS:
        raise CodeError(Message("It is too long: %(length)s characters.", length=str(len(plain))))
    for character in plain:
        if character not in _DIGIT_OF:
            raise CodeError(
                Message(
                    "A code has only letters and digits, and no %(character)s.",
                    character=quoted(character),
                )
            )
    return int(plain.translate(_DIGITS), 32)
