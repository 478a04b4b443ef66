"""One result as HTML, put together from pieces: on a page of its own or among those of a squad."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from questionnaire.engine.assessment import Answers, Assessment, Finding, Match, Raised, Shown
from questionnaire.engine.codes import grouped
from questionnaire.rulebook.model import Rulebook
from questionnaire.web import bodymap
from questionnaire.web.pieces import Pieces


@lru_cache(maxsize=64)
def day(day: date) -> str:
    """Return a day as the pages write it."""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one runner answered, and what the article says to it.

    `onward` follows the code; `prefix` keeps the ids of several sheets on a page apart.
    """

    kept: Pieces
    book: Rulebook
    answers: Answers
    found: Assessment
    code: str
    club: str = ""
    onward: str = ""
    prefix: str = ""

    def html(self, *, headed: bool = False) -> Markup:
        """Return all of it; `headed` says that also a first warning sign needs its heading."""
        return self._stopped(headed) if self.found.stops else self._whole()

    def _whole(self) -> Markup:
        found = self.found
        return self.kept.piece(
            "_sheet.html:sheet",
            bool(found.findings),
            bool(self.club),
            club=self.club,
            day=day(self.answers.day),
            cautions=[self._caution(one) for one in found.cautions],
            opening=self._texts("opening"),
            summary=self._summary(),
            map=self._map(),
            findings=[self._finding(one) for one in found.findings],
            closing=self._texts("closing"),
            answers=self._answers(),
        )

    def _stopped(self, headed: bool) -> Markup:
        """Return what to do about warning signs, which come alone."""
        stops = self.found.stops
        return self.kept.piece(
            "_stop.html:stopped",
            bool(self.club),
            club=self.club,
            day=day(self.answers.day),
            signs=[self._sign(one, headed or one is not stops[0]) for one in stops],
            answers=self._answers(),
        )

    def _answers(self) -> Markup:
        """Return what was answered, with the code and what can be done with it."""
        kept, ticked = self.kept, self.answers.ticked
        given = [
            kept.piece(
                "_answers.html:given", question, choices="; ".join([one.text for one in mine])
            )
            for question in self.book.questions
            if (mine := question.choices_in(ticked))
        ]
        retired = [kept.plain("_answers.html:retired", one) for one in self.book.retired_in(ticked)]
        return kept.piece(
            "_answers.html:answers",
            bool(retired),
            day=day(self.answers.day),
            given=given,
            retired=retired,
            code=grouped(self.code),
            onward=self.onward,
        )

    def _sign(self, raised: Raised, headed: bool) -> Markup:
        said = [self.kept.plain("_stop.html:said", choice) for choice in raised.said]
        return self.kept.piece("_stop.html:sign", raised.notice, headed, said=said)

    def _caution(self, raised: Raised) -> Markup:
        said = "; ".join([choice.spoken for choice in raised.said])
        return self.kept.piece("_sheet.html:caution", raised.notice, said=said)

    def _texts(self, place: str) -> list[Markup]:
        shown = [one.advice for one in self.found.advice if one.advice.place == place]
        return [self.kept.plain("_sheet.html:text", one) for one in shown]

    def _summary(self) -> list[Markup]:
        findings = self.found.findings
        return [
            self.kept.piece(
                "_sheet.html:counted",
                one.group,
                one is findings[-1],
                prefix=self.prefix,
                count=str(len(one.matches)),
            )
            for one in findings
        ]

    def _map(self) -> Markup:
        """Return the body map with the muscle groups of the findings shaded by their place."""
        findings = self.found.findings
        names = [f"{finding.place} {finding.group.name}" for finding in findings]
        labels = {
            finding.group.region: (finding.place, name)
            for finding, name in zip(findings, names, strict=True)
            if finding.group.region
        }
        title = self.kept.plain("_sheet.html:map_title")
        return bodymap.draw(labels, title=title, description=", ".join(names))

    def _finding(self, finding: Finding) -> Markup:
        return self.kept.piece(
            "_sheet.html:finding",
            finding.group,
            bool(finding.joint_with),
            prefix=self.prefix,
            place=str(finding.place),
            count=str(len(finding.matches)),
            others=", ".join([group.name for group in finding.joint_with]),
            reasons=[self._reason(match) for match in finding.matches],
            also=self._also(finding.advice),
        )

    def _also(self, advice: Iterable[Shown]) -> list[Markup]:
        return [self.kept.plain("_sheet.html:also", shown.advice) for shown in advice]

    def _reason(self, match: Match) -> Markup:
        said = [self.kept.plain("_sheet.html:said", choice) for choice in match.said]
        return self.kept.piece("_sheet.html:reason", match.claim, said=said)
