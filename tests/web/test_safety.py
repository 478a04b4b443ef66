"""A warning sign wins, whatever else is ticked, typed or misspelt, now and in every old link."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import decode, encode
from questionnaire.engine.evaluate import assess, has_stop, warning_questions
from questionnaire.rulebook.content import NoticeKind
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import AskedIf
from tests.support.runner_client import NO_COMPLAINTS, RunnerClient, read

SIGNS = {
    "chest-now": "emergency",
    "back-numb": "emergency-department",
    "leg-injury": "emergency-department",
    "dark-pee": "emergency-department",
    "chest-passed": "collapse-passed",
    "heel-pop": "urgent-care",
    "joint": "urgent-care",
    "leg-swollen": "doctor-today",
    "fever": "doctor-today",
    "antibiotic": "prescriber",
    "bone-pain": "bone-pain",
    "foot-slap": "foot-slap",
    "night-pain": "night-pain",
}
"""The notice that each warning sign raises."""

OLD_KEYS = {
    1: "emergency",
    2: "collapse-passed",
    3: "emergency-department",
    4: "doctor-today",
    5: "emergency",
    6: "urgent-care",
    7: "emergency-department",
    8: "foot-slap",
    9: "bone-pain",
    10: "urgent-care",
    11: "doctor-today",
    12: "urgent-care",
    13: "prescriber",
}
"""The notice for each key that raised a stop in the first version of the form."""
OLD_CAUTIONS = {14: "low-energy", 15: "pregnancy"}
DAY = date(2026, 11, 26)


def stops(rulebook: Rulebook, ticked: int) -> list[str]:
    return [stop.notice.id for stop in assess(rulebook, Answers(ticked, DAY)).stops]


def test_every_choice_that_stops_is_known_here(book: Rulebook) -> None:
    assert warning_questions(book) == {"any-warnings", "warnings"}
    assert set(SIGNS) == {choice.id for choice in book.question("warnings").choices}
    kinds = {notice.id: notice.kind for notice in book.notices}
    stopping = {name for name, kind in kinds.items() if kind is NoticeKind.STOP}
    assert stopping == {*SIGNS.values(), "not-sure"}
    assert {kinds[name] for name in OLD_CAUTIONS.values()} == {NoticeKind.CAUTION}


@given(st.data())
def test_a_sign_stops_whatever_else_is_ticked(book: Rulebook, data: st.DataObject) -> None:
    """Also what contradicts it, and what stands in questions that were not asked."""
    sign = data.draw(st.sampled_from(sorted(SIGNS)))
    bits = [choice.bit for question in book.questions for choice in question.choices]
    ticked = sum(data.draw(st.sets(st.sampled_from(bits))))
    [bit] = [one.bit for one in book.question("warnings").choices if one.id == sign]
    assert SIGNS[sign] in stops(book, ticked | bit)
    read_back = decode(book, encode(book, Answers(ticked | bit, DAY)))
    assert SIGNS[sign] in stops(book, read_back.ticked)


@given(st.data())
def test_a_sign_stops_whatever_else_is_sent(
    book: Rulebook, client: FlaskClient, data: st.DataObject
) -> None:
    sign = data.draw(st.sampled_from(sorted(SIGNS)))
    names = [question.id for question in book.questions] + ["utm_source", "warning"]
    values = [choice.id for question in book.questions for choice in question.choices]
    value = st.sampled_from(["", "chest-nwo", "None", "\x00", *values])
    sent: dict[str, list[str]] = data.draw(
        st.dictionaries(st.sampled_from(names), st.lists(value, max_size=4))
    )
    signs = data.draw(st.permutations([*sent.get("warnings", []), sign]))
    page = RunnerClient(client).send({**sent, "warnings": signs})
    assert page.status == 200
    notices = {notice.id: notice.action for notice in book.notices}
    assert notices[SIGNS[sign]] in [page.heading, *page.all(".stop h2")]


@pytest.mark.parametrize("key", OLD_KEYS)
def test_an_old_link_that_stopped_still_stops(
    book: Rulebook, runner: RunnerClient, key: int
) -> None:
    for other in (
        0,
        1 << 22 | 1 << 27,
        *(1 << other for other in (*OLD_KEYS, *OLD_CAUTIONS, 16, 36)),
    ):
        code = encode(book, Answers(1 << key | other, DAY))
        assert OLD_KEYS[key] in stops(book, decode(book, code).ticked)
    notices = {notice.id: notice.action for notice in book.notices}
    page = runner.get(f"/r/{encode(book, Answers(1 << key, DAY))}")
    assert page.heading == notices[OLD_KEYS[key]]
    assert page.all(".stop .said li")


def test_an_old_swollen_leg_with_a_chest_that_hurt_is_an_emergency(book: Rulebook) -> None:
    assert stops(book, 1 << 4 | 1 << 2)[0] == "emergency"


@pytest.mark.parametrize("key", OLD_CAUTIONS)
def test_an_old_link_that_raised_a_caution_still_does(
    book: Rulebook, runner: RunnerClient, key: int
) -> None:
    code = encode(book, Answers(1 << key | 1 << 22 | 1 << 39, DAY))
    cautions = [one.notice.id for one in assess(book, decode(book, code)).cautions]
    assert cautions == [OLD_CAUTIONS[key]]
    assert len(runner.get(f"/r/{code}").all(".caution")) == 1


def test_a_code_of_a_newer_rulebook_with_a_sign_stops(book: Rulebook) -> None:
    unknown = 1 << 600
    assert stops(book, decode(book, encode(book, Answers(1 << 1 | unknown, DAY))).ticked)


def test_a_sign_beside_none_of_these_is_told_and_counts(runner: RunnerClient) -> None:
    page = runner.send(NO_COMPLAINTS | {"warnings": "chest-now"})
    assert page.heading == "Call an ambulance now."
    [note] = page.all(".contradicted")
    assert note == (
        "You also ticked “No, none of these”. We have gone by the warning sign."
        " If you ticked it by mistake, change your answers."
    )
    assert not runner.answer(warnings="chest-now").all(".contradicted")
    assert runner.get(f"/r/{page.code}").heading == page.heading
    change = runner.get(f"/r/{page.code}/change")
    assert {("warnings", "chest-now"), ("any-warnings", "none")} <= change.checked()


def test_a_sign_in_a_closed_follow_up_counts(book: Rulebook) -> None:
    """Another rulebook may ask for a sign in a follow-up: an answer that closes it hides a tick."""
    awaited = AskedIf(question="bothers")
    warnings = book.question("warnings").model_copy(update={"asked_if": awaited})
    others = [question for question in book.questions if question.id != "warnings"]
    parts = {name: getattr(book, name) for name in Rulebook.model_fields}
    hidden = Rulebook.model_validate(parts | {"questions": (*others, warnings)})
    nothing_and_sign = 1 << 27 | 1 << 1
    assert has_stop(hidden, nothing_and_sign)
    assert stops(hidden, decode(hidden, encode(hidden, Answers(nothing_and_sign, DAY))).ticked)


def test_the_number_to_call_stands_with_an_emergency(runner: RunnerClient) -> None:
    page = runner.answer(warnings="chest-now leg-injury")
    links = [str(link["href"]) for link in page.soup.select(".stop a")]
    assert links == ["tel:112", "tel:999", "tel:911"]
    first = page.soup.select_one(".stop")
    assert first is not None
    assert first.select_one("a") is not None, "it stands in the first notice"


def test_a_notice_that_needs_no_ambulance_does_not_begin_with_its_number(
    runner: RunnerClient,
) -> None:
    page = runner.answer(warnings="leg-swollen")
    assert not page.soup.select(".stop a")
    assert len(page.soup.select(".ambulance a[href^='tel:']")) == 3
    assert page.text.index("Speak to a doctor") < page.text.index("If you need an ambulance")


def test_paper_says_how_soon_to_get_help_beside_each_sign(runner: RunnerClient) -> None:
    boxes = runner.get("/").all("#warnings .choices div")
    urgencies = [box.rpartition(" (")[2].rstrip(")") for box in boxes]
    assert urgencies == [*["now"] * 4, *["today"] * 6, *["this week"] * 3]
    gate = runner.get("/").all("#any-warnings > .choices > div > label")
    assert gate == ["Yes, or I am not sure (today)", "No, none of these"]


@pytest.mark.parametrize("words", ["A&E", "GP", "111", "NHS", "minor injuries", "999, 112 or 911"])
def test_no_notice_names_a_service_of_one_country(book: Rulebook, words: str) -> None:
    for notice in book.notices:
        assert words not in f"{notice.action} {notice.text}"


def test_a_stop_page_shows_no_club(runner: RunnerClient) -> None:
    sent = runner.client.post("/?from=Zebra", data=NO_COMPLAINTS | {"warnings": "joint"})
    page = read(runner.client.get(sent.location))
    assert page.heading.startswith("Get this seen today")
    assert "Zebra" not in page.text


@pytest.mark.parametrize("answers", [{"warnings": "chest-now"}, {"bothers": "knee"}, {}], ids=str)
def test_an_old_result_says_how_old_it_is_before_all_else(
    book: Rulebook, runner: RunnerClient, answers: dict[str, str]
) -> None:
    ticked = decode(book, runner.answer(**answers).code).ticked
    for days, age in ((0, ""), (27, ""), (28, "4 weeks"), (90, "12 weeks"), (274, "9 months")):
        day = date.today() - timedelta(days=days)
        page = runner.get(f"/r/{encode(book, Answers(ticked, day))}")
        assert f"Your answers of {day.day} {day:%B %Y}" in page.text
        assert page.all(".age strong") == ([f"These answers are {age} old."] if age else [])
        if age:
            assert page.text.index(age) < page.text.index(page.heading)
            assert page.soup.select_one(".age a[href='/']")


def test_a_caution_stands_above_the_tables_of_a_comparison(runner: RunnerClient) -> None:
    earlier = runner.answer(bothers="hips").code
    now = runner.answer(bothers="knee", effect="could-not-run").code
    page = runner.get(f"/r/{now}/with/{earlier}")
    assert page.all(".caution")
    assert page.text.index("Book a physio") < page.text.index("Compared with an earlier result")


def test_every_statement_of_the_article_can_be_reached(
    book: Rulebook, runner: RunnerClient
) -> None:
    """By a result, or by the page of a muscle group that each result leads to."""
    everyone = runner.answer().text
    for claim in book.claims:
        if claim.about == claim.EVERYONE:
            assert claim.says in everyone
    page = runner.answer(bothers="knee", training="distance", noticed="weak-core hamstrings-weaker")
    for group in book.muscle_groups:
        assert page.soup.select_one(f".finding a[href='/muscles/{group.id}']"), group.id
        sheet = runner.get(f"/muscles/{group.id}").text
        for claim in book.claims:
            assert claim.about != group.id or claim.says in sheet


@pytest.mark.parametrize(
    ("noticed", "follows"),
    [
        ("glutes-off", "knee injuries. It adds: possibly even to shin pain."),
        ("quads-strong-and-tight", "lead to poor posture and muscles out of balance"),
        ("hamstrings-weaker", "may raise the risk of injury"),
        ("weak-core", "can cause injury over time"),
    ],
)
def test_what_somebody_noticed_is_followed_on(
    runner: RunnerClient, noticed: str, follows: str
) -> None:
    [finding] = runner.answer(noticed=noticed).all(".finding")
    assert follows in finding


def test_the_page_says_that_it_reads_the_article_backwards(runner: RunnerClient) -> None:
    for path in ("/rules", "/about", f"/r/{runner.answer(bothers='knee').code}"):
        text = runner.get(path).text
        assert "backwards" in text or "from problem to muscle" in text, path


def test_the_form_says_what_pressing_the_button_sends(runner: RunnerClient) -> None:
    text = runner.get("/").text
    sentence = "sends your answers, which are about your health, to this site"
    assert text.index(sentence) < text.index("Show my muscle groups")
    assert "Under 18, when bones still grow, ask a parent or carer" in text


@pytest.mark.parametrize(("key", "ticked"), [(5, "chest-now"), (10, "joint"), (11, "fever")])
def test_changing_old_answers_keeps_the_sign(
    book: Rulebook, runner: RunnerClient, key: int, ticked: str
) -> None:
    old = runner.get(f"/r/{encode(book, Answers(1 << key | 1 << 13 | 1 << 27 | 1 << 39, DAY))}")
    change = runner.get(f"/r/{old.code}/change")
    assert ("warnings", ticked) in change.checked()
    answers: dict[str, list[str]] = {}
    for name, value in change.checked():
        answers.setdefault(name, []).append(value)
    assert runner.send(answers).heading == old.heading


def test_a_retired_caution_keeps_its_effect_on_advice(book: Rulebook, runner: RunnerClient) -> None:
    page = runner.get(f"/r/{encode(book, Answers(1 << 15 | 1 << 27 | 1 << 36, DAY))}")
    assert page.finding("Calves")
    assert "two examples" not in page.finding("Calves")
    assert page.all(".caution .said") == [
        "You ticked: Pregnant, a birth in the last three months, leaking pee or poo,"
        " or heaviness in the pelvis"
    ]


def test_a_comparison_never_loses_a_sign(book: Rulebook, runner: RunnerClient) -> None:
    stop, fine = (
        encode(book, Answers(bits, DAY)) for bits in (1 << 1, 1 << 16 | 1 << 27 | 1 << 39)
    )
    assert runner.get(f"/r/{stop}/with/BAD").heading == "Call an ambulance now."
    assert runner.get(f"/r/{fine}/with/{stop}").heading == "Call an ambulance now."
    sent = runner.client.post(f"/r/{fine}/with", data={"earlier": stop}, follow_redirects=True)
    assert read(sent).heading == "Call an ambulance now."


def test_a_comparison_pasted_the_other_way_round_counts_the_later_result(
    book: Rulebook, runner: RunnerClient
) -> None:
    stop = encode(book, Answers(1 << 1, DAY))
    earlier = encode(book, Answers(1 << 16 | 1 << 27 | 1 << 39, DAY - timedelta(days=30)))
    sent = {"text": f"Ann http://club.example/r/{earlier}/with/{stop}", "view": "table"}
    page = read(runner.client.post("/squad", data=sent))
    assert len(page.all("tbody tr")) == 1
    assert "Call an ambulance now." in page.all("tbody tr")[0]
