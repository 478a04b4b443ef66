"""The example about desk work, which has no map of a body, fits the paper and a phone as well."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from pypdf import PdfReader

from app import create_app
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.model import Rulebook
from tests.browser.conftest import Open
from tests.conftest import ROOT
from tests.support.browser import served

TYPICAL = ("neck", "lower-back", "reduced", "up-to-6-weeks", "low")
STOP = ("some", "chest")


@pytest.fixture(scope="module")
def desk_site() -> Flask:
    return create_app({"RULES": str(ROOT / "docs" / "examples" / "desk-work.yaml")})


@pytest.fixture(scope="module")
def address(desk_site: Flask) -> Iterator[str]:
    with served(desk_site) as address:
        yield address


@pytest.fixture(scope="module")
def paths(desk_site: Flask) -> list[str]:
    """The pages that somebody prints: a result, a stop, the form, a handout and the poster."""
    book: Rulebook = desk_site.extensions["rulebook"]
    choices = {choice.id: choice.bit for q in book.questions for choice in q.choices}
    codes = [
        encode(book, Answers(sum(choices[name] for name in names), FIRST_DAY))
        for names in (TYPICAL, STOP)
    ]
    return [*(f"/r/{code}" for code in codes), "/", "/muscles/screen", "/poster", "/about"]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_each_page_prints_on_one_sheet(visit: Open, paths: list[str], paper: str) -> None:
    page = visit("/")
    sheets = {}
    for path in paths:
        page.goto(path)
        printed = page.pdf(format=paper, prefer_css_page_size=True)
        sheets[path] = len(PdfReader(io.BytesIO(printed)).pages)
    assert sheets == dict.fromkeys(paths, 1)


def test_no_page_is_wider_than_a_phone(visit: Open, paths: list[str]) -> None:
    page = visit("/", width=360)
    for path in (*paths, "/coach", "/squad", "/rules"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
