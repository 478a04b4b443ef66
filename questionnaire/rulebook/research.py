"""What research says about the claims of a rulebook."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from questionnaire.rulebook.content import (
    SHORT_NAME,
    Day,
    Id,
    Line,
    RulebookModel,
    Sentences,
    Year,
)

DOI = r"^10\.[0-9]{4,9}/[A-Za-z0-9._;()/:-]+$"
PMC = r"^PMC[0-9]+$"


class Study(RulebookModel):
    """A published study, found by one number: its DOI, or its number in PMC or PubMed."""

    by: Line | None = Field(
        default=None, description="The first author; leave it out if you did not look it up."
    )
    year: Year | None = Field(default=None, description="The year.")
    doi: Annotated[str, StringConstraints(pattern=DOI, max_length=100)] | None = Field(
        default=None, description="Its DOI, such as 10.1234/abc.567."
    )
    pmc: Annotated[str, StringConstraints(pattern=PMC, max_length=20)] | None = Field(
        default=None, description="Or its number in PMC, such as PMC1234567."
    )
    pubmed: Annotated[int, Field(strict=True, ge=1, le=999_999_999)] | None = Field(
        default=None, description="Or its number in PubMed, such as 12345678."
    )

    @model_validator(mode="after")
    def _one_number(self) -> Study:
        if sum(map(bool, (self.doi, self.pmc, self.pubmed))) != 1:
            raise ValueError("a study has exactly one of `doi`, `pmc` and `pubmed`")
        return self

    @property
    def link(self) -> str:
        """Return the address that its number leads to."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmc:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmc}/"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pubmed}/"

    @property
    def number(self) -> str:
        """Return its number as it is cited: enough to find it from paper."""
        return f"doi:{self.doi}" if self.doi else self.pmc or f"PubMed {self.pubmed}"

    @property
    def name(self) -> str:
        """Return what is known of its author, its year and its number."""
        return " ".join(str(part) for part in (self.by, self.year, self.number) if part)


class Support(StrEnum):
    """How research bears on a statement."""

    SUPPORTS = "supports"
    MIXED = "mixed"
    AGAINST = "against"
    NOTHING = "nothing"


class Research(RulebookModel):
    """What research says about some claims, or about an `idea` that is no claim of the article."""

    id: Id = Field(description=SHORT_NAME)
    claims: tuple[Id, ...] = Field(
        default=(), min_length=1, description="The claims that it bears on."
    )
    idea: Line | None = Field(
        default=None,
        description=(
            "Instead of claims: what it bears on, if the article does not say so in one place."
        ),
    )
    bears: Support = Field(
        description="How it bears on them: `supports`, `mixed`, `against` or `nothing` (was found)."
    )
    says: Sentences = Field(description="What research says, in plain words of your own.")
    studies: tuple[Study, ...] = Field(default=(), min_length=1, description="Where it says so.")
    looked: Day | None = Field(
        default=None, description="The day on which nothing was found, such as 2026-11-23."
    )

    def place(self, about: str) -> str:
        """Return its id on the page: a row about two muscle groups stands there twice."""
        return f"{self.id}.{about}"

    @model_validator(mode="after")
    def _keys_that_go_together(self) -> Research:
        if bool(self.claims) == bool(self.idea):
            raise ValueError("a row of research has exactly one of `claims` and `idea`")
        if self.bears is Support.NOTHING and self.looked is None:
            raise ValueError("a row that found nothing needs `looked`: the day of the search")
        if self.bears is not Support.NOTHING and self.looked is not None:
            raise ValueError(f"only a row that found nothing has `looked`; this says {self.bears}")
        if self.bears is not Support.NOTHING and not self.studies:
            raise ValueError("a row that found something names its `studies`")
        return self
