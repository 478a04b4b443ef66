"""What the server does with a connection, seen through a real socket."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask, request
from waitress.channel import HTTPChannel

from app import create_app
from questionnaire.serving import server
from tests.support.server_process import TIMEOUT, connect, half_open, running

GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve an application on a port of this process."""
    listener = socket.create_server(("127.0.0.1", 0))
    running = server.create_server(app, listener)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        running.stop()
        thread.join(TIMEOUT)
        running.close()


@pytest.fixture
def port() -> Iterator[int]:
    """An application that says what it was sent, and has a slow page and a broken one."""
    app = Flask(__name__)
    app.config["PROXIES"] = 0

    @app.route("/<path:path>", methods=["GET", "POST"])
    @app.route("/", methods=["GET", "POST"], defaults={"path": ""})
    def told(path: str) -> str:
        return f"{path}:{request.content_length}:{request.get_data(as_text=True)}"

    with serving(app) as port:
        yield port


def talk(port: int, *said: str | bytes) -> str:
    """Say this, one after the other, and return all that comes until the server closes."""
    with connect(port) as call:
        for one in said:
            call.sendall(one.encode("latin-1") if isinstance(one, str) else one)
        with call.makefile("rb") as answer:
            return answer.read().decode("latin-1")


def is_closed(call: socket.socket) -> bool:
    """Wait for the server, and return True if it closes the connection without a word."""
    try:
        return call.recv(1) == b""
    except ConnectionResetError:
        return True


def head(path: str = "/", method: str = "GET", **fields: str) -> str:
    named = {"Host": "localhost", "Connection": "close"} | fields
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""])


def eventually(holds: Callable[[], bool]) -> bool:
    """Return True as soon as this holds, and False if it never does."""
    until = time.monotonic() + TIMEOUT
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_900_half_open_posts_hold_up_nobody() -> None:
    with running({}) as alone, half_open(alone.port, 900):
        for _ in range(10):
            assert alone.ask("/")[0] == 200
            assert alone.ask("/", "POST", b"any-warnings=none")[0] == 422


def test_past_the_limit_visitors_wait_until_the_slow_are_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    soon = {"channel_timeout": 1, "cleanup_interval": 1}
    monkeypatch.setattr(server, "ADJUSTMENTS", server.ADJUSTMENTS | soon)
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 20)
    with serving(create_app()) as port, half_open(port, 60) as held:
        assert talk(port, head()).startswith("HTTP/1.1 200 OK")
        assert is_closed(held[0])


def test_who_asks_for_a_long_page_and_reads_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """waitress would wait until the client has room for more, and it never has."""
    soon = {"channel_timeout": 1, "cleanup_interval": 1}
    monkeypatch.setattr(server, "ADJUSTMENTS", server.ADJUSTMENTS | soon)
    gone = threading.Event()

    class Channel(server.Channel):
        def handle_close(self) -> None:
            super().handle_close()
            gone.set()

    monkeypatch.setattr(server.Server, "channel_class", Channel)
    app = Flask(__name__)
    app.config["PROXIES"] = 0
    app.add_url_rule("/", view_func=lambda: "x" * 8_000_000)
    with serving(app) as port, connect(port) as call:
        call.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        call.sendall(GET.encode())
        assert gone.wait(TIMEOUT)


@pytest.mark.parametrize("long", [("/", 20_000), (f"/?from={'x' * 400}", 0)])
def test_long_requests_wait_for_each_other_and_hold_up_nobody(long: tuple[str, int]) -> None:
    leave = threading.Event()
    app = Flask(__name__)
    app.config["PROXIES"] = 0
    app.add_url_rule("/", view_func=lambda: str(leave.wait(TIMEOUT)), methods=["GET", "POST"])
    app.add_url_rule("/quick", "quick", lambda: "quick")
    path, length = long
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{'x' * length}"
    with serving(app) as port, ExitStack() as calls:
        for _ in range(10):
            calls.enter_context(connect(port)).sendall(sent.encode())
        assert talk(port, head("/quick")).endswith("quick")
        leave.set()


def test_urgent_data_ends_the_connection(port: int, caplog: pytest.LogCaptureFixture) -> None:
    """waitress would log it as fast as it can until the connection times out."""
    with connect(port) as call:
        call.send(b"x", socket.MSG_OOB)
        assert is_closed(call)
    assert not caplog.records


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("GET http://[x HTTP/1.1\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\nContent-Length: {'9' * 5000}\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: zebra\rzebra\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n zebra\r\n\r\n", 400),
        ("zebra / HTTP/1.1\r\n\r\n", 400),
        ("GET\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (f"POST / HTTP/1.1\r\nContent-Length: {server.MAX_BODY}\r\n\r\n", 413),
        ("GET /".ljust(64 * 1024, "x"), 431),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_is_refused_by_the_server_itself(
    port: int, caplog: pytest.LogCaptureFixture, said: str, status: int
) -> None:
    answer = talk(port, said)
    assert answer.split()[1] == str(status)
    assert "\r\nContent-Type: text/plain" in answer
    assert "zebra" not in answer
    assert not caplog.records


def test_of_several_requests_at_once_only_the_first_is_answered(port: int) -> None:
    """HTTP allows it, and a client that reads nothing can make no thread work for nothing."""
    answer = talk(port, GET * 400)
    assert answer.count("HTTP/1.1 200") == 1
    assert "\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize("status", [200, 204, 304])
def test_a_connection_stays_open_unless_the_client_says_close(status: int) -> None:
    app = Flask(__name__)
    app.config["PROXIES"] = 0
    app.add_url_rule("/", view_func=lambda: ("", status))
    with serving(app) as port, connect(port) as call:
        for _ in range(3):
            call.sendall(GET.encode())
            answer = call.recv(1000).decode()
            assert answer.startswith(f"HTTP/1.1 {status}")
            assert "Connection" not in answer
        call.sendall(head().encode())
        answer = call.recv(1000).decode()
        assert answer.startswith(f"HTTP/1.1 {status}")
        assert "\r\nConnection: close\r\n" in answer
        assert is_closed(call)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ([head(method="POST", Content_Length="4"), "text"], "4:text"),
        ([head(method="POST", Content_Length="4"), "te", "xt"], "4:text"),
        (
            [
                head(method="POST", Transfer_Encoding="chunked"),
                "2\r\nte\r\n",
                "2\r\nxt\r\n0\r\n\r\n",
            ],
            "4:text",
        ),
        ([head(method="POST")], "None:"),
    ],
)
def test_a_body_arrives_whole_and_with_its_length(port: int, said: list[str], read: str) -> None:
    assert talk(port, *said).endswith(f"\r\n\r\n:{read}")


def test_who_asks_first_whether_to_send_a_body_is_told_to(port: int) -> None:
    with connect(port) as call:
        call.sendall(head(method="POST", Content_Length="4", Expect="100-continue").encode())
        assert call.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        call.sendall(b"text")
        with call.makefile("rb") as answer:
            assert answer.read().endswith(b"\r\n\r\n:4:text")


@pytest.mark.parametrize(
    "length",
    ["Content-Length: 99\r\n\r\nany-warnings=none", "Transfer-Encoding: chunked\r\n\r\n5\r\nwar"],
)
def test_a_body_that_is_cut_never_arrives(length: str) -> None:
    app, came = Flask(__name__), []
    app.config["PROXIES"] = 0
    app.before_request(lambda: came.append(request.path))
    with serving(app) as port:
        with connect(port) as call:
            call.sendall(f"POST /cut HTTP/1.1\r\nHost: localhost\r\n{length}".encode())
            call.shutdown(socket.SHUT_WR)
            assert is_closed(call)
        talk(port, head("/whole"))
    assert came == ["/whole"]


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_proxy_is_believed_if_there_is_one(proxies: int) -> None:
    app = create_app({"PROXIES": proxies})
    app.add_url_rule("/for", view_func=lambda: request.headers.get("X-Forwarded-For", "nobody"))
    with serving(app) as port:
        answer = talk(port, head("/for", X_Forwarded_Proto="https", X_Forwarded_For="proxy"))
    assert ("\r\nStrict-Transport-Security: " in answer) is bool(proxies)
    assert answer.endswith("proxy" if proxies else "nobody")


def test_a_header_with_an_underscore_is_dropped() -> None:
    with serving(create_app({"PROXIES": 1})) as port:
        said = head(X_Forwarded_Proto="https").replace("X-Forwarded-Proto", "X_Forwarded_Proto")
        assert "Strict-Transport-Security" not in talk(port, said)


def test_the_server_names_itself_nowhere(port: int) -> None:
    assert "\r\nServer:" not in talk(port, head())
    assert "waitress" not in talk(port, "GET\r\n\r\n")


def test_a_request_without_a_host_gets_links_that_can_be_opened() -> None:
    with serving(create_app()) as port:
        assert f"http://127.0.0.1:{port}/" in talk(port, "GET /poster HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize("target", ["*", "x", "//x", "http://localhost/nowhere", "/%00%ff", "x:80"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "CONNECT"])
def test_no_address_is_an_error_of_ours(target: str, method: str) -> None:
    with serving(create_app()) as port:
        assert talk(port, head(target, method)).split()[1] in ("200", "404", "405")


@pytest.mark.parametrize("length", [0, 1, 100_000])
def test_a_head_and_its_page_leave_together(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    """If they left one after the other, nginx could not ask another instance in between."""
    sent: list[bytes] = []

    def send(channel: server.Channel, data: bytes, do_close: bool = True) -> int:
        sent.append(data)
        return int(HTTPChannel.send(channel, data, do_close))

    monkeypatch.setattr(server.Channel, "send", send, raising=False)
    app = Flask(__name__)
    app.config["PROXIES"] = 0
    app.add_url_rule("/", view_func=lambda: "x" * length)
    with serving(app) as port:
        answer = talk(port, head())
    assert sent[0].decode() == answer
