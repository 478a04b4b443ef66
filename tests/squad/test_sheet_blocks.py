"""The blocks of a squad sheet: who must not run, the next session, and what changed since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.rulebook.content import NoticeKind
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad import sheet_blocks
from questionnaire.squad.squad import PRIVATE, SEVERAL, Runner, Squad, parse_squad

MONTH = timedelta(days=30)


def line(book: Rulebook, name: str, *, days: timedelta = timedelta(), **choices: str) -> str:
    """A line with a name and the code of these choices, `question="choice choice"`."""
    ticked = sum(
        choice.bit
        for question, ids in choices.items()
        for choice in book.question(question).choices
        if choice.id in ids.split()
    )
    return f"{name} {encode(book, Answers(ticked, FIRST_DAY + days))}"


def squad_of(book: Rulebook, *lines: str) -> Squad:
    return parse_squad(book, "\n".join(lines))


def named(runners: list[Runner]) -> list[str]:
    return [one.label for one in runners]


def test_each_stop_stands_once_with_its_runners_the_most_urgent_first(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", warnings="night-pain chest-now"),
        line(book, "Ben", warnings="night-pain"),
        line(book, "Cleo", bothers="knee"),
    )
    first, *others = sheet_blocks.stop_notices(book, squad)
    assert (first[0].urgency, named(first[1])) == ("now", ["Anna"])
    assert [(one.kind, named(runners)) for one, runners in others] == [
        (NoticeKind.STOP, ["Anna", "Ben"])
    ]


def test_every_stop_of_a_day_is_told_when_two_results_have_one_name(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", warnings="chest-now"),
        line(book, "Anna", warnings="night-pain"),
    )
    stops = sheet_blocks.stop_notices(book, squad)
    assert [(one.urgency, named(who)) for one, who in stops] == [
        ("now", ["Anna"]),
        ("days", ["Anna"]),
    ]
    assert squad.runners[0].told == tuple(one.action for one, _ in stops)


def test_cautions_are_those_of_runners_who_may_run_and_private_ones_say_nothing(
    book: Rulebook,
) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", warnings="chest-now", bothers="knee", effect="could-not-run"),
        line(book, "Ben", bothers="knee", effect="could-not-run"),
        line(book, "Cleo", health="pregnancy"),
        line(book, "Dora", health="low-energy"),
    )
    (words, runners), private = sheet_blocks.cautions(book, squad)
    assert named(runners) == ["Ben"]
    assert words in {one.action for one in book.notices if not one.private}
    assert (private[0], named(private[1])) == (PRIVATE, ["Cleo", "Dora"])


def test_a_sore_achilles_is_no_runner_of_the_calf_station(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", training="distance", bothers="nothing"),
        line(book, "Ben", training="distance", bothers="achilles"),
        line(book, "Cleo", training="none", bothers="achilles"),
        line(book, "Dora", training="distance", bothers="achilles", warnings="chest-now"),
        line(book, "Elif", bothers="nothing", training="none"),
    )
    (calves,) = [one for one in sheet_blocks.session(book, squad) if one.group.id == "calves"]
    assert (named(calves.linked), named(calves.hurt)) == (["Anna"], ["Ben", "Cleo"])
    assert named(sheet_blocks.nothing_named(book, squad)) == ["Elif"]


def test_both_results_of_a_day_count_and_the_coach_is_told(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", bothers="shin"),
        line(book, "Anna", bothers="nothing", training="distance"),
        line(book, "Ben", bothers="nothing"),
    )
    groups = {one.group.id: named(one.linked) for one in sheet_blocks.session(book, squad)}
    assert groups == {"glutes": ["Anna"], "calves": ["Anna"]}
    assert named(sheet_blocks.nothing_named(book, squad)) == ["Ben"]
    assert [(words, named(who)) for words, who in sheet_blocks.cautions(book, squad)] == [
        (SEVERAL, ["Anna"])
    ]
    nothing = [line(book, "Anna", bothers="nothing"), line(book, "Anna", training="none")]
    twice = squad_of(book, *nothing, line(book, "Anna", bothers="shin"))
    assert not sheet_blocks.nothing_named(book, twice)


def test_a_pain_in_either_result_of_a_day_counts(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", bothers="calf"),
        line(book, "Anna", bothers="knee", training="distance"),
    )
    (calves,) = [one for one in sheet_blocks.session(book, squad) if one.group.id == "calves"]
    assert (named(calves.linked), named(calves.hurt)) == ([], ["Anna"])


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_stop_in_either_result_of_a_day_counts_and_nothing_else(
    book: Rulebook, order: slice
) -> None:
    stop = line(book, "Anna", warnings="chest-now")
    both = [stop, line(book, "Anna", bothers="shin", effect="could-not-run")]
    squad = squad_of(book, *both[order])
    (anna,) = squad.runners
    assert (anna.stopped, anna.findings) == (True, ())
    assert anna.told == tuple(one.action for one in anna.stops)
    assert sheet_blocks.session(book, squad) == []
    assert sheet_blocks.cautions(book, squad) == []
    assert sheet_blocks.nothing_named(book, squad) == []


def test_the_muscle_group_with_the_most_runners_comes_first(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Anna", training="distance", bothers="nothing"),
        line(book, "Ben", bothers="shin"),
        line(book, "Cleo", training="distance", bothers="nothing"),
    )
    groups = [(one.group.id, named(one.linked)) for one in sheet_blocks.session(book, squad)]
    assert groups == [("calves", ["Anna", "Cleo"]), ("glutes", ["Ben"])]


@pytest.mark.parametrize(
    "roll",
    [
        "ANNA BERG\nPaul Late\nchloe\u0301 Dubois\nRita",
        "Anna Berg, Paul Late, Chloé Dubois; Rita,,",
        "1. Anna Berg\n2. Paul Late\n- Rita\n\nPaul late",
    ],
)
def test_who_is_on_the_roll_and_sent_nothing_has_no_answer_yet(book: Rulebook, roll: str) -> None:
    squad = squad_of(
        book,
        line(book, "Anna Berg", bothers="knee"),
        line(book, "Chloé Dubois", bothers="hips"),
        line(book, "", bothers="shin"),
    )
    late = [name.casefold() for name in sheet_blocks.without_answer(squad, roll)]
    assert late == ["paul late", "rita"]


def test_a_shorter_or_longer_form_of_a_name_may_be_the_one_on_the_roll(book: Rulebook) -> None:
    people = ["Dana", "Ben O.", "Chloe Dubois", "Berg, Anna", "Elif", "Elif K.", "🏃 Rita", "Jo"]
    squad = squad_of(book, *(line(book, one, bothers="knee") for one in people))
    roll = "Dana Levi, Ben Okafor, Chloé Dubois; Anna Berg\nElif\nElif Kaya\nRita\nJoanna\nPaul J."
    assert sheet_blocks.without_answer(squad, roll) == {
        "Dana Levi": ["Dana"],
        "Ben Okafor": ["Ben O."],
        "Chloé Dubois": ["Chloe Dubois"],
        "Anna Berg": ["Berg, Anna"],
        "Elif Kaya": ["Elif K."],
        "Rita": ["🏃 Rita"],
        "Joanna": [],
        "Paul J.": [],
    }


def since(book: Rulebook, *lines: str) -> sheet_blocks.Since:
    """What changed for the one runner of these lines; no change at all without an earlier one."""
    (runner,) = squad_of(book, *lines).runners
    return sheet_blocks.changes_since(book, runner) or sheet_blocks.Since(FIRST_DAY, ())


def test_since_tells_what_is_gone_what_is_new_and_how_the_running_went(book: Rulebook) -> None:
    oldest = line(book, "Anna", bothers="hips")
    pain = {"bothers": "knee achilles", "effect": "full", "duration": "under-1-week"}
    before = line(book, "Anna", days=MONTH, **pain)
    pain = {"bothers": "achilles shin", "effect": "reduced", "duration": "over-3-months"}
    now = line(book, "Anna", days=2 * MONTH, **pain)
    assert since(book, oldest, now, before) == (
        FIRST_DAY + MONTH,
        ("Gone: Knee", "New: Shin", "Running, past 7 days: I ran less than planned because of it"),
    )
    assert since(book, now).changes == ()


def test_since_says_when_nothing_changed_and_when_a_warning_sign_was_there(book: Rulebook) -> None:
    before = line(book, "Anna", bothers="knee")
    stop = line(book, "Anna", bothers="knee", warnings="chest-now")
    now = line(book, "Anna", days=MONTH, bothers="knee")
    assert since(book, before, now).changes == ("No change",)
    assert since(book, stop, now).changes == ("There was a warning sign",)
    stopped = line(book, "Anna", days=MONTH, warnings="chest-now")
    assert since(book, before, stopped).changes == ()


def test_an_earlier_sign_under_the_name_is_never_called_nothing(book: Rulebook) -> None:
    squad = squad_of(
        book,
        line(book, "Sam", warnings="chest-now"),
        line(book, "Sam", bothers="nothing", days=timedelta(days=2)),
        line(book, "Ben", bothers="nothing", days=timedelta(days=2)),
    )
    [(told, runners)] = sheet_blocks.cautions(book, squad)
    assert (told, named(runners)) == (sheet_blocks.EARLIER_SIGN, ["Sam"])
    assert named(sheet_blocks.nothing_named(book, squad)) == ["Ben"]


def test_since_tells_nothing_that_is_private(book: Rulebook) -> None:
    """Neither of another question, nor if the one about the body can bring up a private notice."""
    before = line(book, "Anna", bothers="knee", effect="full", health="none")
    pregnant = line(book, "Anna", days=MONTH, bothers="knee", effect="full", health="pregnancy")
    assert since(book, before, pregnant).changes == ("No change",)
    now = line(book, "Anna", days=MONTH, bothers="knee", effect="could-not-run")
    assert since(book, before, now).changes != ("No change",)
    private = (
        one.model_copy(update={"private": one.kind is NoticeKind.CAUTION}) for one in book.notices
    )
    secret = book.model_copy(update={"notices": tuple(private)})
    assert since(secret, before, now).changes == ("No change",)


def test_since_claims_nothing_for_a_book_without_places_on_the_body(book: Rulebook) -> None:
    questions = [
        one.model_copy(
            update={"choices": tuple(c.model_copy(update={"spot": None}) for c in one.choices)}
        )
        for one in book.questions
    ]
    bare = book.model_copy(update={"questions": tuple(questions)})
    before, now = (line(book, "Anna", days=days, bothers="knee") for days in (0 * MONTH, MONTH))
    assert since(bare, before, now).changes == ()
    stop = line(book, "Anna", warnings="chest-now")
    assert since(bare, stop, now).changes == ("There was a warning sign",)


def test_a_retired_answer_hurts_as_the_one_it_counts_as_and_what_hurts_is_named(
    tmp_path: Path, site_rules: str
) -> None:
    """Neither needs a link of the article to the muscle group."""
    calves = "hurts_if: {bothers: [calf, achilles]}"
    rules = site_rules.replace(calves, "hurts_if: {bothers: [elsewhere]}")
    rules = rules.replace(
        "retired:\n",
        "retired:\n  - {key: 900, question: Where?, text: Toe, counts_as: {bothers: elsewhere}}\n",
    )
    path = tmp_path / "rules.yaml"
    path.write_text(rules, "utf-8")
    book = load_rulebook(path)
    old = encode(book, Answers(1 << 900, FIRST_DAY))
    squad = squad_of(book, line(book, "Anna", bothers="elsewhere"), f"Ben {old}")
    assert not any(one.findings for one in squad.runners)
    (one,) = sheet_blocks.session(book, squad)
    assert (named(one.linked), named(one.hurt)) == ([], ["Anna", "Ben"])
    assert not sheet_blocks.nothing_named(book, squad)


def test_who_is_mentioned_and_who_could_not_be_read_is_not_without_an_answer(
    book: Rulebook,
) -> None:
    squad = squad_of(book, line(book, "@Zoe", bothers="knee"), "Ben 24VN0A9XFH", "Cleo")
    assert [one.name for one in squad.unread] == ["Ben"]
    assert sheet_blocks.without_answer(squad, "Zoe\nBen\nCleo") == {"Zoe": ["@Zoe"], "Cleo": []}
