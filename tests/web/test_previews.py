"""What a chat shows of a link: what the form is, and nothing of a result but its day."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import encode
from questionnaire.rulebook.model import Rulebook
from questionnaire.web.form import WORDS_A_MINUTE, time_to_fill_in
from tests.support.example_answers import ALL_STOPS, RESULTS
from tests.support.runner_client import Page, RunnerClient
from tests.support.strategies import answers_to


def preview(page: Page) -> dict[str, str]:
    """What the head of a page tells a chat, by its name."""
    said = page.soup.select("head meta[content]:is([name=description], [property])")
    tags = {str(tag.get("property", tag.get("name"))): str(tag["content"]) for tag in said}
    assert len(tags) == len(said)
    return {"title": page.all("title")[0], **tags}


def test_the_minutes_are_counted_from_the_words_of_the_form(book: Rulebook) -> None:
    assert time_to_fill_in(book) == "It takes 3 minutes."
    first = book.questions[0]
    short = book.model_copy(update={"questions": (first,)})
    assert time_to_fill_in(short) == "It takes a minute."
    long = first.model_copy(update={"list_": ("word " * WORDS_A_MINUTE,)})
    assert time_to_fill_in(book.model_copy(update={"questions": (long,)})) == "It takes 2 minutes."


def test_a_link_to_the_form_says_what_it_is(runner: RunnerClient, book: Rulebook) -> None:
    assert preview(runner.get("/")) == {
        "title": book.title,
        "description": book.subtitle,
        "og:type": "website",
        "og:title": book.title,
        "og:description": f"{book.subtitle} It takes 3 minutes. We keep nothing.",
    }


@pytest.mark.parametrize("club", ["City Runners", 'R&B "<b>"', "100%s"])
def test_a_clubs_link_has_its_name(runner: RunnerClient, book: Rulebook, club: str) -> None:
    response = runner.client.get("/", query_string={"from": club, "training": "distance"})
    page = RunnerClient(runner.client).get(response.request.url)
    assert preview(page)["og:title"] == f"{club}: {book.title}"


@pytest.mark.parametrize("rest", ["", "?from=City+Runners", "/change", "/with/{code}"])
@pytest.mark.parametrize("name", RESULTS)
def test_a_link_to_a_result_says_its_day_alone(
    runner: RunnerClient, book: Rulebook, name: str, rest: str
) -> None:
    ticked = {"any-warnings": "some"} if "warnings" in RESULTS[name] else {}
    code = runner.answer(**ticked, **RESULTS[name]).code
    page = runner.get(f"/r/{code}{rest.format(code=code)}")
    first = "Change your answers of" if rest == "/change" else "Result of"
    today = f"{date.today().day} {date.today():%B %Y}"
    assert preview(page) == {
        "title": f"{first} {today} – {book.title}",
        "description": book.subtitle,
    }


@given(st.data())
def test_the_heads_of_all_results_of_a_day_are_the_same(
    client: FlaskClient, book: Rulebook, data: st.DataObject
) -> None:
    runner = RunnerClient(client)
    day = date(2026, 11, 26)
    codes = [encode(book, Answers(data.draw(answers_to(book)).ticked, day)) for _ in range(2)]
    one, other = (str(runner.get(f"/r/{code}").soup.head) for code in codes)
    assert one == other


def test_a_warning_sign_is_said_in_the_page_and_not_in_its_title(runner: RunnerClient) -> None:
    page = runner.answer(**ALL_STOPS)
    assert page.all(".stop")
    assert page.heading not in str(page.soup.head)
