"""The rules can be read on a page, all of them, as the file has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.model import Rulebook
from questionnaire.prose import sentence
from questionnaire.rule import Condition, Rule
from tests.books import rulebooks
from tests.page import Runner, words


def condition(data: dict[str, object]) -> Condition:
    return Rule.model_validate({"when": data, "raises": "lasting"}).when


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"bothers": "knee"}, "“Knee” is ticked"),
        ({"bothers": ["knee", "shin"]}, "one or more of “Knee”, “Shin” are ticked"),
        ({"not": {"bothers": "knee"}}, "“Knee” is not ticked"),
        ({"not": {"bothers": ["knee", "shin"]}}, "none of “Knee”, “Shin” is ticked"),
        (
            {"all": [{"bothers": "knee"}, {"any": [{"bothers": "shin"}, {"time": "some"}]}]},
            "“Knee” is ticked and (“Shin” is ticked or “Some” is ticked)",
        ),
        (
            {"not": {"all": [{"bothers": "knee"}, {"bothers": "shin"}]}},
            "it is not so that (“Knee” is ticked and “Shin” is ticked)",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(
    book: Rulebook, data: dict[str, object], expected: str
) -> None:
    assert sentence(book, condition(data)) == expected


@given(st.data())
def test_every_condition_has_a_sentence(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    for rule in book.rules:
        assert "ticked" in sentence(book, rule.when)


def test_the_page_has_every_rule_and_every_link(runner: Runner, book: Rulebook) -> None:
    page = runner.get("/rules")
    assert len(page.soup.select(".rules > ol > li")) == len(book.rules)
    rows = {
        words(row.th): [words(cell) for cell in row("td")] for row in page.soup.select("tbody tr")
    }
    assert rows["Knee"] == ["stated", "can", "", "can", ""]
    assert rows["Shin"] == ["possibly", "", "", "", ""]
    assert rows["A weak core"] == ["", "", "stated", "", ""]
    assert "Somewhere else" not in rows
