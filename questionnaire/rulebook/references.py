"""Check what the parts of a rulebook say of each other: ids, permanent keys and references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_origin

from questionnaire.rulebook.content import (
    BODY_MAP_REGIONS,
    BODY_MAP_SPOTS,
    Claim,
    ClaimKind,
    NoticeKind,
)
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.question import AskedIf, Question
from questionnaire.rulebook.rule import AllOf, AnswerIs, AnyOf, walk
from questionnaire.rulebook.suggestions import (
    RESERVED,
    are_certain,
    did_you_mean,
    id_of,
    nearest,
    no_choice,
    noun_of,
    other_name,
)
from questionnaire.rulebook.yaml_reader import YamlDocument, YamlPath

Problems = Iterator[tuple[YamlPath, str]]
"""What is wrong, each with the path to its place."""

SECTIONS = [
    name for name, field in Rulebook.model_fields.items() if get_origin(field.annotation) is tuple
]
"""The lists of the file."""

_REFERENCES = (
    ("claims", "about", "muscle_groups"),
    ("rules", "cites", "claims"),
    ("rules", "raises", "notices"),
    ("rules", "shows", "advice"),
    ("rules", "for_", "muscle_groups"),
    ("examples", "notices", "notices"),
    ("examples", "advice", "advice"),
    ("examples", "muscle_groups", "muscle_groups"),
    ("research", "claims", "claims"),
    ("retired", "raises", "notices"),
)
"""The fields of a section that hold ids, and the section in which these ids are."""

_ANSWERS = (("muscle_groups", "hurts_if"), ("examples", "answers"), ("retired", "counts_as"))
"""The fields that hold `question: choice`."""

_UNIQUE_IN_SECTION = (("claims", "ref"), ("muscle_groups", "name"), ("muscle_groups", "region"))
_UNIQUE_IN_LIST = (
    ("muscle_groups", "advises", "this text stands here twice"),
    ("muscle_groups", "omits", "this text stands here twice"),
    ("rules", "cites", 'the claim "{}" is cited twice here'),
    ("research", "claims", 'the claim "{}" is named twice here'),
)
"""The lists in which nothing may stand twice, and the message if it does."""


_NOT_WITH = (
    ("exclusive", "one", "only a question with `pick: several` has an exclusive choice"),
    ("best_first", "several", "only the answers to `pick: one` go from best to worst"),
)
"""The keys of a question that go with the other `pick` only."""


class References:
    """The checks between the parts of a rulebook; ids of entries left out count as known."""

    def __init__(self, rulebook: Rulebook, document: YamlDocument, left_out: set[YamlPath]) -> None:
        """Note all ids in the file, and the places of the entries that are in the rulebook."""
        self.rulebook = rulebook
        self.document = document
        data: Any = document.data
        self.ids: dict[str, list[str | None]] = {}
        self.places: dict[str, list[int]] = {}
        self.unread: set[str] = set()
        unknown_keys = set(data) - rulebook.model_fields_set
        for section in SECTIONS:
            entries = data.get(section)
            if not isinstance(entries, list):
                if entries or unknown_keys:
                    self.unread.add(section)
                entries = []
            wrong = [(section, n) in left_out for n in range(len(entries))]
            self.ids[section] = [
                id_of(entry, left_out=bad) for entry, bad in zip(entries, wrong, strict=True)
            ]
            self.places[section] = [n for n, bad in enumerate(wrong) if not bad]
        self.questions = {question.id: question for question in rulebook.questions}
        self.stops = {one.id for one in rulebook.notices if one.kind is NoticeKind.STOP}

    def problems(self) -> Problems:
        """Yield every problem with the path to its place."""
        yield from self._ids()
        yield from self._permanent_keys()
        yield from self._unknown_ids()
        yield from self._repetitions()
        yield from self._answers()
        for path, group in self._entries("muscle_groups"):
            yield from _not_drawn(path, "region", group.region, BODY_MAP_REGIONS)
        for path, question in self._entries("questions"):
            yield from self._question(path, question)
        yield from self._links()
        yield from self._rules()
        for path, example in self._entries("examples"):
            yield from self._example(path, example)
        for path, row in self._entries("research"):
            numbers = [study.pmc or study.number.lower() for study in row.studies]
            yield from _repeated((*path, "studies"), numbers, "the study {} stands here twice")

    def _entries(self, section: str) -> Iterator[tuple[YamlPath, Any]]:
        entries = getattr(self.rulebook, section)
        for place, entry in zip(self.places[section], entries, strict=True):
            yield (section, place), entry

    def _ids(self) -> Problems:
        for section, ids in self.ids.items():
            yield from self._used_twice((section,), ids)
            for n, name in enumerate(ids):
                if name in RESERVED:
                    message = f'the id "{name}" has a meaning of its own: use another'
                    yield (section, n, "id"), message

    def _used_twice(self, path: YamlPath, ids: Sequence[str | None]) -> Problems:
        for n, name in enumerate(ids):
            if name is not None and name in ids[:n]:
                line, _ = self.document.position((*path, ids.index(name), "id"))
                yield (*path, n, "id"), f'the id "{name}" is used twice: first in line {line}'

    def _permanent_keys(self) -> Problems:
        used: dict[int, str] = {}
        for path, retired in self._entries("retired"):
            if retired.key in used:
                yield (*path, "key"), f"the key {retired.key} is retired twice"
            line, _ = self.document.position(path)
            used[retired.key] = f"the retired choice “{retired.text}” (line {line})"
        free = self.rulebook.next_free_key
        for path, question in self._entries("questions"):
            for n, choice in enumerate(question.choices):
                if choice.key in used:
                    message = f"the key {choice.key} belongs to {used[choice.key]} for ever"
                    yield (*path, "choices", n, "key"), f"{message}; the next free key is {free}"
                used.setdefault(choice.key, f'the choice "{choice.id}" of "{question.id}"')

    def _unknown_ids(self) -> Problems:
        """Yield the references to ids that do not exist."""
        for section, field, target in _REFERENCES:
            for path, entry in self._entries(section):
                for place, name in _names((*path, field.rstrip("_")), getattr(entry, field)):
                    yield from self._unknown_id(place, name, target)

    def _unknown_id(self, path: YamlPath, name: str, section: str) -> Problems:
        ids = self.ids[section]
        known = [*ids, Claim.EVERYONE] if path[-1] == "about" else ids
        if name in {*known, *self.document.lost_ids} or section in self.unread:
            return
        if message := other_name(name, section, self.ids, self.rulebook.questions):
            yield path, message
        elif are_certain(ids) or nearest(name, known):
            yield path, did_you_mean(noun_of(section), name, known)

    def _repetitions(self) -> Problems:
        for section, field in _UNIQUE_IN_SECTION:
            yield from _same_words(field, self._entries(section))
        for section, field, message in _UNIQUE_IN_LIST:
            for path, entry in self._entries(section):
                yield from _repeated((*path, field), getattr(entry, field), message)

    def _question(self, path: YamlPath, question: Question) -> Problems:
        ids = [choice.id for choice in question.choices]
        choices = [((*path, "choices", n), choice) for n, choice in enumerate(question.choices)]
        yield from self._used_twice((*path, "choices"), ids)
        yield from _same_words("text", choices)
        for choice_path, choice in choices:
            yield from _not_drawn(choice_path, "spot", choice.spot, BODY_MAP_SPOTS)
        if question.exclusive and question.exclusive not in ids:
            yield (*path, "exclusive"), no_choice(question, question.exclusive, ())
        for key, pick, message in _NOT_WITH:
            if getattr(question, key) and question.pick == pick:
                yield (*path, key), message
        if question.asked_if:
            yield from self._asked_if((*path, "asked_if"), question, question.asked_if)

    def _asked_if(self, path: YamlPath, question: Question, awaited: AskedIf) -> Problems:
        yield from self._unknown_id(path, awaited.question, "questions")
        if awaited.question in self.ids["questions"][int(path[1]) :]:
            yield path, self._waiting(question, awaited.question)
        before = self.questions.get(awaited.question)
        if before and awaited.choice and awaited.choice not in [one.id for one in before.choices]:
            yield (*path, before.id), no_choice(before, awaited.choice, self.rulebook.questions)

    def _waiting(self, question: Question, awaited: str) -> str:
        """Return a message about a question that waits for one that is not asked before it."""
        if awaited == question.id:
            return f'"{question.id}" waits for itself'
        way = [question.id]
        while (last := self.questions.get(way[-1])) and last.asked_if and len(set(way)) == len(way):
            way.append(last.asked_if.question)
        if way[-1] == question.id:
            return f"these questions wait for each other in a circle: {' → '.join(way)}"
        return f'"{question.id}" waits for "{awaited}", which is not asked before it'

    def _links(self) -> Problems:
        """Yield the claims that are cited and no links, and the links about no one group."""
        links = {claim.id for claim in self.rulebook.claims if claim.kind is ClaimKind.LINK}
        others = {claim.id for claim in self.rulebook.claims} - links
        for path, claim in self._entries("claims"):
            if claim.about == Claim.EVERYONE and claim.kind is ClaimKind.LINK:
                yield (*path, "about"), "a link is about one muscle group, not `all`"
        for path, rule in self._entries("rules"):
            for place, name in _names((*path, "cites"), rule.cites):
                if name in others:
                    yield place, f'the claim "{name}" is not a link: only links are cited'

    def _example(self, path: YamlPath, example: Example) -> Problems:
        for place, name in _names((*path, "never"), example.never):
            if name not in self.ids["advice"]:
                yield from self._unknown_id(place, name, "notices")

    def _answers(self) -> Problems:
        """Yield what is wrong in the answers that stand outside of rules."""
        for section, field in _ANSWERS:
            for path, entry in self._entries(section):
                for name, answers in (getattr(entry, field) or {}).items():
                    choices = answers if isinstance(answers, tuple) else (answers,)
                    yield from self._answer_is((*path, field, name), name, choices)

    def _rules(self) -> Problems:
        for path, rule in self._entries("rules"):
            for place, part in walk(rule.when, (*path, "when")):
                match part:
                    case AnswerIs(question=name, choices=choices):
                        yield from self._answer_is((*place, name), name, choices)
                    case AllOf(all=parts) | AnyOf(any=parts):
                        key = "all" if isinstance(part, AllOf) else "any"
                        yield from _repeated((*place, key), parts, "this part stands here twice")
            if rule.waits_for_nothing_matched and rule.raises in self.stops:
                message = "a stop notice rests on answers alone, and not on what the article links"
                yield (*path, "when"), f"{message}: take out `matched`"

    def _answer_is(self, path: YamlPath, name: str, choices: tuple[str, ...]) -> Problems:
        yield from self._unknown_id(path, name, "questions")
        question = self.questions.get(name)
        if question and self.ids["questions"].count(name) == 1:
            ids = [choice.id for choice in question.choices]
            for n, choice in enumerate(choices):
                if choice in choices[:n]:
                    yield (*path, n), f'the choice "{choice}" is named twice here'
                elif choice not in ids and (are_certain(ids) or nearest(choice, ids)):
                    yield (*path, n), no_choice(question, choice, self.rulebook.questions)


def _names(path: YamlPath, names: object) -> Iterator[tuple[YamlPath, str]]:
    """Yield the ids in a field, which may be in lists, each with the path to its place."""
    if isinstance(names, str):
        yield path, names
    for n, part in enumerate(names if isinstance(names, tuple) else ()):
        yield from _names((*path, n), part)


def _repeated(path: YamlPath, values: Sequence[object], message: str, *within: str) -> Problems:
    for n, value in enumerate(values):
        if value is not None and value in values[:n]:
            yield (*path, n, *within), message.format(value)


def _same_words(key: str, entries: Iterable[tuple[YamlPath, Any]]) -> Problems:
    """Yield the entries that nothing tells apart: their words differ in capitals at most."""
    first: dict[str, str] = {}
    for path, entry in entries:
        words = getattr(entry, key)
        if words and words.casefold() in first:
            message = f'the {key} "{words}" stands at "{first[words.casefold()]}" already'
            yield (*path, key), message
        elif words:
            first[words.casefold()] = entry.id


def _not_drawn(path: YamlPath, key: str, name: str | None, drawn: Iterable[str]) -> Problems:
    """Yield a problem if a name is none of those that the body map draws."""
    if name and name not in drawn:
        remedy = f"; leave `{key}` out for what the map does not draw"
        message = did_you_mean(key, name, drawn, "the body map has no ")
        yield (*path, key), message if "; did" in message else message + remedy


def referred_section(path: YamlPath) -> str | None:
    """Return the section whose ids stand where a path leads, or None if none do."""
    keys = [step for step in path if isinstance(step, str)]
    for section, field, target in _REFERENCES:
        if keys == [section, field.removesuffix("_")]:
            return target
    return None
