"""Content codings for responses that do not depend on the visitor; a proxy compresses the rest."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CODINGS = ("br", "gzip")
"""What is offered, the best first."""

PLAIN = ""
LONGEST = 200
"""How much of what a browser accepts is read, and kept."""

TEXTS = ("text/", "image/svg+xml")


def coding(asked: WSGIEnvironment, offered: tuple[str, ...] = CODINGS) -> str:
    """Return what of the offered suits a request best, or PLAIN if nothing does."""
    return _best(asked.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST], offered)


@lru_cache(maxsize=64)
def _best(accepted: str, offered: tuple[str, ...]) -> str:
    quality = parse_accept_header(accepted).quality
    best = max(offered, key=quality)
    return best if quality(best) > 0 and quality(best) >= quality("identity") else PLAIN


def smallest(plain: bytes, coding: str) -> bytes:
    """Return the bytes as small as they get: some 30 ms for a page, to be spent once."""
    if coding == "br":
        return brotli.compress(plain, quality=11)  # type: ignore[no-any-return]
    return gzip.compress(plain, 9, mtime=0) if coding else plain
