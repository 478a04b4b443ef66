"""The engine agrees with a plain walk over the rules, and keeps the promises of the project."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from questionnaire.engine import assess
from questionnaire.model import (
    AllOf,
    Answers,
    AnyOf,
    Assessment,
    Condition,
    Has,
    Kind,
    Not,
    Rulebook,
)
from tests.books import answers_to, rulebooks

DAY = date(2026, 11, 22)


def holds(condition: Condition, given: set[tuple[str, str]]) -> bool:
    match condition:
        case Has(question=question, choices=choices):
            return any((question, choice) in given for choice in choices)
        case AllOf(all=parts):
            return all(holds(part, given) for part in parts)
        case AnyOf(any=parts):
            return any(holds(part, given) for part in parts)
        case Not(not_=part):
            return not holds(part, given)


def cited(assessment: Assessment) -> set[str]:
    return {match.claim.id for finding in assessment.findings for match in finding.matches}


@given(st.data())
def test_it_agrees_with_a_plain_walk_over_the_rules(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    given = {(q.id, c.id) for q in book.questions for c in q.choices_in(answers.ticked)}
    fired = [rule for rule in book.rules if holds(rule.when, given)]
    kinds = {notice.id: notice.kind for notice in book.notices}
    raised = {rule.raises for rule in fired if rule.raises}
    stops = {name for name in raised if kinds[name] == "stop"}
    result = assess(book, answers)
    assert {one.notice.id for one in result.stops} == stops
    if stops:
        assert not result.findings
        return
    assert {one.notice.id for one in result.cautions} == raised
    assert cited(result) == {claim for rule in fired for claim in rule.cites}
    counts = [len(finding.matches) for finding in result.findings]
    assert counts == sorted(counts, reverse=True)
    for finding in result.findings:
        ahead = sum(other.place < finding.place for other in result.findings)
        assert finding.place == ahead + 1
        shared = [one.group for one in result.findings if one.place == finding.place]
        assert {finding.group.id, *(g.id for g in finding.joint_with)} == {g.id for g in shared}


@given(st.data())
def test_the_answers_shown_make_the_rule_hold(data: st.DataObject) -> None:
    book = data.draw(rulebooks)
    answers = data.draw(answers_to(book))
    order = [choice for question in book.questions for choice in question.choices]
    for finding in assess(book, answers).findings:
        for match in finding.matches:
            said = sum(choice.bit for choice in match.said)
            assert said & answers.ticked == said
            assert [choice for choice in order if choice in match.said] == list(match.said)
            given = {(q.id, c.id) for q in book.questions for c in q.choices_in(said)}
            citing = [rule for rule in book.rules if match.claim.id in rule.cites]
            assert any(holds(rule.when, given) for rule in citing)


@given(st.data())
def test_one_more_trouble_never_removes_a_counted_claim(
    book: Rulebook, data: st.DataObject
) -> None:
    answers = data.draw(answers_to(book))
    bothers = book.question("bothers")
    warnings = book.question("warnings")
    before = answers.ticked & ~bothers.exclusive_bit & ~warnings.bits
    more = data.draw(st.sampled_from([c.bit for c in bothers.choices if c.id != "nothing"]))
    assert cited(assess(book, Answers(before, DAY))) <= cited(
        assess(book, Answers(before | more, DAY))
    )


@given(st.data())
def test_no_stop_notice_comes_with_a_ranking(book: Rulebook, data: st.DataObject) -> None:
    answers = data.draw(answers_to(book))
    result = assess(book, answers)
    stopping = {c.bit for c in book.question("warnings").choices if c.id not in CALM}
    assert bool(result.stops) == any(bit & answers.ticked for bit in stopping)
    assert not (result.stops and (result.findings or result.advice or result.cautions))


CALM = ("none", "pregnancy", "low-energy")


@given(st.data())
def test_a_finding_cites_only_its_own_muscle_group(book: Rulebook, data: st.DataObject) -> None:
    for finding in assess(book, data.draw(answers_to(book))).findings:
        assert {match.claim.about for match in finding.matches} == {finding.group.id}
        assert {match.claim.kind for match in finding.matches} == {Kind.LINK}


def test_every_link_is_reached_by_some_answer(book: Rulebook) -> None:
    reached: set[str] = set()
    for question in book.questions:
        for choice in question.choices:
            reached |= cited(assess(book, Answers(choice.bit, DAY)))
    assert reached == {claim.id for claim in book.claims if claim.kind is Kind.LINK}


def test_answers_to_questions_that_were_not_asked_are_ignored(book: Rulebook) -> None:
    nothing = book.question("bothers").exclusive_bit
    could_not_run = book.question("effect").choices[-1].bit
    assert not assess(book, Answers(nothing | could_not_run, DAY)).cautions
    knee = book.question("bothers").choices[5].bit
    assert assess(book, Answers(knee | could_not_run, DAY)).cautions
