"""Explain how one set of answers leads to its result, rule by rule, to an author in a terminal.

Authors name choices as `knee, hips`, or `noticed:none` where several questions have the id.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator
from datetime import date

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Assessment, Finding
from questionnaire.engine.codes import CodeError, ForeignCodeError
from questionnaire.engine.conditions import Clause, CompiledCondition, find_reasons
from questionnaire.engine.evaluate import assess, compile_rulebook, fired_rules
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.suggestions import did_you_mean
from questionnaire.rulebook.yaml_reader import YamlDocument

ORDER = (
    "Order: the most links first; of as many, the firmest wording first "
    "(stated or often, can, possibly); then joint. A link counts once, however many ticks match it."
)

NOT_TICKED = "something is not ticked"


def explain(source: YamlDocument, rulebook: Rulebook, answers: Answers) -> Iterator[str]:
    """Yield what the answers are, the rules that fire and the result, line by line."""
    yield from _ticked(rulebook, answers)
    yield from ("", "Rules that fired")
    numbers = {id(rule): number for number, rule in enumerate(rulebook.rules)}
    for rule, choices in fired_rules(rulebook, answers):
        line = source.position(("rules", numbers[id(rule)]))[0]
        otherwise = "no link is matched" if rule.waits_for_nothing_matched else NOT_TICKED
        yield f"  line {line}: {_because(choices, otherwise)} → {effect_text(rule)}"
    yield from _result(assess(rulebook, answers))


def explain_why(
    source: YamlDocument, rulebook: Rulebook, answers: Answers, name: str
) -> Iterator[str]:
    """Yield why each rule that leads to a part of the rulebook fired or not, line by line.

    The name is the id of a link, notice, text or muscle group, or the line of a rule. Raises
    ValueError if there is no such thing, with the nearest name that is right.
    """
    found = _rules_about(source, rulebook, name)
    fired = {id(rule): choices for rule, choices in fired_rules(rulebook, answers)}
    yield from _ticked(rulebook, answers)
    for number, rule in found.items():
        yield ""
        line = source.position(("rules", number))[0]
        if id(rule) in fired:
            yield f"Line {line} ({effect_text(rule)}) fired: {_because(fired[id(rule)])}"
        else:
            yield f"Line {line} ({effect_text(rule)}) did not fire: it"
            yield from (f"  {lack}" for lack in _lacks_of_rule(rulebook, answers, number))
    assessment = assess(rulebook, answers)
    if assessment.stops and any(id(rule) in fired and not rule.raises for rule in found.values()):
        yield f"A stop notice replaces the result: {assessment.stops[0].notice.id}"


def _rules_about(source: YamlDocument, rulebook: Rulebook, name: str) -> dict[int, Rule]:
    """Return the rules that lead to the part of this id, or the one in this line, by number."""
    groups = {
        group.id: [link.id for link in rulebook.links_about(group)]
        for group in rulebook.muscle_groups
    }
    wanted = {name, *groups.get(name, ())}
    lines = [source.position(("rules", number))[0] for number in range(len(rulebook.rules))]
    found = {
        number: rule
        for number, rule in enumerate(rulebook.rules)
        if wanted & {*rule.cites, rule.raises, rule.shows, rule.for_, str(lines[number])}
    }
    if found:
        return found
    if name.isdecimal():
        near = min(lines, key=lambda line: abs(line - int(name[:9])))
        raise ValueError(f"no rule starts in line {name}; the nearest starts in line {near}")
    known = [*groups, *(link for links in groups.values() for link in links)]
    known += [notice.id for notice in rulebook.notices] + [text.id for text in rulebook.advice]
    if name in known:
        raise ValueError(f'no rule leads to "{name}"')
    raise ValueError(did_you_mean("link, notice, text or muscle group", name, known))


def _lacks_of_rule(rulebook: Rulebook, answers: Answers, number: int) -> Iterator[str]:
    """Yield what keeps a rule from firing, seen as the engine sees the ticks."""
    compiled = compile_rulebook(rulebook)
    seen = answers.ticked | rulebook.counterparts(answers.ticked)
    if number not in compiled.stop_rules:
        seen = rulebook.drop_unasked(seen)
    return _lacks(rulebook, compiled.conditions[number], seen)


def _lacks(rulebook: Rulebook, condition: CompiledCondition, ticked: int) -> Iterator[str]:
    """Yield what keeps a condition from holding; of several ways to hold, what each one lacks."""
    if len(condition) == 1:
        yield from _lacks_of_clause(rulebook, condition[0], ticked)
        return
    for clause in condition:
        yield "either" if clause is condition[0] else "or"
        yield from (f"  {lack}" for lack in _lacks_of_clause(rulebook, clause, ticked))


def _lacks_of_clause(rulebook: Rulebook, clause: Clause, ticked: int) -> Iterator[str]:
    for need in clause.needs:
        if not ticked & need:
            asked = (question for question in rulebook.questions if question.bits & need)
            states = ", ".join(_state(rulebook, question, ticked) for question in asked)
            yield f"needs {' or '.join(_choice_names(rulebook, need))} ({states})"
    if denied := ticked & clause.denied:
        yield f"does not hold with {choice_names(rulebook, denied)}"
    for part in clause.parts:
        if find_reasons(part, ticked) is None:
            yield from _lacks(rulebook, part, ticked)


def _state(rulebook: Rulebook, question: Question, ticked: int) -> str:
    """Return how a question was answered, in a few words."""
    if not rulebook.is_asked(question, ticked):
        return f'"{question.id}" is not asked'
    given = ", ".join(choice.id for choice in question.choices_in(ticked))
    return f'"{question.id}" is {given}' if given else f'"{question.id}" is not answered'


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


def _because(choices: Iterable[Choice], otherwise: str = NOT_TICKED) -> str:
    return ", ".join(choice.id for choice in choices) or otherwise


def effect_text(rule: Rule) -> str:
    """Return what a rule does, in words."""
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
    wordings = [match.claim.firmness for match in finding.matches if match.claim.firmness]
    firmest = min(wordings, key=lambda firmness: firmness.rank)
    links = f"{len(finding.matches)} link{'s' if len(finding.matches) > 1 else ''}"
    names = ", ".join(group.id for group in finding.joint_with)
    joint = f", joint with {names}" if names else ""
    yield f"  {finding.rank}. {finding.group.id}: {links}, the firmest “{firmest}”{joint}"
    for match in finding.matches:
        yield f"     {match.claim.id} ({match.claim.firmness}): {_because(match.choices)}"
    for shown in finding.advice:
        yield f"     advice {shown.advice.id}"


def parse_answers(rulebook: Rulebook, text: str) -> Answers:
    """Return the answers that a text names: a results link or code, or the ids or words of choices.

    Raises ValueError for anything else, with the nearest name that is right, and for answers that
    nobody can give.
    """
    if "/r/" in text:
        return _read_code(rulebook, text)
    try:
        ticked = parse_choices(rulebook, text)
    except ValueError as no_choices:
        if "," in text or " " in text.strip():
            raise
        try:
            return _read_code(rulebook, text)
        except ValueError as no_code:
            raise ValueError(f"{no_choices}; nor is it a results code: {no_code}") from None
    if why_not := contradiction(rulebook, ticked):
        raise ValueError(f"nobody can answer so: {why_not}")
    return Answers(ticked, date.today())


def _read_code(rulebook: Rulebook, text: str) -> Answers:
    """Return the answers in a results link or code; raise ValueError with what to do."""
    try:
        return codes.find_answers(rulebook, text)
    except ForeignCodeError:
        message = (
            f'this result is of another rulebook than "{rulebook.id}": name its file by --rules'
        )
        raise ValueError(message) from None
    except CodeError as error:
        remedy = "Copy the whole link again, or name another copy of the rulebook by --rules"
        raise ValueError(f"{error} {remedy}") from None


def parse_choices(rulebook: Rulebook, text: str) -> int:
    """Return the bits of the choices in a text: ids or words, with commas between them.

    Raises ValueError for a name that no choice has, or that choices of several questions have.
    """
    names = _choices_by_name(rulebook)
    ticked = 0
    for name in _split_names(text, names):
        choices = names.get(name.casefold()) or names.get(_without_spaces(name))
        if not choices:
            ids = [choice.id for question in rulebook.questions for choice in question.choices]
            near = difflib.get_close_matches(name, ids, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise ValueError(f'there is no choice "{name}"{hint}')
        if len(choices) > 1:
            full_names = " or ".join(choices)
            raise ValueError(f'"{name}" is a choice of several questions: write {full_names}')
        ticked |= sum(choices.values())
    return ticked


def choice_names(rulebook: Rulebook, ticked: int) -> str:
    """Return the names of the ticked choices, in the order of the file."""
    return ", ".join(_choice_names(rulebook, ticked))


def _choice_names(rulebook: Rulebook, ticked: int) -> Iterator[str]:
    ids = [choice.id for question in rulebook.questions for choice in question.choices]
    for question in rulebook.questions:
        for choice in question.choices_in(ticked):
            yield choice.id if ids.count(choice.id) == 1 else f"{question.id}:{choice.id}"


def _choices_by_name(rulebook: Rulebook) -> dict[str, dict[str, int]]:
    """Return the bits of the choices by their full names, for each name that they may have."""
    names: dict[str, dict[str, int]] = {}
    for question in rulebook.questions:
        for choice in question.choices:
            for words in (choice.id, choice.text, choice.spoken):
                for name in (words, f"{question.id}:{words}"):
                    full_name = f"{question.id}:{choice.id}"
                    names.setdefault(name.casefold(), {})[full_name] = choice.bit
    return names


def _split_names(text: str, names: Container[str]) -> Iterator[str]:
    """Split a text at its commas, except for those within a name."""
    parts = text.split(",")
    while parts:
        longest_first = (",".join(parts[:n]).strip() for n in range(len(parts), 1, -1))
        known = (name for name in longest_first if name.casefold() in names)
        if name := next(known, parts[0].strip()):
            yield name
        del parts[: name.count(",") + 1]


def _without_spaces(name: str) -> str:
    """Return `question : choice` as `question:choice`."""
    return ":".join(part.strip() for part in name.casefold().split(":", 1))


def contradiction(rulebook: Rulebook, ticked: int) -> str | None:
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
