"""The shipped nginx.conf holds what docs/guides/deploy.md promises, with a real nginx."""

from __future__ import annotations

import gzip
import re
import select
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from io import BytesIO
from urllib.parse import urlencode

import brotli
import pytest
from werkzeug.datastructures import FileStorage

from questionnaire.rulebook.model import Rulebook
from questionnaire.serving.server import ADJUSTMENTS
from tests.deploy.conftest import FEW, Come
from tests.support.example_answers import LARGEST
from tests.support.largest_requests import MULTIPART, multipart
from tests.support.nginx_stack import DEPLOY, NAME, Instance, NginxStack
from tests.support.random_runners import chat
from tests.support.visitors import (
    A_GET,
    FORM,
    HALF_A_HEAD,
    HALF_A_POST,
    Crowd,
    Visit,
    body,
    half_open,
)

CANARY = "zebra"
"""A word that nobody writes by chance."""


def test_pages_come_through_tls(come: Come) -> None:
    call = come()
    status, location, _ = Visit("POST", "/", body(LARGEST)).send(call)
    assert status == 303
    call.request("GET", location)
    response = call.getresponse()
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Server"] == "nginx"
    assert response.headers["Strict-Transport-Security"], "the site knows nothing of TLS"
    assert "Set-Cookie" not in response.headers
    response.read()
    page = Visit("GET", location).send(call)[2].decode()
    assert f"https://{NAME}{location}" in page
    assert "http://localhost" not in page


@pytest.mark.parametrize(
    ("path", "sent", "coding"),
    [
        ("/", "", "br"),
        ("/rules", "", "gzip"),
        ("/r/{}", "", "gzip"),
        ("/r/{}/qr.svg", "", "gzip"),
        ("/r/{}x", "", "gzip"),
        ("/squad", "text={}&view=table", "gzip"),
        ("/squad", "text={}&view=csv", "gzip"),
    ],
)
def test_every_long_page_is_compressed_once(come: Come, path: str, sent: str, coding: str) -> None:
    """By the application if it is the same for everyone, and by nginx if it is personal."""
    call = come("127.0.0.10")
    code = Visit("POST", "/", body(LARGEST)).send(call)[1].removeprefix("/r/")
    visit = Visit("POST" if sent else "GET", path.format(code), sent.format(f"{code}%0A" * 50))
    plain_headers, plain = loaded(call, visit, "identity")
    headers, packed = loaded(call, visit, f"{coding}, gzip;q=0.5")
    assert plain_headers["Content-Encoding"] is None
    assert headers.get_all("Content-Encoding") == [coding]
    assert "Accept-Encoding" in headers["Vary"]
    assert {"gzip": gzip.decompress, "br": brotli.decompress}[coding](packed) == plain
    assert len(packed) < 0.6 * len(plain)


def loaded(call: HTTPSConnection, visit: Visit, accept: str) -> tuple[HTTPMessage, bytes]:
    """The headers and the page that a browser gets behind a proxy, if it accepts these codings."""
    fields = {"Accept-Encoding": accept, "Via": "1.1 proxy.example"} | (FORM if visit.body else {})
    call.request(visit.method, visit.path, visit.body or None, fields)
    response = call.getresponse()
    return response.headers, response.read()


def test_plain_http_leads_to_tls(stack: NginxStack) -> None:
    with closing(HTTPConnection("127.0.0.1", stack.http)) as call:
        status, location, _ = Visit("GET", "/?from=City").send(call)
    assert (status, location) == (308, f"https://{NAME}/?from=City")


def test_a_load_balancer_may_ask_by_number_whether_it_is_well(stack: NginxStack) -> None:
    with closing(HTTPConnection("127.0.0.1", stack.http)) as call:
        assert Visit("GET", "/healthz").send(call) == (200, "", b"ok")


def test_the_newest_tls_is_spoken(stack: NginxStack) -> None:
    with _encrypted(stack, stack.trust()) as call:
        assert call.version() == "TLSv1.3"


def test_who_comes_again_need_not_agree_on_keys_again(stack: NginxStack) -> None:
    trust = stack.trust()
    trust.maximum_version = ssl.TLSVersion.TLSv1_2  # whose session is there before any answer
    with _encrypted(stack, trust) as first, _encrypted(stack, trust, first.session) as second:
        assert second.session_reused


def _encrypted(
    stack: NginxStack, trust: ssl.SSLContext, session: ssl.SSLSession | None = None
) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", stack.https))
    return trust.wrap_socket(plain, server_hostname=NAME, session=session)


def test_another_name_gets_nothing(stack: NginxStack, come: Come) -> None:
    plain = socket.create_connection(("127.0.0.1", stack.https))
    with plain, pytest.raises(ssl.SSLError, match="unrecognized name"):
        stack.trust().wrap_socket(plain, server_hostname="evil.example")
    call = come()
    call.request("GET", "/", headers={"Host": "evil.example"})
    assert call.getresponse().status == 421


def test_a_file_that_one_instance_lacks_is_asked_of_the_other(
    stack: NginxStack, come: Come
) -> None:
    def asked() -> list[int]:
        return [one.log.read_text("utf-8").count('"/static/<name>"') for one in stack.instances]

    before = asked()
    assert Visit("GET", "/static/of-another-version.css").send(come())[0] == 404
    assert all(now > then for now, then in zip(asked(), before, strict=True))


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/", 3_000, 422), ("/", 65_537, 413), ("/squad", 199_000, 422), ("/squad", 2_097_153, 413)],
)
def test_a_body_may_be_so_long(come: Come, path: str, size: int, status: int) -> None:
    text = "text=".ljust(size, "x") if path == "/squad" else f"a={CANARY}".ljust(size, "x")
    assert Visit("POST", path, text).send(come("127.0.0.3"))[0] == status


def test_a_long_text_and_a_long_file_come_through(come: Come, book: Rulebook) -> None:
    file = FileStorage(BytesIO(chat(book, 9).ljust(1_000_000).encode()), "chat.txt")
    sent = multipart({"text": "x" * 999_000, "file": file})
    call = come("127.0.0.4")
    call.request("POST", "/squad", sent, {"Content-Type": MULTIPART})
    response = call.getresponse()
    assert response.status == 413
    assert "This text is too long: 999 KB." in response.read().decode()


def test_a_crowd_gets_right_answers(stack: NginxStack, visits: list[Visit]) -> None:
    crowd = Crowd(stack, visits)
    with crowd.coming(40):
        crowd.wait_for_more(400)
    assert set(crowd.counts) <= {"right", "refused"}, crowd.odd[:3]
    assert crowd.counts["right"] >= 200


@pytest.mark.parametrize("end", [Instance.kill, Instance.stop])
def test_an_instance_that_ends_takes_no_request_along(
    stack: NginxStack, visits: list[Visit], end: Callable[[Instance], None]
) -> None:
    crowd = Crowd(stack, visits)
    with crowd.coming(10):
        for instance in stack.instances:
            crowd.wait_for_more(50)
            end(instance)
            crowd.wait_for_more(50)
            instance.start()
            instance.wait()
    assert set(crowd.counts) == {"right"}, (crowd.counts, crowd.odd[:3])


def test_what_is_too_much_is_refused_at_once(stack: NginxStack) -> None:
    places = 4 * FEW
    with half_open(stack, places + 20, "") as calls:
        with stack.hanging():
            for call in calls:
                call.sendall(A_GET.encode("ascii"))
            refused = select.select(calls, [], [], 30)[0][0]
            assert refused.recv(12) == b"HTTP/1.1 503"
        statuses = Counter(call.recv(12) for call in calls if call is not refused)
    assert set(statuses) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
    assert statuses[b"HTTP/1.1 200"] >= places // 2


def test_nginx_closes_idle_connections_before_an_instance_does() -> None:
    """A request on a connection that is just being closed would have to be sent again."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    seconds = re.findall(r"upstream .*?keepalive_timeout (\d+)s;.*?}", text, re.DOTALL)
    assert [int(one) < ADJUSTMENTS["channel_timeout"] for one in seconds] == [True]


def test_without_an_instance_a_page_says_so(stack: NginxStack, come: Come) -> None:
    for instance in stack.instances:
        instance.kill()
    told = []
    for visit in (Visit("GET", "/"), Visit("POST", "/squad", "text=" + "x" * 100_000)):
        call = come()
        call.request(visit.method, visit.path, visit.body or None, FORM)
        response = call.getresponse()
        told.append((response.status, response.headers, response.read()))
    for instance in stack.instances:
        instance.start()
    for instance in stack.instances:
        instance.wait()
    for status, headers, page in told:
        assert status == 503
        assert headers["Retry-After"] == "10"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert b"<h1>Please wait a moment</h1>" in page
    access = (stack.folder / "logs" / "access.log").read_text("utf-8")
    assert " POST 503 " in access


def test_who_never_finishes_holds_up_nobody(
    stack: NginxStack, come: Come, visits: list[Visit]
) -> None:
    crowd = Crowd(stack, visits)
    call = come()
    with half_open(stack, 1000, HALF_A_POST, HALF_A_HEAD):
        for visit in visits * 4:
            crowd.visit(visit, call)
    for visit in visits:
        crowd.visit(visit, call)
    assert crowd.counts == Counter(right=5 * len(visits)), crowd.odd[:3]


def test_nothing_is_written_of_what_was_sent(stack: NginxStack, come: Come, book: Rulebook) -> None:
    """Neither in a log nor, for a while, in a temporary file: not by nginx, not by the app."""
    address = "127.0.0.9"
    code = Visit("POST", "/", body(LARGEST)).send(come(address))[1].removeprefix("/r/")
    marked = {"User-Agent": CANARY, "Referer": f"https://{NAME}/r/{code}", "Cookie": f"a={CANARY}"}
    for method, path, sent in (
        ("GET", f"/r/{code}", ""),
        ("GET", f"/r/{CANARY}", ""),
        ("GET", f"/?from={CANARY}", ""),
        ("POST", "/", f"warnings={CANARY}"),
        ("POST", "/", f"warnings={CANARY}".ljust(60_000, "x")),
        ("POST", "/", f"warnings={CANARY}".ljust(70_000, "x")),
        ("POST", "/squad", urlencode({"text": f"{CANARY} {code}\n" * 3000, "view": "sheets"})),
        ("POST", f"/{CANARY}", CANARY),
        (CANARY.upper(), "/", ""),
        ("GET", f"/../{CANARY}", ""),
        ("GET", f"/{CANARY}" * 4000, ""),
    ):
        call = come(address)
        call.request(method, path, sent or None, marked | (FORM if sent else {}))
        assert call.getresponse().read()
    for path in (f"/r/{code}", f"/healthz?{CANARY}", f"/ {CANARY}"):
        with socket.create_connection(("127.0.0.1", stack.http), 30, (address, 0)) as plain:
            plain.sendall(f"GET {path} HTTP/1.1\r\nHost: {CANARY}\r\n{CANARY}\r\n\r\n".encode())
            assert plain.recv(100)
    with half_open(stack, 5, HALF_A_POST + CANARY):
        pass
    sheets = urlencode({"text": chat(book, 300), "view": "sheets"})
    head = f"POST /squad HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    long = f"{head}Content-Length: {len(sheets)}\r\n\r\n{sheets}"
    with half_open(stack, 1, long, takes=4096) as calls:
        assert calls[0].recv(12) == b"HTTP/1.1 200"  # and the rest, 1.6 MB, is not read
    written = stack.written()
    assert any(b"POST 303" in text for text in written.values())
    for secret in (CANARY, CANARY.upper(), code, address):
        assert not [file for file, text in written.items() if secret.encode() in text]
    for temporary in stack.folder.glob("temporary-*"):
        assert not list(temporary.iterdir()), "a body or a page was put into a file"
