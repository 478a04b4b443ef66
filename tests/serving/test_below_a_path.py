"""The site works below a path, whether a proxy passes the path on or takes it away."""

from __future__ import annotations

import io
import re
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from app import create_app
from questionnaire.serving.settings import SettingsError
from tests.support.runner_client import NO_COMPLAINTS

ROOT = "/selfcheck"
SITE = f"https://club.example{ROOT}"


@pytest.fixture(scope="module")
def below() -> FlaskClient:
    return create_app({"PUBLIC_URL": f"{SITE}/"}).test_client()


def crawl(client: Client, start: str) -> set[str]:
    """Open all that a page leads to, and return the addresses; each must start like the first."""
    ways, seen = {start}, set[str]()
    while ways:
        seen |= ways
        got = [client.get(way) for way in sorted(ways)]
        assert {response.status_code for response in got} == {200}
        texts = [response.text for response in got if response.mimetype == "text/html"]
        links = {
            link
            for text in texts
            for link in re.findall('(?:href|src|action)="(/[^"#]*)', text)
            if not link.endswith("/with")
        }
        assert all(link.startswith(f"{ROOT}/") for link in links), links
        ways = {link.replace("&amp;", "&") for link in links} - seen
    return seen


def test_every_link_file_and_form_is_below_the_path(below: FlaskClient) -> None:
    result = below.post(f"{ROOT}/", data=NO_COMPLAINTS).location
    assert result.startswith(f"{ROOT}/r/")
    seen = crawl(below, f"{ROOT}/") | crawl(below, result)
    assert len(seen) > 15


def test_addresses_that_leave_the_screen_have_the_path_once(below: FlaskClient) -> None:
    code = below.post(f"{ROOT}/", data=NO_COMPLAINTS).location
    addresses = {f"{SITE}/?from=Club", f"{SITE}/research", f"{SITE}/", f"{SITE}{code[len(ROOT) :]}"}
    pages = "".join(
        below.get(ROOT + path).text
        for path in (
            "/",
            "/coach?from=Club",
            "/poster?from=Club",
            code[len(ROOT) :],
            "/muscles/quads",
        )
    )
    shown = set(re.findall(r"https://club\.example[^\s\"<]*", pages))
    assert {urlsplit(address).path[: len(ROOT) + 1] for address in shown} == {f"{ROOT}/"}
    assert f"{ROOT}{ROOT}" not in pages
    assert addresses <= {address.removesuffix(".") for address in shown}
    picture = Image.open(io.BytesIO(below.get(f"{ROOT}/coach/qr.png?from=Club").data))
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == f"{SITE}/?from=Club"


@pytest.mark.parametrize("path", ["/", "/rules", "/healthz", "/r/ABC", "/nowhere", "/RULES"])
def test_a_proxy_may_take_the_path_away(below: FlaskClient, path: str) -> None:
    with_it, without = below.get(ROOT + path), below.get(path)
    assert with_it.status_code == without.status_code
    assert with_it.location == without.location
    assert not without.location or without.location.startswith(f"{ROOT}/")
    assert with_it.headers.get("ETag") == without.headers.get("ETag")


def test_the_path_needs_no_slash_and_is_a_whole_word(below: FlaskClient) -> None:
    assert below.get(ROOT).data == below.get(f"{ROOT}/").data
    assert below.get(f"{ROOT}rules").status_code == 404
    assert below.get(f"/x{ROOT}/").status_code == 404


def test_another_server_may_mount_it() -> None:
    site = create_app()
    client = Client(DispatcherMiddleware(lambda *_: [], {ROOT: site.wsgi_app}))
    seen = crawl(client, f"{ROOT}/")
    assert len(seen) > 15
    assert f"http://localhost{ROOT}/?from=Club" in client.get(f"{ROOT}/coach?from=Club").text


@pytest.mark.parametrize("path", ["/a b", "/a?b", "/a#b", "//", "/a//b", "/..", "/a/../b", "/ä"])
def test_a_path_that_no_link_can_have_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        create_app({"PUBLIC_URL": f"https://club.example{path}"})


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])  # noqa: S104
def test_an_address_that_no_phone_can_open_is_in_no_link(host: str) -> None:
    client = create_app().test_client()
    for path in ("/coach?from=Club", "/poster?from=Club"):
        page = client.get(path, base_url=f"http://{host}:8000").text
        assert f"//{host}" not in page
        assert "127.0.0.1:8000/?from=Club" in page
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        create_app({"PUBLIC_URL": f"http://{host}:8000"})
