"""A result begins with its answer: the muscle groups, what to do with it, and where it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from questionnaire.authoring.commands import STARTER
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import decode, encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from tests.support.example_answers import LARGEST, TEN_REASONS, TYPICAL
from tests.support.runner_client import RunnerClient
from tests.support.strategies import answers_to

NOTHING = "The article links none of your answers to a muscle group"
STEPS = ".steps ol > li"


@pytest.mark.parametrize(
    ("answers", "heading", "others"),
    [
        ({"bothers": "shin"}, "names your glutes", []),
        ({"bothers": "knee lower-back"}, "names your glutes", ["quads and hamstrings"]),
        ({"bothers": "knee"}, "names your glutes", ["quads and hamstrings"]),
        (
            {"bothers": "shin", "training": "distance"},
            "names your calves",
            ["glutes"],
        ),
        (
            {"noticed": "glutes-off quads-strong-and-tight weak-core"},
            "names your glutes, quads and core",
            [],
        ),
    ],
    ids=str,
)
def test_the_heading_names_all_in_the_first_place(
    runner: RunnerClient, answers: dict[str, str], heading: str, others: list[str]
) -> None:
    page = runner.answer(**answers)
    assert page.heading == f"For your answers the article {heading}"
    assert page.all(".others") == [f"It also names your {one}." for one in others]


def test_of_more_than_three_in_the_first_place_it_says_how_many(runner: RunnerClient) -> None:
    page = runner.answer(
        noticed="glutes-off quads-strong-and-tight hamstrings-weaker weak-core", training="distance"
    )
    assert page.heading == "For your answers the article names 5 muscle groups"
    assert page.all(".others") == [
        "They share the first place: glutes, quads, core, hamstrings and calves."
    ]


def test_what_to_do_gives_each_first_group_its_reasons(runner: RunnerClient) -> None:
    steps = runner.answer(**TYPICAL).all(STEPS)
    assert steps == [
        "If it hurts, do not run through the pain.",
        "Strengthen your glutes: linked by the article to your knee and your shin.",
        "Stretch your quads as well as strengthening them: linked by the article to the tight front"
        " of your thighs and your knee.",
        "The article gives no training plan. Ask a physio or coach which exercises to do, and"
        " how often.",
        "No better in six weeks, or you cannot run? Book a physio.",
        "Glutes: You already strengthen these at least once a week. The article does not say how"
        " much is enough.",
    ]


def test_a_choice_that_cites_twice_is_one_reason(runner: RunnerClient) -> None:
    [step] = [one for one in runner.answer(bothers="knee").all(STEPS) if "glutes" in one]
    assert step.count("your knee") == 1


@pytest.mark.parametrize("answers", [TYPICAL, TEN_REASONS, LARGEST], ids=["6", "10", "all"])
def test_there_are_never_more_than_six_things_to_do(
    runner: RunnerClient, answers: dict[str, str]
) -> None:
    steps = runner.answer(**answers).all(STEPS)
    assert 3 <= len(steps) <= 6
    assert any("linked by the article to" in step for step in steps)


@given(st.data())
def test_whatever_is_answered_there_are_at_most_six(
    book: Rulebook, client: FlaskClient, data: st.DataObject
) -> None:
    """A step about a muscle group that has no room among them stands on its card."""
    answers = data.draw(answers_to(book))
    page = RunnerClient(client).get(f"/r/{encode(book, answers)}")
    assert len(page.all(STEPS)) <= 6
    for finding in assess(book, answers).findings:
        for shown in finding.advice:
            assert shown.advice.text in page.text


def test_what_has_no_room_among_the_steps_stands_on_the_card(runner: RunnerClient) -> None:
    page = runner.answer(
        bothers="calf elsewhere", health="low-energy", strengthens="calves", effect="full"
    )
    assert len(page.all(STEPS)) == 6
    assert "has not gone up suddenly" in page.finding("Calves")
    assert "You already strengthen these" in page.finding("Calves")


def test_whoever_could_not_run_is_not_told_to_wait_six_weeks(runner: RunnerClient) -> None:
    for answers in ({"effect": "could-not-run"}, {"duration": "over-3-months"}):
        page = runner.answer(bothers="knee", **answers)
        assert "No better in six weeks" not in page.text
        assert page.all(".caution h2") == ["Book a physio or doctor to look at this."]


def test_a_healthy_runner_gets_a_good_page(runner: RunnerClient) -> None:
    page = runner.answer()
    assert page.heading == NOTHING
    assert page.text.index("Nothing to flag") < page.text.index("says to everyone")
    assert "Come back when something does, or when your training changes." in page.text
    assert len(page.all(".every li")) == 4
    assert page.soup.select_one("details.every[open]")
    assert [str(link["href"]) for link in page.soup.select(".map a")] == [
        f"/muscles/{name}" for name in ("quads", "core", "glutes", "hamstrings", "calves")
    ]
    assert not page.soup.select(".map [class*=rank-], .map .ring")
    assert not page.all(".steps")


def test_somewhere_else_is_not_called_nothing(runner: RunnerClient) -> None:
    page = runner.answer(bothers="elsewhere")
    assert page.heading == NOTHING
    assert "Nothing to flag" not in page.text


def test_the_map_rings_what_bothers_and_leads_to_the_cards(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee lower-back")
    assert len(page.soup.select(".map .ring")) == 2
    assert [str(link["href"]) for link in page.soup.select(".map a")] == [
        "#quads",
        "#glutes",
        "#hamstrings",
    ]


def test_each_card_has_a_question_for_a_physio_and_what_the_article_leaves_out(
    runner: RunnerClient, book: Rulebook
) -> None:
    page = runner.answer(**TEN_REASONS)
    for group in book.muscle_groups:
        card = page.finding(group.name)
        assert f"Ask a physio or coach: {group.ask}" in card
        assert all(text in card for text in group.omits)
        assert all(text in card for text in group.advises)


def test_only_groups_after_the_third_place_are_folded(runner: RunnerClient) -> None:
    page = runner.answer(**TYPICAL)
    folded = [card.select_one("details.fold") is not None for card in page.soup.select(".finding")]
    assert folded == [int(rank.split()[0]) > 3 for _, rank in page.findings]
    assert True in folded


def test_an_old_result_says_so_above_its_heading(book: Rulebook, runner: RunnerClient) -> None:
    ticked = decode(book, runner.answer(bothers="knee").code).ticked
    day = date.today() - timedelta(weeks=5)
    page = runner.get(f"/r/{encode(book, Answers(ticked, day))}")
    assert page.text.index("These answers are 5 weeks old.") < page.text.index(page.heading)


def test_a_rulebook_without_phrases_is_told_by_names() -> None:
    starter = RunnerClient(create_app({"RULES": str(STARTER)}).test_client())
    page = starter.send({"warnings": "none", "bothers": "calf"})
    assert page.heading == "For your answers the article names your Calves"
    assert page.all(STEPS) == ["Calves (linked by the article to Calf): Build them up gradually."]
