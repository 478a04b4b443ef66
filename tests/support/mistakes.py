"""The mistakes of authors in tests/rulebook/mistakes: edits of one right book, with their reports.

A file has one entry for each mistake: a line `=== its name`, the edits as in a diff (`@@` parts
them), and `> line:column: severity: message` for each problem that `check` must find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "rulebook" / "mistakes"
BOOK = (FOLDER / "book.yaml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A file with a mistake, and the problems that `check` must find in it."""

    file: bytes
    report: tuple[str, ...]


def edited(entry: str) -> Mistake:
    """Return the book with the edits of an entry."""
    lines = entry.rstrip("\n").split("\n")
    text = "\n" + BOOK
    for hunk in "\n".join(line for line in lines if not line.startswith("> ")).split("\n@@\n"):
        before, after = (
            "\n".join(["", *(line[1:] for line in hunk.split("\n") if line[:1] in kept), ""])
            for kept in ((" ", "-"), (" ", "+"))
        )
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    report = tuple(line.removeprefix("> ") for line in lines if line.startswith("> "))
    return Mistake(text.removeprefix("\n").encode(), report)


def _entries() -> dict[str, Mistake]:
    texts = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.txt"))]
    parts = [re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)[1:] for text in texts]
    return {
        name: edited(entry)
        for found in parts
        for name, entry in zip(found[::2], found[1::2], strict=True)
    }


NOT_UTF_8 = "this is not UTF-8 text: save it as UTF-8"
NO_TEXT = "this is the file of a program such as Word, and no text: save it as plain text, in UTF-8"
NOT_A_BOOK = {
    "form-empty": Mistake(b"", ("1:1: error: the file is empty",)),
    "form-only-comments": Mistake(b"# Nothing yet.\n", ("1:1: error: the file is empty",)),
    "form-a-list": Mistake(
        b"- id: x\n- title: X\n", ("1:1: error: expected keys and values, not a list",)
    ),
    "form-a-word": Mistake(
        b"rulebook\n", ('1:1: error: expected keys and values, not "rulebook"',)
    ),
    "form-utf-16": Mistake(BOOK.encode("utf-16"), (f"1:1: error: {NOT_UTF_8}",)),
    "form-utf-16-without-a-mark": Mistake(BOOK.encode("utf-16-le"), (f"1:1: error: {NOT_UTF_8}",)),
    "form-latin-1": Mistake(
        BOOK.replace("Behind.", "Rücken.").encode("latin-1"), (f"8:56: error: {NOT_UTF_8}",)
    ),
    "form-word": Mistake(b"PK\x03\x04 \xff", (f"1:1: error: {NO_TEXT}",)),
    "form-nul": Mistake(
        BOOK.replace("Not at all", "\0").encode(),
        ("42:49: error: the character U+0000 may not stand in a YAML file",),
    ),
}
"""The files that are no edit of the book."""

MISTAKES = NOT_A_BOOK | _entries()
