"""A result can be kept, shared, found again from paper, and compared with an earlier one."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import encode, find_code, group_digits
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import NO_COMPLAINTS, Page, RunnerClient, read

LINK = "https://club.example/r/"


def test_the_link_is_the_pages_own_address(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee")
    assert page.all(".share .link") == [f"http://localhost/r/{page.code}"]
    assert "Anyone with this link can see these answers." in page.text


def test_links_follow_the_public_address() -> None:
    runner = RunnerClient(create_app({"PUBLIC_URL": "https://club.example/"}).test_client())
    page = runner.answer(bothers="knee")
    assert page.all(".share .link") == [f"{LINK}{page.code}"]
    assert "on this computer only" not in page.text


def test_links_below_a_root_have_it_once(client: FlaskClient) -> None:
    code = read(client.post("/", data=NO_COMPLAINTS, follow_redirects=True)).code
    page = read(client.get(f"/r/{code}", base_url="http://localhost/club"))
    assert page.all(".share .link") == [f"http://localhost/club/r/{code}"]


@pytest.mark.parametrize("name", ["R&B +1", 'A "B" <C>', "50%", "Läufer 🏃"])
def test_the_name_of_a_club_goes_along(runner: RunnerClient, name: str) -> None:
    code = runner.answer().code
    page = read(runner.client.get(f"/r/{code}", query_string={"from": name}))
    for link in page.soup.select(".answers .onward a"):
        assert read(runner.client.get(str(link["href"]))).all(".shared bdi") == [name]
    compare = str(page.soup.select(".answers form")[0]["action"])
    for earlier in (code, "wrong"):
        response = runner.client.post(compare, data={"earlier": earlier}, follow_redirects=True)
        assert read(response).all(".shared bdi") == [name]
    again = read(runner.client.get(compare, follow_redirects=True))
    assert again.code == code
    assert again.all(".shared bdi") == [name]


@pytest.mark.parametrize(
    ("root", "only_here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://localhost:8000", True),
        ("http://192.168.1.5:8000", False),
        ("https://club.example", False),
    ],
)
def test_an_address_that_no_phone_reaches_is_called_so(root: str, only_here: bool) -> None:
    runner = RunnerClient(create_app({"PUBLIC_URL": root}).test_client())
    assert ("on this computer only" in runner.answer().text) is only_here


def test_the_qr_code_is_private_too(runner: RunnerClient) -> None:
    code = runner.answer(bothers="knee").code
    response = runner.client.get(f"/r/{code}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.text.startswith("<svg")
    assert response.headers["Cache-Control"] == "no-store"
    assert runner.client.get("/r/ABC/qr.svg").status_code == 404


@given(st.data())
def test_a_code_is_found_in_whatever_it_was_pasted_with(
    book: Rulebook, data: st.DataObject
) -> None:
    code = encode(book, Answers(1 << 16 | 1 << 22 | 1 << 39, date(2026, 11, 22)))
    before = data.draw(st.sampled_from(["", "  ", "My result: ", "(", "“"]))
    after = data.draw(st.sampled_from(["", " ", ".", ")", "?from=City", "/change", "#glutes", "”"]))
    assert find_code(f"{before}{LINK}{code}{after}") == code
    assert find_code(f" {group_digits(code)}. ") == group_digits(code)


@pytest.mark.parametrize(
    "write", [str, str.lower, group_digits, lambda code: f"{LINK}{code}?from=City"]
)
def test_the_box_opens_a_code_or_link(runner: RunnerClient, write: object) -> None:
    assert callable(write)
    code = runner.answer(bothers="knee").code
    page = read(runner.client.post("/r", data={"code": write(code)}, follow_redirects=True))
    assert page.code == code
    assert runner.client.post("/r", data={"code": code}).status_code == 303


def test_the_box_says_where_a_code_is(runner: RunnerClient) -> None:
    page = runner.get("/r")
    assert page.heading == "Open a result"
    assert page.all(".lead") == [
        "Your result is in its own web address. The code is on the printed sheet."
    ]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "There is no code."),
        ("ABC", "a part of it is missing"),
        ("A" * 5000, "It is too long: 5000 characters."),
        ("https://elsewhere.example/", "no “:”"),
        ("🏃", "no “🏃”"),
        ("<b>", "no code|part of it is missing"),
    ],
)
def test_the_box_says_what_is_wrong_and_keeps_what_was_typed(
    runner: RunnerClient, typed: str, reason: str
) -> None:
    page = read(runner.client.post("/r", data={"code": typed}))
    assert page.status == 422
    assert page.heading == "We cannot open that result"
    assert page.all(".problems h2") == ["There is a problem"]
    assert "We keep nothing, so we cannot look it up." in page.text
    assert any(one in page.text for one in reason.split("|"))
    field = page.soup.select_one("#code")
    assert field is not None
    assert str(field["value"]) == typed[:1000]


def typed_again(runner: RunnerClient, box: str, **sent: Any) -> str:
    """What stands in a box, of the result or of the comparison, after it was refused."""
    code = runner.answer(bothers="knee").code
    path = {"code": "/r", "earlier": f"/r/{code}/with"}[box]
    plain, page = (
        read(runner.client.post(path, **one)).soup.select(f"input#{box}")
        for one in ({"data": {box: "ABC"}}, sent)
    )
    assert [field.attrs.keys() for field in page] == [field.attrs.keys() for field in plain]
    return str(page[0]["value"])


@pytest.mark.parametrize("box", ["code", "earlier"])
@pytest.mark.parametrize(
    "typed",
    ['"', "'", "<", ">", "&", "&#34;", "&quot", '" title="', "' title='", '"><b title="', "</a>"],
)
def test_what_was_typed_into_a_box_never_becomes_markup(
    runner: RunnerClient, box: str, typed: str
) -> None:
    for text in (typed, f"AB{typed}C"):
        assert typed_again(runner, box, data={box: text}) == text


@pytest.mark.parametrize("box", ["code", "earlier"])
@pytest.mark.parametrize(
    ("sent", "marked"),
    [
        (b"\x00", "�"),
        (b"\x1b", "�"),
        (b"\x7f", "�"),
        (b"\xc2\x85", "�"),
        (b"\xe2\x80\xae", "�"),  # right to left from here
        (b"\xef\xbf\xbe", "�"),  # which is no character
        (b"\xed\xa0\x80", "���"),  # half of a pair, which is not UTF-8
        (b"\xff", "�"),
    ],
)
def test_what_cannot_be_printed_is_marked_and_the_rest_stays(
    runner: RunnerClient, box: str, sent: bytes, marked: str
) -> None:
    form = f"{box}=%22A{quote(sent)}B%3C"
    shown = typed_again(runner, box, data=form, content_type="application/x-www-form-urlencoded")
    assert shown == f'"A{marked}B<'
    head = f'--x\r\nContent-Disposition: form-data; name="{box}"\r\n\r\n'.encode()
    part = head + b'"A' + sent + b"B<\r\n--x--\r\n"
    shown = typed_again(runner, box, data=part, content_type="multipart/form-data; boundary=x")
    assert shown == f'"A{marked}B<'


def compared(runner: RunnerClient, earlier: str, now: str) -> Page:
    response = runner.client.post(f"/r/{now}/with", data={"earlier": earlier})
    assert response.status_code == 303
    return runner.get(response.location)


def rows(page: Page) -> dict[str, list[str]]:
    """What the comparison shows, by question and muscle group."""
    return {
        " ".join(row.th.get_text().split()): [cell.get_text().strip() for cell in row("td")]
        for row in page.soup.select(".comparison tbody tr")
        if row.th
    }


def test_two_results_side_by_side(runner: RunnerClient, book: Rulebook) -> None:
    def code(day: date, *keys: int) -> str:
        return encode(book, Answers(sum(1 << key for key in keys), day))

    earlier = code(date(2026, 5, 3), 16, 22, 23, 39, 46)
    now = code(date(2026, 11, 22), 16, 22, 20, 36, 52)
    for page in (compared(runner, earlier, now), compared(runner, now, earlier)):
        assert page.all(".comparison h2") == ["Compared with an earlier result: 3 May 2026"]
        shown = rows(page)
        bothers = book.question("bothers").text
        assert page.all(".comparison th")[:4] == [
            "Question",
            "No longer ticked",
            "Still ticked",
            "New",
        ]
        assert shown[bothers] == ["Shin", "Knee", "Hips"]
        time, strengthens = book.question("time"), book.question("strengthens")
        assert shown[time.text] == ["", "", time.choices[0].text]
        assert shown[strengthens.text] == [strengthens.choices[0].text, "", ""]
        assert book.question("noticed").text not in shown
        assert page.all(".comparison caption") == ["Statements that match"]
        labels = [str(cell["data-group"]) for cell in page.soup.select(".comparison td")[:3]]
        assert labels == ["No longer ticked", "Still ticked", "New"]
        assert shown["Glutes"] == ["2", "1", "fewer"]
        assert shown["Calves"] == ["0", "1", "new"]
        assert shown["Hamstrings"] == ["1", "2", "more"]
        assert page.findings
    late = runner.client.get(f"/r/{earlier}/with/{now}?from=City")
    assert (late.status_code, late.location) == (301, f"/r/{now}/with/{earlier}?from=City")
    itself = compared(runner, now, now)
    assert itself.all(".changes") == ["These are the same answers."]
    assert rows(itself)["Glutes"] == ["1", "1", "same"]


def spelt(book: Rulebook, day: date, **answers: str) -> str:
    """The code of these answers and no others, of that day; ids of choices are apart by a space."""
    ticked = {
        choice.bit
        for name, choices in answers.items()
        for choice in book.question(name).choices
        if choice.id in choices.split()
    }
    return encode(book, Answers(sum(ticked), day))


EARLIER, LATER = date(2026, 5, 3), date(2026, 11, 22)
CHANGES = {
    "gone, new and worse": (
        {"bothers": "knee shin", "effect": "full", "training": "distance", "time": "some"},
        {"bothers": "knee hips", "effect": "reduced", "training": "none", "time": "plenty"},
        ["Gone: Shin; A sudden rise in distance", "New: Hips", "Running, past 7 days: worse"],
    ),
    "better": (
        {"bothers": "knee", "effect": "could-not-run"},
        {"bothers": "knee", "effect": "full-with-problem"},
        ["Running, past 7 days: better"],
    ),
    "the same": (
        {"bothers": "knee", "effect": "reduced"},
        {"bothers": "knee elsewhere", "effect": "reduced"},
        ["New: Somewhere else", "Running, past 7 days: the same"],
    ),
    "nothing now": (
        {"bothers": "knee", "effect": "reduced"},
        {"bothers": "nothing"},
        ["Gone: Knee"],
    ),
    "an answer to a question that was not asked": (
        {"bothers": "nothing", "effect": "reduced"},
        {"bothers": "knee", "effect": "full"},
        ["New: Knee"],
    ),
}


@pytest.mark.parametrize(("before", "now", "told"), CHANGES.values(), ids=CHANGES)
def test_a_comparison_begins_with_what_changed(
    book: Rulebook,
    runner: RunnerClient,
    before: dict[str, str],
    now: dict[str, str],
    told: list[str],
) -> None:
    page = compared(runner, spelt(book, EARLIER, **before), spelt(book, LATER, **now))
    assert page.all(".changes li") == told
    assert page.all(".comparison > *")[1].startswith(told[0]), "above the tables"


def test_what_is_in_the_table_alone_is_said_to_be_there(
    book: Rulebook, runner: RunnerClient
) -> None:
    before = spelt(book, EARLIER, bothers="knee", duration="under-1-week")
    now = spelt(book, LATER, bothers="knee", duration="1-to-6-weeks")
    assert compared(runner, before, now).all(".changes") == ["The table shows what changed."]
    same = spelt(book, LATER, bothers="knee", duration="under-1-week")
    assert compared(runner, before, same).all(".changes") == ["These are the same answers."]


def test_a_comparison_names_answers_that_are_no_longer_asked(
    book: Rulebook, runner: RunnerClient
) -> None:
    [retired] = [one for one in book.retired if one.key == 15]
    knee = book.question("bothers").choices[5].bit
    before = encode(book, Answers(1 << 15 | knee, EARLIER))
    page = compared(runner, before, spelt(book, LATER, bothers="knee"))
    assert page.all(".changes li") == [f"Gone: {retired.text}"]
    assert rows(page)[f"{retired.question} · No longer asked"] == [retired.text, "", ""]
    reworded = compared(runner, before, spelt(book, LATER, bothers="knee hips", health="pregnancy"))
    assert reworded.all(".changes li") == ["New: Hips"]
    assert rows(reworded)[f"{retired.question} · No longer asked"] == [retired.text, "", ""]
    still = compared(runner, before, encode(book, Answers(1 << 15 | knee, LATER)))
    assert rows(still)[f"{retired.question} · No longer asked"] == ["", retired.text, ""]


def test_a_comparison_with_a_warning_sign(book: Rulebook, runner: RunnerClient) -> None:
    stopped = encode(book, Answers(1 << 12, date(2026, 11, 1)))
    page = compared(runner, stopped, runner.answer(bothers="knee").code)
    assert (
        "Your earlier answers included a warning sign, so nothing else was shown."
        in page.all(".comparison")[0]
    )
    assert "Glutes" not in rows(page)
    assert "Gone" not in page.all(".changes")[0]
    [earlier] = page.soup.select(".caution")
    assert earlier.h2 is not None
    assert earlier.h2.text == "You ticked a warning sign on 1 November 2026."
    assert earlier.select_one(f"a[href='/r/{stopped}']")
    assert page.text.index("You ticked a warning sign on") < page.text.index("What to do with this")
    alone = compared(
        runner, runner.answer(bothers="knee").code, runner.answer(warnings="joint").code
    )
    assert alone.heading.startswith("Get this seen today")
    assert not alone.findings
    assert not alone.soup.select(".comparison")
    assert alone.all(".not-compared")[0].startswith("There is no comparison with your answers of ")
    assert compared(runner, stopped, stopped).all(".not-compared") == [
        "These are the same answers."
    ]


def test_a_comparison_with_a_wrong_code_keeps_the_result_and_what_was_typed(
    runner: RunnerClient,
) -> None:
    code = runner.answer(bothers="knee").code
    page = read(runner.client.post(f"/r/{code}/with", data={"earlier": "ABC <b>"}))
    assert page.status == 422
    assert page.findings
    assert page.soup.select_one("details[open] #earlier[value='ABC <b>'][autofocus]")
    assert page.all("#earlier--error")
    assert page.all("title")[0].startswith("Error: ")
