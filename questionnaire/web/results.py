"""The page of a result, with the ways to keep it, to share it and to compare it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template
from markupsafe import Markup

from questionnaire.engine.assessment import Answers
from questionnaire.engine.comparison import Comparison
from questionnaire.engine.evaluate import assess
from questionnaire.rulebook.model import Rulebook
from questionnaire.web import club as clubs
from questionnaire.web import links
from questionnaire.web.pieces import Filled, pieces
from questionnaire.web.sheet import Sheet

FITS_LARGE = 6
"""With how many statements a sheet still fits on one page in larger type."""


def result_page(
    book: Rulebook,
    answers: Answers,
    code: str,
    club: str = "",
    *,
    comparison: Comparison | None = None,
    problem: str = "",
    typed: str = "",
) -> Markup:
    """Return the page of a result; `problem` is that of the code typed to compare it with."""
    kept, found, site = pieces(), assess(book, answers), links.public("")
    onward = kept.piece(
        "_answers.html:onward",
        links.only_here(site),
        not found.stops,
        bool(problem),
        site=site,
        code=code,
        query=f"?{urlencode({clubs.NAME: club})}" if club else "",
        problem=problem,
        typed=typed,
    )
    sheet = Sheet(kept, book, answers, found, code, club, onward).html()
    if found.stops:
        return kept.page("stop.html", {"action": found.stops[0].notice.action, "sheet": sheet})
    compared = _compared(comparison, answers) if comparison else ""
    filled: Filled = {"comparison": compared, "sheet": sheet, "site": site}
    roomy = not comparison and not found.cautions and found.total <= FITS_LARGE
    return kept.page("results.html", filled, roomy=roomy, wrong=bool(problem))


def _compared(comparison: Comparison, answers: Answers) -> Markup:
    page = render_template("_comparison.html", comparison=comparison, answers=answers)
    return Markup(page)  # noqa: S704 - the template has escaped what is in it
