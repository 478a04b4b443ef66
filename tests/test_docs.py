"""The guide names every key and command, and its examples are right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from questionnaire.authoring.commands import rules
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import CONNECTIVES
from questionnaire.rulebook.structure import INNER, PARTS, keys
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "rulebook.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
WHOLE: dict[str, type[BaseModel]] = {**INNER, **PARTS}
WITHIN = {"choices": "questions", "studies": "research"}


def in_examples(section: str) -> list[dict[str, object]]:
    """The parts of this section that the examples show, choices and studies from within others."""
    books = [yaml.load(one, Loader=yaml.BaseLoader) for one in EXAMPLES]  # noqa: S506
    if section in WITHIN:
        whole = in_examples(WITHIN[section])
        return [part for one in whole for part in as_list(one.get(section, []))]
    return [one for book in books for one in as_list(book.get(section, []))]


def as_list(entries: Any) -> list[dict[str, object]]:
    return entries if isinstance(entries, list) else [entries]


@pytest.mark.parametrize(("part", "key"), [(p, key) for p in WHOLE for key in keys(WHOLE[p])])
def test_every_key_has_an_example_in_its_part(part: str, key: str) -> None:
    assert any(key in one for one in in_examples(part))


@pytest.mark.parametrize("key", [*keys(Rulebook), *CONNECTIVES])
def test_every_section_and_every_connective_has_an_example(key: str) -> None:
    used = re.compile(rf"(^|[\s{{-]){key}:( |$)", re.MULTILINE)
    assert any(used.search(example) for example in EXAMPLES)


@pytest.mark.parametrize("name", rules.commands)
def test_every_command_and_its_options_are_explained(name: str) -> None:
    assert f"python -m questionnaire {name}" in GUIDE + SETTINGS or f"`{name}`" in GUIDE
    for option in rules.commands[name].params:
        for spelling in option.opts:
            assert not spelling.startswith("--") or f"`{spelling}`" in GUIDE


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_parts_of_a_rulebook(example: str) -> None:
    data = yaml.load(example, Loader=yaml.BaseLoader)  # noqa: S506  # plain text, no objects
    assert set(data) <= set(keys(Rulebook))
    for section, entries in data.items():
        for entry in entries if isinstance(entries, list) else []:
            assert set(entry) <= set(keys(PARTS[section]))


def test_the_files_it_links_to_are_there() -> None:
    for target in re.findall(r"\]\((?!https)([^)]+)\)", GUIDE):
        assert (ROOT / "docs" / Path(target)).exists()
