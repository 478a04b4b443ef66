"""Find where the name of a section was forgotten, so that its entries stand in the one before."""

from __future__ import annotations

from typing import Any

from questionnaire.rulebook.messages import MODELS, yaml_keys
from questionnaire.rulebook.references import SECTIONS
from questionnaire.rulebook.yaml_reader import YamlDocument


def report_missing_heading(document: YamlDocument) -> bool:
    """Report the first entry that is one of a section which the file lacks; return True if any."""
    data: Any = document.data
    sections = [name for name in SECTIONS if isinstance(data, dict) and name in data]
    for section in sections:
        for n, entry in enumerate(data[section] if isinstance(data[section], list) else ()):
            meant = _section_of(entry)
            if meant and meant not in data and not _fits(entry, section):
                line, _ = document.position((section, n))
                message = f"from here the entries look like those of `{meant}`: is the line"
                document.report((section, n), f"{message} `{meant}:` missing above line {line}?")
                return True
    return False


def _section_of(entry: object) -> str | None:
    """Return the section that all keys of an entry belong to, none of which it lacks."""
    return next((name for name in SECTIONS if _fits(entry, name) and _is_whole(entry, name)), None)


def _fits(entry: object, section: str) -> bool:
    return isinstance(entry, dict) and set(yaml_keys(MODELS[section])) >= set(entry)


def _is_whole(entry: Any, section: str) -> bool:
    fields = MODELS[section].model_fields.items()
    return {field.alias or name for name, field in fields if field.is_required()} <= set(entry)
