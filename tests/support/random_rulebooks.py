"""Rulebooks made by chance, of any size, that are right by construction.

Each claim and each text has conditions over questions of its own, none of which waits for another;
each condition asks for some, never all, of the answers that open a question; and links are never
denied a tick. So every part does something, and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

Data = dict[str, Any]
FIRMNESS = ("stated", "often", "can", "possibly")


def correct_book(random: Random, questions: int = 8, rules: int = 24) -> Data:
    """Return the data of a rulebook with about so many questions and so many rules."""
    return _Maker(random, questions, rules).book()


def unusual_book(random: Random) -> Data:
    """Return the data of a right book that uses the rarer keys, each by chance."""
    book = correct_book(random, random.randint(4, 12), random.randint(6, 30))
    for question in book["questions"][1:]:
        _maybe(random, question, "hint", "You may skip this, too.")
        _maybe(random, question, "short", "Übung")
        _maybe(random, question, "list", ["a thing (of two)", "Another: “this”"])
        _maybe(random, question, "preset", True)
        if question["pick"] == "one":
            _maybe(random, question, "best_first", True)
        for choice in question["choices"]:
            _maybe(random, choice, "said", f"Said {choice['key']}, 50 % – or so")
            _maybe(random, choice, "phrase", "what you said")
    for group in book["muscle_groups"]:
        _maybe(random, group, "omits", [f"It says nothing of {group['name']} & co."])
        _maybe(random, group, "phrase", "these")
    fact = {"id": "fact", "ref": "Z1", "about": "all", "kind": "fact", "says": "It’s so: 5 < 6."}
    _maybe(random, book, "claims", [*book["claims"], fact | {"says": "It’s so: 5 km/h (or 6)."}])
    closing = {"id": "end", "place": "closing", "title": "End", "text": "That is all… [1]"}
    if random.random() < 0.5:
        for question in book["questions"][1:]:
            question["required"] = False  # or everybody may have to match something
        nothing = random.choice([{"matched": "none"}, {"not": {"matched": "none"}}])
        book["advice"] = [*book["advice"], closing]
        book["rules"].append({"when": nothing, "shows": "end"})
    retired = {"key": 4000, "question": "Old?", "text": "Old & gone", "raises": "caution"}
    target = {"counts_as": {"warnings": "c0"}}
    _maybe(random, book, "retired", [retired | random.choice([{}, target])])
    studies = [{"by": "O’Neill", "year": 2020, "doi": "10.1234/a(5)6"}]
    found = {"id": "found", "claims": ["k0"], "bears": "mixed", "says": "So.", "studies": studies}
    _maybe(random, book, "research", [found])
    example = {"answers": {"warnings": ["c0", "c1"]}, "notices": ["stop"]}
    _maybe(random, book, "examples", [example])
    return book


def _maybe(random: Random, part: Data, key: str, value: object) -> None:
    if random.random() < 0.4:
        part[key] = value


class _Maker:
    """One rulebook in the making."""

    def __init__(self, random: Random, questions: int, rules: int) -> None:
        self.random = random
        self.keys = iter(range(4096))
        self.rules: list[Data] = []
        self.used: set[tuple[str, str]] = set()
        self.questions = [self._warnings()]
        self.questions += [self._question(n) for n in range(questions - 1)]
        self.advice: list[Data] = []
        self.claims: list[Data] = []
        self.groups = [_group(n) for n in range(max(2, questions // 10))]
        self.notices = [_notice("stop"), _notice("caution")]
        self._fill(rules)

    def book(self) -> Data:
        """Return its data; a choice that no rule came to use is neutral."""
        for question in self.questions:
            for choice in question["choices"]:
                if (question["id"], choice["id"]) not in self.used:
                    choice["neutral"] = True
        self._drop_unread_questions()
        self.random.shuffle(self.rules)
        article = {"title": "T", "site": "S", "link": "https://example.org/a"}
        return {
            "id": "made",
            "title": "Title",
            "subtitle": "Subtitle",
            "article": article | {"published": 2020, "updated": "2021-01-01"},
            "muscle_groups": self.groups,
            "claims": self.claims,
            "questions": self.questions,
            "notices": self.notices,
            "advice": self.advice,
            "rules": self.rules,
        }

    def _drop_unread_questions(self) -> None:
        """Drop the questions of which nothing follows, and close the gaps in the keys."""
        for question in reversed(self.questions):
            neutral = all(choice.get("neutral") for choice in question["choices"])
            if neutral and question["id"] not in [one.get("asked_if") for one in self.questions]:
                self.questions = [one for one in self.questions if one is not question]
        choices = [choice for question in self.questions for choice in question["choices"]]
        for key, choice in enumerate(choices):
            choice["key"] = key

    def _choices(self, many: int) -> list[Data]:
        keys = [next(self.keys) for _ in range(many)]
        return [{"id": f"c{n}", "key": key, "text": f"Choice {key}"} for n, key in enumerate(keys)]

    def _warnings(self) -> Data:
        question = {"id": "warnings", "text": "Any?", "pick": "several", "required": True}
        question |= {"exclusive": "c3", "choices": self._choices(4)}
        self._rule({"warnings": ["c0", "c1"]}, {"raises": "stop"})
        self._rule({"warnings": "c2"}, {"raises": "caution"})
        return question

    def _question(self, n: int) -> Data:
        choices = self._choices(self.random.randint(3, 5))
        question: Data = {"id": f"q{n}", "text": f"Question {n}?", "choices": choices}
        question["pick"] = self.random.choice(["one", "several"])
        question["required"] = self.random.random() < 0.5
        if question["pick"] == "several" and self.random.random() < 0.7:
            question["exclusive"] = choices[-1]["id"]
        if n % 4 in (2, 3):
            question["asked_if"] = f"q{n - n % 2 - 1}"
        return question

    def _fill(self, rules: int) -> None:
        for n in range(len(self.groups)):
            self._claim(n)
        while len(self.rules) < rules:
            self.random.choice([self._claim, self._claim, self._advice, self._under_group])(
                len(self.claims) + len(self.advice)
            )

    def _claim(self, n: int) -> None:
        group = self.groups[n % len(self.groups)]["id"]
        claim = {"id": f"k{n}", "ref": f"K{n}", "about": group, "kind": "link", "says": f"So {n}."}
        self.claims.append(claim | {"firmness": self.random.choice(FIRMNESS)})
        conditions = self._conditions()
        for _ in range(self.random.randint(1, 3)):
            if condition := next(conditions, None):
                self._rule(condition, {"cites": [claim["id"]]})

    def _advice(self, n: int) -> None:
        self.advice.append({"id": f"a{n}", "place": "opening", "text": f"Do {n}."})
        condition = next(self._conditions())
        denied = {"not": condition} if self.random.random() < 0.3 else condition
        self._rule(denied, {"shows": f"a{n}"})

    def _under_group(self, n: int) -> None:
        """Add an advice under a muscle group that any answer to a question of several can join."""
        group = self.random.choice(self.groups)["id"]
        self.advice.append({"id": f"a{n}", "place": "closing", "text": f"Do {n}."})
        self._rule({"not": {"warnings": "c2"}}, {"shows": f"a{n}", "for": group})

    def _conditions(self) -> Iterator[Data]:
        """Yield conditions over different questions."""
        open_questions = self.questions[1:]
        self.random.shuffle(order := list(open_questions))
        while order:
            kind = self.random.choice(["has", "has", "any", "all"])
            if kind == "has" or len(order) < 2:
                yield self._has(order.pop())
            else:
                yield {kind: [self._has(order.pop()), self._has(order.pop())]}

    def _has(self, question: Data) -> Data:
        opening = [c["id"] for c in question["choices"] if c["id"] != question.get("exclusive")]
        some = sorted(self.random.sample(opening, self.random.randint(1, len(opening) - 1)))
        return {question["id"]: some if len(some) > 1 else some[0]}

    def _rule(self, when: Data, effect: Data) -> None:
        self.rules.append({"when": when, **effect})
        self._use(when)

    def _use(self, when: Any) -> None:
        for key, value in when.items():
            if key in ("all", "any"):
                for part in value:
                    self._use(part)
            elif key == "not":
                self._use(value)
            else:
                listed = value if isinstance(value, list) else [value]
                self.used |= {(key, choice) for choice in listed}


def _group(n: int) -> Data:
    return {"id": f"g{n}", "name": f"Group {n}", "place": "P.", "role": "R.", "advises": ["A."]}


def _notice(kind: str) -> Data:
    urgency = "now" if kind == "stop" else "today"
    action = f"Act on {kind}."
    return {"id": kind, "kind": kind, "urgency": urgency, "action": action, "text": "Soon."}
