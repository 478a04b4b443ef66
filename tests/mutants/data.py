"""The promises that `make mutants` breaks, each an edit of one place in one file.

A file of this folder has them for one part of the project. `harmless` says why nobody is worse off
although no test notices; such an edit is listed and not tried.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent


class Mutant(BaseModel):
    """An edit that breaks a promise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    promise: str
    old: str
    new: str
    harmless: str = ""
    file: str = ""
    tests: tuple[str, ...] = ()


class MutantsOfFile(BaseModel):
    """The edits of one file, and the tests that must notice those that name none."""

    model_config = ConfigDict(extra="forbid")

    file: str
    tests: tuple[str, ...] = ()
    breaks: tuple[Mutant, ...]


def mutants() -> list[Mutant]:
    """Return the edits of every file, each with its tests."""
    texts = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    files = [
        MutantsOfFile.model_validate(entry) for text in texts for entry in yaml.safe_load(text)
    ]
    return [
        one.model_copy(update={"file": group.file, "tests": one.tests or group.tests})
        for group in files
        for one in group.breaks
    ]
