"""The flaws of a small rulebook, found by trying every answer, and small rulebooks to try."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

from questionnaire.engine.assessment import Answers, Shown
from questionnaire.engine.evaluate import assess, mentions
from questionnaire.rulebook.model import Question, Rulebook
from questionnaire.rulebook.rule import AllOf, AnyOf, Condition, Has, Not
from questionnaire.rulebook.yaml_reader import Steps

Data = dict[str, Any]
Found = set[tuple[str, Steps]]
DAY = date(2026, 11, 22)


def small_book(random: Random) -> Data:
    """The data of a rulebook of two to four questions with all sorts of rules, right and wrong."""
    questions = _questions(random)
    links = [
        {"id": f"k{n}", "ref": f"K{n}", "about": f"g{n % 2}", "kind": "link"}
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
    rules = [
        {"when": _condition(random, questions, 2), **random.choice(effects)}
        for _ in range(random.randint(2, 7))
    ]
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
        one: Data = {"id": f"q{n}", "text": "Q?", "choices": choices}
        one["pick"] = random.choice(["one", "several"])
        one["required"] = random.random() < 0.5
        if one["pick"] == "several" and random.random() < 0.6:
            one["exclusive"] = random.choice(choices)["id"]
        if questions and random.random() < 0.5:
            one["asked_if"] = random.choice(questions)["id"]
        questions.append(one)
    return questions


def _condition(random: Random, questions: list[Data], depth: int) -> Data:
    kind = random.choice(["has", "has", "all", "any", "not"]) if depth else "has"
    if kind == "not":
        return {"not": _condition(random, questions, depth - 1)}
    if kind != "has":
        many = random.randint(1, 3)
        return {kind: [_condition(random, questions, depth - 1) for _ in range(many)]}
    question = random.choice(questions)
    ids = [choice["id"] for choice in question["choices"]]
    return {question["id"]: random.sample(ids, random.randint(1, 2))}


def holds(condition: Condition, book: Rulebook, ticked: int) -> bool:
    """Say whether a condition holds for these ticks, by the meaning of the words."""
    match condition:
        case Has(question=name, choices=choices):
            return any(one.id in choices for one in book.question(name).choices_in(ticked))
        case AllOf(all=parts):
            return all(holds(part, book, ticked) for part in parts)
        case AnyOf(any=parts):
            return any(holds(part, book, ticked) for part in parts)
        case Not(not_=part):
            return not holds(part, book, ticked)


def _ways(question: Question) -> list[int]:
    ways = [0]
    for choice in question.choices:
        ways += [ticked | choice.bit for ticked in ways]
    return [ticked for ticked in ways if not question.contradicts(ticked)]


def given(book: Rulebook) -> list[int]:
    """All the answers that the form lets anybody tick, required ones left empty among them."""
    everything = (sum(ways) for ways in product(*map(_ways, book.questions)))
    return [ticked for ticked in everything if book.asked(ticked) == ticked]


def sent(book: Rulebook) -> list[int]:
    """All the answers that the form can send."""
    return [t for t in given(book) if not book.missing(t) or stopped(book, t)]


def stopped(book: Rulebook, ticked: int) -> bool:
    return bool(assess(book, Answers(ticked, DAY)).stops)


def result(book: Rulebook, ticked: int) -> object:
    """What these answers lead to, but for the answers given as a reason."""
    found = assess(book, Answers(ticked, DAY))
    findings = [
        (one.group.id, one.place, [m.claim.id for m in one.matches], _shown(one.advice))
        for one in found.findings
    ]
    raised = [[one.notice.id for one in some] for some in (found.stops, found.cautions)]
    return raised, findings, _shown(found.advice)


def _shown(advice: tuple[Shown, ...]) -> set[str]:
    return {one.advice.id for one in advice}


def without(book: Data, steps: Steps) -> Rulebook | None:
    """The rulebook without the rule, claim or part of a condition that these steps lead to.

    None if nothing would be left where it stands.
    """
    data = deepcopy(book)
    *way, last = steps[:2] if steps[2:] == ("when",) else steps
    holder: Any = data
    for step in way:
        holder = holder[step]
    if len(holder) == 1:
        return None
    del holder[last]
    return Rulebook.model_validate(data)


class Brute:
    """The flaws of one rulebook by trial of every answer."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.all = sent(book)
        self.assessed = cache(lambda ticked: assess(book, Answers(ticked, DAY)))
        self.results = {ticked: self.assessed(ticked) for ticked in self.all}
        self.calm = [ticked for ticked in self.all if not self.results[ticked].stops]
        self.stops = {notice.id for notice in book.notices if notice.kind == "stop"}

    def found(self) -> Found:
        found = set(self._choices())
        if not self.calm:
            return found | {("stopped", ("rules", self._first_stop()))}
        rules = self.book.rules
        self.dead = {n: kind for n in range(len(rules)) if (kind := self._does_nothing(n))}
        found |= {(kind, ("rules", n, "when")) for n, kind in self.dead.items()}
        for n in set(range(len(rules))) - set(self.dead):
            found |= set(self._rule(n))
        return found | set(self._unreached()) | set(self._required())

    def _first_stop(self) -> int:
        return next(n for n, rule in enumerate(self.book.rules) if rule.raises in self.stops)

    def _holding(self, n: int, among: list[int]) -> set[int]:
        return {t for t in among if holds(self.book.rules[n].when, self.book, t)}

    def _seen(self, n: int) -> list[int]:
        return self.all if self.book.rules[n].raises in self.stops else self.calm

    def _named(self, ticked: int) -> set[str]:
        return {finding.group.id for finding in self.results[ticked].findings}

    def _does_nothing(self, n: int) -> str | None:
        rule = self.book.rules[n]
        if not self._holding(n, self.all):
            return "never"
        holding = self._holding(n, self._seen(n))
        if rule.for_:
            holding = {ticked for ticked in holding if rule.for_ in self._named(ticked)}
        return None if holding else "hidden"

    def _choices(self) -> Iterator[tuple[str, Steps]]:
        used = {pair for rule in self.book.rules for pair in mentions(rule.when)}
        for n, question in enumerate(self.book.questions):
            for m, choice in enumerate(question.choices):
                place: Steps = ("questions", n, "choices", m)
                is_used = (question.id, choice.id) in used
                if is_used and choice.neutral:
                    yield "neutral", (*place, "neutral")
                if not is_used and not choice.neutral:
                    yield "unused", place

    def _rule(self, n: int) -> Iterator[tuple[str, Steps]]:
        rule = self.book.rules[n]
        place: Steps = ("rules", n, "when")
        if self._holding(n, self.calm) == set(self.calm):
            yield ("always-shown" if rule.shows else "always"), place
        else:
            if not rule.shows and holds(rule.when, self.book, 0):
                yield "groundless", place
            seen = given(self.book) if rule.raises in self.stops else self.calm
            yield from _Parts(self.book, seen).odd(rule.when, place)
        covered = [effect for effect in self._effects(n) if self._is_covered(n, effect)]
        if len(covered) == len(self._effects(n)):
            yield "covered", ("rules", n)
        else:
            for effect in covered:
                yield "covered", ("rules", n, "cites", rule.cites.index(effect[1]))
        if rule.cites and any(self._loses(t, rule.cites) for t in self._holding(n, self.calm)):
            yield "removes", place

    def _effects(self, n: int) -> list[tuple[str | None, ...]]:
        rule = self.book.rules[n]
        return [("cites", one) for one in rule.cites] or [(rule.raises, rule.shows, rule.for_)]

    def _is_covered(self, n: int, effect: tuple[str | None, ...]) -> bool:
        mine = self._holding(n, self._seen(n))
        for other in set(range(len(self.book.rules))) - {n} - set(self.dead):
            theirs = self._holding(other, self._seen(other))
            wider = mine < theirs or (mine == theirs and other < n)
            if wider and effect in self._effects(other):
                return True
        return False

    def _loses(self, ticked: int, cites: tuple[str, ...]) -> bool:
        before = self._cited(ticked) & set(cites)
        return any(before - self._cited(more) for more in self._one_more(ticked))

    def _one_more(self, ticked: int) -> Iterator[int]:
        for question in self.book.questions:
            for choice in question.choices_in(question.opening_bits):
                more = ticked | choice.bit
                new = more != ticked and question.pick == "several"
                right = not question.contradicts(more) and self.book.asked(more) == more
                if new and right and not self.assessed(more).stops:
                    yield more

    def _cited(self, ticked: int) -> set[str]:
        findings = self.assessed(ticked).findings
        return {match.claim.id for finding in findings for match in finding.matches}

    def _unreached(self) -> Iterator[tuple[str, Steps]]:
        for n, claim in enumerate(self.book.claims):
            if not any(claim.id in self._cited(ticked) for ticked in self.calm):
                yield "link", ("claims", n)
        for n, group in enumerate(self.book.muscle_groups):
            if not any(group.id in self._named(ticked) for ticked in self.calm):
                yield "group", ("muscle_groups", n)
        results = self.results.values()
        raised = {one.notice.id for r in results for one in (*r.stops, *r.cautions)}
        shown = {one.advice.id for r in results for one in r.advice}
        shown |= {one.advice.id for r in results for f in r.findings for one in f.advice}
        for n, notice in enumerate(self.book.notices):
            if notice.id not in raised:
                yield "notice", ("notices", n)
        for n, advice in enumerate(self.book.advice):
            if advice.id not in shown:
                yield "advice", ("advice", n)

    def _required(self) -> Iterator[tuple[str, Steps]]:
        ending = [rule for rule in self.book.rules if rule.raises in self.stops]
        stopping = {name for rule in ending for name, _ in mentions(rule.when)}
        for n, one in enumerate(self.book.questions):
            asked = any(self.book.is_asked(one, ticked) for ticked in self.calm)
            if one.required and not asked:
                yield "required", ("questions", n, "required")
            elif not asked and one.id not in stopping:
                yield "required", ("questions", n, "asked_if")


class _Parts:
    """The parts of a condition that do nothing, by trial of the answers that see its rule."""

    def __init__(self, book: Rulebook, seen: list[int]) -> None:
        self.book = book
        self.seen = set(seen)
        self.stopped_too = sorted({*sent(book), *seen})

    def odd(self, whole: Condition, place: Steps) -> Iterator[tuple[str, Steps]]:
        yield from self._odd(whole, place, self.stopped_too, self.seen)

    def _odd(
        self, whole: Condition, place: Steps, beside: list[int], seen: set[int]
    ) -> Iterator[tuple[str, Steps]]:
        match whole:
            case Has(question=name, choices=choices) if len(choices) > 1:
                for n, choice in enumerate(choices):
                    one = Has.model_construct(question=name, choices=(choice,))
                    yield from self._alternative(one, (*place, name, n), beside, seen)
            case AnyOf(any=parts):
                for n, part in enumerate(parts):
                    yield from self._alternative(part, (*place, "any", n), beside, seen)
            case AllOf(all=parts):
                for n, part in enumerate(parts):
                    here: Steps = (*place, "all", n)
                    others = AllOf.model_construct(all=(*parts[:n], *parts[n + 1 :]))
                    if all(holds(part, self.book, ticked) for ticked in self.seen):
                        yield "always-part", here
                    else:
                        left = [t for t in beside if holds(others, self.book, t)]
                        yield from self._odd(part, here, left, seen)
            case Not(not_=part):
                everyone = self.stopped_too
                yield from self._odd(part, (*place, "not"), everyone, set(everyone))

    def _alternative(
        self, part: Condition, place: Steps, beside: list[int], seen: set[int]
    ) -> Iterator[tuple[str, Steps]]:
        holding = {ticked for ticked in beside if holds(part, self.book, ticked)}
        if holding & seen:
            yield from self._odd(part, place, beside, seen)
        else:
            yield "hidden" if holding else "never", place
