"""An address with a slash at its end, or in capitals, leads on to the page that it means."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.support.runner_client import NO_COMPLAINTS, read

PAGES = [
    "/rules",
    "/research",
    "/about",
    "/coach",
    "/poster",
    "/muscles",
    "/muscles/glutes",
    "/squad",
    "/healthz",
]


@pytest.fixture
def code(client: FlaskClient) -> str:
    return str(client.post("/", data=NO_COMPLAINTS).location).removeprefix("/r/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["", "?from=City+Runners&training=a%26b&training=%FF&x"])
def test_a_page_is_found_with_a_slash_and_in_capitals(
    client: FlaskClient, page: str, query: str
) -> None:
    first, *rest = page.strip("/").split("/")
    for spelt in (f"{page}/", f"{page}//", "/".join(["", first.upper(), *rest])):
        answered = client.get(spelt + query)
        assert (answered.status_code, answered.location) == (308, page + query)


@pytest.mark.parametrize("rest", ["", "/change", "/qr.svg", "/with/{code}"])
def test_a_result_is_found_with_a_slash_and_in_capitals(
    client: FlaskClient, code: str, rest: str
) -> None:
    page = f"/r/{code}{rest.format(code=code)}"
    for spelt in (f"{page}/", page.replace("/r/", "/R/"), page.replace("/r/", "/R/") + "/"):
        answered = client.get(f"{spelt}?from=City+Runners")
        assert (answered.status_code, answered.location) == (308, f"{page}?from=City+Runners")
        assert answered.headers["Cache-Control"] == "no-store"


def test_the_whole_address_of_a_qr_code_in_capitals_opens_the_result(
    client: FlaskClient, code: str
) -> None:
    page = read(client.get(f"/R/{code.lower()}/?from=City", follow_redirects=True))
    assert (page.status, page.code) == (200, code)
    assert page.all(".shared bdi") == ["City"]


def test_what_was_sent_is_sent_again(client: FlaskClient) -> None:
    answered = client.post("/coach/", data={"from": "City Runners"})
    assert (answered.status_code, answered.location) == (308, "/coach")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/Nowhere", "/NOWHERE/", "/r/ABC/nowhere/", "//evil.example/", "/r/A//B/"]
)
def test_what_is_unknown_stays_so(client: FlaskClient, path: str) -> None:
    answered = client.get("/", environ_overrides={"PATH_INFO": path})
    assert answered.status_code == 404
    assert answered.location is None


@pytest.mark.parametrize("path", ["//coach/", "//R/ABC", "///coach//"])
def test_no_address_leads_to_another_host(client: FlaskClient, path: str) -> None:
    answered = client.get("/", environ_overrides={"PATH_INFO": path})
    assert answered.status_code == 308
    assert answered.location in ("/coach", "/r/ABC")


def test_raw_letters_in_a_query_are_kept(client: FlaskClient) -> None:
    sent = "from=Läufer".encode().decode("latin-1")  # as a server hands them to an application
    answered = client.get("/", environ_overrides={"PATH_INFO": "/coach/", "QUERY_STRING": sent})
    assert answered.location == "/coach?from=L%C3%A4ufer"


def test_a_wrong_code_with_a_slash_is_told_to_be_wrong(client: FlaskClient) -> None:
    page = read(client.get("/R/ABC/", follow_redirects=True))
    assert page.status == 404
    assert page.heading == "We cannot open that result"


def test_below_a_root_it_leads_to_the_page_below_it() -> None:
    answered = create_app().test_client().get("/coach/", base_url="http://localhost/club")
    assert answered.location == "/club/coach"


@pytest.mark.parametrize("path", ["/muscles/..%2F..%2Fx%0d%0aSet-Cookie:a/", "/r/%0d%0aA:b/"])
def test_no_address_breaks_out_of_its_header(client: FlaskClient, path: str) -> None:
    answered = client.get(path)
    assert "Set-Cookie" not in answered.headers
    assert "A" not in answered.headers
    assert "\n" not in (answered.location or "")
