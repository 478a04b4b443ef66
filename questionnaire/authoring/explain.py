"""How one set of answers leads to its result, for an author in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from questionnaire.authoring import ticks
from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Assessment, Finding
from questionnaire.engine.codes import CodeError
from questionnaire.engine.evaluate import assess, fired
from questionnaire.rulebook.model import Choice, Rulebook
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import Source

ORDER = (
    "Order: the most links first; of as many, the firmest wording first "
    "(stated or often, can, possibly); then joint. A link counts once, however many ticks match it."
)


def answers(rulebook: Rulebook, text: str) -> Answers:
    """Return the answers meant by a text: a results code, or the ids or words of choices.

    Raises ValueError, with the nearest right name, if it is neither, and for what nobody can tick.
    """
    try:
        ticked = ticks.read(rulebook, text)
    except ValueError as no_ticks:
        if "," in text or " " in text.strip():
            raise
        try:
            return codes.decode(rulebook, text)
        except CodeError as no_code:
            raise ValueError(f"{no_ticks}; nor is it a results code: {no_code}") from None
    if why_not := ticks.contradiction(rulebook, ticked):
        raise ValueError(f"nobody can answer so: {why_not}")
    return Answers(ticked, date.today())


def trace(source: Source, rulebook: Rulebook, given: Answers) -> Iterator[str]:
    """Yield the way from answers to their result, line by line."""
    asked = rulebook.asked(given.ticked & rulebook.bits)
    yield f"Ticked: {ticks.spell(rulebook, asked) or 'nothing'}"
    if ignored := given.ticked & rulebook.bits & ~asked:
        yield f"Ignored, because not asked: {ticks.spell(rulebook, ignored)}"
    for gone in rulebook.retired_in(given.ticked):
        yield f"Ignored, because retired: {gone.text}"
    if missing := rulebook.missing(asked):
        yield f"Required and not answered: {', '.join(one.id for one in missing)}"
    yield from ("", "Rules that fired")
    places = {id(rule): n for n, rule in enumerate(rulebook.rules)}
    for rule, said in fired(rulebook, given):
        line = source.place(("rules", places[id(rule)]))[0]
        yield f"  line {line}: {_because(said)} → {_effect(rule)}"
    yield from _result(assess(rulebook, given))


def _because(said: Iterable[Choice]) -> str:
    return ", ".join(choice.id for choice in said) or "something is not ticked"


def _effect(rule: Rule) -> str:
    if rule.cites:
        return f"cites {', '.join(rule.cites)}"
    if rule.raises:
        return f"raises {rule.raises}"
    return f"shows {rule.shows}" + (f" for {rule.for_}" if rule.for_ else "")


def _result(result: Assessment) -> Iterator[str]:
    for heading, raised in (
        ("A stop notice replaces the result", result.stops),
        ("Cautions above the result", result.cautions),
    ):
        if raised:
            yield from ("", heading)
            yield from (f"  {one.notice.id} ({one.notice.urgency})" for one in raised)
    if result.stops:
        return
    yield from ("", "Muscle groups" if result.findings else "No muscle group: no link is matched")
    for finding in result.findings:
        yield from _finding(finding)
    yield from ("", ORDER) if result.findings else ()
    if result.advice:
        yield from ("", "Advice")
        yield from (f"  {one.advice.id} ({one.advice.place})" for one in result.advice)


def _finding(finding: Finding) -> Iterator[str]:
    many = len(finding.matches)
    firmest = min(
        (match.claim.firmness for match in finding.matches if match.claim.firmness),
        key=lambda firmness: firmness.tier,
    )
    joint = (
        f", joint with {', '.join(g.id for g in finding.joint_with)}" if finding.joint_with else ""
    )
    counted = f"{many} link{'s' if many > 1 else ''}, the firmest “{firmest}”"
    yield f"  {finding.place}. {finding.group.id}: {counted}{joint}"
    for match in finding.matches:
        yield f"     {match.claim.id} ({match.claim.firmness}): {_because(match.said)}"
    for shown in finding.advice:
        yield f"     advice {shown.advice.id}"
