"""Texts that are no texts yet, that a comma or a quotation mark cut, or that stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaire.authoring.condition_checks import HABIT, Flaw
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import Choice, Question
from questionnaire.rulebook.texts import without_placeholders
from questionnaire.rulebook.yaml_reader import YamlDocument, YamlPath

STARTER = Path(__file__).with_name("starter.yaml")

TEXTS = frozenset(
    {
        *("title", "subtitle", "site", "name", "place", "role", "advises", "omits", "phrase"),
        *("step", "ask", "says", "text", "said", "hint", "list", "short", "action", "idea"),
        *("question", "by"),
    }
)
"""The keys of texts, wherever they stand."""

_NO_TEXTS = frozenset({"rules", "examples"})
"""The keys of sections that name things and say nothing."""

_STAND_IN = re.compile(
    r"(?<!\w)(?:TODO|TBD|TBC|FIXME|XXX+|xxx+|\?\?\?+|[Ll]orem ipsum)(?!\w)"
    r"|\{+[^{}]*\}+|%\(\w+\)s|\[(?:number|name|date|link|insert [^]]*)\]"
)
_NOTHING_BUT = re.compile(r"(?i:todo|tbd|tba|tbc|fixme|xx+)|[\W_]+")
"""What stands in for words: within a text, and as all of it."""

_ODD = {
    re.compile(
        r"&(?:[a-z]+|#\d+);"
    ): 'the page will show "{}" as it stands here: write the character itself',
    re.compile(r"\*\*?\b[^*]+\*\*?|\b__\w[^_]*__|`[^`]+`|\[[^]]+\]\(\S*\)"): (
        'the page will show "{}" as it stands here: texts have no bold type and no links'
    ),
    re.compile("\ufffd|â€.?|Ã[\x80-\xbf]|Â[\xa0-\xbf]"): (
        '"{}" was a letter in another encoding: write it again'
    ),
    re.compile(r"\b(?i:(the|of|to|and|or|with|for) \1)\b"): 'a word stands twice: "{}"',
    re.compile(r"(?:,|\b(?:and|or|the|of))$"): 'after "{}" this text seems to be cut off',
    re.compile(r"\([^)]*$"): 'the bracket in "{}" does not close',
}
"""What is shown to runners and was hardly meant so, with what to say of it."""


def text_flaws(source: YamlDocument, rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the texts that somebody should look at again."""
    for path, text in _texts(source.data, ()):
        yield from _stand_ins(path, text)
        yield from _unclosed(source, path, text)
        yield from _split_off(source, path, text)
    yield from _equal_parts(source, rulebook)
    yield from _equal_answers(rulebook)
    yield from _left_from_the_starter(rulebook)


def _texts(data: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    """Yield each text in the data of a rulebook with the path to it."""
    if isinstance(data, str):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        if path[0] == "texts":
            yield path, without_placeholders(data)
        elif key in TEXTS:
            yield path, data
        return
    parts: dict[str | int, Any] = dict(data.items() if isinstance(data, dict) else enumerate(data))
    for step, value in parts.items():
        if isinstance(value, (str, dict, list)) and step not in _NO_TEXTS:
            yield from _texts(value, (*path, step))


def _stand_ins(path: YamlPath, text: str) -> Iterator[Flaw]:
    if _NOTHING_BUT.fullmatch(text) or _STAND_IN.fullmatch(text):
        yield Flaw(HABIT, path, "this text is a stand-in")
    elif found := _STAND_IN.search(text):
        yield Flaw(HABIT, path, f'"{found[0]}" in this text is a stand-in')
    else:
        for pattern, message in _ODD.items():
            if odd := pattern.search(text):
                yield Flaw(HABIT, path, message.format(odd[0]))


def _unclosed(source: YamlDocument, path: YamlPath, text: str) -> Iterator[Flaw]:
    """Yield the last of an odd number of double quotation marks."""
    found = list(re.finditer("[“”„]", text))
    if len(found) % 2:
        offset = _offset(source, path, text[: found[-1].end()])
        yield Flaw(HABIT, path, "a quotation mark opens here and does not close", offset)
    elif re.search(r'[^\d"]"$', text) and text.count('"') % 2:  # and not 12", which are inches
        message = "a quotation mark closes here and did not open: take it out, or write both"
        yield Flaw(HABIT, path, message, _offset(source, path, text))


def _offset(source: YamlDocument, path: YamlPath, start: str) -> int:
    """Return how far the end of the start of a text is from its place, if in the same line."""
    line, column = source.position(path)
    at = source.lines[line - 1].find(around := start[-10:], column - 1)
    return at + len(around) - column if at >= 0 else 0


def _split_off(source: YamlDocument, path: YamlPath, text: str) -> Iterator[Flaw]:
    """Yield a text in [ ] that looks like the rest of the one before it."""
    *way, place = path
    if not isinstance(place, int) or place == 0 or not text[:1].islower():
        return
    line, column = source.position(path)
    before: Any = source.data
    for step in (*way, place - 1):
        before = before[step]
    joined = re.match(r"(?:or|and) ", text)
    after_comma = source.lines[line - 1][: column - 1].rstrip().endswith(",")
    if after_comma and (joined or not re.search(r"^[^A-Z]|[.!?]$", before)):
        start = f'"{joined[0].rstrip()}"' if joined else "a small letter"
        message = f"this text starts with {start}: if a comma split it off the one before"
        yield Flaw(HABIT, path, f"{message}, put the whole in quotes")


_SAYING = {
    "claims": ("says",),
    "questions": ("text", "asked_if"),
    "notices": ("action", "text"),
    "advice": ("text", "place"),
}
"""The keys of a part that say the same to a runner if they are equal."""


def _equal_parts(source: YamlDocument, rulebook: Rulebook) -> Iterator[Flaw]:
    for section, keys in _SAYING.items():
        first: dict[str, int] = {}
        parts = getattr(rulebook, section)
        for n, part in enumerate(parts):
            other = first.setdefault(str([getattr(part, key) for key in keys]).casefold(), n)
            if other != n:
                line, _ = source.position((section, other))
                message = f'"{parts[other].id}" in line {line} says the same'
                yield Flaw(HABIT, (section, n, keys[0]), message)


def _equal_answers(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield the answers that a result would give as reasons in the same words."""
    first: dict[str, tuple[Question, Choice]] = {}
    for n, question in enumerate(rulebook.questions):
        for m, choice in enumerate(question.choices):
            if choice.neutral:
                continue
            other, namesake = first.setdefault(choice.spoken.casefold(), (question, choice))
            if namesake is not choice:
                names = [other.id, question.id]
                if other is question:
                    names = [namesake.id, choice.id]
                message = (
                    f'results will say "{choice.spoken}" for "{names[0]}" and for "{names[1]}"'
                )
                path: YamlPath = ("questions", n, "choices", m, "said" if choice.said else "text")
                yield Flaw(HABIT, path, f"{message}: give `said`")


@lru_cache(maxsize=1)
def _starter() -> Rulebook:
    return load_rulebook(STARTER)


def _left_from_the_starter(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield what is still as `new` wrote it, in a book that has other claims by now."""
    starter = _starter()
    if {claim.says for claim in rulebook.claims} == {claim.says for claim in starter.claims}:
        return
    found: list[tuple[YamlPath, str, str]] = [
        (("id",), rulebook.id, starter.id),
        (("title",), rulebook.title, starter.title),
        (("article", "title"), rulebook.article.title, starter.article.title),
        (("article", "site"), rulebook.article.site, starter.article.site),
        (("article", "link"), rulebook.article.link, starter.article.link),
    ]
    for path, value, before in found:
        if value == before:
            yield Flaw(HABIT, path, "this is still as `new` wrote it: put your own here")
