"""The question that asks whether there is any warning sign, before the list of them."""

from __future__ import annotations

from datetime import date

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import encode
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import NO_COMPLAINTS, RunnerClient, read

YES = "Yes, or I am not sure"


def test_the_form_begins_with_seven_lines_and_two_answers(runner: RunnerClient) -> None:
    page = runner.get("/")
    assert len(page.all("#any-warnings > ul > li")) == 7
    first = page.soup.select_one("form fieldset")
    assert first is not None
    assert first["id"] == "any-warnings"
    labels = page.all("#any-warnings > .choices > div > label")
    assert [label.removesuffix(" (today)") for label in labels] == [YES, "No, none of these"]


def test_the_list_of_signs_stands_under_the_answer_that_opens_it(runner: RunnerClient) -> None:
    page = runner.get("/")
    [opened] = page.soup.select("#any-warnings .opens")
    assert opened.select_one("label input[value=some]")
    assert opened.select_one(".follow-ups #warnings")


def test_yes_without_a_sign_says_to_get_advice_today(runner: RunnerClient) -> None:
    page = runner.send({"any-warnings": "some"})
    assert page.heading.startswith("Get advice today, before you run")
    assert page.all(".level")[0] == "Today"
    assert page.all(".stop .said li") == [YES]
    assert "call an ambulance" in page.text


def test_yes_with_a_sign_is_about_the_sign_alone(runner: RunnerClient) -> None:
    page = runner.send({"any-warnings": "some", "warnings": "foot-slap"})
    assert page.heading == "Stop running for now, and see a doctor this week."
    assert not page.all(".stop h2")


def test_a_sign_counts_whatever_the_first_question_says(runner: RunnerClient) -> None:
    for gate in ({}, {"any-warnings": "none"}, {"any-warnings": ["none", "some"]}):
        page = runner.send({**NO_COMPLAINTS, **gate, "warnings": "chest-now"})
        assert page.heading == "Call an ambulance now.", gate


def test_the_first_question_must_be_answered(runner: RunnerClient) -> None:
    page = runner.send({name: NO_COMPLAINTS[name] for name in ("bothers", "training")})
    assert page.status == 422
    assert page.all(".problems li") == [
        "Is any of these true now, or was it in the last four weeks? Choose one answer."
    ]


def test_a_form_of_before_the_question_still_tells_of_a_sign(runner: RunnerClient) -> None:
    """A page that was open across the update sends a sign and no answer to the new question."""
    assert runner.send({"warnings": "chest-now"}).heading == "Call an ambulance now."


def test_the_old_no_is_the_new_no(book: Rulebook, runner: RunnerClient) -> None:
    code = encode(book, Answers(1 << 16 | 1 << 22 | 1 << 39, date(2026, 11, 1)))
    change = runner.get(f"/r/{code}/change")
    assert ("any-warnings", "none") in change.checked()
    assert runner.get(f"/r/{code}").findings


def test_a_button_to_what_to_do_stands_with_the_signs(runner: RunnerClient) -> None:
    [button] = runner.get("/").soup.select("fieldset .see-now button")
    assert button["type"] == "submit"
    assert button.find_parent("fieldset", id="warnings")


def test_how_soon_is_a_word_and_a_level(runner: RunnerClient) -> None:
    page = runner.answer(warnings="chest-now heel-pop night-pain")
    assert page.all(".level") == ["Now", "Today", "This week"]
    levels = [section["class"] for section in page.soup.select("section.stop")]
    assert levels == [["stop", "now"], ["stop", "today"], ["stop", "days"]]
    assert page.soup.select_one("body.stopped.now")


def test_a_rulebook_with_a_flat_list_of_signs_has_the_button_too(cyclist: RunnerClient) -> None:
    assert cyclist.get("/").soup.select("#warnings > .see-now button")


def test_the_titles_tell_results_apart(runner: RunnerClient) -> None:
    today = date.today()
    words = f"Result of {today.day} {today:%B %Y}"
    result, stop = runner.answer(bothers="knee"), runner.answer(warnings="joint")
    assert result.all("title")[0].startswith(words)
    assert words in stop.all("title")[0]
    wrong = runner.client.post(f"/r/{result.code}/with", data={"earlier": "x"})
    assert read(wrong).all("title")[0].startswith(f"Error: {words}")
