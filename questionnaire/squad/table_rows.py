"""Rows of a spreadsheet, a CSV file or a Markdown table, and which of their cells are names."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.squad.message_headers import is_date_or_time
from questionnaire.squad.runner_names import clean, name_in, person_in

_NAME_HEADING = re.compile(
    r"(?:(?:your|full|runner['’]?s?|athlete['’]?s?|member['’]?s?|what is your|ihr|dein"
    r"|vollständiger|imię i) )*"
    r"(?:name|runner|athlete|läufer|läuferin|nom|nombre|nome|naam|namn|navn|nazwisko)",
    re.IGNORECASE,
)
_PART_HEADING = re.compile(
    r"(?:your )?(?:(?:first|last|family|given|sur|fore)[ -]?name|vorname|nachname|familienname"
    r"|prénom|apellidos?|cognome|achternaam|voornaam|förnamn|efternamn|fornavn|etternavn)",
    re.IGNORECASE,
)
_MAY_BE_HEADING = re.compile("na[mv]|nom|runner|athlete|läufer|apellido", re.IGNORECASE)
"""What every heading of names has in it: the patterns take long."""
_LINK_CELL = re.compile(
    r"\W*(?:\S*/r/\S*|(?=\D*\d\D*\d)(?:[0-9A-Z-]{8,}|(?:[0-9A-Z]{5}[ .])+[0-9A-Z]{1,5}))\W*",
    re.IGNORECASE,
)
_DISARMED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
"""The apostrophe that our own CSV puts before what a spreadsheet takes for a formula."""
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_CELLS = 200
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_NO_NAME = re.compile(r"://|\S@\S")


def split_cells(line: str) -> list[str] | None:
    """Return the cells of a line that is a row, or None.

    Commas and semicolons make a row only if a link has a cell of its own, or a heading is there.
    """
    if max(map(line.count, "\t|,;")) > _MOST_CELLS:
        return None
    if "\t" in line:
        return _split(line, "\t")
    if line.startswith("|") and line.count("|") > 1:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    for delimiter in ",;":
        if delimiter in line and (cells := _split(line, delimiter)) and _is_row(cells):
            return cells
    return None


def _split(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of a line; a comma with a space after it is inside a cell."""
    try:
        (row,) = csv.reader([line], delimiter=delimiter)
    except (csv.Error, ValueError):
        return None
    cells: list[str] = []
    for cell in row:
        if cells and delimiter != "\t" and cell.startswith(" "):
            cells[-1] += delimiter + cell
        else:
            cells.append(cell)
    return cells


def _is_row(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and (
        any(map(_LINK_CELL.fullmatch, cells)) or name_columns(cells) is not None
    )


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Where the names stand in a table: whole, or in two columns, in the order of the table."""

    whole: tuple[int, ...]
    parts: tuple[int, ...]

    @property
    def one_runner(self) -> bool:
        """Return True if a row has the name of one runner only."""
        return len(self.whole) + bool(self.parts) == 1

    def name(self, cells: Sequence[str]) -> str | None:
        """Return the name in a row of the table, or None if its cell is empty."""
        whole = [cells[index] for index in self.whole if index < len(cells)]
        parts = [cells[index] for index in self.parts if index < len(cells)]
        for text in (" ".join(parts), *whole):
            if name := name_in(_DISARMED.sub("", text, count=1)):
                return name
        return None


def name_columns(cells: Sequence[str]) -> NameColumns | None:
    """Return where a row of headings says that names stand, or None if it is no such row."""
    if not any(map(_MAY_BE_HEADING.search, cells)):
        return None
    heads = [clean(cell).rstrip(" ?:*") for cell in cells]
    whole = tuple(n for n, head in enumerate(heads) if _NAME_HEADING.fullmatch(head))
    parts = tuple(n for n, head in enumerate(heads) if _PART_HEADING.fullmatch(head))
    if len(parts) == 1:  # “Name, Vorname”: the first of them is the family name
        parts, whole = tuple(sorted(parts + whole)), ()
    return NameColumns(whole, parts) if whole or parts else None


OWN_COLUMNS = NameColumns(whole=(0,), parts=())
"""Where the name stands in a row of our own sheet."""


def is_own_row(cells: Sequence[str]) -> bool:
    """Return True for a row of our own sheet, without its heads: a name, codes, link and day."""
    return (
        len(cells) > 4
        and all(map(_LINK_CELL.fullmatch, cells[2:4]))
        and "/r/" in cells[3]
        and bool(_ISO_DAY.fullmatch(cells[4]))
    )


def name_among(cells: Sequence[str], *, capitalised: bool = False) -> str | None:
    """Return the first cell that is a name of two or more words, or else the names joined."""
    names = [name for cell in cells if (name := _name_of_cell(cell, capitalised))]
    longer = [name for name in names if " " in name]
    persons = [name for name in longer if person_in(name)]
    return next(iter(persons or longer), " ".join(names) or None)


def _name_of_cell(cell: str, capitalised: bool) -> str | None:
    cell = _DISARMED.sub("", cell, count=1)
    if is_date_or_time(cell) or _NO_NAME.search(cell) or not _LETTER.search(cell):
        return None
    name = person_in(cell) if capitalised else name_in(cell)
    return None if name and " " not in name and _DIGIT.search(name) else name
