"""The flaws of a small rulebook, found by trying every answer, and small rulebooks to try it on."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

from questionnaire.engine.assessment import Answers, ShownAdvice
from questionnaire.engine.conditions import choices_in
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched
from questionnaire.rulebook.yaml_reader import YamlPath

Data = dict[str, Any]
Flaws = set[tuple[str, YamlPath]]
"""The kind of each flaw and the path to its place."""
DAY = date(2026, 11, 22)


def small_rulebook(random: Random) -> Data:
    """The data of a rulebook of two to four questions with all sorts of rules, right and wrong."""
    questions = _questions(random)
    groups_with_links = random.choice([1, 2, 2, 2])
    links = [
        {"id": f"k{n}", "ref": f"K{n}", "about": f"g{n % groups_with_links}", "kind": "link"}
        | {"firmness": "can", "says": "C."}
        for n in range(3)
    ]
    notices = [
        {"id": name, "kind": kind, "urgency": "now", "action": "A.", "text": "T."}
        for name, kind in (("halt", "stop"), ("mind", "caution"))
    ]
    effects: list[Data] = [{"cites": [f"k{n}"]} for n in range(3)]
    effects += [{"cites": ["k0", "k1"]}, {"raises": "mind"}, {"shows": "a0"}]
    effects += [{"shows": "a0", "for": "g0"}, {"raises": "halt"}]
    rules: list[Data] = []
    for _ in range(random.randint(2, 7)):
        rule = {"when": _condition(random, questions, 2), **random.choice(effects)}
        rules.append(rule)
        may_wait = rule.get("raises") == "mind" or ("shows" in rule and "for" not in rule)
        if may_wait and random.random() < 0.4:
            nothing: Data = random.choice([{"matched": "none"}, {"not": {"matched": "none"}}])
            rule["when"] = random.choice([nothing, {"all": [nothing, rule["when"]]}])
        if "cites" in rule and random.random() < 0.4:
            denied = {"not": _condition(random, questions, 0)}
            rule["when"] = {"all": [_condition(random, questions, 0), denied]}
    article: Data = {"title": "T", "site": "S", "link": "https://example.org/a", "published": 2020}
    groups = [
        {"id": f"g{n}", "name": "G", "place": "P.", "role": "R.", "advises": ["A."]}
        for n in range(2)
    ]
    data: Data = {"id": "small", "title": "T", "subtitle": "S", "muscle_groups": groups}
    data |= {"article": article | {"updated": "2021-01-01"}, "claims": links, "rules": rules}
    data |= {"questions": questions, "notices": notices}
    return data | {"advice": [{"id": "a0", "place": "opening", "text": "T."}]}


def _questions(random: Random) -> list[Data]:
    questions: list[Data] = []
    key = 0
    for n in range(random.randint(2, 4)):
        choices = []
        for m in range(random.randint(2, 3)):
            choices.append({"id": f"c{m}", "key": key, "text": "C"})
            if random.random() < 0.1:
                choices[-1]["neutral"] = True
            key += 1
        question: Data = {"id": f"q{n}", "text": "Q?", "choices": choices}
        question["pick"] = random.choice(["one", "several"])
        question["required"] = random.random() < 0.5
        if question["pick"] == "several" and random.random() < 0.6:
            question["exclusive"] = random.choice(choices)["id"]
        if questions and random.random() < 0.5:
            before = random.choice(questions)
            certain = random.choice(before["choices"])["id"]
            question["asked_if"] = random.choice([before["id"], {before["id"]: certain}])
        questions.append(question)
    return questions


def _condition(random: Random, questions: list[Data], depth: int) -> Data:
    kind = random.choice(["has", "has", "all", "any", "not"]) if depth else "has"
    if kind == "not":
        return {"not": _condition(random, questions, depth - 1)}
    if kind != "has":
        count = random.randint(1, 3)
        return {kind: [_condition(random, questions, depth - 1) for _ in range(count)]}
    question = random.choice(questions)
    ids = [choice["id"] for choice in question["choices"]]
    return {question["id"]: random.sample(ids, random.randint(1, 2))}


def holds(condition: Condition, rulebook: Rulebook, ticked: int) -> bool:
    """Return True if a condition holds for these ticks, by the meaning of its words."""
    match condition:
        case AnswerIs(question=name, choices=choices):
            ticked_choices = rulebook.question(name).choices_in(ticked)
            return any(choice.id in choices for choice in ticked_choices)
        case AllOf(all=parts):
            return all(holds(part, rulebook, ticked) for part in parts)
        case AnyOf(any=parts):
            return any(holds(part, rulebook, ticked) for part in parts)
        case Not(not_=part):
            return not holds(part, rulebook, ticked)
        case NothingMatched():
            return not any(holds(r.when, rulebook, ticked) for r in rulebook.rules if r.cites)


def _answers_to(question: Question) -> list[int]:
    answers = [0]
    for choice in question.choices:
        answers += [ticked | choice.bit for ticked in answers]
    return [ticked for ticked in answers if not question.contradicts(ticked)]


def tickable(rulebook: Rulebook) -> list[int]:
    """Return all that a runner can tick, also with required questions left empty."""
    combinations = (sum(answers) for answers in product(*map(_answers_to, rulebook.questions)))
    return [ticked for ticked in combinations if rulebook.drop_unasked(ticked) == ticked]


def sendable(rulebook: Rulebook) -> list[int]:
    """Return all the answers that the form can send."""
    return [
        ticked
        for ticked in tickable(rulebook)
        if not rulebook.missing(ticked) or stopped(rulebook, ticked)
    ]


def stopped(rulebook: Rulebook, ticked: int) -> bool:
    return bool(assess(rulebook, Answers(ticked, DAY)).stops)


def result(rulebook: Rulebook, ticked: int) -> object:
    """Return what these answers lead to, without the answers that are its reasons."""
    assessment = assess(rulebook, Answers(ticked, DAY))
    findings = [
        (
            finding.group.id,
            finding.rank,
            [match.claim.id for match in finding.matches],
            _advice_ids(finding.advice),
        )
        for finding in assessment.findings
    ]
    stops = [raised.notice.id for raised in assessment.stops]
    cautions = [raised.notice.id for raised in assessment.cautions]
    return stops, cautions, findings, _advice_ids(assessment.advice)


def _advice_ids(advice: tuple[ShownAdvice, ...]) -> set[str]:
    return {shown.advice.id for shown in advice}


def without(original: Data, path: YamlPath) -> Rulebook | None:
    """Return the rulebook without the rule, claim or part of a condition at the end of a path.

    None if the list that holds it would be empty.
    """
    data = deepcopy(original)
    *way, last = path[:2] if path[2:] == ("when",) else path
    holder: Any = data
    for step in way:
        holder = holder[step]
    if len(holder) == 1:
        return None
    del holder[last]
    return Rulebook.model_validate(data)


class BruteForce:
    """The flaws of one rulebook, found by trying every answer."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.all = sendable(rulebook)
        self.assessed = cache(lambda ticked: assess(rulebook, Answers(ticked, DAY)))
        self.results = {ticked: self.assessed(ticked) for ticked in self.all}
        self.not_stopped = [ticked for ticked in self.all if not self.results[ticked].stops]
        self.stops = {notice.id for notice in rulebook.notices if notice.kind == "stop"}

    def flaws(self) -> Flaws:
        if not self.not_stopped:
            return {("stopped", ("rules", self._first_stop()))}
        numbers = range(len(self.rulebook.rules))
        self.dead = {n: kind for n in numbers if (kind := self._does_nothing(n))}
        flaws = set(self._choices())
        pointless = dict(self._pointless_follow_ups())
        flaws |= {("required", path) for path in pointless.values()}
        for n, kind in self.dead.items():
            asks = {question for question, _ in choices_in(self.rulebook.rules[n].when)}
            if kind == "never" or asks.isdisjoint(pointless):
                flaws.add((kind, ("rules", n, "when")))
        for n in set(numbers) - set(self.dead):
            flaws |= set(self._rule(n))
        wanted = {
            name for rule in self.rulebook.rules for name in (*rule.cites, rule.raises, rule.shows)
        }
        unreached = {*self._unreached(), *self._unreached_texts()}
        return flaws | {
            (kind, (section, n))
            for kind, (section, n) in unreached
            if getattr(self.rulebook, str(section))[n].id not in wanted
        }

    def _first_stop(self) -> int:
        return next(n for n, rule in enumerate(self.rulebook.rules) if rule.raises in self.stops)

    def _holding(self, n: int, among: list[int]) -> set[int]:
        condition = self.rulebook.rules[n].when
        return {ticked for ticked in among if holds(condition, self.rulebook, ticked)}

    def _visible(self, n: int) -> list[int]:
        return self.all if self.rulebook.rules[n].raises in self.stops else self.not_stopped

    def _groups_found(self, ticked: int) -> set[str]:
        return {finding.group.id for finding in self.results[ticked].findings}

    def _does_nothing(self, n: int) -> str | None:
        rule = self.rulebook.rules[n]
        if not self._holding(n, self.all):
            return "never"
        holding = self._holding(n, self._visible(n))
        if rule.for_:
            holding = {ticked for ticked in holding if rule.for_ in self._groups_found(ticked)}
        return None if holding else "hidden"

    def _choices(self) -> Iterator[tuple[str, YamlPath]]:
        rules = list(enumerate(self.rulebook.rules))
        used = {pair for _, rule in rules for pair in choices_in(rule.when)}
        everyone = set(self.not_stopped)
        explained = {
            pair
            for n, rule in rules
            if n not in self.dead and self._holding(n, self.not_stopped) == everyone
            for pair in choices_in(rule.when)
        }
        for n, question in enumerate(self.rulebook.questions):
            for m, choice in enumerate(question.choices):
                path: YamlPath = ("questions", n, "choices", m)
                is_used = (question.id, choice.id) in used
                if is_used and choice.neutral and (question.id, choice.id) not in explained:
                    yield "neutral", (*path, "neutral")
                if not is_used and not choice.neutral:
                    yield "unused", path

    def _rule(self, n: int) -> Iterator[tuple[str, YamlPath]]:
        rule = self.rulebook.rules[n]
        path: YamlPath = ("rules", n, "when")
        if self._holding(n, self.not_stopped) == set(self.not_stopped):
            yield ("always-shown" if rule.shows else "always"), path
        else:
            if not rule.shows and holds(rule.when, self.rulebook, 0):
                yield "groundless", path
            visible = tickable(self.rulebook) if rule.raises in self.stops else self.not_stopped
            yield from _RedundantParts(self.rulebook, visible).flaws(rule.when, path)
        covered = [effect for effect in self._effects(n) if self._is_covered(n, effect)]
        if len(covered) == len(self._effects(n)):
            yield "covered", ("rules", n)
        else:
            for effect in covered:
                yield "covered", ("rules", n, "cites", rule.cites.index(effect[1]))
        holding = self._holding(n, self.not_stopped)
        explained = holds(rule.when, self.rulebook, 0) or holding == set(self.not_stopped)
        if not explained and any(self._loses(ticked, rule.cites) for ticked in holding):
            yield "removes", path

    def _effects(self, n: int) -> list[tuple[str | None, ...]]:
        rule = self.rulebook.rules[n]
        return [("cites", claim) for claim in rule.cites] or [(rule.raises, rule.shows, rule.for_)]

    def _is_covered(self, n: int, effect: tuple[str | None, ...]) -> bool:
        holding = self._holding(n, self._visible(n))
        for other in set(range(len(self.rulebook.rules))) - {n} - set(self.dead):
            other_holding = self._holding(other, self._visible(other))
            if other_holding >= set(self.not_stopped):
                continue
            wider = holding < other_holding or (holding == other_holding and other < n)
            if wider and effect in self._effects(other):
                return True
        return False

    def _loses(self, ticked: int, cites: tuple[str, ...]) -> bool:
        before = self._cited(ticked) & set(cites)
        return any(before - self._cited(more) for more in self._with_one_more_tick(ticked))

    def _with_one_more_tick(self, ticked: int) -> Iterator[int]:
        for question in self.rulebook.questions:
            for choice in question.choices_in(question.opening_bits):
                more = ticked | choice.bit
                new = more != ticked and question.pick == "several"
                right = not question.contradicts(more) and self.rulebook.drop_unasked(more) == more
                if new and right and not self.assessed(more).stops:
                    yield more

    def _cited(self, ticked: int) -> set[str]:
        findings = self.assessed(ticked).findings
        return {match.claim.id for finding in findings for match in finding.matches}

    def _unreached(self) -> Iterator[tuple[str, YamlPath]]:
        for n, claim in enumerate(self.rulebook.claims):
            if not any(claim.id in self._cited(ticked) for ticked in self.not_stopped):
                yield "link", ("claims", n)
        for n, group in enumerate(self.rulebook.muscle_groups):
            links = [claim for claim in self.rulebook.claims if claim.about == group.id]
            found = any(group.id in self._groups_found(ticked) for ticked in self.not_stopped)
            if not found and not links:
                yield "group", ("muscle_groups", n)

    def _unreached_texts(self) -> Iterator[tuple[str, YamlPath]]:
        notices, advice_ids = set[str](), set[str]()
        for assessment in self.results.values():
            notices |= {raised.notice.id for raised in (*assessment.stops, *assessment.cautions)}
            advice_ids |= _advice_ids(assessment.advice)
            for finding in assessment.findings:
                advice_ids |= _advice_ids(finding.advice)
        for n, notice in enumerate(self.rulebook.notices):
            if notice.id not in notices:
                yield "notice", ("notices", n)
        for n, advice in enumerate(self.rulebook.advice):
            if advice.id not in advice_ids:
                yield "advice", ("advice", n)

    def _pointless_follow_ups(self) -> Iterator[tuple[str, YamlPath]]:
        """Yield the id of each follow-up that is asked in vain, and the path to its flaw."""
        stop_rules = [rule for rule in self.rulebook.rules if rule.raises in self.stops]
        stopping = {name for rule in stop_rules for name, _ in choices_in(rule.when)}
        for n, question in enumerate(self.rulebook.questions):
            asked = any(self.rulebook.is_asked(question, ticked) for ticked in self.not_stopped)
            if question.required and not asked:
                yield question.id, ("questions", n, "required")
            elif not asked and question.id not in stopping:
                yield question.id, ("questions", n, "asked_if")


class _RedundantParts:
    """The parts of a condition that do nothing, found by trying the answers that see its rule."""

    def __init__(self, rulebook: Rulebook, visible: list[int]) -> None:
        self.rulebook = rulebook
        self.visible = set(visible)
        self.with_stops = sorted({*sendable(rulebook), *visible})

    def flaws(self, condition: Condition, path: YamlPath) -> Iterator[tuple[str, YamlPath]]:
        yield from self._in(condition, path, self.with_stops, self.visible)

    def _in(
        self, condition: Condition, path: YamlPath, context: list[int], visible: set[int]
    ) -> Iterator[tuple[str, YamlPath]]:
        match condition:
            case AnswerIs(question=name, choices=choices) if len(choices) > 1:
                for n, choice in enumerate(choices):
                    single = AnswerIs.model_construct(question=name, choices=(choice,))
                    yield from self._alternative(single, (*path, name, n), context, visible)
            case AnyOf(any=parts):
                seen = [visible.intersection(self._holding(part, context)) for part in parts]
                for n, part in enumerate(parts):
                    wider = [
                        seen[n] < one or (seen[n] == one and m < n) for m, one in enumerate(seen)
                    ]
                    if seen[n] and any(wider):
                        yield "absorbed", (*path, "any", n)
                    else:
                        yield from self._alternative(part, (*path, "any", n), context, visible)
            case AllOf(all=parts):
                for n, part in enumerate(parts):
                    part_path: YamlPath = (*path, "all", n)
                    others = AllOf.model_construct(all=(*parts[:n], *parts[n + 1 :]))
                    if all(holds(part, self.rulebook, ticked) for ticked in self.visible):
                        yield "always-part", part_path
                    else:
                        left = self._holding(others, context)
                        yield from self._in(part, part_path, left, visible)
            case Not(not_=part):
                everyone = self.with_stops
                yield from self._in(part, (*path, "not"), everyone, set(everyone))

    def _alternative(
        self, part: Condition, path: YamlPath, context: list[int], visible: set[int]
    ) -> Iterator[tuple[str, YamlPath]]:
        holding = self._holding(part, context)
        if visible.intersection(holding):
            yield from self._in(part, path, context, visible)
        else:
            yield "hidden" if holding else "never", path

    def _holding(self, condition: Condition, context: list[int]) -> list[int]:
        return [ticked for ticked in context if holds(condition, self.rulebook, ticked)]
