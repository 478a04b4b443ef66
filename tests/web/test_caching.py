"""What is the same for everyone is made once; what is one runner's own is made for that runner."""

from __future__ import annotations

import gc
import gzip
import tracemalloc
from itertools import product
from pathlib import Path, PurePath
from unittest.mock import Mock

import brotli
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app import create_app
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.web import caching, set_rulebook
from tests.support.browser import result_path

CONSTANT = (
    *("/", "/r", "/rules", "/research", "/about"),
    *("/coach", "/muscles", "/muscles/glutes", "/squad"),
)
OPEN = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture(autouse=True)
def _nothing_made_yet() -> None:
    caching._render.cache_clear()


@pytest.mark.parametrize("path", CONSTANT)
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity;q=0", None),
        ("*", "br"),
        ("", None),
        ("gzip;q=high", None),
    ],
)
def test_a_page_comes_in_a_coding_that_is_accepted(
    client: FlaskClient, path: str, accepted: str, coding: str | None
) -> None:
    plain = client.get(path)
    got = client.get(path, headers={"Accept-Encoding": accepted})
    assert got.headers.get("Content-Encoding") == coding
    assert OPEN[coding](got.data) == plain.data
    assert "Accept-Encoding" in got.headers["Vary"]
    assert got.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_who_has_a_page_is_not_sent_it_again(client: FlaskClient, accepted: str) -> None:
    first = client.get("/", headers={"Accept-Encoding": accepted})
    tag = first.headers["ETag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/", headers={"Accept-Encoding": accepted, "If-None-Match": held})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    for held in ('"other"', tag[:-2] + '"', "?"):
        asked = {"Accept-Encoding": accepted, "If-None-Match": held}
        assert client.get("/", headers=asked).data == first.data


def test_each_coding_has_a_tag_of_its_own(client: FlaskClient) -> None:
    tags = {client.get("/", headers={"Accept-Encoding": a}).headers["ETag"] for a in ("br", "gzip")}
    assert len(tags | {client.get("/").headers["ETag"]}) == 3


def test_head_tells_what_get_would(client: FlaskClient) -> None:
    head, get = client.head("/"), client.get("/")
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_another_rulebook_has_another_page(
    client: FlaskClient, site_rules: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(site_rules.replace('title: "', 'title: "Other ', 1), "utf-8")
    other = create_app({"RULES": str(path)}).test_client()
    assert other.get("/").headers["ETag"] != client.get("/").headers["ETag"]
    assert "Other " in other.get("/").text
    assert "Other " not in client.get("/").text


def test_a_page_below_a_root_has_links_below_it(client: FlaskClient) -> None:
    assert 'action="/"' in client.get("/").text
    assert 'action="/club/"' in client.get("/", base_url="http://localhost/club").text


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/?from=City", "no-cache"),  # Back keeps the ticks of a form, if a browser may
        ("/?training=distance", "no-cache"),
        ("/?x", "no-cache"),
        ("/coach?from=City", "no-store"),
        ("/muscles?from=City", "no-store"),
    ],
)
def test_a_page_with_a_query_is_nobody_elses(client: FlaskClient, path: str, cache: str) -> None:
    got = client.get(path)
    assert got.headers["Cache-Control"] == cache
    assert "ETag" not in got.headers
    assert "City" not in client.get(path.partition("?")[0]).text


def test_what_shows_answers_is_kept_by_nobody(client: FlaskClient) -> None:
    path = result_path(bothers="knee")
    for shown in (path, f"{path}/change", f"{path}/qr.svg"):
        got = client.get(shown, headers={"Accept-Encoding": "br, gzip"})
        assert got.headers["Cache-Control"] == "no-store"
        assert "ETag" not in got.headers


def addresses(page: str, selector: str) -> set[str]:
    """The addresses on this site, without a query, that these elements of a page lead to."""
    tags = BeautifulSoup(page, "html.parser").select(selector)
    found = [str(tag.get("href") or tag["src"]).partition("#")[0] for tag in tags]
    return {one for one in found if one.startswith("/") and "?" not in one}


def linked_texts(client: FlaskClient) -> set[str]:
    """The addresses of all pages and other texts to which links lead from the form."""
    left, seen, texts = ["/"], {"/"}, set()
    while left:
        response = client.get(path := left.pop(), follow_redirects=True)
        assert response.status_code == 200, path
        if response.content_type.startswith(("text/", "image/svg")):
            texts.add(response.request.path)
        if response.mimetype == "text/html":
            new = addresses(response.text, "[href], [src]") - seen
            seen |= new
            left += new
    return texts


def test_whatever_links_lead_to_is_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app().test_client()
    compress = {"br": Mock(wraps=brotli.compress), "gzip": Mock(wraps=gzip.compress)}
    monkeypatch.setattr(brotli, "compress", compress["br"])
    monkeypatch.setattr(gzip, "compress", compress["gzip"])
    paths = linked_texts(client)
    assert len(paths) > len(CONSTANT)
    for path, coding in product(sorted(paths), compress):
        asked = {"Accept-Encoding": coding}
        first = client.get(path, headers=asked)
        assert first.headers.get("Content-Encoding") == coding, path
        calls = compress[coding].call_count
        assert calls > 0
        assert client.get(path, headers=asked).data == first.data, path
        has_it = asked | {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=has_it).status_code == 304, path
        assert compress[coding].call_count == calls, f"{path} is compressed for each request"


@pytest.mark.parametrize(("coding", "limit"), [("br", 16_000), ("gzip", 18_000)])
def test_a_first_visit_of_the_form_is_light(client: FlaskClient, coding: str, limit: int) -> None:
    loaded = "link[rel=stylesheet], link[rel=icon], script[src], img[src]"
    paths = {"/"} | addresses(client.get("/").text, loaded)
    assert len(paths) == 4
    asked = {"Accept-Encoding": coding}
    assert sum(len(client.get(path, headers=asked).data) for path in paths) < limit


@pytest.mark.parametrize("header", ["If-None-Match", "Accept-Encoding"])
def test_a_long_header_fills_no_memory(client: FlaskClient, header: str) -> None:
    """Each of the last headers would be kept, with all that was read from it."""
    client.get("/")
    tracemalloc.start()
    for n in range(20):
        sent = ", ".join(f'"{n}-{m}"' for m in range(10_000))
        assert client.get("/", headers={header: sent}).status_code == 200
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000


def test_a_personal_page_is_left_to_the_proxy_to_compress(client: FlaskClient) -> None:
    path, stop = result_path(bothers="knee"), result_path(warnings="chest-now")
    for shown in ("/?x", path, f"{path}/change", stop, "/poster"):
        page = client.get(shown, headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in page.headers
        assert page.data.startswith(b"<!doctype html>")


@pytest.mark.parametrize("path", CONSTANT)
def test_a_cached_page_shows_nothing_of_the_request_that_made_it(path: str) -> None:
    """Whoever asks first must not leave a club, a host or a query to all who follow."""
    plain = create_app().test_client().get(path).data
    fresh = create_app().test_client()
    fresh.get(f"{result_path(bothers='knee')}?from=Zebra", base_url="http://zebra.example")
    fresh.get(f"{path}?from=Zebra&training=distance", base_url="http://zebra.example")
    assert fresh.get(path, base_url="http://zebra.example").data == plain
    assert fresh.get(path).data == plain


def test_nothing_of_one_page_is_on_the_next(client: FlaskClient) -> None:
    path = result_path(bothers="knee")
    plain = [client.get(one).text for one in ("/?x", path, f"{path}/change")]
    named = [client.get(f"{one}?from=City", base_url="http://club.example") for one in ("/", path)]
    assert all("City" in page.text for page in named)
    sent = client.post("/", data={"bothers": ["knee", "nothing"], "marked": "“1”"})
    assert "marked" in sent.text
    assert [client.get(one).text for one in ("/?x", path, f"{path}/change")] == plain
    assert "club.example" not in plain[1]
    assert "localhost" in plain[1]


def test_another_rulebook_shows_in_macros_too(site_rules: str, tmp_path: Path) -> None:
    """Jinja keeps the globals of an imported macro's first render."""
    app, asked = create_app(), "Nothing has bothered me"
    path = result_path()
    for words in (asked, "Nothing hurt", "Nothing ached"):
        (tmp_path / "other.yaml").write_text(site_rules.replace(asked, words), "utf-8")
        set_rulebook(app, load_rulebook(tmp_path / "other.yaml"))
        for shown in (path, f"{path}/change"):
            assert words in app.test_client().get(shown).text


def test_a_file_has_its_type_whatever_the_system_says(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry of some Windows says that a script is text, and no browser runs it then."""
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: ("text/plain", None))
    caching._cached_file.cache_clear()
    paths = [f"/static/{name}" for name in caching._CONTENTS]
    assert {PurePath(path).suffix: client.get(path).content_type for path in paths} == {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml; charset=utf-8",
        ".png": "image/png",
    }
