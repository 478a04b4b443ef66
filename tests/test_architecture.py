"""A wing of the package imports only wings below it, and no page imports a tool for authors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "questionnaire"
BELOW = {
    "startup": set[str](),
    "text": set[str](),
    "rulebook": {"text"},
    "engine": {"rulebook", "text"},
    "authoring": {"engine", "rulebook", "serving", "startup", "text"},
    "serving": {"text"},
    "squad": {"engine", "rulebook", "text"},
    "web": {"engine", "rulebook", "serving", "squad", "text"},
}
"""The wings that each wing may import."""


def imported_modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_wings(wing: str) -> set[str]:
    """Return the other wings that the modules of a wing import, also within a function."""
    paths = [PACKAGE / f"{wing}.py", *(PACKAGE / wing).rglob("*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in paths if path.exists()]
    names = [name.split(".") for tree in trees for name in imported_modules(tree)]
    return {name[1] for name in names if name[0] == "questionnaire"} - {wing}


def test_every_module_belongs_to_a_wing() -> None:
    names = {path.stem for path in PACKAGE.iterdir() if not path.stem.startswith("__")}
    assert names == set(BELOW)


@pytest.mark.parametrize("wing", BELOW)
def test_a_wing_imports_only_wings_below_it(wing: str) -> None:
    assert imported_wings(wing) <= BELOW[wing]


@pytest.mark.parametrize(
    ("folder", "other", "shared"), [("tests", "bench", ()), ("bench", "tests", ("tests.support",))]
)
def test_tests_and_bench_share_only_the_helpers(
    folder: str, other: str, shared: tuple[str, ...]
) -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / folder).rglob("*.py")]
    names = {name for tree in trees for name in imported_modules(tree)}
    assert {name for name in names if name.split(".")[0] == folder}
    assert not {n for n in names if n.split(".")[0] == other and not n.startswith(shared)}
