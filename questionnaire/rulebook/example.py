"""Examples: answers, and what must come of them; `check` runs them, the site does not."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from questionnaire.rulebook.content import Id, RulebookModel


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _each_listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, list) else value


def _or_list_of(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


OneOrMore = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    WithJsonSchema(_or_list_of({"type": "string"})),
]
"""The id of a choice, or a list of several."""

Places = Annotated[
    tuple[tuple[Id, ...], ...],
    BeforeValidator(_each_listed),
    WithJsonSchema({"type": "array", "items": _or_list_of({"type": "string"})}),
]
"""Muscle groups in their order; those that share a place stand in a list within it."""


class Example(RulebookModel):
    """Answers, and what must come of them; what is left out may come out as it will."""

    answers: dict[str, OneOrMore] = Field(
        description="The ticks: `question: choice`, or a list; a question left out has no answer."
    )
    muscle_groups: Places | None = Field(
        default=None,
        description="All that are named, in order; those that share a place in a list: [a, [b, c]]."
        " [] if none is.",
    )
    notices: tuple[Id, ...] | None = Field(
        default=None, description="All notices, in the order in which they stand. [] if none does."
    )
    advice: tuple[Id, ...] = Field(
        default=(), min_length=1, description="Texts that must be among those shown."
    )
    never: tuple[Id, ...] = Field(
        default=(), min_length=1, description="Notices and texts that must not be shown."
    )

    @model_validator(mode="after")
    def _something_to_expect(self) -> Example:
        if self.muscle_groups is None and self.notices is None and not (self.advice or self.never):
            keys = "`muscle_groups`, `notices`, `advice` and `never`"
            raise ValueError(f"an example needs at least one of {keys}: what must come out")
        return self
