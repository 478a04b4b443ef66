"""Which of the results in a pasted text are one runner's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.engine.assessment import Answers
from questionnaire.squad.runner_names import abbreviates, name_key


@dataclass(frozen=True, slots=True)
class NamedResult:
    """One result as it was pasted: a name if it has one, its line, and who sent it."""

    name: str | None
    line: int
    answers: Answers
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class MergedRunner:
    """One runner: the newest result first, each once; `repeated` counts those that came again."""

    name: str | None
    line: int
    results: tuple[Answers, ...]
    repeated: int
    sender: str | None = None


def merge_results(results: Sequence[NamedResult]) -> list[MergedRunner]:
    """Return a runner for each name and for each nameless result, in the order of the text.

    One name is one runner, however it is capitalised or composed. One code is one runner if it
    stands without a name beside a name, or under names that differ by an initial only. What
    somebody sent on without a name is nobody's whose result another has sent.
    """
    full_names = _full_names(results)
    sent = {(one.answers, name_key(one.name), one.sender) for one in results if one.name}
    groups: dict[object, list[NamedResult]] = {}
    for index, result in enumerate(results):
        groups.setdefault(_runner_key(result, index, full_names, sent), []).append(result)
    return [_merge(group) for group in groups.values()]


def _full_names(results: Sequence[NamedResult]) -> dict[Answers, list[str]]:
    """Return the names under which each code stands, one for each runner."""
    names: dict[Answers, list[str]] = {}
    for result in results:
        if result.name is not None:
            keys = names.setdefault(result.answers, [])
            if (key := name_key(result.name)) not in keys:
                keys.append(key)
    return {answers: _without_initials(keys) for answers, keys in names.items()}


def _without_initials(keys: list[str]) -> list[str]:
    return [key for key in keys if _spelt_out(key, keys) == key]


def _spelt_out(key: str, keys: Sequence[str]) -> str:
    """Return the one longer name of which a name has an initial, or the name itself."""
    longer = [one for one in keys if abbreviates(key, one)]
    return longer[0] if len(longer) == 1 else key


def _runner_key(
    result: NamedResult,
    index: int,
    full_names: dict[Answers, list[str]],
    sent: set[tuple[Answers, str, str | None]],
) -> tuple[object, ...]:
    names = full_names.get(result.answers, [])
    if result.name is not None:
        return (_spelt_out(name_key(result.name), names),)
    if sender := result.sender:
        own = name_key(sender)
        names = [one for one in names if one == own or (result.answers, one, sender) in sent]
    return (names[0],) if names else (index, None)


def _merge(group: list[NamedResult]) -> MergedRunner:
    """Return the runner whose results these are; of one day, the later in the text is newer."""
    ordered = sorted(group, key=lambda one: one.answers.day)
    newest = ordered[::-1]
    answers = tuple(dict.fromkeys(one.answers for one in newest))
    names = [one.name for one in group if one.name is not None]
    name = max(names, key=lambda one: len(name_key(one)), default=None)
    return MergedRunner(name, newest[0].line, answers, len(group) - len(answers), newest[0].sender)
