"""HTTP around the pages: the Request class, the log, security headers, buffering and proxies.

The log has the route of each request and the place of each error, never what a visitor sent. A
message of a library, or the text of an exception, may quote the request: of those it has only the
place and the type.
"""

from __future__ import annotations

import io
import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from string import punctuation
from time import perf_counter
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote_from_bytes, urlsplit

import flask
from flask.globals import request_ctx
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOG = logging.getLogger("questionnaire")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
MAX_FRAMES = 20
"""How many of the last calls before an error are written."""

WERKZEUG_START = (" * ", "\x1b[3", "WARNING: ", "Press ")
"""How the start-up messages of Werkzeug's server begin; its other messages are about requests."""
WAITRESS_LIMIT = "total open connections"
"""How waitress's line about its limit begins; its other messages are about requests."""

DENIED_FEATURES = """
accelerometer autoplay browsing-topics camera clipboard-read display-capture encrypted-media
fullscreen geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi
payment picture-in-picture publickey-credentials-get screen-wake-lock serial storage-access usb
xr-spatial-tracking
""".split()  # noqa: SIM905 - a line each is too many
"""Browser features that no page uses. Copying and sharing a link are used, and so not denied."""

HSTS = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year, and not for subdomains: others may run them, and perhaps without TLS."""


class Request(flask.Request):
    """A request with a start time, an ID for the log and error pages, and an ASCII query string."""

    def __init__(
        self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False
    ) -> None:
        """Take the time, draw an ID, and percent-encode what is not ASCII in the query string."""
        self.started_at = perf_counter()
        self.request_id = secrets.token_hex(4)
        super().__init__(environ, populate_request, shallow)
        if not self.query_string.isascii():  # some servers let it through, and Werkzeug fails
            self.query_string = quote_from_bytes(self.query_string, punctuation).encode()

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        """Hold an uploaded file in memory: Werkzeug would write a large one to the disk."""
        return io.BytesIO()


def init_app(app: flask.Flask) -> None:
    """Give the application its Request class, its log, and the layers of this module.

    Call it first, so that the log line is written after all other after_request functions.
    """
    app.request_class = Request
    app.before_request(require_content_length)
    app.after_request(_log_request)
    headers = security_headers(app.config["FRAME_ANCESTORS"])
    wsgi_app = add_headers(buffer_response(app.wsgi_app), headers)
    if proxies := app.config["PROXIES"]:
        wsgi_app = ProxyFix(sanitize_scheme(wsgi_app), x_for=0, x_proto=proxies)
    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


def require_content_length() -> None:
    """End a POST of unknown length with 411: its body would be cut, and an answer with it."""
    request = flask.request
    if request.method != "POST" or request.content_length is not None:
        return
    if request.environ.get("wsgi.input_terminated"):
        flask.abort(411)


def security_headers(frame_ancestors: str) -> dict[str, str]:
    """Return the headers of every response; FLASK_FRAME_ANCESTORS says who may frame the pages."""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
        ),
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    # For browsers without frame-ancestors. It knows no addresses.
    x_frame_options = {"'none'": "DENY", "'self'": "SAMEORIGIN"}.get(frame_ancestors)
    return headers | ({"X-Frame-Options": x_frame_options} if x_frame_options else {})


def add_headers(app: WSGIApplication, headers: dict[str, str]) -> WSGIApplication:
    """Return an application that adds these headers to each response, and HSTS over TLS."""
    plain, encrypted = [*headers.items()], [*(headers | HSTS).items()]

    # Outside of Flask because Werkzeug checks each header of each response: 14 µs instead of 1.
    def with_headers(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        added = encrypted if environ["wsgi.url_scheme"] == "https" else plain

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, headers + added, *exc_info)

        return app(environ, start)

    return with_headers


def buffer_response(app: WSGIApplication) -> WSGIApplication:
    """Return an application that sends each response body as a single chunk.

    A server sends the head of a response together with a list of one chunk, but before the first
    chunk of an iterator. If it dies in between, a proxy has passed the head on and cannot retry.
    """

    def buffered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        chunks = app(environ, start_response)
        try:
            return [b"".join(chunks)]
        finally:
            if close := getattr(chunks, "close", None):
                close()
            # Python caches the last addresses parsed, and the address of a result holds answers.
            urlsplit.cache_clear()  # type: ignore[attr-defined]

    return buffered


def sanitize_scheme(app: WSGIApplication) -> WSGIApplication:
    """Return an application that takes any scheme but https for http.

    Links start with the scheme, and a proxy may pass on whatever a visitor sent to it.
    """

    def sanitized(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        https = environ["wsgi.url_scheme"].lower() == "https"
        environ["wsgi.url_scheme"] = "https" if https else "http"
        return app(environ, start_response)

    return sanitized


def configure_log(style: str, level: str) -> None:
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
