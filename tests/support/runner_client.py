"""A test client that reads every page as HTML and checks what must hold of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NO_COMPLAINTS = {"any-warnings": "none", "bothers": "nothing", "training": "none"}
"""The answers of a runner whom nothing bothers."""


@dataclass
class Page:
    """A page as a runner gets it."""

    response: TestResponse
    soup: BeautifulSoup

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return words(self.soup.select_one("main"))

    @property
    def heading(self) -> str:
        return words(self.soup.h1)

    @property
    def code(self) -> str:
        """The results code in the page's own address."""
        return self.response.request.path.removeprefix("/r/")

    def all(self, selector: str) -> list[str]:
        return [words(tag) for tag in self.soup.select(selector)]

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Muscle group, and place and statements, of every finding, in order."""
        found = (
            [words(one.select_one(part)) for part in (".name", ".number", ".rank")]
            for one in self.soup.select(".finding")
        )
        return [(name, f"{number} {rank}") for name, number, rank in found]

    def finding(self, name: str) -> str:
        found = {words(one.select_one(".name")): words(one) for one in self.soup.select(".finding")}
        return found[name]

    def checked(self) -> set[tuple[str, str]]:
        inputs = self.soup.select("input[checked]:not([value=''])")
        return {(str(one["name"]), str(one["value"])) for one in inputs}


def words(tag: Tag | None) -> str:
    """The text of a part of a page, with single spaces."""
    assert tag is not None, "the page lacks this part"
    return " ".join(tag.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def read(response: TestResponse) -> Page:
    """A response as a page, after the checks that hold for every page."""
    text = response.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(text)
    soup = BeautifulSoup(text, "html.parser")
    heading, title = words(soup.h1), words(soup.title)
    assert len(soup.find_all("h1")) == 1
    in_english = soup.html is not None and str(soup.html["lang"]).startswith("en")
    assert not in_english or title.removeprefix("Error: ").startswith((heading, "Result of "))
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    for link in soup.select('a[href^="#"]'):
        assert str(link["href"])[1:] in ids
    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert not soup.select("script:not([src]), style, [style], [href^='javascript:' i]")
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    return Page(response, soup)


class RunnerClient:
    """Somebody with a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> Page:
        return read(self.client.get(address, follow_redirects=True))

    def send(self, answers: Mapping[str, str | list[str]]) -> Page:
        """Post exactly these answers; several to one question stand in a list."""
        return read(self.client.post("/", data=answers, follow_redirects=True))

    def answer(self, **answers: str) -> Page:
        """Fill in the form; what is not given is None of these, Nothing and No."""
        opened = {"any-warnings": "some"} if answers.get("warnings") else {}
        filled = {name: value.split() for name, value in (NO_COMPLAINTS | opened | answers).items()}
        page = self.send(filled)
        assert page.status == 200, page.text
        return page
