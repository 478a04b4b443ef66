"""What nginx itself says and how it encrypts: as privately as the application."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.deploy.conftest import Come
from tests.support.nginx_stack import DEPLOY, NAME, NginxStack, tool

CONFIG = (DEPLOY / "nginx.conf").read_text("utf-8")
SERVERS = re.findall(r"^    server \{\n(.*?)^    \}", CONFIG, re.MULTILINE | re.DOTALL)
ENCRYPTED = [server for server in SERVERS if "listen 443" in server]
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
OWN = [
    ("/", {"Host": "evil.example"}, 421),
    ("/" + "a" * 9_000, {}, 414),
    ("/", {"Content-Length": "70000"}, 413),
    ("/", {"Content-Length": "x"}, 400),
    ("/", {"Cookie": "a" * 9_000}, 400),
]


@pytest.mark.parametrize(("path", "headers", "status"), OWN, ids=lambda one: str(one)[:30])
def test_pages_of_nginx_are_as_private_as_ours(
    come: Come, path: str, headers: dict[str, str], status: int
) -> None:
    call = come()
    call.request("GET", path, headers=headers)
    response = call.getresponse()
    assert response.status == status
    assert {name: response.headers.get_all(name) for name in PRIVATE} == {
        name: [value] for name, value in PRIVATE.items()
    }
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("path", "status"), [("/r/x", 308), ("/.well-known/acme-challenge/x", 404)]
)
def test_plain_redirects_are_private_too(stack: NginxStack, path: str, status: int) -> None:
    with closing(HTTPConnection("127.0.0.1", stack.http)) as call:
        call.request("GET", path)
        response = call.getresponse()
    assert response.status == status
    assert {name: response.headers[name] for name in PRIVATE} == PRIVATE
    assert response.headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/style.css", "/nowhere", "/squad"])
def test_pages_of_the_application_keep_their_own_headers(come: Come, path: str) -> None:
    call = come()
    call.request("GET", path)
    response = call.getresponse()
    response.read()
    for name in (*PRIVATE, "Strict-Transport-Security"):
        assert len(response.headers.get_all(name, [])) == 1, name
    assert response.headers["Content-Security-Policy"] != PRIVATE["Content-Security-Policy"]
    assert response.headers["Retry-After"] is None


@pytest.mark.parametrize(
    ("ciphers", "agreed"),
    [("kRSA", False), ("ECDHE-RSA-AES128-SHA", False), ("ECDHE+AESGCM", True)],
)
@pytest.mark.parametrize("name", [NAME, ""])
def test_a_stolen_key_reads_nothing_of_the_past(
    stack: NginxStack, ciphers: str, name: str, *, agreed: bool
) -> None:
    where = ["-connect", f"127.0.0.1:{stack.https}", *(["-servername", name] if name else [])]
    command = [tool("openssl"), "s_client", *where, "-tls1_2", "-cipher", ciphers]
    done = subprocess.run(command, input=b"", capture_output=True, check=False)  # noqa: S603
    assert (done.returncode == 0) is (agreed and bool(name)), done.stderr


def test_who_comes_without_a_ticket_gets_none(stack: NginxStack) -> None:
    trust = stack.trust()
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    plain = socket.create_connection(("127.0.0.1", stack.https))
    with trust.wrap_socket(plain, server_hostname=NAME) as call:
        assert call.session
        assert not call.session.has_ticket


def test_tls_is_set_where_a_connection_begins() -> None:
    first = next(server for server in SERVERS if "ssl_reject_handshake on;" in server)
    assert re.search(r"listen 443 ssl http2 default_server;", first)
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in first
    assert "ssl_session_tickets off;" in first
    assert len(ENCRYPTED) == 2
    assert all("ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;" in server for server in ENCRYPTED)


@pytest.mark.parametrize("server", SERVERS)
def test_no_server_writes_down_a_visitor(server: str) -> None:
    """Each has logs of its own, or those of another file would be its logs too."""
    assert re.findall(r"error_log (.*);", server) == ["/dev/null emerg"]
    assert re.findall(r"access_log (.*);", server) == ["/var/log/nginx/access.log plain"]


def test_the_log_has_no_more_than_it_needs() -> None:
    assert re.findall(r"log_format (.*);", CONFIG) == [
        "plain '$time_iso8601 $method $status $request_time'"
    ]
    assert re.findall(r"^error_log (.*?);", CONFIG, re.MULTILINE) == [
        "/var/log/nginx/error.log notice"
    ]


@pytest.mark.parametrize(
    "setting",
    [
        "client_header_timeout 10s",
        "client_body_timeout 10s",
        "send_timeout 10s",
        "keepalive_timeout 30s",
        "reset_timedout_connection on",
        "proxy_connect_timeout 1s",
        "proxy_read_timeout 5s",
        "proxy_request_buffering on",
        "proxy_max_temp_file_size 0",
        "server_tokens off",
        "client_max_body_size 64k",
    ],
)
def test_the_guide_s_limits_are_set(setting: str) -> None:
    assert CONFIG.count(f"    {setting};") == 1
