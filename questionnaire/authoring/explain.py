"""Explain how one set of answers leads to its result, rule by rule, to an author in a terminal.

Authors name choices as `knee, hips`, or `noticed:none` where several questions have the id.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import date

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Assessment, Finding
from questionnaire.engine.codes import CodeError
from questionnaire.engine.evaluate import assess, fired_rules
from questionnaire.rulebook.model import Choice, Question, Rulebook
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import YamlDocument

ORDER = (
    "Order: the most links first; of as many, the firmest wording first "
    "(stated or often, can, possibly); then joint. A link counts once, however many ticks match it."
)


def explain(source: YamlDocument, rulebook: Rulebook, answers: Answers) -> Iterator[str]:
    """Yield what the answers are, the rules that fire and the result, line by line."""
    yield from _ticked(rulebook, answers)
    yield from ("", "Rules that fired")
    numbers = {id(rule): number for number, rule in enumerate(rulebook.rules)}
    for rule, choices in fired_rules(rulebook, answers):
        line = source.position(("rules", numbers[id(rule)]))[0]
        yield f"  line {line}: {_because(choices)} → {_effect(rule)}"
    yield from _result(assess(rulebook, answers))


def _ticked(rulebook: Rulebook, answers: Answers) -> Iterator[str]:
    """Yield what is ticked, what of it is ignored, and what is missing."""
    ticked = answers.ticked & rulebook.bits
    asked = rulebook.drop_unasked(ticked)
    yield f"Ticked: {choice_names(rulebook, asked) or 'nothing'}"
    if ignored := ticked & ~asked:
        yield f"Ignored, because not asked: {choice_names(rulebook, ignored)}"
    for retired in rulebook.retired_in(answers.ticked):
        yield f"Ignored, because retired: {retired.text}"
    if missing := rulebook.missing(asked):
        yield f"Required and not answered: {', '.join(question.id for question in missing)}"


def _because(choices: Iterable[Choice]) -> str:
    return ", ".join(choice.id for choice in choices) or "something is not ticked"


def _effect(rule: Rule) -> str:
    if rule.cites:
        return f"cites {', '.join(rule.cites)}"
    if rule.raises:
        return f"raises {rule.raises}"
    return f"shows {rule.shows}" + (f" for {rule.for_}" if rule.for_ else "")


def _result(assessment: Assessment) -> Iterator[str]:
    for heading, notices in (
        ("A stop notice replaces the result", assessment.stops),
        ("Cautions above the result", assessment.cautions),
    ):
        if notices:
            yield from ("", heading)
            yield from (f"  {raised.notice.id} ({raised.notice.urgency})" for raised in notices)
    if not assessment.stops:
        yield from _findings(assessment)


def _findings(assessment: Assessment) -> Iterator[str]:
    findings = assessment.findings
    yield from ("", "Muscle groups" if findings else "No muscle group: no link is matched")
    for finding in findings:
        yield from _finding(finding)
    if findings:
        yield from ("", ORDER)
    if assessment.advice:
        yield from ("", "Advice")
        yield from (f"  {shown.advice.id} ({shown.advice.place})" for shown in assessment.advice)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding.rank}. {finding.group.id}: {_links(finding)}{_joint(finding)}"
    for match in finding.matches:
        yield f"     {match.claim.id} ({match.claim.firmness}): {_because(match.choices)}"
    for shown in finding.advice:
        yield f"     advice {shown.advice.id}"


def _links(finding: Finding) -> str:
    wordings = [match.claim.firmness for match in finding.matches if match.claim.firmness]
    firmest = min(wordings, key=lambda firmness: firmness.rank)
    count = len(finding.matches)
    return f"{count} link{'s' if count > 1 else ''}, the firmest “{firmest}”"


def _joint(finding: Finding) -> str:
    names = ", ".join(group.id for group in finding.joint_with)
    return f", joint with {names}" if names else ""


def parse_answers(rulebook: Rulebook, text: str) -> Answers:
    """Return the answers that a text names: by a results code, or by the ids or words of choices.

    Raises ValueError for anything else, with the nearest name that is right, and for answers that
    nobody can give.
    """
    try:
        ticked = parse_choices(rulebook, text)
    except ValueError as no_choices:
        if "," in text or " " in text.strip():
            raise
        try:
            return codes.decode(rulebook, text)
        except CodeError as no_code:
            raise ValueError(f"{no_choices}; nor is it a results code: {no_code}") from None
    if why_not := _contradiction(rulebook, ticked):
        raise ValueError(f"nobody can answer so: {why_not}")
    return Answers(ticked, date.today())


def parse_choices(rulebook: Rulebook, text: str) -> int:
    """Return the bits of the choices in a text: ids or words, with commas between them.

    Raises ValueError for a name that no choice has, or that choices of several questions have.
    """
    ticked = 0
    for name in _split_names(rulebook, text):
        ticked |= _find_choice(rulebook, name).bit
    return ticked


def choice_names(rulebook: Rulebook, ticked: int) -> str:
    """Return the names of the ticked choices, in the order of the file."""
    ids = [choice.id for _, choice in _choices(rulebook)]
    return ", ".join(
        choice.id if ids.count(choice.id) == 1 else f"{question.id}:{choice.id}"
        for question in rulebook.questions
        for choice in question.choices_in(ticked)
    )


def _choices(rulebook: Rulebook) -> Iterator[tuple[Question, Choice]]:
    return ((question, choice) for question in rulebook.questions for choice in question.choices)


def _split_names(rulebook: Rulebook, text: str) -> Iterator[str]:
    """Split a text at its commas, except for those within the words of a choice."""
    with_commas = {
        words.casefold()
        for _, choice in _choices(rulebook)
        for words in (choice.text, choice.spoken)
        if "," in words
    }
    parts = text.split(",")
    while parts:
        longest_first = range(len(parts), 1, -1)
        lengths = (n for n in longest_first if _join(parts[:n]).casefold() in with_commas)
        length = next(lengths, 1)
        if name := _join(parts[:length]):
            yield name
        del parts[:length]


def _join(parts: list[str]) -> str:
    return ",".join(parts).strip()


def _find_choice(rulebook: Rulebook, name: str) -> Choice:
    """Return the choice of that name; raise ValueError if there is none, or more than one."""
    matches = _choices_named(rulebook, name)
    if len(matches) == 1:
        return matches[0][1]
    if matches:
        full_names = " or ".join(f"{question.id}:{choice.id}" for question, choice in matches)
        raise ValueError(f'"{name}" is a choice of several questions: write {full_names}')
    near = difflib.get_close_matches(name, [choice.id for _, choice in _choices(rulebook)], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise ValueError(f'there is no choice "{name}"{hint}')


def _choices_named(rulebook: Rulebook, name: str) -> list[tuple[Question, Choice]]:
    """Return the choices that are called this, or `question:choice`, each with its question."""
    question_id, _, rest = (part.strip() for part in name.partition(":"))
    return [pair for pair in _choices(rulebook) if _matches(pair[1], name)] or [
        (question, choice)
        for question, choice in _choices(rulebook)
        if question.id == question_id and _matches(choice, rest)
    ]


def _matches(choice: Choice, name: str) -> bool:
    return name.casefold() in {
        words.casefold() for words in (choice.id, choice.text, choice.spoken)
    }


def _contradiction(rulebook: Rulebook, ticked: int) -> str | None:
    """Return why nobody can tick these choices together, or None if somebody can."""
    for question in rulebook.questions:
        if not question.contradicts(ticked):
            continue
        choices = [choice.id for choice in question.choices_in(ticked)]
        if question.pick == "one":
            return f'"{question.id}" takes one answer only: {" or ".join(choices)}'
        others = ", ".join(choice for choice in choices if choice != question.exclusive)
        return f'"{question.exclusive}" of "{question.id}" excludes {others}: leave out one side'
    return None
