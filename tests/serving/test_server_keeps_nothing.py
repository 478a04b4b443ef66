"""The server keeps nothing of a request, once its response is sent or its client is gone."""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import secrets
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.serving.test_connections import is_closed, serving
from tests.support.server_process import TIMEOUT, connect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HALVES = secrets.token_hex(8), secrets.token_hex(8)
"""What is sent is nowhere in one piece but where it was sent to."""
END = b"END"


def show(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Send a long page of what was sent, and some of it in a header."""
    path = environ["PATH_INFO"]
    if path.startswith("/fails"):
        raise RuntimeError(path)
    start_response("200 OK", [("X-Path", path)])
    return [path.encode() + environ["wsgi.input"].read() + b"-" * 1_000_000 + END]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(logging.getLogger("waitress"), "disabled", True)  # pytest keeps its records
    app = Flask(__name__)
    app.config["PROXIES"] = 0
    app.wsgi_app = show  # type: ignore[method-assign]
    with serving(app) as port:
        yield port


def filled(said: str) -> bytes:
    return said.replace("{}", "".join(HALVES)).encode()


def holders(text: bytes) -> list[type]:
    """Return the types of all objects that hold this text."""
    found = []
    for one in gc.get_objects():
        held = [one.getvalue()] if isinstance(one, io.BytesIO) and not one.closed else []
        for part in (*held, *gc.get_referents(one)):
            content = part.encode("utf-8", "replace") if isinstance(part, str) else part
            if isinstance(content, bytes | bytearray) and text in content:
                found.append(type(one))
    return found


def assert_nothing_is_kept() -> None:
    """Fail if the code can be reached for ever: a thread may end its work a little later."""
    until = time.monotonic() + TIMEOUT
    while kept := holders("".join(HALVES).encode()):
        assert time.monotonic() < until, kept
        time.sleep(0.05)
        gc.collect()


def receive(call: socket.socket) -> None:
    """Read a response to its end, and keep none of it."""
    end = b""
    while not end.endswith(END) and (part := call.recv(65_536)):
        end = part[-len(END) :]


def leave(call: socket.socket) -> None:
    """Say no more, and wait until the server has understood."""
    with contextlib.suppress(OSError):  # the server may be the first to close
        call.shutdown(socket.SHUT_WR)
    assert is_closed(call)


WHOLE = "GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n"
HALF = "POST /{} HTTP/1.1\r\nContent-Length: 99\r\n\r\n{}"


ANSWERED = [
    WHOLE,
    "POST / HTTP/1.1\r\nContent-Length: 8\r\n\r\n{}",
    "GET /{} HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    "GET /fails/{} HTTP/1.1\r\n\r\n",
    WHOLE * 20,
]


@pytest.mark.parametrize("stays", [True, False])
def test_nothing_is_kept_of_requests_that_were_answered(port: int, stays: bool) -> None:
    """All at once: to look through the memory takes half a second."""
    with contextlib.ExitStack() as calls:
        for said in ANSWERED:
            call = calls.enter_context(connect(port))
            call.sendall(filled(said))
            receive(call)
            if not stays:
                leave(call)
        assert_nothing_is_kept()


@pytest.mark.parametrize("before", [True, False])
def test_nothing_is_kept_of_half_a_request(port: int, before: bool) -> None:
    with connect(port) as call:
        if before:  # so that a thread has had this connection
            call.sendall(b"GET / HTTP/1.1\r\n\r\n")
            receive(call)
        call.sendall(filled(HALF))
        leave(call)
        assert_nothing_is_kept()


def test_nothing_is_kept_of_a_page_that_nobody_reads(port: int) -> None:
    with connect(port) as call:
        call.sendall(filled(WHOLE))
        assert call.recv(1) == b"H"
    assert_nothing_is_kept()
