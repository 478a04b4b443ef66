"""Conditions on the answers, and rules: what follows when a condition holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from questionnaire.rulebook.content import Id, RulebookModel


def _as_written(value: object) -> str:
    """Return choices as a file has them."""
    if isinstance(value, list):
        return f"[{', '.join(map(_as_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


_IN_ONE_WORD = re.compile(r"([\w-]+)(?:\.|:|\s*==?\s*|\s+is\s+)([\w-]+)")
_MEANT = {
    **dict.fromkeys(("and", "both"), "`all: [...]`"),
    **dict.fromkeys(("or", "either"), "`any: [...]`"),
    **dict.fromkeys(("none", "neither"), "`not: {any: [...]}`"),
}
"""What authors write for a question with its choice, and for the keys of a condition."""


class AnswerIs(RulebookModel):
    """Holds if at least one of the choices of the question is ticked."""

    question: str
    choices: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if isinstance(value, str) and (found := _IN_ONE_WORD.fullmatch(value)):
            raise ValueError(f"write `{found[1]}: {found[2]}`")
        if not isinstance(value, dict) or len(value) != 1:
            joined = isinstance(value, list) or (isinstance(value, dict) and len(value) > 1)
            remedy = "; join several by `all: [...]` or `any: [...]`" if joined else ""
            raise ValueError(f"a condition is one of all, any, not, or `question: choice`{remedy}")
        [(question, choices)] = value.items()
        if str(question).startswith("not "):
            name, said = question.removeprefix("not "), _as_written(choices)
            raise ValueError(f"write `not: {{{name}: {said}}}`")
        if choices is None and " = " in str(question):
            raise ValueError(f"write `{question.replace(' = ', ': ', 1)}`, with a colon")
        listed = choices if isinstance(choices, list) else [choices]
        if any(isinstance(choice, dict) for choice in listed):
            meant = _MEANT.get(str(question).lower())
            remedy = f"write {meant}" if meant else "a condition is all, any, not or a question"
            raise ValueError(f'unknown condition "{question}"; {remedy}')
        if not all(isinstance(choice, str) for choice in listed):
            written = f"`{question}: {_as_written(choices)}`"
            raise ValueError(f"{written} names no choice: write `question: choice` with their ids")
        return {"question": question, "choices": listed}


class AllOf(RulebookModel):
    """Holds if each of its conditions holds."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(RulebookModel):
    """Holds if at least one of its conditions holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(RulebookModel):
    """Holds if its condition does not."""

    not_: Condition = Field(alias="not")


class NothingMatched(RulebookModel):
    """Holds if no rule that cites a link does: no muscle group is named."""

    matched: Literal["none"]


CONDITION_KEYS = ("all", "any", "not", "matched")
"""The keys of a condition that name no question."""


def _which(value: Any) -> str:
    key = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None
    return key if key in CONDITION_KEYS else "answer_is"


Condition = Annotated[
    Annotated[AnswerIs, Tag("answer_is")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[NothingMatched, Tag("matched")],
    Discriminator(_which),
]


Path = tuple[str | int, ...]


def walk(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Yield a condition and all conditions in it, in their order, each with the path to it."""
    yield path, condition
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            key = "all" if isinstance(condition, AllOf) else "any"
            for n, part in enumerate(parts):
                yield from walk(part, (*path, key, n))
        case Not(not_=part):
            yield from walk(part, (*path, "not"))


class Rule(RulebookModel):
    """What follows when a condition holds: claims cited, a notice raised or an advice shown."""

    when: Condition = Field(
        description="The condition: `question: choice`, or all, any or not of conditions, "
        "or `matched: none`."
    )
    cites: tuple[Id, ...] = Field(
        default=(), min_length=1, description="The links that count if it holds."
    )
    raises: Id | None = Field(default=None, description="The notice that it raises.")
    shows: Id | None = Field(default=None, description="The advice that it shows.")
    for_: Id | None = Field(
        default=None,
        alias="for",
        description="The muscle group under which `shows` puts its advice.",
    )

    @model_validator(mode="after")
    def _one_effect(self) -> Rule:
        if sum(map(bool, (self.cites, self.raises, self.shows))) != 1:
            raise ValueError("a rule has exactly one of `cites`, `raises` and `shows`")
        if self.for_ and not self.shows:
            where = "it says under which muscle group the advice stands"
            raise ValueError(f"`for` goes with `shows` only: {where}")
        if self.cites and self.waits_for_nothing_matched:
            raise ValueError(
                "`matched: none` says that no rule cites, so it cannot stand in one that does"
            )
        return self

    @property
    def waits_for_nothing_matched(self) -> bool:
        """Return True if it depends on `matched: none`."""
        return any(isinstance(part, NothingMatched) for _, part in walk(self.when))
