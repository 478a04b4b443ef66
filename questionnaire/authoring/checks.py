"""Every check of a rulebook that is right in form and references."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from questionnaire.authoring.condition_checks import HABIT, Flaw
from questionnaire.authoring.example_checks import run_examples
from questionnaire.authoring.rule_checks import prove
from questionnaire.authoring.safety_checks import safety_flaws
from questionnaire.authoring.text_checks import text_flaws
from questionnaire.engine.assessment import Answers
from questionnaire.engine.codes import FIRST_DAY, encode
from questionnaire.engine.conditions import choices_in
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.research import Support
from questionnaire.rulebook.rule import AllOf, AnyOf, walk
from questionnaire.rulebook.yaml_reader import YamlDocument, YamlPath

LONG_LINK = 60
"""The characters of a results code from which a link is hard to pass on."""


def all_flaws(source: YamlDocument, rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield every flaw of a rulebook that is right in form and references."""
    proven = prove(rulebook)
    yield from proven
    stopped = any(flaw.kind == "stopped" for flaw in proven)  # the cause of what follows
    unsafe = [] if stopped else list(safety_flaws(rulebook))
    yield from unsafe
    if not any(flaw.kind == "gate" for flaw in unsafe):  # or the examples have another form in mind
        yield from run_examples(rulebook)
    yield from text_flaws(source, rulebook)
    yield from _dates(rulebook, date.today())
    yield from _research_both_ways(source, rulebook)
    yield from _long_links(rulebook)
    yield from _single_parts(rulebook)
    in_vain = {flaw.path[:2] for flaw in proven if flaw.kind == "required"}
    yield from (flaw for flaw in _unread_questions(rulebook) if flaw.path not in in_vain)


def _dates(rulebook: Rulebook, today: date) -> Iterator[Flaw]:
    article, tomorrow = rulebook.article, today + timedelta(days=1)  # elsewhere it is tomorrow
    days: list[tuple[YamlPath, date | None]] = [(("article", "updated"), article.updated)]
    years: list[tuple[YamlPath, int | None]] = [(("article", "published"), article.published)]
    for n, row in enumerate(rulebook.research):
        days.append((("research", n, "looked"), row.looked))
        years += [
            (("research", n, "studies", m, "year"), study.year)
            for m, study in enumerate(row.studies)
        ]
    if article.updated.year < article.published:
        message = f"updated before it was published ({article.published})"
        yield Flaw(HABIT, ("article", "updated"), message)
    for path, day in days:
        if day and day > tomorrow:
            yield Flaw(HABIT, path, "this day is still to come")
    for path, year in years:
        if year and year > tomorrow.year:
            yield Flaw(HABIT, path, "this year is still to come")


def _research_both_ways(source: YamlDocument, rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the rows of research that say the opposite of an earlier row of the same claim."""
    opposite = {Support.SUPPORTS: Support.AGAINST, Support.AGAINST: Support.SUPPORTS}
    first: dict[tuple[str, Support], int] = {}
    for n, row in enumerate(rulebook.research):
        for claim in row.claims if row.bears in opposite else ():
            first.setdefault((claim, row.bears), n)
            other = first.get((claim, opposite[row.bears]))
            if other is not None:
                line, _ = source.position(("research", other))
                message = f'another row says "{opposite[row.bears]}" of "{claim}" (line {line})'
                remedy = "join them as `mixed`, or say why both stand"
                yield Flaw(HABIT, ("research", n), f"{message}: {remedy}")


def _long_links(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the highest key if it makes links long and a lower one is free."""
    keys: dict[int, YamlPath] = {
        choice.key: ("questions", n, "choices", m, "key")
        for n, question in enumerate(rulebook.questions)
        for m, choice in enumerate(question.choices)
    }
    highest, free = max(keys), rulebook.next_free_key
    length = len(encode(rulebook, Answers(rulebook.bits, FIRST_DAY)))
    if length > LONG_LINK and free < highest:
        about = round(length, -2 if length > 100 else -1)
        message = f"keys this high make long links (about {about} characters)"
        yield Flaw(HABIT, keys[highest], f"{message}; the next free key is {free}")


def _single_parts(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield each `all` and `any` of one part: perhaps another was forgotten."""
    for n, rule in enumerate(rulebook.rules):
        for path, condition in walk(rule.when, ("rules", n, "when")):
            match condition:
                case AllOf(all=(_,)) | AnyOf(any=(_,)):
                    key = "all" if isinstance(condition, AllOf) else "any"
                    message = f"`{key}` has one part: write the part alone, or add the others"
                    yield Flaw(HABIT, path, message)


def _unread_questions(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the questions of which nothing follows, whatever is answered."""
    used = {question for rule in rulebook.rules for question, _ in choices_in(rule.when)}
    for n, question in enumerate(rulebook.questions):
        unread = question.id not in used and all(choice.neutral for choice in question.choices)
        if unread and not rulebook.leads_on(question):
            message = f'nothing follows from any answer to "{question.id}": leave the question out'
            yield Flaw(HABIT, ("questions", n), message)
