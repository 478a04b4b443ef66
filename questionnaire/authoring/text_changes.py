"""What two versions of a rulebook say differently: texts, questions, choices and rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from typing import Any, assert_never

from questionnaire.authoring.explain import effect_text
from questionnaire.rulebook.content import RulebookModel
from questionnaire.rulebook.model import Retired, Rulebook
from questionnaire.rulebook.question import AskedIf, Choice, Question
from questionnaire.rulebook.rule import (
    AllOf,
    AnswerIs,
    AnyOf,
    Condition,
    Not,
    NothingMatched,
    Rule,
)
from questionnaire.rulebook.suggestions import listed
from questionnaire.rulebook.yaml_reader import YamlDocument

Names = dict[tuple[str, str], str]
"""The new id of each old part that is still there, by its section and its old id."""

WORDS = {
    "muscle_groups": ("name",),
    "claims": ("says",),
    "questions": ("text",),
    "notices": ("kind", "action", "text"),
    "advice": ("text",),
    "research": ("says",),
}
"""The sections of parts with an id, and the words by which a part is known if its id changed."""

NOUNS = {
    "muscle_groups": "the muscle group",
    "claims": "the claim",
    "questions": "the question",
    "notices": "the notice",
    "advice": "the advice",
    "research": "the research",
}


def match_parts(old: Rulebook, new: Rulebook) -> Names:
    """Return the new ids of the old parts: by the same id, or else by the same words."""
    names: Names = {}
    for section, words in WORDS.items():
        before, after = ({part.id: part for part in getattr(b, section)} for b in (old, new))
        names |= {(section, name): name for name in before if name in after}
        by_words = {
            tuple(getattr(part, word) for word in words): name
            for name, part in after.items()
            if name not in before
        }
        for name in [name for name in before if name not in after]:
            found = by_words.pop(tuple(getattr(before[name], word) for word in words), None)
            if found:
                names[section, name] = found
    return names


class TextChanges:
    """The lines about two versions of a rulebook and their files."""

    def __init__(self, old: Rulebook, new: Rulebook, names: Names) -> None:
        """Compare two versions whose parts are matched by these names."""
        self.old = old
        self.new = new
        self.names = names

    def sections(self, old: YamlDocument, new: YamlDocument) -> dict[str, list[str]]:
        """Return the lines by the heading that they stand under."""
        return {
            "Texts": [*self.texts(), *self._examples(old, new)],
            "Questions": list(self.questions()),
            "Choices": list(self.choices()),
            "Rules": list(self.rules(old, new)),
        }

    def texts(self) -> Iterator[str]:
        """Yield what is new, gone or changed in the texts, questions left aside."""
        sections = {*WORDS, "questions", "rules", "retired", "article", "texts", "examples"}
        yield from _changed("the rulebook", self.old, self.new, sections)
        yield from _changed("the article", self.old.article, self.new.article)
        yield from _changed("the texts", self.old.texts, self.new.texts)
        for section in WORDS:
            if section != "questions":
                yield from self._parts(section)

    def _examples(self, old: YamlDocument, new: YamlDocument) -> Iterator[str]:
        """Yield how many examples are gone, and how many are new, with their lines."""
        for how, document, book, other in (
            ("gone", old, self.old, self.new),
            ("new", new, self.new, self.old),
        ):
            lines = [
                str(document.position(("examples", n))[0])
                for n, example in enumerate(book.examples)
                if example not in other.examples
            ]
            if lines:
                many = "s" * (len(lines) > 1)
                where = (
                    f"line{many} {listed(lines, 'and')} of the {how.replace('gone', 'old')} file"
                )
                yield f"{len(lines)} example{many} {how} ({where})"

    def questions(self) -> Iterator[str]:
        """Yield what is new, gone or changed in the questions, their choices left aside."""
        yield from self._parts("questions")

    def _parts(self, section: str) -> Iterator[str]:
        """Yield what is new, gone or changed in a section whose parts have an id."""
        noun = NOUNS[section]
        before = {self.names.get((section, part.id)): part for part in getattr(self.old, section)}
        after = {part.id: part for part in getattr(self.new, section)}
        for part in getattr(self.old, section):
            if (section, part.id) not in self.names:
                yield f'{noun} "{part.id}" is gone'
        for name, part in after.items():
            if name in before:
                yield from _changed(f'{noun} "{name}"', before[name], part, {"choices"})
            else:
                words = "; ".join(str(getattr(part, word)) for word in WORDS[section])
                yield f'{noun} "{name}" is new: {words}'
        if [name for name in before if name] != [name for name in after if name in before]:
            yield f"the order of {section} changed"

    def choices(self) -> Iterator[str]:
        """Yield what is new, retired or changed in the choices, which are known by their keys."""
        before, after = asked_choices(self.old), asked_choices(self.new)
        was_retired = {retired.key: retired for retired in self.old.retired}
        for key, (question, choice) in after.items():
            name = f'"{choice.id}" of "{question.id}"'
            if key in before:
                old_question, old_choice = before[key]
                if self.names.get(("questions", old_question.id)) != question.id:
                    yield f'{name} belonged to the question "{old_question.id}"'
                yield from _changed(name, old_choice, choice)
            elif key in was_retired:
                yield f"{name} was retired and is asked again"
            else:
                yield f"{name} is new: {choice.text}"
        for retired in self.new.retired:
            yield from self._retired(retired, before, was_retired.get(retired.key))

    def _retired(
        self,
        retired: Retired,
        asked_before: dict[int, tuple[Question, Choice]],
        before: Retired | None,
    ) -> Iterator[str]:
        """Yield what is new or changed in a retired choice."""
        if before:
            yield from _changed(f'the retired choice "{retired.text}"', before, retired)
        elif retired.key in asked_before:
            question, choice = asked_before[retired.key]
            also = [f"counts as {_shown(retired.counts_as)}"] if retired.counts_as else []
            also += [f'raises "{retired.raises}"'] if retired.raises else []
            effect = " and ".join(also) or "counts for nothing"
            yield f'"{choice.id}" of "{question.id}" is retired: in old links it {effect}'

    def rules(self, old: YamlDocument, new: YamlDocument) -> Iterator[str]:
        """Yield the rules that are gone, and those that are new, each with its line."""
        before = [self._meaning(self.old, rule, self.names) for rule in self.old.rules]
        after = [self._meaning(self.new, rule, {}) for rule in self.new.rules]
        for what, document, rulebook, meanings, others in (
            ("old", old, self.old, before, Counter(after)),
            ("new", new, self.new, after, Counter(before)),
        ):
            for number, meaning in enumerate(meanings):
                others[meaning] -= 1
                if others[meaning] < 0:
                    line = document.position(("rules", number))[0]
                    rule = rulebook.rules[number]
                    how = "is gone" if what == "old" else "is new"
                    text = f"{condition_text(rule.when)}: {effect_text(rule)}"
                    yield f"the rule in line {line} of the {what} file {how}: {text}"

        if [one for one in before if one in after] != [one for one in after if one in before]:
            yield "the order of the rules changed"

    def _meaning(self, rulebook: Rulebook, rule: Rule, names: Names) -> object:
        """Return what a rule says with keys and new ids, so that it equals the other version's."""

        def new_ids(section: str, *ids: str | None) -> tuple[str | None, ...]:
            return tuple(names.get((section, name), name) if name else None for name in ids)

        return (
            _with_keys(rule.when, rulebook),
            frozenset(new_ids("claims", *rule.cites)),
            new_ids("notices", rule.raises),
            new_ids("advice", rule.shows),
            new_ids("muscle_groups", rule.for_),
        )


def asked_choices(rulebook: Rulebook) -> dict[int, tuple[Question, Choice]]:
    """Return the choices that are asked, with their questions, by permanent key."""
    return {
        choice.key: (question, choice)
        for question in rulebook.questions
        for choice in question.choices
    }


def _with_keys(condition: Condition, rulebook: Rulebook) -> object:
    """Return a condition with the keys of its choices, whatever the order of its parts."""
    match condition:
        case AnswerIs(question=name, choices=choices):
            question = rulebook.question(name)
            return frozenset(choice.key for choice in question.choices if choice.id in choices)
        case AllOf(all=parts):
            return "all", frozenset(_with_keys(part, rulebook) for part in parts)
        case AnyOf(any=parts):
            return "any", frozenset(_with_keys(part, rulebook) for part in parts)
        case Not(not_=part):
            return "not", _with_keys(part, rulebook)
        case NothingMatched():
            return condition
        case _:
            assert_never(condition)


def condition_text(condition: Condition) -> str:
    """Return a condition as one line."""
    match condition:
        case AnswerIs(question=question, choices=choices):
            one_of = "one of " if len(choices) > 1 else ""
            return f"{question} is {one_of}{', '.join(choices)}"
        case AllOf(all=parts):
            return f"({' and '.join(map(condition_text, parts))})"
        case AnyOf(any=parts):
            return f"({' or '.join(map(condition_text, parts))})"
        case Not(not_=part):
            return f"not ({condition_text(part)})"
        case NothingMatched():
            return "matched is none"
        case _:
            assert_never(condition)


def _changed(
    name: str, old: RulebookModel, new: RulebookModel, skipped: Container[str] = ()
) -> Iterator[str]:
    """Yield a line for each key of a part whose value changed."""
    for field, info in type(new).model_fields.items():
        before, after = getattr(old, field), getattr(new, field)
        if before != after and field not in skipped:
            yield f"{name}: `{info.alias or field}` was {_shown(before)} and is {_shown(after)}"


def _shown(value: Any) -> str:
    """Return a value as a line can show it."""
    match value:
        case None | ():
            return "nothing"
        case bool():
            return str(value).lower()
        case AskedIf():
            return ": ".join(filter(None, value))
        case tuple():
            return ", ".join(map(_shown, value))
        case dict():
            return ", ".join(f"{key}: {content}" for key, content in value.items())
        case RulebookModel():
            return " ".join(str(part) for part in value.__dict__.values() if part)
        case str():
            return f'"{value}"'
        case _:
            return str(value)
