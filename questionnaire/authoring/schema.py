"""The JSON Schema of a rulebook: with it an editor completes keys and underlines mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from questionnaire.rulebook.content import BODY_MAP_REGIONS, BODY_MAP_SPOTS
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import CONDITION_KEYS

JsonSchema = dict[str, Any]

ANSWER_IS: JsonSchema = {
    "description": "`question: choice`, or `question: [choices]` if one of several is enough.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"not": {"enum": list(CONDITION_KEYS)}},
    "additionalProperties": {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        ]
    },
}
"""The condition on one question as authors write it; the model reads it into two fields."""


def schema() -> JsonSchema:
    """Return the JSON Schema of a rulebook."""
    rulebook = Rulebook.model_json_schema()
    definitions: dict[str, JsonSchema] = rulebook["$defs"]
    definitions["AnswerIs"] = ANSWER_IS
    _simplify(rulebook)
    _add_names(definitions["MuscleGroup"], "region", BODY_MAP_REGIONS)
    _add_names(definitions["Choice"], "spot", BODY_MAP_SPOTS)
    _add_rules_between_keys(definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **rulebook}


def _simplify(node: Any) -> None:
    """Remove titles, which repeat the keys, and null, which no author writes."""
    match node:
        case dict():
            _remove_title_and_null(node)
            children = list(node.values())
        case list():
            children = node
        case _:
            return
    for child in children:
        _simplify(child)


def _remove_title_and_null(node: JsonSchema) -> None:
    if isinstance(node.get("title"), str):  # a key may be called "title" as well
        del node["title"]
    if node.get("default", 0) is None:
        del node["default"]
    options = node.get("anyOf", [])
    if {"type": "null"} in options:
        del node["anyOf"]
        node.update(next(option for option in options if option != {"type": "null"}))


def _add_names(definition: JsonSchema, key: str, names: Iterable[str]) -> None:
    """Replace the pattern of a key by the names of the body map that it can have."""
    properties = definition["properties"]
    description = properties[key]["description"]
    properties[key] = {"description": description, "enum": sorted(names)}


def _add_rules_between_keys(definitions: dict[str, JsonSchema]) -> None:
    """Add what the validators of the models check: which keys go together, and which do not."""
    definitions["Claim"] |= {
        "if": {"properties": {"kind": {"const": "link"}}},
        "then": {"required": ["firmness"]},
        "else": {"not": {"required": ["firmness"]}},
    }
    definitions["Question"] |= {
        "if": {"properties": {"pick": {"const": "one"}}},
        "then": {"not": {"required": ["exclusive"]}},
    }
    definitions["Notice"] |= {
        "if": {"properties": {"private": {"const": True}}, "required": ["private"]},
        "then": {"properties": {"kind": {"const": "caution"}}},
    }
    definitions["Rule"]["dependentRequired"] = {"for": ["shows"]}
    definitions["Rule"]["properties"]["cites"] |= {"uniqueItems": True}
    definitions["Rule"]["oneOf"] = [{"required": [key]} for key in ("cites", "raises", "shows")]
    definitions["Example"]["anyOf"] = [
        {"required": [key]} for key in ("muscle_groups", "notices", "advice", "never")
    ]
    definitions["Research"] |= {
        "oneOf": [{"required": ["claims"]}, {"required": ["idea"]}],
        "if": {"properties": {"bears": {"const": "nothing"}}},
        "then": {"required": ["looked"]},
        "else": {"required": ["studies"], "not": {"required": ["looked"]}},
    }
    definitions["Research"]["properties"]["claims"] |= {"uniqueItems": True}
    definitions["Study"]["oneOf"] = [{"required": [key]} for key in ("doi", "pmc", "pubmed")]
