"""The guide names every key and command, and its examples are right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from docs import body_map
from questionnaire.authoring.commands import rules
from questionnaire.rulebook.content import (
    BODY_MAP_REGIONS,
    BODY_MAP_SPOTS,
    Advice,
    Article,
    Claim,
    MuscleGroup,
    Notice,
    RulebookModel,
)
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.messages import MODELS, yaml_keys
from questionnaire.rulebook.model import Retired, Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.research import Research, Study
from questionnaire.rulebook.rule import CONDITION_KEYS, Rule
from questionnaire.rulebook.texts import Texts
from tests.conftest import ROOT

GUIDES = ROOT / "docs" / "guides"
GUIDE = (GUIDES / "rulebook.md").read_text("utf-8")
SETTINGS = (GUIDES / "settings.md").read_text("utf-8")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
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


@pytest.mark.parametrize(
    ("part", "key"), [(p, key) for p in MODELS if p != "texts" for key in yaml_keys(MODELS[p])]
)
def test_every_key_has_an_example_in_its_part(part: str, key: str) -> None:
    assert any(key in one for one in in_examples(part))


def test_the_table_of_texts_is_that_of_the_model() -> None:
    table = GUIDE.partition("| id | the neutral sentence |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", table, re.MULTILINE)
    fields = Texts.model_fields.items()
    assert rows == [(name, field.default, field.description) for name, field in fields]


@pytest.mark.parametrize("key", [*yaml_keys(Rulebook), *CONDITION_KEYS])
def test_every_section_and_every_connective_has_an_example(key: str) -> None:
    used = re.compile(rf"(^|[\s{{-]){key}:( |$)", re.MULTILINE)
    assert any(used.search(example) for example in EXAMPLES)


TABLES = re.findall(r"^\| key \| needed \|.*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
DOCUMENTED = [
    (Rulebook, Article),
    (MuscleGroup,),
    (Claim,),
    (Question,),
    (Choice,),
    (Rule,),
    (Notice,),
    (Advice,),
    (Example,),
    (Research, Study),
    (Retired,),
]
"""What the tables of keys are about, in their order."""


@pytest.mark.parametrize(
    ("table", "models"),
    [*zip(TABLES, DOCUMENTED, strict=True)],
    ids=[" ".join(model.__name__ for model in models) for models in DOCUMENTED],
)
def test_the_tables_say_which_keys_are_needed(
    table: str, models: tuple[type[RulebookModel], ...]
) -> None:
    needed = {
        key: cells.split(" | ")[0] == "yes"
        for keys, cells in re.findall(r"^\| (`.+?`) \| (.+)$", table, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", keys)
    }
    fields = {info.alias or name: info for one in models for name, info in one.model_fields.items()}
    own = {*MODELS} if Rulebook in models else set()  # a section has a table of its own
    assert {*needed, *own} >= {*fields}
    required = {key: fields[key].is_required() for key in needed}
    assert needed == required | ({"id": True} if "id" in needed else {})


def test_the_contents_of_the_guide_lead_to_its_parts() -> None:
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", GUIDE), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    linked = re.findall(r"\]\(#([^)]+)\)", GUIDE)
    assert len(linked) == len(re.findall("^## ", FENCED.sub("", GUIDE), re.MULTILINE))
    assert [name for name in linked if name not in anchors] == []


def test_the_picture_of_the_map_is_that_of_the_pages() -> None:
    picture = body_map.PICTURE.read_text("utf-8")
    assert picture == body_map.draw(), "run: make screenshots"
    drawn = {"".join(text.itertext()).strip() for text in ElementTree.fromstring(picture).iter()}  # noqa: S314 - our own
    assert drawn >= BODY_MAP_REGIONS | BODY_MAP_SPOTS


@pytest.mark.parametrize("name", rules.commands)
def test_every_command_and_its_options_are_explained(name: str) -> None:
    assert f"python -m questionnaire {name}" in GUIDE + SETTINGS or f"`{name}`" in GUIDE
    for option in rules.commands[name].params:
        for spelling in option.opts:
            assert not spelling.startswith("--") or f"`{spelling}`" in GUIDE


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_parts_of_a_rulebook(example: str) -> None:
    data = yaml.load(example, Loader=yaml.BaseLoader)  # noqa: S506  # plain text, no objects
    assert set(data) <= set(yaml_keys(Rulebook))
    for section, entries in data.items():
        for entry in entries if isinstance(entries, list) else []:
            assert set(entry) <= set(yaml_keys(MODELS[section]))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_files_that_a_document_links_to_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    links = [*re.findall(r"\]\(([^)]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    files = [link.partition("#")[0] for link in links if not link.startswith("https://")]
    assert [file for file in files if not (document.parent / file).exists()] == []


def test_the_documents_that_other_files_name_are_there() -> None:
    folders = [ROOT / name for name in ("bench", "deploy", "questionnaire", "templates", "tests")]
    sources = [path for folder in folders for path in folder.rglob("*.*") if path.suffix != ".pyc"]
    sources += [path for path in ROOT.iterdir() if path.is_file()]
    text = "".join(path.read_text("utf-8", "replace") for path in sources)
    named = set(re.findall(r"docs/[\w./-]+\.(?:md|yaml|json|png)", text))
    assert named >= {"docs/guides/rulebook.md", "docs/rulebook.schema.json"}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_tests_that_a_document_names_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    named = set(re.findall(r"`(?:tests/(?:\w+/)*)?(test_\w+(?:\.py)?)`", text))
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")}
    functions = re.findall(r"def (test_\w+)", "".join(files.values()))
    assert sorted(named - {*functions, *files}) == []


def test_the_architecture_names_every_module() -> None:
    tree = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("```")[1]
    named = re.findall(r"^ +(\w+\.py) ", tree, re.MULTILINE)
    modules = [path for path in (ROOT / "questionnaire").rglob("*.py") if path.stem[:2] != "__"]
    assert sorted(named) == sorted(["__init__.py", *(path.name for path in modules)])
