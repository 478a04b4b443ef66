"""What refers to what in a rulebook: ids, permanent keys, and every name of another part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from questionnaire.rulebook import content, model
from questionnaire.rulebook.content import BODY_MAP_REGIONS, Claim, Research
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import CONNECTIVES, AllOf, AnswerIs, AnyOf, Condition, Not, Rule
from questionnaire.rulebook.structure import meant_id, unknown
from questionnaire.rulebook.yaml_reader import Steps

RESERVED = frozenset({*CONNECTIVES, Claim.EVERYONE, "main", "problems", "from"})
"""Ids that already mean something else, in the file or on a page."""


class References:
    """The checks between the parts of a rulebook: ids, keys and what refers to them.

    The ids of entries left out for their structure count as known.
    """

    SECTIONS = (
        "muscle_groups",
        "claims",
        "questions",
        "notices",
        "advice",
        "rules",
        "research",
        "retired",
    )

    def __init__(self, rulebook: Rulebook, data: Any, left_out: set[Steps]) -> None:
        """Note the ids of all entries, and where those stand that are right in themselves."""
        self.rulebook = rulebook
        raw = {section: data.get(section) for section in self.SECTIONS}
        lists = {name: part if isinstance(part, list) else [] for name, part in raw.items()}
        self.known: dict[str, list[str | None]] = {
            name: [_id(one, (name, n) in left_out) for n, one in enumerate(entries)]
            for name, entries in lists.items()
        }
        self.places = {
            name: [n for n in range(len(entries)) if (name, n) not in left_out]
            for name, entries in lists.items()
        }
        stray = set(data) - set(rulebook.model_fields_set)
        self.unread = {
            name for name, part in raw.items() if not isinstance(part, list) and (part or stray)
        }
        self.questions = {question.id: question for question in rulebook.questions}
        self.links = {claim.id for claim in rulebook.claims if claim.kind is content.ClaimKind.LINK}

    def problems(self) -> Iterator[tuple[Steps, str]]:
        """Yield every problem with the steps to its place."""
        yield from self._ids()
        yield from self._permanent_keys()
        yield from self._same_words()
        for steps, group in self._entries("muscle_groups"):
            yield from self._region(steps, group)
            yield from self._repeated_texts((*steps, "advises"), group.advises)
            yield from self._repeated_texts((*steps, "omits"), group.omits)
        for steps, claim in self._entries("claims"):
            yield from self._claim(steps, claim)
        for steps, question in self._entries("questions"):
            yield from self._question(steps, question)
        for steps, rule in self._entries("rules"):
            yield from self._rule(steps, rule)
        for steps, row in self._entries("research"):
            yield from self._research(steps, row)
        for steps, retired in self._entries("retired"):
            for message in self._named("notice", retired.raises, "notices"):
                yield (*steps, "raises"), message
            for question, choice in (retired.counts_as or {}).items():
                yield from self._answer_is((*steps, "counts_as", question), question, (choice,))

    def _entries(self, section: str) -> Iterator[tuple[Steps, Any]]:
        entries = getattr(self.rulebook, section)
        for place, entry in zip(self.places[section], entries, strict=True):
            yield (section, place), entry

    def _ids(self) -> Iterator[tuple[Steps, str]]:
        for section, ids in self.known.items():
            yield from self._repeated((section,), ids)
            for n, name in enumerate(ids):
                if name in RESERVED:
                    yield (
                        (section, n, "id"),
                        f'the id "{name}" has a meaning of its own: use another',
                    )
        for steps, question in self._entries("questions"):
            yield from self._repeated((*steps, "choices"), [one.id for one in question.choices])

    def _repeated(self, steps: Steps, ids: list[str | None]) -> Iterator[tuple[Steps, str]]:
        for n, name in enumerate(ids):
            if name is not None and name in ids[:n]:
                yield (*steps, n, "id"), f'the id "{name}" is used twice here'

    def _same_words(self) -> Iterator[tuple[Steps, str]]:
        """Compare what has to tell the entries of a list apart."""
        for section, key in (
            ("claims", "ref"),
            ("muscle_groups", "name"),
            ("muscle_groups", "region"),
        ):
            yield from _shared(key, list(self._entries(section)))
        for steps, question in self._entries("questions"):
            choices = [((*steps, "choices", n), one) for n, one in enumerate(question.choices)]
            yield from _shared("text", choices)

    def _repeated_texts(self, steps: Steps, texts: tuple[str, ...]) -> Iterator[tuple[Steps, str]]:
        for n, text in enumerate(texts):
            if text in texts[:n]:
                yield (*steps, n), "this text stands here twice"

    def _permanent_keys(self) -> Iterator[tuple[Steps, str]]:
        used: dict[int, str] = {}
        for steps, one in self._entries("retired"):
            if one.key in used:
                yield (*steps, "key"), f"the key {one.key} is retired twice"
            used[one.key] = f"the retired choice “{one.text}”"
        free = max(
            [0, *used, *(choice.key for q in self.rulebook.questions for choice in q.choices)]
        )
        for steps, question in self._entries("questions"):
            for n, choice in enumerate(question.choices):
                if choice.key in used:
                    message = f"the key {choice.key} belongs to {used[choice.key]} for ever"
                    yield (
                        (*steps, "choices", n, "key"),
                        f"{message}; the next free key is {free + 1}",
                    )
                used.setdefault(choice.key, f'the choice "{choice.id}" of "{question.id}"')

    def _named(self, noun: str, name: str | None, section: str) -> Iterator[str]:
        known = self.known[section]
        if name is not None and name not in known and section not in self.unread:
            yield unknown(noun, name, [str(one) for one in known if one])

    def _region(self, steps: Steps, group: content.MuscleGroup) -> Iterator[tuple[Steps, str]]:
        if group.region and group.region not in BODY_MAP_REGIONS:
            remedy = "; leave `region` out for muscles that the map does not draw"
            message = unknown("region", group.region, BODY_MAP_REGIONS, "the body map has no ")
            yield (*steps, "region"), message if "; did" in message else message + remedy

    def _claim(self, steps: Steps, claim: Claim) -> Iterator[tuple[Steps, str]]:
        if claim.about != Claim.EVERYONE:
            for message in self._named("muscle group", claim.about, "muscle_groups"):
                yield (*steps, "about"), message
        elif claim.kind is content.ClaimKind.LINK:
            yield (*steps, "about"), "a link is about one muscle group"

    def _question(self, steps: Steps, question: model.Question) -> Iterator[tuple[Steps, str]]:
        choices = [choice.id for choice in question.choices]
        if question.exclusive and question.exclusive not in choices:
            yield (
                (*steps, "exclusive"),
                unknown(
                    "choice", question.exclusive, choices, f'the question "{question.id}" has no '
                ),
            )
        if question.exclusive and question.pick == "one":
            yield (
                (*steps, "exclusive"),
                "only a question with `pick: several` has an exclusive choice",
            )
        if question.asked_if is None:
            return
        yield from (
            ((*steps, "asked_if"), message)
            for message in self._named("question", question.asked_if, "questions")
        )
        if question.asked_if in self.known["questions"][int(steps[1]) :]:
            yield (*steps, "asked_if"), self._waiting(question)

    def _waiting(self, question: model.Question) -> str:
        """Return a message about a question that waits in vain."""
        if question.asked_if == question.id:
            return f'"{question.id}" waits for itself'
        way = [question.id]
        while (last := self.questions.get(way[-1])) and last.asked_if and len(set(way)) == len(way):
            way.append(last.asked_if)
        if way[-1] == question.id:
            return f"these questions wait for each other in a circle: {' → '.join(way)}"
        return f'"{question.id}" waits for "{question.asked_if}", which is not asked before it'

    def _rule(self, steps: Steps, rule: Rule) -> Iterator[tuple[Steps, str]]:
        yield from self._condition((*steps, "when"), rule.when)
        for n, cited in enumerate(rule.cites):
            for message in self._named("claim", cited, "claims"):
                yield (*steps, "cites", n), message
            if cited in rule.cites[:n]:
                yield (*steps, "cites", n), f'the claim "{cited}" is cited twice here'
            if cited not in self.links and cited in {claim.id for claim in self.rulebook.claims}:
                yield (
                    (*steps, "cites", n),
                    f'the claim "{cited}" is not a link: only links are cited',
                )
        for key, noun, name, section in (
            ("raises", "notice", rule.raises, "notices"),
            ("shows", "advice", rule.shows, "advice"),
            ("for", "muscle group", rule.for_, "muscle_groups"),
        ):
            for message in self._named(noun, name, section):
                yield (*steps, key), message

    def _research(self, steps: Steps, row: Research) -> Iterator[tuple[Steps, str]]:
        for n, claim in enumerate(row.claims):
            for message in self._named("claim", claim, "claims"):
                yield (*steps, "claims", n), message
            if claim in row.claims[:n]:
                yield (*steps, "claims", n), f'the claim "{claim}" is named twice here'
        links = [study.link.lower() for study in row.studies]
        for n, study in enumerate(row.studies):
            if links[n] in links[:n]:
                yield (*steps, "studies", n), f"the study {study.number} stands here twice"

    def _condition(self, steps: Steps, condition: Condition) -> Iterator[tuple[Steps, str]]:
        match condition:
            case AnswerIs(question=name, choices=choices):
                yield from self._answer_is((*steps, name), name, choices)
            case AllOf(all=parts):
                yield from self._parts((*steps, "all"), parts)
            case AnyOf(any=parts):
                yield from self._parts((*steps, "any"), parts)
            case Not(not_=part):
                yield from self._condition((*steps, "not"), part)
            case _:
                assert_never(condition)

    def _parts(self, steps: Steps, parts: tuple[Condition, ...]) -> Iterator[tuple[Steps, str]]:
        for n, part in enumerate(parts):
            if part in parts[:n]:
                yield (*steps, n), "this part stands here twice"
            yield from self._condition((*steps, n), part)

    def _answer_is(
        self, steps: Steps, name: str, choices: tuple[str, ...]
    ) -> Iterator[tuple[Steps, str]]:
        for message in self._named("question", name, "questions"):
            yield steps, message
        if name not in self.questions:
            return
        known = [choice.id for choice in self.questions[name].choices]
        for n, choice in enumerate(choices):
            if choice in choices[:n]:
                yield (*steps, n), f'the choice "{choice}" is named twice here'
            elif choice not in known:
                yield (
                    (*steps, n),
                    unknown("choice", choice, known, f'the question "{name}" has no '),
                )


def _id(entry: object, left_out: bool) -> str | None:
    """Return the id of an entry, or that which one left out was meant to have, if it is a word."""
    name = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        return None
    return meant_id(name) or None if left_out else name


def _shared(key: str, entries: list[tuple[Steps, Any]]) -> Iterator[tuple[Steps, str]]:
    first: dict[str, str] = {}
    for steps, entry in entries:
        words = getattr(entry, key)
        if words is None:
            continue
        if words.casefold() in first:
            message = f'the {key} "{words}" stands at "{first[words.casefold()]}" already'
            yield (*steps, key), message
        first.setdefault(words.casefold(), entry.id)
