"""Messages about a name that nothing has: what was probably meant, or what there is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from questionnaire.rulebook import quotation_marks as marks
from questionnaire.rulebook.content import Claim
from questionnaire.rulebook.question import Question
from questionnaire.rulebook.rule import CONDITION_KEYS

RESERVED = frozenset({*CONDITION_KEYS, Claim.EVERYONE, "main", "problems", "from", "lang"})
"""Ids that already mean something else, in the file or on a page."""

FEW = 8
"""The most names that a message lists."""
_NEGATED = re.compile(r"(?:^|[ -])(?:no|non|not|never|without)(?=[ -])")


def no_choice(question: Question, name: str, questions: Iterable[Question]) -> str:
    """Return a message about a choice that a question does not have, but another one may."""
    ids = [choice.id for choice in question.choices]
    message = f'the question "{question.id}" has no choice "{name}"'
    for other in questions:
        if not nearest(name, ids) and name in [choice.id for choice in other.choices]:
            return f'{message}; "{other.id}" has it'
    for choice in question.choices:
        if name.casefold() == choice.text.casefold() and not nearest(name, ids):
            return f'{message}; that is the text of "{choice.id}"'
    parts = re.split(r"\s*(?:\bor\b|[,/|])\s*", name)
    if len(parts) > 1 and set(parts) <= set(ids):
        return f"{message}; write several as [{', '.join(parts)}]"
    parts = name.split(" and ")
    if len(parts) > 1 and set(parts) <= set(ids):
        each = ", ".join(f"{{{question.id}: {part}}}" for part in parts)
        return f"{message}; if all must be ticked, write `all: [{each}]`"
    if (denied := name.removeprefix("not ")) in ids:
        return f"{message}; write `not: {{{question.id}: {denied}}}`"
    return did_you_mean("choice", name, ids, f'the question "{question.id}" has no ')


def other_name(
    name: str, section: str, ids: Mapping[str, Sequence[str | None]], questions: Iterable[Question]
) -> str | None:
    """Return a message about a name that no entry of a section has, but something else does."""
    if not ids[section]:
        return f"this names {_a(noun_of(section))}, but the section `{section}` is missing"
    message = f'there is no {noun_of(section)} "{name}"'
    if other := next((one for one, known in ids.items() if name in known), None):
        return f"{message}; that is the id of {_a(noun_of(other))}"
    for question in questions if section == "questions" else ():
        if name.casefold() == question.text.casefold():
            return f'{message}; that is the text of "{question.id}"'
        if name in [choice.id for choice in question.choices]:
            return f"{message}; write `{question.id}: {name}`, as it is a choice"
    return None


def nearest(name: str, known: Iterable[str | None]) -> str | None:
    """Return the known name most like another, if it is not the opposite of it."""
    alike = [
        one for one in known if one and bool(_NEGATED.search(one)) == bool(_NEGATED.search(name))
    ]
    return next(iter(difflib.get_close_matches(marks.without(name), sorted(alike), n=1)), None)


def _is_slip(name: str, near: str) -> bool:
    """Return True if a name is another but for a letter or two, and hardly a word of its own."""
    return near in name or difflib.SequenceMatcher(None, name.casefold(), near).ratio() >= 0.75


def did_you_mean(
    noun: str, name: str, known: Iterable[str | None], before: str = "there is no "
) -> str:
    """Return a message about a name that nothing has, with the nearest one, or all if few have."""
    names = [one for one in known if one]
    near = nearest(name, names)
    if near and len(names) <= FEW and not _is_slip(name, near):
        near = None
    hint = f'; did you mean "{near}"?' if near else ""
    if not near and 0 < len(names) <= FEW:
        of_keys = noun == "key"
        hint = "; the keys are " if of_keys else "; choose "
        hint += listed(names, "and" if of_keys else "or")
    return marks.with_remedy(f'{before}{noun} "{name}"{hint}', name)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def listed(names: Sequence[str], last_word: str) -> str:
    """Return names with commas between them, and this word before the last."""
    *others, last = names
    return f"{', '.join(others)} {last_word} {last}" if others else last


def are_certain(ids: Sequence[str | None]) -> bool:
    """Return True if each entry has an id of its own: what is unknown is then a mistake itself."""
    return len(set(ids)) == len(ids) and None not in ids and not RESERVED & set(ids)


def noun_of(section: str) -> str:
    """Return what an entry of a section is called."""
    return section.removesuffix("s").replace("_", " ")


def to_id(text: str) -> str:
    """Return the id that a text was probably meant to be."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def id_of(entry: object, *, left_out: bool) -> str | None:
    """Return the id of an entry, or that which one left out was meant to have, if it is a word."""
    name = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        return None
    return to_id(name) or None if left_out else name
