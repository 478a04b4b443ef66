"""Results: /r/<code> with its QR code, change, comparison, and the box to enter a code."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Assessment, Finding, compare
from questionnaire.engine.codes import CodeError
from questionnaire.engine.evaluate import assess, has_stop, overruled_choices, warning_questions
from questionnaire.rulebook.content import Advice, MuscleGroup
from questionnaire.rulebook.question import Choice
from questionnaire.text import printable
from questionnaire.web import links
from questionnaire.web.caching import cached_page
from questionnaire.web.form import extra_questions, render_form, sign_lists
from questionnaire.web.qr_code import qr_svg
from questionnaire.web.request_limits import SPARE_FIELDS, set_limits
from questionnaire.web.wording import ngettext, said

MAX_CLAIMS_IN_LARGE_TYPE = 3
"""With how many statements a result still fits on one printed page in larger type."""

MAX_NAMED_GROUPS = 3
"""How many muscle groups the headline names: of more it says how many they are."""

MAX_STEPS = 6
"""How many lines "What to do with this" has at most."""

WEEKS_UNTIL_OLD = 4
WEEKS_COUNTED = 13
"""Up to how many weeks an age is told in weeks: from then on in months."""

MAX_PASTED = 20_000
"""How many bytes may be sent with a code: a message and a mail around it have few."""

MAX_TYPED = 1000
"""How much of what was typed is shown again: no code is longer."""

bp = Blueprint("results", __name__)


def init_app(app: Flask) -> None:
    """Add the routes of results, and what their templates use."""
    app.register_blueprint(bp)
    app.register_error_handler(CodeError, handle_code_error)
    app.jinja_env.filters |= {
        "age": age,
        "group_digits": codes.group_digits,
        "map_labels": map_labels,
        "phrase": phrase,
        "spots": spots,
    }
    app.jinja_env.globals |= {
        "MAX_CLAIMS_IN_LARGE_TYPE": MAX_CLAIMS_IN_LARGE_TYPE,
        "MAX_NAMED_GROUPS": MAX_NAMED_GROUPS,
        "groups_to_work_on": groups_to_work_on,
        "result_address": result_address,
        "overruled_choices": lambda answers: overruled_choices(g.rulebook, answers.ticked),
        "steps_of_groups": steps_of_groups,
        "extra_questions": lambda: extra_questions(g.rulebook),
        "sign_lists": lambda: sign_lists(g.rulebook),
        "warning_questions": lambda: warning_questions(g.rulebook),
    }


@bp.get("/r")
@bp.get("/r/")
@cached_page
def enter_code() -> str:
    """Show the box for a code or link."""
    return render_template("results/code.html", typed="")


@bp.post("/r")
def find_result() -> BaseResponse | tuple[str, int]:
    """Lead to the result of a code or link, or say what is wrong with it."""
    set_limits(SPARE_FIELDS, MAX_PASTED)
    typed = request.form.get("code", "")
    try:
        answers = codes.find_answers(g.rulebook, typed)
    except CodeError as error:
        return render_template(
            "results/code.html", typed=_short(typed), reason=said(error.reason)
        ), 422
    return redirect(url_for("results.show", code=codes.encode(g.rulebook, answers)), 303)


@bp.get("/r/<code>")
def show(code: str) -> str | BaseResponse:
    """Show what the article says about the answers in a code."""
    answers = codes.decode(g.rulebook, code)
    spelt = codes.encode(g.rulebook, answers)
    if code != spelt:  # one address for a result, however somebody spelt its code
        return redirect(url_for("results.show", code=spelt), 301)
    return render_result(assess(g.rulebook, answers), code)


def render_result(assessment: Assessment, code: str, **shown: Any) -> str:
    """Return the page of a result: what the article says, or what to do about warning signs."""
    return render_template(
        "results/stop.html" if assessment.stops else "results/result.html",
        assessment=assessment,
        answers=assessment.answers,
        code=code,
        address=result_address(code),
        site=links.public_url(""),
        **shown,
    )


@bp.get("/r/<code>/change")
def change(code: str) -> str:
    """Show the form filled with the answers in a code."""
    answers = codes.decode(g.rulebook, code)
    ticked = answers.ticked | g.rulebook.counterparts(answers.ticked)
    return render_form(ticked, day=answers.day)


@bp.get("/r/<code>/qr.svg")
def qr_code(code: str) -> Response:
    """Send the QR code of a result's address: apart, so that it is drawn only if wanted."""
    spelt = codes.encode(g.rulebook, codes.decode(g.rulebook, code))
    drawing = qr_svg(result_address(spelt))
    return Response(drawing, mimetype="image/svg+xml")


@bp.post("/r/<code>/with")
def compare_with(code: str) -> BaseResponse | tuple[str, int]:
    """Lead to the comparison with an earlier result, or say what is wrong with its code."""
    now = codes.decode(g.rulebook, code)
    set_limits(SPARE_FIELDS, MAX_PASTED)
    typed = request.form.get("earlier", "")
    try:
        earlier = codes.find_answers(g.rulebook, typed)
    except CodeError as error:
        spelt = codes.encode(g.rulebook, now)
        return render_result(
            assess(g.rulebook, now), spelt, problem=said(error.reason), typed=_short(typed)
        ), 422
    if _comes_first(now, earlier):
        earlier, now = now, earlier
    spelt, before = (codes.encode(g.rulebook, answers) for answers in (now, earlier))
    return redirect(url_for("results.comparison", code=spelt, earlier=before), 303)


@bp.get("/r/<code>/with")
def compare_form(code: str) -> BaseResponse:
    """Lead to the result: whoever opens the page of a wrong code again asks for this."""
    return redirect(url_for("results.show", code=code), 303)


@bp.get("/r/<code>/with/<earlier>")
def comparison(code: str, earlier: str) -> str | BaseResponse | tuple[str, int]:
    """Show a result together with what changed since an earlier one."""
    now = codes.decode(g.rulebook, code)
    try:
        before = codes.decode(g.rulebook, earlier)
    except CodeError as error:  # a result, or a warning sign, must not be lost with it
        shown = {"problem": said(error.reason), "typed": _short(earlier)}
        return render_result(assess(g.rulebook, now), codes.encode(g.rulebook, now), **shown), 404
    if _comes_first(now, before):
        there = url_for("results.comparison", code=earlier, earlier=code)
        return redirect(there, 301)
    spelt = codes.encode(g.rulebook, now)
    assessment = assess(g.rulebook, now)
    changes = compare(g.rulebook, assess(g.rulebook, before), assessment)
    return render_result(
        assessment, spelt, comparison=changes, earlier_code=codes.encode(g.rulebook, before)
    )


def handle_code_error(error: CodeError) -> tuple[str, int]:
    """Say what is wrong with the code in an address, and offer to correct it."""
    typed = (request.view_args or {}).get("code", "")
    return render_template("results/code.html", typed=_short(typed), reason=said(error.reason)), 404


def result_address(code: str) -> str:
    """Return the public address of a result, without the name of a club."""
    return links.public_url(url_for("results.show", code=code, **links.NOTHING_KEPT))


def age(day: date) -> str:
    """Return how old answers of a day are as a sentence, or "" in their first four weeks."""
    weeks = (date.today() - day).days // 7
    if weeks < WEEKS_UNTIL_OLD:
        return ""
    if weeks < WEEKS_COUNTED:
        return ngettext(
            "These answers are %(num)d week old.", "These answers are %(num)d weeks old.", weeks
        )
    months = round(weeks / 52 * 12)
    return ngettext(
        "These answers are %(num)d month old.", "These answers are %(num)d months old.", months
    )


def phrase(item: Choice | MuscleGroup) -> str:
    """Return the words for a choice or a muscle group within a sentence."""
    return item.phrase or (item.spoken if isinstance(item, Choice) else item.name)


def groups_to_work_on(assessment: Assessment) -> tuple[Finding, ...]:
    """Return the findings in the first place, as many as the list of steps has room for."""
    room = _room_for_groups(assessment) - len(steps_of_groups(assessment))
    first = [finding for finding in assessment.findings if finding.rank == 1]
    return tuple(first[: max(room, 1)])


def steps_of_groups(assessment: Assessment) -> list[tuple[Advice, list[MuscleGroup]]]:
    """Return the steps that are shown for muscle groups, with these groups.

    One muscle group to work on comes first. Steps without room stand on the cards.
    """
    groups: dict[Advice, list[MuscleGroup]] = {}
    for finding in assessment.findings:
        for shown in finding.advice:
            if shown.advice.place == "step":
                groups.setdefault(shown.advice, []).append(finding.group)
    return list(groups.items())[: max(_room_for_groups(assessment) - 1, 0)]


def _room_for_groups(assessment: Assessment) -> int:
    """Return how many steps there is room for beside those about no muscle group."""
    texts = [shown for shown in assessment.advice if shown.advice.place != "closing"]
    return MAX_STEPS - len(texts) - bool(assessment.cautions)


class MapLabel(NamedTuple):
    """The label of a region of the body map: the muscle group, and its rank if it is a finding."""

    group: MuscleGroup
    rank: int | None

    @property
    def words(self) -> str:
        """Return the words of the label."""
        return f"{self.rank} {self.group.name}" if self.rank else self.group.name


def map_labels(assessment: Assessment) -> dict[str, MapLabel]:
    """Return the label of each region of the body map: of the findings, or of all if none is."""
    labels = [MapLabel(finding.group, finding.rank) for finding in assessment.findings]
    labels = labels or [MapLabel(group, None) for group in g.rulebook.muscle_groups]
    return {label.group.region: label for label in labels if label.group.region}


def spots(answers: Answers) -> list[str]:
    """Return the spots of the body map that the answers are about."""
    choices = [choice for q in g.rulebook.questions for choice in q.choices_in(answers.ticked)]
    return [choice.spot for choice in choices if choice.spot]


def _comes_first(answers: Answers, others: Answers) -> bool:
    """Return True if answers are the earlier ones; of one day those with a warning sign are not."""
    if answers.day != others.day:
        return answers.day < others.day
    stop, other_stop = (has_stop(g.rulebook, one.ticked) for one in (answers, others))
    return other_stop and not stop


def _short(typed: str) -> str:
    """Return what was typed, fit to be shown again."""
    return printable(typed[:MAX_TYPED])
