"""The results that runners sent to their coach, found in whatever text holds their links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from string import ascii_letters, digits

from questionnaire.engine.assessment import Answers, Assessment, Finding
from questionnaire.engine.codes import CodeError, decode, encode
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.content import MuscleGroup, Notice, NoticeKind, Urgency
from questionnaire.rulebook.model import Rulebook
from questionnaire.text import quoted

MAX_RESULTS = 300
MAX_TEXT = 200_000
"""How long a pasted text may be, in bytes."""

MAX_NAME = 60
MAX_LINE = 1000
"""How much of a line is looked at to show what could not be read."""

NO_CODE = "no code in this line"
PRIVATE = "Has a notice: speak to them."
"""All that a coach is told of a private notice."""

# Every alternative starts at one place only, so that a text of any shape takes linear time.
# What a comparison compares with, after /with/, is no result of its own.
_CODE = re.compile(
    r"""
    /r/ (?P<link> [0-9A-Za-z-]* ) (?: /change | /with (?: / (?P<other> [0-9A-Za-z-]* ) )? )?
        (?: [?#] [^\s<>()\[\]"'|,;]* )?
    | (?<! [0-9A-Za-z] )
      (?P<bare> [0-9A-Za-z]{5} (?: -[0-9A-Za-z]{5} )* -[0-9A-Za-z]{1,5} | [0-9A-Za-z]{7,} )
      (?! [0-9A-Za-z] )
    """,
    re.VERBOSE,
)
_STAMP = re.compile(
    r"\W{0,3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s{1,2}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:\s?[ap]\.?m\.?)?\]?(?:\s-)?\s",
    re.IGNORECASE,
)
_ADDRESS = ascii_letters + digits + "-._~:/%@+"
_AROUND = " ,;:-–—•*·|\"'"
_MOST_NAMES = 3
"""How many parts of a name may hang on a code by hyphens."""


class SquadError(ValueError):
    """A text cannot become a squad sheet; the message says why, for the reader of the page."""


@dataclass(frozen=True, slots=True)
class Runner:
    """One result of a squad, under the name that stood before its link."""

    name: str
    named: bool
    code: str
    answers: Answers
    assessment: Assessment

    @property
    def told(self) -> tuple[str, ...]:
        """Return what a coach is told of every stop, or else of every caution: private last."""
        raised = self.assessment.stops or self.assessment.cautions
        notices = sorted((one.notice for one in raised), key=lambda notice: notice.private)
        return tuple(dict.fromkeys(map(_for_coach, notices)))

    @property
    def by_group(self) -> dict[str, Finding]:
        """Return the findings by the id of their muscle group."""
        return {finding.group.id: finding for finding in self.assessment.findings}


@dataclass(frozen=True, slots=True)
class UnreadLines:
    """Lines, counted from 1, that gave no result, and why; `text` is there for a single line."""

    first: int
    last: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Squad:
    """What a pasted text holds; `repeated` counts what came again under the same name.

    `unread_lines` counts the lines that `unread` lists, several of them in one entry.
    """

    runners: tuple[Runner, ...]
    unread: tuple[UnreadLines, ...]
    unread_lines: int
    repeated: int

    def noticed(self, rulebook: Rulebook) -> list[tuple[str, list[Runner]]]:
        """Return each thing that a coach is told with its runners, in the order of `told`."""
        urgencies = list(Urgency)
        notices = sorted(
            rulebook.notices,
            key=lambda one: (
                one.kind is not NoticeKind.STOP,
                one.private,
                urgencies.index(one.urgency),
            ),
        )
        told: dict[str, list[Runner]] = {_for_coach(notice): [] for notice in notices}
        for runner in self.runners:
            for words in runner.told:
                told[words].append(runner)
        return [(words, runners) for words, runners in told.items() if runners]

    def totals(self, rulebook: Rulebook) -> list[tuple[MuscleGroup, int]]:
        """Return how many runners' findings name each muscle group, the most first."""
        named = [f.group.id for runner in self.runners for f in runner.assessment.findings]
        counted = [(group, named.count(group.id)) for group in rulebook.muscle_groups]
        return sorted(counted, key=lambda pair: -pair[1])


@dataclass(frozen=True, slots=True)
class _ParsedResult:
    name: str
    answers: Answers


def _for_coach(notice: Notice) -> str:
    return PRIVATE if notice.private else notice.action


def parse_squad(rulebook: Rulebook, text: str) -> Squad:
    """Return the runners in a text, in its order, and the lines that could not be read.

    Raises SquadError if it holds more than 300 results.
    """
    found: dict[tuple[object, ...], _ParsedResult] = {}
    repeated = unread_lines = last_read = 0
    unread: list[UnreadLines] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        told: set[str] = set()
        for one in _read_line(rulebook, line):
            if isinstance(one, str):
                if one not in told:
                    told.add(one)
                    _add(unread, number, line, one, after=last_read)
                continue
            last_read = number
            # Two who sent no name may well have given the same answers on the same day.
            key = (one.name, one.answers) if one.name else (len(found),)
            repeated += key in found
            found.setdefault(key, one)
        unread_lines += bool(told)
        if len(found) > MAX_RESULTS:
            raise SquadError(
                f"This holds more than {MAX_RESULTS} results. Paste that many at most at a time."
            )
    return Squad(tuple(_assessed(rulebook, found.values())), tuple(unread), unread_lines, repeated)


def _read_line(rulebook: Rulebook, line: str) -> Iterator[_ParsedResult | str]:
    """Yield every result in a line, and the reasons why something in it is none."""
    silent, start, doubt = True, 0, NO_CODE
    for match in _CODE.finditer(line):
        try:
            hanging, answers = _decode(rulebook, match)
        except CodeError as error:
            if match["bare"] is None:
                silent = False
                yield str(error)
            elif _looks_like_a_code(match["bare"]):
                doubt = str(error)
        else:
            silent = False
            before = line[start : match.start()]
            yield _ParsedResult(
                _name(_without_address(before) if hanging is None else before + hanging), answers
            )
            start = match.end()
    if silent and line.strip():
        yield doubt


def _decode(rulebook: Rulebook, match: re.Match[str]) -> tuple[str | None, Answers]:
    """Return the answers in a link or a bare code, and what hung on the code by a hyphen."""
    if match["bare"] is None:
        return None, _later(rulebook, match["link"], match["other"] or "")
    groups = match["bare"].split("-")
    for start in range(1, min(_MOST_NAMES + 1, len(groups))):
        with suppress(CodeError):
            return "-".join(groups[:start]), decode(rulebook, "".join(groups[start:]))
    return "", decode(rulebook, match["bare"])


def _later(rulebook: Rulebook, code: str, other: str) -> Answers:
    """Return the answers in a link, or those compared with them if they are of a later day."""
    answers = decode(rulebook, code)
    with suppress(CodeError):
        compared = decode(rulebook, other)
        return compared if compared.day > answers.day else answers
    return answers


def _looks_like_a_code(bare: str) -> bool:
    return len(bare) >= 10 and not bare.isalpha() and not bare.isdigit()


def _without_address(before: str) -> str:
    """Return what stands before a link, whose path alone was found."""
    start = max(before.rfind("http://"), before.rfind("https://"))
    whole = start >= 0 and len(before[start:].split()) == 1
    return before[:start] if whole else before.rstrip(_ADDRESS)


def _name(before: str) -> str:
    """Return the name in what stands before a link or code, or nothing."""
    if stamp := _STAMP.match(before):
        before = before[stamp.end() :].partition(": ")[0]
    printable = "".join(one if one.isprintable() else " " * one.isspace() for one in before)
    name = " ".join(printable.split()).lstrip(_AROUND + ">").rstrip(_AROUND + "([<")
    return name[:MAX_NAME].strip()


def _add(unread: list[UnreadLines], number: int, line: str, reason: str, after: int) -> None:
    """Add a line to those not read; lines `after` the last result that say the same are one."""
    last = unread[-1] if unread else None
    joined = reason == NO_CODE and last is not None and last.last > after
    if last and last.reason == reason and (joined or last.last == number):
        text = last.text if last.first == number else ""
        unread[-1] = UnreadLines(last.first, number, text, reason)
    else:
        text = line[:MAX_LINE].strip()
        unread.append(UnreadLines(number, number, quoted(text[: 2 * MAX_NAME]), reason))


def _assessed(rulebook: Rulebook, found: Iterable[_ParsedResult]) -> Iterator[Runner]:
    nameless = 0
    for one in found:
        nameless += not one.name
        yield Runner(
            name=one.name or f"Runner {nameless}",
            named=bool(one.name),
            code=encode(rulebook, one.answers),
            answers=one.answers,
            assessment=assess(rulebook, one.answers),
        )
