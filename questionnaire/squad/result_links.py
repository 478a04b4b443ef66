"""Results links and codes in a line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import (
    FIRST_DAY,
    CodeError,
    ForeignCodeError,
    decode,
    encode,
)
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.mistyped_codes import GROUP, SEPARATORS, SQUEEZE, code_like
from questionnaire.squad.pasted_text import TooMuchTextError
from questionnaire.squad.runner_names import name_in
from questionnaire.text import Message

MAX_LINKS = 1000
"""How many different links and codes are read."""

MAX_REPEATED = 5000
"""How many are read with those that repeat, as the files of several months do."""

TOO_MANY = Message(
    "This holds more than %(most)s links or codes. Paste less at a time.", most=MAX_REPEATED
)
TOO_MANY_DIFFERENT = Message(
    "This holds more than %(most)s different links or codes. Paste less at a time.", most=MAX_LINKS
)

_MOST_SEEN = 2 * MAX_REPEATED
"""A link holds “/r/” and a code."""

_TWO_DIGITS = re.compile(r"\d[^\d]*\d")
_BETWEEN = re.compile(f"[{SEPARATORS}]{{1,3}}")
_DASHED = r"[0-9A-Za-z]*(?:[-\u2010-\u2015\u2212][0-9A-Za-z]+)*"
_LINK = re.compile(
    rf"""
    /r/ (?P<code> {_DASHED} )
    (?: /change | /qr\.svg | /with (?: / (?P<other> {_DASHED} ) )? )? (?P<slash> / )?
    (?P<rest> [?\#] [^\s<>()\[\]"'|,;]* )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHUNK_ENDS = " \t\u00a0<>()[]\"'|,;"
_CHUNK = re.compile(r"[^\s<>()\[\]\"'|,;]*")
_PATH = re.compile(r"\..*/$|/with/$|^r/$")
"""What stands before a code that belongs to an address, whole or cut."""
_SCHEME = re.compile(r"[A-Za-z]{0,5}://")
_HOST_STARTS = re.compile(r"[:=](?!\d)")
_MAX_ADDRESS = 300
_OWN_TEXT = re.compile(r"\[([^\[\]]{0,200})\]\(<?$")
_AFTER_OWN_TEXT = re.compile(r">?(?:\s\"[^\"()]{0,100}\")?\)")


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link or code and where in its line it stands; `answers` or the reason why it has none."""

    start: int
    end: int
    answers: Answers | None
    reason: str = ""
    own_text: str = ""
    written: str = ""
    """What could not be read, as it stands in the text."""

    @property
    def name(self) -> str | None:
        """Return the name that is the text of the link."""
        return None if "/" in self.own_text else name_in(self.own_text)


class LinkFinder:
    """Finds the results links and codes of one rulebook, and those that were mistyped or cut."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Find codes of this rulebook."""
        self._rulebook = rulebook
        self._found = 0
        self._decoded: dict[str, Answers] = {}
        self._different: set[Answers | str] = set()
        # Every code ends in nine characters: its rulebook's three, its day's and its check's.
        empty = encode(rulebook, Answers(0, FIRST_DAY)).zfill(9)
        self._tag = empty[:3]
        bits = (rulebook.bits | rulebook.retired_bits).bit_length()
        self._longest = 9 + bits // 5 + 1
        between = f"[{SEPARATORS}]{{0,3}}+"
        letters = [_spellings(one) for one in self._tag] + ["[0-9A-Za-z]"] * 6
        self._tail = re.compile(f"(?=({between.join(letters)})(?![^\\W_]))")

    def find(self, text: str) -> list[FoundLink]:
        """Return what a line holds, in its order; raise TooMuchTextError if it is too much."""
        if not ("/r/" in text.lower() or _TWO_DIGITS.search(text) or self._tail.search(text)):
            return []
        links = list(self._links(text))
        links += self._bare(_masked(text, links))
        links += self._mistyped(_masked(text, links))
        ours = [one for one in links if one.answers is not None]
        ours += [_with_what_is_written(text, one) for one in links if one.reason]
        self._count(ours)
        return sorted(ours, key=lambda one: one.start)

    def refuse_too_many(self, texts: Iterable[str]) -> None:
        """Raise TooMuchTextError if so much looks like a code that no squad can have sent it."""
        seen = 0
        for text in texts:
            seen += text.count("/r/") + sum(1 for _ in self._tail.finditer(text))
            if seen > _MOST_SEEN:
                raise TooMuchTextError(TOO_MANY)

    def may_hold_code(self, text: str) -> bool:
        """Return True if a text has what every code of this rulebook ends in."""
        return bool(self._tail.search(text))

    def joins(self, end: str, start: str) -> bool:
        """Return True if a code that passes its check runs over the end of a line."""
        joined, seam = end + start, len(end)
        if any(one.answers for one in self._links(start)):
            return False
        if not any(tail.end(1) > seam for tail in self._tail.finditer(joined)):
            return False
        found = [one for one in [*self._links(joined), *self._bare(joined)] if one.answers]
        whole = {one.start for one in [*self._links(end), *self._bare(end)] if one.answers}
        return any(one.start < seam < one.end and one.start not in whole for one in found)

    def _count(self, links: Sequence[FoundLink]) -> None:
        self._found += len(links)
        self._different.update(one.written if one.answers is None else one.answers for one in links)
        if len(self._different) > MAX_LINKS:
            raise TooMuchTextError(TOO_MANY_DIFFERENT)
        if self._found > _MOST_SEEN:  # a row of a table is looked at whole, and each of its cells
            raise TooMuchTextError(TOO_MANY)

    def _decode(self, code: str) -> Answers:
        """Return the answers of a code, which most chats and files hold more than once."""
        if code not in self._decoded:
            self._decoded[code] = decode(self._rulebook, code)
        return self._decoded[code]

    def _links(self, text: str) -> Iterator[FoundLink]:
        before = 0
        for match in _LINK.finditer(text) if "/r/" in text or "/R/" in text else ():
            if match.start() < before:
                continue
            start = _address_start(text, before, match.start())
            link = self._link(text, match, start)
            before = link.end
            yield _with_own_text(text, link)

    def _link(self, text: str, match: re.Match[str], start: int) -> FoundLink:
        """Return a link; one of another site has neither answers nor a reason."""
        try:
            answers = self._later(match["code"], match["other"] or "")
        except CodeError as error:
            if not match["rest"] and (spaced := self._spaced(text, match.start("code"))):
                return FoundLink(start, spaced[0], spaced[1])
            ours = _may_be_ours(text[start : match.start()], match)
            return FoundLink(
                start, _chunk_end(text, match.end()), None, error.reason if ours else ""
            )
        return FoundLink(start, match.end(), answers)

    def _later(self, code: str, other: str) -> Answers:
        """Return the answers in a link, or those compared with them if they are of a later day."""
        answers = self._decode(SQUEEZE.sub("", code))
        with suppress(CodeError):
            compared = self._decode(other)
            return compared if compared.day > answers.day else answers
        return answers

    def _spaced(self, text: str, start: int) -> tuple[int, Answers] | None:
        """Return the end and the answers of a code in groups that starts here."""
        end, code = start, ""
        for group in GROUP.finditer(text, start, start + 2 * self._longest):
            if group.start() > end and not _BETWEEN.fullmatch(text, end, group.start()):
                break
            end, code = group.end(), code + group[0]
            with suppress(CodeError):
                return end, self._decode(code)
        return None

    def _bare(self, text: str) -> Iterator[FoundLink]:
        for tail in self._tail.finditer(text):
            if found := self._ending(text, tail.start(1), tail.end(1)):
                yield _with_own_text(text, found)

    def _ending(self, text: str, tail: int, end: int) -> FoundLink | None:
        """Return the code that ends here: the shortest that starts with a group and passes."""
        groups = list(GROUP.finditer(text, max(0, tail - 2 * self._longest), end))
        later = end
        for group in reversed(groups):
            if later != end and not _BETWEEN.fullmatch(text, group.end(), later):
                break
            later = group.start()
            if later <= tail and not text[later - 1 : later].isalpha():
                code = SQUEEZE.sub("", text[later:end])
                if len(code) > self._longest + 1:
                    break
                with suppress(CodeError):
                    chunk = text[_chunk_start(text, later) : later]
                    in_address = bool(_PATH.search(chunk))
                    start = _address_start(text, 0, later) if in_address else later
                    return FoundLink(start, end, self._decode(code))
        return None

    def _mistyped(self, text: str) -> Iterator[FoundLink]:
        for start, end, surely in code_like(text, self._tag):
            if "://" in text[_chunk_start(text, start) : start]:
                continue
            try:
                self._decode(SQUEEZE.sub("", text[start:end]))
            except CodeError as error:
                if surely or isinstance(error, ForeignCodeError):
                    yield FoundLink(start, end, None, error.reason)


def _masked(text: str, found: Sequence[FoundLink]) -> str:
    """Return a text with line ends, which no code holds, in place of what was found in it."""
    if not found:
        return text
    pieces, end = [], 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += [text[end : one.start], "\n" * (one.end - max(end, one.start))]
        end = max(end, one.end)
    return "".join([*pieces, text[end:]])


def _spellings(character: str) -> str:
    alike = {"0": "0Oo", "1": "1IiLl"}.get(character, character + character.lower())
    return f"[{alike}]"


def _chunk_start(text: str, end: int) -> int:
    lowest = max(0, end - _MAX_ADDRESS)
    return max(lowest, *(text.rfind(one, lowest, end) + 1 for one in _CHUNK_ENDS))


def _chunk_end(text: str, start: int) -> int:
    rest = _CHUNK.match(text, start)
    return rest.end() if rest else start


def _address_start(text: str, lowest: int, path: int) -> int:
    """Return where the address begins whose path starts at an index."""
    start = max(lowest, _chunk_start(text, path))
    chunk = text[start:path]
    if scheme := _SCHEME.search(chunk):
        return start + scheme.start()
    return start + max((end.end() for end in _HOST_STARTS.finditer(chunk)), default=0)


def _may_be_ours(address: str, match: re.Match[str]) -> bool:
    """Return True if a link whose code fails may be a results link, and not another site's."""
    path_goes_on = match["slash"] and match.string[match.end() : match.end() + 1].isalnum()
    if path_goes_on or "reddit.com" in address:  # whose addresses have /r/ in them too
        return False
    return not address or any(one in address for one in (".", "://", "localhost"))


def _with_what_is_written(text: str, link: FoundLink) -> FoundLink:
    return replace(link, written=text[link.start : link.end][:_MAX_ADDRESS])


def _with_own_text(text: str, link: FoundLink) -> FoundLink:
    """Return a link with the text that Markdown gives it, if it does."""
    opening = _OWN_TEXT.search(text, max(0, link.start - 210), link.start)
    closing = _AFTER_OWN_TEXT.match(text, link.end)
    if not opening or not closing:
        return link
    return replace(link, start=opening.start(), end=closing.end(), own_text=opening[1])
