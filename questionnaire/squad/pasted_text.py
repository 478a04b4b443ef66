"""Pasted text as the lines that its sender saw: without HTML, mail encodings and redirects."""

from __future__ import annotations

import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote

from questionnaire.text import Message

_LINE_ENDS = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    # A joiner belongs into a word of a script that needs it, or into an emoji.
    "|(?<![^\0-\u02ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\0-\u02ff])"
)
_QUOTE_MARKS = re.compile(r"(?:\s?>)+\s?")

_MIME_WORD = re.compile(r"=\?[\w-]{1,20}\?[QqBb]\?[^?\s]{1,200}\?=")
_ENCODED = re.compile(
    r"=3D|=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F])=[89AB][0-9A-F]|(?<=[a-z])=[C-F][0-9A-F](?=[a-z\s])"
)
"""What quoted-printable makes of “=” and of letters with accents, in UTF-8 or Latin-1."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_BLOCKS = (
    "p|div|br|hr|li|ul|ol|tr|table|tbody|thead|h[1-6]|blockquote|html|body|head|section|article"
    "|pre|dl|dt|dd"
)
_INLINE = "a|b|i|u|em|strong|span|font|small|s|code|td|th|img|tt"
_BLOCK = re.compile(_BLOCKS)
_NO_TAG = re.compile(
    rf"<(?!/?(?:{_BLOCKS}|{_INLINE})\b(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*+>)",
    re.IGNORECASE,
)
"""A “<” that starts no HTML tag, such as that of “<https://...>” and “<anna@example.org>”."""
_NOT_ONLY_IMAGES = re.compile(r"<(?!img)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]*-->|<!DOCTYPE[^<>]*>", re.IGNORECASE)

_URL = re.compile(r"https?://[^\s<>\"',|]+", re.IGNORECASE)
_OWN_PAGE = re.compile(r"/r/[0-9A-Za-z]", re.IGNORECASE)
_MOST_REDIRECTS = 3
MAX_TAGS = 20_000
MAX_LINES = 20_000

_OPEN_CELL = re.compile(r'(?:^|[,;\t])"(?:[^"]|"")*+$')
_CELL_END = re.compile(r'(?:[^"]|"")*+"(?=[,;\t]|\s*$)')
_MOST_LINES_IN_ROW = 20


class TooMuchTextError(ValueError):
    """A text holds more than a squad can have sent; the message says of what."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a pasted text, with its number from 1 and how deep a mail has quoted it."""

    number: int
    text: str
    depth: int = 0


def read_lines(text: str) -> list[Line]:
    """Return the lines of a pasted text that are not blank, as plain text with their numbers.

    Raises TooMuchTextError if it has more lines, or more HTML, than any chat of a squad.
    """
    numbered = enumerate(_LINE_ENDS.split(_visible(text)), 1)
    lines = [Line(number, one) for number, one in numbered if one.strip()]
    if len(lines) > MAX_LINES:
        raise TooMuchTextError(
            Message("This holds more than %(most)s lines. Paste less at a time.", most=MAX_LINES)
        )
    lines = _decode_quoted_printable(
        [Line(one.number, _MIME_WORD.sub(_mime_word, one.text)) for one in lines]
    )
    return list(_join_quoted_cells([_unquoted(line) for line in _without_html(lines)]))


def count_lines(text: str) -> int:
    """Return how many lines a text has, counted as `read_lines` numbers them."""
    lines = _LINE_ENDS.split(text)
    return len(lines) - (not lines[-1])


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _decode_quoted_printable(lines: list[Line]) -> list[Line]:
    """Return lines as they were before quoted-printable, if that is what they are."""
    if not any("=" in line.text and _ENCODED.search(line.text) for line in lines):
        return lines
    joined: list[Line] = []
    soft = False
    for line in lines:
        if soft:
            line = Line(joined[-1].number, joined.pop().text + line.text)
        soft = line.text.endswith("=")
        joined.append(Line(line.number, line.text.removesuffix("=")))
    return [Line(line.number, _bytes_decoded(line.text)) for line in joined]


def _mime_word(word: re.Match[str]) -> str:
    """Return a name as it was before a mail program encoded it, if that can be undone."""
    try:
        return str(make_header(decode_header(word[0])))
    except (HeaderParseError, LookupError, UnicodeError):
        return word[0]


def _bytes_decoded(text: str) -> str:
    if "=" not in text:
        return text
    decoded = quopri.decodestring(text.encode(errors="replace"))
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return decoded.decode("cp1252", errors="replace")


def _without_html(lines: list[Line]) -> Iterator[Line]:
    """Yield lines without HTML; a link's own text is written as in Markdown, [text](address)."""
    joined = "\n".join(line.text for line in lines)
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), joined)
    escaped = _NO_TAG.sub("&lt;", text)
    if not _NOT_ONLY_IMAGES.search(escaped):
        yield from (Line(one.number, _ENTITY.sub(_character, one.text)) for one in lines)
        return
    if escaped.count("<") > MAX_TAGS:
        raise TooMuchTextError(
            Message("This holds more than %(most)s HTML tags. Paste less at a time.", most=MAX_TAGS)
        )
    parser = _HtmlLines()
    parser.feed(escaped)
    parser.close()
    for index, plain in parser.finish():
        yield Line(lines[index].number, _visible(plain))


def _character(entity: re.Match[str]) -> str:
    return " ".join(_visible(html.unescape(entity[0])).splitlines())


class _HtmlLines(HTMLParser):
    """The lines of a text with HTML tags, each with its place in the text from 0."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[int, str]] = []
        self._parts: list[str] = []
        self._start = 0
        self._in_row = False
        self._has_cell = False
        self._href: str | None = None
        self._link_start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a line, a cell or a link."""
        self._end_link()
        if tag == "tr":
            self._end_line()
            self._in_row, self._has_cell = True, False
        elif tag in ("td", "th"):
            self._parts += ["\t"] if self._has_cell else []
            self._has_cell = True
        elif _BLOCK.fullmatch(tag):
            self._end_block()
        elif tag == "a":
            self._href, self._link_start = dict(attrs).get("href"), len(self._parts)

    def handle_endtag(self, tag: str) -> None:
        """End a line or a link."""
        if tag == "a":
            self._end_link()
        elif tag in ("tr", "table"):
            self._in_row = False
            self._end_line()
        elif _BLOCK.fullmatch(tag):
            self._end_block()

    def handle_data(self, data: str) -> None:
        """Add text; in a row of a table, or between tags, a line end is a space."""
        if self._in_row or not data.strip() or self._href is not None:
            self._add(" ".join(data.splitlines()) if data.strip() else " ")
            return
        first, *others = data.split("\n")
        self._add(first)
        for below, part in enumerate(others, 1):
            self._end_line()
            self._start = self.getpos()[0] - 1 + below
            self._add(part)

    def finish(self) -> list[tuple[int, str]]:
        """Return the lines."""
        self._end_link()
        self._end_line()
        return self._lines

    def _add(self, text: str) -> None:
        if not self._parts:
            self._start = max(self._start, self.getpos()[0] - 1)
        self._parts.append(text)

    def _end_block(self) -> None:
        if self._in_row:
            self._parts.append(" ")
        else:
            self._end_line()

    def _end_line(self) -> None:
        self._end_link()
        if text := "".join(self._parts).strip(" "):
            self._lines.append((self._start, text))
        self._parts = []

    def _end_link(self) -> None:
        if self._href is None:
            return
        own = " ".join("".join(self._parts[self._link_start :]).split())
        shown = own.replace("[", "(").replace("]", ")")
        # The text of most links in a chat is their address.
        is_address = "://" in own or _OWN_PAGE.search(own) or not own
        written = f" {self._href} " if is_address else f"[{shown}]({self._href})"
        self._parts[self._link_start :] = [written if "/" in self._href else own]
        self._href = None


def _unquoted(line: Line) -> Line:
    """Return a line without the “>” of a quotation, and with redirects as what they lead to."""
    marks = _QUOTE_MARKS.match(line.text)
    text = line.text[marks.end() :] if marks else line.text
    if "://" in text and ("%" in text or "?" in text or "__" in text):
        text = _URL.sub(lambda url: redirect_target(url[0]), text)
    return Line(line.number, text, marks[0].count(">") if marks else 0)


def redirect_target(url: str) -> str:
    """Return the address that a redirect of a mail program or site holds, or the address itself."""
    for _ in range(_MOST_REDIRECTS):
        path, _, query = url.partition("?")
        is_own = _OWN_PAGE.search(path) and "/v3/__" not in path
        inner = None if is_own else _in_path(path) or _in_query(query)
        if inner is None:
            break
        url = inner
    return unquote(url) if "%2fr%2f" in url.lower() else url


def _in_path(path: str) -> str | None:
    # Proofpoint, version 3. Without a pattern: one that is never closed would take its square.
    address, closed, _ = path.partition("/v3/__")[2].partition("__;")
    if closed and address:
        return address
    plain = unquote(path)
    start = max(plain.rfind("http://"), plain.rfind("https://"))
    return plain[start:] if start > 0 else None


def _in_query(query: str) -> str | None:
    for name, value in parse_qsl(query) or [("", unquote(query))]:
        if value.startswith(("http://", "https://")):
            return value
        if name == "u" and value.startswith(("http-3A", "https-3A")):  # Proofpoint, version 2
            return unquote(value.replace("-", "%").replace("_", "/"))
    return query if query.startswith(("http://", "https://")) else None


def _join_quoted_cells(lines: list[Line]) -> Iterator[Line]:
    """Yield lines, those over which a cell in quotes runs as one."""
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        limit = position + _MOST_LINES_IN_ROW
        while '"' in line.text and _OPEN_CELL.search(line.text):
            last = _last_line_of_cell(lines[position:limit])
            if last is None:
                break
            last += position
            inner = " ".join(one.text for one in lines[position : last + 1])
            line = Line(line.number, f"{line.text} {inner}", line.depth)
            position = last + 1
        yield line


def _last_line_of_cell(lines: list[Line]) -> int | None:
    """Return which of some lines ends the cell that is open before them, if one does."""
    for index, line in enumerate(lines):
        end = _CELL_END.match(line.text)
        if _OWN_PAGE.search(end[0] if end else line.text):
            return None
        if end:
            return index
        if '"' in line.text.replace('""', ""):
            return None
    return None
