"""The vocabulary of a rulebook: the structure of rules.yaml, checked by pydantic and frozen.

A choice's permanent `key` is also its bit: a set of ticks is one integer, in a condition, in a
results code and in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from questionnaire.rulebook.content import (
    LINK,
    REF,
    Day,
    Flag,
    Id,
    Key,
    Line,
    Part,
    Sentences,
    Year,
)
from questionnaire.rulebook.research import Research
from questionnaire.rulebook.rule import Rule


class Article(Part):
    """The published article that every claim comes from."""

    title: Line
    site: Line
    link: Annotated[str, StringConstraints(pattern=LINK, max_length=200)]
    published: Year
    updated: Day


class MuscleGroup(Part):
    """A group of muscles, where it is, what it does and what the article advises for it.

    `omits` is what a reader may expect of the article and does not find in it; `region` names its
    part of the body map, if the map draws it.
    """

    id: Id
    name: Line
    place: Sentences
    role: Sentences
    advises: tuple[Sentences, ...] = Field(min_length=1)
    omits: tuple[Sentences, ...] = ()
    region: Id | None = None


class Kind(StrEnum):
    """What a claim is; only a link counts in a result."""

    LINK = "link"
    FACT = "fact"
    ROLE = "role"
    OPINION = "opinion"
    ADVICE = "advice"


class Firmness(StrEnum):
    """How firmly the article puts a link."""

    STATED = "stated"
    OFTEN = "often"
    CAN = "can"
    POSSIBLY = "possibly"

    @property
    def tier(self) -> int:
        """Return 0 for the firmest wording; `stated` and `often` are equally firm."""
        return {Firmness.CAN: 1, Firmness.POSSIBLY: 2}.get(self, 0)


class Claim(Part):
    """One statement of the article, in our own words."""

    EVERYONE: ClassVar[str] = "all"

    id: Id
    ref: Annotated[str, StringConstraints(pattern=REF)]
    about: Id
    kind: Kind
    firmness: Firmness | None = None
    says: Sentences

    @model_validator(mode="after")
    def _firmness_belongs_to_links(self) -> Claim:
        if self.kind is Kind.LINK and self.firmness is None:
            raise ValueError("a link needs `firmness`: stated, often, can or possibly")
        if self.kind is not Kind.LINK and self.firmness is not None:
            raise ValueError(f"only a link has `firmness`, and this is of the kind {self.kind}")
        return self


class Choice(Part):
    """One answer that a question offers; `neutral` says that no rule is meant to use it."""

    id: Id
    key: Key
    text: Line
    said: Line | None = None
    neutral: Flag = False

    @cached_property
    def bit(self) -> int:
        """Return the integer in which only this choice is ticked."""
        return 1 << self.key

    @property
    def spoken(self) -> str:
        """Return the words that stand for this answer away from its question."""
        return self.said or self.text


def _union(choices: Iterable[Choice]) -> int:
    return sum(choice.bit for choice in choices)


class Question(Part):
    """One question with its choices; `asked_if` names the question it follows up.

    `preset` says that a coach who shares the form may tick its choices beforehand.
    """

    id: Id
    text: Line
    hint: Line | None = None
    pick: Literal["one", "several"]
    required: Flag = False
    exclusive: Id | None = None
    asked_if: Id | None = None
    preset: Flag = False
    choices: tuple[Choice, ...] = Field(min_length=2)

    @cached_property
    def bits(self) -> int:
        """Return the bits of all its choices."""
        return _union(self.choices)

    @cached_property
    def exclusive_bit(self) -> int:
        """Return the bit of its exclusive choice, or 0."""
        return _union(choice for choice in self.choices if choice.id == self.exclusive)

    @cached_property
    def opening_bits(self) -> int:
        """Return the bits that open its follow-up questions: all but the exclusive choice's."""
        return self.bits & ~self.exclusive_bit

    @property
    def skippable(self) -> bool:
        """Say whether it needs a button for no answer: a radio button cannot be unticked."""
        return self.pick == "one" and not self.required

    def choices_in(self, ticked: int) -> tuple[Choice, ...]:
        """Return its choices that are ticked, in the order of the file."""
        mine = ticked & self.bits
        return tuple([choice for choice in self.choices if mine & choice.bit]) if mine else ()

    def contradicts(self, ticked: int) -> bool:
        """Say whether no one can answer so: two where one is picked, or an exclusive and more."""
        mine = ticked & self.bits
        several = mine.bit_count() > 1
        return several and (self.pick == "one" or bool(mine & self.exclusive_bit))


class NoticeKind(StrEnum):
    """What a notice does: `stop` replaces the result, `caution` stands above it."""

    STOP = "stop"
    CAUTION = "caution"


class Urgency(StrEnum):
    """How soon to act on a notice, the most urgent first."""

    NOW = "now"
    TODAY = "today"
    DAYS = "days"


class Notice(Part):
    """A safety text: what to do and how soon."""

    id: Id
    kind: NoticeKind
    urgency: Urgency
    action: Line
    text: Sentences


class Advice(Part):
    """A text that a rule can show."""

    id: Id
    place: Literal["opening", "closing"]
    title: Line | None = None
    text: Sentences


class Retired(Part):
    """A choice that is no longer asked, kept so that old results links can name it."""

    key: Key
    question: Line
    text: Line


class Rulebook(Part):
    """Everything one questionnaire knows; compared by identity, so that it can be a key."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    id: Id
    title: Line
    subtitle: Line
    article: Article
    muscle_groups: tuple[MuscleGroup, ...] = Field(min_length=1)
    claims: tuple[Claim, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    notices: tuple[Notice, ...] = ()
    advice: tuple[Advice, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
    research: tuple[Research, ...] = ()
    retired: tuple[Retired, ...] = ()

    @cached_property
    def bits(self) -> int:
        """Return the bits of all choices that are asked now."""
        return sum(question.bits for question in self.questions)

    @cached_property
    def presets(self) -> tuple[Question, ...]:
        """Return the questions whose choices a coach may tick beforehand."""
        return tuple(question for question in self.questions if question.preset)

    def question(self, name: str) -> Question:
        """Return the question of that id; raise KeyError if there is none."""
        return self._questions[name]

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def follow_ups(self, question: Question | None) -> tuple[Question, ...]:
        """Return the questions asked only because of this one, or for None the unconditional."""
        return self._after.get(question.id if question else None, ())

    @cached_property
    def _after(self) -> dict[str | None, tuple[Question, ...]]:
        after: dict[str | None, tuple[Question, ...]] = {}
        for question in self.questions:
            after[question.asked_if] = (*after.get(question.asked_if, ()), question)
        return after

    def is_asked(self, question: Question, ticked: int) -> bool:
        """Say whether a question is asked of someone with these ticks.

        An old code may have opened it by an answer that has since been retired.
        """
        if question.asked_if is None:
            return True
        before = self.question(question.asked_if)
        by_a_retired_choice = ticked & self.retired_bits and not ticked & before.bits
        return bool(ticked & before.opening_bits or by_a_retired_choice)

    def asked(self, ticked: int) -> int:
        """Return the ticks without those of questions that were not asked because of them."""
        for question, bits, opening in self._follow_ups:
            if ticked & bits and not ticked & opening and not self.is_asked(question, ticked):
                ticked &= ~bits
        return ticked

    @cached_property
    def _follow_ups(self) -> tuple[tuple[Question, int, int], ...]:
        return tuple(
            (question, question.bits, self.question(question.asked_if).opening_bits)
            for question in self.questions
            if question.asked_if
        )

    def missing(self, ticked: int) -> tuple[Question, ...]:
        """Return the required questions that were asked and not answered."""
        return tuple(
            one
            for one in self.questions
            if one.required and not ticked & one.bits and self.is_asked(one, ticked)
        )

    def research_on(self, claim: Claim) -> tuple[Research, ...]:
        """Return the rows of research that bear on a claim, in the order of the file."""
        return tuple(row for row in self.research if claim.id in row.claims)

    @cached_property
    def retired_bits(self) -> int:
        """Return the bits of all choices that are no longer asked."""
        return sum(1 << one.key for one in self.retired)

    def retired_in(self, ticked: int) -> tuple[Retired, ...]:
        """Return the retired choices among the ticks of an old results code."""
        return tuple(one for one in self.retired if ticked >> one.key & 1)
