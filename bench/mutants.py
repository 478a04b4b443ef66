"""How many mistakes `check` catches: the shipped rulebook, broken at random, `make mutants`.

Every mutant is one mistake of an author: something dropped, renamed, negated, given twice or of
another type. What is not caught is listed with the reason why the file alone cannot tell.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from questionnaire.authoring.commands import check_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.structure import holder
from questionnaire.rulebook.yaml_reader import Steps, read

SHIPPED = Path(__file__).parent.parent / "rules.yaml"
MANY = 300
WORDS = {"title", "subtitle", "site", "name", "place", "role", "advises", "says", "text", "hint"}
WORDS |= {"said", "action", "question", "idea", "by"}
"""Keys of texts, and of what stands in them."""

OPTIONAL = {
    "required": "`required` is the author's choice: whoever may skip a question can still answer",
    "exclusive": "`exclusive` is the author's choice: a reader sees what excludes what",
    "for": "the advice then stands by itself, and is shown",
}
"""Why keys can go that are more than texts."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """A rulebook with one mistake: what was done, where, and what came out of it."""

    way: str
    steps: Steps
    before: object
    after: object
    data: Data

    def __str__(self) -> str:
        """Return what was done, in one line."""
        place = ".".join(map(str, self.steps))
        return f"{self.way} {place}: {_short(self.before)} -> {_short(self.after)}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) < 50 else text[:47] + "..."


def parts(node: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield every part of the data below the top, with the steps to it."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for step, value in pairs:
        yield (*steps, step), value
        if isinstance(value, (dict, list)):
            yield from parts(value, (*steps, step))


def at(data: Any, steps: Steps) -> Any:
    """Return the part of the data to which these steps lead."""
    for step in steps:
        data = data[step]
    return data


def mutant(shipped: Data, way: str, random: Random) -> Mutant:
    """Return the rulebook with one random mistake of this kind."""
    data = copy.deepcopy(shipped)
    steps, before = random.choice([one for one in parts(data) if FITS[way](*one)])
    holder, last = at(data, steps[:-1]), steps[-1]
    after = WAYS[way](holder, last, random)
    return Mutant(way, steps, before, after, data)


def _drop(holder: Any, last: Any, _random: Random) -> object:
    del holder[last]
    return "nothing"


def _rename(holder: Any, last: Any, random: Random) -> object:
    """Change one letter of a text, or of a key."""
    of_key = isinstance(holder, dict) and (
        not isinstance(holder[last], str) or random.random() < 0.3
    )
    word = last if of_key else holder[last]
    n = random.randrange(len(word))
    new = word[:n] + random.choice("aeinrst".replace(word[n], "")) + word[n + 1 :]
    if not of_key:
        holder[last] = new
        return new
    renamed = [(new if key == last else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(renamed)
    return new


def _negate(holder: Any, last: Any, _random: Random) -> object:
    value = holder[last]
    holder[last] = not value if isinstance(value, bool) else value.get("not", {"not": value})
    return holder[last]


def _duplicate(holder: Any, last: Any, _random: Random) -> object:
    holder.insert(last + 1, copy.deepcopy(holder[last]))
    return "twice"


def _retype(holder: Any, last: Any, random: Random) -> object:
    value = holder[last]
    others: list[object] = [7, True, None, [value], "7", {"text": value}]
    holder[last] = random.choice([one for one in others if type(one) is not type(value)])
    return holder[last]


WAYS: dict[str, Callable[[Any, Any, Random], object]] = {
    "drop": _drop,
    "rename": _rename,
    "negate": _negate,
    "duplicate": _duplicate,
    "retype": _retype,
}
FITS: dict[str, Callable[[Steps, Any], bool]] = {
    "drop": lambda _steps, _value: True,
    "rename": lambda steps, value: isinstance(value, str) or isinstance(steps[-1], str),
    "negate": lambda steps, value: type(value) is bool or (steps[-1] == "when"),
    "duplicate": lambda steps, _value: isinstance(steps[-1], int),
    "retype": lambda _steps, value: not isinstance(value, (dict, list)),
}


def reason(one: Mutant, shipped: Rulebook) -> str | None:
    """Return why a mutant that was not caught is as valid a rulebook, or None if unknown."""
    book = Rulebook.model_validate(one.data)
    section, last = one.steps[0], one.steps[-1]
    key = next((step for step in reversed(one.steps) if isinstance(step, str)), "")
    if dict(book) == dict(shipped):
        return "it means the same: a list of one is one"
    if one.way == "rename" and section != "rules" and key in WORDS | {"link", "ref", "id", "doi"}:
        return (
            "other words, an address or a name that nothing refers to: no file tells the right one"
        )
    if one.way == "drop" and isinstance(last, str) and not _required(one.steps):
        return OPTIONAL.get(str(last), "an optional text: the book says less, and nothing wrong")
    if one.way == "drop" and isinstance(last, int):
        return _less(one, book, shipped)
    if one.way == "retype" and key in WORDS:
        return "a figure in quotes is a text too"
    if one.way == "duplicate" and key == "advises":
        return "a text stands twice: clumsy, and not wrong"
    if one.way == "negate" and section == "questions":
        return OPTIONAL.get(str(last))
    if one.way == "retype" and one.after is None and not _required(one.steps):
        return "a key that may be left out is left empty, which is the same"
    if section == "rules" and shipped.rules[int(one.steps[1])].shows:
        return "an advice is shown to others than before: only the author knows to whom it speaks"
    return None


def _required(steps: Steps) -> bool:
    field = holder(steps).model_fields.get(str(steps[-1]))
    return field is None or bool(field.is_required())


def _less(one: Mutant, book: Rulebook, shipped: Rulebook) -> str | None:
    """Say why an entry of a list could go: nothing that is left refers to it or misses it."""
    if one.steps[0] == "rules":
        return "a rule or a link less: all that is left is reached, and the book says less"
    if one.steps[0] == "research":
        return "a row, a claim or a study less: the page of research says less, and nothing wrong"
    kept = {claim.id for claim in book.claims}
    links = {claim.id for claim in shipped.claims if claim.kind == "link"}
    if one.steps[0] == "claims" and links <= kept:
        return "a statement less that only explains: no rule may cite it"
    if "choices" in one.steps:
        return "a neutral answer less: no rule used it (and no file remembers what it asked before)"
    if one.steps[-2:-1] == ("advises",):
        return "a sentence less: there are others"
    return None


def caught(one: Mutant, folder: Path) -> bool:
    """Say whether `check` finds anything wrong with a mutant."""
    path = folder / "mutant.yaml"
    path.write_text(yaml.dump(one.data, Dumper=yaml.CSafeDumper, sort_keys=False), "utf-8")
    return bool(check_rulebook(path))


def main(seed: int = 1) -> None:
    """Print what is caught of each kind of mistake, and why the rest is no defect."""
    source: Any = read(SHIPPED).data
    shipped = Rulebook.model_validate(source)
    random = Random(seed)  # noqa: S311  # a seed, so that a figure can be repeated
    counts: Counter[tuple[str, bool]] = Counter()
    missed: dict[str | None, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for n in range(MANY):
            one = mutant(source, list(WAYS)[n % len(WAYS)], random)
            found = caught(one, Path(folder))
            counts[one.way, found] += 1
            if not found:
                missed.setdefault(reason(one, shipped), []).append(str(one))
    for why, ones in missed.items():
        print(f"{len(ones)} not caught: {why or 'A DEFECT THAT CHECK MISSES'}")
        print("".join(f"    {one}\n" for one in ones))
    for way in WAYS:
        print(f"{way:10} {counts[way, True]:3} of {counts[way, True] + counts[way, False]} caught")
    total = sum(many for (_, found), many in counts.items() if found)
    print(f"{total} of {MANY} caught; {len(missed.get(None, []))} defects missed")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
