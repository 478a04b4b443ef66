"""What every part of a rulebook is made of: short words, plain sentences, keys and days."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MAX_KEY = 4095
"""The highest permanent key: it bounds the length of a results code."""

BODY_MAP_REGIONS = frozenset({"calves", "core", "glutes", "hamstrings", "quads"})
"""The regions that static/body.svg draws: the values that `region` of a muscle group can have."""

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


def _written_as_a_date(value: object) -> object:
    if not isinstance(value, str):  # or a number would be read as seconds
        raise ValueError("expected a date such as 2017-10-27")
    if not re.fullmatch(DAY, value):
        raise ValueError(f'expected a date such as 2017-10-27, not "{value}"')
    return value


SHORT_NAME = "A short name: small letters, digits and hyphens."
"""How an editor describes the key `id`."""

Id = Annotated[str, StringConstraints(pattern=ID, max_length=40)]
Line = Annotated[str, StringConstraints(pattern=PLAIN, max_length=140, strip_whitespace=True)]
Sentences = Annotated[str, StringConstraints(pattern=PLAIN, max_length=400, strip_whitespace=True)]
Key = Annotated[int, Field(strict=True, ge=0, le=MAX_KEY)]
Flag = Annotated[bool, Field(strict=True)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]
Day = Annotated[date, BeforeValidator(_written_as_a_date)]


class Part(BaseModel):
    """One part of rules.yaml: frozen, and without unknown keys."""

    # Built once, with the whole: else each class builds anew what is in it, and the start waits.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __hash__(self) -> int:
        """Return the hash of its id, if it has one: pydantic's takes ten times as long."""
        return hash(self.__dict__.get("id"))
