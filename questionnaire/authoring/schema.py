"""The JSON Schema of a rulebook, as authors write it: editors complete and underline by it."""

from __future__ import annotations

from typing import Any

from questionnaire.rulebook.content import BODY_MAP_REGIONS
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import CONNECTIVES

KEYS = {
    "Rulebook": {
        "id": "Permanent: old results links name it.",
        "title": "The heading of every page.",
        "subtitle": "One line under the heading.",
        "article": "The published article that every claim comes from.",
        "muscle_groups": "What the claims are about, and what the results page names.",
        "claims": "Every statement of the article, in your own words.",
        "questions": "What a runner is asked, in this order.",
        "notices": "Safety texts: what to do and how soon.",
        "advice": "Texts that a rule can show.",
        "rules": "What follows from which answers.",
        "research": "What newer research says about the claims; it changes no result.",
        "retired": "Choices that are no longer asked; their keys are never used again.",
    },
    "Article": {
        "title": "The title of the article.",
        "site": "Where it was published.",
        "link": "Its address, with https://.",
        "published": "The year.",
        "updated": "The date of its last change, such as 2017-10-27.",
    },
    "MuscleGroup": {
        "id": "A short name: small letters, digits and hyphens.",
        "name": "The name that runners read.",
        "place": "Where these muscles are, in a sentence.",
        "role": "What they do, in a sentence.",
        "advises": "What the article advises for them, one sentence each.",
        "omits": "What the article does not say about them, one sentence each.",
        "region": "Their part of the body map; leave it out if the map does not draw them.",
    },
    "Claim": {
        "id": "A short name: small letters, digits and hyphens.",
        "ref": "Its number in your reading of the article, such as G5.",
        "about": "The muscle group that it is about, or `all`.",
        "kind": "Only a `link` counts in a result; the others explain or advise.",
        "firmness": "How firmly the article puts a link; only links have it.",
        "says": "The statement in your own words.",
    },
    "Question": {
        "id": "A short name: small letters, digits and hyphens.",
        "text": "The question.",
        "hint": "A line of help under it.",
        "pick": "How many answers it takes: `one` or `several`.",
        "required": "Whether it must be answered.",
        "exclusive": "The choice that excludes all others, such as “None of these”.",
        "asked_if": "The earlier question that it follows up.",
        "preset": "Whether a coach who shares the form may tick its answers beforehand.",
        "choices": "The answers that it offers.",
    },
    "Choice": {
        "id": "A short name: small letters, digits and hyphens.",
        "key": "Permanent: a number used once in the whole file, and never again.",
        "text": "The answer as the form offers it.",
        "said": "The answer as the results page repeats it, if `text` needs its question.",
        "neutral": "Says that no rule is meant to use it.",
    },
    "Notice": {
        "id": "A short name: small letters, digits and hyphens.",
        "kind": "`stop` replaces the result, `caution` stands above it.",
        "urgency": "How soon to act; the most urgent stand first.",
        "action": "What to do, in one line.",
        "text": "What else to know.",
    },
    "Advice": {
        "id": "A short name: small letters, digits and hyphens.",
        "place": "Before the muscle groups (`opening`) or after them (`closing`).",
        "title": "A heading, for a box of its own.",
        "text": "The text.",
    },
    "Rule": {
        "when": "The condition: `question: choice`, or all, any or not of conditions.",
        "cites": "The links that count if it holds.",
        "raises": "The notice that it raises.",
        "shows": "The advice that it shows.",
        "for": "The muscle group under which `shows` puts its advice.",
    },
    "Research": {
        "id": "A short name: small letters, digits and hyphens.",
        "claims": "The claims that it bears on.",
        "idea": "Instead of claims: what it bears on, if the article does not say so in one place.",
        "bears": "How it bears on them: `supports`, `mixed`, `against` or `nothing` (was found).",
        "says": "What research says, in plain words of your own.",
        "studies": "Where it says so.",
        "looked": "The day on which nothing was found, such as 2026-11-23.",
    },
    "Study": {
        "by": "The first author; leave it out if you did not look it up.",
        "year": "The year.",
        "doi": "Its DOI, such as 10.1234/abc.567.",
        "pmc": "Or its number in PMC, such as PMC1234567.",
        "pubmed": "Or its number in PubMed, such as 12345678.",
    },
    "Retired": {
        "key": "The key that the choice had.",
        "question": "The question it belonged to, in words.",
        "text": "The answer in words.",
    },
}
"""What an editor says about each key."""

_HAS = {
    "description": "`question: choice`, or `question: [choices]` if one of several is enough.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"not": {"enum": list(CONNECTIVES)}},
    "additionalProperties": {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        ]
    },
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a rulebook."""
    made = Rulebook.model_json_schema()
    parts = {**made["$defs"], "Rulebook": made}
    parts["Has"].clear()
    parts["Has"].update(_HAS)
    for part, keys in KEYS.items():
        for key, description in keys.items():
            parts[part]["properties"][key]["description"] = description
    _plain(made)
    _between_keys(made["$defs"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _between_keys(parts: dict[str, Any]) -> None:
    """Add what one key of a part asks of another, and the names that are known beforehand."""
    parts["MuscleGroup"]["properties"]["region"] = {
        "description": KEYS["MuscleGroup"]["region"],
        "enum": sorted(BODY_MAP_REGIONS),
    }
    link = {"properties": {"kind": {"const": "link"}}}
    parts["Claim"] |= {
        "if": link,
        "then": {"required": ["firmness"]},
        "else": {"not": {"required": ["firmness"]}},
    }
    one = {"properties": {"pick": {"const": "one"}}}
    parts["Question"] |= {"if": one, "then": {"not": {"required": ["exclusive"]}}}
    parts["Rule"]["dependentRequired"] = {"for": ["shows"]}
    parts["Rule"]["properties"]["cites"] |= {"uniqueItems": True}
    parts["Rule"]["oneOf"] = [{"required": [key]} for key in ("cites", "raises", "shows")]
    parts["Research"] |= {
        "oneOf": [{"required": ["claims"]}, {"required": ["idea"]}],
        "if": {"properties": {"bears": {"const": "nothing"}}},
        "then": {"required": ["looked"]},
        "else": {"required": ["studies"], "not": {"required": ["looked"]}},
    }
    parts["Research"]["properties"]["claims"] |= {"uniqueItems": True}
    parts["Study"]["oneOf"] = [{"required": [key]} for key in ("doi", "pmc", "pubmed")]


def _plain(node: Any) -> None:
    """Take out the titles, which repeat the keys, and null, which no author writes."""
    if isinstance(node, list):
        for one in node:
            _plain(one)
        return
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    if node.get("default", 0) is None:
        del node["default"]
    options = node.get("anyOf", [])
    if {"type": "null"} in options:
        del node["anyOf"]
        node.update(next(one for one in options if one != {"type": "null"}))
    for one in node.values():
        _plain(one)
