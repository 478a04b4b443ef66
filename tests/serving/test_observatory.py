"""Mozilla's HTTP Observatory would give every page its best grade: its checks and its points.

They are those of @mdn/mdn-http-observatory 1.4.8, whose own verdict scan.md has. What it asks of
plain HTTP is nginx's to do, and tested in tests/deploy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from app import create_app
from tests.support.runner_client import NO_COMPLAINTS, RunnerClient

BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PLAIN = re.compile("http:|ftp:")
HALF_A_YEAR = 15_552_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
BEST = 130
ORIGIN = "https://elsewhere.example"


def policy(headers: Headers) -> dict[str, set[str]]:
    parts = [part.split() for part in headers.get("Content-Security-Policy", "").split(";")]
    names = [part[0] for part in parts if part]
    assert len(names) == len(set(names))
    return {part[0]: set(part[1:]) or {"'none'"} for part in parts if part}


def content_security_policy(response: TestResponse) -> int:
    sources = policy(response.headers)
    if not sources:
        return -25
    script, style, objects = (
        sources.get(name, sources.get("default-src", {"*"}))
        for name in ("script-src", "style-src", "object-src")
    )
    plain = {name for name, all_of in sources.items() if any(map(PLAIN.match, all_of))}
    if script & (BROAD | INLINE) or objects & BROAD or plain - {"img-src", "media-src"}:
        return -20
    if "'unsafe-eval'" in script | style or plain:
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if sources.get("default-src") == {"'none'"} else 5


def cookies(response: TestResponse) -> int:
    return -40 if "Set-Cookie" in response.headers else 0  # the least that any cookie could cost


def cross_origin_resource_sharing(response: TestResponse) -> int:
    allowed = response.headers.get("Access-Control-Allow-Origin") == ORIGIN
    return -50 if allowed and "Access-Control-Allow-Credentials" in response.headers else 0


def referrer_policy(response: TestResponse) -> int:
    return 5 if response.headers.get("Referrer-Policy") in PRIVATE else -5


def strict_transport_security(response: TestResponse) -> int:
    said = response.headers.get("Strict-Transport-Security", "")
    parts = dict(part.strip().partition("=")[::2] for part in said.split(";"))
    if not parts.get("max-age", "").isdecimal():
        return -20
    return 0 if int(parts["max-age"]) >= HALF_A_YEAR else -10


def subresource_integrity(response: TestResponse) -> int:
    scripts = BeautifulSoup(response.text, "html.parser").select("script[src]")
    elsewhere = [one for one in scripts if urlsplit(str(one["src"])).netloc]
    return -50 if any(not one.get("integrity") for one in elsewhere) else 0


def content_type_options(response: TestResponse) -> int:
    return 0 if response.headers.get("X-Content-Type-Options") == "nosniff" else -5


def frame_options(response: TestResponse) -> int:
    if "frame-ancestors" in policy(response.headers):
        return 5
    return 0 if response.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def cross_origin_resource_policy(response: TestResponse) -> int:
    said = response.headers.get("Cross-Origin-Resource-Policy", "cross-origin")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0}.get(said, -5)


CHECKS: list[Callable[[TestResponse], int]] = [
    content_security_policy,
    cookies,
    cross_origin_resource_sharing,
    referrer_policy,
    strict_transport_security,
    subresource_integrity,
    content_type_options,
    frame_options,
    cross_origin_resource_policy,
]


def score(response: TestResponse) -> int:
    """The points: those above 100 count only if all that is bad takes away no more than 10."""
    points = [check(response) for check in CHECKS]
    bad = sum(one for one in points if one < 0)
    return 100 + (sum(points) if bad >= -10 else bad)


@pytest.fixture(scope="module")
def over_tls() -> RunnerClient:
    runner = RunnerClient(create_app({"PROXIES": "1"}).test_client())
    runner.client.environ_base |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_ORIGIN": ORIGIN}
    return runner


def test_every_page_gets_the_best_grade(over_tls: RunnerClient) -> None:
    code = over_tls.answer(bothers="knee").code
    stop = over_tls.answer(warnings="chest-now").code
    pages = ["/", "/?from=City", "/r/", "/rules", "/about", "/muscles", "/coach?from=City"]
    pages += ["/poster", "/squad", f"/r/{code}", f"/r/{stop}", f"/r/{code}/change"]
    pages += [f"/r/{code}/with/{stop}", f"/r/{code}?from=City"]
    pages += ["/nowhere", "/r/ABC", "/r/a/b/c"]
    for page in pages:
        assert score(over_tls.client.get(page)) == BEST, page
    assert score(over_tls.client.post("/", data={})) == BEST
    assert score(over_tls.client.post("/", data=NO_COMPLAINTS)) == BEST
    assert score(over_tls.client.post("/squad", data={"text": code})) == BEST
    assert score(over_tls.client.put("/")) == BEST
    assert score(over_tls.client.options("/")) == BEST


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("Content-Security-Policy", None, 75),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'", 80),
        ("Content-Security-Policy", "default-src 'none'; style-src data:", 115),
        ("Content-Security-Policy", "default-src 'none'; img-src http://a.example", 105),
        ("Content-Security-Policy", "default-src 'none'; form-action http://a.example", 80),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'", 125),
        ("Set-Cookie", "a=b", 60),
        ("Access-Control-Allow-Origin", ORIGIN, 130),
        ("Referrer-Policy", "unsafe-url", 120),
        ("Strict-Transport-Security", None, 80),
        ("Strict-Transport-Security", "max-age=3600", 120),
        ("X-Content-Type-Options", None, 125),
        ("Cross-Origin-Resource-Policy", "cross-origin", 120),
    ],
)
def test_a_weaker_header_costs_what_mozilla_says(
    over_tls: RunnerClient, name: str, value: str | None, points: int
) -> None:
    response = over_tls.client.get("/")
    del response.headers[name]
    if value:
        response.headers[name] = value
    assert score(response) == points
