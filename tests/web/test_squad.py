"""Results are found in whatever a coach pastes, and nothing in it can do harm."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, decode, encode, group_digits
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice
from questionnaire.squad import sheet_blocks
from questionnaire.squad.runner_names import MAX_NAME
from questionnaire.squad.squad import MAX_TEXT, Runner, SquadError, parse_squad
from tests.support.runner_client import Page, RunnerClient, words
from tests.support.runner_client import read as page_of
from tests.support.strategies import answers_to

HOST = "https://example.org"
EARLIER = "G04020004VN000M2V"
"""The code of another result, of the first day that a code can have."""


@pytest.fixture
def code(runner: RunnerClient) -> str:
    """The code of a runner whose knee hurts."""
    return runner.answer(bothers="knee", training="distance").code


@pytest.fixture
def stop(runner: RunnerClient) -> str:
    """The code of a runner with a warning sign."""
    return runner.answer(warnings="chest-now").code


@pytest.fixture(scope="session")
def every_sign(book: Rulebook) -> Answers:
    """The answers of a runner with every warning sign that there is."""
    question = book.question("warnings")
    return Answers(question.opening_bits, FIRST_DAY)


def paste(runner: RunnerClient, text: str, **fields: str) -> Page:
    return page_of(runner.client.post("/squad", data={"text": text, **fields}))


def rows(page: Page) -> list[list[str]]:
    return [
        [cell.get_text() for cell in row.select("th, td:not(.for-notes)")]
        for row in page.soup.select("tbody tr")
    ]


def table(client: FlaskClient, text: str) -> list[dict[str, str]]:
    """The rows of the CSV of a text, each cell by the key of its column."""
    response = client.post("/squad", data={"text": text, "view": "csv"})
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.data.startswith(b"\xef\xbb\xbf")
    _, keys, *rows = csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline=""))
    return [dict(zip(keys, row, strict=True)) for row in rows]


@given(st.text(max_size=400))
def test_no_text_is_too_strange(book: Rulebook, text: str) -> None:
    found = parse_squad(book, text)
    assert not found.runners
    assert found.chatter or found.unread or not any(map(str.isalnum, text))


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.lower,
    group_digits,
    lambda code: f"{HOST}/r/{code}",
    lambda code: f"<{HOST}/r/{code}>",
    lambda code: f"({HOST}/r/{code}/change),",
    lambda code: f"{HOST}/r/{code}/with",
    lambda code: f"[{HOST}/r/{code}/with/{EARLIER}?from=City]",
    lambda code: f"/r/{code}?from=City+Runners.",
    lambda code: f"http://läufer.example:8000/r/{group_digits(code)}!",
]


@given(st.data())
def test_a_code_is_found_in_any_text(book: Rulebook, data: st.DataObject) -> None:
    answers = data.draw(answers_to(book).filter(lambda one: one.ticked > 0))
    spelt = data.draw(st.sampled_from(SPELLINGS))(encode(book, answers))
    before, after = data.draw(st.text(max_size=80)), data.draw(st.text(max_size=80))
    found = parse_squad(book, f"{before} {spelt} {after}")
    assert [one.answers for one in found.runners] == [answers]
    (runner,) = found.runners
    assert runner.name.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert 0 < len(runner.name) <= MAX_NAME


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("{link}", "Runner 1"),
        ("{code}", "Runner 1"),
        ("Anna {link}", "Anna"),
        ("Anna,{link}", "Anna"),
        ("Anna\t{code}", "Anna"),
        ("Maria-{grouped}", "Maria"),
        ("Anna-Maria Ó Súilleabháin; {grouped}", "Anna-Maria Ó Súilleabháin"),
        ('"Smith, Anna","{link}"', "Smith, Anna"),
        ("- Anna: <{link}>", "Anna"),
        ("• [Anna]({link})", "Anna"),
        ("[22/11/2026, 18:30] Anna: {link}", "Anna"),
        ("\u200e[22.11.26, 18:30:05] Anna: this is mine {link}", "Anna"),
        ("22/11/2026, 18:30 - Anna: {link}?from=City+Runners", "Anna"),
        ("11/22/26, 6:30\u202fPM - +44 7700 900123: {link}", "+44 7700 900123"),
        ("2026-11-22 18:30 Anna: {link}", "Anna"),
        ("محمد علي: {link}", "محمد علي"),
        ("🏃\u200d♀️ Zoë {link}", "🏃\u200d♀️ Zoë"),
        ("\u202eannA\x00\x1b {link}", "annA"),
        ("<b>Anna</b> {link}", "Anna"),
        ("=A1+1 {link}", "=A1+1"),
        ("=6 {link}", "Runner 1"),
        ("Line: 12 {link}", "Runner 1"),
        ("x" * 100 + " {link}", "x" * 60),
    ],
)
def test_the_name_is_what_stands_before_the_link(
    book: Rulebook, code: str, line: str, name: str
) -> None:
    text = line.format(code=code, grouped=group_digits(code), link=f"{HOST}/r/{code}")
    assert [one.name for one in parse_squad(book, text).runners] == [name]


@pytest.mark.parametrize("page", ["change", "with", "with/{earlier}", "with/{wrong}", "with/"])
def test_a_link_to_any_page_of_a_result_is_that_one_result(
    book: Rulebook, code: str, stop: str, page: str
) -> None:
    path = page.format(earlier=stop, wrong=stop[:-1])
    found = parse_squad(book, f"Anna {HOST}/r/{code}/{path} and Bert {HOST}/r/{stop}")
    assert [(one.name, one.code) for one in found.runners] == [("Anna", code), ("and Bert", stop)]
    assert not found.unread


def test_a_broken_comparison_link_is_no_result_of_the_earlier_code(
    book: Rulebook, code: str, stop: str
) -> None:
    found = parse_squad(book, f"Anna {HOST}/r/{code[:-1]}/with/{stop}")
    assert not found.runners
    assert [one.line for one in found.unread] == [1]


def test_several_on_a_line_and_the_same_again(book: Rulebook, code: str, stop: str) -> None:
    text = f"Anna {code}, Bert /r/{stop}\r\nAnna: {HOST}/r/{code}\n{code}\n{code}\nAnna {stop}"
    found = parse_squad(book, text)
    anna, bert = found.runners
    assert (anna.name, anna.code, [one for one, _ in anna.older]) == ("Anna", stop, [code])
    assert (bert.name, bert.code, bert.older) == ("Bert", stop, ())
    assert found.repeated == 3


def test_lines_that_could_not_be_read_are_listed_with_the_reason(
    book: Rulebook, runner: RunnerClient, code: str
) -> None:
    wrong = code[:-1] + ("0" if code[-1] != "0" else "2")
    text = f"See you\non Sunday\n\nAnna {code}\nBert {HOST}/r/{wrong}\nCleo {HOST}/r/Üx\n{wrong}"
    found = parse_squad(book, text)
    mistyped = "It has a wrong character, or a part of it is missing."
    assert [(one.line, one.name, one.reason) for one in found.unread] == [
        (5, "Bert", mistyped),
        (6, "Cleo", "There is no code."),
        (7, None, mistyped),
    ]
    assert found.chatter == 2
    page = paste(runner, text)
    assert page.status == 200
    assert page.all(".unread summary") == ["Results we could not read: 3"]
    assert "Line: 5, Bert : “Bert https" in page.all(".unread li")[0]
    assert page.all(".chatter") == ["Lines without a result: 2"]
    assert text in page.soup.select_one("#text").get_text()  # type: ignore[union-attr]


def test_a_line_that_was_read_is_in_no_list_of_those_that_were_not(
    book: Rulebook, code: str
) -> None:
    text = f"Hello\n\nthere\nAnna {code}\nBye\nBert {code} /r/ABC /r/ /r/ABC\n/r/\n/r/"
    found = parse_squad(book, text)
    assert [one.line for one in found.unread] == [6, 6, 7, 8]
    assert found.chatter == 3


@pytest.mark.parametrize(
    "text",
    [
        "A-" * 100_000,
        "AAAAA-" * 33_000,
        "/r/" * 66_000,
        "/r/A " * 40_000,
        "/r/A/with/" * 20_000,
        " " + "/r//r/1 " * 24_000 + "😀",
        "a\n/r/\n" * 33_000,
        "http://" * 28_000 + "/r/A",
        "7" * 200_000,
        "ABCDEF7GH " * 20_000,
        "[" * 200_000,
        "😀" * 50_000,
        "\u202e\x00" * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_pasted_rubbish_takes_no_time_and_little_space(client: FlaskClient, text: str) -> None:
    start = time.process_time()
    response = client.post("/squad", data={"text": text[: MAX_TEXT // 4 * 4]})
    spent = time.process_time() - start
    assert response.status_code == 422
    assert spent < 1
    assert len(response.data) < 6 * MAX_TEXT


def test_what_no_page_may_hold_becomes_a_space(runner: RunnerClient, code: str) -> None:
    page = paste(runner, f"Ann\0\x0b\x85\ufffe\U0010ffff Lee\t{HOST}/r/{code}\r\nBo\x01\r\n")
    assert rows(page)[0][0] == "Ann Lee"
    box = page.soup.select_one("#text")
    assert box is not None
    shown = box.get_text().splitlines()
    assert shown[1:] == [f"Ann      Lee\t{HOST}/r/{code}", "Bo "]


def test_three_hundred_results_fit_and_no_more(
    runner: RunnerClient, book: Rulebook, code: str
) -> None:
    full = "".join(f"Runner {n}: {HOST}/r/{code}\n" for n in range(300))
    assert len(rows(paste(runner, full))) == 300
    over = full + f"One more {code}"
    page = paste(runner, over)
    assert page.status == 422
    assert "more than 300 results" in page.all(".problems li")[0]
    assert page.soup.textarea is not None
    assert "One more" in page.soup.textarea.get_text()
    with pytest.raises(SquadError):
        parse_squad(book, f"{HOST}/r/{code}\n" * 10_000)


def test_too_much_text_is_refused_and_stays_in_the_box(runner: RunnerClient) -> None:
    page = paste(runner, "ü" * 100_000 + "z")
    assert page.status == 413
    assert "too long: 200 KB" in page.text
    assert page.soup.textarea is not None
    assert page.soup.textarea.get_text().endswith("z")
    emoji = paste(runner, "😀" * 50_000)
    assert emoji.status == 422  # 600 KB as it travels, and still 200 KB of text
    far_too_much = paste(runner, "x" * 1_000_001)
    assert far_too_much.status == 413
    assert "more than 1 MB of text" in far_too_much.text
    assert "Go back in your browser" in far_too_much.all(".problems li")[0]
    assert far_too_much.soup.select_one("#problems a[href='#paste']")
    assert far_too_much.soup.select_one("form#paste")


@pytest.mark.parametrize("text", ["", " \r\n\t", "nothing here", f"{HOST}/r/ABC"])
@pytest.mark.parametrize("view", ["table", "sheets", "csv"])
def test_without_a_result_the_form_says_so(runner: RunnerClient, text: str, view: str) -> None:
    page = paste(runner, text, view=view)
    assert page.status == 422
    assert page.soup.title is not None
    assert page.soup.title.get_text().startswith("Error: The squad sheet")
    assert page.soup.select_one("#problems.problems[tabindex='-1'] a[href='#text']")
    assert page.all(".problems h2") == ["There is a problem"]


@pytest.mark.parametrize("fields", [{"view": "pdf"}, {"order": "height"}, {"order": "<script>"}])
def test_what_no_button_sends_is_refused(
    runner: RunnerClient, code: str, fields: dict[str, str]
) -> None:
    page = paste(runner, code, **fields)
    assert page.status == 422
    assert "There is no such" in page.text


def test_warning_signs_come_first_and_findings_in_a_table(
    runner: RunnerClient, code: str, stop: str
) -> None:
    caution = runner.answer(health="low-energy").code
    page = paste(runner, f"Anna {code}\nBert {caution}\nCleo {stop}\nDora {stop}")
    first, second = page.all(".caution li")
    assert second.startswith("Bert : ")
    heads = page.all("thead th")
    anna, bert, cleo, _ = rows(page)
    knee = runner.get(f"/r/{code}")
    shown = {heads[n]: cell for n, cell in enumerate(anna) if n > 1 and cell}
    assert set(shown) == {name for name, _ in knee.findings}
    for finding in knee.soup.select(".finding"):
        count = len(finding.select(".reasons > div"))
        assert shown[words(finding.select_one(".name"))].endswith(f"({count})")
    assert shown[knee.findings[0][0]].startswith("1 (")
    assert not any(bert[2:])
    assert cleo[2:] == ["Call an ambulance now."]
    assert first.startswith("Cleo, Dora : Call an ambulance now. Do not run, do not drive yourself")
    assert f"{knee.findings[0][0]}: 1 / 4" in page.all(".session dt")
    assert "With a warning sign (nothing else is shown): 2 of 4" in page.text
    link = page.soup.select_one("tbody a")
    assert link is not None
    assert runner.get(str(link["href"])).heading == knee.heading


URGENCIES = ["now", "today", "days"]


def test_every_stop_is_shown_the_most_urgent_first(
    runner: RunnerClient, book: Rulebook, stop: str, every_sign: Answers
) -> None:
    stops = [raised.notice for raised in assess(book, every_sign).stops]
    urgencies = [URGENCIES.index(notice.urgency) for notice in stops]
    assert len(stops) > 2
    assert urgencies == sorted(urgencies)
    told = list(dict.fromkeys(notice.action for notice in stops))
    text = f"Anna {encode(book, every_sign)}\nBert {stop}"
    page = paste(runner, text)
    anna, bert = rows(page)
    assert anna[2].split("\n") == told
    assert bert[2].split("\n") == told[:1]
    assert page.all(".no-run li") == [
        f"{'Anna, Bert' if n == 0 else 'Anna'} : {one.action} {one.text}"
        for n, one in enumerate(stops)
    ]
    assert [one["notice"] for one in table(runner.client, text)] == [" ".join(told), told[0]]
    sheet, _ = paste(runner, text, view="sheets").soup.select(".sheet")
    assert [one.get_text() for one in sheet.select(".stop h2")] == [one.action for one in stops]


@pytest.mark.parametrize("step", [1, -1], ids=["in the order of the file", "in reverse"])
def test_who_is_told_something_stands_under_it(
    book: Rulebook, every_sign: Answers, step: int
) -> None:
    """Stops first, then by urgency, what is private last, whatever the order of file or text."""
    ordered = book.model_copy(update={"notices": book.notices[::step]})
    singles = [Answers(one.bit, FIRST_DAY) for one in book.question("warnings").choices]
    answers = [every_sign, *singles][::-1]
    found = parse_squad(ordered, "\n".join(f"Runner {encode(book, one)}" for one in answers))
    listed: dict[str, list[Runner]] = {}
    for notice, runners in sheet_blocks.stop_notices(ordered, found):
        listed[notice.action] = listed.get(notice.action, []) + runners
    listed |= dict(sheet_blocks.cautions(ordered, found))
    assert sum(map(len, listed.values())) == sum(len(one.told) for one in found.runners)
    for one in found.runners:
        assert one.told == tuple(action for action in listed if one in listed[action])
    stops = [action for action in listed if found.runners[-1] in listed[action]]
    assert list(listed)[: len(stops)] == stops


@pytest.fixture(scope="session")
def private(book: Rulebook) -> list[Choice]:
    """The answers that raise a private notice each."""
    choices = [choice for question in book.questions for choice in question.choices]
    raised = {one: assess(book, Answers(one.bit, FIRST_DAY)).cautions for one in choices}
    return [one for one, cautions in raised.items() if any(c.notice.private for c in cautions)]


def ticked_too(book: Rulebook, ticked: int, choices: list[Choice]) -> Answers:
    """These ticks and choices, without a “none of these” that would contradict them."""
    for question in book.questions:
        if any(choice in question.choices for choice in choices):
            ticked &= ~question.exclusive_bit
    return Answers(book.drop_unasked(ticked | sum(one.bit for one in choices)), FIRST_DAY)


def test_the_book_keeps_pregnancy_and_energy_from_coaches(book: Rulebook) -> None:
    assert {one.id for one in book.notices if one.private} >= {"pregnancy", "low-energy"}


def test_a_private_caution_is_told_to_its_runner_alone(
    runner: RunnerClient, book: Rulebook, private: list[Choice], code: str
) -> None:
    plain = runner.answer(bothers="knee", effect="could-not-run").code
    pain = decode(book, plain).ticked
    answers = [ticked_too(book, 0, private), ticked_too(book, pain, private[:1])]
    anna, bert = (encode(book, one) for one in answers)
    (told,) = (one.notice.action for one in assess(book, decode(book, plain)).cautions)
    text = f"Anna {anna}\nBert {bert}\nCleo {plain}\nDora {code}"
    page = paste(runner, text)
    mark = "Has a notice: speak to them."
    assert page.all(".caution li") == [f"Bert, Cleo : {told}", f"Anna, Bert : {mark}"]
    marked = [f"{name} · Has a notice" for name in ("Anna", "Bert", "Cleo")]
    assert [row[0] for row in rows(page)] == [*marked, "Dora"]
    saved = [row["notice"] for row in table(runner.client, text)]
    assert saved == [mark, f"{told} {mark}", told, ""]
    sheets = paste(runner, text, view="sheets").soup.select(".sheet")
    for sheet, one in zip(sheets, answers, strict=False):
        notices = [raised.notice for raised in assess(book, one).cautions]
        assert any(notice.private for notice in notices)
        headings = [heading.get_text() for heading in sheet.select(".caution h2")]
        assert headings == [notice.action for notice in notices]


@given(st.data())
def test_a_coach_cannot_tell_one_private_answer_from_another(
    book: Rulebook, client: FlaskClient, private: list[Choice], data: st.DataObject
) -> None:
    others = data.draw(answers_to(book)).ticked & ~sum(one.bit for one in private)
    some = st.lists(st.sampled_from(private), min_size=1, unique=True)
    two = [ticked_too(book, others, data.draw(some)) for _ in range(2)]
    text = "\n".join(f"Anna {encode(book, one)}" for one in two)
    page = page_of(client.post("/squad", data={"text": text}))
    shown, saved = rows(page), table(client, text)
    for row in saved:
        del row["code"], row["link"], row["line"]
        row["earlier"] = ""
    assert shown == shown[:1] * len(shown)
    assert saved == saved[:1] * len(saved)
    assert not any(one.action in page.text for one in book.notices if one.private)


def test_the_order_is_the_one_chosen(runner: RunnerClient, code: str) -> None:
    calf = runner.answer(bothers="calf").code
    none = runner.answer().code
    nameless = runner.answer(bothers="knee").code
    text = f"Zoe {none}\nanna {code}\nBert {calf}\n{nameless}"
    names = {
        order: [row[0] for row in rows(paste(runner, text, order=order))]
        for order in ("pasted", "name", "group")
    }
    assert names["pasted"] == ["Zoe", "anna", "Bert", "Runner 1 (line 4)"]
    assert names["name"] == ["anna", "Bert", "Zoe", "Runner 1 (line 4)"]
    assert names["group"] == ["anna", "Runner 1 (line 4)", "Bert", "Zoe"]
    page = paste(runner, text, order="name")
    assert page.checked() == {("order", "name")}


def test_every_runner_has_a_sheet(runner: RunnerClient, code: str, stop: str) -> None:
    other = runner.answer(bothers="knee").code
    page = paste(runner, f"Anna {code}\nBert {stop}\n{other}", view="sheets")
    assert page.all(".sheet > h2") == ["Anna", "Bert", "Runner 1 (line 3)"]
    anna, bert, third = page.soup.select(".sheet")
    for sheet, shown in ((anna, code), (third, other)):
        alone = runner.get(f"/r/{shown}")
        assert [name.get_text() for name in sheet.select(".name")] == alone.all(".name")
    assert not bert.select(".finding")
    assert "Call an ambulance now." in [one.get_text() for one in bert.select("h2")]
    assert "in this page’s address" not in page.text
    assert "A sheet also holds what is private" in page.all(".lead")[0]


STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the start of a formula, also in its full-width form."""

CUT = "-\t\r\n"
"""What stands before a name like a bullet or a space, and is no part of it."""


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_the_csv_is_a_formula(client: FlaskClient, code: str, start: str) -> None:
    formula = 'HYPERLINK("http://evil";1)'
    (row,) = table(client, f"{start}{formula} {code}")
    assert row["name"] == (formula if start in CUT else f"'{start}{formula}")
    (row,) = table(client, f"x: {start}{formula} {code}")
    # A tab starts a cell of its own.
    assert row["name"].endswith("x" if start == "\t" else formula)
    assert not row["name"].startswith(tuple(STARTS))


@pytest.mark.parametrize("start", [one for one in STARTS if one.isprintable()])
def test_no_head_of_the_csv_is_a_formula(
    tmp_path: Path, site_rules: str, code: str, start: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(site_rules.replace("name: Glutes", f'name: "{start}Glutes"'), "utf-8")
    client = create_app({"RULES": str(rules)}).test_client()
    saved = client.post("/squad", data={"text": code, "view": "csv"}).data.decode("utf-8-sig")
    heads = next(csv.reader(io.StringIO(saved)))
    assert f"'{start}Glutes" in heads


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=70))
def test_no_name_starts_a_formula(book: Rulebook, client: FlaskClient, name: str) -> None:
    code = encode(book, Answers(book.bits & 1, FIRST_DAY))
    (row,) = table(client, f"{name} {code}")
    assert not any(cell.startswith(tuple(STARTS)) for cell in row.values())


def test_the_words_of_the_sheet(runner: RunnerClient, book: Rulebook, code: str, stop: str) -> None:
    text = f"Anna {code}\nAnna {code}\nBert {stop}"
    page = paste(runner, text)
    assert page.all(".lead") == ["People: 2 · Pasted twice and counted once: 1"]
    assert page.all(".caution h2") == ["Do not run until seen"]
    names = [group.name for group in book.muscle_groups]
    assert page.all("thead th") == ["Name", "Date", *names, "Notes"]
    assert page.soup.select_one("tbody [data-group=Date]")
    saved = runner.client.post("/squad", data={"text": text, "view": "csv"}).data.decode()
    heads = next(csv.reader(io.StringIO(saved.removeprefix("\ufeff"))))
    before = ["Name", "Earlier results", "Code", "Link", "Date", "Kind of notice", "Notice"]
    assert heads == [*before, *names, "Since", "Line"]


def test_the_csv_holds_the_table(
    runner: RunnerClient, client: FlaskClient, code: str, stop: str
) -> None:
    anna, bert = table(client, f"Anna {code}\nBert {stop}")
    assert (anna["name"], anna["code"], anna["line"]) == ("Anna", group_digits(code), "1")
    assert (anna["kind"], anna["notice"], anna["link"]) == ("", "", f"http://localhost/r/{code}")
    counts = [int(cell) for key, cell in anna.items() if key.startswith("group-")]
    assert sum(counts) == len(runner.get(f"/r/{code}").all(".reasons > div"))
    assert (bert["kind"], bert["notice"]) == ("Stop", "Call an ambulance now.")
    assert {cell for key, cell in bert.items() if key.startswith("group-")} == {""}


@pytest.mark.parametrize("view", ["table", "sheets"])
def test_names_are_never_markup(runner: RunnerClient, code: str, stop: str, view: str) -> None:
    """Wherever a name stands: in the block of those to speak to, in a row, over a sheet."""
    name = "<script>alert(1)</script><img src=x onerror=a()>{{ 7*7 }}"
    assert len(name) < MAX_NAME
    caution = runner.answer(bothers="knee", effect="could-not-run").code
    results = [code, stop, caution]
    names = [f"{name}{number}" for number in range(len(results))]
    text = "".join(f"{one} {code}\n" for one, code in zip(names, results, strict=True))
    page = paste(runner, f"{text}</textarea>{name}", view=view)
    assert not page.soup.select("main script, main img")
    shown = [one.get_text() for one in page.soup.select("tbody bdi, .sheet h2 bdi")]
    assert shown == names
    listed = page.soup.select(".caution bdi")
    assert [one.get_text() for one in listed] == names[1:] * (view == "table")
    assert {one.get_text() for one in page.soup.select(".session bdi")} <= set(names)


def test_nothing_of_it_is_kept_or_indexed(runner: RunnerClient, code: str) -> None:
    for page, cache in (
        (runner.get("/squad"), "no-cache"),
        (paste(runner, f"Anna {code}"), "no-store"),
    ):
        assert page.response.headers["Cache-Control"] == cache
        assert page.response.headers["X-Robots-Tag"] == "noindex"
        assert page.all(".paste strong") == [
            "These are other people’s health answers."
            " Paste only with their consent, and delete the file when you are done."
        ]
        assert "We keep nothing" in page.text
        assert "each code in the column “Code” opens a whole result" in page.text
    assert not runner.get("/squad").all("tbody")


def test_a_line_break_at_the_start_stays(runner: RunnerClient, code: str) -> None:
    page = paste(runner, f"\n\nAnna {code}\nrubbish")
    again = page.soup.select_one("#text")
    assert again is not None
    assert again.get_text() == f"\n\n\nAnna {code}\nrubbish"  # a browser drops the first


def test_an_empty_set_of_answers_counts_too(book: Rulebook, runner: RunnerClient) -> None:
    none = encode(book, Answers(0, parse_squad(book, runner.answer().code).runners[0].answers.day))
    assert len(rows(paste(runner, none))) == 1


def test_the_blocks_stand_in_the_order_in_which_a_coach_acts(
    runner: RunnerClient, code: str, stop: str
) -> None:
    caution = runner.answer(bothers="knee", effect="could-not-run").code
    nothing = runner.answer().code
    text = f"Anna {code}\nBert {stop}\nCleo {caution}\nDora {nothing}\nElif {HOST}/r/{code[:-1]}"
    page = paste(runner, text, roll="Anna Berg, Frida")
    main = page.text
    blocks = [
        "These are other people’s health answers. Show them to nobody else",
        "Results we could not read: 1",
        "Do not run until seen",
        "Speak to first",
        "The next session",
        "Everyone",
        "Nothing named: Dora",
        "No answer yet: 1 · Frida",
        "Perhaps answered under another name: 1 · Anna Berg · perhaps: Anna",
        "Change the text or the order",
    ]
    places = [main.find(one) for one in blocks]
    assert places == sorted(places)
    assert places[0] >= 0


def test_whom_it_hurts_stands_apart_in_the_session(runner: RunnerClient) -> None:
    rise, sore = (
        runner.answer(training="distance", bothers=one).code for one in ("nothing", "achilles")
    )
    page = paste(runner, f"Anna {rise}\nBert {sore}")
    assert page.all(".session dt") == ["Calves: 1 / 2"]
    assert page.all(".session dd") == ["Anna", "Hurts now, see their sheet first: Bert"]


def test_two_results_of_a_day_are_marked_and_the_row_leads_to_the_stop(
    runner: RunnerClient, code: str, stop: str
) -> None:
    page = paste(runner, f"Sam {stop}\nSam {code}\nAnna {stop}")
    assert [one["href"] for one in page.soup.select("tbody th > a")] == [f"/r/{stop}"] * 2
    sam, anna = (row[0] for row in rows(page))
    assert "Different results on one day: 2" in sam
    assert "Told not to run too, with the same answers: Anna" in sam
    assert "Different results" not in anna
    assert "Same answers" not in page.text


def test_a_stop_brings_the_number_to_call_once(runner: RunnerClient, stop: str) -> None:
    page = paste(runner, f"Anna {stop}\nBert {stop}")
    assert len(page.all(".no-run .emergency")) == 1
    days = runner.answer(warnings="night-pain").code
    assert not paste(runner, f"Anna {days}").all(".emergency")


def test_a_column_tells_what_changed_since_an_earlier_day(
    runner: RunnerClient, book: Rulebook
) -> None:
    codes = [
        encode(book, Answers(choice.bit, FIRST_DAY + timedelta(days=30 * n)))
        for n, choice in enumerate(book.question("bothers").choices[5:8])
    ]
    page = paste(runner, f"Anna {codes[0]}\nAnna {codes[1]}\nBert {codes[1]}")
    assert page.all("thead th")[-2:] == ["Since 1 January 2026", "Notes"]
    assert [row[-1] for row in rows(page)] == ["Gone: Knee; New: Shin", ""]
    mixed = paste(runner, f"Anna {codes[0]}\nAnna {codes[2]}\nBert {codes[1]}\nBert {codes[2]}")
    assert mixed.all("thead th")[-2] == "Since the last result"
    assert [row[-1] for row in rows(mixed)] == [
        "1 January 2026: Gone: Knee; New: Calf",
        "31 January 2026: Gone: Shin; New: Calf",
    ]
    assert len(paste(runner, f"Anna {codes[0]}").all("thead th")) == 3 + len(book.muscle_groups)


def test_who_has_sent_nothing_new_is_named(runner: RunnerClient, code: str) -> None:
    """Or last month's file, pasted above the chat, would hide who has not answered yet."""
    page = paste(runner, f"Anna {code}\nBert {EARLIER}\nCleo {EARLIER}\nCleo {code}")
    assert page.all(".old-answers") == ["Answered four weeks ago or more: Bert"]
    assert not paste(runner, f"Anna {code}").all(".old-answers")


def test_what_is_typed_beside_the_text_stays(runner: RunnerClient, code: str) -> None:
    typed = {"club": "<City> & Co", "session": "Hills" * 20, "roll": "\nAnna\nBert"}
    page = paste(runner, code, **typed)
    fields = {one["name"]: one["value"] for one in page.soup.select(".title-line input")}
    assert fields == {"club": "<City> & Co", "session": ("Hills" * 20)[:60]}
    assert {one["form"] for one in page.soup.select(".title-line input")} == {"paste"}
    assert page.soup.select_one("form#paste #roll")
    assert page.all(".session h2") == [f"The next session: {fields['session']}"]
    hidden = paste(runner, "nothing here", **typed).soup.select("input[type=hidden]")
    assert {one["name"]: one["value"] for one in hidden} == fields
    for text in (code, "nothing here"):
        roll = paste(runner, text, **typed).soup.select_one("#roll")
        assert roll is not None
        assert roll.get_text() == "\n\nAnna\nBert"  # a browser drops the first


def test_the_club_comes_along_from_the_page_with_the_link(runner: RunnerClient) -> None:
    coach = runner.get("/coach?from=City+Runners")
    (link,) = coach.soup.select(".numbered a[href^='/squad']")
    club = runner.get(str(link["href"])).soup.select_one("#paste input[name=club]")
    assert club is not None
    assert club["value"] == "City Runners"
    strange = runner.get("/squad?from=https://evil.example").soup.select_one("[name=club]")
    assert strange is not None
    assert strange["value"] == ""


def test_a_roll_that_is_too_long_is_refused_and_stays(runner: RunnerClient, code: str) -> None:
    page = paste(runner, code, roll="x" * 20_001)
    assert page.status == 413
    assert page.soup.select_one("#problems a[href='#roll']")
    assert "Everyone in the group This list is too long" in page.all(".problems li")[0]
    roll, text = (page.soup.select_one(one) for one in ("#roll", "#text"))
    assert roll is not None
    assert text is not None
    assert len(roll.get_text().strip()) == 20_001
    assert text.get_text().strip() == code
    assert paste(runner, code, roll="x" * 20_000).status == 200


def test_the_file_has_the_day_in_its_name(client: FlaskClient, code: str) -> None:
    response = client.post("/squad", data={"text": code, "view": "csv"})
    name = f"results-{date.today().isoformat()}.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_page_has_the_cells_of_the_file(runner: RunnerClient, code: str, stop: str) -> None:
    text = f'=Anna {code}\n"Bert" {stop}\nCleo {HOST}/r/{code[:-1]}'
    box = paste(runner, text).soup.select_one("textarea#cells[readonly]")
    assert box is not None
    by_tabs = list(csv.reader(box.get_text().strip("\n").splitlines(), delimiter="\t"))
    saved = runner.client.post("/squad", data={"text": text, "view": "csv"}).data
    assert by_tabs == list(csv.reader(saved.decode("utf-8-sig").splitlines()))
    assert by_tabs[2][0] == "'=Anna"


def test_the_saved_file_is_read_again_through_the_page(
    runner: RunnerClient, code: str, stop: str
) -> None:
    text = f"=Anna {code}\nBert {stop}\n{EARLIER}"
    saved = runner.client.post("/squad", data={"text": text, "view": "csv"}).data
    page = paste(runner, saved.decode())
    names = [row[0].partition(" (line")[0] for row in rows(page)]
    assert names == ["=Anna", "Bert", "Runner 1"]
    assert page.all(".lead") == ["People: 3"]
