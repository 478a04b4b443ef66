"""A result through the form: the places of the muscle groups, and the words for why."""

from __future__ import annotations

import re

import pytest

from tests.support.runner_client import NO_COMPLAINTS, RunnerClient

ROWS = {
    "bothers=knee shin tight-front-thighs": [
        "Glutes: 1, 2 of 6, joint with Quads",
        "Quads: 1, 2 of 5, joint with Glutes",
        "Hamstrings: 3, 1 of 3",
    ],
    "bothers=knee hips pelvis lower-back": [
        "Quads: 1, 4 of 5",
        "Glutes: 2, 3 of 6",
        "Hamstrings: 3, 2 of 3",
    ],
    "training=frequency bothers=calf": ["Calves: 1, the only one"],
    "bothers=elsewhere": [],
}
"""How a result prints places: which come of which answers is in the rulebook's own examples."""


def parse(row: str) -> dict[str, str]:
    answers: dict[str, str] = {}
    for word in row.split():
        name, equals, value = word.partition("=")
        if equals:
            last, answers[name] = name, value
        else:
            answers[last] += f" {word}"
    return answers


@pytest.mark.parametrize("row", ROWS)
def test_the_places_of_the_muscle_groups_and_how_many_statements_match(
    runner: RunnerClient, row: str
) -> None:
    page = runner.answer(**parse(row))
    assert [finding_in_short(group, place) for group, place in page.findings] == ROWS[row]


def finding_in_short(group: str, place: str) -> str:
    number, rank = place.split(" ", 1)
    rank = rank.replace("The article’s only statement on a problem with them", "the only one")
    rank = re.sub(r"(\d) of the article’s (\d) statements about them", r"\1 of \2", rank)
    return f"{group}: {number}, {rank.replace(' · Joint with: ', ', joint with ')}"


def test_each_finding_says_why(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee hips pelvis lower-back")
    assert (
        "Knee Tight quads can upset posture and muscle balance, and this can affect the knees"
        in (page.finding("Quads"))
    )
    assert page.finding("Quads").count("(says “can”)") == 4
    assert page.finding("Glutes").count("(says so flatly)") == 3


def test_possibly_stays_visible(runner: RunnerClient) -> None:
    glutes = runner.answer(bothers="shin").finding("Glutes")
    assert "possibly even lead to shin pain" in glutes
    assert "(says “possibly”)" in glutes


def test_one_statement_shows_all_the_answers_behind_it(runner: RunnerClient) -> None:
    calves = runner.answer(training="distance frequency", bothers="calf").finding("Calves")
    assert "Calf A sudden rise in distance A sudden rise in how often" in calves


EXERCISES = (
    "two examples that can help to make the calves ready for running: single-leg calf raises"
)


def test_the_two_exercises_of_the_article(runner: RunnerClient) -> None:
    assert EXERCISES in runner.answer(training="distance").finding("Calves")
    assert EXERCISES in runner.answer(training="distance", bothers="knee").finding("Calves")
    for sore in ("calf", "achilles"):
        calves = runner.answer(training="distance", bothers=sore).finding("Calves")
        assert EXERCISES not in calves
        assert "Leave them until your calf or Achilles no longer hurts" in calves


@pytest.mark.parametrize(
    "row",
    [
        *("bothers=shin", "bothers=knee effect=could-not-run", "health=low-energy"),
        *("health=pregnancy", "health=pelvic", "bothers=knee duration=over-3-months"),
    ],
)
def test_no_jumping_where_it_could_hurt(runner: RunnerClient, row: str) -> None:
    page = runner.answer(training="distance", **parse(row))
    assert page.finding("Calves")
    for word in ("rope", "skipping", "calf raises"):
        assert word not in page.text


def test_the_article_names_no_exercise_for_the_core(runner: RunnerClient) -> None:
    assert "It gives no other advice" in runner.answer(noticed="weak-core").text


def test_somewhere_else_is_not_in_the_article(runner: RunnerClient) -> None:
    line = "The article says nothing about that"
    alone = runner.answer(bothers="elsewhere")
    assert line in alone.text
    assert alone.heading == "The article links none of your answers to a muscle group"
    with_knee = runner.answer(bothers="elsewhere knee")
    assert line in with_knee.text
    assert with_knee.findings == runner.answer(bothers="knee").findings


@pytest.mark.parametrize("row", ["training=distance", "noticed=weak-core"])
def test_the_page_opens_with_nothing_bothering(runner: RunnerClient, row: str) -> None:
    page = runner.answer(**parse(row))
    assert page.findings
    start = page.text.index("You said that nothing has bothered you in the last four weeks")
    assert start < page.text.index("The article says which muscles")


def test_nothing_at_all(runner: RunnerClient) -> None:
    page = runner.answer()
    assert not page.findings
    assert "strength and conditioning will cut the risk of injury" in page.text
    assert "low risk" not in page.text.lower()


def test_time_for_one_group_only_is_an_opinion_and_no_order(runner: RunnerClient) -> None:
    page = runner.answer(bothers="hips", time="one-group")
    assert page.findings == runner.answer(bothers="hips").findings
    assert "If you have time for one muscle group The author, from experience," in page.text


def test_a_group_that_is_strengthened_keeps_its_place(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee", strengthens="glutes calves")
    assert page.findings == runner.answer(bothers="knee").findings
    line = "You already strengthen these at least once a week."
    assert f"Glutes: {line}" in page.text
    assert page.text.count(line) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("effect=could-not-run", "I could not run because of it"),
        ("duration=6-weeks-to-3-months", "More than 6 weeks, up to 3 months"),
        ("duration=over-3-months", "More than 3 months"),
    ],
)
def test_what_lasts_is_looked_at(runner: RunnerClient, row: str, said: str) -> None:
    page = runner.answer(bothers="knee", **parse(row))
    assert page.findings == runner.answer(bothers="knee").findings
    assert page.all(".caution h2") == ["Book a physio or doctor to look at this."]
    assert said in page.all(".caution")[0]
    assert not runner.answer(bothers="knee", duration="1-to-6-weeks").all(".caution")


def test_nobody_is_sent_to_run_through_pain(runner: RunnerClient) -> None:
    assert "do not run through the pain" in runner.answer(bothers="shin").text
    assert "do not run through the pain" not in runner.answer(training="distance").text


STOPS = {
    "chest-now": "Call an ambulance now.",
    "back-numb": "Go to an emergency department now.",
    "leg-injury": "Go to an emergency department now.",
    "dark-pee": "Go to an emergency department now.",
    "chest-passed": "Do not run. Speak to a doctor or a medical helpline today.",
    "heel-pop": "Get this seen today, at an emergency department or by a doctor.",
    "joint": "Get this seen today, at an emergency department or by a doctor.",
    "leg-swollen": "Speak to a doctor or a medical helpline today.",
    "fever": "Speak to a doctor or a medical helpline today.",
    "antibiotic": "Get advice about your antibiotic today.",
    "bone-pain": "Stop running and jumping, and see a doctor or physio this week.",
    "foot-slap": "Stop running for now, and see a doctor this week.",
    "night-pain": "See a doctor this week, before you train again.",
}


@pytest.mark.parametrize("sign", STOPS)
def test_a_warning_sign_comes_alone(runner: RunnerClient, sign: str) -> None:
    page = runner.answer(
        warnings=sign, bothers="knee calf", training="distance", time="one-group", effect="reduced"
    )
    assert page.heading == STOPS[sign]
    assert not page.findings
    for word in ("Glutes", "calf raises", "author"):
        assert word not in page.text.split("Your answers")[0]
    assert runner.get(f"/r/{page.code}").heading == page.heading


def test_two_warning_signs_are_shown_most_urgent_first(runner: RunnerClient) -> None:
    page = runner.answer(warnings="foot-slap leg-swollen antibiotic chest-now")
    assert [page.heading, *page.all(".stop h2")] == [
        "Call an ambulance now.",
        "Speak to a doctor or a medical helpline today.",
        "Get advice about your antibiotic today.",
        "Stop running for now, and see a doctor this week.",
    ]


def test_nobody_with_a_warning_sign_is_sent_back_to_the_form(runner: RunnerClient) -> None:
    page = runner.send({"warnings": "chest-now"})
    assert page.status == 200
    assert page.heading == "Call an ambulance now."


@pytest.mark.parametrize("sign", ["pregnancy", "low-energy"])
def test_a_caution_stands_above_the_ranking(runner: RunnerClient, sign: str) -> None:
    page = runner.answer(health=sign, bothers="knee")
    assert len(page.all(".caution")) == 1
    assert page.findings == runner.answer(bothers="knee").findings
    assert page.text.index("Book an appointment" if sign == "low-energy" else "midwife") < (
        page.text.index("What to do with this")
    )


def test_change_my_answers_leads_to_the_filled_form(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee shin", effect="reduced", time="some")
    change = runner.get(f"/r/{page.code}/change")
    assert change.checked() == {
        ("any-warnings", "none"),
        ("bothers", "knee"),
        ("bothers", "shin"),
        ("effect", "reduced"),
        ("training", "none"),
        ("time", "some"),
    }
    assert change.soup.select_one('input[name="noticed"][checked]') is None
    assert change.soup.select_one('input[name="duration"][value=""][checked]')
    answers: dict[str, list[str]] = {}
    for name, value in change.checked():
        answers.setdefault(name, []).append(value)
    assert runner.send(dict(answers)).code == page.code


def test_follow_ups_to_nothing_are_ignored(runner: RunnerClient) -> None:
    page = runner.answer(effect="could-not-run", duration="over-3-months")
    assert page.code == runner.answer().code
    assert not page.all(".caution")


def test_the_results_name_all_answers_and_their_day(runner: RunnerClient) -> None:
    page = runner.answer(bothers="knee", effect="reduced", duration="1-to-6-weeks")
    answers = page.all(".answers")[0]
    assert "I ran less than planned because of it" in answers
    assert "1 to 6 weeks" in answers


def test_the_pages_that_show_answers_are_private(runner: RunnerClient) -> None:
    code = runner.answer(**NO_COMPLAINTS).code
    for address in (f"/r/{code}", f"/r/{code}/change"):
        headers = runner.get(address).response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
