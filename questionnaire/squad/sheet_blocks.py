"""The blocks of a squad sheet: who must not run, the next session, and what changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from questionnaire.engine.assessment import Comparison, compare
from questionnaire.engine.conditions import choices_in
from questionnaire.engine.evaluate import assess, has_stop
from questionnaire.rulebook.content import MuscleGroup, Notice, NoticeKind, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.squad.runner_names import clean, may_be_one, name_key, name_words
from questionnaire.squad.squad import PRIVATE, SEVERAL, Runner, Squad, told_to_coach
from questionnaire.text import Message, gettext_noop

EARLIER_SIGN = Message("Had a warning sign earlier: ask whether somebody has seen it.")
"""What a coach is told of a runner whose newest result has no warning sign but an older one has."""

MAX_NEAR = 10
"""With how many runners who share a word of a name on the roll it is compared."""

_NAME_ENDS = re.compile(r"[\n\r\t,;]+")


class GroupSession(NamedTuple):
    """A muscle group, the runners to whom the article links it, and those whom it hurts there."""

    group: MuscleGroup
    linked: list[Runner]
    hurt: list[Runner]


class Since(NamedTuple):
    """What changed since the latest earlier day, in the words of the sheet."""

    day: date
    changes: tuple[str, ...]


def stop_notices(rulebook: Rulebook, squad: Squad) -> list[tuple[Notice, list[Runner]]]:
    """Return each stop with the runners who have it, the most urgent first."""
    runners: dict[str, list[Runner]] = {}
    for runner in squad.runners:
        for notice in runner.stops:
            runners.setdefault(notice.id, []).append(runner)
    return [(one, runners[one.id]) for one in _by_urgency(rulebook) if one.id in runners]


def cautions(rulebook: Rulebook, squad: Squad) -> list[tuple[str, list[Runner]]]:
    """Return what a coach is told of the cautions, each with its runners, private ones last."""
    notices = [one for one in _by_urgency(rulebook) if one.kind is NoticeKind.CAUTION]
    public = [told_to_coach(one) for one in notices if not one.private]
    words = dict.fromkeys([SEVERAL, *public, PRIVATE])
    runners = [one for one in squad.runners if not one.stopped]
    told = [(one, [runner for runner in runners if one in runner.told]) for one in words]
    signs = [one for one in runners if had_a_sign(rulebook, one)]
    return [(one, whom) for one, whom in ((EARLIER_SIGN, signs), *told) if whom]


def had_a_sign(rulebook: Rulebook, runner: Runner) -> bool:
    """Return True if an earlier result under the name has a stop: it may be another person's."""
    return any(has_stop(rulebook, answers.ticked) for _, answers in runner.earlier)


def _by_urgency(rulebook: Rulebook) -> list[Notice]:
    urgencies = list(Urgency)
    return sorted(rulebook.notices, key=lambda notice: urgencies.index(notice.urgency))


def session(rulebook: Rulebook, squad: Squad) -> list[GroupSession]:
    """Return the runners for each muscle group that somebody has, the most runners first."""
    runners = [one for one in squad.runners if not one.stopped]
    groups = [_group_session(rulebook, group, runners) for group in rulebook.muscle_groups]
    shown = [one for one in groups if one.linked or one.hurt]
    return sorted(shown, key=lambda one: -len(one.linked))


def _group_session(
    rulebook: Rulebook, group: MuscleGroup, runners: Sequence[Runner]
) -> GroupSession:
    hurt = [_hurts(rulebook, group, one) for one in runners]
    pairs = list(zip(runners, hurt, strict=True))
    linked = [one for one, hurts in pairs if not hurts and group.id in one.by_group]
    return GroupSession(group, linked, [one for one, hurts in pairs if hurts])


def _hurts(rulebook: Rulebook, group: MuscleGroup, runner: Runner) -> bool:
    """Return True if a result of the newest day says that this muscle group hurts."""
    bits = rulebook.hurting_bits[group.id]
    ticks = [one.answers.ticked for one in runner.results]
    return any((one | rulebook.counterparts(one)) & bits for one in ticks)


def nothing_named(rulebook: Rulebook, squad: Squad) -> list[Runner]:
    """Return the runners who may run and stand under no muscle group of the session."""
    groups = rulebook.muscle_groups
    free = [one for one in squad.runners if not one.stopped and not one.findings]
    return [
        one
        for one in free
        if not had_a_sign(rulebook, one)
        and not any(_hurts(rulebook, group, one) for group in groups)
    ]


def without_answer(squad: Squad, roll: str) -> dict[str, list[str]]:
    """Return the names of a club's roll that are no runner's, each with runners it may be.

    A runner whose result could not be read has answered too.
    """
    names = {name_key(name): name for part in _NAME_ENDS.split(roll) if (name := clean(part))}
    others = {name_key(one.name): one.name for one in squad.runners if one.named}
    others |= {name_key(one.name): one.name for one in squad.unread if one.name}
    by_word: dict[str, list[str]] = {}
    for name in (others[key] for key in others.keys() - names.keys()):
        for word in name_words(name):
            by_word.setdefault(word, []).append(name)
    return {name: _perhaps(name, by_word) for key, name in names.items() if key not in others}


def _perhaps(name: str, by_word: dict[str, list[str]]) -> list[str]:
    """Return the runners whose name is a shorter or longer form of one on the roll."""
    words = name_words(name)
    near = dict.fromkeys(one for word in words for one in by_word.get(word, ())[:MAX_NEAR])
    return sorted(one for one in near if may_be_one(words, name_words(one)))


def changes_since(rulebook: Rulebook, runner: Runner) -> Since | None:
    """Return what changed since the latest earlier day, or None without one or with a stop now."""
    if runner.stopped or not runner.earlier:
        return None
    _, before = runner.earlier[0]
    comparison = compare(rulebook, assess(rulebook, before), runner.assessment)
    stopped = [Message("There was a warning sign")] if comparison.stopped else []
    comparable = _comparable_bits(rulebook)
    told = (*stopped, *_told_changes(comparison, comparable))
    if not told and not comparable:  # then nothing can tell that there was no change
        return None
    return Since(before.day, told or (Message("No change"),))


def _told_changes(comparison: Comparison, shown: int) -> Iterator[str]:
    """Yield what hurts no longer, what is new, and how the running went, as far as it is shown."""
    gone, new = gettext_noop("Gone: %(answers)s"), gettext_noop("New: %(answers)s")
    for pattern, choices in ((gone, comparison.gone), (new, comparison.new)):
        if told := [_in_short(choice) for choice in choices if choice.bit & shown]:
            yield Message(pattern, answers=", ".join(told))
    for trend in comparison.trends:
        if trend.now.bit & shown and trend.now != trend.before:
            label = trend.question.short or trend.question.text
            yield Message("%(label)s: %(value)s", label=label, value=trend.now.spoken)


def _in_short(choice: Choice) -> str:
    """Return the words for a choice without what explains them to a runner, in brackets."""
    return choice.spoken.partition(" (")[0]


@lru_cache(maxsize=1)
def _comparable_bits(rulebook: Rulebook) -> int:
    """Return the choices whose changes the sheet may tell: about the body, and none private."""
    private = {notice.id for notice in rulebook.notices if notice.private}
    rules = [rule for rule in rulebook.rules if rule.raises in private]
    kept_back = {pair for rule in rules for pair in choices_in(rule.when)}
    return sum(
        choice.bit
        for question in _about_the_body(rulebook)
        for choice in question.choices
        if (question.id, choice.id) not in kept_back and choice.id != question.exclusive
    )


def _about_the_body(rulebook: Rulebook) -> Iterator[Question]:
    """Yield the questions with places of the body map, each with its first follow-up."""
    for question in rulebook.questions:
        if any(choice.spot for choice in question.choices):
            yield from (question, *rulebook.follow_ups(question)[:1])
