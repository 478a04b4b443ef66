"""Rulebooks made by hypothesis, the edits that authors make to them, and answers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from questionnaire.engine.assessment import Answers
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Question

Data = dict[str, Any]
NOTHING_MATCHED: list[Data] = [{"matched": "none"}, {"not": {"matched": "none"}}]


def _condition(draw: st.DrawFn, questions: list[Data], depth: int) -> Data:
    kind = draw(st.sampled_from(["has"] if depth == 0 else ["has", "has", "all", "any", "not"]))
    if kind == "not":
        return {"not": _condition(draw, questions, depth - 1)}
    if kind in ("all", "any"):
        many = draw(st.integers(1, 3))
        return {kind: [_condition(draw, questions, depth - 1) for _ in range(many)]}
    question = draw(st.sampled_from(questions))
    ids = [choice["id"] for choice in question["choices"]]
    return {question["id"]: draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3))}


def _questions(draw: st.DrawFn) -> list[Data]:
    sizes = draw(st.lists(st.integers(2, 5), min_size=1, max_size=5))
    keys: Iterator[int] = iter(draw(st.permutations(range(sum(sizes) + 10))))
    questions: list[Data] = []
    for n, size in enumerate(sizes):
        choices = [{"id": f"c{m}", "key": next(keys), "text": f"Choice {m}"} for m in range(size)]
        several = draw(st.booleans())
        question: Data = {"id": f"q{n}", "text": f"Question {n}", "choices": choices}
        question["pick"] = "several" if several else "one"
        if several and draw(st.booleans()):
            question["exclusive"] = draw(st.sampled_from([one["id"] for one in choices]))
        if draw(st.booleans()) and questions:
            before = draw(st.sampled_from(questions))
            certain = draw(st.sampled_from([None, *(one["id"] for one in before["choices"])]))
            question["asked_if"] = {before["id"]: certain} if certain else before["id"]
        questions.append(question)
    return questions


@st.composite
def book_data(draw: st.DrawFn) -> Data:
    """The data of a valid rulebook."""
    questions = _questions(draw)
    groups = [f"g{n}" for n in range(draw(st.integers(1, 4)))]
    firmness = st.sampled_from(["stated", "often", "can", "possibly"])
    claims = [
        {"id": f"k{n}", "ref": f"K{n}", "about": draw(st.sampled_from(groups)), "kind": "link"}
        | {"firmness": draw(firmness), "says": f"Claim {n}."}
        for n in range(draw(st.integers(1, 6)))
    ]
    notices = [
        {"id": f"n{n}", "kind": draw(st.sampled_from(["stop", "caution"]))}
        | {
            "urgency": draw(st.sampled_from(["now", "today", "days"])),
            "action": "Act.",
            "text": "Do.",
        }
        for n in range(2)
    ]
    cautions = [notice["id"] for notice in notices if notice["kind"] == "caution"]
    rules = []
    for _ in range(draw(st.integers(1, 8))):
        cited = draw(st.lists(st.sampled_from([claim["id"] for claim in claims]), min_size=1))
        effects: list[Data] = [
            {"cites": cited},
            {"cites": cited},
            {"raises": "n0"},
            {"raises": "n1"},
        ]
        rule = {"when": _condition(draw, questions, 2), **draw(st.sampled_from(effects))}
        if rule.get("raises") in cautions and draw(st.booleans()):
            joint = draw(st.sampled_from(["all", "any"]))
            rule["when"] = {joint: [rule["when"], draw(st.sampled_from(NOTHING_MATCHED))]}
        rules.append(rule)
    article: Data = {"title": "T", "site": "S", "link": "https://example.org/a", "published": 2020}
    parts = [
        {"id": name, "name": name, "place": "P.", "role": "R.", "advises": ["A."]}
        for name in groups
    ]
    return {
        "id": draw(st.sampled_from(["one-book", "another-book"])),
        "title": "Title",
        "subtitle": "Subtitle",
        "article": article | {"updated": "2021-01-01"},
        "muscle_groups": parts,
        "claims": claims,
        "questions": questions,
        "notices": notices,
        "rules": rules,
    }


@st.composite
def research_on(draw: st.DrawFn, data: Data) -> list[Data]:
    """Rows of research on the claims of a rulebook."""
    claims = st.lists(st.sampled_from([one["id"] for one in data["claims"]]), min_size=1)
    found = {"says": "So.", "studies": [{"by": "Moe", "year": 2020, "doi": "10.1234/a.5"}]}
    return [
        {"id": f"r{n}", "claims": draw(claims), "bears": bears, **found}
        for n, bears in enumerate(draw(st.lists(st.sampled_from(["supports", "mixed", "against"]))))
    ]


rulebooks = book_data().map(Rulebook.model_validate)


def ticks(question: Question) -> st.SearchStrategy[int]:
    """Ways to answer one question, leaving it empty among them."""
    bits = [choice.bit for choice in question.choices]
    if question.pick == "one":
        return st.sampled_from([0, *bits])
    free = [bit for bit in bits if bit != question.exclusive_bit]
    some = st.lists(st.sampled_from(free), unique=True).map(sum)
    return st.one_of(some, st.just(question.exclusive_bit))


@st.composite
def answers_to(draw: st.DrawFn, rulebook: Rulebook) -> Answers:
    """Answers that a runner can give, in the form in which the site knows them."""
    ticked = sum(draw(ticks(question)) for question in rulebook.questions)
    day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 32_767)))
    return Answers(ticked=rulebook.drop_unasked(ticked), day=day)


def _add_choice(draw: st.DrawFn, data: Data) -> None:
    question = draw(st.sampled_from(data["questions"]))
    key = free_key(data)
    new = {"id": f"new{key}", "key": key, "text": "New"}
    question["choices"].insert(draw(st.integers(0, len(question["choices"]))), new)


def _add_question(draw: st.DrawFn, data: Data) -> None:
    key = free_key(data)
    choices = [{"id": f"c{n}", "key": key + n, "text": "New"} for n in range(2)]
    new = {"id": f"new{key}", "text": "New?", "pick": "one", "choices": choices}
    data["questions"].insert(draw(st.integers(0, len(data["questions"]))), new)


def _reorder(draw: st.DrawFn, data: Data) -> None:
    for question in data["questions"]:
        question["choices"] = draw(st.permutations(question["choices"]))
        question["text"] += " (reworded)"
    if not any("asked_if" in question for question in data["questions"]):
        data["questions"] = draw(st.permutations(data["questions"]))


def _retire(draw: st.DrawFn, data: Data) -> None:
    question = draw(st.sampled_from(data["questions"]))
    if len(question["choices"]) < 3:
        return
    choice = draw(st.sampled_from(question["choices"]))
    if choice["id"] == question.get("exclusive"):
        return
    pair = (question["id"], choice["id"])
    rules = [rule for rule in data["rules"] if not _asks_about(rule["when"], *pair)]
    if not rules:
        return
    data["rules"] = rules
    question["choices"].remove(choice)
    gone = {"key": choice["key"], "question": question["text"], "text": choice["text"]}
    data.setdefault("retired", []).append(gone)


def _asks_about(condition: Data, question: str, choice: str) -> bool:
    [(key, part)] = condition.items()
    if key in ("all", "any"):
        return any(_asks_about(one, question, choice) for one in part)
    if key == "not":
        return _asks_about(part, question, choice)
    if key == "matched":
        return False
    return bool(key == question and choice in part)


def free_key(data: Data) -> int:
    """A key that was never used in this rulebook."""
    used: list[int] = [
        choice["key"] for question in data["questions"] for choice in question["choices"]
    ]
    return 1 + max(used + [one["key"] for one in data.get("retired", [])], default=0)


EDITS: list[Callable[[st.DrawFn, Data], None]] = [_add_choice, _add_question, _reorder, _retire]
