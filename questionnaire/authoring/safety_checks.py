"""What a question about warning signs must be, and texts that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

from questionnaire.authoring.condition_checks import HABIT, Flaw
from questionnaire.authoring.sat import FormSolver
from questionnaire.engine.assessment import Answers
from questionnaire.engine.conditions import choices_in
from questionnaire.engine.evaluate import fired_rules, has_stop, warning_questions
from questionnaire.rulebook.content import NoticeKind, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import YamlPath


def safety_flaws(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield what keeps a runner from telling of a warning sign, or tells them two things."""
    yield from _presets(rulebook)
    yield from _WarningQuestions(rulebook).flaws()
    yield from _urgent_cautions(rulebook)
    yield from _opposites(rulebook)


def _urgent_cautions(rulebook: Rulebook) -> Iterator[Flaw]:
    for n, notice in enumerate(rulebook.notices):
        if notice.kind is NoticeKind.CAUTION and notice.urgency is Urgency.NOW:
            message = "a caution does not stop the result, though this one is urgent: is `stop`"
            yield Flaw(HABIT, ("notices", n, "kind"), f"{message} meant?")


def _presets(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the questions that a coach may tick, and that ask for signs or open those that do."""
    stopping = warning_questions(rulebook)
    opening = {
        question.asked_if.question: question.id
        for question in rulebook.questions
        if question.asked_if and question.id in stopping
    }
    for n, question in enumerate(rulebook.questions):
        if not question.preset or question.id not in stopping | opening.keys():
            continue
        why = "an answer to it raises a stop notice"
        if question.id not in stopping:
            why = f'it opens "{opening[question.id]}", where an answer raises a stop notice'
        message = f'a coach may not tick "{question.id}" beforehand: {why}'
        yield Flaw("preset", ("questions", n, "preset"), message)


class _WarningQuestions:
    """The questions in which one tick alone raises a stop notice, and those that open them."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.stopping = [
            question
            for question in rulebook.questions
            if not has_stop(rulebook, 0)  # or every tick would seem to raise it
            and any(has_stop(rulebook, choice.bit) for choice in question.choices)
        ]
        self.gates = {
            question.asked_if.question
            for question in self.stopping
            if question.asked_if and question.asked_if.choice
        }

    def flaws(self) -> Iterator[Flaw]:
        ordinary: list[Question] = []
        for n, question in enumerate(self.rulebook.questions):
            path: YamlPath = ("questions", n)
            if question in self.stopping or question.id in self.gates:
                yield from self._left_empty(path, question)
                if ordinary and not question.asked_if:
                    message = f'"{question.id}" comes after "{ordinary[0].id}"'
                    remedy = "ask for warning signs first: who has one need not read on"
                    yield Flaw(HABIT, path, f"{message}: {remedy}")
            else:
                ordinary.append(question)
            if question in self.stopping:
                yield from self._opened_by_no((*path, "asked_if"), question)
                yield from self._wrong_choices(path, question)
                if not self._has_gate(question):
                    yield from self._without_none(path, question)

    def _opened_by_no(self, path: YamlPath, question: Question) -> Iterator[Flaw]:
        """Yield a flaw if only those who have just said that no sign is theirs are asked."""
        opening = self.rulebook.opening_choices(question)
        if not question.asked_if or not opening:
            return
        before = self.rulebook.question(question.asked_if.question)
        others = [choice for choice in before.choices if choice not in opening]
        if others and all(_says_no(before, choice) for choice in opening):
            no, yes = (" or ".join(f'"{one.id}"' for one in part) for part in (opening, others))
            message = f'an answer to "{question.id}" raises a stop notice, but only who answers'
            message += f' {no} to "{before.id}" is asked, and not who answers {yes}'
            yield Flaw("gate", path, f"{message}: name the other choice, or leave `asked_if` out")

    def _wrong_choices(self, path: YamlPath, question: Question) -> Iterator[Flaw]:
        """Yield an exclusive sign, and what raises nothing though most of its neighbours do."""
        stops = [one for one in question.choices if has_stop(self.rulebook, one.bit)]
        used = {pair for rule in self.rulebook.rules for pair in choices_in(rule.when)}
        for n, choice in enumerate(question.choices):
            if choice in stops and choice.id == question.exclusive:
                message = f'"{choice.id}" raises a stop notice and excludes the other signs'
                yield Flaw(HABIT, (*path, "choices", n), f"{message}: is another `exclusive`?")
            quiet = (question.id, choice.id) in used and choice.id != question.exclusive
            quiet &= (
                not choice.neutral and choice not in stops and self._is_silent(question, choice)
            )
            if quiet and len(stops) * 2 >= len(question.choices) - 1:
                message = f'"{choice.id}" raises no notice, though "{stops[0].id}" beside it does'
                message += ": is a rule missing?"
                yield Flaw(HABIT, (*path, "choices", n), message)

    def _is_silent(self, question: Question, choice: Choice) -> bool:
        """Return True if no notice rests on a choice alone, when its question is asked."""
        ticked, asked = choice.bit, question
        while asked.asked_if and (opening := self.rulebook.opening_choices(asked)):
            ticked |= opening[0].bit
            asked = self.rulebook.question(asked.asked_if.question)
        fired = fired_rules(self.rulebook, Answers(ticked, date.min))
        return not any(rule.raises and choice in reasons for rule, reasons in fired)

    def _has_gate(self, question: Question) -> bool:
        return bool(question.asked_if and question.asked_if.question in self.gates)

    def _left_empty(self, path: YamlPath, question: Question) -> Iterator[Flaw]:
        if question.required or self._has_gate(question):
            return
        raises = question in self.stopping
        why = "an answer to it raises a stop notice" if raises else "it opens the warning signs"
        message = f'"{question.id}" can be left empty, though {why}: mark it `required: true`'
        yield Flaw(HABIT, path, message)

    def _without_none(self, path: YamlPath, question: Question) -> Iterator[Flaw]:
        """Yield a flaw if nobody can say that no sign is theirs, or can say so beside a sign."""
        if question.pick == "one" or question.exclusive:
            return
        neutral = [n for n, choice in enumerate(question.choices) if choice.neutral]
        for n in neutral:
            message = f'"{question.choices[n].id}" is neutral and ticked beside the others'
            yield Flaw(HABIT, (*path, "choices", n), f"{message}: is it `exclusive`?")
        if not neutral:
            message = f'"{question.id}" has no choice for none of its signs'
            remedy = "add one and name it under `exclusive`, or ask first whether there is any sign"
            yield Flaw(HABIT, path, f"{message}: {remedy}")


_NO = re.compile(r"(?i:no|none|nothing|never|neither)\b")


def _says_no(question: Question, choice: Choice) -> bool:
    """Return True if a choice denies what its question asks."""
    if choice.id == question.exclusive:
        return True
    others = [one for one in question.choices if one is not choice]
    quiet = [one for one in others if one.neutral or one.id == question.exclusive]
    return choice.neutral and (not quiet or bool(_NO.match(choice.text)))


_NEGATION = re.compile(r"\b(?:do not|don['’]t|does not|not|never|no)\b")
_WORD = re.compile(r"[^\W_]+")


def _said(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a text but for its negations, and whether it has an odd number."""
    plain, negations = _NEGATION.subn(" ", text.casefold())
    return tuple(_WORD.findall(plain)), negations % 2 == 1


def _opposites(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the rules that show somebody the opposite of what an earlier rule shows them."""
    texts: dict[tuple[str, str | None], tuple[tuple[str, ...], bool]] = {
        ("raises", notice.id): _said(notice.action) for notice in rulebook.notices
    }
    texts |= {("shows", advice.id): _said(advice.text) for advice in rulebook.advice}
    by_words: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
    for n, rule in enumerate(rulebook.rules):
        if said := texts.get(_effect(rule)):
            words, denied = said
            by_words.setdefault(words, ([], []))[denied].append(n)
    opposite = sorted(sorted(pair) for alike in by_words.values() for pair in product(*alike))
    if not opposite:
        return
    solver = FormSolver(rulebook)
    for n, m in opposite:
        conditions = (solver.literal(rulebook.rules[number].when) for number in (n, m))
        both = (solver.no_stop, *conditions)
        if solver.is_satisfiable(*both):
            message = f"rule#{n} says the opposite to the same person"
            yield Flaw(HABIT, ("rules", m), f"{message} ({solver.example_text(*both)})")


def _effect(rule: Rule) -> tuple[str, str | None]:
    return ("shows", rule.shows) if rule.shows else ("raises", rule.raises)
