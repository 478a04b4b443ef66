"""Compressed bytes: small for what is sent again and again, fast for what is made for one request.

No page holds a secret beside what a stranger can choose, so its length gives nothing away.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from flask import Response, g, request
from isal import isal_zlib
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CODINGS = ("br", "gzip")
"""What is offered, the best first."""

PLAIN = ""
LONGEST = 200
"""How much of what a browser accepts is read, and kept."""

TEXTS = ("text/", "image/svg+xml")
_WORTH_IT = 500
"""From how many bytes on compressing saves a packet."""
_BLOCKS = -15
"""What zlib calls the format of what is between the head of gzip and its check."""

_HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF])
"""The head of gzip: no name, no time, compressed as far as it goes (RFC 1952)."""


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


class Start:
    """What many pages start with: compressed once and as far as it goes."""

    def __init__(self, plain: bytes) -> None:
        """Compress it into blocks that others can follow."""
        squeeze = zlib.compressobj(9, zlib.DEFLATED, _BLOCKS)
        self.plain = plain
        self.blocks = _HEAD + squeeze.compress(plain) + squeeze.flush(zlib.Z_FULL_FLUSH)
        self.check = zlib.crc32(plain)

    def gzip(self, page: bytes) -> bytes:
        """Return a page that starts with it as gzip, the rest fast: a third of brotli's time."""
        rest = page[len(self.plain) :]
        check = isal_zlib.crc32(rest, self.check)
        blocks = isal_zlib.compress(rest, 1, _BLOCKS)
        return b"".join((self.blocks, blocks, struct.pack("<LL", check, len(page) & 0xFFFFFFFF)))


@lru_cache(maxsize=64)
def _start(text: str) -> Start:
    return Start(text.encode())


def compress(response: Response) -> Response:
    """Compress a text on its way out; `g.start` is what many pages like it start with."""
    headers = response.headers
    kind = response.content_type or ""
    if not kind.startswith(TEXTS) or response.is_streamed:
        return response
    headers.add("Vary", "Accept-Encoding")
    plain = response.get_data()
    if len(plain) >= _WORTH_IT and coding(request.environ, ("gzip",)):
        start = _start(g.get("start", ""))
        start = start if plain.startswith(start.plain) else _start("")  # an error came between
        response.set_data(start.gzip(plain))
        headers.add("Content-Encoding", "gzip")
    return response
