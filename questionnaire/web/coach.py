"""What a coach hands out: a link to the form, a poster, and a sheet for each muscle group."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.rulebook.content import Claim, MuscleGroup
from questionnaire.serving.settings import public_address
from questionnaire.text import printable
from questionnaire.web import links
from questionnaire.web.about import ResearchEntry, research_about, rule_table
from questionnaire.web.caching import cached_page
from questionnaire.web.club_name import club_name, club_name_or_empty
from questionnaire.web.form import contradiction_message
from questionnaire.web.qr_code import qr_png, qr_svg

bp = Blueprint("coach", __name__)


@bp.get("/coach")
@cached_page
def show() -> str | tuple[str, int]:
    """Show the form of a coach and, once it was sent, the link to post."""
    return _coach_page(request.args, asked=links.CLUB_PARAMETER in request.args)


@bp.post("/coach")
def create_link() -> BaseResponse | tuple[str, int] | str:
    """Lead to the page with the link to post, or say what is wrong."""
    if _problems(request.form):
        return _coach_page(request.form, asked=True)
    query = {links.CLUB_PARAMETER: "", **_parameters(request.form)}
    return redirect(url_for("coach.show", **query), 303)


@bp.get("/poster")
def poster() -> str:
    """Show a poster with the link: one sheet to hang up."""
    link = _link(request.args)
    return render_template(
        "coach/poster.html",
        name=club_name_or_empty(request.args.get(links.CLUB_PARAMETER, "")),
        link=link,
        display_url=links.display_url(link),
        bare_address=links.bare_address(),
    )


@bp.get("/coach/qr.svg")
def svg_code() -> Response:
    """Send the QR code of the link as SVG, for whoever makes a poster of their own."""
    return _download(qr_svg(_link(request.args)), "image/svg+xml", "qr-code.svg")


@bp.get("/coach/qr.png")
def png_code() -> Response:
    """Send the QR code of the link as PNG, for a chat or a document that takes no SVG."""
    return _download(qr_png(_link(request.args)), "image/png", "qr-code.png")


@bp.get("/muscles")
@cached_page
def muscles() -> str:
    """List the muscle groups."""
    return render_template("coach/muscles.html")


@bp.get("/muscles/<name>")
@cached_page
def muscle(name: str) -> str:
    """Show all that the article says about one muscle group, on one sheet."""
    group = g.rulebook.muscle_group(name) or abort(404)
    claims = [claim for claim in g.rulebook.claims if claim.about == group.id]
    answers = _answers_to(group)
    return render_template(
        "coach/muscle.html",
        group=group,
        claims=claims,
        answers=answers,
        research=[
            (entry, _subjects(entry, claims, answers))
            for entry in research_about(g.rulebook, group.id)
        ],
        # The page is the same for everyone, so it cannot name the host of a request.
        site=public_address(current_app.config["PUBLIC_URL"])[0],
    )


def _parameters(sent: MultiDict[str, str]) -> dict[str, Any]:
    return links.kept_parameters(g.rulebook, sent)


def _link(sent: MultiDict[str, str]) -> str:
    """Return the address of the form, for a club and with what it pre-sets."""
    return links.public_url(url_for("form.show", **links.NOTHING_KEPT | _parameters(sent)))


def _download(content: str | bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _problems(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what is wrong with a coach's link, by the id of the field."""
    wrong = {
        question.id: contradiction_message(question)
        for question, bits in links.preset_choices(g.rulebook, sent)
        if question.contradicts(bits)
    }
    try:
        club_name(sent.get(links.CLUB_PARAMETER, ""))
    except ValueError as reason:
        return {links.CLUB_PARAMETER: str(reason), **wrong}
    return wrong


def _coach_page(sent: MultiDict[str, str], asked: bool) -> str | tuple[str, int]:
    problems = _problems(sent)
    name = sent.get(links.CLUB_PARAMETER, "")
    page = render_template(
        "coach/link.html",
        problems=problems,
        # A link can come from anybody: what it says stays only if it is a plain name.
        typed=printable(name) if request.method == "POST" else club_name_or_empty(name),
        ticked=sum(bits for _, bits in links.preset_choices(g.rulebook, sent)),
        link=_link(sent) if asked and not problems else None,
        parameters=_parameters(sent),
    )
    return (page, 422) if problems else page


def _answers_to(group: MuscleGroup) -> dict[str, list[str]]:
    """Return what to answer to match each claim about a muscle group, by the claim's id."""
    matched: dict[str, list[str]] = {}
    for row in rule_table(g.rulebook):
        for claim in row.links[group.id]:
            matched.setdefault(claim.id, []).append(row.answers)
    return matched


def _subjects(
    entry: ResearchEntry, claims: list[Claim], answers: dict[str, list[str]]
) -> list[str]:
    """Return what a row of research is about: answers that lead there, or else the statements."""
    about = [claim.id for claim in claims if claim.id in entry.row.claims]
    ticked = [answer for name in about for answer in answers.get(name, ())]
    return list(dict.fromkeys(ticked)) or list(entry.statements)
