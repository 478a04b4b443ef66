"""The log: what was asked for by its route, and what went wrong where. Never what was sent.

What a library says may hold what was sent, and so may the text of an exception. Of these only the
place and the type are written.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from pathlib import PurePath
from time import perf_counter
from types import TracebackType
from typing import cast

from flask import Flask, Response
from flask.globals import request_ctx

from questionnaire.serving.request import Request

Fields = dict[str, object]

LOG = logging.getLogger("questionnaire")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
FRAMES = 20
"""How many of the last calls before an error are written."""
BANNER = (" * ", "\x1b[3", "WARNING: ", "Press ")
"""How what werkzeug says of itself starts; the rest is about requests."""


def register(app: Flask) -> None:
    """Log every request; to be registered before all that works on a response after this."""
    app.request_class = Request
    app.after_request(_answered)


def failed(error: BaseException) -> None:
    """Log where an unexpected error happened."""
    told = _asked(_request()) | {"error": _trail(error)}
    LOG.error("%(id)s %(method)s %(route)s failed: %(error)s", told)


def start(style: str, level: str) -> None:
    """Let everything that logs in this process do so here, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(style))
    handler.addFilter(_harmless)
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)
    LOG.setLevel(level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written is lost, and nothing else


def _answered(response: Response) -> Response:
    request = _request()
    took = {"status": response.status_code, "ms": round((perf_counter() - request.came) * 1000, 1)}
    LOG.info("%(id)s %(method)s %(route)s %(status)d %(ms)s ms", _asked(request) | took)
    return response


def _request() -> Request:
    return cast(Request, request_ctx.request)


def _asked(request: Request) -> Fields:
    return {
        "id": request.number,
        "method": request.method if request.method in METHODS else "-",
        "route": request.url_rule.rule if request.url_rule else "-",
    }


def _trail(error: BaseException | None) -> str:
    """Return the type of an error and the calls that led to it, and the same of its causes."""
    told: list[str] = []
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        told.append(f"{type(error).__qualname__} at {', '.join(_calls(error.__traceback__))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "; after ".join(told)


def _calls(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(trace))[-FRAMES:]:
        code = frame.f_code
        yield f"{_short(code.co_filename)}:{line}:{code.co_name}"


def _short(path: str) -> str:
    return "/".join(PurePath(path).parts[-2:])


def _harmless(record: logging.LogRecord) -> bool:
    """Keep back what werkzeug's server says of a request: its address, and whose it was."""
    return record.name != "werkzeug" or record.getMessage().startswith(BANNER)


def _said(record: logging.LogRecord) -> str:
    """Return what may be written of a record."""
    if record.name in (LOG.name, "werkzeug", "_granian"):  # granian speaks of its processes
        return record.getMessage()
    if record.name == "py.warnings":
        category = re.match(r".*?:\d+: \w+", record.getMessage())
        return category[0] if category else "a warning"
    place = f"{record.name} at {_short(record.pathname)}:{record.lineno}"
    return f"{place}: {_trail(record.exc_info[1])}" if record.exc_info else place


class Lines(logging.Formatter):
    """Lines of text, or of JSON with what our own messages tell by name."""

    def __init__(self, style: str) -> None:
        """Write in the style "text" or "json"."""
        super().__init__()
        self.as_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        when = f"{second}.{int(record.msecs):03}Z"
        if not self.as_json:
            return f"{when} {record.levelname} {_said(record)}"
        ours = record.name == LOG.name and isinstance(record.args, dict)
        told = record.args if ours else {"message": _said(record)}
        return json.dumps({"time": when, "level": record.levelname} | cast(Fields, told))
