"""The cells of a squad for a spreadsheet, and the squad sheet that reads them again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode, group_digits
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.runner_names import name_in, name_key
from questionnaire.squad.spreadsheet import FORMULA_STARTS, Cell, as_csv, as_tabs, squad_rows
from questionnaire.squad.squad import parse_squad
from tests.support.strategies import answers_to

Rows = Iterable[list[Cell]]
NAMES = [
    "Anna Berg",
    "=Ben",
    "Chloé",
    'Dora "Dee" Novak',
    "Smith, Elif",
    "Cleo Stop",
    "",
    "@Finn",
    "Ida; B",
]


def address(code: str) -> str:
    return f"https://run.example.org/r/{code}"


def pasted(book: Rulebook, names: list[str]) -> str:
    """A table of these names, no two with the same answers, Anna with an earlier result."""
    days = [FIRST_DAY + timedelta(days=31 + n) for n in range(len(names))]
    choices = book.question("bothers").choices
    rows = [
        [name, address(encode(book, Answers(choices[n % 9].bit, day)))]
        for n, (name, day) in enumerate(zip(names, days, strict=True))
    ]
    rows.append([names[0], address(encode(book, Answers(choices[3].bit, FIRST_DAY)))])
    file = io.StringIO()
    csv.writer(file, delimiter="\t").writerows(rows)
    return file.getvalue()


def runners(book: Rulebook, text: str) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """The name of each runner, the code and the earlier ones."""
    return [
        (name_key(one.name) if one.named else None, one.code, tuple(code for code, _ in one.older))
        for one in parse_squad(book, text).runners
    ]


@pytest.mark.parametrize("written", [as_csv, as_tabs])
def test_the_sheet_reads_its_own_cells(book: Rulebook, written: object) -> None:
    assert callable(written)
    squad = parse_squad(book, pasted(book, NAMES))
    text = written(squad_rows(book, squad, address))
    again = parse_squad(book, text)
    assert runners(book, text) == runners(book, pasted(book, NAMES))
    assert runners(book, text)[0][2]
    assert (again.repeated, again.unread) == (0, ())


@pytest.mark.parametrize("head", ["Name", "Läufer", "Nazwisko", "???"])
def test_a_file_in_another_language_is_read_by_its_keys(book: Rulebook, head: str) -> None:
    squad = parse_squad(book, pasted(book, NAMES))
    heads, *rows = squad_rows(book, squad, address)
    foreign = as_csv([[f"{head}" if n == 0 else f"Kopf {n}" for n, _ in enumerate(heads)], *rows])
    assert runners(book, foreign) == runners(book, pasted(book, NAMES))
    by_semicolons = "\n".join(
        ";".join(f'"{cell}"'.replace('"Dee"', '""Dee""') for cell in row) for row in rows
    )
    assert runners(book, by_semicolons) == runners(book, pasted(book, NAMES))


def test_cells_copied_without_the_heads_name_nobody_else(book: Rulebook) -> None:
    squad = parse_squad(book, pasted(book, NAMES))
    _, _, *rows = squad_rows(book, squad, address)
    before = {code: name for name, code, _ in runners(book, pasted(book, NAMES))}
    found = [(name, code) for name, code, _ in runners(book, as_tabs(rows)) if name]
    assert len(found) >= len(NAMES) - 2
    assert all(before[code] == name for name, code in found if code in before)


def test_cells_copied_without_the_heads_keep_their_names_for_both_codes(book: Rulebook) -> None:
    squad = parse_squad(book, pasted(book, ["Anna Berg", "Ben"]))
    rows = list(squad_rows(book, squad, address))[2:]
    found = runners(book, as_tabs(rows))
    assert found == runners(book, pasted(book, ["Anna Berg", "Ben"]))
    assert [len(codes) for _, _, codes in found] == [1, 0]


def test_last_months_file_above_this_months_chat_is_the_memory(book: Rulebook) -> None:
    knee, shin = (book.question("bothers").choices[n].bit for n in (5, 6))
    then, now = FIRST_DAY, FIRST_DAY + timedelta(days=30)
    old = parse_squad(book, f"Anna {address(encode(book, Answers(knee, then)))}")
    text = as_csv(squad_rows(book, old, address))
    new = encode(book, Answers(shin, now))
    squad = parse_squad(book, f"{text}\n26/11/2026, 18:30 - Anna: {address(new)}")
    (row,) = list(squad_rows(book, squad, address))[2:]
    assert row[0] == "Anna"
    assert f"{then.isoformat()}: Gone: Knee; New: Shin" in row
    again = parse_squad(book, as_csv(squad_rows(book, squad, address)))
    assert [(one.code, len(one.older)) for one in again.runners] == [(new, 1)]


def test_the_memory_does_not_grow_and_keeps_both_results_of_a_day(book: Rulebook) -> None:
    choices = book.question("bothers").choices
    days = [FIRST_DAY + timedelta(days=30 * n) for n in (0, 1, 2, 2)]
    pairs = zip(choices, days, strict=False)
    codes = [encode(book, Answers(choice.bit, day)) for choice, day in pairs]
    squad = parse_squad(book, "\n".join(f"Anna {address(code)}" for code in codes))
    again = parse_squad(book, as_csv(squad_rows(book, squad, address)))
    (anna,) = again.runners
    assert [anna.code, *(code for code, _ in anna.older)] == [codes[3], codes[2], codes[1]]


@pytest.mark.parametrize("name", ["Ben", ""])
@pytest.mark.parametrize(
    "broken",
    ["https://run.example.org/r/24VN0A", "/r/", "24VN0A9XF2", "80029 04200 04VN0 A9BS2"],
)
@pytest.mark.parametrize("written", [as_csv, as_tabs])
@pytest.mark.parametrize("skipped", [0, 2])
def test_what_could_not_be_read_comes_back_with_the_file(
    book: Rulebook, name: str, broken: str, written: Callable[[Rows], str], skipped: int
) -> None:
    code = encode(book, Answers(book.question("bothers").choices[5].bit, FIRST_DAY))
    squad = parse_squad(book, f"Anna {address(code)}\n{name} {broken}")
    heads, keys, _, lost = rows = list(squad_rows(book, squad, address))
    assert len(lost) == len(keys) == len(heads)
    cells = dict(zip(map(str, keys), lost, strict=True))
    assert (cells["name"], cells["kind"], cells["line"]) == (name, "Could not be read", 2)
    assert (cells["code"], cells["notice"]) == (broken, squad.unread[0].reason)
    again = parse_squad(book, written(rows[skipped:]))
    assert [one.name for one in again.runners] == ["Anna"]
    assert [(one.name or "", one.reason) for one in again.unread] == [(name, cells["notice"])]


def test_the_row_of_two_results_of_a_day_has_the_code_of_the_stop(book: Rulebook) -> None:
    stop = encode(book, Answers(book.question("warnings").choices[0].bit, FIRST_DAY))
    knee = encode(book, Answers(book.question("bothers").choices[5].bit, FIRST_DAY))
    for text in (f"Anna {stop}\nAnna {knee}", f"Anna {knee}\nAnna {stop}"):
        for _ in range(2):
            (row,) = list(squad_rows(book, parse_squad(book, text), address))[2:]
            assert (row[1], row[2]) == (group_digits(knee), group_digits(stop))
            assert (row[3], row[5]) == (address(stop), "Stop")
            text = as_csv(squad_rows(book, parse_squad(book, text), address))


@pytest.mark.parametrize("ticked", [{"warnings": "chest-now"}, {"effect": "could-not-run"}])
def test_the_kind_of_a_notice_is_no_name_without_the_heads(
    book: Rulebook, ticked: dict[str, str]
) -> None:
    bits = book.question("bothers").choices[5].bit
    for question, choice in ticked.items():
        bits |= next(one.bit for one in book.question(question).choices if one.id == choice)
    code = encode(book, Answers(bits, FIRST_DAY))
    _, _, row = squad_rows(book, parse_squad(book, code), address)
    assert {"Stop", "Caution"} & set(row)
    for cells in (row, row[1:], ["", *row[1:]], [*row[:1], "Rest.", *row[1:]], [*row, "Rest."]):
        (runner,) = parse_squad(book, as_tabs([cells])).runners
        assert not runner.named, cells


@given(st.data())
def test_no_cell_is_a_formula_by_commas_or_tabs(book: Rulebook, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(FORMULA_STARTS))
    name = start + data.draw(st.text(st.characters(codec="utf-8"), max_size=30))
    squad = parse_squad(book, f"{name} {encode(book, data.draw(answers_to(book)))}")
    rows = list(squad_rows(book, squad, address))
    by_commas = list(csv.reader(io.StringIO(as_csv(rows).removeprefix("\ufeff"), newline="")))
    by_tabs = [line.split("\t") for line in as_tabs(rows).splitlines()]
    assert [len(row) for row in by_tabs] == [len(row) for row in by_commas]
    for row in (*by_commas, *by_tabs):
        assert not any(cell.lstrip('"').startswith(FORMULA_STARTS) for cell in row)


def test_the_apostrophe_that_disarms_a_name_is_no_part_of_it(book: Rulebook) -> None:
    code = encode(book, Answers(book.question("bothers").choices[5].bit, FIRST_DAY))
    squad = parse_squad(book, f"=Mia O'Neill: {address(code)}")
    rows = list(squad_rows(book, squad, address))
    assert rows[2][0] == "'=Mia O'Neill"
    for written in (as_csv(rows), as_tabs(rows[2:])):
        assert [one.name for one in parse_squad(book, written).runners] == ["=Mia O'Neill"]


@given(st.data())
def test_a_name_comes_back_as_it_was(book: Rulebook, data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(NAMES[:-3]) | st.text(st.characters(codec="utf-8"), max_size=30)
    )
    squad = parse_squad(book, f"{name}: {address(encode(book, data.draw(answers_to(book))))}")
    text = as_csv(squad_rows(book, squad, address))
    (before,), (after,) = squad.runners, parse_squad(book, text).runners
    assert before.code == after.code
    if before.named and name_in(before.name) == before.name:
        assert after.name == before.name
