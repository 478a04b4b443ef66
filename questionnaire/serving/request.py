"""A request: when it came, what the log calls it, and nothing in it that is a surprise."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable
from string import punctuation
from time import perf_counter
from typing import IO, TYPE_CHECKING
from urllib.parse import quote_from_bytes

import flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


SCHEMES = ("http", "https")


def with_a_scheme(app: WSGIApplication) -> WSGIApplication:
    """Return an application that believes in http unless a proxy says https.

    A proxy may pass on whatever was sent to it, and links start with the scheme.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = environ["wsgi.url_scheme"].lower()
        environ["wsgi.url_scheme"] = said if said in SCHEMES else "http"
        return app(environ, start_response)

    return answer


class Request(flask.Request):
    """A request that knows when it came, and by which number the log and an error page call it."""

    def __init__(
        self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False
    ) -> None:
        """Take the time and a number at random, and write a query beyond ASCII as %xx."""
        self.came = perf_counter()
        self.number = secrets.token_hex(4)
        super().__init__(environ, populate_request, shallow)
        if not self.query_string.isascii():  # some servers let it through, and Werkzeug fails
            self.query_string = quote_from_bytes(self.query_string, punctuation).encode()

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        """Hold a file that was sent in memory: Werkzeug would put it on the disk, answers too."""
        return io.BytesIO()
