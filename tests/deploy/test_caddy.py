"""The shipped Caddyfile is as private as the shipped nginx.conf, with a real Caddy."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage

import pytest

from tests.support.caddy_stack import CaddyStack, running_caddy
from tests.support.example_answers import LARGEST
from tests.support.nginx_stack import NAME
from tests.support.visitors import FORM, body

CANARY = "zebra"
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Server": None,
}


@pytest.fixture(scope="module")
def caddy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaddyStack]:
    with running_caddy(tmp_path_factory.mktemp("caddy")) as stack:
        yield stack


def ask(
    caddy: CaddyStack, method: str, path: str, sent: str | None = None, **headers: str
) -> tuple[int, HTTPMessage, bytes]:
    with closing(caddy.visitor()) as call:
        call.request(method, path, sent, (FORM if sent else {}) | headers)
        response = call.getresponse()
        return response.status, response.headers, response.read()


def test_a_runner_gets_a_result(caddy: CaddyStack) -> None:
    status, headers, _ = ask(caddy, "POST", "/", body(LARGEST))
    assert status == 303
    status, headers, packed = ask(caddy, "GET", headers["Location"], **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert f"https://{NAME}/r/" in gzip.decompress(packed).decode()
    for name in ("Cache-Control", "Content-Security-Policy", "Strict-Transport-Security"):
        assert len(headers.get_all(name, [])) == 1
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] is None


def test_plain_http_leads_to_tls(caddy: CaddyStack) -> None:
    with closing(HTTPConnection("127.0.0.1", caddy.http)) as call:
        call.request("GET", "/r/x?a=b", headers={"Host": NAME})
        response = call.getresponse()
        response.read()
        assert (response.status, response.headers["Location"]) == (308, f"https://{NAME}/r/x?a=b")
        assert {name: response.headers[name] for name in PRIVATE} == PRIVATE
        call.request("GET", "/", headers={"Host": "evil.example"})
        response = call.getresponse()
        assert response.status == 421
        assert {name: response.headers[name] for name in PRIVATE} == PRIVATE


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/", 3_000, 422), ("/", 65_537, 413), ("/squad", 199_000, 422), ("/squad", 2_097_153, 413)],
)
def test_a_body_may_be_so_long(caddy: CaddyStack, path: str, size: int, status: int) -> None:
    text = "text=".ljust(size, "x") if path == "/squad" else "a=".ljust(size, "x")
    assert ask(caddy, "POST", path, text)[0] == status


def test_another_name_gets_nothing(caddy: CaddyStack) -> None:
    status, headers, page = ask(caddy, "GET", "/", Host="evil.example")
    assert status == 421
    assert b"<form" not in page
    assert {name: headers[name] for name in PRIVATE} == PRIVATE


def test_nothing_is_written_of_what_was_sent(caddy: CaddyStack) -> None:
    """Not even of a request that fails."""
    marked = {"User-Agent": CANARY, "Referer": f"https://{NAME}/r/{CANARY}", "Cookie": CANARY}
    ask(caddy, "GET", f"/r/{CANARY}", **marked)
    ask(caddy, "POST", f"/?{CANARY}", f"a={CANARY}".ljust(70_000, "x"), **marked)
    caddy.instance.kill()
    try:
        status, headers, page = ask(caddy, "GET", f"/r/{CANARY}", **marked)
    finally:
        caddy.instance.start()
        caddy.instance.wait()
    assert status == 503
    assert headers["Retry-After"] == "10"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert {name: headers[name] for name in PRIVATE} == PRIVATE
    assert b"<h1>Please wait a moment</h1>" in page
    written = b"".join(one.read_bytes() for one in caddy.folder.glob("*.log"))
    assert b"certificate" in written
    assert CANARY.encode() not in written
    assert b"remote_" not in written
