"""The page that says what this is stays true, whatever the rulebook and whoever runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from questionnaire.rulebook.model import Rulebook
from tests.page import Runner
from tests.test_words import BOOKS


@pytest.mark.parametrize("rules", BOOKS)
def test_it_counts_the_muscle_groups_and_names_none(rules: str) -> None:
    runner = Runner(create_app({"RULES": rules}).test_client())
    book: Rulebook = runner.client.application.extensions["rulebook"]
    page = runner.get("/about")
    assert f"Muscle groups it looks at: {len(book.muscle_groups)}" in page.text
    assert page.all(".lead") == [book.subtitle]
    template = Path("templates/about.html").read_text("utf-8").lower()
    assert not [one.name for one in book.muscle_groups if one.name.lower() in template]


@pytest.mark.parametrize("path", ["/", "/rules", "/coach", "/nowhere"])
def test_every_page_leads_there(runner: Runner, path: str) -> None:
    assert runner.get(path).soup.select("footer a[href='/about']")


def test_a_warning_sign_leads_there_too(runner: Runner) -> None:
    page = runner.answer(warnings="joint")
    assert page.soup.select("footer a[href='/about']")
