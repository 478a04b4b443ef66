"""Pasted text to results, each with the name of its runner or with none: never another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from questionnaire.engine.assessment import Answers
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad import table_rows
from questionnaire.squad.broken_links import join_broken_links
from questionnaire.squad.forwarded import Message
from questionnaire.squad.message_headers import Header, is_date_or_time, is_time, read_header
from questionnaire.squad.name_pairs import PairedLines, name_beside, names_of_run
from questionnaire.squad.pasted_text import Line, count_lines, read_lines
from questionnaire.squad.result_links import FoundLink, LinkFinder
from questionnaire.squad.runner_names import clean, is_placeholder, name_in, name_key, person_in
from questionnaire.text import quoted

MAX_SHOWN = 120


@dataclass(slots=True)
class PastedResult:
    """A result in a text: its line from 1, and its name if one stands by it.

    Without answers it could not be read: the reason says why, `shown` is its line, and `written`
    what of it is the result.
    """

    line: int
    answers: Answers | None
    name: str | None = None
    sender: str | None = None
    reason: str = ""
    shown: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class PastedResults:
    """All results in a text, and how many of its lines hold none."""

    results: tuple[PastedResult, ...]
    chatter: int


def read_results(rulebook: Rulebook, *texts: str) -> PastedResults:
    """Return the results in one or more texts, in their order.

    Each text is read for itself, so that no name in one is taken for a result in the next; their
    lines are counted on. Raises TooMuchTextError if all hold too many links and codes.
    """
    finder = LinkFinder(rulebook)
    lines = [read_lines(text) for text in texts]
    finder.refuse_too_many(line.text for part in lines for line in part)
    starts = accumulate((count_lines(text) for text in texts), initial=0)
    parts = [
        _read_lines(finder, [Line(start + line.number, line.text, line.depth) for line in part])
        for start, part in zip(starts, lines, strict=False)
    ]
    results = tuple(result for part in parts for result in part.results)
    return PastedResults(results, sum(part.chatter for part in parts))


def _read_lines(finder: LinkFinder, lines: list[Line]) -> PastedResults:
    lines = [line for line in join_broken_links(lines, finder) if line.text.strip()]
    reader = _Reader(finder)
    times = [is_time(line.text) for line in lines]
    for line, time, below in zip(lines, times, [*times[1:], False], strict=False):
        reader.read(line, time=time, time_below=below)
    return reader.finish()


@dataclass(slots=True)
class _Quotation:
    depth: int
    around: str | None
    """Who sent the text around it."""
    entered: bool = False


class _Reader:
    """Reads a text line by line."""

    def __init__(self, finder: LinkFinder) -> None:
        """Find links with this finder."""
        self._finder = finder
        self._results: list[PastedResult] = []
        self._chatter = 0
        self._message = Message()
        self._message_start = 0
        self._last: PastedResult | None = None
        """The result on the line above, in a message."""
        self._quotations: list[_Quotation] = []
        self._lines = PairedLines[PastedResult]()
        self._columns: table_rows.NameColumns | None = None
        self._time_is_read = False
        """True if the next line is the time that belongs to the sender above it."""

    def finish(self) -> PastedResults:
        """Return all that was read."""
        self._pair_lines()
        return PastedResults(tuple(self._results), self._chatter)

    def read(self, line: Line, *, time: bool, time_below: bool) -> None:
        """Read one line, which may be a time, and have a time below it."""
        self._follow_quotations(line.depth)
        before = len(self._results)
        if self._time_is_read:
            self._time_is_read = False
        else:
            header = Header(None, "") if time else read_header(line.text, time_below=time_below)
            self._read_line(line, header)
        self._chatter += len(self._results) == before

    def _read_line(self, line: Line, header: Header | None) -> None:
        """Read a line as a row of a table, as the start of a message, or as text."""
        if header is None or header.sender is None:
            cells = table_rows.split_cells(line.text)
            if cells and self._read_row(line, cells):
                return
        if header:
            self._time_is_read = header.time_below
            self._start_message(header, line.depth)
            line = Line(line.number, header.body, line.depth)
        self._read_text(line, headed=header is not None)

    def _start_message(self, header: Header, depth: int) -> None:
        self._pair_lines()
        self._columns = None
        if header.quotes:
            self._quotations.append(_Quotation(depth, self._message.sender))
        self._message, self._last = Message(header.sender), None
        self._message_start = len(self._results)

    def _follow_quotations(self, depth: int) -> None:
        """Go back to the sender of a mail after what it quotes."""
        while self._quotations:
            last = self._quotations[-1]
            last.entered |= depth > last.depth
            if not last.entered or depth > last.depth:
                return
            self._pair_lines()
            self._message = Message(self._quotations.pop().around)

    def _pair_lines(self) -> None:
        for result, name in self._lines.pairs():
            result.name = name
        self._lines = PairedLines()

    def _add(self, line: Line, link: FoundLink, name: str | None) -> PastedResult:
        shown = quoted(line.text.strip()[:MAX_SHOWN])
        told = (self._message.sender, link.reason, shown, link.written)
        result = PastedResult(line.number, link.answers, name, *told)
        self._results.append(result)
        return result

    def _read_row(self, line: Line, cells: list[str]) -> bool:
        """Read a row of a table; return False if it holds no link and no headings."""
        if not self._finder.find(line.text):
            return self._read_headings(cells)
        found = [self._finder.find(cell) for cell in cells]
        places = [index for index, links in enumerate(found) if links]
        links = _each_once([link for cell in found for link in cell])
        for link, name in zip(links, self._names_in_row(cells, places, links), strict=True):
            self._add(line, link, name)
        self._lines.add_barrier()
        return True

    def _read_headings(self, cells: list[str]) -> bool:
        columns = table_rows.name_columns(cells)
        if columns is not None:
            self._start_message(Header(None, ""), 0)
            self._columns = columns
        return columns is not None

    def _names_in_row(
        self, cells: list[str], places: list[int], links: list[FoundLink]
    ) -> list[str | None]:
        """Return the name of each link in a row, in which cells at these places hold them."""
        if self._columns is None and table_rows.is_own_row(cells):
            return [table_rows.OWN_COLUMNS.name(cells)] * len(links)
        single = len({link.answers for link in links}) == 1
        if self._columns is not None and (single or self._columns.one_runner):
            return [self._columns.name(cells)] * len(links)
        if single:
            return [self._name_in_row(cells, places[0], links[0])] * len(links)
        ends = [-1, *places, len(cells)]
        gaps = [table_rows.name_among(cells[a + 1 : b]) for a, b in pairwise(ends)]
        names = names_of_run(gaps, gaps) if len(links) == len(places) else None
        return names or [None] * len(links)

    def _name_in_row(self, cells: list[str], place: int, link: FoundLink) -> str | None:
        """Return the name in a row with one result: before it, in its cell, or after it."""
        if any(map(is_placeholder, cells)):
            return None  # our own cells without their heads: what else stands there is no name
        name = (
            link.name
            or table_rows.name_among(cells[:place])
            or name_in(cells[place][: link.start])
            or table_rows.name_among(cells[place + 1 :], capitalised=True)
        )
        if self._message.sender is None:
            return name
        # Within a message, only what is surely a name is more than a word of its sender.
        return person_in(name, cased=True) if name else self._message.take_sender(link.answers)

    def _read_text(self, line: Line, *, headed: bool = False) -> None:
        """Read a line, or what follows the sender on it."""
        links = _once(line.text, self._finder.find(line.text))
        if not links:
            self._read_words(line.text, headed=headed)
            return
        ends = [0, *(link.end for link in links)]
        starts = [*(link.start for link in links), len(line.text)]
        gaps = [line.text[a:b] for a, b in zip(ends, starts, strict=True)]
        read = self._read_links if self._message.sender is None else self._read_links_of_sender
        read(line, links, gaps)

    def _read_words(self, text: str, *, headed: bool) -> None:
        """Read a line without a link."""
        if self._last and self._message.gives_to_another(text):
            self._last.name = None
        elif self._last and self._last.name is None and self._message.is_another_alone(text):
            # Names stand below the links: the first link is no more the sender's than this one.
            for result in self._results[self._message_start :]:
                result.name = None if result.name == result.sender else result.name
        self._last = None
        self._message.words = True
        self._message.line_above = text
        if self._message.sender is None and not headed and self._lines.is_possible:
            name = person_in(text)
            if name and not is_date_or_time(text):
                self._lines.add(name)

    def _read_links(self, line: Line, links: list[FoundLink], gaps: list[str]) -> None:
        """Read a line with links that no sender has sent."""
        after = [person_in(gap) for gap in gaps]
        before = [name_in(gap) for gap in gaps]
        names: Sequence[str | None] = [link.name for link in links]
        if not any(names):
            one = [name_beside(gaps, before, after)] if len(links) == 1 else None
            names = one or names_of_run(before, after) or [None] * len(links)
        results = [self._add(line, link, name) for link, name in zip(links, names, strict=True)]
        if any([*names, *before, *after]):
            self._lines.add_barrier()
            return
        for result in results:
            self._lines.add(result)

    def _read_links_of_sender(self, line: Line, links: list[FoundLink], gaps: list[str]) -> None:
        """Read a line with links in a message: its sender is the runner, if nobody else is."""
        names = [person_in(gap, cased=True) for gap in gaps]
        decided: Sequence[str | None] = names[:-1]
        sure = True
        if len(links) > 1 and (names[-1] or any("(" in gap for gap in gaps[1:-1])):
            run = None if names[0] else names_of_run([None, *names[1:]], names)
            decided, sure = run or [None] * len(links), False
        message = self._message
        afters = [*[""] * (len(links) - 1), gaps[-1]]
        for link, gap, after, name in zip(links, gaps, afters, decided, strict=False):
            message.words |= bool(clean(gap))
            name = link.name or name
            if sure and not (name and message.is_another(name)):
                name = self._quoted_name(link)
                if name is None and not message.is_anothers(gap, after):
                    name = message.take_sender(link.answers)
            self._last = self._add(line, link, name)
            message.line_above = ""
        message.words |= bool(clean(gaps[-1]))

    def _quoted_name(self, link: FoundLink) -> str | None:
        """Return the name in the line above if this very result stands under it already."""
        name = person_in(self._message.line_above)
        if name is None or link.answers is None:
            return None
        same = (one.name for one in self._results if one.answers == link.answers and one.name)
        return next((one for one in same if name_key(one) == name_key(name)), None)


def _each_once(links: list[FoundLink]) -> list[FoundLink]:
    """Return the links of a row without those that repeat a result, as a code beside its link."""
    kept: dict[Answers | FoundLink, FoundLink] = {}
    for link in links:
        kept.setdefault(link.answers or link, link)
    return list(kept.values())


def _once(text: str, links: list[FoundLink]) -> list[FoundLink]:
    """Return links without those that stand right behind the same one, as some programs do."""
    kept: list[FoundLink] = []
    for link in links:
        same = kept and link.answers is not None and kept[-1].answers == link.answers
        if same and not clean(text[kept[-1].end : link.start]) and not link.own_text:
            kept[-1] = replace(kept[-1], end=link.end)
        else:
            kept.append(link)
    return kept
