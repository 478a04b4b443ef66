"""What pydantic finds wrong with the structure of a rulebook, in the words of the file."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from questionnaire.rulebook import content, model, rule
from questionnaire.rulebook import quotation_marks as marks
from questionnaire.rulebook.yaml_reader import Source, Steps

PARTS: dict[str, type[BaseModel]] = {
    "article": content.Article,
    "muscle_groups": content.MuscleGroup,
    "claims": content.Claim,
    "questions": model.Question,
    "notices": content.Notice,
    "advice": content.Advice,
    "rules": rule.Rule,
    "research": content.Research,
    "retired": model.Retired,
}
"""What the sections of the file hold."""

INNER: dict[str, type[BaseModel]] = {"choices": model.Choice, "studies": content.Study}
"""What the lists within their entries hold."""

BOOLS = ("true", "false")

_NOUNS: dict[type[BaseModel], str] = {
    model.Rulebook: "the rulebook itself",
    content.Article: "the article",
    content.MuscleGroup: "a muscle group",
    content.Claim: "a claim",
    model.Question: "a question",
    model.Choice: "a choice",
    content.Notice: "a notice",
    content.Advice: "an advice",
    rule.Rule: "a rule",
    content.Research: "a row of research",
    content.Study: "a study",
    model.Retired: "a retired choice",
}
_EXPECTED = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list in [ ]",
    "model_type": "expected keys and values",
    "date_from_datetime_parsing": "expected a date such as 2017-10-27",
    "date_type": "expected a date such as 2017-10-27",
    "greater_than_equal": "expected a number from {ge} up",
    "less_than_equal": "expected a number up to {le}",
    "enum": "expected {expected}",
    "literal_error": "expected {expected}",
}
_PATTERNS = {
    content.ID: "an id has small letters, digits and single hyphens between them",
    content.PLAIN: "expected plain text, without < and > and in one paragraph",
    content.LINK: "expected an address that starts with https://",
    content.REF: "expected a capital letter and a number, such as G5",
    content.DOI: "expected a DOI such as 10.1234/abc.567, without the address before it",
    content.PMC: "expected a PMC number such as PMC1234567",
}


def report(source: Source, wrong: Any) -> None:
    """Report one of pydantic's errors at its place in the file."""
    steps, kind, context = wrong["loc"], wrong["type"], wrong.get("ctx", {})
    if kind == "too_short" and len(wrong["input"]) >= context["min_length"]:
        return  # long enough, but for entries that are wrong themselves
    if kind == "extra_forbidden":
        source.report(source.known(steps), _stray(steps, wrong["input"]), at_key=True)
    elif kind == "missing":
        source.report(steps, f'the key "{steps[-1]}" is missing')
    elif kind == "value_error":
        message, value = str(context["error"]), wrong["input"]
        told = marks.with_remedy(message, value) if f'"{value}"' in message else message
        source.report(steps, told)
    else:
        source.report(steps, _unfit(kind, context, wrong))


def unknown(noun: str, name: str, known: Iterable[str], before: str = "there is no ") -> str:
    """Return a message about a name that nothing has, with the nearest one that something has."""
    near = difflib.get_close_matches(marks.without(name), sorted(known), n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return marks.with_remedy(f'{before}{noun} "{name}"{hint}', name)


def keys(kind: type[BaseModel]) -> list[str]:
    """Return the keys of a kind of part as the file writes them."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def holder(steps: Steps) -> type[BaseModel]:
    """Return the kind of part that holds the key to which these steps lead."""
    if len(steps) == 1:
        return model.Rulebook
    inner = steps[2] if len(steps) > 4 else None
    return INNER.get(str(inner)) or PARTS[str(steps[0])]


def _stray(steps: Steps, value: object) -> str:
    """Return where a key belongs that does not belong here."""
    name = str(steps[-1])
    if value is None:
        return f'unknown key "{name}": a text with a comma in it needs quotes between {{ }} and [ ]'
    here = holder(steps)
    owners = [noun for owner, noun in _NOUNS.items() if name in keys(owner)]
    if owners and not difflib.get_close_matches(name, keys(here), n=1):
        where = f"{_NOUNS[here]} has no such key; it belongs to {' or '.join(owners)}"
        return f'unknown key "{name}": {where}: is this line indented rightly?'
    return unknown("key", name, keys(here), "unknown ")


def _unfit(kind: str, context: Any, wrong: Any) -> str:
    """Return what a value should be and is not."""
    value = wrong["input"]
    match kind:
        case "string_pattern_mismatch":
            return _unlike(context["pattern"], value)
        case "string_too_long":
            told = (
                f"this text is too long: {len(value)} characters, and {context['max_length']} fit"
            )
            return marks.with_remedy(told, value) if marks.is_in_marks(value) else told
        case "too_short":
            return f"expected at least {context['min_length']} in this list, not {len(value)}"
    if kind not in _EXPECTED:
        return str(wrong["msg"]).lower().removeprefix("input ")
    expected = _EXPECTED[kind].format(**context).replace("'", '"')
    if value is None:
        return f"{expected}: nothing stands here"
    quotes = ""
    if kind == "string_type" and type(value) in (bool, int):
        quotes = ": put it in quotes"
    elif kind in ("int_type", "bool_type") and isinstance(value, str):
        bare = marks.without(value)
        quotes = ": write it without quotes" if bare.isdecimal() or bare in BOOLS else ""
    elif kind in ("enum", "literal_error"):
        return marks.with_remedy(f"{expected}, not {_shown(value)}", value)
    return f"{expected}, not {_shown(value)}{quotes}"


def _unlike(pattern: str, value: str) -> str:
    expected = _PATTERNS[pattern]
    if pattern == content.PLAIN:
        found = re.search(f"[{content.UNFIT}]", value)
        if not found:
            return f"{expected}: nothing stands here"
        wrong = found[0]
        here = f"the invisible U+{ord(wrong):04X}" if wrong >= "\x7f" else _shown(wrong)
        return f"{expected}: here is {here}"
    near = meant_id(value)
    hint = f'; did you mean "{near}"?' if pattern == content.ID and near else ""
    return marks.with_remedy(f"{expected}, not {_shown(value)}{hint}", value)


def meant_id(text: str) -> str:
    """Return the id that a text was probably meant to be."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _shown(value: object) -> str:
    match value:
        case dict():
            return "keys and values"
        case list():
            return "a list"
    return json.dumps(value, ensure_ascii=False)
