"""The pages, in the order in which a runner meets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.globals import request_ctx
from jinja2 import FunctionLoader
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.engine import codes
from questionnaire.engine.assessment import Answers, Finding
from questionnaire.engine.codes import CodeError
from questionnaire.engine.comparison import compare
from questionnaire.engine.conditions import keys
from questionnaire.engine.evaluate import assess, warning_questions
from questionnaire.rulebook.model import Claim, Rulebook
from questionnaire.text import printable
from questionnaire.web import about as prose
from questionnaire.web import bodymap, links
from questionnaire.web import club as clubs
from questionnaire.web.assets import asset, assets
from questionnaire.web.coach import coaches
from questionnaire.web.constant import constant
from questionnaire.web.form import form_class
from questionnaire.web.served import refuse_endless, rulebook
from questionnaire.web.squad import squads

RUNNER_PAGES = {
    "pages.form",
    "pages.answer",
    "pages.result",
    "pages.change",
    "pages.compare_with",
    "pages.nothing_to_compare",
    "pages.comparison",
}
"""The pages whose links keep the name of the club that led a runner there."""

MAX_CLAIMS_IN_LARGE_TYPE = 6
"""With how many statements a result still fits on one printed page in larger type."""

pages = Blueprint("pages", __name__)


def register(app: Flask) -> None:
    """Add the pages to the application; `use` gives them their rulebook."""
    app.url_map.merge_slashes = False  # or "//" would redirect to whatever host was asked for
    app.jinja_env.filters |= {
        "day": day,
        "grouped": codes.grouped,
        "map_labels": map_labels,
        "age": age,
    }
    app.jinja_env.globals |= {
        "asset": asset,
        "MAX_CLAIMS_IN_LARGE_TYPE": MAX_CLAIMS_IN_LARGE_TYPE,
        "map_shapes": bodymap.shapes,
        "only_here": links.only_here,
        "qr": links.qr,
        "warning_questions": lambda: warning_questions(rulebook()),
    }
    app.register_blueprint(assets)
    app.register_blueprint(pages)
    app.register_blueprint(squads)
    app.register_blueprint(coaches)
    app.register_error_handler(CodeError, code_error)
    app.register_error_handler(HTTPException, http_error)
    app.url_defaults(keep_club)
    app.after_request(finish)
    if not app.debug:
        _hold_templates(app)


def _hold_templates(app: Flask) -> None:
    """Read the templates and the drawing now: another version's may take their place meanwhile."""
    bodymap.shapes()
    files, env = app.create_global_jinja_loader(), app.jinja_env
    held = {name: files.get_source(env, name) for name in files.list_templates()}
    app.jinja_loader = FunctionLoader(held.get)


def use(app: Flask, rulebook: Rulebook) -> None:
    """Let the pages show this rulebook from now on."""
    app.jinja_env.globals |= {"book": rulebook, "rulebook": rulebook}
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()  # imported macros keep the globals of their first render
    app.extensions["rulebook"] = rulebook  # last: pages are kept under this name


@pages.before_request
def read_club() -> None:
    """Keep the name of the club whose link this runner followed for this request."""
    if request.endpoint in RUNNER_PAGES:
        g.club = clubs.known(request.args.get(clubs.NAME, ""))


def keep_club(endpoint: str, values: dict[str, Any]) -> None:
    """Add the club's name to the addresses of a runner's pages."""
    if endpoint in RUNNER_PAGES and g.get("club"):
        values.setdefault(clubs.NAME, g.club)


@pages.get("/")
@constant
def form() -> str:
    """Show the empty form, with what a coach's link ticks beforehand."""
    ticked = clubs.preset(rulebook(), request.args)
    preset = {question.id for question in rulebook().presets if question.bits & ticked}
    return show_form(ticked, preset=preset)


def show_form(ticked: int, **shown: Any) -> str:
    """Return the page of the form with these choices ticked."""
    shown = {"preset": set(), "errors": {}, "unknown_fields": [], **shown}
    ticks = frozenset(keys(ticked))
    return render_template("form/form.html", ticked=ticks, **shown)


@pages.post("/")
def answer() -> BaseResponse | tuple[str, int]:
    """Lead to the results of the answers sent, or show the form again with what is wrong."""
    refuse_endless()
    sent: MultiDict[str, Any] = request.form
    if request.files:  # none belongs here, and the form says so
        sent = CombinedMultiDict([request.form, request.files])
    form = form_class(rulebook())(sent)
    if not form.validate():
        unknown = form.form_errors
        return show_form(form.ticked, errors=form.wrong, unknown_fields=unknown), 422
    today = max(date.today(), codes.FIRST_DAY)  # a wrong clock must not keep a notice away
    code = codes.encode(rulebook(), form.answers(today))
    return redirect(url_for("pages.result", code=code), 303)


@pages.get("/r")
@pages.get("/r/")
@constant
def code_box() -> str:
    """Show the box for a code or link."""
    return render_template("code.html", typed="")


@pages.post("/r")
def open_code() -> BaseResponse | tuple[str, int]:
    """Lead to the result of a code or link, or say what is wrong with it."""
    typed = request.form.get("code", "")
    try:
        answers = codes.decode(rulebook(), codes.find(typed))
    except CodeError as error:
        return render_template("code.html", typed=_short(typed), reason=error), 422
    return redirect(url_for("pages.result", code=codes.encode(rulebook(), answers)), 303)


@pages.get("/r/<code>")
def result(code: str) -> str | BaseResponse:
    """Show what the article says about the answers in a code."""
    answers = codes.decode(rulebook(), code)
    spelt = codes.encode(rulebook(), answers)
    if code != spelt:  # one address for a result, however somebody spelt its code
        return redirect(url_for("pages.result", code=spelt), 301)
    return show_result(answers, code)


def show_result(answers: Answers, code: str, **shown: Any) -> str:
    """Return the page of a result: what the article says, or what to do about warning signs."""
    assessment = assess(rulebook(), answers)
    return render_template(
        "results/stop.html" if assessment.stops else "results/result.html",
        assessment=assessment,
        answers=answers,
        code=code,
        address=links.public(url_for("pages.result", code=code, **{clubs.NAME: None})),
        site=links.public(""),
        **shown,
    )


@pages.get("/r/<code>/change")
def change(code: str) -> str:
    """Show the form filled with the answers in a code."""
    answers = codes.decode(rulebook(), code)
    return show_form(answers.ticked)


@pages.get("/r/<code>/qr.svg")
def qr_code(code: str) -> Response:
    """Send the QR code of a result's address: apart, so that it is drawn only if wanted."""
    spelt = codes.encode(rulebook(), codes.decode(rulebook(), code))
    drawing = links.qr(links.public(url_for("pages.result", code=spelt)))
    return Response(drawing, mimetype="image/svg+xml")


@pages.post("/r/<code>/with")
def compare_with(code: str) -> BaseResponse | tuple[str, int]:
    """Lead to the comparison with an earlier result, or say what is wrong with its code."""
    now = codes.decode(rulebook(), code)
    typed = request.form.get("earlier", "")
    try:
        earlier = codes.decode(rulebook(), codes.find(typed))
    except CodeError as error:
        spelt = codes.encode(rulebook(), now)
        return show_result(now, spelt, problem=str(error), typed=_short(typed)), 422
    earlier, now = sorted((earlier, now), key=lambda answers: answers.day)
    spelt, before = (codes.encode(rulebook(), answers) for answers in (now, earlier))
    return redirect(url_for("pages.comparison", code=spelt, earlier=before), 303)


@pages.get("/r/<code>/with")
def nothing_to_compare(code: str) -> BaseResponse:
    """Lead to the result: whoever opens the page of a wrong code again asks for this."""
    return redirect(url_for("pages.result", code=code), 303)


@pages.get("/r/<code>/with/<earlier>")
def comparison(code: str, earlier: str) -> str | BaseResponse:
    """Show a result together with what changed since an earlier one."""
    now, before = codes.decode(rulebook(), code), codes.decode(rulebook(), earlier)
    if now.day < before.day:
        there = url_for("pages.comparison", code=earlier, earlier=code)
        return redirect(there, 301)
    spelt = codes.encode(rulebook(), now)
    changes = compare(rulebook(), before, now)
    return show_result(now, spelt, comparison=changes)


@pages.get("/rules")
@constant
def rules() -> str:
    """Show every rule as a sentence, and which answers lead to which muscle groups."""
    return render_template(
        "rules.html",
        table=prose.table(rulebook()),
        sentence=prose.sentence,
        groups={group.id: group for group in rulebook().muscle_groups},
    )


@pages.get("/research")
@constant
def research() -> str:
    """Show what research says about the article, statement by statement."""
    about = (Claim.EVERYONE, *(group.id for group in rulebook().muscle_groups))
    return render_template(
        "research.html",
        ideas=prose.ideas(rulebook()),
        about={name: prose.research(rulebook(), name) for name in about},
    )


@pages.get("/about")
@constant
def about() -> str:
    """Say what this is, what it is not, and what happens to the answers."""
    return render_template("about.html")


def code_error(error: CodeError) -> tuple[str, int]:
    """Say what is wrong with the code in an address, and offer to correct it."""
    typed = (request.view_args or {}).get("code", "")
    return render_template("code.html", typed=_short(typed), reason=error), 404


def http_error(error: HTTPException) -> BaseResponse:
    """Show an error in the site's own look, with the headers that belong to it."""
    response = error.get_response()
    if response.status_code >= 400:
        # Without a host that can be trusted there are no addresses to link to.
        template = "error.html" if request_ctx.url_adapter else "bad_host.html"
        response.set_data(render_template(template, code=error.code, name=error.name))
        response.content_type = "text/html; charset=utf-8"
    return response


def finish(response: Response) -> Response:
    """Keep all but constant pages out of caches and all but the form out of search engines."""
    headers = response.headers
    if request.endpoint != "pages.form":
        headers.add("X-Robots-Tag", "noindex")
    if "ETag" in headers:  # a constant page, which has its coding too
        return response
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    return response


def day(day: date) -> str:
    """Return a day as the pages write it."""
    return f"{day.day} {day:%B %Y}"


WEEKS_UNTIL_OLD = 4
WEEKS_COUNTED = 13
"""Up to how many weeks an age is told in weeks: from then on in months."""


def age(day: date) -> str:
    """Return how old answers of a day are as a sentence, or "" in their first four weeks."""
    weeks = (date.today() - day).days // 7
    if weeks < WEEKS_UNTIL_OLD:
        return ""
    if weeks < WEEKS_COUNTED:
        return f"These answers are {weeks} weeks old."
    return f"These answers are {round(weeks / 52 * 12)} months old."


def map_labels(findings: Sequence[Finding]) -> dict[str, tuple[int, str]]:
    """Return the rank and the words for each region of the body map."""
    return {
        finding.group.region: (finding.place, f"{finding.place} {finding.group.name}")
        for finding in findings
        if finding.group.region
    }


def _short(typed: str) -> str:
    """Return what was typed, fit to be shown again: no code is longer."""
    return printable(typed[:1000])
