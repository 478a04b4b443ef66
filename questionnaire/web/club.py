"""What a link that a coach posts carries: the club's name, and answers ticked beforehand.

The link is the form's own address with parameters that people can read, such as
`/?from=City+Runners&training=distance`.
"""

from __future__ import annotations

import re
import unicodedata

from werkzeug.datastructures import MultiDict

from questionnaire.rulebook.model import Question, Rulebook

PARAMETER = "from"
"""The parameter with the name of the club or coach; no question can be called so."""

MAX_CLUB_NAME = 60
_MARKED = 4
"""How many characters one of them may take before its accents are joined to it."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""What some scripts and most emoji need, and what cannot turn the words around."""

_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Marks, letters and symbols that cannot be seen."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_EMAIL = re.compile(r"\S@\S")
_EMOJI = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_WEB = re.compile(
    r"://|\bwww\.|\d+(\.\d+){3}"
    rf"|((?=[\w-]*[^\W\d_])[\w-]+|{_EMOJI})\.[^\W\d_]{{2,}}",
    re.IGNORECASE,
)
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u3002\u06d4\u0701\u0702\ua4f8\ua60e\U00010a50\U0001d16d", ".")
    | {"\N{MINUS SIGN}": "-"}
)
"""What looks like a full stop or a hyphen, and stays in NFKC."""

_UNSEEN = f"[{_JOINERS}\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_BESIDE = re.compile(rf"(?P<mark>[.:/@]){_UNSEEN}|{_UNSEEN}(?P<sign>[.:/@])")
"""A joiner or a variation selector where no script and no emoji needs one."""

_NO_ACCENTS = frozenset({0, 7, 8, 9})
"""The combining classes of marks that make a letter, such as the vowel signs of Hindi."""

MAX_DIGITS = 6
_MAX_BESIDE_YEARS = 2
"""How many digits may stand beside a season, as in "Under 18 2024-25"."""

_WITHOUT_LETTERS = re.compile(r"[\W\d_]+")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d) ?[-/&] ?((?:19|20)?\d\d)(?!\d)")


def club_name(text: str) -> str:
    """Return the name of a club or coach with single spaces, or "" if there is none.

    Raises ValueError, with the reason in plain words, if it is not a short plain name.
    """
    name = " ".join(text.split())
    if (
        len(name) > MAX_CLUB_NAME * _MARKED
    ):  # to normalize takes the square of a long row of accents
        raise ValueError(_too_long(name))
    name = unicodedata.normalize("NFC", name)
    if hidden := [one for one in name if _is_hidden(one)]:
        raise ValueError(_invisible(hidden[0], "in the name"))
    if len(name) > MAX_CLUB_NAME:
        raise ValueError(_too_long(name))
    _refuse_addresses(unicodedata.normalize("NFKC", name).translate(_LOOKALIKES))
    return name


def _refuse_addresses(name: str) -> None:
    """Raise ValueError if a person could read this as an address or a phone number."""
    seen = "".join(one for one in re.sub(_UNSEEN, "", name) if not _is_accent(one))
    if name and not seen:
        raise ValueError("The name has no letter that can be seen. Type one, or leave it empty.")
    if _EMAIL.search(seen):
        raise ValueError("The name cannot hold an e-mail address. Leave it out.")
    if _WEB.search(seen):
        raise ValueError(
            "The name cannot hold a web address."
            " If it is not an address, put a space after the full stop."
        )
    if found := _BESIDE.search(name):
        sign = found["mark"] or found["sign"]
        raise ValueError(_invisible(found[0].strip(sign), f"beside “{sign}” in the name"))
    if digits := _digits_in_a_row(seen):
        raise ValueError(
            f"The name has {digits} digits in a row, as a phone number has."
            f" Use at most {MAX_DIGITS}. A season such as 2024-25 is fine."
        )


def _digits_in_a_row(name: str) -> int:
    """Return how many digits stand together as in a phone number, or 0 if none do."""
    for row in _WITHOUT_LETTERS.findall("".join(map(_western, name))):
        digits, beside_years = map(_count_digits, (row, _YEARS.sub(_without_season, row)))
        if digits > MAX_DIGITS and beside_years > _MAX_BESIDE_YEARS:
            return digits
    return 0


def _count_digits(row: str) -> int:
    return sum(map(str.isdecimal, row))


def _without_season(years: re.Match[str]) -> str:
    """Return nothing for a season or a span of years, or what was found if it is neither."""
    first, second = years.groups()
    is_next = int(second) == (int(first) + 1) % 100
    return "" if is_next or len(second) == len(first) else years[0]


def _western(one: str) -> str:
    """Return a digit of any script as 0 to 9, any dash as a hyphen, and the rest as it is."""
    value = unicodedata.numeric(one, -1)
    if value in range(10):
        return str(int(value))
    return "-" if unicodedata.category(one) == "Pd" else one


def club_name_or_empty(text: str) -> str:
    """Return the name, or "" if it is refused: a runner need not hear what a coach did wrong."""
    try:
        return club_name(text)
    except ValueError:
        return ""


def preset(rulebook: Rulebook, sent: MultiDict[str, str]) -> int:
    """Return the bits of the answers ticked beforehand, without those that nobody can give."""
    return sum(bits for question, bits in sent_to(rulebook, sent) if not question.contradicts(bits))


def sent_to(rulebook: Rulebook, sent: MultiDict[str, str]) -> list[tuple[Question, int]]:
    """Return the questions that may be pre-set, each with the bits of its choices sent."""
    return [
        (question, sum(one.bit for one in question.choices if one.id in sent.getlist(question.id)))
        for question in rulebook.presets
    ]


def parameters(rulebook: Rulebook, name: str, ticked: int) -> dict[str, list[str]]:
    """Return the parameters of a link: the name, and the answers ticked beforehand."""
    chosen = {
        question.id: [choice.id for choice in question.choices_in(ticked)]
        for question in rulebook.presets
    }
    named = {PARAMETER: [name]} if name else {}
    return named | {question: choices for question, choices in chosen.items() if choices}


def _too_long(name: str) -> str:
    return f"The name has {len(name)} characters. Use at most {MAX_CLUB_NAME}."


def _invisible(one: str, where: str) -> str:
    return (
        f"There is an invisible character {where} (U+{ord(one):04X})."
        " Type the name instead of pasting it."
    )


def _is_accent(one: str) -> bool:
    return unicodedata.combining(one) not in _NO_ACCENTS or unicodedata.category(one) == "Me"


def _is_hidden(one: str) -> bool:
    """Return True if a character cannot be seen, or is none at all."""
    code = ord(one)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or one in _BLANK
    return nothing or (unicodedata.category(one) in _HIDDEN and one not in _JOINERS)
