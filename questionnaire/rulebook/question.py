"""What a runner is asked: questions, their choices, and what a follow-up waits for.

A choice's permanent `key` is also its bit: a set of ticks is one integer.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, PlainValidator, WithJsonSchema

from questionnaire.rulebook.content import SHORT_NAME, Flag, Id, Key, Line, RulebookModel


class Choice(RulebookModel):
    """One answer that a question offers; `neutral` says that no rule is meant to use it."""

    id: Id = Field(description=SHORT_NAME)
    key: Key = Field(
        description="Permanent: a number used once in the whole file, and never again."
    )
    text: Line = Field(description="The answer as the form offers it.")
    said: Line | None = Field(
        default=None,
        description="The answer as the results page repeats it, if `text` needs its question.",
    )
    phrase: Line | None = Field(
        default=None,
        description="The answer within a sentence: “linked by the article to ...”.",
    )
    spot: Id | None = Field(
        default=None, description="The place on the body map that it is about, if the map has it."
    )
    neutral: Flag = Field(default=False, description="Says that no rule is meant to use it.")

    @cached_property
    def bit(self) -> int:
        """Return the integer in which only this choice is ticked."""
        return 1 << self.key

    @property
    def spoken(self) -> str:
        """Return the words that stand for this answer away from its question."""
        return self.said or self.text


class AskedIf(NamedTuple):
    """What a follow-up waits for: an answer to a question, or one certain choice of it."""

    question: str
    choice: str | None = None


def _read_asked_if(value: Any) -> AskedIf:
    match value:
        case AskedIf():
            return value
        case str():
            return AskedIf(value)
        case dict() if len(value) == 1:
            [(question, choice)] = value.items()
            if isinstance(question, str) and isinstance(choice, str):
                return AskedIf(question, choice)
    raise ValueError("`asked_if` is the id of a question, or `{question: choice}`")


ASKED_IF_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {"type": "string"},
        },
    ]
}
"""What a follow-up waits for, as authors write it."""


class Question(RulebookModel):
    """One question with its choices; `asked_if` names the answer that it follows up."""

    id: Id = Field(description=SHORT_NAME)
    text: Line = Field(description="The question.")
    short: Line | None = Field(
        default=None, description="A word or two for it, where answers are listed."
    )
    hint: Line | None = Field(default=None, description="A line of help under it.")
    list_: tuple[Line, ...] = Field(
        default=(), alias="list", description="A list under it, of what it is about."
    )
    pick: Literal["one", "several"] = Field(
        description="How many answers it takes: `one` or `several`."
    )
    required: Flag = Field(default=False, description="Whether it must be answered.")
    exclusive: Id | None = Field(
        default=None, description="The choice that excludes all others, such as “None of these”."
    )
    asked_if: Annotated[
        AskedIf | None, PlainValidator(_read_asked_if), WithJsonSchema(ASKED_IF_SCHEMA)
    ] = Field(
        default=None,
        description="The earlier question that it follows up, or `{question: choice}`: its answer.",
    )
    preset: Flag = Field(
        default=False,
        description="Whether a coach who shares the form may tick its answers beforehand.",
    )
    best_first: Flag = Field(
        default=False,
        description="Whether its answers go from the best to the worst: a comparison tells which.",
    )
    choices: tuple[Choice, ...] = Field(min_length=2, description="The answers that it offers.")

    @cached_property
    def bits(self) -> int:
        """Return the bits of all its choices."""
        return sum(choice.bit for choice in self.choices)

    @cached_property
    def exclusive_bit(self) -> int:
        """Return the bit of its exclusive choice, or 0."""
        return sum(choice.bit for choice in self.choices if choice.id == self.exclusive)

    @cached_property
    def opening_bits(self) -> int:
        """Return the bits that open its follow-ups, unless one waits for a certain choice."""
        return self.bits & ~self.exclusive_bit

    @cached_property
    def has_spots(self) -> bool:
        """Return True if the body map can show any of its choices."""
        return any(choice.spot for choice in self.choices)

    @cached_property
    def longest(self) -> int:
        """Return the length of its longest choice in characters, which its columns hang on."""
        return max(len(choice.text) for choice in self.choices)

    @property
    def skippable(self) -> bool:
        """Return True if it needs a button for no answer: a radio button cannot be unticked."""
        return self.pick == "one" and not self.required

    def choices_in(self, ticked: int) -> tuple[Choice, ...]:
        """Return its choices that are ticked, in the order of the file."""
        if not ticked & self.bits:  # most questions, and the loop takes ten times as long
            return ()
        return tuple([choice for choice in self.choices if ticked & choice.bit])

    def contradicts(self, ticked: int) -> bool:
        """Return True if nobody can answer so: two where one is picked, an exclusive and more."""
        several = (ticked & self.bits).bit_count() > 1
        return several and (self.pick == "one" or bool(ticked & self.exclusive_bit))
