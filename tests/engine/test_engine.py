"""The engine agrees with a plain walk over the rules, and keeps the promises of the project."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine import evaluate as engine
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.evaluate import assess, fired_rules
from questionnaire.rulebook.content import ClaimKind, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched, Rule
from tests.support.brute_force import small_rulebook
from tests.support.nested_rulebook import nested_book, one_each
from tests.support.strategies import answers_to, rulebooks

DAY = date(2026, 11, 22)


def holds(condition: Condition, given: set[tuple[str, str]], book: Rulebook) -> bool:
    match condition:
        case AnswerIs(question=question, choices=choices):
            return any((question, choice) in given for choice in choices)
        case AllOf(all=parts):
            return all(holds(part, given, book) for part in parts)
        case AnyOf(any=parts):
            return any(holds(part, given, book) for part in parts)
        case Not(not_=part):
            return not holds(part, given, book)
        case NothingMatched():
            return not any(holds(rule.when, given, book) for rule in book.rules if rule.cites)


def cited(assessment: Assessment) -> set[str]:
    return {match.claim.id for finding in assessment.findings for match in finding.matches}


@given(st.data())
def test_it_agrees_with_a_plain_walk_over_the_rules(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    given = {(q.id, c.id) for q in book.questions for c in q.choices_in(answers.ticked)}
    fired = [rule for rule in book.rules if holds(rule.when, given, book)]
    kinds = {notice.id: notice.kind for notice in book.notices}
    raised = {rule.raises for rule in fired if rule.raises}
    stops = {name for name in raised if kinds[name] == "stop"}
    result = assess(book, answers)
    assert {one.notice.id for one in result.stops} == stops
    notices = [one.notice for one in (*result.stops, *result.cautions)]
    order = [(list(Urgency).index(one.urgency), book.notices.index(one)) for one in notices]
    assert order == sorted(order)
    if stops:
        assert not result.findings
        return
    assert {one.notice.id for one in result.cautions} == raised
    assert cited(result) == {claim for rule in fired for claim in rule.cites}
    groups = [group.id for group in book.muscle_groups]
    standings = [
        (
            -len(finding.matches),
            min(match.claim.firmness.rank for match in finding.matches if match.claim.firmness),
            groups.index(finding.group.id),
        )
        for finding in result.findings
    ]
    assert standings == sorted(standings)
    links = [claim.id for claim in book.claims]
    for finding in result.findings:
        named = [links.index(match.claim.id) for match in finding.matches]
        assert named == sorted(named)
        ahead = sum(other.rank < finding.rank for other in result.findings)
        assert finding.rank == ahead + 1
        alike = [
            standings[n][:2] for n, one in enumerate(result.findings) if one.rank == finding.rank
        ]
        assert len(set(alike)) == 1
        shared = [one.group for one in result.findings if one.rank == finding.rank]
        assert {finding.group.id, *(g.id for g in finding.joint_with)} == {g.id for g in shared}


def plain_reasons(
    condition: Condition, given: set[tuple[str, str]], book: Rulebook, *, negated: bool = False
) -> set[tuple[str, str]] | None:
    """The answers that make a condition, or its opposite, hold: of all parts that do."""
    match condition:
        case AnswerIs(question=question, choices=choices):
            ticked = {(question, choice) for choice in choices} & given
            return (None if ticked else set()) if negated else ticked or None
        case Not(not_=part):
            return plain_reasons(part, given, book, negated=not negated)
        case NothingMatched():
            links = AnyOf(any=tuple(rule.when for rule in book.rules if rule.cites))
            return plain_reasons(links, given, book, negated=not negated)
        case AllOf(all=parts) | AnyOf(any=parts):
            found = [plain_reasons(part, given, book, negated=negated) for part in parts]
            held = [one for one in found if one is not None]
            enough = (
                bool(held) if isinstance(condition, AllOf) is negated else len(held) == len(found)
            )
            return {pair for one in held for pair in one} if enough else None


def walked(book: Rulebook, ticked: int) -> list[tuple[Rule, tuple[Choice, ...]]]:
    """What `fired_rules` must return, found by a plain walk over the rules."""
    pairs = {(q.id, choice.id): choice for q in book.questions for choice in q.choices}
    given = {pair for pair, choice in pairs.items() if choice.bit & ticked}
    found = ((rule, plain_reasons(rule.when, given, book)) for rule in book.rules)
    return [
        (rule, tuple(choice for pair, choice in pairs.items() if pair in behind))
        for rule, behind in found
        if behind is not None
    ]


@pytest.mark.parametrize("choices", [2, 4])
def test_every_nested_rule_that_holds_names_all_answers_behind_it(choices: int) -> None:
    book, random = nested_book(choices=choices), Random(1)  # noqa: S311
    for _ in range(100):
        ticked = one_each(book, 0, random)
        assert fired_rules(book, Answers(ticked, DAY)) == walked(book, ticked)


@given(st.data())
def test_a_claim_names_the_answers_behind_all_rules_that_cite_it(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    said: dict[str, set[int]] = {}
    for rule, choices in fired_rules(book, answers):
        for effect in (*rule.cites, rule.raises):
            said.setdefault(str(effect), set()).update(choice.key for choice in choices)
    result = assess(book, answers)
    for match in (match for finding in result.findings for match in finding.matches):
        assert {choice.key for choice in match.choices} == said[match.claim.id]
    for raised in (*result.stops, *result.cautions):
        assert {choice.key for choice in raised.choices} == said[raised.notice.id]


def test_advice_comes_in_the_order_of_the_rules_and_its_answers_in_that_of_the_file() -> None:
    data = small_rulebook(Random(1))  # noqa: S311
    choices = data["questions"][0]["choices"]
    choices[0]["key"], choices[1]["key"] = choices[1]["key"], choices[0]["key"]
    data["advice"].append(data["advice"][0] | {"id": "a1"})
    data["rules"] = [
        {"when": {"q0": names}, "shows": advice}
        for names, advice in (("c0", "a0"), (["c0", "c1"], "a1"), ("c1", "a0"))
    ]
    book = Rulebook.model_validate(data)
    first, second, *_ = book.questions[0].choices

    def shown(ticked: int) -> list[tuple[str, tuple[Choice, ...]]]:
        return [(one.advice.id, one.choices) for one in assess(book, Answers(ticked, DAY)).advice]

    assert shown(first.bit) == [("a0", (first,)), ("a1", (first,))]
    assert shown(second.bit) == [("a1", (second,)), ("a0", (second,))]
    assert shown(first.bit | second.bit) == [("a0", (first, second)), ("a1", (first, second))]


@given(st.data())
def test_the_answers_shown_make_the_rule_hold(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    order = [choice for question in book.questions for choice in question.choices]
    for finding in assess(book, answers).findings:
        for match in finding.matches:
            said = sum(choice.bit for choice in match.choices)
            assert said & answers.ticked == said
            assert [choice for choice in order if choice in match.choices] == list(match.choices)
            given = {(q.id, c.id) for q in book.questions for c in q.choices_in(said)}
            citing = [rule for rule in book.rules if match.claim.id in rule.cites]
            assert any(holds(rule.when, given, book) for rule in citing)


@given(st.data())
def test_one_more_trouble_never_removes_a_counted_claim(
    book: Rulebook, data: st.DataObject
) -> None:
    answers = data.draw(answers_to(book))
    bothers = book.question("bothers")
    warnings, gate = book.question("warnings"), book.question("any-warnings")
    before = answers.ticked & ~bothers.exclusive_bit & ~warnings.bits & ~gate.bits
    more = data.draw(st.sampled_from([c.bit for c in bothers.choices if c.id != "nothing"]))
    assert cited(assess(book, Answers(before, DAY))) <= cited(
        assess(book, Answers(before | more, DAY))
    )


@given(st.data())
def test_no_stop_notice_comes_with_a_ranking(book: Rulebook, data: st.DataObject) -> None:
    answers = data.draw(answers_to(book))
    result = assess(book, answers)
    asked = (book.question("any-warnings"), book.question("warnings"))
    stopping = {c.bit for question in asked for c in question.choices if c.id != "none"}
    assert bool(result.stops) == any(bit & answers.ticked for bit in stopping)
    assert not (result.stops and (result.findings or result.advice or result.cautions))


@given(st.data())
def test_a_finding_cites_only_its_own_muscle_group(book: Rulebook, data: st.DataObject) -> None:
    for finding in assess(book, data.draw(answers_to(book))).findings:
        assert {match.claim.about for match in finding.matches} == {finding.group.id}
        assert {match.claim.kind for match in finding.matches} == {ClaimKind.LINK}


def test_every_link_is_reached_by_some_answer(book: Rulebook) -> None:
    reached: set[str] = set()
    for question in book.questions:
        for choice in question.choices:
            reached |= cited(assess(book, Answers(choice.bit, DAY)))
    assert reached == {claim.id for claim in book.claims if claim.kind is ClaimKind.LINK}


def test_answers_to_questions_that_were_not_asked_are_ignored(book: Rulebook) -> None:
    nothing = book.question("bothers").exclusive_bit
    could_not_run = book.question("effect").choices[-1].bit
    assert not assess(book, Answers(nothing | could_not_run, DAY)).cautions
    knee = book.question("bothers").choices[5].bit
    assert assess(book, Answers(knee | could_not_run, DAY)).cautions


def test_a_question_that_a_retired_answer_opened_still_counts() -> None:
    data = small_rulebook(Random(1))  # noqa: S311
    data["questions"][0].pop("exclusive", None)
    data["questions"][1]["asked_if"] = "q0"
    data["retired"] = [{"key": 99, "question": "Q?", "text": "C"}]
    book = Rulebook.model_validate(data)
    before, after = (question.choices[0].bit for question in book.questions[:2])
    assert book.drop_unasked(before | after) == before | after
    assert book.drop_unasked(after) == 0
    assert book.drop_unasked(after | 1 << 99) == after | 1 << 99


def test_a_follow_up_may_wait_for_one_certain_answer() -> None:
    data = small_rulebook(Random(1))  # noqa: S311
    first, second = data["questions"][:2]
    first.pop("exclusive", None)
    second["asked_if"] = {first["id"]: "c1"}
    book = Rulebook.model_validate(data)
    before, after = (book.question(one["id"]) for one in (first, second))
    other, awaited = before.choices[0].bit, before.choices[1].bit
    answer = after.choices[0].bit
    assert book.drop_unasked(awaited | answer) == awaited | answer
    assert book.drop_unasked(other | answer) == other
    assert not book.is_asked(after, other)
    assert book.follow_ups(before, before.choices[1]) == (after,)
    assert after not in book.follow_ups(before)


def test_a_stop_notice_names_the_answers_of_asked_and_unasked_questions() -> None:
    data = small_rulebook(Random(1))  # noqa: S311
    first, second = data["questions"][:2]
    first |= {"pick": "several", "exclusive": "c0"}
    second["asked_if"] = first["id"]
    data["rules"] = [
        {"when": {"all": [{"q0": "c0"}, {"not": {"q1": "c0"}}]}, "raises": "halt"},
        {"when": {"q1": "c0"}, "raises": "halt"},
    ]
    book = Rulebook.model_validate(data)
    before, after = (question.choices[0] for question in book.questions[:2])
    [raised] = assess(book, Answers(before.bit | after.bit, DAY)).stops
    assert raised.choices == (before, after)


@given(st.data())
def test_whether_it_stops_is_what_the_assessment_says(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    ticked = data.draw(st.integers(0, book.bits)) & book.bits
    assert engine.has_stop(book, ticked) is bool(assess(book, Answers(ticked, DAY)).stops)
