"""The catalogues have every sentence of the pages, with the placeholders and tags of each."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.conftest import ROOT

PATHS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/messages.po"))
FIXED = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")
"""What a translation keeps: placeholders and tags."""

KEYWORDS = {"_": None, "Message": None, "gettext": None, "gettext_noop": None}
KEYWORDS |= {"ngettext": (1, 2), "pgettext": ((1, "c"), 2)}  # type: ignore[dict-item]


def forms(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The forms of a sentence: one, or one for each plural."""
    return [words] if isinstance(words, str) else [*(words or ())]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def sentences() -> set[tuple[object, object]]:
    """The context and the English words of every sentence in templates and code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    methods = [(one["pattern"], one["method"]) for one in settings["mappings"]]
    found = extract_from_dir(ROOT, methods, keywords=KEYWORDS, directory_filter=lambda _: True)
    return {(context, words) for _, _, words, _, context in found}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_every_sentence_and_no_other(path: Path) -> None:
    assert {(one.context, one.id) for one in read(path) if one.id} == sentences()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_placeholders_and_tags(path: Path) -> None:
    for one in read(path):
        originals, texts = forms(one.id), forms(one.string)
        if one.id and any(texts):
            wanted = {*FIXED.findall(originals[-1])}
            for text in texts[1:] or texts:
                assert {*FIXED.findall(text)} == wanted, one.id


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parts[-3])
def test_a_catalogue_is_whole_or_has_not_been_started(path: Path) -> None:
    texts = [forms(one.string) for one in read(path)]
    said = [all(text) for text in texts[1:]]  # the first has what is known of the catalogue
    assert all(said) or not any(said)
    assert not any(one.fuzzy for one in [*read(path)][1:])
