"""The rules can be read on a page, all of them, as the file has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.engine.conditions import (
    choices_in,
    compile_condition,
    find_reasons,
    supporting_choices,
)
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question
from questionnaire.rulebook.rule import Condition, Rule
from questionnaire.web.about import condition_sentence, rule_table
from tests.support.brute_force import holds
from tests.support.runner_client import RunnerClient, words
from tests.support.strategies import rulebooks


def condition(data: dict[str, object]) -> Condition:
    return Rule.model_validate({"when": data, "raises": "lasting"}).when


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"bothers": "knee"}, "If “Knee” is ticked"),
        ({"bothers": ["knee", "shin"]}, "If one or more of “Knee”, “Shin” are ticked"),
        ({"not": {"bothers": "knee"}}, "If “Knee” is not ticked"),
        ({"not": {"not": {"bothers": "knee"}}}, "If “Knee” is ticked"),
        ({"not": {"bothers": ["knee", "shin"]}}, "If none of “Knee”, “Shin” is ticked"),
        (
            {"all": [{"bothers": "knee"}, {"any": [{"bothers": "shin"}, {"time": "some"}]}]},
            "If “Knee” is ticked and (“Shin” is ticked or “Some” is ticked)",
        ),
        (
            {"not": {"all": [{"bothers": "knee"}, {"bothers": "shin"}]}},
            "Unless “Knee” is ticked and “Shin” is ticked",
        ),
        (
            {
                "all": [
                    {"time": "some"},
                    {"not": {"any": [{"bothers": "knee"}, {"bothers": "shin"}]}},
                ]
            },
            "If “Some” is ticked, unless “Knee” is ticked or “Shin” is ticked",
        ),
        (
            {
                "all": [
                    {"not": {"all": [{"bothers": "knee"}, {"bothers": "shin"}]}},
                    {"not": {"any": [{"bothers": "hips"}, {"time": "some"}]}},
                ]
            },
            "Unless (“Knee” is ticked and “Shin” is ticked)"
            " or (“Hips” is ticked or “Some” is ticked)",
        ),
        (
            {
                "any": [
                    {"time": "some"},
                    {"not": {"all": [{"bothers": "knee"}, {"not": {"bothers": "shin"}}]}},
                ]
            },
            "If “Some” is ticked or (“Knee” is not ticked or “Shin” is ticked)",
        ),
        (
            {
                "any": [
                    {"time": "some"},
                    {"not": {"any": [{"bothers": "knee"}, {"bothers": "hips"}]}},
                ]
            },
            "If “Some” is ticked or (“Knee” is not ticked and “Hips” is not ticked)",
        ),
        ({"matched": "none"}, "If no statement of the article matches the answers"),
        (
            {"all": [{"bothers": "knee"}, {"not": {"matched": "none"}}]},
            "If “Knee” is ticked and a statement of the article matches the answers",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(
    book: Rulebook, data: dict[str, object], expected: str
) -> None:
    assert condition_sentence(book, condition(data)) == expected


@given(st.data())
def test_every_condition_has_a_sentence_that_names_its_answers(data: st.DataObject) -> None:
    book = named(data.draw(rulebooks))
    texts = {(q.id, choice.id): choice.text for q in book.questions for choice in q.choices}
    for rule in book.rules:
        said = condition_sentence(book, rule.when)
        starts = ("If “", "If (", "If one or more of “", "If none of “", "Unless ", *WHOLE)
        assert said.startswith(starts)
        for name in choices_in(rule.when):
            every_answer = f"thing is ticked under “{book.question(name[0]).text}”"
            assert f"“{texts[name]}”" in said or every_answer in said


WHOLE = (
    *("If anything is ticked under “", "If nothing is ticked under “"),
    *("If a statement of the article matches", "If no statement of the article matches"),
)
"""How a condition on every answer to a question begins, and one on what matched."""

KNEE, SHIN, HIPS = ({"bothers": name} for name in ("knee", "shin", "hips"))


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (KNEE, ["Knee"]),
        ({"bothers": ["shin", "knee"]}, ["Knee", "Shin"]),
        ({"any": [SHIN, KNEE]}, ["Knee", "Shin"]),
        ({"all": [KNEE]}, ["Knee"]),
        ({"not": {"not": KNEE}}, ["Knee"]),
        ({"all": [SHIN, KNEE]}, ["Knee, together with Shin"]),
        ({"not": {"any": [{"not": KNEE}, {"not": SHIN}]}}, ["Knee, together with Shin"]),
        ({"all": [KNEE, {"bothers": ["shin", "hips"]}]}, ["Hips or Shin, together with Knee"]),
        ({"all": [HIPS, {"any": [SHIN, KNEE]}]}, ["Hips, together with Knee or Shin"]),
        ({"all": [KNEE, SHIN, HIPS]}, ["Hips, together with Knee, together with Shin"]),
        ({"any": [HIPS, {"all": [KNEE, SHIN]}]}, ["Hips", "Knee, together with Shin"]),
        ({"all": [KNEE, {"not": SHIN}]}, ["Knee, unless Shin"]),
        ({"all": [KNEE, {"not": {"any": [SHIN, HIPS]}}]}, ["Knee, unless Hips or Shin"]),
        (
            {"all": [KNEE, {"any": [HIPS, {"all": [SHIN, {"not": {"time": "plenty"}}]}]}]},
            ["Knee, together with (Hips; or Shin, unless Plenty)"],
        ),
        ({"any": [KNEE, {"not": SHIN}]}, ["Knee", "not Shin"]),
    ],
    ids=str,
)
def test_answers_that_are_enough_only_together_stand_in_one_row(
    book: Rulebook, data: dict[str, object], rows: list[str]
) -> None:
    citing = Rule.model_validate({"when": data, "cites": ["glutes-knee"]})
    raising = Rule.model_validate({"when": {"bothers": "elsewhere"}, "raises": "lasting"})
    shown = rule_table(book.model_copy(update={"rules": (citing, raising)}))
    assert [row.answers for row in shown] == rows
    assert {claim.id for row in shown for claim in row.links["glutes"]} == {"glutes-knee"}


def test_rules_about_the_same_answers_share_a_row(book: Rulebook) -> None:
    rules = [
        {"when": {"all": [KNEE, SHIN]}, "cites": ["glutes-shin"]},
        {"when": KNEE, "cites": ["glutes-knee"]},
        {"when": {"all": [SHIN, KNEE]}, "cites": ["quads-knees"]},
    ]
    shown = rule_table(book.model_copy(update={"rules": tuple(map(Rule.model_validate, rules))}))
    cited = [[claim.id for one in row.links.values() for claim in one] for row in shown]
    assert [(row.answers, claims) for row, claims in zip(shown, cited, strict=True)] == [
        ("Knee", ["glutes-knee"]),
        ("Knee, together with Shin", ["glutes-shin", "quads-knees"]),
    ]


@given(st.data())
def test_an_answer_in_a_row_of_its_own_is_enough_and_no_other_is_missing(
    data: st.DataObject,
) -> None:
    """Also beside all other answers; what is enough with nothing else has a row that names it."""
    book = named(data.draw(rulebooks))
    shown = {
        row.answers: {claim.id for one in row.links.values() for claim in one}
        for row in rule_table(book)
    }
    others = data.draw(st.integers(0, book.bits)) & book.bits
    for question in book.questions:
        for choice in question.choices:
            assert shown.get(choice.text, set()) <= cited(book, others | choice.bit)
            named_in = {one for text in shown if choice.text in text for one in shown[text]}
            assert cited(book, choice.bit) - cited(book, 0) <= named_in


def named(book: Rulebook) -> Rulebook:
    """The same rulebook with a text for each choice that no other text contains."""

    def renamed(question: Question) -> Question:
        choices = (
            choice.model_copy(update={"text": f"[{question.id} {choice.id}]"})
            for choice in question.choices
        )
        return question.model_copy(update={"choices": tuple(choices)})

    return book.model_copy(update={"questions": tuple(map(renamed, book.questions))})


def cited(book: Rulebook, ticked: int) -> set[str]:
    """The claims of all rules that hold for these ticks, by the meaning of the words."""
    return {one for rule in book.rules if holds(rule.when, book, ticked) for one in rule.cites}


def test_no_page_shows_a_part_as_if_it_were_enough() -> None:
    runner = RunnerClient(create_app({"RULES": "tests/data/together.yaml"}).test_client())
    rows = runner.get("/rules").all("tbody th")
    assert rows == ["All day, together with Never", "Half the day, unless Often"]
    sheet = runner.get("/muscles/back")
    assert sheet.all(".reasons dt") == [*rows, rows[1]]


@given(st.data())
def test_a_tick_that_does_not_help_makes_no_rule_hold(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    ticked = data.draw(st.integers(0, book.bits)) & book.bits
    for rule in book.rules:
        if rule.waits_for_nothing_matched:
            continue  # its choices stand in the rules that cite
        compiled = compile_condition(rule.when, book)
        for name in book.choices.keys() - set(supporting_choices(rule.when)):
            bit = book.choices[name].bit
            if find_reasons(compiled, ticked | bit) is not None:
                assert find_reasons(compiled, ticked & ~bit) is not None


def test_the_page_has_every_rule_and_every_link(runner: RunnerClient, book: Rulebook) -> None:
    page = runner.get("/rules")
    assert len(page.soup.select(".rules > ol > li")) == len(book.rules)
    rows = {
        words(row.th): [words(cell) for cell in row("td")] for row in page.soup.select("tbody tr")
    }
    assert rows["Knee"] == ["says so flatly", "says “can”", "", "says “can”", ""]
    assert rows["Shin"] == ["says “possibly”", "", "", "", ""]
    assert rows["A weak core"] == ["", "", "says so flatly", "", ""]
    assert rows["A sudden rise in distance"] == ["", "", "", "", "says “often”"]
    assert "Somewhere else" not in rows


def test_two_links_of_one_firmness_are_one_word_in_a_cell() -> None:
    runner = RunnerClient(create_app({"RULES": "tests/data/together.yaml"}).test_client())
    (cell,) = runner.get("/rules").all("tbody tr:last-child td")
    assert cell == "says “can”"


def test_the_page_says_how_to_read_it(runner: RunnerClient) -> None:
    page = runner.get("/rules")
    assert page.all(".lead") == [
        "Everything here is made from one file. An answer leads to a column of the table only"
        " if the article links the two. The article goes from muscle to problem; this site reads"
        " it backwards, from your problem to the muscles it names."
    ]
    assert page.all("h2")[1] == "How the order is worked out"
    for said in (
        "Each cell shows how sure the article sounds.",
        "An empty cell: the article makes no link of this kind.",
        "What it says flatly or with “often” goes before “can”, and “can” before “possibly”.",
        "The order counts statements, then how sure the article sounds. It does not say what"
        " matters most for you.",
        "This replaces the result: Go to an emergency department",
    ):
        assert said in page.text
