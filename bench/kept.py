"""Whether what is the same for everyone is compressed once, and then only sent."""

from __future__ import annotations

import gzip
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import Mock, patch

import brotli
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.weight import links
from questionnaire.web.rendering import CODINGS
from questionnaire.web.rendering import COMPRESSED_TYPES as TEXTS

COMPRESSORS = (
    (brotli, "compress"),
    (brotli, "Compressor"),
    (gzip, "compress"),
    (zlib, "compress"),
    (zlib, "compressobj"),
)
"""All that could compress."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page or file: its bytes in each coding that it comes in, and if they are kept ready."""

    path: str
    weights: dict[str, int]
    kept: bool


def kept(client: FlaskClient) -> list[Kept]:
    """Return every text that is linked and the same for everyone."""
    logging.disable(logging.INFO)
    try:
        with _counted() as calls:
            found = [_look(client, path, calls) for path in sorted(_alike(client))]
            assert calls(), "nothing was seen being compressed, not even the first time"
    finally:
        logging.disable(logging.NOTSET)
    return found


def _look(client: FlaskClient, path: str, calls: Callable[[], int]) -> Kept:
    weights, ready = {}, True
    for coding in CODINGS:
        first = _get(client, path, coding)
        before = calls()
        again = _get(client, path, coding)
        has = {"If-None-Match": again.headers.get("ETag", "")}
        unchanged = client.get(path, headers={"Accept-Encoding": coding} | has)
        ready &= again.data == first.data and calls() == before and unchanged.status_code == 304
        if again.headers.get("Content-Encoding") == coding:
            weights[coding] = len(again.data)
    return Kept(path, weights, ready)


def _alike(client: FlaskClient) -> set[str]:
    """Return the addresses of the texts that links lead to, without a query."""
    left, seen, found = ["/"], {"/"}, set()
    while left:
        path = left.pop()
        response = _get(client, path)
        if response.status_code != 200 or not response.content_type.startswith(TEXTS):
            continue
        if response.data == _get(client, path).data:
            found.add(path)
        if response.mimetype == "text/html":
            linked = {link.address.split("#")[0] for link in links(response.text)}
            new = {one for one in linked - seen if one.startswith("/") and "?" not in one}
            seen |= new
            left += new
    return found


def _get(client: FlaskClient, path: str, coding: str = "identity") -> TestResponse:
    return client.get(path, headers={"Accept-Encoding": coding})


@contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    """Give a function that says how often anything was compressed until then."""
    with ExitStack() as stack:
        mocks: list[Mock] = [
            stack.enter_context(patch.object(module, name, wraps=getattr(module, name)))
            for module, name in COMPRESSORS
        ]
        yield lambda: sum(mock.call_count for mock in mocks)
