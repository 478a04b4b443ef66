"""The content of a rulebook: article, muscle groups, claims, notices and advice."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

MAX_KEY = 4095
"""The highest permanent key: it bounds the length of a results code."""

BODY_MAP_REGIONS = frozenset({"calves", "core", "glutes", "hamstrings", "quads"})
"""The regions that templates/_body_map.html draws: the values of a muscle group's `region`."""

BODY_MAP_SPOTS = frozenset(
    {
        "achilles",
        "calf",
        "front-thighs",
        "hamstrings",
        "hips",
        "knee",
        "lower-back",
        "pelvis",
        "shin",
    }
)
"""The places that templates/_body_map.html can ring: the values of a choice's `spot`."""

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
UNFIT = (
    r"<>\x00-\x1f\x7f-\x9f"
    r"\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
)
"""What no text may hold: markup, line breaks, and what cannot be seen or turns words around."""

PLAIN = f"^[^{UNFIT}]+$"
DAY = r"\d{4}-\d\d-\d\d"
LINK = r"^https://[^\s<>\"]+$"
REF = r"^[A-Z][0-9]+$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
"""The tags of BCP 47 that a page needs: a language, perhaps its script, perhaps a country."""


def _as_text(value: object) -> object:
    """Return a number as text, so that an author reads which text was expected."""
    return str(value) if type(value) is int else value


def _written_as_a_date(value: object) -> object:
    if not isinstance(value, str):  # or a number would be read as seconds
        raise ValueError("expected a date such as 2017-03-09")
    if not re.fullmatch(DAY, value):
        raise ValueError(f'expected a date such as 2017-03-09, not "{value}"')
    return value


SHORT_NAME = "A short name: small letters, digits and hyphens."
"""How an editor describes the key `id`."""

Id = Annotated[str, StringConstraints(pattern=ID, max_length=40)]
Line = Annotated[str, StringConstraints(pattern=PLAIN, max_length=140, strip_whitespace=True)]
Sentences = Annotated[str, StringConstraints(pattern=PLAIN, max_length=400, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Key = Annotated[int, Field(strict=True, ge=0, le=MAX_KEY)]
Flag = Annotated[bool, Field(strict=True)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]
Day = Annotated[date, BeforeValidator(_written_as_a_date)]


class RulebookModel(BaseModel):
    """One part of rules.yaml: frozen, and without unknown keys."""

    # Built once, with the whole: else each class builds anew what is in it, and the start waits.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __hash__(self) -> int:
        """Return the hash of its id, if it has one: pydantic's takes ten times as long."""
        return hash(self.__dict__.get("id"))


class Article(RulebookModel):
    """The published article that every claim comes from."""

    title: Line = Field(description="The title of the article.")
    site: Line = Field(description="Where it was published.")
    link: Annotated[str, StringConstraints(pattern=LINK, max_length=200)] = Field(
        description="Its address, with https://."
    )
    published: Year = Field(description="The year.")
    updated: Day = Field(description="The date of its last change, such as 2017-10-27.")


class MuscleGroup(RulebookModel):
    """A group of muscles: where it is, what it does and what the article advises for it."""

    id: Id = Field(description=SHORT_NAME)
    name: Line = Field(description="The name that runners read.")
    place: Sentences = Field(description="Where these muscles are, in a sentence.")
    role: Sentences = Field(description="What they do, in a sentence.")
    advises: tuple[Sentences, ...] = Field(
        min_length=1, description="What the article advises for them, one sentence each."
    )
    omits: tuple[Sentences, ...] = Field(
        default=(), description="What the article does not say about them, one sentence each."
    )
    region: Id | None = Field(
        default=None,
        description="Their part of the body map; leave it out if the map does not draw them.",
    )
    phrase: Line | None = Field(
        default=None, description="The name within a sentence: “the article names your ...”."
    )
    step: Line | None = Field(
        default=None,
        description="What to do with them, in a few words: a reason follows, after a colon.",
    )
    ask: Sentences | None = Field(
        default=None, description="What to ask a physio or coach about them."
    )
    hurts_if: dict[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] | None = Field(
        default=None,
        min_length=1,
        description="The answers, as `question: [choices]`, that say that they hurt already:"
        " the squad sheet keeps these runners apart from those who may train them.",
    )


class ClaimKind(StrEnum):
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
    def rank(self) -> int:
        """Return 0 for the firmest wording; `stated` and `often` are equally firm."""
        return {Firmness.CAN: 1, Firmness.POSSIBLY: 2}.get(self, 0)


class Claim(RulebookModel):
    """One statement of the article, in our own words."""

    EVERYONE: ClassVar[str] = "all"

    id: Id = Field(description=SHORT_NAME)
    ref: Annotated[str, StringConstraints(pattern=REF), BeforeValidator(_as_text)] = Field(
        description="Its number in your reading of the article, such as G5."
    )
    about: Id = Field(description="The muscle group that it is about, or `all`.")
    kind: ClaimKind = Field(
        description="Only a `link` counts in a result; the others explain or advise."
    )
    firmness: Firmness | None = Field(
        default=None, description="How firmly the article puts a link; only links have it."
    )
    says: Sentences = Field(description="The statement in your own words.")

    @model_validator(mode="after")
    def _firmness_belongs_to_links(self) -> Claim:
        if self.kind is ClaimKind.LINK and self.firmness is None:
            raise ValueError("a link needs `firmness`: stated, often, can or possibly")
        if self.kind is not ClaimKind.LINK and self.firmness is not None:
            raise ValueError(f"only a link has `firmness`, and this is of the kind {self.kind}")
        return self


class NoticeKind(StrEnum):
    """What a notice does: `stop` replaces the result, `caution` stands above it."""

    STOP = "stop"
    CAUTION = "caution"


class Urgency(StrEnum):
    """How soon to act on a notice, the most urgent first."""

    NOW = "now"
    TODAY = "today"
    DAYS = "days"


class Notice(RulebookModel):
    """A safety text: what to do and how soon; `private` keeps what it says from a coach."""

    id: Id = Field(description=SHORT_NAME)
    kind: NoticeKind = Field(description="`stop` replaces the result, `caution` stands above it.")
    urgency: Urgency = Field(description="How soon to act; the most urgent stand first.")
    emergency_number: Flag = Field(False, description="Whether the number to call stands with it.")
    private: Flag = Field(
        False, description="Whether a coach is told only that there is a notice; for cautions."
    )
    action: Line = Field(description="What to do, in one line.")
    text: Sentences = Field(description="What else to know.")

    @model_validator(mode="after")
    def _private_belongs_to_cautions(self) -> Notice:
        if self.private and self.kind is NoticeKind.STOP:
            raise ValueError(
                "a coach is always told of a `stop`, so it cannot be `private`:"
                " take `private` out, or make this a caution"
            )
        return self


class Advice(RulebookModel):
    """A text that a rule can show."""

    id: Id = Field(description=SHORT_NAME)
    place: Literal["opening", "step", "closing"] = Field(
        description="Before the muscle groups (`opening`), among the things to do with the result"
        " (`step`), or after the muscle groups (`closing`)."
    )
    title: Line | None = Field(default=None, description="A heading, for a box of its own.")
    text: Sentences = Field(description="The text.")
