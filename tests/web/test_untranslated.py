"""In a made-up language no page has a word of the original, in either direction."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from questionnaire.rulebook.model import Rulebook
from tests.conftest import ROOT
from tests.support.example_answers import RESULTS
from tests.support.pseudo_locale import LEFT_TO_RIGHT, RIGHT_TO_LEFT, pseudo_site
from tests.support.runner_client import Page, read
from tests.web.test_words import PATHS

SPOKEN = ("aria-label", "alt", "title", "placeholder", "content", "label")
DATA = ("data-group", "data-copied", "data-not-copied", "data-not-shared", "data-too-large")
WORD = re.compile("[A-Za-z]*[a-z]{3}[A-Za-z]*")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    rules = (ROOT / "rules.yaml").read_text("utf-8")
    folder = tmp_path_factory.mktemp("pseudo")
    return pseudo_site(folder, rules, LEFT_TO_RIGHT, RIGHT_TO_LEFT, OPERATOR="Ä")


def pages(client: FlaskClient, tag: str) -> Iterator[tuple[str, Page]]:
    """Every page, in a language."""
    book: Rulebook = client.application.extensions["rulebook"]

    def get(path: str) -> Page:
        return read(client.get(path, headers={"Accept-Language": tag}, follow_redirects=True))

    def post(path: str, **data: object) -> Page:
        headers = {"Accept-Language": tag}
        return read(client.post(path, data=data, headers=headers, follow_redirects=True))

    for name, path in PATHS.items():
        yield name, get(path)
    for group in book.muscle_groups:
        yield group.id, get(f"/muscles/{group.id}")
    yield "errors", post("/")
    yield "strange field", post("/", ä="1")
    results = [post("/", **answers) for answers in RESULTS.values()]
    yield from zip(RESULTS, results, strict=True)
    codes = [page.code for page in results]
    yield "comparison", get(f"/r/{codes[0]}/with/{codes[1]}")
    yield "change", get(f"/r/{codes[0]}/change")
    pasted = "\n".join(f"Ä{n} /r/{code}" for n, code in enumerate(codes))
    pasted += f"\n/r/{codes[0]}X\n\n/r/{codes[0]}"
    for view in ("table", "sheets", "csv", "none"):
        if view != "csv":
            yield view, post("/squad", text=pasted, view=view, roll="Ä99")
    yield "no result", post("/squad", text="")


def untranslated(page: Page, book: Rulebook) -> list[str]:
    """The words of a page that are plain, without names, addresses and what has its own language."""
    soup = BeautifulSoup(str(page.soup), "html.parser")
    main = str(soup.html and soup.html["lang"])
    for tag in soup.select(f"script, textarea, [lang]:not([lang='{main}']), .link, .to-post, code"):
        if tag.name != "html":
            tag.decompose()
    names = [one["content"] for one in soup.select("meta[name=viewport], meta[name=color-scheme]")]
    names += ["website", book.article.title, book.article.site, "MB", "KB"]
    names += [study.name for row in book.research for study in row.studies]
    texts = [
        *soup.stripped_strings,
        *(str(tag[a]) for a in (*SPOKEN, *DATA) for tag in soup.select(f"[{a}]")),
    ]
    text = "\n".join(" ".join(one.split()) for one in texts)
    for name in names:
        text = text.replace(name, "")
    return WORD.findall(
        re.sub(r"https?://\S+|\b[0-9a-f]{8}\b|City Runners|www\.example\.org|localhost", "", text)
    )


@pytest.mark.parametrize("tag", [LEFT_TO_RIGHT, RIGHT_TO_LEFT])
def test_no_page_has_a_word_of_the_original(site: Flask, tag: str) -> None:
    book = site.extensions["rulebook"]
    found = {}
    for name, page in pages(site.test_client(), tag):
        assert page.soup.html is not None
        assert page.soup.html["lang"] == tag
        assert page.soup.html["dir"] == ("rtl" if tag == RIGHT_TO_LEFT else "ltr")
        if left := untranslated(page, book):
            found[name] = left
    assert found == {}
