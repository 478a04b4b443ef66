"""How chats and mails say who wrote a message: one table of formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from questionnaire.squad.runner_names import is_phone, name_in, person_in, sender_in

_MAX_HEADER = 200
"""How much of a line can be a header."""

_DAY = (
    r"(?i:today|yesterday|heute|gestern|aujourd['’]hui|hier|hoy|ayer|oggi|ieri|hoje|ontem|vandaag"
    r"|gisteren|idag|igår|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:mo|di|mi|do|fr|sa|so)(?=[.,])"
    r"|lun(?:di|es|edì)?|mar(?:di|tes|tedì)?|mer(?:credi|coledì)?|mi[ée]rcoles|jeu(?:di)?|jueves"
    r"|ven(?:dredi|erdì)?|viernes|sam(?:edi)?|s[áa]bado|sabato|dim(?:anche)?|domingo|domenica)\b\.?"
)
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\W\d_]{0,6}\.?"
_TIME = (
    r"(?:(?:[AaPp][Mm]|上午|下午|午前|午後|오전|오후|ÖÖ|ÖS)\s?)?"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?!\d|[./]\d)(?:Z|[+-]\d\d:?\d\d)?"
    # A short word after the time: one of these, or any before the stamp ends.
    r"(?:\s?(?:[AaPp]\.?\s?[Mm]\b\.?|Uhr\b|h\b"
    r"|[^\W\d_]{1,4}\.?(?:\s[^\W\d_]{1,2}\.)?(?=\s*(?:[\])~,]|[-–—]\s|$))))?"
)
_DATE = (
    rf"(?:(?:{_DAY},?\s+)?(?:\d{{1,4}}\s?[./-]\s?\d{{1,2}}(?:\s?[./-]\s?\d{{1,4}})?\.?"
    r"|\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일]"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:de\s)?[^\W\d_]{3,10}\.?,?(?:\s(?:de\s)?\d{4})?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?)|{_DAY})"
)
_BETWEEN = r"(?:T|\s?(?:[^\W\d_]{1,3}\.)?[,،]?\s*(?:\]\s*\[)?(?:[^\W\d_]{1,5}\.?\s){0,2})"
_STAMP = rf"(?:{_DATE}{_BETWEEN}{_TIME}|{_TIME}[,،]?\s+{_DATE})"
_AGE = (
    r"(?:(?:(?i:vor|il y a|hace|há)\s)?\d{1,3}\s?"
    r"(?i:s|secs?|min|minutes?|m|h|hrs?|hours?|std|stunden?|d|days?|w|weeks?)\b\.?(?:\sago)?|(?i:just\snow))"
)
_WHEN = rf"(?:{_STAMP}|{_TIME})"
_NAME = r"(?P<name>[^\t:]{1,60}?)"
_OPEN, _CLOSE = r"[\[(]?\s?", r"\s?[\])]?\s?(?:[-–—~,]\s)?\s*"
_BODY = r"(?P<body>.*)"
_STATUS = r":[a-z][\w+-]{1,40}:"
"""What Slack writes for a picture beside a name, such as “:man-running:”."""
_PRONOUNS = r"\((?i:she|he|they|any|sie|er|elle|il|ella|él)\b[^()]{0,20}\)"
_FROM = r"(?i:from|von|de|da|van|från|fra|od|absender|sender)"
_FIELD = r"(?i:name|full name|athlete|runner|läufer|läuferin|nom|nombre|nome|naam|namn|navn)"
_ADDRESS = r"[^\s<>@]{1,80}@[^\s<>@]{1,80}"
_MAIL = rf"[<\[(]{{1,2}}(?:mailto:)?{_ADDRESS}[>\])]{{1,2}}"
_WROTE = r"(?i:wrote|schrieb|schreef|skrev|a écrit|escribió|escreveu|ha scritto|napisał(?:\(a\))?)"


def _spelt(name: str) -> str | None:
    return None if re.fullmatch(_ADDRESS, name) else sender_in(name)


def _person(name: str) -> str | None:
    return name if is_phone(name := name.strip(" ,–—-|•·(")) else person_in(name)


def _person_or_handle(name: str) -> str | None:
    return _person(name) or (name if re.fullmatch(r"(?=.*[_.\d])[a-z][\w.]{1,31}", name) else None)


def _short_name(name: str) -> str | None:
    return name_in(name) if len(name.split()) <= 3 else None


def _person_or_word(name: str) -> str | None:
    return _person(name) or (None if " " in name else name_in(name))


def _two_words(name: str) -> str | None:
    return found if (found := _person(name)) and len(found.split()) > 1 else None


def _capitalised(name: str) -> str | None:
    return person_in(name, cased=True)


@dataclass(frozen=True)
class HeaderFormat:
    """A way in which a line names a sender; `name` is who it is in what stands in their place."""

    example: str
    pattern: str
    name: Callable[[str], str | None]
    quotes: bool = False
    """True if what follows may be quoted with “>”, and its author's only for so long."""

    @cached_property
    def timed(self) -> bool:
        """Return True if the format has a time in it."""
        return bool(_ANY_TIME.search(self.example))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first used: all of them would hold up the start."""
    return re.compile(pattern)


_ANY_TIME = re.compile(r"\d[:.]\d\d|\d\s?[smhdw]|\bnow\b", re.IGNORECASE)
_MAY_QUOTE = re.compile(r"^(?:On|Am|Le|El|Il|Em|Op|Den)\s|:$")
_LONG_GAP = re.compile(r"(\s{4})\s+")
"""A gap that is made shorter: the patterns try each way to share its spaces among them."""
_LABEL_END = re.compile(r"[:=]")


FORMATS = (
    HeaderFormat(
        "On Sun, 22 Nov 2026 at 18:31, Anna Berg <a@b.example> wrote:",
        rf"(?=.*\d.*:$)(?:.*(?:,|\d|\b{_WROTE})\s)(?P<name>[^<>,:\d]{{1,60}}?)\s*{_MAIL}"
        rf"(?:\s?{_WROTE})?\s?:$",
        _spelt,
        quotes=True,
    ),
    HeaderFormat(
        "Am 22.11.2026 um 18:31 schrieb Anna Berg:",
        rf"(?=.*\d.*:$)(?:.*\b{_WROTE}\s)(?P<name>[^<>,:\d]{{1,60}}?)\s?:$",
        _spelt,
        quotes=True,
    ),
    HeaderFormat(
        "On 22 Nov 2026, at 18:31, Anna Berg wrote:",
        rf"(?=.*\d)(?:.*(?:,|\d)\s)(?P<name>[^<>,:\d]{{1,60}}?)\s{_WROTE}\s?:$",
        _spelt,
        quotes=True,
    ),
    HeaderFormat(
        "On Sun, 22 Nov 2026 at 18:31, Anna Berg <a@b.example>",
        rf"(?:On|Am|Le|El|Il|Em|Op|Den)\s{_STAMP},?\s(?:{_WROTE}\s)?{_NAME}\s*(?:{_MAIL})?$",
        _capitalised,
        quotes=True,
    ),
    HeaderFormat("[Anna Berg] [오후 6:30] hi", rf"\[{_NAME}\]\s\[{_WHEN}\]\s?{_BODY}", _spelt),
    HeaderFormat("18:30\tAnna Berg\thi", rf"{_TIME}\t(?P<name>[^\t:]+)\t{_BODY}", _spelt),
    HeaderFormat("[18:30] <Anna Berg> hi", rf"{_OPEN}{_WHEN}{_CLOSE}<{_NAME}>\s{_BODY}", _spelt),
    HeaderFormat(
        "18:30:05 From Anna Berg to Everyone: hi",
        rf"{_TIME}\s+(?:From|Von|De)\s+{_NAME}(?:\s(?:to|an|à|a)\s[^:]{{1,60}})?\s?:{_BODY}",
        _spelt,
    ),
    HeaderFormat(
        "22/11/2026, 6:30 p. m. - Anna Berg: hi",
        rf"{_OPEN}{_STAMP}{_CLOSE}(?!https?:){_NAME}\s?:(?!//){_BODY}",
        _spelt,
    ),
    HeaderFormat(
        "[18:30] Anna Berg: hi", rf"\[\s?{_TIME}\s?\]\s*(?!https?:){_NAME}\s?:(?!//){_BODY}", _spelt
    ),
    HeaderFormat(
        "18:30 - Anna Berg: hi", rf"{_TIME}{_CLOSE}(?!https?:){_NAME}\s?:(?!//){_BODY}", _person
    ),
    HeaderFormat("[22/11 18:30] Anna Berg", rf"\[\s?{_WHEN}\s?\]\s*{_NAME}$", _capitalised),
    HeaderFormat("18:30 Anna Berg", rf"{_WHEN}\s{_NAME}$", _two_words),
    HeaderFormat("Anna Berg, [22/11/2026 18:30]", rf"{_NAME},?\s*\[{_WHEN}\]:?\s*{_BODY}", _spelt),
    HeaderFormat(
        "Anna Berg — Today at 18:30",
        # First whether it can end in a stamp: to try one behind each letter takes long.
        rf"(?!.*\t.*\t)(?=.*\d\D{{0,16}}$){_NAME}\s*[,–—|•·-]?\s*\(?{_STAMP}\)?:?$",
        _person_or_handle,
    ),
    HeaderFormat("Anna Berg • 18:30", rf"{_NAME}\s*[,–—|•·(]\s*{_TIME}\)?:?$", _person),
    HeaderFormat("Anna Berg 6:30 PM", rf"{_NAME}\s+(?:at\s)?(?:{_TIME}|{_AGE})$", _two_words),
    HeaderFormat(
        "Anna Berg (she/her) :house:  16:12",
        rf"(?=.*\d\D{{0,16}}$){_NAME}(?:\s{{0,2}}(?:{_PRONOUNS}|{_STATUS})){{1,2}}\s{{1,3}}"
        rf"\[?{_WHEN}\]?$",
        _short_name,
    ),
    HeaderFormat(
        "Anna Berg  16:12",
        rf"(?=.*\d\D{{0,16}}$){_NAME}\s{{2,3}}\[?{_WHEN}\]?$",
        _person_or_word,
    ),
    HeaderFormat(
        "From: Anna Berg <a@b.example>", rf"{_FROM}\s?:\s*{_NAME}\s*(?:{_MAIL})?$", _spelt
    ),
    HeaderFormat("Name: Anna Berg", rf"{_FIELD}\s?[:=]\s*{_NAME}$", _spelt),
    HeaderFormat("Anna Berg:", rf"{_NAME}\s?:$", _capitalised),
)
"""The ways in which a line names a sender, each with an example; the first that fits counts."""

_SYSTEM = (
    rf"(?:[\[(]\s?{_WHEN}\s?[\])]\s*|{_STAMP}{_CLOSE})(?P<body>.*)|{_FROM}\s?:\s*<?{_ADDRESS}>?$"
)
"""A line of the chat program itself: a stamp, and nobody named."""

_TIME_LINE = rf"(?:{_STATUS})?\W*(?:{_STAMP}|{_TIME}|{_AGE})\W*(?i:edited)?\W*"
_CELL = rf"\W*(?:{_STAMP}|{_TIME}|{_DATE})\W*"


@dataclass(frozen=True, slots=True)
class Header:
    """Who sent what follows, None if nobody is named, and what of it stands on the same line."""

    sender: str | None
    body: str
    quotes: bool = False
    time_below: bool = False


def read_header(line: str, *, time_below: bool = False) -> Header | None:
    """Return the sender that a line names, alone or with a time below it, or None.

    A stamp without a name is a header of nobody.
    """
    text = line.strip().lstrip("*_") if len(line) < _MAX_HEADER else line.strip()
    head, rest = _LONG_GAP.sub(r"\1", text[:_MAX_HEADER]), text[_MAX_HEADER:]
    if time_below and (name := _person(head)) and not rest:
        return Header(name, "", time_below=True)
    timed = bool(_ANY_TIME.search(head))
    if not timed and not _LABEL_END.search(head):
        return None
    may_quote = bool(_MAY_QUOTE.search(head))
    for one in FORMATS:
        possible = (timed or not one.timed) and (may_quote or not one.quotes)
        match = compiled(one.pattern).match(head) if possible else None
        if match and (name := one.name(match["name"])):
            body = match.groupdict().get("body")
            if body is not None or not rest:
                return Header(name, (body or "") + rest, one.quotes)
    system = compiled(_SYSTEM).match(head)
    return Header(None, (system["body"] or "") + rest) if system else None


def is_time(line: str) -> bool:
    """Return True for a line that holds a time, or how long ago, and nothing else."""
    if len(line) > _MAX_HEADER or not _ANY_TIME.search(line):
        return False
    return bool(compiled(_TIME_LINE).fullmatch(line.strip()))


def is_date_or_time(cell: str) -> bool:
    """Return True for a cell that holds a date, a time or both, and nothing else."""
    return len(cell) < _MAX_HEADER and bool(compiled(_CELL).fullmatch(cell.strip()))
