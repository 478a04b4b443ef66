"""The form that changes earlier answers is told apart from the empty one."""

from __future__ import annotations

from datetime import date

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import encode
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import RunnerClient


def test_the_heading_and_the_title_say_which_answers_are_changed(
    runner: RunnerClient, book: Rulebook
) -> None:
    code = encode(book, Answers(1 << 16 | 1 << 22, date(2026, 11, 3)))
    page = runner.get(f"/r/{code}/change?from=City")
    assert page.heading == "Change your answers of 3 November 2026"
    assert page.all("title") == [f"{page.heading} – {book.title}"]
    assert page.all("header a") == [book.title]
    assert not page.all(".lead, .start")
    assert page.all(".shared bdi") == ["City"]
    assert page.checked()


def test_the_empty_form_has_the_title_of_the_rulebook(runner: RunnerClient, book: Rulebook) -> None:
    for page in (runner.get("/"), runner.send({})):
        assert page.heading == book.title
        assert page.all("title")[0].removeprefix("Error: ") == book.title
        assert page.all(".lead") == [book.subtitle]
        assert page.all(".start")
        assert not page.all("header a")
