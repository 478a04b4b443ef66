"""The words that say how firmly a statement is put, in each language: firmness.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from questionnaire.rulebook.content import Firmness
from questionnaire.rulebook.yaml_reader import parse_yaml

TABLE = Path(__file__).with_name("firmness.yaml")

Words = dict[Firmness, list[str]]


@cache
def _table() -> dict[str, Words]:
    """Return the words of all languages."""
    data = parse_yaml(TABLE.read_bytes()).data
    assert isinstance(data, dict)  # noqa: S101 - a file of ours
    return {
        language: {Firmness(name): words for name, words in table.items()}
        for language, table in data.items()
    }


def words_of(language: str) -> Words:
    """Return the words of a language, whatever its country; none if nobody listed them."""
    return _table().get(language.split("-")[0], {})


def listed(words: Iterable[str]) -> str:
    """Return words as a person reads them: one that may have any ending ends with an ellipsis."""
    return ", ".join(words).replace("*", "…")


def firmness_in(text: str, language: str) -> set[Firmness]:
    """Return the firmness that the words of a text express, `stated` left aside."""
    return {
        firmness for firmness, words in words_of(language).items() if _pattern(*words).search(text)
    }


@cache
def _pattern(*words: str) -> re.Pattern[str]:
    """Return a pattern of whole words: “peut” does not stand in “peut-être”."""
    listed = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])", re.IGNORECASE)
