"""Rulebooks to measure the rule engine on: nested conditions, in any number of chapters.

A chapter is 25 rules over 18 questions of its own; the last one of every book is alike. As `check`
asks of every rulebook, no rule cites or raises anything when nothing is ticked.
"""

from __future__ import annotations

from random import Random
from typing import Any

from questionnaire.rulebook.model import Rulebook

Data = dict[str, Any]
RULES, QUESTIONS = 25, 18
FIRMNESS = ("stated", "often", "can", "possibly")


def nested_book(chapters: int = 1, choices: int = 4) -> Rulebook:
    """Return a rulebook of so many chapters with so many choices a question, always the same."""
    questions = [_question(n, choices) for n in range(chapters * QUESTIONS)]
    claims: list[Data] = []
    rules: list[Data] = []
    for chapter in range(chapters):
        random = Random(chapters - chapter)  # noqa: S311  # seeds, so that it is always the same
        asked = questions[chapter * QUESTIONS :][:QUESTIONS]
        numbers = range(chapter * RULES, (chapter + 1) * RULES)
        claims += [_claim(n, random) for n in numbers]
        rules += [{"when": _condition(random, asked), **_effect(n)} for n in numbers]
    Random(1).shuffle(rules)  # noqa: S311
    article = {"title": "T", "site": "S", "link": "https://example.org/a"}
    notice = {"id": "n0", "kind": "caution", "urgency": "days", "action": "Act.", "text": "So."}
    data: Data = {"id": "nested", "title": "Title", "subtitle": "Subtitle"}
    data |= {"article": article | {"published": 2020, "updated": "2021-01-01"}}
    data |= {"muscle_groups": [_group(n) for n in range(5)], "notices": [notice]}
    data |= {"advice": [{"id": "a0", "place": "opening", "text": "So."}]}
    return Rulebook.model_validate(
        data | {"claims": claims, "questions": questions, "rules": rules}
    )


def one_each(rulebook: Rulebook, chapter: int, random: Random) -> int:
    """Return the ticks of one answer to every question of a chapter."""
    questions = rulebook.questions[chapter * QUESTIONS :][:QUESTIONS]
    return sum(random.choice(question.choices).bit for question in questions)


def _group(n: int) -> Data:
    return {"id": f"g{n}", "name": f"Group {n}", "place": "P.", "role": "R.", "advises": ["A."]}


def _question(n: int, many: int) -> Data:
    choices = [{"id": f"c{m}", "key": n * many + m, "text": f"Choice {m}"} for m in range(many)]
    return {"id": f"q{n}", "text": f"Question {n}?", "pick": "one", "choices": choices}


def _claim(n: int, random: Random) -> Data:
    claim = {"id": f"k{n}", "ref": f"K{n}", "about": f"g{n % 5}", "kind": "link", "says": "So."}
    return claim | {"firmness": random.choice(FIRMNESS)}


def _effect(n: int) -> Data:
    """Return what a rule does: of 25, 20 cite a claim, three raise and two show a text."""
    place = n % RULES % 10
    if place == 4:
        return {"raises": "n0"}
    return {"shows": "a0"} if place == 9 else {"cites": [f"k{n}"]}


def _condition(random: Random, questions: list[Data]) -> Data:
    """Return a nested condition, of each question once, that needs a tick."""
    fresh = random.sample(questions, QUESTIONS)
    condition = {random.choice(("all", "any")): _parts(random, fresh, 2)}
    if not _holds_for_nothing(condition):
        return condition
    return {"all": [_has(random, fresh), condition]}


def _parts(random: Random, fresh: list[Data], depth: int) -> list[Data]:
    return [_part(random, fresh, depth - 1) for _ in range(random.randint(2, 3))]


def _part(random: Random, fresh: list[Data], depth: int) -> Data:
    kind = random.choice(("has", "all", "any", "not")) if depth else "has"
    if kind == "has":
        return _has(random, fresh)
    if kind == "not":
        return {"not": _part(random, fresh, depth)}
    return {kind: _parts(random, fresh, depth)}


def _has(random: Random, fresh: list[Data]) -> Data:
    question = fresh.pop()
    ids = [choice["id"] for choice in question["choices"]]
    return {question["id"]: random.sample(ids, random.randint(1, len(ids) // 2))}


def _holds_for_nothing(condition: Data) -> bool:
    [(kind, value)] = condition.items()
    if kind == "not":
        return not _holds_for_nothing(value)
    if kind in ("all", "any"):
        held = [_holds_for_nothing(part) for part in value]
        return all(held) if kind == "all" else any(held)
    return False
