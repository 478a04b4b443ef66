"""One result as HTML, put together from pieces: on a page of its own or among those of a squad."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from questionnaire import bodymap
from questionnaire.codes import grouped
from questionnaire.model import Answers, Assessment, Finding, Rulebook, Shown
from questionnaire.pieces import Html, Pieces, joined


def sheet(
    made: Pieces, answers: Answers, found: Assessment, told: str, club: str = "", prefix: str = ""
) -> Html:
    """Return what the article says to these answers.

    `told` is where the answers stand; `prefix` keeps the ids of several sheets apart.
    """
    cautions = [
        made.fill("_sheet.html:caution", notice=one.notice, said=one.said) for one in found.cautions
    ]
    holes = {
        "club": club,
        "day": day(answers.day),
        "cautions": joined(cautions),
        "opening": _texts(made, found.advice, "opening"),
        "summary": _summary(made, found.findings, prefix),
        "map": body_map(made, found.findings),
        "findings": joined([_finding(made, one, prefix) for one in found.findings]),
        "closing": _texts(made, found.advice, "closing"),
        "answers": told,
    }
    return made.fill("_sheet.html:sheet", holes, found=bool(found.findings), shared=bool(club))


def answers_given(
    made: Pieces, book: Rulebook, answers: Answers, code: str, onward: str = ""
) -> Html:
    """Return what was answered, with the code and what can be done with it."""
    given = []
    for question in book.questions:
        if chosen := question.choices_in(answers.ticked):
            holes = {"choices": "; ".join([choice.text for choice in chosen])}
            given.append(made.fill("_answers.html:given", holes, question=question))
    holes = {
        "day": day(answers.day),
        "given": joined(given),
        "code": grouped(code),
        "onward": onward,
    }
    return made.fill("_answers.html:answers", holes, retired=book.retired_in(answers.ticked))


def body_map(made: Pieces, findings: Iterable[Finding]) -> Html:
    """Return the body map with the muscle groups of the findings shaded by their place."""
    labels = {
        finding.group.region: (finding.place, f"{finding.place} {finding.group.name}")
        for finding in findings
        if finding.group.region
    }
    described = ", ".join(f"{finding.place} {finding.group.name}" for finding in findings)
    title = made.fill("_sheet.html:map_title")
    return Html(bodymap.draw(labels, title=title, description=described))


@lru_cache(maxsize=64)
def day(day: date) -> str:
    """Return a day as the pages write it."""
    return f"{day.day} {day:%B %Y}"


def _texts(made: Pieces, advice: Iterable[Shown], place: str) -> Html:
    shown = [one.advice for one in advice if one.advice.place == place]
    return joined([made.fill("_sheet.html:text", advice=one) for one in shown])


def _summary(made: Pieces, findings: tuple[Finding, ...], prefix: str) -> Html:
    counted = []
    for one in findings:
        about = {"group": one.group, "count": len(one.matches), "last": one is findings[-1]}
        counted.append(made.fill("_sheet.html:counted", {"prefix": prefix}, **about))
    return joined(counted)


def _finding(made: Pieces, finding: Finding, prefix: str) -> Html:
    reasons = [
        made.fill("_sheet.html:reason", claim=one.claim, said=one.said) for one in finding.matches
    ]
    also = [made.fill("_sheet.html:also", advice=shown.advice) for shown in finding.advice]
    return made.fill(
        "_sheet.html:finding",
        {"prefix": prefix, "reasons": joined(reasons), "also": joined(also)},
        group=finding.group,
        place=finding.place,
        joint_with=finding.joint_with,
        count=len(finding.matches),
    )
