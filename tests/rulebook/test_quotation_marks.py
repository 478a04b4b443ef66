"""Typographic quotation marks do no silent harm, wherever an author puts them in a rulebook.

They stand around one scalar at a time: each pair around every second of a small rulebook, one
pair around every fourth of ours. Then `check` reports an error in that line, or the rulebook
loads, equal but for one text that shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from pydantic import BaseModel

from app import create_app
from questionnaire.authoring.commands import STARTER, rules
from questionnaire.rulebook import loader
from questionnaire.rulebook.loader import RulebookError, load_rulebook, read_rulebook, validate
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import Problem, YamlDocument, YamlPath, parse_yaml
from tests.conftest import ROOT

SHIPPED = ROOT / "rules.yaml"
PAIRS = ["“”", "„“", "””", "‘’", "‚‘", "’’", "«»", "»«", "‹›", "＂＂", '“"', '"”', "'’"]
TEXTS = {"title", "subtitle", "site", "name", "place", "role", "advises", "omits", "says", "text"}
TEXTS |= {"hint", "said", "action", "question", "idea", "by"}
TEXTS |= {"phrase", "step", "ask", "short", "list"}
"""The keys of free texts, but for the `place` of an advice, which is one of two words."""


@dataclass(frozen=True)
class Scalar:
    """A key or a value in the text of a rulebook, its place, and whether it is a free text."""

    start: int
    end: int
    line: int
    column: int
    free: bool

    def word(self, text: str) -> str:
        written = text[self.start : self.end]
        return written[1:-1] if written[0] in "\"'" else written

    def between(self, marks: str, text: str) -> str:
        """Return the text of the rulebook with marks around this, in place of its own quotes."""
        return text[: self.start] + marks[0] + self.word(text) + marks[1] + text[self.end :]


def is_free(steps: YamlPath) -> bool:
    words = [step for step in steps if isinstance(step, str)]
    if words[:1] == ["texts"]:
        return len(words) == 2
    return bool(words) and words[-1] in TEXTS and words != ["advice", "place"]


def scalars(path: Path) -> list[Scalar]:
    free = {
        place for steps, place in parse_yaml(path.read_bytes()).values.items() if is_free(steps)
    }
    found = []
    for event in yaml.parse(path.read_text("utf-8"), Loader=yaml.CSafeLoader):
        start, end = event.start_mark, event.end_mark
        if isinstance(event, yaml.ScalarEvent) and start and end:
            place = (start.line + 1, start.column + 1)
            found.append(Scalar(start.index, end.index, *place, place in free))
    return found


def inner(part: Any) -> Any:
    """Return the fields of a part of a rulebook, without what it keeps of its own reckoning."""
    if isinstance(part, BaseModel):
        return {name: getattr(part, name) for name in type(part).model_fields}
    return dict(enumerate(part)) if isinstance(part, tuple) else part


def differences(before: Any, after: Any) -> Iterator[tuple[object, object]]:
    """Yield the smallest parts that differ between two rulebooks."""
    if before == after:
        return
    old, new = inner(before), inner(after)
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for step in old:
            yield from differences(old[step], new[step])
    else:
        yield before, after


def one_text_shows(marks: str, rulebook: Rulebook, whole: Rulebook) -> bool:
    """Return True if a rulebook is as it was, but for one text that shows these marks."""
    changed = list(differences(whole, rulebook))
    return len(changed) == 1 and changed[0][1] == f"{marks[0]}{changed[0][0]}{marks[1]}"


def tells_all(problems: list[Problem], scalar: Scalar) -> bool:
    """Return True if the report is one error in the line of the scalar, with its remedy."""
    return [(one.severity, one.line) for one in problems] == [("error", scalar.line)] and bool(
        problems[0].column >= scalar.column
        and re.search(
            "[Ww]rite (\"|'|it without quotes)|opens here|is not closed", problems[0].message
        )
    )


# Of rules.yaml only the entry with the mistake is read again: reading all of it takes the time.


@dataclass(frozen=True)
class Entry:
    """The lines of an entry of a list, or of what stands at the top of the file and is no list."""

    lines: range
    section: int
    before: tuple[int, ...]

    def alone(self, text: str) -> str:
        """Return the text with all else left out, so that this stays in its line and its place."""
        written = text.split("\n")[: self.lines.stop]
        placeholders = dict.fromkeys(self.before, "  - ~")
        kept = {n: written[n] for n in (self.section, *self.lines)}
        return "\n".join((placeholders | kept).get(n, "") for n in range(len(written)))


def entries(text: str) -> Iterator[Entry]:
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(r"\w|  - ", line)]
    section, before = 0, list[int]()
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        if lines[start][0] != " ":
            section, before = start, []
        yield Entry(range(start, stop), section, tuple(before))
        before += [start] * (lines[start][0] == " ")


def merged(whole: YamlDocument, alone: YamlDocument) -> YamlDocument:
    """Return a source as if it had been read at once, from all of it and from an entry of it."""
    assert isinstance(whole.data, dict)
    if not isinstance(alone.data, dict):
        return alone
    [(section, part)] = alone.data.items()
    rest = whole.data[section]
    if isinstance(part, list) and isinstance(rest, list) and part:
        part = [*rest[: len(part) - 1], part[-1], *rest[len(part) :]]
    data = whole.data | {section: rest if part is None else part}
    values, keys = whole.values | alone.values, whole.keys | alone.keys
    return YamlDocument(data, alone.problems, values, keys)


def test_around_scalars_of_the_shipped_rulebook(book: Rulebook) -> None:
    text = SHIPPED.read_text("utf-8")
    whole, entry_at = (
        parse_yaml(SHIPPED.read_bytes()),
        {n: one for one in entries(text) for n in one.lines},
    )
    for scalar in scalars(SHIPPED)[::4]:
        alone = entry_at[scalar.line - 1].alone(scalar.between("“”", text))
        source = merged(whole, parse_yaml(alone.encode()))
        rulebook = validate(source)
        if rulebook is None:
            assert tells_all(source.problems, scalar), source.problems
        else:
            assert scalar.free
            assert one_text_shows("“”", rulebook, book)


def test_an_entry_read_alone_has_the_problems_that_it_has_in_the_whole_file(
    tmp_path: Path,
) -> None:
    path, text = tmp_path / "rules.yaml", SHIPPED.read_text("utf-8")
    whole, entry_at = (
        parse_yaml(SHIPPED.read_bytes()),
        {n: one for one in entries(text) for n in one.lines},
    )
    for scalar in scalars(SHIPPED)[::150]:
        broken = scalar.between("“”", text)
        source = merged(whole, parse_yaml(entry_at[scalar.line - 1].alone(broken).encode()))
        validate(source)
        path.write_text(broken, "utf-8")
        assert source.problems == read_rulebook(path)[0].problems


@pytest.mark.parametrize(
    "advice",
    [
        "“Slowly” it goes, they say, or “gradually” now",
        "“Slow” weights, so “light” ones",
        "‘Tis slow, and hard",
        "‘Slow’ weights, the runners’ own",
        'Lift 6" high, then 6" more',
        '“Lift” it 6 cm, then 6" more',
        "Say “slowly”, not ‘fast’",
    ],
)
def test_marks_within_a_text_are_no_mistake(tmp_path: Path, advice: str) -> None:
    path, text = tmp_path / "rules.yaml", STARTER.read_text("utf-8")
    path.write_text(text.replace("[Build them up gradually.]", f"[{advice}]  # “as they say”"))
    assert read_rulebook(path)[0].problems == []
    assert load_rulebook(path).muscle_groups[0].advises == tuple(advice.split(", "))


@pytest.mark.parametrize("marks", PAIRS)
def test_around_scalars_of_a_small_rulebook(tmp_path: Path, marks: str) -> None:
    path, text, whole = tmp_path / "rules.yaml", STARTER.read_text("utf-8"), load_rulebook(STARTER)
    for scalar in scalars(STARTER)[PAIRS.index(marks) % 2 :: 2]:
        path.write_text(scalar.between(marks, text), "utf-8")
        source, rulebook = read_rulebook(path)
        if rulebook is None:
            assert tells_all(source.problems, scalar), source.problems
        else:
            assert scalar.free
            assert one_text_shows(marks, rulebook, whole)
            assert [(one.severity, one.line) for one in source.problems] == [
                ("warning", scalar.line)
            ]


def status(path: Path) -> int:
    return CliRunner().invoke(rules, ["check", str(path)]).exit_code


def starts(path: Path) -> bool:
    """Return True if the site can be created with a rulebook."""
    try:
        return bool(create_app({"RULES": str(path)}))
    except RulebookError:
        return False


def test_what_check_finds_right_is_served_and_nothing_else(tmp_path: Path) -> None:
    path, text = tmp_path / "rules.yaml", STARTER.read_text("utf-8")
    for scalar in scalars(STARTER):
        path.write_text(scalar.between("“”", text), "utf-8")
        try:
            load_rulebook(path)
        except RulebookError:
            assert status(path) == 1
        else:
            assert status(path) == 0
            assert starts(path)


def mistakes(data: Any, value: object) -> Iterator[None]:
    """Put a value in place of each single value of the data in turn."""
    for step, before in list(data.items() if isinstance(data, dict) else enumerate(data)):
        if isinstance(before, (dict, list)):
            yield from mistakes(before, value)
        else:
            data[step] = value
            yield
            data[step] = before


@pytest.mark.parametrize("value", ["x", 7, None, ["x"]], ids=repr)
def test_nothing_is_left_out_of_a_rulebook_whatever_stands_in_it(
    tmp_path: Path, value: object
) -> None:
    path, data = tmp_path / "rules.yaml", parse_yaml(STARTER.read_bytes()).data
    for _ in mistakes(data, value):
        path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper), "utf-8")
        try:
            rulebook = load_rulebook(path)
        except RulebookError:
            continue
        assert not list(differences(rulebook, Rulebook.model_validate(data)))


@pytest.mark.parametrize("severity", ["warning", None])
def test_what_cannot_be_read_is_an_error_even_if_nothing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, severity: str | None
) -> None:
    def report(source: YamlDocument, wrong: Any, _meant: str | None) -> None:
        if severity:
            source.report(wrong["loc"], "a small matter", severity)

    path = tmp_path / "rules.yaml"
    path.write_text(STARTER.read_text("utf-8").replace("raises: emergency", "raises: No"), "utf-8")
    monkeypatch.setattr(loader, "report_error", report)
    with pytest.raises(RulebookError, match=r":69:44: error: this cannot be read"):
        load_rulebook(path)
    assert status(path) == 1
    assert not starts(path)
