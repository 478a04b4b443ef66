"""What a coach hands out: a link to the form, a poster, and a sheet for each muscle group."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from questionnaire.rulebook.model import MuscleGroup
from questionnaire.text import printable
from questionnaire.web import about as prose
from questionnaire.web import bodymap, links
from questionnaire.web import club as clubs
from questionnaire.web.constant import constant
from questionnaire.web.form import contradiction
from questionnaire.web.served import rulebook

coaches = Blueprint("coaches", __name__)


@coaches.get("/coach")
@constant
def coach() -> str | tuple[str, int]:
    """Show the form of a coach and, once it was sent, the link to post."""
    return _coach_page(request.args, asked=clubs.NAME in request.args)


@coaches.post("/coach")
def make() -> Response | tuple[str, int] | str:
    """Lead to the page with the link to post, or say what is wrong."""
    if _problems(request.form):
        return _coach_page(request.form, asked=True)
    query = {clubs.NAME: "", **_parameters(request.form)}
    return redirect(url_for("coaches.coach", **query), 303)


@coaches.get("/poster")
def poster() -> str:
    """Show a poster with the link: one sheet for the changing room."""
    link = _link(request.args)
    return render_template(
        "poster.html",
        name=clubs.known(request.args.get(clubs.NAME, "")),
        link=link,
        spelt=links.spelt(link),
    )


@coaches.get("/muscles")
@constant
def muscles() -> str:
    """List the muscle groups."""
    return render_template("muscles.html")


@coaches.get("/muscles/<name>")
@constant
def muscle(name: str) -> str:
    """Show all that the article says about one muscle group, on one sheet."""
    group = next((one for one in rulebook().muscle_groups if one.id == name), None) or abort(404)
    about = [claim for claim in rulebook().claims if claim.about == group.id]
    return render_template(
        "muscle.html",
        group=group,
        claims=about,
        answers=_answers_to(group),
        draw=bodymap.draw,
        # The page is the same for everyone, so it cannot name the host of a request.
        site=current_app.config["PUBLIC_URL"].rstrip("/"),
    )


def _parameters(sent: MultiDict[str, str]) -> dict[str, Any]:
    name = clubs.known(sent.get(clubs.NAME, ""))
    return clubs.parameters(rulebook(), name, clubs.preset(rulebook(), sent))


def _link(sent: MultiDict[str, str]) -> str:
    """Return the address of the form, for a club and with what it pre-sets."""
    return links.public(url_for("pages.form", **_parameters(sent)))


def _problems(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what is wrong with a coach's link, by the id of the field."""
    wrong = {
        question.id: contradiction(question)
        for question, bits in clubs.sent_to(rulebook(), sent)
        if question.contradicts(bits)
    }
    try:
        clubs.club_name(sent.get(clubs.NAME, ""))
    except ValueError as reason:
        return {clubs.NAME: str(reason), **wrong}
    return wrong


def _coach_page(sent: MultiDict[str, str], asked: bool) -> str | tuple[str, int]:
    problems = _problems(sent)
    name = sent.get(clubs.NAME, "")
    page = render_template(
        "coach.html",
        problems=problems,
        # A link can come from anybody: what it says stays only if it is a plain name.
        typed=printable(name) if request.method == "POST" else clubs.known(name),
        ticked=sum(bits for _, bits in clubs.sent_to(rulebook(), sent)),
        link=_link(sent) if asked and not problems else None,
        poster=url_for("coaches.poster", **_parameters(sent)),
    )
    return (page, 422) if problems else page


def _answers_to(group: MuscleGroup) -> dict[str, list[str]]:
    """Return what to answer to match each claim about a muscle group, by the claim's id."""
    matched: dict[str, list[str]] = {}
    for row in prose.table(rulebook()):
        for claim in row.links[group.id]:
            matched.setdefault(claim.id, []).append(row.answers)
    return matched
