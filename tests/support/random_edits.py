"""Edits of a small rulebook made by chance, and for whom they change the result, by trying all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from questionnaire.authoring.difference import LINK
from questionnaire.authoring.sat_result import RESULT, Item
from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.codes import CodeError
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from tests.support.brute_force import DAY, Data, sendable, small_rulebook

Changes = dict[tuple[Item, bool], list[int]]
"""The ticks that gain (True) or lose an item."""
FIRMNESS = ["stated", "often", "can", "possibly"]


def random_versions(seed: int) -> tuple[Data, Data]:
    """Return the data of two versions of a rulebook; the first has been edited before."""
    random = Random(seed)  # noqa: S311  # a seed, so that a failure can be repeated
    old = small_rulebook(random)
    old["retired"] = []
    for claim in old["claims"]:
        claim["firmness"] = random.choice(FIRMNESS)
    for cites in (["k0", "k2"], ["k1"]):
        question = random.choice(old["questions"])
        when = {question["id"]: [random.choice(question["choices"])["id"]]}
        old["rules"].append({"when": when, "cites": cites})
    for _ in range(random.randint(0, 6)):
        random.choice(EDITS)(random, old)
    new = deepcopy(old)
    for _ in range(random.randint(1, 6)):
        random.choice(EDITS)(random, new)
    return old, new


def _rule_gone(random: Random, data: Data) -> None:
    if len(data["rules"]) > 1:
        data["rules"].remove(random.choice(data["rules"]))


def _condition_of_another(random: Random, data: Data) -> None:
    rule, other = random.choice(data["rules"]), random.choice(data["rules"])
    if "cites" not in rule or "matched" not in str(other["when"]):
        rule["when"] = deepcopy(other["when"])


def _condition_denied(random: Random, data: Data) -> None:
    rule = random.choice(data["rules"])
    rule["when"] = {"not": rule["when"]}


def _rule_of_one_tick(random: Random, data: Data) -> None:
    question = random.choice(data["questions"])
    effects: list[Data] = [
        {"raises": "halt"},
        {"raises": "mind"},
        {"shows": "a0"},
        {"cites": ["k1", "k2"]},
    ]
    effects.append({"shows": "a0", "for": "g1"})
    when = {question["id"]: [random.choice(question["choices"])["id"]]}
    data["rules"].append({"when": when, **random.choice(effects)})


def _notice_of_another_kind(random: Random, data: Data) -> None:
    notice = random.choice(data["notices"])
    notice["kind"] = "caution" if notice["kind"] == "stop" else "stop"


def _claim_firmer(random: Random, data: Data) -> None:
    random.choice(data["claims"])["firmness"] = random.choice(FIRMNESS)


def _claim_about_another_group(random: Random, data: Data) -> None:
    random.choice(data["claims"])["about"] = random.choice(["g0", "g1"])


def _question_answered_otherwise(random: Random, data: Data) -> None:
    question = random.choice(data["questions"])
    match random.choice(["required", "pick", "exclusive"]):
        case "required":
            question["required"] = not question.get("required")
        case "pick":
            question["pick"] = "several" if question["pick"] == "one" else "one"
            question.pop("exclusive", None)
        case _:
            question |= {"pick": "several", "exclusive": question["choices"][-1]["id"]}


def _question_of_others(random: Random, data: Data) -> None:
    """Ask a question of all, or as a follow-up of one before it."""
    n = random.randrange(len(data["questions"]))
    question = data["questions"][n]
    if question.pop("asked_if", None) is None and n:
        before = random.choice(data["questions"][:n])
        certain = random.choice(before["choices"])["id"]
        question["asked_if"] = random.choice([before["id"], {before["id"]: certain}])


def _choice_more(random: Random, data: Data) -> None:
    question = random.choice(data["questions"])
    key = 1 + max(_keys(data))
    question["choices"].append({"id": f"c{key}", "key": key, "text": "C"})


def _choice_gone(random: Random, data: Data) -> None:
    """Take a choice out, most often by retiring it."""
    question = random.choice(data["questions"])
    if len(question["choices"]) == 2:
        return
    choice = random.choice(question["choices"])
    question["choices"].remove(choice)
    if question.get("exclusive") == choice["id"]:
        del question["exclusive"]
    for other in data["questions"]:
        if other.get("asked_if") == {question["id"]: choice["id"]}:
            other["asked_if"] = question["id"]
    rest = [other["id"] for other in question["choices"]]
    for holder in (*data["rules"], *data["retired"]):
        _replace(holder, question["id"], choice["id"], rest[0])
    if random.random() < 0.85:
        retired: Data = {"key": choice["key"], "question": "Q?", "text": "C"}
        if random.random() < 0.4:
            retired["raises"] = random.choice(["halt", "mind"])
        if random.random() < 0.6:
            target = random.choice([question, random.choice(data["questions"])])
            retired["counts_as"] = {target["id"]: random.choice(target["choices"])["id"]}
        data["retired"].append(retired)


def _choice_succeeded(random: Random, data: Data) -> None:
    """Retire a choice that a new one, with a key of its own, replaces."""
    question = random.choice(data["questions"])
    choice = random.choice(question["choices"])
    retired = {"key": choice["key"], "question": "Q?", "text": "C"}
    choice["key"] = 1 + max(_keys(data))
    data["retired"].append(retired | {"counts_as": {question["id"]: choice["id"]}})


def _ids_renamed(random: Random, data: Data) -> None:
    """Call a choice and a notice something else: a key, and words, are what they are known by."""
    question = random.choice(data["questions"])
    choice = random.choice(question["choices"])
    old, new = choice["id"], f"n{choice['key']}"
    choice["id"] = new
    if question.get("exclusive") == old:
        question["exclusive"] = new
    for other in data["questions"]:
        if other.get("asked_if") == {question["id"]: old}:
            other["asked_if"] = {question["id"]: new}
    for holder in (*data["rules"], *data["retired"]):
        _replace(holder, question["id"], old, new)


EDITS: list[Callable[[Random, Data], None]] = [
    _rule_gone,
    _condition_of_another,
    _condition_denied,
    _rule_of_one_tick,
    _notice_of_another_kind,
    _claim_firmer,
    _claim_about_another_group,
    _question_answered_otherwise,
    _question_of_others,
    _choice_more,
    _choice_gone,
    _choice_succeeded,
    _ids_renamed,
]


def _keys(data: Data) -> list[int]:
    asked = [choice["key"] for question in data["questions"] for choice in question["choices"]]
    return asked + [retired["key"] for retired in data["retired"]]


def _replace(holder: Any, question: str, old: str, new: str) -> None:
    """Replace a choice in all conditions and counterparts below a part of the data."""
    if isinstance(holder, list):
        for part in holder:
            _replace(part, question, old, new)
    elif isinstance(holder, dict):
        for key, value in holder.items():
            if key == question and value == old:
                holder[key] = new
            elif key == question and isinstance(value, list):
                holder[key] = list(dict.fromkeys(new if one == old else one for one in value))
            else:
                _replace(value, question, old, new)


def items(assessment: Assessment) -> set[Item]:
    """Return all that an assessment consists of."""
    if assessment.stops:
        return {Item("notices", raised.notice.id, "stop") for raised in assessment.stops}
    found = {RESULT}
    found |= {Item("notices", raised.notice.id, "caution") for raised in assessment.cautions}
    found |= {Item("advice", shown.advice.id, "text") for shown in assessment.advice}
    for finding in assessment.findings:
        group = finding.group.id
        found.add(Item("muscle_groups", group, "group"))
        found |= {Item("claims", match.claim.id, "statement", group) for match in finding.matches}
        found |= {Item("advice", shown.advice.id, "text", group) for shown in finding.advice}
    return found


def gained_and_lost(before: Assessment, after: Assessment) -> Iterator[tuple[Item, bool]]:
    """Yield what one runner gains (True) and loses, without what follows from something else."""
    old, new = items(before), items(after)
    groups = {item.name for item in old & new if item.kind == "group"}
    for item in old ^ new:
        visible = item.kind in ("stop", "result") or not (before.stops or after.stops)
        if visible and (item.under is None or item.under in groups):
            yield item, item in new


def order_differs(before: Assessment, after: Assessment) -> bool:
    """Return True if two muscle groups of both results do not rank as before."""
    old, new = ({f.group.id: f.rank for f in result.findings} for result in (before, after))
    both = [*old.keys() & new.keys()]
    return any((old[one] < old[other]) != (new[one] < new[other]) for one in both for other in both)


class BruteDifference:
    """For whom the result differs between two versions, found by trying all their answers."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self.old = old
        self.new = new

    def form(self, ticked: int) -> tuple[Assessment, Assessment] | None:
        """Return the results of answers to the new form: what was said of them, and what is."""
        known = ticked & (self.old.bits | self.old.retired_bits)
        for retired, now in self.new._counterparts:
            knew = (self.old.bits | self.old.retired_bits) & now
            if retired & (self.old.bits | self.old.retired_bits) and ticked & now and not knew:
                known |= retired
        return self._assess(self.old, known), self._assess(self.new, ticked)

    def links(self, ticked: int) -> tuple[Assessment, Assessment] | None:
        """Return the results of answers to the old form: of then, and of their link now."""
        try:
            now = codes.decode(self.new, codes.encode(self.old, Answers(ticked, DAY)))
        except CodeError:
            return None
        return self._assess(self.old, ticked), assess(self.new, now)

    def asked_anew(self, ticked: int) -> tuple[Assessment, Assessment] | None:
        """Return the results of answers to the old form, and of those that the new form asks."""
        now = ticked & self.new.bits | self.new.counterparts(ticked)
        return self._assess(self.old, ticked), self._assess(self.new, now)

    def _assess(self, rulebook: Rulebook, ticked: int) -> Assessment:
        return assess(rulebook, Answers(ticked, DAY))

    def changes(self, view: str) -> tuple[Changes, list[int]]:
        """Return the ticks that show each change, and those that show another order."""
        changes: Changes = {}
        order: list[int] = []
        for ticked in sendable(self.new if view == "form" else self.old):
            results = getattr(self, view)(ticked)
            if results is None:
                changes.setdefault((LINK, False), []).append(ticked)
                continue
            for change in gained_and_lost(*results):
                changes.setdefault(change, []).append(ticked)
            if not (results[0].stops or results[1].stops) and order_differs(*results):
                order.append(ticked)
        return changes, order
