"""In a made-up language no page has a word of the original, in either direction."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from questionnaire.rulebook.model import Rulebook
from tests.support.example_answers import RESULTS
from tests.support.pseudo_locale import LEFT_TO_RIGHT, RIGHT_TO_LEFT, pseudo_site, reader_of
from tests.support.runner_client import Page, RunnerClient, read
from tests.web.test_words import PATHS

SPOKEN = [
    *("aria-label", "alt", "title", "content", "data-group", "data-copied", "data-not-copied"),
    *("data-not-shared", "data-too-large", "data-label"),
]
"""The attributes with words that somebody sees or hears."""

NO_WORDS = re.compile(r"https?://\S+|\b[0-9a-f]{8}\b|City Runners|www\.example\.org|localhost")
WORD = re.compile("[A-Za-z]*[a-z]{3}[A-Za-z]*")


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory, site_rules: str) -> Flask:
    folder = tmp_path_factory.mktemp("pseudo")
    return pseudo_site(folder, site_rules, LEFT_TO_RIGHT, RIGHT_TO_LEFT, OPERATOR="Ä")


def pages(reader: RunnerClient) -> Iterator[tuple[str, Page]]:
    """Every page that somebody with this browser can see."""
    book: Rulebook = reader.client.application.extensions["rulebook"]
    for name, path in PATHS.items():
        yield name, reader.get(path)
    for group in book.muscle_groups:
        yield group.id, reader.get(f"/muscles/{group.id}")
    yield "errors", reader.send({})
    yield "strange field", reader.send({"ä": "1"})
    results = {name: reader.answer(**answers) for name, answers in RESULTS.items()}
    yield from results.items()
    codes = [page.code for page in results.values()]
    for code in codes[1:4]:
        yield "comparison", reader.get(f"/r/{codes[0]}/with/{code}")
    yield "change", reader.get(f"/r/{codes[0]}/change")
    yield from squads(reader, codes)


def squads(reader: RunnerClient, codes: list[str]) -> Iterator[tuple[str, Page]]:
    pasted = "\n".join(f"Ä{n} /r/{code}" for n, code in enumerate(codes))
    pasted += f"\nÄ0: /r/{codes[1]}\n/r/{codes[0]}X\n\n/r/{codes[0]}"
    for view in ("table", "sheets", "none"):
        sent = {"text": pasted, "view": view, "roll": "Ä99"}
        yield view, read(reader.client.post("/squad", data=sent))
    for text in ("", "Ä", "/r/ABC", "Ä " * 100_001):
        yield f"squad {text[:6]}", read(reader.client.post("/squad", data={"text": text}))


def untranslated(page: Page, book: Rulebook) -> list[str]:
    """The words of a page that are plain, without names and what has a language of its own."""
    soup = BeautifulSoup(str(page.soup), "html.parser")
    main = str(soup.html and soup.html["lang"])
    for tag in soup.select(f"script, textarea, [lang]:not([lang='{main}']), .link, .to-post, code"):
        tag.decompose()
    for name in ("[name=viewport]", "[name=color-scheme]", "[property='og:type']"):
        for tag in soup.select(f"meta{name}"):
            tag.decompose()
    texts = [*soup.stripped_strings]
    texts += [str(tag[name]) for name in SPOKEN for tag in soup.select(f"[{name}]")]
    text = "\n".join(" ".join(one.split()) for one in texts)
    studies = [study.name for row in book.research for study in row.studies]
    for name in (book.article.title, book.article.site, *studies):
        text = text.replace(name, "")
    return WORD.findall(NO_WORDS.sub("", text))


def test_no_page_has_a_word_of_the_original(pseudo: Flask) -> None:
    found = {}
    for name, page in pages(reader_of(pseudo, LEFT_TO_RIGHT)):
        assert page.soup.select(f"html[lang={LEFT_TO_RIGHT}][dir=ltr]")
        if left := untranslated(page, pseudo.extensions["rulebook"]):
            found[name] = left
    assert found == {}


def test_a_page_can_be_written_from_the_right(pseudo: Flask) -> None:
    reader = reader_of(pseudo, RIGHT_TO_LEFT)
    for page in (reader.get("/"), reader.answer(bothers="knee"), reader.answer(warnings="joint")):
        assert page.soup.select(f"html[lang={RIGHT_TO_LEFT}][dir=rtl]")
        assert untranslated(page, pseudo.extensions["rulebook"]) == []


def test_the_cells_of_a_squad_are_translated_and_read_again(pseudo: Flask) -> None:
    reader = reader_of(pseudo, LEFT_TO_RIGHT)
    codes = [reader.answer(**RESULTS[name]).code for name in ("typical", "stop")]
    sent = {"text": f"Ä /r/{codes[0]}\n\n/r/{codes[1]}", "view": "csv"}
    file = reader.client.post("/squad", data=sent).text
    heads, keys, *rows = file.splitlines()
    assert WORD.findall(heads) == []
    assert keys.startswith('"name","earlier","code","link"')
    assert len(rows) == 2
    again = reader_of(pseudo, "en").client.post("/squad", data={"text": file, "view": "csv"}).text
    assert [row.split(",")[2] for row in again.splitlines()[2:]] == [
        row.split(",")[2] for row in rows
    ]
