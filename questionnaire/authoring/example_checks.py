"""Run the examples of a rulebook, and say what comes of their answers instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, groupby, islice

from questionnaire.authoring.condition_checks import Flaw
from questionnaire.authoring.explain import contradiction
from questionnaire.engine.assessment import Answers, Assessment
from questionnaire.engine.evaluate import assess, fired_rules
from questionnaire.rulebook.example import Example
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.rule import Rule
from questionnaire.rulebook.yaml_reader import YamlPath

Places = tuple[tuple[str, ...], ...]
"""The ids of muscle groups by their place."""


def run_examples(rulebook: Rulebook) -> Iterator[Flaw]:
    """Yield a flaw for each example that nobody can answer, or of which something else comes.

    Of several, the first: most often the others have the same cause.
    """
    for number, example in enumerate(rulebook.examples):
        path: YamlPath = ("examples", number)
        ticked = _ticked(rulebook, example)
        if why_not := contradiction(rulebook, ticked):
            yield _flaw((*path, "answers"), f"nobody can answer so: {why_not}")
        elif unasked := ticked & ~rulebook.drop_unasked(ticked):
            yield from _unasked(rulebook, (*path, "answers"), ticked, unasked)
        else:
            yield from islice(_Run(rulebook, example, ticked).flaws(path), 1)


def _flaw(path: YamlPath, message: str) -> Flaw:
    return Flaw("example", path, message)


def _ticked(rulebook: Rulebook, example: Example) -> int:
    return sum(
        choice.bit
        for name, choices in example.answers.items()
        for choice in rulebook.question(name).choices
        if choice.id in choices
    )


def _unasked(rulebook: Rulebook, path: YamlPath, ticked: int, unasked: int) -> Iterator[Flaw]:
    """Yield a flaw for each question with an answer that is not asked because of the others."""
    for question in rulebook.questions:
        if question.asked_if and question.choices_in(unasked):
            before = rulebook.question(question.asked_if.question)
            choices = " or ".join(choice.id for choice in rulebook.opening_choices(question))
            remedy = f'add `{before.id}: ...` with {choices}, or leave "{question.id}" out'
            if given := ", ".join(choice.id for choice in before.choices_in(ticked)):
                remedy = f'"{before.id}" is {given}, and its `asked_if` waits for {choices}'
            yield _flaw((*path, question.id), f'"{question.id}" is not asked then: {remedy}')


class _Run:
    """One example with the result of its answers and the rules behind it."""

    def __init__(self, rulebook: Rulebook, example: Example, ticked: int) -> None:
        answers = Answers(ticked, date.min)
        self.example = example
        self.result = assess(rulebook, answers)
        numbers = {id(rule): number for number, rule in enumerate(rulebook.rules)}
        self.fired = [(numbers[id(rule)], rule) for rule, _ in fired_rules(rulebook, answers)]
        self.notices = [one.notice.id for one in (*self.result.stops, *self.result.cautions)]
        self.advice = _advice_ids(self.result)

    def flaws(self, path: YamlPath) -> Iterator[Flaw]:
        """Yield what differs from that which the example says."""
        yield from self._muscle_groups((*path, "muscle_groups"))
        if self.example.notices not in (None, tuple(self.notices)):
            found = f"[{', '.join(self.notices)}]" if self.notices else "no notice"
            why = self._by_rules(lambda rule: rule.raises)
            yield _flaw((*path, "notices"), f"these answers lead to {found}{why}")
        yield from self._texts(path)

    def _muscle_groups(self, path: YamlPath) -> Iterator[Flaw]:
        places, expected = _places(self.result), self.example.muscle_groups
        if expected is not None and not _alike(expected, places):
            why = self._stopped() or self._by_rules(lambda rule: rule.cites)
            same = {*chain(*expected)} == {*chain(*places)}
            what = f"{'the same in this order: ' if same else ''}{_in_words(places)}"
            yield _flaw(path, f"these answers lead to {what}{why}")

    def _texts(self, path: YamlPath) -> Iterator[Flaw]:
        """Yield the texts that are not shown and should be, and those that should not be."""
        for n, name in enumerate(self.example.advice):
            if name not in self.advice:
                shown = f"[{', '.join(self.advice)}] is" if self.advice else "no other advice is"
                why = self._stopped() or self._by_rules(lambda rule: rule.shows in self.advice)
                yield _flaw((*path, "advice", n), f'"{name}" is not shown; {shown}{why}')
        for n, name in enumerate(self.example.never):
            if name in (*self.notices, *self.advice):
                yield _flaw((*path, "never", n), f'"{name}" is shown{self._by_rules_to(name)}')

    def _by_rules(self, leads_to_it: Callable[[Rule], object]) -> str:
        """Return the rules that fired and lead to such a thing, by their numbers."""
        numbers = [str(number) for number, rule in self.fired if leads_to_it(rule)]
        return f", by rule#{'+'.join(numbers)}" if numbers else ""

    def _by_rules_to(self, name: str) -> str:
        return self._by_rules(lambda rule: name in (rule.raises, rule.shows))

    def _stopped(self) -> str:
        stops = [one.notice.id for one in self.result.stops]
        why = self._by_rules(lambda rule: rule.raises in stops)
        return f": a stop notice replaces the result{why}" if stops else ""


def _advice_ids(result: Assessment) -> list[str]:
    texts = [*result.advice, *(text for finding in result.findings for text in finding.advice)]
    return list(dict.fromkeys(shown.advice.id for shown in texts))


def _alike(expected: Places, found: Places) -> bool:
    """Return True if the same groups have each place: in a shared one their order is the file's."""
    return [set(place) for place in expected] == [set(place) for place in found]


def _places(result: Assessment) -> Places:
    """Return the ids of the muscle groups named, those that share a place together."""
    by_rank = groupby(result.findings, key=lambda finding: finding.rank)
    return tuple(tuple(finding.group.id for finding in place) for _, place in by_rank)


def _in_words(places: Places) -> str:
    """Return places as the file would write them."""
    written = [f"[{', '.join(place)}]" if len(place) > 1 else place[0] for place in places]
    return f"[{', '.join(written)}]" if written else "no muscle group"
