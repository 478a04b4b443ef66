"""The fastest rule engines on PyPI, given the conditions of a rulebook.

Each says which conditions hold, as a list in their order, and nothing else: their own traces take
far longer. Each gets them in two forms, of which the faster one counts: answers as flags, one for
every key, or as the keys that are ticked. Both read JSON faster than dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, assert_never

from questionnaire.engine.conditions import keys_of
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, Condition, Not, NothingMatched

PEERS = {"datalogic-py": "datalogic_py", "zen-engine": "zen"}
"""The module of each package."""


class MissingError(Exception):
    """A peer is not installed; the message says which, and what installs it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine with its conditions: it reads ticks as text, and returns whether each holds."""

    name: str
    read: Callable[[int], str]
    holds: Callable[[str], list[object]]


def peers(conditions: Sequence[Condition], rulebook: Rulebook) -> list[Peer]:
    """Return each peer in each of its forms, the conditions compiled.

    Raises MissingError if one is not installed.
    """
    found = {name: _module(module) for name, module in PEERS.items()}
    if missing := [name for name, module in found.items() if module is None]:
        raise MissingError(
            f"missing: {', '.join(missing)}: pip install -r bench/requirements-peers.txt"
        )
    return [
        *_datalogic(found["datalogic-py"], conditions, rulebook),
        *_zen(found["zen-engine"], conditions, rulebook),
    ]


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def _datalogic(module: Any, conditions: Sequence[Condition], rulebook: Rulebook) -> Iterator[Peer]:
    engine = module.Engine()
    session = engine.session()

    def peer(read: Callable[[int], str], leaf: Callable[[int], object]) -> Peer:
        rules = engine.compile([_jsonlogic(condition, rulebook, leaf) for condition in conditions])
        return Peer("datalogic-py", read, lambda answers: session.evaluate(rules, answers))

    yield peer(lambda ticked: f"[{','.join(f'{ticked:b}'[::-1])}]", lambda key: {"var": key})
    yield peer(lambda ticked: str(list(keys_of(ticked))), lambda key: {"in": [key, {"var": ""}]})


def _jsonlogic(condition: Condition, rulebook: Rulebook, leaf: Callable[[int], object]) -> object:
    match condition:
        case AnswerIs(question=question, choices=names):
            leaves = [leaf(rulebook.choices[question, name].key) for name in names]
            return {"or": leaves} if len(leaves) > 1 else leaves[0]
        case AllOf(all=parts):
            return {"and": [_jsonlogic(part, rulebook, leaf) for part in parts]}
        case AnyOf(any=parts):
            return {"or": [_jsonlogic(part, rulebook, leaf) for part in parts]}
        case Not(not_=part):
            return {"!": [_jsonlogic(part, rulebook, leaf)]}
        case NothingMatched():
            return {"!": [_jsonlogic(rulebook.any_link, rulebook, leaf)]}
        case _:
            assert_never(condition)


def _zen(module: Any, conditions: Sequence[Condition], rulebook: Rulebook) -> Iterator[Peer]:
    words = str.maketrans({"0": "false", "1": "true"})
    width = max(choice.key for choice in rulebook.choices.values()) + 1

    def peer(read: Callable[[int], str], leaf: Callable[[int], str]) -> Peer:
        rules = ", ".join(_expression(condition, rulebook, leaf) for condition in conditions)
        return Peer("zen-engine", read, module.compile_expression(f"[{rules}]").evaluate)

    def flags(ticked: int) -> str:
        return f'{{"t":[{",".join(f"{ticked:0{width}b}"[::-1]).translate(words)}]}}'

    yield peer(flags, lambda key: f"t[{key}]")
    yield peer(lambda ticked: f'{{"t":{list(keys_of(ticked))}}}', lambda key: f"({key} in t)")


def _expression(condition: Condition, rulebook: Rulebook, leaf: Callable[[int], str]) -> str:
    match condition:
        case AnswerIs(question=question, choices=names):
            return f"({' or '.join(leaf(rulebook.choices[question, name].key) for name in names)})"
        case AllOf(all=parts):
            return f"({' and '.join(_expression(part, rulebook, leaf) for part in parts)})"
        case AnyOf(any=parts):
            return f"({' or '.join(_expression(part, rulebook, leaf) for part in parts)})"
        case Not(not_=part):
            return f"(not {_expression(part, rulebook, leaf)})"
        case NothingMatched():
            return f"(not {_expression(rulebook.any_link, rulebook, leaf)})"
        case _:
            assert_never(condition)
