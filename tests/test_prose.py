"""The rules can be read on a page, all of them, as the file has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.conditions import any_witness, ways
from questionnaire.engine.evaluate import helpful
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import Condition, Rule
from questionnaire.web.about import sentence, table
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


def test_an_answer_that_a_rule_denies_is_no_reason_for_its_statement(book: Rulebook) -> None:
    cited = next(rule for rule in book.rules if rule.cites)
    when = {"all": [{"bothers": "elsewhere"}, {"not": {"time": "plenty"}}]}
    denying = Rule.model_validate({"when": when, "cites": cited.cites})
    rows = table(book.model_copy(update={"rules": (denying,)}))
    assert [(row.question.id, row.choice.id) for row in rows] == [("bothers", "elsewhere")]


@given(st.data())
def test_a_tick_that_does_not_help_makes_no_rule_hold(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    ticked = data.draw(st.integers(0, book.bits)) & book.bits
    choices = {(q.id, choice.id): choice for q in book.questions for choice in q.choices}
    for rule in book.rules:
        found = ways(rule.when, choices)
        for name in choices.keys() - set(helpful(rule.when)):
            if any_witness(found, ticked | choices[name].bit) is not None:
                assert any_witness(found, ticked & ~choices[name].bit) is not None


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
