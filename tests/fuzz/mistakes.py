"""Mistakes that an author makes in a rulebook, made at random in its data."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from questionnaire.rulebook.yaml_reader import YamlPath

Data = dict[str, Any]


def with_mistake(data: Data, kind: str, random: Random) -> Data:
    """Return a copy of the data with one random mistake of this kind, or none if none fits."""
    data = copy.deepcopy(data)
    if places := [steps for steps, value in parts(data) if FITS[kind](steps, value)]:
        *above, last = random.choice(places)
        MISTAKES[kind](_at(data, above), last, random)
    return data


def parts(node: Any, steps: YamlPath = ()) -> Iterator[tuple[YamlPath, Any]]:
    """Yield every part of the data below the top, with the steps to it."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for step, value in pairs:
        yield (*steps, step), value
        if isinstance(value, (dict, list)):
            yield from parts(value, (*steps, step))


def _at(data: Any, steps: list[str | int]) -> Any:
    for step in steps:
        data = data[step]
    return data


def _drop(parent: Any, last: Any, _random: Random) -> None:
    del parent[last]


def _rename(parent: Any, last: Any, random: Random) -> None:
    """Change one letter of a text, or of a key."""
    is_text = isinstance(parent[last], str)
    of_key = isinstance(parent, dict) and (not is_text or random.random() < 0.3)
    new = _misspelt(last if of_key else parent[last], random)
    if not of_key:
        parent[last] = new
        return
    renamed = [(new if key == last else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(renamed)


def _misspelt(word: str, random: Random) -> str:
    n = random.randrange(len(word))
    return word[:n] + random.choice("aeinrst".replace(word[n], "")) + word[n + 1 :]


def _negate(parent: Any, last: Any, _random: Random) -> None:
    value = parent[last]
    parent[last] = not value if isinstance(value, bool) else value.get("not", {"not": value})


def _duplicate(parent: Any, last: Any, _random: Random) -> None:
    parent.insert(last + 1, copy.deepcopy(parent[last]))


def _retype(parent: Any, last: Any, random: Random) -> None:
    value = parent[last]
    others: list[object] = [7, True, None, [value], "7", {"text": value}]
    parent[last] = random.choice([one for one in others if type(one) is not type(value)])


MISTAKES: dict[str, Callable[[Any, Any, Random], None]] = {
    "drop": _drop,
    "rename": _rename,
    "negate": _negate,
    "duplicate": _duplicate,
    "retype": _retype,
}
FITS: dict[str, Callable[[YamlPath, Any], bool]] = {
    "drop": lambda _steps, _value: True,
    "rename": lambda steps, value: isinstance(value, str) or isinstance(steps[-1], str),
    "negate": lambda steps, value: type(value) is bool or (steps[-1] == "when"),
    "duplicate": lambda steps, _value: isinstance(steps[-1], int),
    "retype": lambda _steps, value: not isinstance(value, (dict, list)),
}
"""Where each kind of mistake can be made."""
