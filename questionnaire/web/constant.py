"""Pages and files that are the same for everyone: made and compressed once, then only sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request
from werkzeug.http import parse_etags

from questionnaire.rulebook.model import Rulebook
from questionnaire.web.compressed import coding, smallest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

View = Callable[..., Any]
HTML = "text/html; charset=utf-8"
LONGEST = 1000
"""Which headers are read: what is longer would fill the caches with what strangers send."""


class Constant:
    """One page or file in one coding, ready to be sent."""

    def __init__(self, plain: bytes, coding: str, content_type: str, cache: str) -> None:
        """Compress it as far as it goes."""
        self.content = smallest(plain, coding)
        self.tag = blake2b(self.content, digest_size=12).hexdigest()
        self.headers = {
            "Content-Type": content_type,
            "Cache-Control": cache,
            "ETag": f'"{self.tag}"',
            "Vary": "Accept-Encoding",
        }
        if coding:
            self.headers["Content-Encoding"] = coding

    def response(self, asked: WSGIEnvironment) -> Response:
        """Return the response, without the content if the client has it already."""
        held = asked.get("HTTP_IF_NONE_MATCH")
        if held and len(held) < LONGEST and _tags(held).contains_weak(self.tag):
            return Response(status=304, headers=self.headers)
        return Response(self.content, headers=self.headers)


def constant(view: View) -> View:
    """Let a page be rendered once for each rulebook and address; not if it is given a query.

    The page may show nothing of the request but its path, and no answers.
    """

    @wraps(view)
    def send(**arguments: Any) -> Any:
        asked, app = request.environ, current_app
        if asked.get("QUERY_STRING") or app.debug:  # an author also edits the templates
            return view(**arguments)
        address = (asked.get("SCRIPT_NAME", ""), asked["PATH_INFO"])
        page = _page(view, app.extensions["rulebook"], address, coding(asked))
        return page.response(asked)

    return send


_tags = lru_cache(maxsize=64)(parse_etags)


@lru_cache(maxsize=256)
def _page(view: View, _book: Rulebook, _address: tuple[str, str], coding: str) -> Constant:
    page: str = view(**(request.view_args or {}))
    return Constant(page.encode(), coding, HTML, "no-cache")
