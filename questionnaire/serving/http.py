"""HTTP around the pages: the Request class, security headers, buffering and proxies."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable
from string import punctuation
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, urlsplit

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from questionnaire.serving.settings import public_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
    """Give the application its Request class and the layers of this module."""
    app.request_class = Request
    headers = security_headers(app.config["FRAME_ANCESTORS"])
    wsgi_app = add_headers(buffer_response(app.wsgi_app), headers)
    if path := public_address(app.config["PUBLIC_URL"])[1]:
        wsgi_app = mount(wsgi_app, path)
    if proxies := app.config["PROXIES"]:
        wsgi_app = ProxyFix(sanitize_scheme(wsgi_app), x_for=0, x_proto=proxies)
    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


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


def mount(app: WSGIApplication, root: str) -> WSGIApplication:
    """Return an application whose pages link to each other below a path.

    A proxy may pass the path on or take it away: requests with and without it are the same.
    """

    def mounted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        before, found, path = environ["PATH_INFO"].partition(root)
        if found and not before and path[:1] in ("", "/"):
            environ["PATH_INFO"] = path or "/"
        environ["SCRIPT_NAME"] = root
        return app(environ, start_response)

    return mounted


def sanitize_scheme(app: WSGIApplication) -> WSGIApplication:
    """Return an application that takes any scheme but https for http.

    Links start with the scheme, and a proxy may pass on whatever a visitor sent to it.
    """

    def sanitized(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        https = environ["wsgi.url_scheme"].lower() == "https"
        environ["wsgi.url_scheme"] = "https" if https else "http"
        return app(environ, start_response)

    return sanitized
