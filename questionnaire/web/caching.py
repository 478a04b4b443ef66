"""Pages and static files that are the same for everyone: rendered, compressed and tagged once."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from hashlib import blake2b
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, g, request, url_for
from jinja2 import FunctionLoader
from werkzeug.http import parse_accept_header, parse_etags

from questionnaire.rulebook.model import Rulebook
from questionnaire.web.links import LANG_PARAMETER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

View = Callable[..., Any]
HTML = "text/html; charset=utf-8"
A_YEAR = "public, max-age=31536000, immutable"
COMPRESSED_TYPES = ("text/", "image/svg+xml")
STATIC_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
}
"""The types of the static files: Python's are those of the system, and some take .js for text."""
CODINGS = ("br", "gzip")
"""The content codings on offer, the best first."""
IDENTITY = ""

MAX_ACCEPT_ENCODING = 200
MAX_IF_NONE_MATCH = 1000
"""How much of a header is read: longer ones would fill the caches with what strangers send."""

STATIC_FOLDER = Path(__file__).parent.parent.parent / "static"
_FILES = {path: path.read_bytes() for path in STATIC_FOLDER.iterdir()}
"""Read at the start: another version's files may take their place while this serves."""
_HASHED_NAMES = {
    path.name: f"{path.stem}.{zlib.crc32(content):08x}{path.suffix}"
    for path, content in _FILES.items()
}
_CONTENTS = dict(zip(_HASHED_NAMES.values(), _FILES.values(), strict=True))

bp = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve the static files, and read the templates now unless an author edits them."""
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset_url
    if not app.debug:
        files, env = app.create_global_jinja_loader(), app.jinja_env
        sources = {name: files.get_source(env, name) for name in files.list_templates()}
        app.jinja_loader = FunctionLoader(sources.get)


def asset_url(name: str) -> str:
    """Return the address of a static file; raise KeyError if there is none of that name."""
    return url_for("assets.send", name=_HASHED_NAMES[name])


def is_asset(name: str) -> bool:
    """Return True if a static file is sent under this hashed name."""
    return name in _CONTENTS


@bp.get("/static/<name>")
def send(name: str) -> Response:
    """Send a static file, to be cached for a year: other content has another name."""
    if not is_asset(name):
        abort(404)
    return _cached_file(name, accepted_coding(request.environ)).response(request.environ)


class CachedResponse:
    """A page or file in one content coding, with an ETag, ready to be sent."""

    def __init__(self, plain: bytes, coding: str, content_type: str, cache: str, vary: str) -> None:
        """Compress it as far as it goes."""
        self.content = _compress(plain, coding)
        self.tag = blake2b(self.content, digest_size=12).hexdigest()
        self.headers = {
            "Content-Type": content_type,
            "Cache-Control": cache,
            "ETag": f'"{self.tag}"',
            "Vary": vary,
        }
        if coding:
            self.headers["Content-Encoding"] = coding

    def response(self, environ: WSGIEnvironment) -> Response:
        """Return the response, or 304 if the client has it already."""
        tags = environ.get("HTTP_IF_NONE_MATCH")
        if tags and len(tags) < MAX_IF_NONE_MATCH and _parse_etags(tags).contains_weak(self.tag):
            return Response(status=304, headers=self.headers)
        return Response(self.content, headers=self.headers)


def cached_page(view: View) -> View:
    """Render a page once for each rulebook, language, address and coding.

    It is not kept if it is given a query with more than a language. The page may show nothing of
    the request but its path and language, and no answers.
    """

    @wraps(view)
    def respond(**arguments: Any) -> Any:
        environ, app = request.environ, current_app
        query = environ.get("QUERY_STRING", "")
        languages = app.extensions["languages"]
        is_plain = not query or query in {f"{LANG_PARAMETER}={tag}" for tag in languages}
        if not is_plain or app.debug:  # an author also edits the templates
            return view(**arguments)
        address = (environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"], query)
        page = _render(view, g.rulebook, address, accepted_coding(environ))
        return page.response(environ)

    return respond


@lru_cache(maxsize=512)
def _render(
    view: View, _rulebook: Rulebook, _address: tuple[str, str, str], coding: str
) -> CachedResponse:
    page: str = view(**(request.view_args or {}))
    vary = "Accept-Encoding, Accept-Language"
    return CachedResponse(page.encode(), coding, HTML, "no-cache", vary)


@cache
def _cached_file(name: str, coding: str) -> CachedResponse:
    kind = STATIC_TYPES[PurePath(name).suffix]
    coding = coding if kind.startswith(COMPRESSED_TYPES) else IDENTITY
    return CachedResponse(_CONTENTS[name], coding, kind, A_YEAR, "Accept-Encoding")


_parse_etags = lru_cache(maxsize=64)(parse_etags)


def accepted_coding(environ: WSGIEnvironment) -> str:
    """Return the content coding that suits a request best, or IDENTITY if none does."""
    return _best_coding(environ.get("HTTP_ACCEPT_ENCODING", "")[:MAX_ACCEPT_ENCODING])


@lru_cache(maxsize=64)
def _best_coding(accepted: str) -> str:
    quality = parse_accept_header(accepted).quality
    best = max(CODINGS, key=quality)
    return best if quality(best) > 0 and quality(best) >= quality("identity") else IDENTITY


def _compress(plain: bytes, coding: str) -> bytes:
    """Return the bytes as small as they get: some 30 ms for a page, to be spent once."""
    if coding == "br":
        return brotli.compress(plain, quality=11)  # type: ignore[no-any-return]
    return gzip.compress(plain, 9, mtime=0) if coding else plain
