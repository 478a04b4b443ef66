"""Answers in one piece, so that a client gets all of one or nothing, and nothing is left of it.

A server that is handed a list sends the head and the page at once. Of an iterator it sends the head
first, and if it is killed before the page a proxy has no way back: it passed on the head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def whole(app: WSGIApplication) -> WSGIApplication:
    """Return an application that says the same in one piece."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        pieces = app(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            if close := getattr(pieces, "close", None):
                close()
            # Python keeps the last addresses that were read, and that of a result is the answers.
            urlsplit.cache_clear()  # type: ignore[attr-defined]

    return answer
