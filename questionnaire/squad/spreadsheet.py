"""A squad as the cells of a spreadsheet: as CSV, or with tabs to be copied.

The second row has keys that are the same in every language, so that the squad sheet can read
its own file again. Codes stand right behind the name, where they are found without the heads.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from questionnaire.engine.codes import group_digits
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.sheet_blocks import changes_since
from questionnaire.squad.squad import Runner, Squad, UnreadResult
from questionnaire.text import Message

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula."""

Cell = str | int
Say = Callable[[str], str]
_BEFORE = {
    "name": Message("Name"),
    "earlier": Message("Earlier results"),
    "code": Message("Code"),
    "link": Message("Link"),
    "date": Message("Date"),
    "kind": Message("Kind of notice"),
    "notice": Message("Notice"),
}
_AFTER = {"since": Message("Since"), "line": Message("Line")}


def squad_rows(
    rulebook: Rulebook, squad: Squad, address: Callable[[str], str], say: Say = str
) -> Iterator[list[Cell]]:
    """Yield the rows: heads, keys, a row a runner, and what could not be read.

    `say` translates what is a Message, as all of it is but names, codes and the rulebook's words.
    """
    groups = rulebook.muscle_groups
    heads = [*_BEFORE.values(), *(group.name for group in groups), *_AFTER.values()]
    keys = [*_BEFORE, *(f"group-{group.id}" for group in groups), *_AFTER]
    for row in (heads, keys):
        yield [_disarm(say(cell)) for cell in row]
    for runner in squad.runners:
        yield [_disarm(cell) for cell in _row(rulebook, runner, address, say)]
    for one in squad.unread:
        yield [_disarm(cell) for cell in _unread_row(one, len(groups), say)]


def _row(rulebook: Rulebook, runner: Runner, address: Callable[[str], str], say: Say) -> list[Cell]:
    counts = {one.group.id: len(one.matches) for one in runner.findings}
    none = "" if runner.stopped else 0
    since = changes_since(rulebook, runner)
    return [
        say(runner.label),
        " ".join(map(group_digits, _kept_codes(runner))),
        group_digits(runner.shown.code),
        address(runner.shown.code),
        runner.answers.day.isoformat(),
        say(_kind(runner)),
        " ".join(map(say, runner.told)),
        *(counts.get(group.id, none) for group in rulebook.muscle_groups),
        f"{since.day.isoformat()}: {'; '.join(map(say, since.changes))}" if since else "",
        runner.line,
    ]


def _kept_codes(runner: Runner) -> list[str]:
    """Return the codes to keep before that of the row: the latest earlier one, and its day's.

    With all of them the file would grow each month, until it is too long to be read again. Of
    one day the last in a row is the newest, so they stand in the order of time.
    """
    same_day = [one.code for one in reversed(runner.results) if one is not runner.shown]
    return [*(code for code, _ in runner.earlier[:1]), *same_day]


def _kind(runner: Runner) -> str:
    if runner.stopped:
        return Message("Stop")
    return Message("Caution") if runner.told else ""


def _unread_row(one: UnreadResult, groups: int, say: Say) -> list[Cell]:
    """Return the row of what could not be read: where a code stands, so that it is read again."""
    kind, reason = say(Message("Could not be read")), say(one.reason)
    before = [one.name or "", "", one.written, "", "", kind, reason]
    return [*before, *[""] * groups, "", one.line]


def _disarm(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(rows: Iterable[list[Cell]]) -> str:
    """Return rows as CSV with commas, with the mark by which Excel knows UTF-8."""
    # Every text in quotation marks, or a semicolon in a name starts a new cell in half of Europe.
    text = _written(rows, delimiter=",", quoting=csv.QUOTE_NONNUMERIC, line_end="\r\n")
    return "\N{BYTE ORDER MARK}" + text


def as_tabs(rows: Iterable[list[Cell]]) -> str:
    """Return rows as lines with tabs, which a spreadsheet takes for cells when they are pasted."""
    return _written(rows, delimiter="\t", quoting=csv.QUOTE_MINIMAL, line_end="\n")


def _written(
    rows: Iterable[list[Cell]], *, delimiter: str, quoting: Literal[0, 2], line_end: str
) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows(rows)
    return file.getvalue()
