"""Say what is wrong in the form of a rulebook in the words of the file, and not of pydantic."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any, get_args

from questionnaire.rulebook import content, model, question, research
from questionnaire.rulebook import quotation_marks as marks
from questionnaire.rulebook.content import RulebookModel
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.references import referred_section
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.suggestions import did_you_mean, nearest, noun_of, to_id
from questionnaire.rulebook.texts import Texts
from questionnaire.rulebook.yaml_reader import YamlDocument, YamlPath


def _nested_models(kind: type[RulebookModel]) -> Iterator[tuple[str, type[RulebookModel]]]:
    """Yield the model of each part within a kind of part, by the key that holds it."""
    for key, field in kind.model_fields.items():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, RulebookModel):
                yield key, part
                yield from _nested_models(part)


MODELS = dict(_nested_models(Rulebook))
"""The models of the sections of the file and of the lists in their entries, by key."""

_NOUNS: dict[type[RulebookModel], str] = {
    Rulebook: "the rulebook itself",
    content.Article: "the article",
    content.MuscleGroup: "a muscle group",
    content.Claim: "a claim",
    question.Question: "a question",
    question.Choice: "a choice",
    content.Notice: "a notice",
    content.Advice: "an advice",
    Rule: "a rule",
    Example: "an example",
    research.Research: "a row of research",
    research.Study: "a study",
    Texts: "the texts",
    model.Retired: "a retired choice",
}
_EXPECTED = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list in [ ]",
    "dict_type": "expected `question: choice`",
    "model_type": "expected keys and values",
    "date_from_datetime_parsing": "expected a date such as 2017-03-09",
    "greater_than_equal": "expected a number from {ge} up",
    "less_than_equal": "expected a number up to {le}",
    "enum": "expected {expected}",
    "literal_error": "expected {expected}",
}
"""What a value should be, by the type of pydantic's error."""
_PATTERNS = {
    content.ID: "an id has small letters, digits and single hyphens between them",
    content.PLAIN: "expected plain text, without < and > and in one paragraph",
    content.LINK: "expected an address that starts with https://",
    content.LANGUAGE: "expected the tag of a language, such as en or pt-BR",
    content.REF: "expected a capital letter and a number, such as G5",
    research.DOI: "expected a DOI such as 10.1234/abc.567, without the address before it",
    research.PMC: "expected a PMC number such as PMC1234567",
}


def yaml_keys(kind: type[RulebookModel]) -> list[str]:
    """Return the keys of a kind of part as the file writes them."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def owner_of(path: YamlPath) -> type[RulebookModel]:
    """Return the model of the part that holds the last key of a path."""
    owners = [MODELS[str(step)] for step in path[:-1] if str(step) in MODELS]
    return owners[-1] if owners else Rulebook


def misnamed_keys(errors: list[Any]) -> dict[YamlPath, str]:
    """Return the paths of the unknown keys that stand for one that is missing, with its name."""
    meant: dict[YamlPath, str] = {}
    for path in (error["loc"] for error in errors if error["type"] == "extra_forbidden"):
        missing = [
            error["loc"][-1]
            for error in errors
            if error["type"] == "missing" and error["loc"][:-1] == path[:-1]
        ]
        known = any(path[-1] in yaml_keys(kind) for kind in _NOUNS)
        only = missing[0] if len(missing) == 1 and not known else None
        if missing == ["choices"] and path[-1] == "answers":
            only = "choices"
        if name := nearest(str(path[-1]), missing) or only:
            meant[path] = name
    return meant


def without_consequences(errors: list[Any], meant: dict[YamlPath, str]) -> Iterator[Any]:
    """Yield the errors without those of keys that another error explains."""
    explained = {(*path[:-1], name) for path, name in meant.items()}
    torn = {e["loc"][:-1] for e in errors if e["type"] == "extra_forbidden" and e["input"] is None}
    for error in errors:
        path, kind = error["loc"], error["type"]
        empty = kind == "string_type" and error["input"] is None and path[:-1] in torn
        if not empty and (kind != "missing" or path not in explained):
            yield error


def report_error(document: YamlDocument, error: Any, meant: str | None = None) -> None:
    """Report one of pydantic's errors at its position, in the words of the file.

    The key that an unknown one was meant to be is given if it is missing.
    """
    path, value = error["loc"], error["input"]
    match error["type"]:
        case "too_short" if len(value) >= error["ctx"]["min_length"]:
            pass  # long enough, but for entries that are wrong themselves
        case "extra_forbidden":
            path = document.nearest_path(path)
            position = document.keys.get(path) or document.position(path)
            document.add(position, _unknown_key(document, path, value, meant))
        case "missing":
            document.report(path, f'the key "{path[-1]}" is missing')
        case "value_error":
            message = str(error["ctx"]["error"])
            quoted = f'"{value}"' in message
            document.report(path, marks.with_remedy(message, value) if quoted else message)
        case "string_pattern_mismatch":
            document.report(path, _wrong_text(document, path, error))
        case _:
            document.report(path, _wrong_value(error) + _required_keys(path, error))


def _unknown_key(document: YamlDocument, path: YamlPath, value: object, meant: str | None) -> str:
    """Return a message about a key that its part does not have, and where it belongs."""
    name, owner = str(path[-1]), owner_of(path)
    if value is None and (found := re.fullmatch(r"(\w+)\s*=\s*(.+)", name)):
        return f'write "{found[1]}: {found[2]}", with a colon'
    if value is None and (before := _empty_key_before(document, path)):
        return f'write "{before}: {name}", with a colon'
    if meant:
        return f'unknown key "{name}": write "{meant}", which is missing here'
    if value is None:
        return f'unknown key "{name}": a text with a comma in it needs quotes between {{ }} and [ ]'
    owners = [noun for kind, noun in _NOUNS.items() if name in yaml_keys(kind)]
    if owners and not difflib.get_close_matches(name, yaml_keys(owner), n=1):
        where = f"{_NOUNS[owner]} has no such key; it belongs to {' or '.join(owners)}"
        return f'unknown key "{name}": {where}: is this line indented rightly?'
    others = [key for key in yaml_keys(owner) if (*path[:-1], key) not in document.keys]
    return did_you_mean("key", name, others or yaml_keys(owner), "unknown ")


def _empty_key_before(document: YamlDocument, path: YamlPath) -> str | None:
    """Return the key before another if it has no value either."""
    part: Any = document.data
    for step in path[:-1]:
        part = part[step]
    keys = list(part)
    before = keys[keys.index(path[-1]) - 1]
    return str(before) if part[before] is None and keys.index(path[-1]) else None


def _required_keys(path: YamlPath, error: Any) -> str:
    """Return how an entry is written that is a text in the file, or nothing for other errors."""
    if error["type"] != "model_type" or not isinstance(error["input"], str) or len(path) < 2:
        return ""
    fields = MODELS[str(path[-2])].model_fields
    keys = [f"{name}: ..." for name, field in fields.items() if field.is_required()]
    return f": write {{{', '.join(keys)}}}"


def _wrong_value(error: Any) -> str:
    """Return what a value should be and is not."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    match kind:
        case "string_too_long":
            limit = context["max_length"]
            message = f"this text is too long: {len(value)} characters, and {limit} fit"
            return marks.with_remedy(message, value) if marks.is_in_marks(value) else message
        case "too_short" | "too_long" if isinstance(value, dict):
            return f"expected one `question: choice`, not {len(value)}"
        case "too_short" if error["loc"][-1] == "choices" and context["min_length"] == 2:
            return f"a question needs two choices or more, not {len(value)}"
        case "date_from_datetime_parsing" if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            return f"there is no such day as {value}: write year-month-day"
        case "too_short":
            return f"expected at least {context['min_length']} in this list, not {len(value)}"
    if kind not in _EXPECTED:
        return str(error["msg"]).lower().removeprefix("input ")
    expected = _EXPECTED[kind].format(**context).replace("'", '"')
    return _wrong_type(kind, expected, value, is_id=value is True and error["loc"][-1] in _IDS)


_IDS = ("id", "exclusive", "about", "raises", "shows", "for")


def _wrong_type(kind: str, expected: str, value: object, *, is_id: bool) -> str:
    """Return what was expected in place of a value, and whether it lacks or needs no quotes."""
    if value is None:
        return f"{expected}: nothing stands here"
    message = f"{expected}, not {_as_yaml(value)}"
    if kind in ("enum", "literal_error"):
        return marks.with_remedy(message, value)
    if kind == "string_type" and isinstance(value, (bool, int)):
        return "expected an id, not true" if is_id else f"{message}: put it in quotes"
    if kind in ("int_type", "bool_type") and isinstance(value, str):
        bare = marks.without(value)
        if bare.isdecimal() and str(int(bare)) != bare:
            return f"{message}: write {int(bare)}"
        if bare.isdecimal() or bare in ("true", "false"):
            return f"{message}: write it without quotes"
    if kind == "tuple_type" and isinstance(value, str) and "," not in value:
        return f"{message}: write [{value.strip('()')}]"
    if kind == "tuple_type" and isinstance(value, dict):
        return f"{message}: write - before each entry, or [ ] around them"
    if kind == "string_type" and isinstance(value, list):
        return f"{message}: {'take out the [ ]' if len(value) == 1 else 'only one fits here'}"
    return message


def _wrong_text(document: YamlDocument, path: YamlPath, error: Any) -> str:
    """Return what a text should look like, and what is wrong in it."""
    pattern, value = error["ctx"]["pattern"], error["input"]
    if pattern == content.PLAIN:
        return _not_plain(value, literal=document.starts_with("|", path))
    expected = f"{_PATTERNS[pattern]}, not {_as_yaml(value)}"
    if pattern == content.LINK and " " in value:
        return f"an address has no spaces: {_as_yaml(value)}"
    if pattern == content.ID:
        if section := referred_section(path):
            return _wrong_reference(document, section, value, expected)
        near = to_id(value)
        expected += f'; did you mean "{near}"?' if near else ""
    return marks.with_remedy(expected, value)


def _not_plain(value: str, *, literal: bool) -> str:
    """Return what no text may hold and this one does."""
    found = re.search(f"[{content.UNFIT}]", value)
    if not found:
        return f"{_PATTERNS[content.PLAIN]}: nothing stands here"
    wrong = found[0]
    if wrong == "\n":
        remedy = "write > instead of |" if literal else "take out the empty line, or \\n"
        return f"expected one paragraph: {remedy}"
    invisible = f"the invisible U+{ord(wrong):04X}: take it out"
    shown = invisible if wrong >= "\x7f" else _as_yaml(wrong)
    return f"{_PATTERNS[content.PLAIN]}: here is {shown}"


_WORDS = ("name", "title", "action", "text", "says")
"""The keys of the words that an author may take for the id of their entry."""


def _wrong_reference(document: YamlDocument, section: str, value: str, expected: str) -> str:
    """Return a message about a reference that is no id: whose words it is, or the nearest id."""
    listed = document.data.get(section) if isinstance(document.data, dict) else None
    entries = [entry for entry in listed or () if isinstance(entry, dict) and "id" in entry]
    for entry in entries:
        for key in _WORDS:
            if str(entry.get(key)).casefold() == value.strip().casefold():
                whose = f'that is the {key} of "{entry["id"]}"'
                return f'there is no {noun_of(section)} "{value}"; {whose}'
    parts = re.split(r"\s*;\s*|\s+(?:and\s+)?", value)
    if set(parts) <= {str(entry["id"]) for entry in entries}:
        return f"put a comma between these: [{', '.join(parts)}]"
    near = difflib.get_close_matches(to_id(value), [str(entry["id"]) for entry in entries], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return marks.with_remedy(expected + hint, value)


def _as_yaml(value: object) -> str:
    """Return a value as the file could write it."""
    if isinstance(value, dict):
        return "keys and values"
    return "a list" if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
