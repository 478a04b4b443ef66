"""The squad in a pasted text: a row for each runner, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from questionnaire.engine.assessment import Answers, Assessment, Finding
from questionnaire.engine.codes import encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.content import Notice, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.squad.merge import MergedRunner, NamedResult, merge_results
from questionnaire.squad.pasted_text import TooMuchTextError
from questionnaire.squad.reader import read_results
from questionnaire.text import Message

MAX_RUNNERS = 300
MAX_SAME = 3
"""How many runners with the same answers are named."""

MAX_TEXT = 200_000
"""How long a pasted text may be, in bytes."""

SEVERAL = Message(
    "Sent different results on one day: one runner who corrected them, or two people? Ask."
)
"""What a coach is told of a name under which the newest day has more than one result."""

PRIVATE = Message("Has a notice: speak to them.")
"""All that a coach is told of a private notice."""


class SquadError(ValueError):
    """A text cannot become a squad sheet; the message says why, for the reader of the page."""

    @property
    def reason(self) -> str:
        """Return why."""
        reason: str = self.args[0]
        return reason


@dataclass(frozen=True, slots=True)
class RunnerResult:
    """One result of a runner."""

    code: str
    answers: Answers
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Runner:
    """One runner of a squad: the results of the newest day, and the codes of earlier ones.

    Results of one name and day may be two people's, so a stop in any of them counts.
    """

    name: str
    named: bool
    line: int
    results: tuple[RunnerResult, ...]
    earlier: tuple[tuple[str, Answers], ...] = ()
    same_answers: tuple[str, ...] = ()
    """The labels of the other runners whose answers are the same."""
    sender: str | None = None

    @property
    def label(self) -> str:
        """Return the name, or a number, the line to look at, and who sent it if that is known."""
        if self.named:
            return self.name
        where = {"name": self.name, "line": str(self.line)}
        if not self.sender:
            return Message("%(name)s (line %(line)s)", **where)
        return Message("%(name)s (line %(line)s, sent by %(sender)s)", sender=self.sender, **where)

    @property
    def code(self) -> str:
        """Return the code of the newest result."""
        return self.results[0].code

    @property
    def answers(self) -> Answers:
        """Return the newest answers."""
        return self.results[0].answers

    @property
    def assessment(self) -> Assessment:
        """Return the assessment of the newest answers."""
        return self.results[0].assessment

    @property
    def older(self) -> tuple[tuple[str, Answers], ...]:
        """Return the code and answers of every result but the one that the row leads to."""
        others = [(one.code, one.answers) for one in self.results if one is not self.shown]
        return (*others, *self.earlier)

    @property
    def shown(self) -> RunnerResult:
        """Return the result of the newest day that the row leads to: the gravest."""
        return min(self.results, key=_gravity)

    @property
    def stops(self) -> tuple[Notice, ...]:
        """Return the stops of every result of the newest day, each once."""
        raised = [stop.notice for one in self.results for stop in one.assessment.stops]
        return tuple(dict.fromkeys(raised))

    @property
    def stopped(self) -> bool:
        """Return True if a result of the newest day has a stop."""
        return any(one.assessment.stops for one in self.results)

    @property
    def told(self) -> tuple[str, ...]:
        """Return what a coach is told of every stop, or else of all else: private last."""
        cautions = [raised.notice for one in self.results for raised in one.assessment.cautions]
        urgencies = list(Urgency)
        notices = sorted(
            self.stops or cautions, key=lambda one: (one.private, urgencies.index(one.urgency))
        )
        several = [SEVERAL] if len(self.results) > 1 and not self.stops else []
        return tuple(dict.fromkeys([*several, *map(told_to_coach, notices)]))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of the newest day, none of a runner with a stop.

        Of two results, a muscle group has the finding with more reasons.
        """
        found = [one for result in self.results for one in result.assessment.findings]
        best = {one.group.id: one for one in sorted(found, key=lambda one: len(one.matches))}
        ranked = sorted(best.values(), key=lambda one: one.rank)
        return () if self.stopped else tuple(ranked)

    @property
    def by_group(self) -> dict[str, Finding]:
        """Return the findings by the id of their muscle group."""
        return {finding.group.id: finding for finding in self.findings}


@dataclass(frozen=True, slots=True)
class UnreadResult:
    """What looks like a result and could not be read: line, name beside it, its text and why."""

    line: int
    name: str | None
    text: str
    reason: str
    written: str
    """What of the line could not be read, so that the sheet reads it in its own file again."""


@dataclass(frozen=True, slots=True)
class Squad:
    """What a pasted text holds.

    `repeated` counts results that came again for the same runner, `chatter` lines without one.
    """

    runners: tuple[Runner, ...]
    unread: tuple[UnreadResult, ...]
    chatter: int
    repeated: int


def _gravity(result: RunnerResult) -> tuple[int, bool]:
    """Return the sort key of a result: the most urgent stop, then any stop, then a caution."""
    urgencies = list(Urgency)
    stops = [urgencies.index(stop.notice.urgency) for stop in result.assessment.stops]
    return min(stops, default=len(urgencies)), not result.assessment.cautions


def told_to_coach(notice: Notice) -> str:
    """Return what a coach is told of a notice: of a private one, only that there is one."""
    return PRIVATE if notice.private else notice.action


def parse_squad(rulebook: Rulebook, *texts: str) -> Squad:
    """Return the runners in one or more texts, in their order, and what could not be read.

    Raises SquadError if it holds more than 300 runners or 1,000 different links.
    """
    try:
        found = read_results(rulebook, *texts)
    except TooMuchTextError as error:
        raise SquadError(error.args[0]) from None
    merged = merge_results(
        [NamedResult(r.name, r.line, r.answers, r.sender) for r in found.results if r.answers]
    )
    if len(merged) > MAX_RUNNERS:
        raise SquadError(
            Message(
                "This holds more than %(most)s results. Paste that many at most at a time.",
                most=MAX_RUNNERS,
            )
        )
    unread = [
        UnreadResult(result.line, result.name, result.shown, result.reason, result.written)
        for result in found.results
        if result.answers is None
    ]
    runners = tuple(_with_same_answers(list(_assessed(rulebook, merged))))
    repeated = sum(one.repeated for one in merged)
    return Squad(runners, tuple(dict.fromkeys(unread)), found.chatter, repeated)


def _assessed(rulebook: Rulebook, merged: Sequence[MergedRunner]) -> Iterator[Runner]:
    nameless = 0
    for one in merged:
        nameless += one.name is None
        newest = [answers for answers in one.results if answers.day == one.results[0].day]
        earlier = one.results[len(newest) :]
        yield Runner(
            name=one.name or rulebook.texts.nameless.format(number=nameless),
            named=one.name is not None,
            line=one.line,
            results=tuple(
                RunnerResult(encode(rulebook, answers), answers, assess(rulebook, answers))
                for answers in newest
            ),
            earlier=tuple((encode(rulebook, answers), answers) for answers in earlier),
            sender=one.sender,
        )


def _with_same_answers(runners: Sequence[Runner]) -> Iterator[Runner]:
    """Yield the runners, each with who gave the same answers on the same day."""
    labels: dict[Answers, list[str]] = {}
    for runner in runners:
        labels.setdefault(runner.shown.answers, []).append(runner.label)
    for runner in runners:
        same = labels[runner.shown.answers]
        others = tuple(label for label in same[: MAX_SAME + 1] if label != runner.label)
        yield replace(runner, same_answers=others[:MAX_SAME])
