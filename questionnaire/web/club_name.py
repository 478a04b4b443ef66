"""The name of a club or coach in a link: short plain text, and no address or phone number."""

import re
import unicodedata

from questionnaire.text import BLANK, JOINERS, UNSEEN
from questionnaire.web.wording import gettext

MAX_CLUB_NAME = 60
MAX_DIGITS = 6
_MAX_BESIDE_YEARS = 2
"""How many digits may stand beside a season, as in "Under 18 2024-25"."""

_MAX_COMPOSED = 4
"""How many characters one of them may take before its accents are joined to it."""

_BESIDE_SIGN = re.compile(rf"(?P<mark>[.:/@]){UNSEEN}|{UNSEEN}(?P<sign>[.:/@])")
"""A joiner or a variation selector where no script and no emoji needs one."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_NO_ACCENTS = frozenset({0, 7, 8, 9})
"""The combining classes of marks that make a letter, such as the vowel signs of Hindi."""

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

_WITHOUT_LETTERS = re.compile(r"[\W\d_]+")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d) ?[-/&] ?((?:19|20)?\d\d)(?!\d)")


def club_name_or_empty(text: str) -> str:
    """Return the name, or "" if it is refused: a runner need not hear what a coach did wrong."""
    try:
        return club_name(text)
    except ValueError:
        return ""


def club_name(text: str) -> str:
    """Return the name of a club or coach with single spaces, or "" if there is none.

    Raises ValueError, with the reason in plain words, if it is not a short plain name.
    """
    name = " ".join(text.split())
    if len(name) > MAX_CLUB_NAME * _MAX_COMPOSED:  # normalizing many accents takes their square
        raise ValueError(_too_long(name))
    name = unicodedata.normalize("NFC", name)
    if hidden := next(filter(_is_hidden, name), None):
        raise ValueError(_invisible(hidden))
    if len(name) > MAX_CLUB_NAME:
        raise ValueError(_too_long(name))
    _refuse_addresses(unicodedata.normalize("NFKC", name).translate(_LOOKALIKES))
    return name


def _refuse_addresses(name: str) -> None:
    """Raise ValueError if a person could read this as an address or a phone number."""
    visible = "".join(c for c in re.sub(UNSEEN, "", name) if not _is_accent(c))
    if name and not visible:
        raise ValueError(
            gettext("The name has no letter that can be seen. Type one, or leave it empty.")
        )
    if _EMAIL.search(visible):
        raise ValueError(gettext("The name cannot hold an e-mail address. Leave it out."))
    if _WEB.search(visible):
        raise ValueError(
            gettext(
                "The name cannot hold a web address."
                " If it is not an address, put a space after the full stop."
            )
        )
    if beside := _BESIDE_SIGN.search(name):
        sign = beside["mark"] or beside["sign"]
        raise ValueError(_invisible(beside[0].strip(sign), sign))
    if digits := _digits_in_a_row(visible):
        raise ValueError(
            gettext(
                "The name has %(digits)s digits in a row, as a phone number has."
                " Use at most %(most)s. A season such as 2024-25 is fine.",
                digits=digits,
                most=MAX_DIGITS,
            )
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
    """Return nothing for a season or a span of years, or the text itself if it is neither."""
    first, second = years.groups()
    is_next = int(second) == (int(first) + 1) % 100
    return "" if is_next or len(second) == len(first) else years[0]


def _western(character: str) -> str:
    """Return a digit of any script as 0 to 9, any dash as a hyphen, and the rest as it is."""
    value = unicodedata.numeric(character, -1)
    if value in range(10):
        return str(int(value))
    return "-" if unicodedata.category(character) == "Pd" else character


def _too_long(name: str) -> str:
    return gettext(
        "The name has %(length)s characters. Use at most %(most)s.",
        length=len(name),
        most=MAX_CLUB_NAME,
    )


def _invisible(character: str, sign: str = "") -> str:
    code = f"U+{ord(character):04X}"
    if not sign:
        return gettext(
            "There is an invisible character in the name (%(code)s)."
            " Type the name instead of pasting it.",
            code=code,
        )
    return gettext(
        "There is an invisible character beside “%(sign)s” in the name (%(code)s)."
        " Type the name instead of pasting it.",
        sign=sign,
        code=code,
    )


def _is_accent(character: str) -> bool:
    return (
        unicodedata.combining(character) not in _NO_ACCENTS
        or unicodedata.category(character) == "Me"
    )


def _is_hidden(character: str) -> bool:
    """Return True if a character cannot be seen, or is none at all."""
    code = ord(character)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or character in BLANK
    return nothing or (unicodedata.category(character) in _HIDDEN and character not in JOINERS)
