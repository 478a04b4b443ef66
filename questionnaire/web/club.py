"""What a link that a coach posts carries: the club's name, and answers ticked beforehand.

The link is the form's own address with parameters that people can read, such as
`/?from=City+Runners&training=distance`.
"""

from __future__ import annotations

import re
import unicodedata

from werkzeug.datastructures import MultiDict

from questionnaire.rulebook.model import Question, Rulebook

NAME = "from"
"""The parameter with the name of the club or coach; no question can be called so."""

LONGEST = 60
_MARKED = 4
"""How many characters one of them may take before its accents are joined to it."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""What some scripts and most emoji need, and what cannot turn the words around."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_EMAIL = re.compile(r"\S@\S")
_WEB = re.compile(
    r"://|\bwww\.|\d+(\.\d+){3}|(?=[\w-]*[^\W\d_])[\w-]+\.[^\W\d_]{2,}", re.IGNORECASE
)
_FULL_STOPS = str.maketrans("\N{IDEOGRAPHIC FULL STOP}", ".")


def club_name(text: str) -> str:
    """Return the name of a club or coach with single spaces, or "" if there is none.

    Raises ValueError, with the reason in plain words, if it is not a short plain name.
    """
    name = " ".join(text.split())
    if len(name) > LONGEST * _MARKED:  # to normalize takes the square of a long row of accents
        raise ValueError(_too_long(name))
    name = unicodedata.normalize("NFC", name)
    hidden = [one for one in name if _is_hidden(one)]
    if hidden:
        raise ValueError(
            f"There is an invisible character in the name (U+{ord(hidden[0]):04X})."
            " Type the name instead of pasting it."
        )
    if len(name) > LONGEST:
        raise ValueError(_too_long(name))
    read = unicodedata.normalize("NFKC", name).translate(_FULL_STOPS)  # as a browser reads it
    if _EMAIL.search(read):
        raise ValueError("The name cannot hold an e-mail address.")
    if _WEB.search(read):
        raise ValueError(
            "The name cannot hold a web address."
            " If it is not an address, put a space after the full stop."
        )
    return name


def known(text: str) -> str:
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
    named = {NAME: [name]} if name else {}
    return named | {question: choices for question, choices in chosen.items() if choices}


def _too_long(name: str) -> str:
    return f"The name has {len(name)} characters. Use at most {LONGEST}."


def _is_hidden(one: str) -> bool:
    """Say whether a character cannot be seen, or is none at all."""
    code = ord(one)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return nothing or (unicodedata.category(one) in _HIDDEN and one not in _JOINERS)
