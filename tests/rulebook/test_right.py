"""Books that are unusual and right have no problem: each is the book of mistakes/ with one edit."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml
from click.testing import CliRunner

from questionnaire.authoring.commands import rules
from tests.support.mistakes import BOOK
from tests.support.random_rulebooks import correct_book

WARNINGS = BOOK[BOOK.index("  - id: warnings") : BOOK.index("  - id: bothers")]
SIGNS = """\
  - id: any-sign
    text: Is any of these true?
    pick: one
    required: true
    choices:
      - {id: no, key: 20, neutral: true, text: No sign}
      - {id: some, key: 21, neutral: true, text: A sign}
  - id: warnings
    text: Which?
    pick: several
    asked_if: {any-sign: some}
    choices:
      - {id: chest, key: 1, text: Chest pain}
      - {id: numb, key: 2, text: Numbness}
"""
FOLLOW_UP = """\
  - id: locked
    text: Is the knee locked?
    pick: one
    required: true
    asked_if: {bothers: knee}
    choices:
      - {id: locked, key: 20, text: It is locked}
      - {id: free, key: 21, neutral: true, text: It moves}
  - id: noticed
"""
LOCKED = "rules:\n  - {when: {locked: locked}, raises: emergency}\n"

EDITS = {
    "a question that opens the signs": {WARNINGS: SIGNS},
    "a sign in a follow-up": {"  - id: noticed\n": FOLLOW_UP, "rules:\n": LOCKED},
    "neutral answers of one text": {
        "text: Not at all}": "text: None of these}",
        "text: I could not run}": "text: I could not}",
    },
    "a list of things in small letters": {
        "hint: You may skip this.": "list: [running far, a long walk, going up stairs]"
    },
    "a list in lines of its own": {
        "hint: You may skip this.": "list:\n      - Running far\n      - a long walk"
    },
    "an article of tomorrow, elsewhere": {"2021-05-31": f"{date.today() + timedelta(days=1)}"},
    "sentences that begin with a small letter": {"[Work them.]": "[Work them., yoga helps too.]"},
    "a text with a comma in quotes": {"[Work them.]": '["Work them, but slowly."]'},
    "texts in lines of their own": {
        "advises: [Work them.]}": "advises: [\n    Work them,\n    Rest]}",
    },
    "marks that close": {"text: Stretch.": "text: Say “stretch” and „halt“."},
    "a word like a stand-in": {"text: Stretch.": "text: The size XXXL fits todos."},
    "texts that differ by a word": {"text: Stretch.": "text: Do run through pain now."},
    "opposite texts for different people": {
        "text: Stretch.": "text: Run through pain.",
        "{noticed: weak}, shows: stretch, for": "{all: [{bothers: nothing}, {noticed: weak}]},"
        " shows: stretch, for",
    },
    "an example with a shared place": {
        "{when: {bothers: hips}, cites: [quads-hips, glutes-knee]}": (
            "{when: {bothers: hips}, cites: [quads-tight]}"
        ),
        "{noticed: tight}, {all: [{noticed: weak}, {bothers: hips}]}": (
            "{noticed: tight}, {noticed: weak}"
        ),
        "cites: [quads-tight]}\n  - {when: {not": "cites: [quads-hips]}\n  - {when: {not",
        "retired:\n": "examples:\n  - {answers: {bothers: [knee, hips]}, "
        "muscle_groups: [[quads, glutes]]}\nretired:\n",
        "kind: link, firmness: stated": "kind: link, firmness: often",
    },
}


def check(path: Path) -> tuple[str, int]:
    result = CliRunner().invoke(rules, ["check", "--strict", str(path)])
    return result.stdout, result.exit_code


@pytest.mark.parametrize("name", EDITS)
def test_an_unusual_book_that_is_right_has_no_problem(tmp_path: Path, name: str) -> None:
    path, text = tmp_path / "book.yaml", BOOK
    for before, after in EDITS[name].items():
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")
    assert check(path) == ("", 0)


def test_many_choices_make_a_long_link_and_no_warning(tmp_path: Path) -> None:
    book = correct_book(Random(1), 100, 100)  # noqa: S311
    path = tmp_path / "book.yaml"
    path.write_text(yaml.dump(book, Dumper=yaml.CSafeDumper, sort_keys=False), "utf-8")
    assert sum(len(question["choices"]) for question in book["questions"]) > 300
    assert check(path) == ("", 0)
