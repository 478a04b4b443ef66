"""One result as HTML, put together from pieces: on a page of its own or among those of a squad."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from questionnaire import bodymap
from questionnaire.codes import grouped
from questionnaire.model import Answers, Assessment, Finding, Match, Raised, Rulebook, Shown
from questionnaire.pieces import Pieces


def sheet(
    made: Pieces,
    answers: Answers,
    found: Assessment,
    told: Markup,
    club: str = "",
    prefix: str = "",
) -> Markup:
    """Return what the article says to these answers.

    `told` is where the answers stand; `prefix` keeps the ids of several sheets apart.
    """
    return made.piece(
        "_sheet.html:sheet",
        bool(found.findings),
        bool(club),
        club=club,
        day=day(answers.day),
        cautions=[_caution(made, one) for one in found.cautions],
        opening=_texts(made, found.advice, "opening"),
        summary=_summary(made, found.findings, prefix),
        map=_map(made, found.findings),
        findings=[_finding(made, one, prefix) for one in found.findings],
        closing=_texts(made, found.advice, "closing"),
        answers=told,
    )


def stopped(
    made: Pieces,
    answers: Answers,
    found: Assessment,
    told: Markup,
    club: str = "",
    *,
    headed: bool = False,
) -> Markup:
    """Return what to do about warning signs; `headed` is the first too, if the page is not."""
    signs = [_sign(made, stop, headed=headed or stop is not found.stops[0]) for stop in found.stops]
    return made.piece(
        "_stop.html:stopped",
        bool(club),
        club=club,
        day=day(answers.day),
        signs=signs,
        answers=told,
    )


def answers_given(
    made: Pieces, book: Rulebook, answers: Answers, code: str, onward: str = ""
) -> Markup:
    """Return what was answered, with the code and what can be done with it."""
    chosen = [(question, question.choices_in(answers.ticked)) for question in book.questions]
    given = [
        made.piece("_answers.html:given", question, choices="; ".join([one.text for one in mine]))
        for question, mine in chosen
        if mine
    ]
    retired = [made.piece("_answers.html:retired", one) for one in book.retired_in(answers.ticked)]
    return made.piece(
        "_answers.html:answers",
        bool(retired),
        day=day(answers.day),
        given=given,
        retired=retired,
        code=grouped(code),
        onward=onward,
    )


@lru_cache(maxsize=64)
def day(day: date) -> str:
    """Return a day as the pages write it."""
    return f"{day.day} {day:%B %Y}"


def _caution(made: Pieces, raised: Raised) -> Markup:
    said = "; ".join([choice.spoken for choice in raised.said])
    return made.piece("_sheet.html:caution", raised.notice, said=said)


def _sign(made: Pieces, raised: Raised, *, headed: bool) -> Markup:
    said = [made.piece("_stop.html:said", choice) for choice in raised.said]
    return made.piece("_stop.html:sign", raised.notice, headed, said=said)


def _texts(made: Pieces, advice: Iterable[Shown], place: str) -> list[Markup]:
    shown = [one.advice for one in advice if one.advice.place == place]
    return [made.piece("_sheet.html:text", one) for one in shown]


def _summary(made: Pieces, findings: tuple[Finding, ...], prefix: str) -> list[Markup]:
    return [
        made.piece(
            "_sheet.html:counted",
            one.group,
            one is findings[-1],
            prefix=prefix,
            count=str(len(one.matches)),
        )
        for one in findings
    ]


def _map(made: Pieces, findings: Iterable[Finding]) -> Markup:
    """Return the body map with the muscle groups of the findings shaded by their place."""
    labels = {
        finding.group.region: (finding.place, f"{finding.place} {finding.group.name}")
        for finding in findings
        if finding.group.region
    }
    described = ", ".join([f"{finding.place} {finding.group.name}" for finding in findings])
    return bodymap.draw(labels, title=made.piece("_sheet.html:map_title"), description=described)


def _finding(made: Pieces, finding: Finding, prefix: str) -> Markup:
    return made.piece(
        "_sheet.html:finding",
        finding.group,
        bool(finding.joint_with),
        prefix=prefix,
        place=str(finding.place),
        count=str(len(finding.matches)),
        others=", ".join([group.name for group in finding.joint_with]),
        reasons=[_reason(made, match) for match in finding.matches],
        also=[made.piece("_sheet.html:also", shown.advice) for shown in finding.advice],
    )


def _reason(made: Pieces, match: Match) -> Markup:
    said = [made.piece("_sheet.html:said", choice) for choice in match.said]
    return made.piece("_sheet.html:reason", match.claim, said=said)
