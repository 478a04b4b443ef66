"""A sheet about a muscle group carries research and a question; a poster says why to scan it."""

from __future__ import annotations

import pytest

from app import create_app
from questionnaire.rulebook.model import Rulebook
from tests.support.runner_client import RunnerClient

LABELS = {
    "supports": "Supports it",
    "mixed": "Mixed",
    "against": "Speaks against it",
    "nothing": "Nothing found",
}


def test_a_sheet_says_what_research_says_of_each_of_its_statements(
    runner: RunnerClient, book: Rulebook
) -> None:
    for group in book.muscle_groups:
        said = runner.get(f"/muscles/{group.id}").all(".overview ~ .finding .reasons dd")
        claims = {claim.id for claim in book.claims if claim.about == group.id}
        rows = [row for row in book.research if claims & set(row.claims)]
        assert said == [f"{LABELS[row.bears]}. {row.says}" for row in rows]
        assert said


def test_a_row_of_research_stands_beside_the_answers_or_else_the_statements(
    runner: RunnerClient, book: Rulebook
) -> None:
    about = ".overview ~ .finding .reasons dt"
    assert "Knee" in runner.get("/muscles/glutes").all(about)
    exercises = next(claim for claim in book.claims if claim.id == "calves-exercises")
    assert exercises.says in runner.get("/muscles/calves").all(about)


def test_a_sheet_has_the_question_for_a_physio(runner: RunnerClient, book: Rulebook) -> None:
    for group in book.muscle_groups:
        assert f"Ask a physio or coach {group.ask}" in runner.get(f"/muscles/{group.id}").text


def test_a_poster_says_why_and_what_to_type(book: Rulebook) -> None:
    site = create_app({"PUBLIC_URL": "https://run.example/"})
    page = RunnerClient(site.test_client()).get("/poster?from=City+Runners")
    assert page.all(".why") == [book.subtitle]
    assert page.all(".to-type b") == ["run.example"]
    assert page.all(".show-to") == ["Show the result to:"]


@pytest.mark.parametrize("query", ["", "?from=City"])
def test_a_poster_also_has_the_whole_address(runner: RunnerClient, query: str) -> None:
    assert runner.get(f"/poster{query}").all(".to-post") == [f"http://localhost/{query}"]
