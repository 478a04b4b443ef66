"""The squad sheet: a coach pastes results links and gets one table, or every runner's own sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Lock

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from questionnaire.squad import sheet_blocks
from questionnaire.squad.runner_names import sort_key
from questionnaire.squad.spreadsheet import as_csv, as_tabs, squad_rows
from questionnaire.squad.squad import MAX_TEXT, Runner, Squad, SquadError, parse_squad
from questionnaire.squad.uploaded_file import (
    MAX_FILE,
    FileError,
    FileTooLargeError,
    join_texts,
    read_file,
    split_texts,
)
from questionnaire.text import fit
from questionnaire.web import links
from questionnaire.web.caching import cached_page
from questionnaire.web.club_name import club_name_or_empty
from questionnaire.web.request_limits import set_limits
from questionnaire.web.results import age, result_address
from questionnaire.web.wording import gettext, said

MAX_TEXT_SENT = 1_000_000
"""How long a text may be as it is sent: MAX_TEXT with every byte written as %xx, and room."""

MAX_BODY = MAX_TEXT_SENT + MAX_FILE + 50_000
"""How long a request may be: a text, a file, and room for what stands around them."""

MAX_FIELDS = 10
"""How many fields a request may have; the form has seven at most."""

MAX_ROLL = 20_000
"""How long the names of a club's roll may be, in characters."""

MAX_TITLE = 60
"""How long the name of a club or session may be, in characters."""

Shown = BaseResponse | str | tuple[str, int] | tuple[str, int, dict[str, str]]
"""What a view returns."""

_BESIDE = {"roll": MAX_BODY, "club": MAX_TITLE, "session": MAX_TITLE}
"""What can be typed beside the text, and how much of it is shown again."""

BUSY_SECONDS = 5
"""After how long to try again while another sheet is made."""

MAX_WAIT = 1.0
"""How many seconds a sheet waits for another: longer would hold a thread of the server."""

_one_at_a_time = Lock()
"""A sheet can take half a second, in which few pages of others are made."""

bp = Blueprint("squad", __name__)


@bp.get("/squad")
@cached_page
def show() -> str:
    """Show the form to paste results into."""
    return _form()


@bp.post("/squad")
def submit() -> Shown:
    """Show the results in a file and a text as a table, as sheets or as CSV, and keep none."""
    has_file = request.mimetype == "multipart/form-data"
    set_limits(MAX_FIELDS, MAX_BODY if has_file else MAX_TEXT_SENT, MAX_TEXT_SENT)
    try:
        text, order, view = (request.form.get(name, "") for name in ("text", "order", "view"))
    except RequestEntityTooLarge:
        return _form(problem=_not_read(), culprit="paste", file_is_lost=True), 413
    text = fit(text)
    if (size := len(text.encode())) > MAX_TEXT:
        return _form(text, order, problem=_too_long(size)), 413
    if len(_beside()["roll"]) > MAX_ROLL:
        return _form(text, order, problem=_too_long_roll(), culprit="roll"), 413
    if not _one_at_a_time.acquire(timeout=MAX_WAIT):
        return _form(text, order, problem=_busy()), 503, {"Retry-After": str(BUSY_SECONDS)}
    try:
        return _squad_page(text, order, view)
    finally:
        _one_at_a_time.release()


def _squad_page(text: str, order: str, view: str) -> Shown:
    """Return the squad as a table, as sheets or as CSV, or the form with what is wrong."""
    if "file-is-missing" in request.form and not _has_file():
        return _form(text, order, problem=_file_is_missing(), culprit="file"), 422
    try:
        whole = _with_file(text)
        found = _ordered(parse_squad(g.rulebook, *split_texts(whole)), order or "pasted")
        return _view(view or "table")(found, whole if _fits_the_box(whole) else text, order)
    except FileError as error:
        status = 413 if isinstance(error, FileTooLargeError) else 422
        return _form(text, order, problem=said(error.reason), culprit="file"), status
    except SquadError as error:
        return _form(text, order, problem=said(error.reason)), 422


def _with_file(text: str) -> str:
    """Return the text of the chosen file, if one was chosen, and this text under it."""
    file = request.files.get("file")
    return join_texts(fit(read_file(file.read())), text) if file else text


def _fits_the_box(text: str) -> bool:
    """Return True if a text can be sent from the box, where each line ends in two characters."""
    return len("\r\n".join(text.splitlines()).encode()) < MAX_TEXT


def _has_file() -> bool:
    """Return True if a file was sent: a browser shows the page after it without the file."""
    return request.method == "POST" and bool(request.files.get("file"))


def _table(found: Squad, text: str, order: str) -> str:
    """Return the sheet; its form goes on with what the file held, if there is room for it."""
    in_box = _has_file() and text != fit(request.form.get("text", ""))
    return _form(text, order, found, sheet=_sheet(found), file_is_in_box=in_box)


def _sheet(found: Squad) -> dict[str, object]:
    """Return the blocks of the sheet, and its cells for a spreadsheet."""
    book = g.rulebook
    since = [sheet_blocks.changes_since(book, one) for one in found.runners]
    return {
        "stops": sheet_blocks.stop_notices(book, found),
        "cautions": sheet_blocks.cautions(book, found),
        "session": sheet_blocks.session(book, found),
        "nothing_named": sheet_blocks.nothing_named(book, found),
        "without_answer": sheet_blocks.without_answer(found, _beside()["roll"]),
        "old": [one for one in found.runners if age(one.answers.day)],
        "since": since,
        "since_days": {one.day for one in since if one},
        "today": date.today(),
        "cells": as_tabs(squad_rows(book, found, result_address, said)),
    }


def _beside() -> dict[str, str]:
    """Return what was typed beside the text, or the club of the link that led here.

    There is nothing of a request that was too long to read.
    """
    if request.method != "POST":
        return {"club": club_name_or_empty(request.args.get(links.CLUB_PARAMETER, ""))}
    try:
        return {name: fit(request.form.get(name, ""))[:most] for name, most in _BESIDE.items()}
    except RequestEntityTooLarge:
        return {}


def _sheets(found: Squad, _text: str, _order: str) -> str:
    return render_template("squad/sheets.html", squad=found, site=links.public_url(""))


def _csv(found: Squad, _text: str, _order: str) -> Response:
    rows = squad_rows(g.rulebook, found, result_address, said)
    file = f'attachment; filename="results-{date.today().isoformat()}.csv"'
    return Response(
        as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": file},
    )


_VIEWS: dict[str, Callable[[Squad, str, str], str | Response]] = {
    "table": _table,
    "sheets": _sheets,
    "csv": _csv,
}


def _view(name: str) -> Callable[[Squad, str, str], str | Response]:
    if name not in _VIEWS:
        raise SquadError(gettext("There is no such view. Use one of the buttons."))
    return _VIEWS[name]


def _ordered(found: Squad, order: str) -> Squad:
    """Return the squad in that order; raise SquadError if there is no such order, or nobody."""
    if order not in _KEYS:
        raise SquadError(gettext("There is no such order. Choose one of these."))
    if not found.runners:
        raise SquadError(_no_result(found))
    return replace(found, runners=tuple(sorted(found.runners, key=_KEYS[order])))


def _no_result(found: Squad) -> str:
    """Return why a text without a result has none, and what to do."""
    if found.unread:
        line = found.unread[0]
        return gettext(
            "There is no result in this text. A results link has /r/ in it and a code after it."
            " Line %(line)s: %(reason)s",
            line=line.line,
            reason=said(line.reason),
        )
    if found.chatter:
        return gettext(
            "There is no result in this text. A results link has /r/ in it and a code after it."
            " The link to the form is not a result. If you copied names with links behind them,"
            " the links were lost: copy each link itself."
        )
    return gettext(
        "There is nothing here yet. Paste at least one results link or code, or choose a file."
    )


def _by_group(runner: Runner) -> tuple[int, int]:
    """Sort by the first muscle group, and within it by how many statements match."""
    findings = runner.findings
    groups = g.rulebook.muscle_groups
    first = groups.index(findings[0].group) if findings else len(groups)
    return first, -runner.assessment.total


_KEYS: dict[str, Callable[[Runner], tuple[object, ...]]] = {
    "pasted": lambda _: (),
    "name": lambda runner: (not runner.named, *sort_key(runner.name if runner.named else "")),
    "group": _by_group,
}


def _not_read() -> str:
    return gettext(
        "This is more than 1 MB of text, or more than 2 MB with a file. That is too long to be"
        " read, so we cannot show it again. Go back in your browser: your text and names may still"
        " be there. Then paste at most %(most)s KB at a time, and choose a file of at most 1 MB.",
        most=MAX_TEXT // 1000,
    )


def _file_is_missing() -> str:
    return gettext(
        "The last sheet was made from a file too, and it is not here: we did not keep it. Choose it"
        " again. To go on without it, press the button once more."
    )


def _busy() -> str:
    return gettext(
        "Another squad sheet is being made at this moment. What you pasted is still here:"
        " wait %(seconds)s seconds, then press the button again.",
        seconds=BUSY_SECONDS,
    )


def _too_long_roll() -> str:
    most = MAX_ROLL // 1000
    return gettext("This list is too long. Paste at most %(most)s KB of names.", most=most)


def _too_long(size: int) -> str:
    shown = f"{size / 1000:.0f}"
    return gettext(
        "This text is too long: %(size)s KB. Paste at most %(most)s KB at a time.",
        size=shown,
        most=MAX_TEXT // 1000,
    )


def _form(
    text: str = "",
    order: str = "",
    found: Squad | None = None,
    *,
    sheet: dict[str, object] | None = None,
    problem: str = "",
    culprit: str = "text",
    file_is_lost: bool = False,
    file_is_in_box: bool = False,
) -> str:
    return render_template(
        "squad/squad.html",
        text=text,
        order=order if order in _KEYS else "pasted",
        squad=found,
        beside=_beside(),
        sheet=sheet,
        problem=problem,
        culprit=culprit,
        file_is_lost=file_is_lost or (_has_file() and not file_is_in_box),
        file_is_in_box=file_is_in_box,
    )
