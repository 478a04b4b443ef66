"""What browsers are told to refuse, on every answer; and which host and scheme are believed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from questionnaire.web import qr_code
from tests.support.runner_client import NO_COMPLAINTS, RunnerClient, read
from tests.support.server_process import ROOT

CSP = "Content-Security-Policy"
HSTS = "Strict-Transport-Security"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DENIED_FEATURES = [
    *("accelerometer", "autoplay", "browsing-topics", "camera"),
    *("clipboard-read", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi"),
    *("payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock"),
    *("serial", "storage-access", "usb", "xr-spatial-tracking"),
]
"""What browsers must not let any page use, as the header lists it."""
PERMISSIONS = ", ".join(f"{name}=()" for name in DENIED_FEATURES)
EVERYWHERE = {
    CSP: POLICY,
    "Permissions-Policy": PERMISSIONS,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every response over HTTP; over TLS there is one more."""

SHARED = {
    *("", "/r", "/rules", "/research", "/about", "/squad"),
    *("/coach", "/muscles", "/muscles/<name>"),
}
"""What is the same for everyone: browsers may keep it, and ask whether it is still right."""


INDEXED = {"GET /", "HEAD /", "OPTIONS /"}
"""What search engines may keep."""


def from_every_route(site: Flask) -> dict[str, TestResponse]:
    """An answer of every route to every method, and of every kind of error."""
    client = site.test_client()
    code = client.post("/", data=NO_COMPLAINTS | {"bothers": "knee"}).location.removeprefix("/r/")
    style = re.findall('/static/style[^"]+', client.get("/").text)[0]
    values = {"code": code, "earlier": code, "name": "glutes"}
    answers = {
        "no page": client.get("/nowhere"),
        "wrong code": client.get("/r/ABC"),
        "wrong host": client.get("/", headers={"Host": ".."}),
        "too much": client.post("/", data="a" * 70_000),
        "style": client.get(style),
    }
    for rule in site.url_map.iter_rules():
        path = re.sub("<([^>]+)>", lambda found: values[found[1]], rule.rule)
        for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT"):
            answers[f"{method} {rule.rule}"] = client.open(path, method=method)
    return answers


def test_every_answer_carries_the_headers_once_and_no_cookie() -> None:
    site = create_app()
    site.add_url_rule("/fails", view_func=lambda: str(1 / 0))
    answers = from_every_route(site)
    assert answers["GET /fails"].status_code == 500
    for name, answer in answers.items():
        headers = answer.headers
        for header, value in EVERYWHERE.items():
            assert headers.getlist(header) == [value], name
        assert HSTS not in headers
        assert "Set-Cookie" not in headers
        method, _, path = name.partition(" ")
        shared = name in INDEXED or (method in ("GET", "HEAD") and path.rstrip("/") in SHARED)
        kept = "immutable" if name == "style" else "no-cache" if shared else "no-store"
        assert kept in headers["Cache-Control"], name
        assert headers.get("X-Robots-Tag") == (None if name in INDEXED else "noindex"), name


def test_the_headers_of_a_page_are_these_and_no_others(client: FlaskClient) -> None:
    page = {"Content-Type", "Content-Length", "Cache-Control", "ETag", "Vary"}
    for scheme, more in (("http", set()), ("https", {HSTS})):
        headers = client.get("/", base_url=f"{scheme}://localhost").headers
        assert set(headers.keys()) == page | EVERYWHERE.keys() | more


def test_the_script_uses_only_what_is_permitted() -> None:
    assert not re.search("clipboard-write|web-share", PERMISSIONS)
    script = (ROOT / "static" / "enhance.js").read_text("utf-8")
    unsafe = r"eval|Function|innerHTML\s*\+?=|fetch|XMLHttp|[sS]torage|cookie|\.style\b"
    assert set(re.findall(r"navigator\.(\w+)", script)) == {"clipboard", "share"}
    assert not re.search(unsafe, script)


@pytest.mark.parametrize(
    ("setting", "ancestors", "old"),
    [
        ("none", "'none'", "DENY"),
        ("self", "'self'", "SAMEORIGIN"),
        ("https://a.example https://b.example", "https://a.example https://b.example", None),
    ],
)
def test_nobody_may_frame_the_pages_but_whom_the_host_names(
    setting: str, ancestors: str, old: str | None
) -> None:
    headers = create_app({"FRAME_ANCESTORS": setting}).test_client().get("/").headers
    assert headers[CSP].endswith(f"; frame-ancestors {ancestors}")
    assert headers.get("X-Frame-Options") == old


@pytest.mark.parametrize(
    ("proxies", "sent", "scheme"),
    [
        (0, {"X-Forwarded-Proto": "https"}, "http"),
        (1, {}, "http"),
        (1, {"X-Forwarded-Proto": "https"}, "https"),
        (1, {"X-Forwarded-Proto": "https, http"}, "http"),
        (1, {"X-Forwarded-Proto": "http, https"}, "https"),
        (1, {"X-Forwarded-Proto": "HTTPS"}, "https"),
        (1, {"X-Forwarded-Proto": "javascript"}, "http"),
        (1, {"X-Forwarded-Proto": "Fo\x01p\x17"}, "http"),
        (2, {"X-Forwarded-Proto": "https"}, "http"),
        (2, {"X-Forwarded-Proto": "https, http"}, "https"),
    ],
)
def test_so_many_proxies_are_believed_and_only_about_the_scheme(
    proxies: int, sent: dict[str, str], scheme: str
) -> None:
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "666",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-For": "6.6.6.6",
        "Forwarded": "host=evil.example;proto=https",
    }
    client = create_app({"PROXIES": proxies}).test_client()
    code = client.post("/", data=NO_COMPLAINTS).location.removeprefix("/r/")
    page = read(client.get(f"/r/{code}", headers=lies | sent))
    address = f"{scheme}://localhost/r/{code}"
    assert page.all(".share .link") == [address]
    assert "evil" not in page.response.text
    assert (HSTS in page.response.headers) is (scheme == "https")
    drawing = client.get(f"/r/{code}/qr.svg", headers=lies | sent).text
    assert drawing == qr_code.qr_svg(address)


def test_transport_security_is_for_a_year_and_this_host_alone(client: FlaskClient) -> None:
    assert client.get("/", base_url="https://localhost").headers[HSTS] == "max-age=31536000"


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("run.example.org", True),
        ("run.example.org:8443", True),
        ("a.club.example", True),
        ("club.example", True),
        ("evilclub.example", False),
        ("run.example.org.evil.example", False),
        ("127.0.0.1", False),
        ("localhost", False),
    ],
)
def test_only_the_names_that_the_host_trusts_are_answered(host: str, trusted: bool) -> None:
    site = create_app({"TRUSTED_HOSTS": "run.example.org,.club.example"})
    client = site.test_client()
    page = client.get("/", base_url=f"https://{host}")
    assert page.status_code == (200 if trusted else 400)
    assert ("This site does not have that name" in page.text) is not trusted
    well = client.get("/healthz", base_url=f"https://{host}")
    assert (well.status_code, well.text) == (200, "ok")
    assert client.get("/rules", base_url=f"https://{host}").status_code == page.status_code


def test_health_says_nothing_else(client: FlaskClient) -> None:
    for method, text in (("GET", "ok"), ("HEAD", "")):
        answer = client.open("/healthz", method=method)
        assert (answer.status_code, answer.text) == (200, text)
        assert answer.mimetype == "text/plain"
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.post("/healthz").status_code == 405
    strict = create_app({"TRUSTED_HOSTS": "a.example"}).test_client()
    assert strict.post("/healthz").status_code == 400


def test_a_cookie_changes_nothing_and_none_is_set(runner: RunnerClient) -> None:
    runner.client.set_cookie("session", "x")
    answer = runner.client.get("/")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
