"""What makes old results links unreadable, or lets them say something else."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaire.authoring.text_changes import Names, asked_choices
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.yaml_reader import YamlPath


class LostKeys:
    """The permanent keys that a new version of a rulebook loses, gives away or swaps."""

    def __init__(self, old: Rulebook, new: Rulebook, names: Names) -> None:
        """Compare two versions whose parts are matched by these names."""
        self.old = old
        self.new = new
        self.names = names

    def problems(self) -> Iterator[tuple[YamlPath, str]]:
        """Yield what makes old links unreadable, with the path to its place in the new file."""
        if self.old.id != self.new.id:
            message = f'the permanent `id` was "{self.old.id}": no old results link can be opened'
            yield ("id",), f"{message}: write it as it was"
            return
        yield from self._vanished_keys()
        yield from self._reused_keys()
        yield from self._swapped_keys()

    def _vanished_keys(self) -> Iterator[tuple[YamlPath, str]]:
        kept = {*asked_choices(self.new), *(retired.key for retired in self.new.retired)}
        positions = {question.id: n for n, question in enumerate(self.new.questions)}
        for key, (question, choice) in asked_choices(self.old).items():
            if key not in kept:
                number = positions.get(self.names.get(("questions", question.id), ""))
                path: YamlPath = ("retired",) if number is None else ("questions", number)
                entry = f'{{key: {key}, question: "{question.text}", text: "{choice.spoken}"}}'
                name = f'the choice "{choice.id}" of "{question.id}"'
                yield path, f"{name} is gone and not retired: add {entry} to `retired`"
        for retired in self.old.retired:
            if retired.key not in kept:
                message = f'the retired choice "{retired.text}" (key {retired.key}) is gone'
                yield ("retired",), f"{message}: old results links hold it, so put it back"

    def _reused_keys(self) -> Iterator[tuple[YamlPath, str]]:
        retired = {retired.key: retired.text for retired in self.old.retired}
        for n, question in enumerate(self.new.questions):
            for m, choice in enumerate(question.choices):
                if choice.key in retired and retired[choice.key] not in (choice.text, choice.said):
                    message = f'key {choice.key} was that of "{retired[choice.key]}", now retired'
                    path = ("questions", n, "choices", m)
                    yield path, f"{message}: old results links hold it, so take a free key"

    def _swapped_keys(self) -> Iterator[tuple[YamlPath, str]]:
        """Yield the choices that have the key of another one of their question."""
        before = asked_choices(self.old)
        for n, question in enumerate(self.new.questions):
            by_text = {choice.text: choice for choice in question.choices}
            for m, choice in enumerate(question.choices):
                was = before[choice.key][1] if choice.key in before else choice
                now = by_text.get(was.text, choice)
                if now.key != choice.key and now.id == was.id:
                    message = f'key {choice.key} was that of "{was.id}" and is now "{choice.id}"'
                    remedy = f"old results links now say the other: give {choice.key} back"
                    yield ("questions", n, "choices", m, "key"), f"{message}: {remedy}"
