"""Compressed bytes: small for what is sent again and again, fast for what is made for one request.

No page holds a secret beside what a stranger can choose, so its length gives nothing away.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Response, request
from isal import isal_zlib
from werkzeug.http import parse_accept_header

CODINGS = ("br", "gzip")
"""What is offered, the best first."""

PLAIN = ""
TEXTS = ("text/", "image/svg+xml")
_WORTH_IT = 500
"""From how many bytes on compressing saves a packet."""
_GZIP = 31
"""What zlib calls the format of gzip."""


@lru_cache(maxsize=64)
def coding(accepted: str, offered: tuple[str, ...] = CODINGS) -> str:
    """Return what of the offered suits an Accept-Encoding header best, or PLAIN if nothing."""
    quality = parse_accept_header(accepted).quality
    best = max(offered, key=quality)
    return best if quality(best) > 0 and quality(best) >= quality("identity") else PLAIN


def accepted() -> str:
    """Return the Accept-Encoding header of this request, or nothing."""
    header: str = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return header


def smallest(plain: bytes, coding: str) -> bytes:
    """Return the bytes as small as they get: some 30 ms for a page, to be spent once."""
    if coding == "br":
        return brotli.compress(plain, quality=11)  # type: ignore[no-any-return]
    return gzip.compress(plain, 9, mtime=0) if coding else plain


def fast(plain: bytes) -> bytes:
    """Return the bytes as gzip, compressed in some 50 us for a page: a third of brotli's time."""
    return isal_zlib.compress(plain, 2, _GZIP)


def compress(response: Response) -> Response:
    """Compress a text on its way out, if it was not compressed ahead."""
    headers = response.headers
    kind = response.content_type or ""
    if "ETag" in headers or not kind.startswith(TEXTS) or response.is_streamed:
        return response
    headers.add("Vary", "Accept-Encoding")
    plain = response.get_data()
    if len(plain) >= _WORTH_IT and coding(accepted(), ("gzip",)):
        response.set_data(fast(plain))
        headers.add("Content-Encoding", "gzip")
    return response
