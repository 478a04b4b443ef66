"""The log: the route of each request and the place of each error, never what a visitor sent.

A message of a library, or the text of an exception, may quote the request: of those it has only
the place and the type.
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

import flask
from flask.globals import request_ctx

from questionnaire.serving.http import Request

LOG = logging.getLogger("questionnaire")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
MAX_FRAMES = 20
"""How many of the last calls before an error are written."""

WERKZEUG_START = (" * ", "\x1b[3", "WARNING: ", "Press ")
"""How the start-up messages of Werkzeug's server begin; its other messages are about requests."""
WAITRESS_LIMIT = "total open connections"
"""How waitress's line about its limit begins; its other messages are about requests."""


def init_app(app: flask.Flask) -> None:
    """Log each request; call it first, so that all other after_request functions come before."""
    app.after_request(_log_request)


def configure(style: str, level: str) -> None:
    """Send the log of the whole process to standard error, in the style "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter(style))
    handler.addFilter(_drop_request_lines)
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)
    LOG.setLevel(level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written is lost, and nothing else


def log_exception(error: BaseException) -> None:
    """Log where an unexpected error happened."""
    fields = _request_fields() | {"error": _exception_chain(error)}
    LOG.error("%(id)s %(method)s %(route)s failed: %(error)s", fields)


def _log_request(response: flask.Response) -> flask.Response:
    ms = round((perf_counter() - _request().started_at) * 1000, 1)
    fields = _request_fields() | {"status": response.status_code, "ms": ms}
    LOG.info("%(id)s %(method)s %(route)s %(status)d %(ms)s ms", fields)
    return response


def _request() -> Request:
    return cast(Request, request_ctx.request)


def _request_fields() -> dict[str, object]:
    request = _request()
    return {
        "id": request.request_id,
        "method": request.method if request.method in METHODS else "-",
        "route": request.url_rule.rule if request.url_rule else "-",
    }


def _exception_chain(error: BaseException | None) -> str:
    """Return the type of an error and the calls that led to it, and the same of its causes."""
    errors: list[str] = []
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        errors.append(f"{type(error).__qualname__} at {', '.join(_calls(error.__traceback__))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "; after ".join(errors)


def _calls(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(trace))[-MAX_FRAMES:]:
        yield f"{_short(frame.f_code.co_filename)}:{line}:{frame.f_code.co_name}"


def _short(path: str) -> str:
    return "/".join(PurePath(path).parts[-2:])


def _drop_request_lines(record: logging.LogRecord) -> bool:
    """Return False for the request lines of Werkzeug's server, which hold visitors' addresses."""
    return record.name != "werkzeug" or record.getMessage().startswith(WERKZEUG_START)


def _safe_message(record: logging.LogRecord) -> str:
    """Return what may be written of a record: of other people's messages only the place."""
    limit = record.name == "waitress" and str(record.msg).startswith(WAITRESS_LIMIT)
    if limit or record.name in (LOG.name, "werkzeug"):
        return record.getMessage()
    if record.name == "py.warnings":
        category = re.match(r".*?:\d+: \w+", record.getMessage())
        return category[0] if category else "a warning"
    place = f"{record.name} at {_short(record.pathname)}:{record.lineno}"
    return f"{place}: {_exception_chain(record.exc_info[1])}" if record.exc_info else place


class LogFormatter(logging.Formatter):
    """Lines of text, or of JSON with the fields of our own messages."""

    def __init__(self, style: str) -> None:
        """Write in the style "text" or "json"."""
        super().__init__()
        self.as_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {"time": f"{second}.{int(record.msecs):03}Z", "level": record.levelname}
        if not self.as_json:
            return f"{line['time']} {line['level']} {_safe_message(record)}"
        if record.name == LOG.name and isinstance(record.args, dict):
            return json.dumps(line | record.args)
        return json.dumps(line | {"message": _safe_message(record)})
